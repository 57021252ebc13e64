package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapNeeds = []string{"reap-os-subprocess", "run-shell-command"}

const reapedStep = "a child that has ended is reported by the same call"

// unusedPID is above the greatest number that a process can have.
const unusedPID = 1 << 30

// What reaping takes and answers with.
var _ = chapter([]Case{
	{
		ID:    "REAP-SIG-1/keywords",
		Needs: reapNeeds,
		Story: "Each of the keywords pid and wait may be left out, and both may come in either order.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Ended(2)
			c.Reports("REAP-SIG-1", []Child{child}, key.Pid(child.PID), key.Wait(false))
			child = c.Ended(3)
			c.Reports("REAP-SIG-1", []Child{child}, key.Pid(child.PID))
			child = c.Ended(4)
			c.reported(c.ReapOsSubprocess(key.Wait(false)), "REAP-DEF-1", child)
			child = c.Ended(5)
			c.reported(c.ReapOsSubprocess(), "REAP-DEF-1", child)

			child = c.StartChild()
			c.Considers(child.PID, key.Pid(child.PID))
			c.Expect(c.ReapOsSubprocess(key.Wait(false), key.Pid(child.PID))).To(ReturnFirst(nil, child.PID), "pid may come after wait")
			child = c.End(child, 6)
			c.Reports("REAP-SIG-1", []Child{child}, key.Wait(false), key.Pid(child.PID))
		},
	},
	{
		ID:      "REAP-SIG-2/os-wait",
		Needs:   []string{"reap-os-subprocess", "run-shell-command", "os-wait"},
		Expects: Absence,
		Witness: "os-wait reports a child that has ended",
		Story:   "Os-wait with a true nowait is reap-os-subprocess with wait nil, and without it waits.",
		Run: func(c *C) {
			c.nothingToReap()
			c.Control("os-wait reports a child that has ended", func() {
				child := c.Ended(7)
				c.reported(c.OsWait(true, child.PID), "REAP-SIG-2", child)
			})
			child := c.StartChild()
			c.Expect(c.OsWait(true, child.PID)).To(ReturnFirst(nil, child.PID), "while the child runs the values are nil and the pid argument")
			child = c.Leaves(child, 5)
			c.reported(c.through(0, func(p *P) spec.Return { return p.OsWait(nil, child.PID) }), "REAP-SIG-2", child)
			again := c.OsWait(true, child.PID)
			c.notAgain(again)
			c.Expect(again).To(ReturnFirst(nil, nil), "nothing is left to wait for")
		},
	},
	{
		ID:    "REAP-SCOPE-1/started",
		Needs: []string{"start", "reap-os-subprocess"},
		Story: "A program that start has started ends, the only child that there is: whether reap-os-subprocess reports it is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			program := c.Started()
			c.Ledger.Add(preparedBefore, program.ref) // which may be reported
			c.Tell(program.Child, "exit", 7)
			c.hasEnded(program.Child)
			switch r := c.ReapOsSubprocess(key.Wait(false)); {
			case spec.Truth(r.Nth(0)) && spec.Eql(r.Nth(1), program.PID):
				c.Observe("REAP-SCOPE-1", "reported")
			case !spec.Truth(r.Nth(0)) && !spec.Truth(r.Nth(1)):
				c.Observe("REAP-SCOPE-1", "not-reported")
			default:
				c.Observe("REAP-SCOPE-1", spec.Other)
			}
		},
	},
	{
		ID:    "REAP-SIG-4/ignored",
		Needs: append([]string{"ignore-child-signals"}, reapNeeds...),
		Story: "The Lisp ignores the signals of its children: what a call tells of one that runs, and once it has ended, is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			if c.For("REAP-FN-1").Try().IgnoreChildSignals().Status != spec.Returned {
				c.Observe("REAP-SIG-4", spec.Other)
				return
			}
			child := c.StartChild()
			if r := c.ReapOsSubprocess(key.Wait(false)); !spec.Truth(r.Nth(0)) && spec.Eql(r.Nth(1), spec.Int(-1)) {
				c.Observe("REAP-SIG-4", "nil-pid-argument-while-running")
			} else {
				c.Observe("REAP-SIG-4", spec.Other)
			}
			c.End(child, 7)
			c.Settle()
			if r := c.For("REAP-NONE-1").ReapOsSubprocess(); !spec.Truth(r.Nth(0)) && !spec.Truth(r.Nth(1)) {
				c.Observe("REAP-SIG-4", "nil-nil-when-none-left")
			} else {
				c.Observe("REAP-SIG-4", spec.Other)
			}
		},
	},
	{
		ID:    "REAP-SIG-3/count",
		Needs: reapNeeds,
		Story: "How many values come back for a child that ended by exit, for one that a signal ended, and for none is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			count := func(r spec.Return) {
				switch n := len(r.Values); {
				case n == 2:
					c.Observe("REAP-SIG-3", "two-values")
				case n == 3:
					c.Observe("REAP-SIG-3", "three-values")
				case n > 3:
					c.Observe("REAP-SIG-3", "more-values")
				default:
					c.Observe("REAP-SIG-3", spec.Other)
				}
			}
			c.Ended(7)
			count(c.ReapOsSubprocess())
			c.Killed()
			count(c.ReapOsSubprocess())
			count(c.ReapOsSubprocess(key.Wait(false)))
		},
	},
	{
		ID:    "REAP-DEF-1/two-groups",
		Needs: reapNeeds,
		Story: "Two children in different process groups have ended: two calls without pid report both.",
		Run: func(c *C) {
			c.nothingToReap()
			reapsBothGroups(c, "REAP-DEF-1", key.Wait(false))
		},
	},
	{
		ID:      "REAP-DEF-2/waits",
		Clauses: []string{"REAP-WAIT-1"},
		Needs:   reapNeeds,
		Witness: "with wait t the call waits for a child that runs",
		Story:   "With one child running and wait left out the call waits until the child ends, as it does with wait t.",
		Run: func(c *C) {
			c.nothingToReap()
			c.Control("with wait t the call waits for a child that runs", func() {
				child := c.Leaves(c.StartChild(), 6)
				c.ReportsAtLast("REAP-WAIT-1", child, key.Pid(child.PID), key.Wait(true))
			})
			child := c.Leaves(c.StartChild(), 7)
			c.ReportsAtLast("REAP-DEF-2", child, key.Pid(child.PID))
		},
	},
	{
		ID:      "REAP-STOP-1/waited-for",
		Clauses: []string{"REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "A child for which a process waits is stopped: the call goes on waiting, and returns once the child, continued, has ended.",
		Run: func(c *C) {
			c.othersRun()
			child := c.StartChild()
			child = c.LeavesAfter(c.patience(), child, 3)
			own := c.toWait(key.Pid(child.PID))
			early := c.Cell(none)
			done := c.beside(own, 3, child, func(p *P) {
				p.Tell(child, "stop")
				p.ChildAwait(child.ref, spec.Keyword("stopped"))
				p.Settle()
				p.CellSet(early, p.CellGet(own.answer).Primary())
				p.Tell(child, "kill", sigcont)
			})
			own.begins(1, nil)
			c.answered("REAP-WAIT-1", done, "the other process goes on")
			c.Expect(c.CellGet(early)).To(BeEql(none), "a child that is stopped has not ended")
			own.gets(child)
		},
	},
	{
		ID:      "REAP-STOP-1/stopped",
		Clauses: []string{"REAP-NOHANG-3"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "A child that is stopped is not reported, and counts as running; continued and killed it is reported once.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			child := c.StartChild()
			c.Tell(child, "stop")
			c.ChildAwait(child.ref, spec.Keyword("stopped"))
			answer := c.For("REAP-NOHANG-4").ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))
			c.Expect(answer).To(BeNil(), "a stopped child is not reported")
			c.Expect(answer).For("REAP-NOHANG-3").To(ReturnFirst(nil, child.PID), "a stopped child counts as running")
			c.Tell(child, "kill", sigcont)
			c.Tell(child, "kill", sigkill)
			child = c.hasEnded(child)
			c.Expect(c.ReapOsSubprocess(key.Pid(child.PID)).Nth(1)).For(child.unlessLost("REAP-EXIT-1")).To(BeEql(child.PID), "the child has ended and is reported")
			c.Ledger.Add(reapedBefore, child.PID)
			c.NoneLeft(key.Pid(child.PID), key.Wait(false))
		},
	},
	{
		ID:    "REAP-DEP-1/twice",
		Needs: reapNeeds,
		Story: "The same happens twice - no child, one that runs, one that has ended, none again - and the answers are of the same kind.",
		Run: func(c *C) {
			c.nothingToReap()
			asked := c.For("REAP-NOHANG-4").Try()
			ended := Child{}
			scene := func() []string {
				kinds := []string{kindOf(asked.ReapOsSubprocess(key.Wait(false)))}
				child := c.StartChild()
				kinds = append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
				child = c.End(child, 7)
				ended = child
				kinds = append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
				return append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
			}
			first, second := scene(), scene()
			for i, moment := range []string{"without a child", "while one runs", "when it has ended", "after its report"} {
				c.Expect(spec.String(second[i])).To(BeEqual(first[i]), "%s the answer is the second time as the first", moment)
			}
			c.Expect(spec.String(first[1])).For("REAP-NOHANG-3").To(BeEqual("nil and an integer"), "while a child runs the answer is nil and the pid argument")
			c.Expect(spec.String(first[2])).For(ended.unlessLost("REAP-EXIT-1")).To(BeEqual("two integers"), "a child that has ended is reported")
		},
	},
	{
		ID:    "REAP-ARG-1/odd-pid",
		Needs: reapNeeds,
		Story: "What becomes of a pid that is no integer is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			c.Ended(7)
			for _, pid := range []spec.Value{spec.String("1"), spec.Keyword("all")} {
				if c.Try().ReapOsSubprocess(key.Pid(pid), key.Wait(false)).Status == spec.Signalled {
					c.Observe("REAP-ARG-1", "bad-pid-error")
				} else {
					c.Observe("REAP-ARG-1", spec.Other)
				}
			}
		},
	},
	{
		ID:    "REAP-ARG-1/odd-wait",
		Needs: reapNeeds,
		Story: "What becomes of a wait that is neither t nor nil, while a child runs, is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Leaves(c.StartChild(), 7)
			answer := c.Try().ReapOsSubprocess(key.Pid(child.PID), key.Wait(spec.Keyword("perhaps")))
			switch {
			case answer.Status == spec.Signalled:
				c.Observe("REAP-ARG-1", "odd-wait-error")
			case spec.Truth(answer.Primary()):
				c.Observe("REAP-ARG-1", "odd-wait-as-true")
			default:
				c.Observe("REAP-ARG-1", spec.Other)
			}
		},
	},
})

