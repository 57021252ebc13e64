package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapCases = slices.Concat(reapSignatureCases, reapZombieCases, reapSelectCases, reapExitCases, reapWaitCases,
	reapNoHangCases, reapStatusCases, reapFunctionCases, reapShellCases)

var reapNeeds = []string{"reap-os-subprocess", "run-shell-command"}

const reapedStep = "a child that has ended is reported by the same call"

// reporting shows that reaping reports a child that has ended: the control of an absence.
func (c *C) reporting() Child {
	var child Child
	c.Control(reapedStep, func() {
		child = c.Ended(7)
		c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
	})
	return child
}

var reapSignatureCases = []Case{
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
			c.reported(c.OsWait(nil, child.PID), "REAP-SIG-2", child)
			again := c.OsWait(true, child.PID)
			c.notAgain(again)
			c.Expect(again).To(ReturnFirst(nil, nil), "nothing is left to wait for")
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
				c.Reports("REAP-WAIT-1", []Child{child}, key.Pid(child.PID), key.Wait(true))
			})
			child := c.Leaves(c.StartChild(), 7)
			c.Reports("REAP-DEF-2", []Child{child}, key.Pid(child.PID))
		},
	},
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
