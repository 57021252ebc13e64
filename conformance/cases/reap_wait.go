package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Several waits for children at a time, each for its own. Where no other process goes on while one waits, which is left open (REAP-WAIT-2), only the first of these cases says anything.
var _ = chapter([]Case{
	{
		ID:      "REAP-WAIT-1/two-at-once",
		Clauses: []string{"REAP-SEL-3", "REAP-EXIT-2"},
		Needs:   reapNeeds,
		Story:   "Two processes wait for a child each, and both children end at once, time and again: each call returns, with its own child.",
		Run: func(c *C) {
			c.nothingToReap()
			for i := range c.Size(10, 10, 1) {
				a, b := c.StartChild(), c.StartChild()
				one, other := c.toWait(key.Pid(a.PID)), c.toWait(key.Pid(b.PID))
				// Told before anybody waits: the implementation may stand still meanwhile.
				a = c.LeavesAfter(settleSeconds, a, 2)
				if i%2 == 0 {
					b = c.LeavesAfter(settleSeconds, b, 3)
				} else {
					b = c.LeavesAfter(0, b, 3, a)
				}
				other.begins(2, nil)
				one.begins(1, nil)
				one.gets(a, b)
				other.gets(b, a)
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-WAIT-1/beside-another",
		Clauses: []string{"REAP-DEP-1", "REAP-SEL-1"},
		Needs:   reapNeeds,
		Witness: othersRunStep,
		Story:   "One process waits for its child, which goes on running, and another for any child; a second child ends: the other call returns it, although the first still waits.",
		Run: func(c *C) {
			c.othersRun()
			for range c.Size(3, 3, 1) {
				besides(c, func() (runs, ends Child, first, second spec.Key) {
					runs, ends = c.StartChild(), c.StartChild()
					return runs, ends, key.Pid(runs.PID), key.Pid(-1)
				})
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-WAIT-1/beside-a-group",
		Clauses: []string{"REAP-DEP-1", "REAP-SEL-3"},
		Needs:   reapNeeds,
		Witness: othersRunStep,
		Story:   "One process waits for a child of a group in which one goes on running, another for a child of its own, which ends: that call returns it, although the first still waits.",
		Run: func(c *C) {
			c.othersRun()
			besides(c, func() (runs, ends Child, first, second spec.Key) {
				runs, ends = c.StartChild(), c.StartChild()
				group, ok := c.Tell(runs, "own-group").Primary().(spec.Int)
				c.Expect(spec.Bool(ok)).To(BeTrue(), "the first child leads a group of its own")
				return runs, ends, key.Pid(-group), key.Pid(ends.PID)
			})
			c.NoneLeft()
		},
	},
	{
		ID:    "REAP-WAIT-1/until-it-ends",
		Needs: reapNeeds,
		Story: "While a child runs the call with wait t waits until it ends, then returns its status and pid: for its pid, and for -1.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Leaves(c.StartChild(), 7)
			c.ReportsAtLast("REAP-WAIT-1", child, key.Pid(child.PID), key.Wait(true))
			child = c.Leaves(c.StartChild(), 8)
			c.ReportsAtLast("REAP-SEL-1", child, key.Pid(-1), key.Wait(true))
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
			begun, seen, pid := c.Cell(nil), c.Cell(nil), child.PID
			c.Spawn("other", func(p *P) {
				p.CellSet(begun, true)
				p.Pause(settleSeconds)
				p.CellSet(seen, p.stateOf(pid))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the other process begins")
			child = c.LeavesAfter(3*settleSeconds, child, 7) // long after the pause
			c.ReportsAtLast("REAP-WAIT-1", child, key.Pid(child.PID), key.Wait(true))
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
})

// besides has one process wait for a child that runs and another, by other keys, for one that
// ends: its call must not take longer because of the first. While a wait is open nobody may be
// spoken to who has not been heard of: where the second call comes too close on the first, as it
// may on a slow machine, it is made only when that is over. So it is tried with more time between.
func besides(c *C, start func() (runs, ends Child, first, second spec.Key)) {
	moments, inTime := 3.0, false
	for range 4 {
		beside := false
		if beside, inTime = goesBeside(c, moments, start); beside {
			return
		}
		moments *= 2
	}
	if !inTime {
		c.NotApplicable("the second call was made when the first had ended: on a busy machine, or where no other process goes on")
	}
	c.tooLate("REAP-WAIT-1", "the call returns once its child has ended", "it returned when the child of another process's call had ended too",
		"a wait for a child is not held up by another process's wait")
}

// goesBeside tells whether the second call returned while the child of the first still ran, and whether
// it was made while that did.
func goesBeside(c *C, moments float64, start func() (runs, ends Child, first, second spec.Key)) (beside, inTime bool) {
	runs, ends, first, second := start()
	state, own, other := c.Cell(none), c.toWait(first), c.toWait(second)
	ends = c.LeavesAfter((moments+3)*momentSeconds, ends, 3)
	runs = c.LeavesAfter(c.patience(), runs, 2, ends)
	other.beside, other.atCall = &runs, c.Cell(none)
	other.begins(moments, func(p *P) {
		p.CellSet(state, p.stateOf(runs.PID))
		p.lull()
		p.leave(runs)
		p.lull()
	})
	own.begins(1, nil)
	other.returns("REAP-WAIT-1")
	taken := nth(entries(c.CellGet(own.answer).Primary()), 1)
	switch which := first.Value.(spec.Int); {
	case which > 0:
		c.Expect(taken).For("REAP-SEL-3").NotTo(BeEql(ends.PID), "only the child with that pid is considered")
	case which < -1:
		c.Expect(taken).For("REAP-SEL-4").NotTo(BeEql(ends.PID), "only children of that group are considered")
	}
	other.gets(ends)
	own.gets(runs, ends)
	alive := func(cell spec.Ref) bool { return c.CellGet(cell).Primary() == spec.Keyword("alive") }
	return alive(state), alive(other.atCall)
}