// reporting shows that reaping reports a child that has ended: the control of an absence.
func (c *C) reporting() Child {
	var child Child
	c.Control(reapedStep, func() {
		child = c.Ended(7)
		c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
	})
	return child
}

// reapsBothGroups has two children end, one in a process group of its own, the other
// in that of the Lisp where the implementation allows it; two calls report both.
func reapsBothGroups(c *C, clause string, keys ...any) {
	a, b := c.StartChild(), c.StartChild()
	c.Tell(b, "own-group")
	c.Expect(spec.Bool(spec.Eql(c.groupOf(a.PID), c.groupOf(b.PID)))).To(BeNil(), "the children are in different groups")
	left := []Child{c.End(a, 2), c.End(b, 3)}
	for range 2 {
		left = without(left, c.Reports(clause, left, keys...))
	}
	c.NoneLeft()
}

// kindOf says of what kind an answer is.
func kindOf(r spec.Return) string {
	_, status := r.Nth(0).(spec.Int)
	_, pid := r.Nth(1).(spec.Int)
	switch {
	case r.Status == spec.Signalled:
		return "an error"
	case status && pid:
		return "two integers"
	case !spec.Truth(r.Nth(0)) && pid:
		return "nil and an integer"
	case !spec.Truth(r.Nth(0)) && !spec.Truth(r.Nth(1)):
		return "nil and nil"
	}
	return r.String()
}
