package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapExitCases = []Case{
	{
		ID:      "REAP-EXIT-1/status-then-pid",
		Clauses: []string{"REAP-NOHANG-2"},
		Needs:   reapNeeds,
		Story:   "A child that has ended by exit 7 is reported at once with its status and its own pid, in that order, with wait t and with wait nil, for its pid and for -1.",
		Run: func(c *C) {
			c.nothingToReap()
			for _, wait := range []bool{true, false} {
				child := c.Ended(7)
				c.Reports("REAP-EXIT-1", []Child{child}, key.Pid(child.PID), key.Wait(wait))
				child = c.Ended(7)
				c.Reports("REAP-SEL-1", []Child{child}, key.Pid(-1), key.Wait(wait))
			}
		},
	},
	{
		ID:      "REAP-EXIT-2/permutation",
		Clauses: []string{"REAP-EXIT-3"},
		Needs:   reapNeeds,
		Story:   "Several children have ended with different codes: as many calls report each once, its own status with its own pid, in any order; then nothing is left.",
		Run: func(c *C) {
			c.nothingToReap()
			var left []Child
			for i := range c.Size(5, 5, 3) {
				left = append(left, c.Ended(11+i))
			}
			for range len(left) {
				left = without(left, c.Reports("REAP-SEL-1", left, key.Pid(-1), key.Wait(false)))
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-EXIT-3/once",
		Clauses: []string{"REAP-NONE-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "A child that was reported is not reported again: by its pid the values are nil and nil, with wait t and with wait nil.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.reporting()
			c.NoneLeft(key.Pid(child.PID), key.Wait(false))
			c.NoneLeft(key.Pid(child.PID), key.Wait(true))
			c.NoneLeft(key.Pid(-1), key.Wait(false))
		},
	},
	{
		ID:    "REAP-WAIT-1/until-it-ends",
		Needs: reapNeeds,
		Story: "While a child runs the call with wait t waits until it ends, then returns its status and pid: for its pid, and for -1.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Leaves(c.StartChild(), 7)
			c.Reports("REAP-WAIT-1", []Child{child}, key.Pid(child.PID), key.Wait(true))
			child = c.Leaves(c.StartChild(), 8)
			c.Reports("REAP-SEL-1", []Child{child}, key.Pid(-1), key.Wait(true))
		},
	},
	{
		ID:      "REAP-WAIT-1/whichever-ends",
		Clauses: []string{"REAP-SEL-1"},
		Needs:   reapNeeds,
		Witness: "the one that ended is reported, the other still runs",
		Story:   "While two children run the call waits until one of them ends, and returns that one's status and pid; the other still runs.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.StartChild(), c.StartChild()
			b = c.Leaves(b, 3)
			answer := c.For("REAP-WAIT-1").ReapOsSubprocess(key.Pid(-1), key.Wait(true))
			c.Expect(answer).NotTo(ReturnFirst(nil, -1), "the call waits while children run")
			c.reported(answer, "REAP-SEL-1", b)
			c.Expect(c.stateOf(a.PID)).To(BeEql(spec.Keyword("alive")), "the call did not wait for the other child")
			c.Step("the one that ended is reported, the other still runs")
			a = c.End(a, 2)
			c.Reports("REAP-EXIT-1", []Child{a}, key.Pid(a.PID), key.Wait(true))
		},
	},
	{
		ID:      "REAP-WAIT-2/others",
		Needs:   reapNeeds,
		Witness: "the call that waits has returned",
		Story:   "Another process has a pause open while one waits for a child: whether it goes on before the child ends is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.StartChild()
			begun, seen := c.Cell(nil), c.Cell(nil)
			c.Spawn("other", func(p *P) {
				p.CellSet(begun, true)
				p.Pause(settleSeconds)
				p.CellSet(seen, p.stateOf(child.PID))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the other process begins")
			child = c.LeavesAfter(3*settleSeconds, child, 7) // long after the pause
			c.Reports("REAP-WAIT-1", []Child{child}, key.Pid(child.PID), key.Wait(true))
			c.Step("the call that waits has returned")
			c.AwaitFor("PROC-CREATE-1", spec.CellNot(seen, nil), "the other process goes on at last")
			if c.CellGet(seen).Primary() == spec.Keyword("alive") {
				c.Observe("REAP-WAIT-2", "others-run")
			} else {
				c.Observe("REAP-WAIT-2", "others-suspended")
			}
		},
	},
	{
		ID:      "REAP-WAIT-3/child-signal",
		Needs:   reapNeeds,
		Witness: "the call that waits has ended",
		Story:   "While one waits for a child another ends, which sends the Lisp a signal: what becomes of the wait is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.StartChild(), c.StartChild()
			b = c.Leaves(b, 3, a)
			c.Leaves(a, 2)
			answer := c.Try().ReapOsSubprocess(key.Pid(b.PID), key.Wait(true))
			c.Step("the call that waits has ended")
			switch {
			case answer.Status == spec.Signalled:
				c.Observe("REAP-WAIT-3", "error")
			case !spec.Truth(answer.Primary()):
				c.Observe("REAP-WAIT-3", "returns-nil")
			case spec.Eql(answer.Nth(1), b.PID):
				c.Observe("REAP-WAIT-3", "wait-goes-on")
			default:
				c.Observe("REAP-WAIT-3", spec.Other)
			}
		},
	},
}
