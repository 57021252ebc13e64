package cases

import "github.com/mpcheck/mpcheck/spec"

var _ = chapter([]Case{
	{
		ID:      "EXT-STAT-1/whole-life",
		Clauses: []string{"EXT-STAT-2", "EXT-STAT-9"},
		Needs:   startNeeds,
		Story:   "A program is asked for its status while it runs, is stopped, goes on and ends: the first value is one of the four keywords each time.",
		Run: func(c *C) {
			program := c.Started()
			asked := func() {
				for range c.Size(5, 5, 1) {
					c.statusOf(program)
					c.lull()
				}
			}
			asked()
			c.Tell(program.Child, "stop")
			c.ChildAwait(program.ref, spec.Keyword("stopped"))
			asked()
			c.Tell(program.Child, "kill", sigcont)
			asked()
			c.Tell(program.Child, "exit", 7)
			asked()
			c.ShowsExit(program, 7)
			asked()
		},
	},
	{
		ID:      "EXT-STAT-2/executing",
		Clauses: []string{"EXT-STAT-9"},
		Needs:   startNeeds,
		Story:   "A program that executes is :running each time it is asked, also when others have ended meanwhile.",
		Run: func(c *C) {
			program := c.Started()
			for _, code := range []int{7, 0} {
				c.Expect(c.statusOf(program)).To(BeEql(running), "a process that is executing is :running")
				c.ShowsExit(c.Started(exits(code)), code)
			}
			c.Expect(c.statusOf(program)).To(BeEql(running), "a process that is executing is :running")
			c.Tell(program.Child, "exit", 3)
			c.ShowsExit(program, 3)
		},
	},
	{
		ID:    "EXT-STAT-3/codes",
		Needs: startNeeds,
		Story: "Programs exit with 0, 1, 7 and 255: the status is :exited and each of these.",
		Run: func(c *C) {
			for _, code := range exitCodes {
				c.ShowsExit(c.Started(exits(code)), code)
			}
		},
	},
	{
		ID:    "EXT-STAT-4/signals",
		Needs: startNeeds,
		Story: "Programs end by SIGTERM, SIGKILL, SIGINT and an abort: the status is :signaled and the number.",
		Run: func(c *C) {
			for _, signal := range []int{sigterm, sigkill, sigint, sigabrt} {
				c.ShowsSignal(c.Started(does("die", signal)), signal)
			}
			program := c.Started()
			c.Tell(program.Child, "kill", sigterm) // from outside
			c.ShowsSignal(program, sigterm)
		},
	},
	{
		ID:    "EXT-STAT-5/stopped",
		Needs: startNeeds,
		Story: "A program is stopped: its status comes to be :stopped, where stops are seen at all, and stays so.",
		Run: func(c *C) {
			program := c.stoppedProgram()
			for range c.Size(5, 5, 2) {
				c.Expect(c.statusOf(program)).To(BeEql(stopped), "a stopped process is :stopped")
				c.lull()
			}
			c.Tell(program.Child, "kill", sigkill)
			c.ShowsSignal(program, sigkill)
		},
	},
	{
		ID:      "EXT-STAT-5/again",
		Clauses: []string{"EXT-STAT-7"},
		Needs:   startNeeds,
		Story:   "A program is stopped, goes on, is stopped again and ends: its status comes to be what it is each time.",
		Run: func(c *C) {
			program := c.stoppedProgram()
			c.continues(program)
			c.Tell(program.Child, "stop")
			c.ChildAwait(program.ref, spec.Keyword("stopped"))
			c.Until("EXT-STAT-5", "process-status shows that the program is stopped again", func() bool { return c.statusOf(program).Primary() == stopped })
			c.continues(program)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STAT-6/second-value",
		Needs: startNeeds,
		Story: "The second value for a stopped program is recorded.",
		Run: func(c *C) {
			program := c.stoppedProgram()
			switch r := c.statusOf(program); {
			case r.Primary() != stopped:
				c.Observe("EXT-STAT-6", spec.Other)
			case spec.Eql(r.Nth(1), spec.Int(sigstop)):
				c.Observe("EXT-STAT-6", "stop-signal")
			case spec.Eql(r.Nth(1), spec.Int(0)):
				c.Observe("EXT-STAT-6", "zero")
			case !spec.Truth(r.Nth(1)):
				c.Observe("EXT-STAT-6", "nil")
			default:
				c.Observe("EXT-STAT-6", spec.Other)
			}
			c.Tell(program.Child, "kill", sigkill)
			c.ShowsSignal(program, sigkill)
		},
	},
	{
		ID:      "EXT-STAT-7/continued",
		Clauses: []string{"EXT-STAT-5"},
		Needs:   startNeeds,
		Story:   "A program was stopped and goes on: its status comes to be :running again, where stops are seen at all.",
		Run: func(c *C) {
			program := c.stoppedProgram()
			c.continues(program)
			c.Expect(c.statusOf(program)).To(BeEql(running), "a continued process is :running")
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-STAT-8/for-ever",
		Clauses: []string{"EXT-STAT-3", "EXT-STAT-4"},
		Needs:   startNeeds,
		Story:   "One program has exited and one was killed; others come and go: the status of each stays as it is.",
		Run: func(c *C) {
			exit := c.Started(exits(7))
			c.ShowsExit(exit, 7)
			kill := c.Started(does("die", sigkill))
			c.ShowsSignal(kill, sigkill)
			const times = 10
			for i := range times {
				if i < c.Size(times, times, 1) {
					c.ShowsExit(c.Started(exits(i)), i)
				}
				for range c.Size(10, 3, 1) {
					c.Expect(c.statusOf(exit)).To(ReturnFirst(exited, 7), "the status of a process that has ended stays the same")
					c.Expect(c.statusOf(kill)).To(ReturnFirst(signaled, sigkill), "the status of a process that has ended stays the same")
				}
			}
		},
	},
	{
		ID:    "EXT-STAT-9/at-once",
		Needs: startNeeds,
		Story: "Programs go on, asleep, stopped, or blocked by what nobody reads: to ask for their status waits for none.",
		Run: func(c *C) {
			asleep, still := c.Started(), c.Started()
			c.Tell(still.Child, "stop")
			c.ChildAwait(still.ref, spec.Keyword("stopped"))
			blocked := c.Starts(c.Prepared(), nil, redirected(stream, stream, nil)...)
			c.Tell(blocked.Child, "flood", c.Size(1<<20, 1<<20, 70_000))
			for range 2 {
				for _, program := range []Program{asleep, still, blocked} {
					c.statusOf(program)
					c.Expect(c.stateOf(program.PID)).NotTo(BeEnded(), "the program goes on")
				}
			}
			for _, program := range []Program{asleep, still, blocked} {
				c.Tell(program.Child, "kill", sigkill)
				c.ShowsSignal(program, sigkill)
			}
		},
	},
	{
		ID:      "EXT-STAT-10/by-asking",
		Clauses: []string{"EXT-STAT-3"},
		Needs:   startNeeds,
		Story:   "A program ends: that becomes visible by asking for its status alone, although another goes on.",
		Run: func(c *C) {
			other := c.Started()
			program := c.Starts(c.Prepared(does("pause", spec.Double(settleSeconds/3)), exits(7)), nil, apart()...)
			c.Expect(c.asksForEnd(program)).For("EXT-STAT-3").To(ReturnFirst(exited, 7), "after a normal end the status is :exited and the exit code")
			c.Tell(other.Child, "exit", 3)
			c.ShowsExit(other, 3)
		},
	},
	{
		ID:      "EXT-STAT-10/several-ask",
		Clauses: []string{"EXT-STAT-3"},
		Needs:   startNeeds,
		Story:   "Several processes ask for the status of a program that ends, again and again: each comes to see the end, and the code.",
		Run: func(c *C) {
			program := c.Started()
			c.LeavesAfter(settleSeconds, program.Child, 7)
			var seen []spec.Ref
			for range c.Size(3, 3, 1) {
				cell := c.Cell(none)
				seen = append(seen, cell)
				c.Spawn("asker", func(p *P) {
					r := p.asksForEnd(program)
					p.CellSet(cell, spec.NewList(r.Nth(0), r.Nth(1)))
				})
			}
			c.ShowsExit(program, 7)
			for _, cell := range seen {
				c.AwaitThat(spec.CellNot(cell, none), "process-status shows the end to each process that asks")
				c.Expect(c.CellGet(cell)).For("EXT-STAT-3").To(BeEqual(spec.NewList(exited, spec.Int(7))), "after a normal end the status is :exited and the exit code")
			}
		},
	},
	{
		ID:    "EXT-STAT-11/unasked",
		Needs: startNeeds,
		Story: "Whether a program that has ended, and that nobody has asked about, stays a zombie is recorded.",
		Run: func(c *C) {
			program := c.Started(exits(7))
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			c.Settle()
			if c.stateOf(program.PID) == spec.Keyword("zombie") {
				c.Observe("EXT-STAT-11", "stays-zombie")
			} else {
				c.Observe("EXT-STAT-11", "collected")
			}
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STAT-12/low-bits",
		Needs: startNeeds,
		Story: "A program that exits with 300 is shown as one that exits with 44, but where the host keeps all bits.",
		Run: func(c *C) {
			c.ShowsExit(c.Started(exits(44)), 44)
			seen := c.Shown(c.Started(exits(300)))
			c.Expect(seen).For("EXT-STAT-3").To(BeEql(exited), "after a normal end the status is :exited")
			c.Expect(seen.Nth(1)).To(onValue("44, or 300 where the host keeps all bits", func(v spec.Value) bool {
				return spec.Eql(v, spec.Int(300&0xff)) || spec.Eql(v, spec.Int(300))
			}), "the low eight bits of the code survive")
		},
	},
})

// stoppedProgram starts a program, which is stopped, and returns once process-status shows that. A host that doesn't see
// stops goes on showing :running, and nothing can be said of it; anything else is wrong.
func (c *C) stoppedProgram() Program {
	program := c.Started()
	c.Expect(c.statusOf(program)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
	c.Tell(program.Child, "stop")
	c.ChildAwait(program.ref, spec.Keyword("stopped"))
	const step = 0.03
	for waited := 0.0; waited < c.patience(); waited += step {
		status := c.statusOf(program).Primary()
		if status == stopped {
			return program
		}
		c.Expect(status).For("EXT-STAT-5").To(BeEql(running), "a stopped process is :stopped, or :running where stops are not seen")
		c.Pause(step)
	}
	c.NotApplicable("stops are not seen here: a stopped process is shown as :running")
	return program
}

// continues lets a program that is shown as stopped go on, and returns once it is shown as running.
func (c *C) continues(program Program) {
	c.Tell(program.Child, "kill", sigcont)
	c.Until("EXT-STAT-7", "process-status shows that the program runs again", func() bool {
		status := c.statusOf(program).Primary()
		c.Expect(spec.Bool(status == running || status == stopped)).For("EXT-STAT-7").To(BeTrue(), "a continued process is :running: it is %s", status)
		return status == running
	})
}
