package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var (
	cleanupNeeds = []string{"process-run-function", "ensure-process-cleanup"}
	currentNeeds = append([]string{"get-current-process"}, cleanupNeeds...)
	exitNeeds    = append([]string{"current-process-kill"}, cleanupNeeds...)
	killNeeds    = append([]string{"process-kill"}, cleanupNeeds...)
)

// Registration, and what is seen of a form that signals an error or unwinds.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-SIG-1/every-subset",
		Needs: currentNeeds,
		Story: "A process registers sixteen forms on itself, one with each ordered selection of the keywords :priority, :force and :process: each runs.",
		Run: func(c *C) {
			all := selections("priority", "force", "process")
			var marks []any
			for i := range all {
				marks = append(marks, i)
			}
			child := c.lifeOf("child", func(p *P, l *life) {
				me := p.GetCurrentProcess().Primary()
				for i, names := range all {
					keys := []any{}
					for _, name := range names {
						keys = append(keys, spec.Key{Name: name, Value: map[string]spec.Value{
							"priority": spec.Int(i), "force": spec.Bool(i%2 == 0), "process": me,
						}[name]})
					}
					p.EnsureProcessCleanup(p.Logger(l.log, i), keys...)
				}
			}, nil)
			log := child.over()
			c.ranOnce(log, "CLEAN-PROC-1", marks[0]) // the one without keywords
			c.ranOnce(log, "CLEAN-SIG-1", marks[1:]...)
		},
	},
	{
		ID:    "CLEAN-REG-1/ensured-often",
		Needs: cleanupNeeds,
		Story: "A process registers one form three times: nothing runs while it lives, and once it has ended the form has run once.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				form := p.Logger(l.log, "form")
				for range 3 {
					p.EnsureProcessCleanup(form)
				}
			}, nil)
			c.Settle()
			c.Expect(c.LogRead(child.log)).To(BeNil(), "a registered form does not run before the process ends")
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs when the process ends")
			c.Expect(log).NotTo(containing("form", 2), "however often it was ensured, the form is registered once")
		},
	},
	{
		ID:      "CLEAN-SIG-1/unknown-keyword",
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the three keywords are accepted",
		Story:   "A keyword that is none of :priority, :force and :process is an error, and the form it was given with doesn't run; who ignores it registers the form, once.",
		Run: func(c *C) {
			child, accepted := c.life("child"), 0
			c.Control("the three keywords are accepted", func() {
				child.ensure(c.Logger(child.log, "known"), key.Priority(1), key.Force(true))
			})
			for _, keys := range [][]any{{}, {key.Priority(2)}, {key.Priority(2), key.Force(true)}} {
				unknown := append(keys, spec.Key{Name: "no-such-keyword", Value: spec.True{}}, of(child.Process))
				if r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "unknown"), unknown...); r.Status != spec.Signalled {
					accepted++
				}
			}
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", "known")
			c.Expect(spec.Int(times(log, "unknown"))).To(BeEql(spec.Int(accepted)), "a registration that was refused registers nothing, another its form")
		},
	},
	{
		ID:    "CLEAN-ERR-1/error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "A form signals an error that nobody handles: what becomes of the later one is recorded; other processes live on.",
		Run: func(c *C) {
			child := c.life("child")
			child.ensure(c.Func(func(p *P, _ []spec.Value) any { p.SignalError("in a form"); return nil }), key.Priority(1))
			child.marks("later", 2)
			switch log := child.settled(); {
			case times(log, "later") > 0:
				c.Observe("CLEAN-ERR-1", "remaining-forms-run")
			case c.listed(child.Process):
				c.Observe("CLEAN-ERR-1", "waits-in-debugger")
			default:
				c.Observe("CLEAN-ERR-1", "remaining-forms-skipped")
			}
			c.usable()
		},
	},
	{
		ID:    "CLEAN-UNW-1/killed",
		Needs: killNeeds,
		Story: "The order of the unwind-protect forms and the registered cleanups of a killed process is recorded.",
		Run: func(c *C) {
			var child *life
			left := c.Cell(nil)
			child = c.unwinds("child", func(p *P) {
				p.LogAppend(child.log, "unwind")
				p.CellSet(left, true)
			})
			child.marks("cleanup", 1)
			log := child.overBy(func() {
				c.ProcessKill(child.Process)
				c.AwaitFor("PROC-KILL-1", spec.CellIs(left, true), "the killed process unwinds")
			})
			c.ranOnce(log, "CLEAN-RUN-1", "cleanup")
			switch {
			case spec.Equal(log, list("unwind", "cleanup")):
				c.Observe("CLEAN-UNW-1", "unwinding-first")
			case spec.Equal(log, list("cleanup", "unwind")):
				c.Observe("CLEAN-UNW-1", "cleanups-first")
			default:
				c.Observe("CLEAN-UNW-1", spec.Other)
			}
		},
	},
})

// selections lists every ordered selection of the names, the empty one first.
func selections(names ...string) [][]string {
	all := [][]string{nil}
	for i, name := range names {
		for _, rest := range selections(slices.Delete(slices.Clone(names), i, i+1)...) {
			all = append(all, append([]string{name}, rest...))
		}
	}
	return all
}

// usable checks that the system still makes processes, which live and end.
func (c *C) usable() {
	c.ranOnce(func() spec.Value {
		after := c.life("after")
		after.marks("form", 1)
		return after.over()
	}(), "CLEAN-RUN-1", "form")
}

// expectOne checks that a log holds "form" once: not at all is charged to CLEAN-RUN-1.
func (c *C) expectOne(log spec.Value, clause string) {
	c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs")
	c.Expect(log).For(clause).NotTo(containing("form", 2), "the form is registered once")
}
