package cases

import "github.com/mpcheck/mpcheck/spec"

// Priorities.
var _ = chapter([]Case{
	{
		ID:    "PROC-PRI-1/keyword",
		Needs: []string{"process-run-function :priority", "process-run-function", "process-priority", "change-process-priority", "get-current-process"},
		Story: "Processes made with :priority 42 and 7 have these once they have begun, whatever their creator's own is.",
		Run: func(c *C) {
			c.ChangeProcessPriority(c.GetCurrentProcess().Primary(), 17)
			one, other := c.gatedNamed(c.name("one"), spec.Keyword("priority"), 42), c.gatedNamed(c.name("other"), spec.Keyword("priority"), 7)
			c.Expect(c.ProcessPriority(one)).To(BeEql(42), "the priority is the one given at creation")
			c.Expect(c.ProcessPriority(other)).To(BeEql(7), "the priority is the one given at creation")
		},
	},
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
	{
		ID:    "PROC-PRI-5/changed",
		Needs: []string{"process-run-function", "process-priority", "change-process-priority"},
		Story: "change-process-priority to 17 and then to 23 returns these, and process-priority shows them; another process keeps its own.",
		Run: func(c *C) {
			child, other := c.Gated("child"), c.Gated("other")
			kept := c.ProcessPriority(other.Process).Primary()
			for _, n := range []int{17, 23} {
				c.Expect(c.ChangeProcessPriority(child.Process, n)).To(BeEql(n), "the new priority is returned")
				c.Expect(c.ProcessPriority(child.Process)).To(BeEql(n), "the process has the new priority")
			}
			c.Expect(c.ProcessPriority(other.Process)).To(BeEql(kept), "another process keeps its priority")
		},
	},
	{
		ID:    "PROC-PRI-6/observed",
		Needs: []string{"process-run-function", "change-process-priority"},
		Story: "One gate lets two processes go, of which the one that came last has the higher priority: who goes on first is recorded. Both do.",
		Run: func(c *C) {
			log, gate := c.Log(), c.MakeGate().Primary()
			waits := func(what string) spec.Value {
				ready := c.Cell(nil)
				process := c.Spawn(what, func(p *P) {
					p.CellSet(ready, true)
					p.GateWait(gate)
					p.LogAppend(log, what)
				})
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+what+" begins")
				c.lull()
				return process
			}
			low := waits("low")
			high := waits("high")
			c.ChangeProcessPriority(low, 1)
			c.ChangeProcessPriority(high, 1000)
			c.GateOpen(gate)
			c.Until("PROC-CREATE-3", "both processes go on", func() bool { return len(entries(c.LogRead(log).Primary())) == 2 })
			if spec.Equal(entries(c.LogRead(log).Primary())[0], spec.String("high")) {
				c.Observe("PROC-PRI-6", "higher-priority-first")
			} else {
				c.Observe("PROC-PRI-6", "priority-ignored")
			}
		},
	},
	{
		ID:    "PROC-PRI-7/observed",
		Needs: []string{"process-run-function", "process-join", "process-priority", "change-process-priority"},
		Story: "Records what change-process-priority does with a dead process, and with a priority that is no number.",
		Run: func(c *C) {
			dead, living := c.Gated("dead"), c.Gated("living")
			c.Open(dead)
			c.For("PROC-JOIN-1").ProcessJoin(dead.Process)
			c.Settle()
			c.observeChange(dead.Process, 17)
			c.observeChange(living.Process, "high")
		},
	},
})

// observeChange records what a doubtful change of a priority does.
func (c *C) observeChange(process spec.Value, priority any) {
	before := c.Try().ProcessPriority(process)
	changed := c.Try().ChangeProcessPriority(process, priority)
	if changed.Status == spec.Signalled {
		c.Observe("PROC-PRI-7", "error")
		return
	}
	after := c.Try().ProcessPriority(process)
	if after.Status == spec.Returned && before.Status == spec.Returned && spec.Equal(after.Primary(), before.Primary()) {
		c.Observe("PROC-PRI-7", "returned-without-effect")
	} else {
		c.Observe("PROC-PRI-7", "returned-with-effect")
	}
}

var priorityNeeds = []string{"process-run-function", "process-priority", "global-value", "set-global-value"}
