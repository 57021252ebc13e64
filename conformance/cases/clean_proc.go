package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// For whom a form is registered, and by whom it is run.
var _ = chapter([]Case{
	{
		ID:      "CLEAN-PROC-1/registered-inside",
		Clauses: []string{"CLEAN-LEG-2"},
		Needs:   cleanupNeeds,
		Story:   "A process registers a form without :process: it runs, for that process, when that process ends, while its creator lives on.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) { p.EnsureProcessCleanup(p.Lister(l.log)) }, nil)
			c.Expect(c.withProcess(child.over())).To(BeEqual(list(list(child.Process))), "without :process the current process is meant")
		},
	},
	{
		ID:    "CLEAN-PROC-2/registered-outside",
		Needs: cleanupNeeds,
		Story: "A process registers a form on another with :process: it runs, for the other, when the other ends.",
		Run: func(c *C) {
			// The child has registered the sentinel itself: that runs also where :process is not heeded.
			cleaned := c.Cell(nil)
			child := c.lifeOf("child", func(p *P, _ *life) {
				p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Func(func(p *P, _ []spec.Value) any { p.CellSet(cleaned, true); return nil }), priority(sentinel))
			}, nil)
			c.EnsureProcessCleanup(c.Lister(child.log), of(child.Process))
			child.notYet()
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(cleaned, true), "the child ends and its forms run, the sentinel after all others")
			c.Settle()
			c.Expect(c.withProcess(c.LogRead(child.log).Primary())).To(BeEqual(list(list(child.Process))), "the process named by :process is watched")
		},
	},
	{
		ID:    "CLEAN-PROC-3/current-process",
		Needs: currentNeeds,
		Story: "Inside a form the current process is the one that ends.",
		Run: func(c *C) {
			child := c.life("child")
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, p.GetCurrentProcess().Primary())
				return nil
			}), key.Priority(1))
			c.Expect(child.over()).To(BeEqual(list(child.Process)), "the ending process itself executes its forms")
		},
	},
	{
		ID:    "CLEAN-PROC-4/one-form-two-processes",
		Needs: cleanupNeeds,
		Story: "One form is registered on two processes: the end of each runs it once, with that process.",
		Run: func(c *C) {
			first, second := c.life("first"), c.life("second")
			second.log = first.log
			form := c.Lister(first.log)
			first.ensure(form, key.Priority(1))
			second.ensure(form, key.Priority(1))
			c.Expect(c.withProcess(first.over())).To(BeEqual(list(list(first.Process))), "the end of the first runs the form with the first")
			cleaned := c.Cleaned(second.Process)
			c.Open(second.Gated)
			c.AwaitFor("CLEAN-RUN-1", cleaned, "the second ends and its forms run")
			c.Settle()
			c.Expect(c.LogRead(first.log)).To(BeEqual(list(list(first.Process), list(second.Process))),
				"the end of the second runs the form with the second")
		},
	},
	{
		ID:    "CLEAN-PROC-5/dead",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "A form is registered on a process that has ended: what comes of it is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			c.Expect(child.over()).To(BeNil(), "nothing was registered")
			c.Until("PROC-LIST-2", "the process is no longer listed", func() bool { return !c.listed(child.Process) })
			r := child.doubtful(c.Logger(child.log, "form"))
			c.Settle()
			switch ran := times(c.LogRead(child.log).Primary(), "form") > 0; {
			case r.Status == spec.Signalled:
				c.Observe("CLEAN-PROC-5", "error")
			case ran:
				c.Observe("CLEAN-PROC-5", "run-at-once")
			case !spec.Truth(r.Primary()):
				c.Observe("CLEAN-PROC-5", "nil-never-run")
			default:
				c.Observe("CLEAN-PROC-5", "value-never-run")
			}
		},
	},
	{
		ID:    "CLEAN-PROC-6/from-inside",
		Needs: cleanupNeeds,
		Story: "A form registers another on its process, which is in its cleanups: what comes of it is recorded; the registered ones run once each.",
		Run: func(c *C) {
			child, refused := c.life("child"), c.Cell(nil)
			late := c.Logger(child.log, "late")
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, "first")
				r := p.Try().EnsureProcessCleanup(late, key.Priority(2), of(child.Process))
				p.CellSet(refused, r.Status == spec.Signalled)
				return nil
			}), key.Priority(1))
			child.marks("last", 3)
			log := child.over()
			registeredLate(c, log, c.CellGet(refused).Primary())
			c.ranOnce(log, "CLEAN-RUN-1", "first", "last")
		},
	},
	{
		ID:    "CLEAN-PROC-6/from-outside",
		Needs: cleanupNeeds,
		Story: "While a form waits another process registers a form: what comes of it is recorded; the registered ones run once each.",
		Run: func(c *C) {
			child, entered, gate := c.life("child"), c.Cell(nil), c.MakeGate().Primary()
			late := c.Logger(child.log, "late")
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, "first")
				p.CellSet(entered, true)
				p.GateWait(gate)
				return nil
			}), key.Priority(1))
			child.marks("last", 3)
			var r spec.Return
			log := child.overBy(func() {
				c.Open(child.Gated)
				c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the first form begins")
				r = c.Try().EnsureProcessCleanup(late, key.Priority(2), of(child.Process))
				c.GateOpen(gate)
			})
			registeredLate(c, log, spec.Bool(r.Status == spec.Signalled))
			c.ranOnce(log, "CLEAN-RUN-1", "first", "last")
		},
	},
	{
		ID:    "CLEAN-PROC-7/as-it-ends",
		Needs: cleanupNeeds,
		Story: "A form is registered on a process as it returns, time and again: the call returns, an earlier form runs once, and so does the new one, at least where the function went on after the call.",
		Run: func(c *C) {
			for range c.Size(20, 20, 1) {
				child := c.lifeOf("child", nil, func(p *P, l *life) { p.LogAppend(l.log, "last") })
				child.marks("early", 1)
				form, cleaned := c.Logger(child.log, "form"), c.Cleaned(child.Process)
				c.Open(child.Gated)
				if c.Try().EnsureProcessCleanup(form, key.Priority(2), of(child.Process)).Status != spec.Signalled {
					c.LogAppend(child.log, "registered")
				}
				c.AwaitFor("CLEAN-RUN-1", cleaned, "the child ends and its forms run")
				c.lull()
				log := c.LogRead(child.log).Primary()
				c.ranOnce(log, "CLEAN-RUN-1", "early")
				c.Expect(log).For("CLEAN-RUN-2").NotTo(containing("form", 2), "a form runs once")
				if placeOf("registered", log) < placeOf("last", log) {
					c.Expect(log).To(containing("form", 1), "the call returned before the end of the process began")
				}
			}
		},
	},
	{
		ID:    "CLEAN-PROC-6/itself",
		Needs: cleanupNeeds,
		Story: "A form registers itself anew each time it runs: the cleanups come to an end all the same.",
		Run: func(c *C) {
			const far = 20
			child := c.life("child")
			var form spec.Value
			form = c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, "form")
				if times(p.LogRead(child.log).Primary(), "form") < far {
					p.Try().EnsureProcessCleanup(form, key.Priority(1), of(child.Process))
				}
				return nil
			})
			child.ensure(form, key.Priority(1))
			child.marks("last", 3)
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-2").NotTo(containing("form", far), "a form that registers itself again does not run without end")
			c.ranOnce(log, "CLEAN-RUN-1", "last")
			if times(log, "form") == 1 {
				c.Observe("CLEAN-PROC-6", "never-runs")
			} else {
				c.Observe("CLEAN-PROC-6", spec.Other)
			}
		},
	},
	{
		ID:    "CLEAN-PROC-7/at-the-same-time",
		Needs: cleanupNeeds,
		Story: "Several processes register many forms each on one process at the same time; when it ends each form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			registrars, forms := c.Size(8, 8, 2), c.Size(50, 50, 1)
			start := c.MakeGate().Primary()
			var done, marks []spec.Value
			for i := range registrars {
				finished := c.Cell(nil)
				var own []spec.Value
				for j := range forms {
					marks = append(marks, spec.Int(i*forms+j))
					own = append(own, c.Logger(child.log, i*forms+j))
				}
				done = append(done, spec.CellIs(finished, true))
				c.Open(c.GatedThen("registrar", func(p *P) {
					p.GateWait(start)
					for j, form := range own {
						p.EnsureProcessCleanup(form, key.Priority(i*forms+j), of(child.Process))
					}
					p.CellSet(finished, true)
				}))
			}
			c.Settle()
			c.GateOpen(start)
			c.AwaitThat(spec.And(done...), "every registration returns")
			c.Settle()
			log := child.over()
			c.Expect(sorted(log)).To(BeEqual(sorted(spec.NewList(marks...))), "no registration is lost, and each form runs once")
		},
	},
})

