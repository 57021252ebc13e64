package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// process-join and process-alive-p.
var joinCases = []Case{
	{
		ID:    "PROC-JOIN-1/timeout-then-death",
		Needs: []string{"process-run-function", "process-join"},
		Story: "Joining a process that waits gives nil after its timeout; once the process may go on, joining it gives t.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(0.2))).To(BeNil(), "the timeout passes first")
			c.Open(child)
			c.Expect(c.ProcessJoin(child.Process)).To(BeTrue(), "the process dies; no timeout is no limit")
		},
	},
	{
		ID:    "PROC-JOIN-1/killed",
		Needs: []string{"process-run-function", "process-join", "process-kill"},
		Story: "Joining a process that waits and is killed meanwhile by a third gives t; a timeout of nil is no limit, and one far off is not reached.",
		Run: func(c *C) {
			child := c.victim("child")
			c.Spawn("killer", func(p *P) { p.For("PROC-KILL-1").ProcessKill(child.Process) })
			c.AwaitFor("PROC-KILL-1", child.left, "the killed process unwinds")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(nil))).To(BeTrue(), "the process dies")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(1000))).To(BeTrue(), "the process dies in time")
		},
	},
	{
		ID:    "PROC-JOIN-2/dead",
		Needs: []string{"process-run-function", "process-join"},
		Story: "A process that has been joined is joined again, with and without a timeout: t at once.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Open(child)
			c.Expect(c.ProcessJoin(child.Process)).For("PROC-JOIN-1").To(BeTrue(), "the process dies")
			c.Settle()
			c.Expect(c.ProcessJoin(child.Process)).To(BeTrue(), "the process is dead")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(0))).To(BeTrue(), "the process is dead, so that no time is needed")
		},
	},
	{
		ID:    "PROC-JOIN-4/several",
		Needs: []string{"process-run-function", "process-join"},
		Story: "Several processes join one, the second with a timeout far off: its death wakes them all.",
		Run: func(c *C) {
			child := c.Gated("child")
			var joins []spec.Ref
			for _, keys := range [][]any{{}, {key.Timeout(1000)}, {}}[:c.Size(3, 3, 2)] {
				joins = append(joins, c.answers("joiner", func(p *P) spec.Return { return p.ProcessJoin(child.Process, keys...) }))
				c.lull()
			}
			c.Open(child)
			for _, join := range joins {
				c.Expect(c.answered("PROC-JOIN-4", join, "each join returns")).For("PROC-JOIN-1").To(BeTrue(), "the process died")
			}
		},
	},
	{
		ID:    "PROC-JOIN-5/in-cleanups",
		Needs: append([]string{"process-join"}, cleanupNeeds...),
		Story: "A process is joined while one of its cleanups waits: whether the join returns before the cleanups have finished is recorded.",
		Run: func(c *C) {
			child, gate := c.inCleanups("child")
			if spec.Truth(c.ProcessJoin(child.Process, key.Timeout(0.2)).Primary()) {
				c.Observe("PROC-JOIN-5", "returns-before-cleanups-finish")
			} else {
				c.Observe("PROC-JOIN-5", "returns-after-cleanups")
			}
			c.GateOpen(gate)
		},
	},
	{
		ID:    "PROC-ALIVE-1/return",
		Needs: []string{"process-run-function", "process-alive-p", "get-current-process"},
		Story: "process-alive-p is true for the current process and for one that waits, and nil for one whose function has returned.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Expect(c.ProcessAliveP(c.GetCurrentProcess().Primary())).To(BeTrue(), "the current process is alive")
			c.Expect(c.ProcessAliveP(child.Process)).To(BeTrue(), "a process that waits is alive")
			c.Open(child)
			c.diesFor(child.Process)
		},
	},
	{
		ID:    "PROC-ALIVE-1/process-kill",
		Needs: []string{"process-run-function", "process-alive-p", "process-kill"},
		Story: "process-alive-p is true for a process that waits, and nil once it has been killed and has ended.",
		Run: func(c *C) {
			child := c.victim("child")
			c.Expect(c.ProcessAliveP(child.Process)).To(BeTrue(), "a process that waits is alive")
			child.kill()
			c.diesFor(child.Process)
		},
	},
	{
		ID:    "PROC-ALIVE-2/in-cleanups",
		Needs: append([]string{"process-alive-p"}, cleanupNeeds...),
		Story: "What process-alive-p says of a process that is in its cleanups is recorded.",
		Run: func(c *C) {
			child, gate := c.inCleanups("child")
			c.Observe("PROC-ALIVE-2", map[bool]string{true: "in-cleanups-true", false: "in-cleanups-nil"}[spec.Truth(c.ProcessAliveP(child.Process).Primary())])
			c.GateOpen(gate)
		},
	},
	{
		ID:    "PROC-ALIVE-2/asked-to-die",
		Needs: append([]string{"process-alive-p"}, killNeeds...),
		Story: "What process-alive-p says of a killed process that still unwinds is recorded.",
		Run: func(c *C) {
			entered, gate := c.Cell(nil), c.MakeGate().Primary()
			child := c.unwinds("child", func(p *P) {
				p.CellSet(entered, true)
				p.GateWait(gate)
			})
			c.For("PROC-KILL-1").ProcessKill(child.Process)
			c.AwaitFor("PROC-KILL-1", spec.CellIs(entered, true), "the killed process unwinds")
			c.Observe("PROC-ALIVE-2", map[bool]string{true: "asked-to-die-true", false: "asked-to-die-nil"}[spec.Truth(c.ProcessAliveP(child.Process).Primary())])
			c.GateOpen(gate)
		},
	},
}

// inCleanups makes a process that has ended and of which a cleanup waits at the gate.
func (c *C) inCleanups(what string) (child *life, gate spec.Value) {
	child, gate = c.life(what), c.MakeGate().Primary()
	entered := c.Cell(nil)
	child.marksAfter("cleanup", 1, func(p *P) {
		p.CellSet(entered, true)
		p.GateWait(gate)
	})
	c.Open(child.Gated)
	c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the cleanup begins")
	return child, gate
}

// diesFor waits until process-alive-p is nil for a process, and from then on stays so.
func (c *C) diesFor(process spec.Value) {
	c.Until("PROC-ALIVE-1", "process-alive-p is nil for the process", func() bool {
		return !spec.Truth(c.ProcessAliveP(process).Primary())
	})
	c.Settle()
	c.Expect(c.ProcessAliveP(process)).To(BeNil(), "a process that has ended stays dead")
}
