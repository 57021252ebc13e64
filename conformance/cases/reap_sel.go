package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:    "REAP-SEL-1/two-groups",
		Needs: reapNeeds,
		Story: "Two children in different process groups have ended: two calls with pid -1 report both.",
		Run: func(c *C) {
			c.nothingToReap()
			reapsBothGroups(c, "REAP-SEL-1", key.Pid(-1), key.Wait(false))
		},
	},
	{
		ID:      "REAP-SEL-2/ended",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: "pid -1 reports what pid 0 did not",
		Story:   "A child of the Lisp's own process group and one of another have ended: pid 0 reports the first and leaves the second, which pid -1 then reports.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.StartChild(), c.StartChild()
			c.Tell(b, "own-group")
			own := c.inGroupOfLisp(a)
			a, b = c.End(a, 2), c.End(b, 3)
			if own {
				c.Reports("REAP-SEL-2", []Child{a}, key.Pid(0), key.Wait(false))
			} else {
				// The implementation gives every child a group of its own.
				c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID), key.Wait(false))
			}
			c.Ignores("REAP-SEL-2", key.Pid(0), key.Wait(false))
			c.Control("pid -1 reports what pid 0 did not", func() {
				c.Reports("REAP-SEL-1", []Child{b}, key.Pid(-1), key.Wait(false))
			})
		},
	},
	{
		ID:      "REAP-SEL-2/running",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While only a child of another process group runs, pid 0 returns nil and nil at once, with wait t too.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			child := c.StartChild()
			c.Tell(child, "own-group")
			c.Ignores("REAP-SEL-2", key.Pid(0), key.Wait(false))
			c.Expect(c.For("REAP-NONE-1").ReapOsSubprocess(key.Pid(0), key.Wait(true))).To(ReturnFirst(nil, nil), "no child is considered")
			c.Expect(c.stateOf(child.PID)).To(BeEql(spec.Keyword("alive")), "the call did not wait for the child")
			child = c.End(child, 5)
			c.Reports("REAP-SEL-3", []Child{child}, key.Pid(child.PID))
		},
	},
	{
		ID:      "REAP-SEL-3/the-other",
		Clauses: []string{"REAP-EXIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: "the first child is reported by its own pid",
		Story:   "Of two children that have ended, reaping the second by its pid reports that one and leaves the first to be reaped.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.Ended(2), c.Ended(3)
			c.Reports("REAP-SEL-3", []Child{b}, key.Pid(b.PID), key.Wait(false))
			c.Ignores("REAP-SEL-3", key.Pid(b.PID), key.Wait(false))
			c.Control("the first child is reported by its own pid", func() {
				c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID), key.Wait(false))
			})
		},
	},
	{
		ID:      "REAP-SEL-4/group",
		Needs:   reapNeeds,
		Witness: "the child of the other group is left",
		Story:   "A pid below -1 reports a child of the process group of that number, and none of another.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.StartChild(), c.StartChild()
			group, ok := c.Tell(b, "own-group").Primary().(spec.Int)
			c.Expect(spec.Bool(ok && !spec.Eql(c.groupOf(a.PID), group))).To(BeTrue(), "the second child leads a group of its own")
			a, b = c.End(a, 2), c.End(b, 3)
			c.Reports("REAP-SEL-4", []Child{b}, key.Pid(-group), key.Wait(false))
			c.Ignores("REAP-SEL-4", key.Pid(-group), key.Wait(false))
			c.Step("the child of the other group is left")
			c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID))
		},
	},
	{
		ID:      "REAP-SEL-4/others-ended",
		Clauses: []string{"REAP-NOHANG-3", "REAP-NONE-2"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While a child runs in a group of its own, and one of another group has ended, reaping that group without waiting returns nil and the argument; a group that nobody is in gives nil and nil, with wait t too.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			a, b := c.Ended(2), c.StartChild()
			group, ok := c.Tell(b, "own-group").Primary().(spec.Int)
			c.Expect(spec.Bool(ok)).To(BeTrue(), "the second child leads a group of its own")
			notA := func(r spec.Return) spec.Return {
				c.Expect(r.Nth(1)).NotTo(BeEql(a.PID), "only children of that group are considered")
				return r
			}
			alone := c.For("REAP-NOHANG-4").ReapOsSubprocess(key.Pid(b.PID), key.Wait(false))
			c.Expect(alone.Nth(1)).For("REAP-SEL-3").NotTo(BeEql(a.PID), "only the child with that pid is considered")
			c.Expect(alone).For("REAP-NOHANG-3").To(ReturnFirst(nil, b.PID), "the second value is the pid argument")
			running := notA(c.For("REAP-NOHANG-4").ReapOsSubprocess(key.Pid(-group), key.Wait(false)))
			c.Expect(running.Nth(1)).To(BeTrue(), "the child of that group is considered")
			c.Expect(running).For("REAP-NOHANG-3").To(ReturnFirst(nil, -group), "the second value is the pid argument")
			for _, wait := range []bool{false, true} {
				c.Expect(notA(c.For("REAP-NONE-2").ReapOsSubprocess(key.Pid(-unusedPID), key.Wait(wait)))).To(ReturnFirst(nil, nil), "nobody is in that group")
			}
			b = c.End(b, 3)
			c.Reports("REAP-SEL-4", []Child{b}, key.Pid(-group), key.Wait(true))
			c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID))
		},
	},
	{
		ID:      "REAP-SEL-5/others-end",
		Clauses: []string{"REAP-WAIT-1", "REAP-SEL-3"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: "the other child is reported by its own pid",
		Story:   "Who waits for one child doesn't get another that ends meanwhile: the call returns when the one ends, a while later, and the other can still be reaped.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b := c.StartChild(), c.StartChild()
			b = c.Leaves(b, 3, a)
			a = c.Leaves(a, 2)
			answer := c.For("REAP-WAIT-1").waitsThrough(0, key.Pid(b.PID), key.Wait(true))
			c.Expect(answer.Nth(1)).For("REAP-SEL-3").NotTo(BeEql(a.PID), "only the child with that pid is considered")
			if c.stateOf(a.PID) == spec.Keyword("alive") {
				c.reported(answer, "REAP-WAIT-1", b)
			}
			if spec.Truth(answer.Primary()) {
				c.Expect(c.stateOf(b.PID)).For("REAP-SEL-5").NotTo(BeEql(spec.Keyword("alive")), "the end of another child does not end the wait: the child still runs")
			}
			c.reported(answer, "REAP-SEL-5", b)
			state := c.stateOf(a.PID)
			c.Expect(state).NotTo(BeEql(spec.Keyword("alive")), "the other child ended first and was not considered")
			a.collected = state == spec.Keyword("absent")
			c.Control("the other child is reported by its own pid", func() {
				c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID), key.Wait(true))
			})
		},
	},
})
