package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

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
		ID:    "PROC-LIST-2/killed",
		Needs: []string{"process-run-function", "process-kill", "list-all-processes"},
		Story: "A process that is killed while it waits disappears from the list, as one that returns does; a process beside it stays.",
		Run: func(c *C) {
			child, other := c.victim("child"), c.Gated("other")
			child.kill()
			c.Until("PROC-LIST-2", "the process is no longer listed", func() bool { return !c.listed(child.Process) })
			c.Settle()
			all := c.ListAllProcesses()
			c.Expect(all).NotTo(containing(child.Process, 1), "a dead process stays away")
			c.Expect(all).For("PROC-LIST-1").To(containing(other.Process, 1), "a process that waits is listed")
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
	{
		ID:    "PROC-LIST-3/observed",
		Needs: []string{"process-run-function", "process-run-function :priority", "list-all-processes"},
		Story: "Records in which order list-all-processes has three processes of which the second has the highest priority and the third the lowest.",
		Run: func(c *C) {
			var made []spec.Value
			for _, n := range []int{5, 9, 1} {
				process := c.gatedNamed(c.name("child"), spec.Keyword("priority"), n)
				made = append(made, process)
			}
			listed := c.ListAllProcesses().Primary()
			for _, process := range made {
				c.Expect(listed).For("PROC-LIST-1").To(containing(process, 1), "a process that waits is listed")
			}
			order := slices.DeleteFunc(slices.Clone(entries(listed)), func(v spec.Value) bool {
				return !slices.ContainsFunc(made, func(p spec.Value) bool { return spec.Eql(p, v) })
			})
			is := func(first, second, third int) bool {
				return spec.Equal(spec.NewList(order...), list(made[first], made[second], made[third]))
			}
			switch {
			case is(0, 1, 2):
				c.Observe("PROC-LIST-3", "oldest-first")
			case is(2, 1, 0):
				c.Observe("PROC-LIST-3", "newest-first")
			case is(1, 0, 2):
				c.Observe("PROC-LIST-3", "descending-priority")
			default:
				c.Observe("PROC-LIST-3", "another-order")
			}
		},
	},
})
