package cases

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:      "REAP-ZOMB-1/stays",
		Needs:   reapNeeds,
		Witness: "the child is reported at last",
		Story:   "A child that has ended stays a zombie in the system as long as nobody reaps it.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Ended(7)
			c.Settle()
			c.Expect(c.stateOf(child.PID)).To(BeEql(spec.Keyword("zombie")), "nobody has reaped the child, so it is still there")
			c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
			c.Step("the child is reported at last")
		},
	},
	{
		ID:      "REAP-ZOMB-2/gone",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: "the child is a zombie, then reported",
		Story:   "A child that has ended is gone from the system once it is reported, and only then.",
		Run: func(c *C) {
			c.nothingToReap()
			var child, other Child
			c.Control("the child is a zombie, then reported", func() {
				child, other = c.Ended(7), c.Ended(5)
				c.Expect(c.stateOf(child.PID)).For("REAP-ZOMB-1").To(BeEql(spec.Keyword("zombie")), "before it is reaped the child is there")
				c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
			})
			c.Expect(c.stateOf(child.PID)).To(BeEql(spec.Keyword("absent")), "the child that was reported is gone")
			c.Reports("REAP-NOHANG-2", []Child{other}, key.Pid(other.PID))
			c.Expect(c.stateOf(other.PID)).To(BeEql(spec.Keyword("absent")), "and so with wait t")
		},
	},
	{
		ID:      "REAP-ZOMB-4/many",
		Clauses: []string{"REAP-EXIT-2", "REAP-EXIT-3"},
		Needs:   reapNeeds,
		Witness: "every child is a zombie",
		Story:   "Many children have ended: as many calls report each of them once and leave no zombie.",
		Run: func(c *C) {
			c.nothingToReap()
			n := c.Size(200, 200, 3)
			var left []Child
			for i := range n {
				left = append(left, c.Ended(1+i%250))
				c.isZombie(left[i])
			}
			all := slices.Clone(left)
			c.Step("every child is a zombie")
			for range n {
				left = without(left, c.Reports("REAP-SEL-1", left, key.Pid(-1), key.Wait(false)))
			}
			for _, child := range all {
				c.Expect(c.stateOf(child.PID)).For("REAP-ZOMB-2").To(BeEql(spec.Keyword("absent")), "no zombie is left")
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-ZOMB-1/beside-a-command",
		Clauses: []string{"REAP-ZOMB-5"},
		Needs:   reapNeeds,
		Witness: "the children are reported at last",
		Story:   "One child has ended and another ends while commands run that run-shell-command waits for: both stay zombies, and are then reported.",
		Run: func(c *C) {
			c.nothingToReap()
			ended, ends := c.Ended(3), c.StartChild()
			for i := range c.Size(3, 3, 1) {
				c.Expect(c.For("REAP-RSC-1").RunShellCommand("exit 5", key.Wait(true))).For("REAP-RSC-1").To(BeExitStatus(5), "the call returns the exit status of its command")
				c.Expect(c.stateOf(ended.PID)).To(BeEql(spec.Keyword("zombie")), "to wait for a command reaps no other child")
				if i == 0 {
					ends = c.End(ends, 4)
				}
			}
			c.Expect(c.stateOf(ends.PID)).To(BeEql(spec.Keyword("zombie")), "to wait for a command reaps no other child")
			c.Reports("REAP-NOHANG-2", []Child{ended}, key.Pid(ended.PID), key.Wait(false))
			c.Reports("REAP-NOHANG-2", []Child{ends}, key.Pid(ends.PID), key.Wait(false))
			c.Step("the children are reported at last")
		},
	},
	{
		ID:      "REAP-ZOMB-5/waited-for",
		Clauses: []string{"REAP-RSC-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "A command that run-shell-command waited for leaves nothing to reap: the call returned its exit status itself.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			c.Expect(c.RunShellCommand("exit 3", key.Wait(true))).To(BeExitStatus(3), "run-shell-command returns the exit status of the command that it waited for")
			answer := c.For("REAP-NOHANG-1").ReapOsSubprocess(key.Wait(false))
			c.notAgain(answer)
			c.Expect(answer).To(BeNil(), "the command is not left to reap")
			c.Expect(answer).For("REAP-NOHANG-1").To(ReturnFirst(nil, nil), "no child is left")
		},
	},
	{
		ID:      "REAP-ZOMB-5/beside-a-wait",
		Clauses: []string{"REAP-RSC-1", "REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "While a process waits for any child another runs commands with wait t: each call returns its own exit status, and the wait goes on until a child ends that is left to reap.",
		Run: func(c *C) {
			c.othersRun()
			child := c.StartChild()
			child = c.LeavesAfter(c.patience(), child, 3)
			anyone := c.toWait(key.Pid(-1))
			ran, rounds := c.Log(), c.Size(25, 25, 1)
			anyone.signals += 2 * rounds // a shell may end beside the command
			done := c.beside(anyone, 3, child, func(p *P) {
				p.lull()
				for i := range rounds {
					r := p.Try().RunShellCommand(fmt.Sprintf("exit %d", 7+i), key.Wait(true))
					p.lull()
					p.LogAppend(ran, spec.NewList(r.Values...))
				}
			})
			anyone.begins(1, nil)
			c.AwaitThat(spec.CellNot(done, none), "every command that is waited for ends, and its call returns")
			anyone.returns("REAP-WAIT-1")
			for i, status := range entries(c.LogRead(ran).Primary()) {
				c.Expect(nth(entries(status), 0)).For("REAP-RSC-1").To(BeExitStatus(7+i), "the call returns the exit status of its own command")
			}
			pid, ok := nth(entries(c.CellGet(anyone.answer).Primary()), 1).(spec.Int)
			known := isIn(pid, spec.NewList(c.Ledger.Under(startedBefore)...))
			c.Expect(spec.Bool(ok && pid > 0 && !known)).To(BeNil(), "a command that was waited for is not left to reap: reaping reported %v", pid)
			anyone.gets(child)
		},
	},
	{
		ID:      "REAP-ZOMB-5/before-a-wait",
		Clauses: []string{"REAP-RSC-1", "REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "While a process waits for a command another begins to wait for any child; the command ends: the first returns its exit status, and the other goes on waiting until a child ends that is left to reap.",
		Run: func(c *C) {
			c.othersRun()
			for range c.Size(5, 5, 1) {
				child, prepared, status := c.StartChild(), c.ChildPrepare(), c.Cell(none)
				anyone := c.toWait(key.Pid(-1))
				anyone.begins(4, nil)
				c.pauses("caller", 1, func(p *P) {
					p.CellSet(status, p.Try().RunShellCommand(prepared.Nth(1), key.Wait(true)).Primary())
				})
				command := Child{ref: prepared.Nth(0)}
				command.PID = c.ChildAwait(command.ref, spec.Keyword("ready")).Primary()
				command = c.LeavesAfter(2*settleSeconds, command, 7)
				child = c.LeavesAfter(settleSeconds, child, 3, command)
				c.Expect(c.answered("REAP-RSC-1", status, "the call returns")).For("REAP-RSC-1").To(BeExitStatus(7), "the call returns the exit status of its own command")
				got := entries(anyone.returns("REAP-WAIT-1"))
				c.Expect(nth(got, 1)).NotTo(BeEql(command.PID), "a command that was waited for is not left to reap")
				anyone.gets(child)
			}
		},
	},
	{
		ID:      "REAP-ZOMB-1/killed-waiter",
		Clauses: []string{"REAP-NOHANG-2"},
		Needs:   append([]string{"process-kill", "process-join"}, reapNeeds...),
		Witness: othersRunStep,
		Story:   "A process that waits for a child is killed and dead before the child ends: the child stays until it is reaped, by its pid or by -1.",
		Run: func(c *C) {
			c.othersRun()
			for _, any := range []bool{false, true}[:c.Size(2, 2, 1)] {
				child, which := Child{}, key.Pid(-1)
				dies := c.inTime(func(moments float64) (dies, late bool) {
					child = c.LeavesAfter(c.patience(), c.StartChild(), 7)
					if !any {
						which = key.Pid(child.PID)
					}
					killed := c.toWait(which)
					killed.begins(1, nil)
					c.Pause(moments * momentSeconds)
					paused := c.runs(child)
					c.For("PROC-KILL-1").ProcessKill(killed.process)
					dead := spec.Truth(c.For("PROC-JOIN-1").ProcessJoin(killed.process, key.Timeout(1)).Primary())
					alive := c.runs(child)
					if late = paused && !alive; late { // the kill came with the child's end
						c.For("PROC-JOIN-1").ProcessJoin(killed.process)
						c.ReapOsSubprocess(which, key.Wait(false))
					}
					return dead && alive, late
				})
				if !dies {
					c.NotApplicable("a kill does not reach a process that waits for a child, or the machine is too busy to tell")
				}
				child = c.End(child, 7)
				c.Settle()
				c.Expect(c.stateOf(child.PID)).To(BeEql(spec.Keyword("zombie")), "a wait that is over takes no child")
				c.Reports("REAP-NOHANG-2", []Child{child}, which, key.Wait(false))
			}
		},
	},
})

// without is a list without one child.
func without(list []Child, gone Child) []Child {
	var rest []Child
	for _, child := range list {
		if child != gone {
			rest = append(rest, child)
		}
	}
	return rest
}