// registeredLate records what came of a form of priority 2 that was registered while the one
// of priority 1 ran and one of priority 3 was still to come.
func registeredLate(c *C, log, refused spec.Value) {
	switch {
	case spec.Truth(refused):
		c.Observe("CLEAN-PROC-6", "error")
	case spec.Equal(log, list("first", "late", "last")):
		c.Observe("CLEAN-PROC-6", "runs-in-priority-order")
	case spec.Equal(log, list("first", "last", "late")):
		c.Observe("CLEAN-PROC-6", "runs-last")
	case times(log, "late") == 0:
		c.Observe("CLEAN-PROC-6", "never-runs")
	default:
		c.Observe("CLEAN-PROC-6", spec.Other)
	}
}

// withProcess checks that forms which logged their arguments got some, and returns the log.
func (c *C) withProcess(log spec.Value) spec.Value {
	c.Expect(log).For("CLEAN-FORM-1").NotTo(containing(nil, 1), "a function gets the process")
	return log
}

// placeOf is the index of an entry in a log, its length where it isn't there.
func placeOf(entry any, log spec.Value) int {
	items := entries(log)
	if i := slices.IndexFunc(items, func(v spec.Value) bool { return spec.Equal(v, spec.Of(entry)) }); i >= 0 {
		return i
	}
	return len(items)
}
