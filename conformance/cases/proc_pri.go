package cases

import "github.com/mpcheck/mpcheck/spec"

// Priorities: that of a process which is given none.
var _ = chapter([]Case{
	{
		ID:    "PROC-PRI-2/follows-variable",
		Needs: priorityNeeds,
		Story: "A process made without :priority has the priority that *default-process-priority* says, also once that is set to another.",
		Run: func(c *C) {
			first := c.systemVariable(defaultPriority, "PROC-PRI-2")
			c.Expect(c.ProcessPriority(c.Gated("first").Process)).To(BeEql(first), "the priority is the value of the variable")
			other := spec.Int(17)
			if first == spec.Value(other) {
				other = 18
			}
			c.SetGlobalValue(defaultPriority, other)
			c.Expect(c.ProcessPriority(c.Gated("second").Process)).To(BeEql(other), "the priority is the new value of the variable")
			c.SetGlobalValue(defaultPriority, first)
		},
	},
	{
		ID:    "PROC-PRI-3/initially-zero",
		Needs: []string{"global-value"},
		Story: "*default-process-priority* is 0 at first.",
		Run: func(c *C) {
			c.Expect(c.systemVariable(defaultPriority, "PROC-PRI-3")).To(BeEql(0), "nobody has set the variable")
		},
	},
	{
		ID:    "PROC-PRI-4/let",
		Needs: append([]string{"let"}, priorityNeeds...),
		Story: "*default-process-priority* is bound around the call: whether the process has that priority is recorded.",
		Run: func(c *C) {
			c.Gated("plain")
			global := c.systemVariable(defaultPriority, "PROC-PRI-2")
			bound := spec.Int(17)
			if global == spec.Value(bound) {
				bound = 18
			}
			priority := c.Cell(nil)
			c.For("PROC-PRI-2").Let(list(pair(defaultPriority, bound)), c.Code(func(p *P) {
				p.CellSet(priority, p.For("PROC-PRI-2").ProcessPriority(p.Gated("child").Process).Primary())
			}))
			seen := c.CellGet(priority).Primary()
			switch {
			case spec.Eql(seen, bound):
				c.Observe("PROC-PRI-4", "dynamic-value")
			case spec.Eql(seen, global):
				c.Observe("PROC-PRI-4", "global-value")
			default:
				c.Observe("PROC-PRI-4", spec.Other)
			}
		},
	},
})

var priorityNeeds = []string{"process-run-function", "process-priority", "global-value", "set-global-value"}
