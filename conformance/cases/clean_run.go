package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// When the forms run.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-RUN-1/return",
		Needs: cleanupNeeds,
		Story: "A process with two cleanups returns from its function: both run.",
		Run:   func(c *C) { twoForms(c, c.life("child")) },
	},
	{
		ID:    "CLEAN-RUN-1/current-process-kill",
		Needs: exitNeeds,
		Story: "A process with two cleanups calls current-process-kill: both run.",
		Run:   func(c *C) { twoForms(c, c.lifeOf("child", nil, killSelf)) },
	},
	{
		ID:    "CLEAN-RUN-1/process-kill",
		Needs: killNeeds,
		Story: "A process with two cleanups is killed by another while it waits: both run.",
		Run: func(c *C) {
			child := c.victim("child")
			c.ranOnce(twoMarks(child.life).overBy(child.kill), "CLEAN-RUN-1", "early", "late")
		},
	},
	{
		ID:    "CLEAN-RUN-1/process-terminate",
		Needs: append([]string{"process-terminate"}, cleanupNeeds...),
		Story: "A process with two cleanups and without a terminate method is terminated while it waits: both run.",
		Run: func(c *C) {
			child := c.victim("child")
			end := func() {
				c.For("PROC-TERM-1").ProcessTerminate(child.Process)
				c.AwaitFor("PROC-TERM-1", child.left, "the terminated process unwinds")
			}
			c.ranOnce(twoMarks(child.life).overBy(end), "CLEAN-RUN-1", "early", "late")
		},
	},
	{
		ID:    "CLEAN-RUN-1/handled-error",
		Needs: cleanupNeeds,
		Story: "The function of a process with two cleanups signals an error, handles it and returns: both run.",
		Run: func(c *C) {
			handled := c.Cell(nil)
			child := c.lifeOf("child", nil, func(p *P, _ *life) {
				p.HandlerCase(p.Code(func(p *P) { p.SignalError("handled") }), p.Code(func(p *P) { p.CellSet(handled, true) }))
			})
			c.ranOnce(twoMarks(child).over(), "CLEAN-RUN-1", "early", "late")
			c.Expect(c.CellGet(handled)).To(BeTrue(), "the error is handled, so that the process returns")
		},
	},
	{
		ID:    "CLEAN-RUN-2/return",
		Needs: cleanupNeeds,
		Story: "After a process has returned its form has run once, and it does not run again.",
		Run:   func(c *C) { onlyOnce(c, c.life("child")) },
	},
	{
		ID:    "CLEAN-RUN-2/current-process-kill",
		Needs: exitNeeds,
		Story: "After a process has called current-process-kill its form has run once, and it does not run again.",
		Run:   func(c *C) { onlyOnce(c, c.lifeOf("child", nil, killSelf)) },
	},
	{
		ID:    "CLEAN-RUN-2/kill-while-returning",
		Needs: killNeeds,
		Story: "A process is killed while its function returns: its form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("form", 1)
			log := child.overBy(func() {
				c.Open(child.Gated)
				c.Try().ProcessKill(child.Process) // it may be dead already (PROC-KILL-6)
			})
			c.ranOnce(log, "CLEAN-RUN-1", "form")
		},
	},
	{
		ID:      "CLEAN-RUN-3/end-of-another",
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the form of the process that ended has run",
		Story:   "Of two processes with a cleanup each one ends: its form runs, that of the other doesn't before the other ends.",
		Run: func(c *C) {
			lives, ends := c.life("lives"), c.life("ends")
			lives.marks("form", 1)
			c.Settle()
			lives.notYet()
			c.Control("the form of the process that ended has run", func() {
				ends.marks("form", 1)
				c.ranOnce(ends.over(), "CLEAN-RUN-1", "form")
			})
			c.Expect(c.LogRead(lives.log)).To(BeNil(), "the end of another process runs no form")
			c.ranOnce(lives.over(), "CLEAN-RUN-1", "form")
		},
	},
	{
		ID:    "CLEAN-RUN-5/unhandled-error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "The function of a process signals an error that nobody handles; if that ends the process, its form runs.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.SignalError("nobody handles this") })
			child.marks("form", 1)
			child.endsByError("CLEAN-RUN-5")
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(log).To(containing("form", 1), "the form of a process that an error ended has run")
			c.Expect(log).For("CLEAN-RUN-2").NotTo(containing("form", 2), "the form runs once")
		},
	},
	{
		ID:      "CLEAN-RUN-2/error-in-a-form",
		Clauses: []string{"CLEAN-RUN-1"},
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the form before has run",
		Story:   "Of four forms the second and the last signal an error: whatever becomes of the later ones, none runs twice, and the first has run.",
		Run: func(c *C) {
			child, began := c.life("child"), c.Cell(nil)
			marks := func(mark string, at int, raises bool) {
				child.ensure(c.Func(func(p *P, _ []spec.Value) any {
					p.LogAppend(child.log, mark)
					p.CellSet(began, true)
					if raises {
						p.Try().SignalError("in a form")
					}
					return nil
				}), key.Priority(at))
			}
			marks("first", 1, false)
			marks("second", 2, true)
			marks("third", 3, false)
			marks("fourth", 4, true)
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(began, true), "the forms begin to run")
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(nth(entries(log), 0)).For("CLEAN-ORDER-1").To(BeEqual("first"), "forms run in ascending priority")
			c.Step("the form before has run")
			for _, mark := range []string{"first", "second", "third", "fourth"} {
				c.Expect(log).NotTo(containing(mark, 2), "the form that leaves %q in the log runs once, whatever another does", mark)
			}
			c.usable()
		},
	},
	{
		ID:    "CLEAN-RUN-4/quit",
		Needs: append([]string{"quit", "ensure-process-cleanup"}, initNeeds...),
		Story: "A process with a cleanup waits; another one quits: the cleanup runs, or it doesn't.",
		Run: func(c *C) {
			c.observeWhether("CLEAN-RUN-4", boolean(c.has(c.quits(cleansUp), "cleanup")), "run-at-exit", "not-run-at-exit")
		},
	},
})

func killSelf(p *P, _ *life) { p.CurrentProcessKill() }

func twoMarks(l *life) *life {
	l.marks("late", 2)
	l.marks("early", 1)
	return l
}

func twoForms(c *C, child *life) {
	log := twoMarks(child).over()
	c.ranOnce(log, "CLEAN-RUN-1", "early", "late")
}

func onlyOnce(c *C, child *life) {
	child.marks("form", 1)
	log := child.over()
	c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs")
	c.Expect(log).NotTo(containing("form", 2), "the form runs once and never again")
}
