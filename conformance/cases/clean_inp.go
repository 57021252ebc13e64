package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const insideStep = "current-process-in-cleanup-p is true inside a form"

var phaseNeeds = append([]string{"current-process-in-cleanup-p"}, cleanupNeeds...)

// current-process-in-cleanup-p.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-INP-1/return",
		Needs: phaseNeeds,
		Story: "When a process returns, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.life("child")
			c.inCleanup(child, child.over)
		},
	},
	{
		ID:    "CLEAN-INP-1/process-kill",
		Needs: append([]string{"process-kill"}, phaseNeeds...),
		Story: "When a process is killed, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.victim("child")
			c.inCleanup(child.life, func() spec.Value { return child.overBy(child.kill) })
		},
	},
	{
		ID:    "CLEAN-INP-1/current-process-kill",
		Needs: append([]string{"current-process-kill"}, phaseNeeds...),
		Story: "When a process calls current-process-kill, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.CurrentProcessKill() })
			c.inCleanup(child, child.over)
		},
	},
	{
		ID:    "CLEAN-INP-1/unhandled-error",
		Needs: append([]string{"list-all-processes"}, phaseNeeds...),
		Story: "When an error that nobody handles ends a process, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.SignalError("unhandled") })
			c.inCleanup(child, func() spec.Value {
				child.notYet()
				child.endsByError("CLEAN-RUN-5")
				c.Settle()
				return c.LogRead(child.log).Primary()
			})
		},
	},
	{
		ID:      "CLEAN-INP-2/ordinary-running",
		Needs:   phaseNeeds,
		Expects: Absence,
		Witness: insideStep,
		Story:   "current-process-in-cleanup-p is nil in the function of a process and in its creator, also while another process is in its cleanups.",
		Run: func(c *C) {
			inside, entered, gate := c.Cell(spec.Keyword("none")), c.Cell(nil), c.MakeGate().Primary()
			child := c.lifeOf("child", func(p *P, _ *life) {
				p.Expect(p.CurrentProcessInCleanupP()).To(BeNil(), "the function of a process is ordinary running")
			}, nil)
			asked := c.Cell(spec.Keyword("none"))
			other := c.lifeOf("other", nil, func(p *P, _ *life) { p.CellSet(asked, truth(p.CurrentProcessInCleanupP())) })
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.CellSet(inside, truth(p.CurrentProcessInCleanupP()))
				p.CellSet(entered, true)
				p.GateWait(gate)
				return nil
			}), key.Priority(1))
			c.Control(insideStep, func() {
				c.Open(child.Gated)
				c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the child's form begins")
				c.Expect(c.CellGet(inside)).For("CLEAN-INP-1").To(BeTrue(), "inside a form it is true")
			})
			c.Expect(c.CurrentProcessInCleanupP()).To(BeNil(), "another process's cleanups do not concern the creator")
			c.Open(other.Gated)
			c.AwaitFor("PROC-CREATE-3", spec.CellNot(asked, spec.Keyword("none")), "the other process goes on")
			c.Expect(c.CellGet(asked)).To(BeNil(), "nor a third process")
			c.GateOpen(gate)
		},
	},
	{
		ID:    "CLEAN-INP-3/unwinding",
		Needs: append([]string{"process-kill"}, phaseNeeds...),
		Story: "The value of current-process-in-cleanup-p in a form of unwind-protect of a killed process is recorded.",
		Run: func(c *C) {
			seen := c.Cell(spec.Keyword("none"))
			child := c.unwinds("child", func(p *P) { p.CellSet(seen, truth(p.CurrentProcessInCleanupP())) })
			c.ProcessKill(child.Process)
			c.AwaitFor("PROC-KILL-1", spec.CellNot(seen, spec.Keyword("none")), "the killed process unwinds")
			if spec.Truth(c.CellGet(seen).Primary()) {
				c.Observe("CLEAN-INP-3", "unwinding-true")
			} else {
				c.Observe("CLEAN-INP-3", "unwinding-nil")
			}
		},
	},
})

// truth is t or nil: what the primary value of a return means.
func truth(r spec.Return) spec.Value { return spec.Bool(spec.Truth(r.Primary())) }

// inCleanup registers a function and a list that ask current-process-in-cleanup-p, ends
// the child by over, and expects that both saw a true value.
func (c *C) inCleanup(child *life, over func() spec.Value) {
	ask := func(mark string) spec.Value {
		return c.Func(func(p *P, _ []spec.Value) any {
			p.LogAppend(child.log, list(mark, truth(p.CurrentProcessInCleanupP())))
			return nil
		})
	}
	child.ensure(ask("function"), key.Priority(1))
	child.ensure(list(ask("list"), 1), key.Priority(2))
	log := over()
	for _, mark := range []string{"function", "list"} {
		c.Expect(log).NotTo(containing(list(mark, nil), 1), "it is true inside the form that is a %s", mark)
		c.ranOnce(log, "CLEAN-RUN-1", list(mark, true))
	}
}
