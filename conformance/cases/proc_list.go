package cases

import "github.com/mpcheck/mpcheck/spec"

// The list of all processes.
var _ = chapter([]Case{
	{
		ID:    "PROC-LIST-1/members",
		Needs: []string{"process-run-function", "list-all-processes", "get-current-process"},
		Story: "Several processes that wait, and the caller, are members of list-all-processes, each once.",
		Run: func(c *C) {
			members := []spec.Value{c.GetCurrentProcess().Primary()}
			for range c.Size(5, 5, 2) {
				members = append(members, c.Gated("child").Process)
			}
			all := c.ListAllProcesses()
			for _, process := range members {
				c.Expect(all).To(containing(process, 1), "%s is a current process", process)
				c.Expect(all).NotTo(containing(process, 2), "%s is one process", process)
			}
		},
	},
	{
		ID:    "PROC-LIST-2/disappears",
		Needs: []string{"process-run-function", "list-all-processes"},
		Story: "A process that waits is listed; once it has ended it disappears from the list and stays away.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Expect(c.ListAllProcesses()).For("PROC-LIST-1").To(containing(child.Process, 1), "a process that waits is listed")
			c.Open(child)
			c.Until("PROC-LIST-2", "the process is no longer listed", func() bool { return !c.listed(child.Process) })
			c.Settle()
			c.Expect(c.ListAllProcesses()).NotTo(containing(child.Process, 1), "a dead process stays away")
		},
	},
	{
		ID:    "PROC-LIST-4/in-cleanups",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "Whether a process in its cleanups is listed is recorded.",
		Run: func(c *C) {
			child, gate := c.inCleanups("child")
			c.Observe("PROC-LIST-4", map[bool]string{true: "in-cleanups-listed", false: "in-cleanups-not-listed"}[c.listed(child.Process)])
			c.GateOpen(gate)
		},
	},
})
