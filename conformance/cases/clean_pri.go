package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Priorities.
var _ = chapter([]Case{
	{
		ID:      "CLEAN-PRI-1/whole-range",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanupNeeds,
		Story:   "Forms of the priorities -1000000, -1, 0, 699999, 700000, 900000 and 1000000 are accepted and run in that order.",
		Run: func(c *C) {
			priorities := []any{-1000000, -1, 0, 699999, 700000, 900000, 1000000}
			child := c.life("child")
			for _, at := range Shuffled(c, append([]any{}, priorities...)...) {
				child.marks(at, at.(int))
			}
			c.Open(child.Gated)
			// A sentinel would not be the last: the seven entries themselves are awaited.
			c.Until("CLEAN-RUN-1", "the forms begin to run", func() bool { return len(entries(c.LogRead(child.log).Primary())) > 0 })
			c.Until("CLEAN-PRI-1", "each of the seven forms runs", func() bool {
				return len(entries(c.LogRead(child.log).Primary())) >= len(priorities)
			})
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(sorted(log)).To(BeEqual(sorted(list(priorities...))), "each form runs once, whatever its priority")
			c.Expect(log).For("CLEAN-ORDER-1").To(BeEqual(list(priorities...)), "forms run in ascending priority")
		},
	},
	{
		ID:    "CLEAN-PRI-2/out-of-range",
		Needs: cleanupNeeds,
		Story: "A form is registered with the priority 1000001: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, 1000001, "out-of-range") },
	},
	{
		ID:    "CLEAN-PRI-2/ratio",
		Needs: cleanupNeeds,
		Story: "A form is registered with the priority 1/2: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, spec.NewRatio(1, 2), "non-integer") },
	},
	{
		ID:    "CLEAN-PRI-2/keyword",
		Needs: cleanupNeeds,
		Story: "A form is registered with a keyword as priority: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, spec.Keyword("high"), "non-integer") },
	},
	{
		ID:    "CLEAN-PRI-3/between",
		Needs: cleanupNeeds,
		Story: "A form registered without :priority runs after one at -1 and before one at 1.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				p.EnsureProcessCleanup(p.Logger(l.log, "at 1"), key.Priority(1))
				p.EnsureProcessCleanup(p.Logger(l.log, "default"))
				p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Logger(l.log, "at -2"), key.Priority(-2))
				p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Logger(l.log, "at -1"), key.Priority(-1))
				p.EnsureProcessCleanup(p.Logger(l.log, "at 2"), key.Priority(2))
			}, nil)
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-1").To(containing("default", 1), "the form registered without :priority runs")
			c.ranInOrder(log, "default", "at -2", "at -1", "default", "at 1", "at 2")
		},
	},
	{
		ID:      "CLEAN-PRI-3/same-as-zero",
		Clauses: []string{"CLEAN-DUP-3"},
		Needs:   cleanupNeeds,
		Story:   "A form is registered without :priority and again with :priority 0: the second call returns nil, and the form runs once.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				form := p.Logger(l.log, "form")
				p.EnsureProcessCleanup(form)
				again := p.Try().EnsureProcessCleanup(form, key.Priority(0))
				p.Expect(again).NotTo(SignalError(), "0 is the priority that the form already has")
				p.Expect(again).For("CLEAN-DUP-3").To(BeNil(), "a registration that changes nothing returns nil")
			}, nil)
			c.expectOne(child.over(), "CLEAN-DUP-3")
		},
	},
})

// doubtfulPriority records whether a priority is refused; what was registered rightly runs.
func doubtfulPriority(c *C, priority any, what string) {
	child := c.life("child")
	r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "doubtful"), key.Priority(priority), of(child.Process))
	if r.Status == spec.Signalled {
		c.Observe("CLEAN-PRI-2", what+"-error")
		child.marks("other", 1)
		c.ranOnce(child.over(), "CLEAN-RUN-1", "other")
		return
	}
	c.Observe("CLEAN-PRI-2", what+"-accepted")
	child.settled()
}
