package cases

import "github.com/mpcheck/mpcheck/spec"

// process-alive-p.
var _ = chapter([]Case{
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
})

// diesFor waits until process-alive-p is nil for a process, and from then on stays so.
func (c *C) diesFor(process spec.Value) {
	c.Until("PROC-ALIVE-1", "process-alive-p is nil for the process", func() bool {
		return !spec.Truth(c.ProcessAliveP(process).Primary())
	})
	c.Settle()
	c.Expect(c.ProcessAliveP(process)).To(BeNil(), "a process that has ended stays dead")
}
