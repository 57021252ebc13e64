package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// The legacy call.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-LEG-1/second-argument",
		Needs: cleanupNeeds,
		Story: "A form is registered by the old call, with the process as second argument: it runs for that process, between forms at -1 and 1.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("at 1", 1)
			child.marks("at -2", -2)
			child.marks("at -1", -1)
			c.EnsureProcessCleanup(c.Logger(child.log, "form"), child.Process)
			c.ranInOrder(child.over(), "form", "at -2", "at -1", "form", "at 1")
		},
	},
	{
		ID:    "CLEAN-LEG-1/duplicate-by-keywords",
		Needs: cleanupNeeds,
		Story: "A form registered by the old call is ensured again by keywords, with :priority 0: nil is returned, and the form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			c.EnsureProcessCleanup(form, child.Process)
			again := c.EnsureProcessCleanup(form, key.Priority(0), of(child.Process))
			c.Expect(again).For("CLEAN-DUP-3").To(BeNil(), "a registration that changes nothing returns nil")
			c.expectOne(child.over(), "CLEAN-LEG-1")
		},
	},
	{
		ID:    "CLEAN-LEG-3/mixture",
		Needs: cleanupNeeds,
		Story: "The old call with a keyword beside it: what comes of it is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("first", 1)
			child.marks("last", 4)
			r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "mixed"), child.Process, key.Priority(3))
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", "first", "last")
			switch {
			case r.Status == spec.Signalled:
				c.Observe("CLEAN-LEG-3", "mixture-error")
			case spec.Equal(log, list("first", "mixed", "last")):
				c.Observe("CLEAN-LEG-3", "mixture-keywords-honoured")
			case spec.Equal(log, list("mixed", "first", "last")):
				c.Observe("CLEAN-LEG-3", "mixture-keywords-ignored")
			default:
				c.Observe("CLEAN-LEG-3", spec.Other)
			}
		},
	},
	{
		ID:    "CLEAN-LEG-3/nil",
		Needs: cleanupNeeds,
		Story: "The old call with nil as the process: what comes of it is recorded.",
		Run: func(c *C) {
			refused := c.Cell(nil)
			child := c.lifeOf("child", func(p *P, l *life) {
				r := p.Try().EnsureProcessCleanup(p.Logger(l.log, "form"), nil)
				p.CellSet(refused, r.Status == spec.Signalled)
			}, nil)
			log := child.over()
			switch {
			case spec.Truth(c.CellGet(refused).Primary()):
				c.Observe("CLEAN-LEG-3", "nil-process-error")
			case times(log, "form") > 0:
				c.Observe("CLEAN-LEG-3", "nil-means-current-process")
			default:
				c.Observe("CLEAN-LEG-3", spec.Other)
			}
		},
	},
})
