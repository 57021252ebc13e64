package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:      "REAP-NOHANG-1/no-child",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "Without children reaping without waiting returns nil and nil, before the first child and after the last, for every pid.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.reporting()
			for _, pid := range []any{-1, 0, child.PID} {
				c.NoneLeft(key.Pid(pid), key.Wait(false))
			}
			c.NoneLeft()
		},
	},
	{
		ID:    "REAP-NOHANG-2/ended",
		Needs: reapNeeds,
		Story: "With wait nil a child that has ended is reported with its status and pid, although another still runs.",
		Run: func(c *C) {
			c.nothingToReap()
			running, ended := c.StartChild(), c.Ended(7)
			c.Reports("REAP-SEL-1", []Child{ended}, key.Pid(-1), key.Wait(false))
			running = c.End(running, 5)
			c.Reports("REAP-NOHANG-2", []Child{running}, key.Pid(running.PID), key.Wait(false))
		},
	},
	{
		ID:      "REAP-NOHANG-3/any",
		Clauses: []string{"REAP-DEF-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While one child runs and none has ended, reaping without waiting returns nil and -1, for the default pid and for -1.",
		Run: func(c *C) {
			stillRunning(c, func(Child) {
				c.Considers(-1, key.Pid(-1))
				c.Expect(c.ReapOsSubprocess(key.Wait(false))).For("REAP-DEF-1").To(ReturnFirst(nil, -1), "the second value is the pid argument, whose default is -1")
			})
		},
	},
	{
		ID:      "REAP-NOHANG-3/that-child",
		Clauses: []string{"REAP-SEL-3", "REAP-SIG-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While a child runs, reaping it by its pid without waiting returns nil and that pid.",
		Run: func(c *C) {
			stillRunning(c, func(child Child) {
				c.Considers(child.PID, key.Pid(child.PID))
				c.Expect(c.ReapOsSubprocess(key.Wait(false), key.Pid(child.PID))).For("REAP-SIG-1").To(ReturnFirst(nil, child.PID),
					"the keywords may come in either order")
			})
		},
	},
	{
		ID:      "REAP-NOHANG-3/own-group",
		Clauses: []string{"REAP-SEL-2"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While a child runs, reaping pid 0 without waiting returns nil and 0 if the child is of the Lisp's own process group, else nil and nil.",
		Run: func(c *C) {
			stillRunning(c, func(child Child) {
				if c.inGroupOfLisp(child) {
					c.Considers(0, key.Pid(0))
				} else {
					c.Ignores("REAP-SEL-2", key.Pid(0), key.Wait(false))
				}
			})
		},
	},
	{
		ID:      "REAP-NOHANG-4/at-once",
		Clauses: []string{"REAP-NOHANG-1", "REAP-NOHANG-2", "REAP-NOHANG-3"},
		Needs:   reapNeeds,
		Witness: "every row of the table has answered while the child slept",
		Story:   "While a child sleeps, reaping without waiting answers at once: that it runs, that another has ended, and that a third is none.",
		Run: func(c *C) {
			c.nothingToReap()
			asleep := c.StartChild()
			c.Considers(asleep.PID, key.Pid(asleep.PID))
			ended := c.Ended(7)
			c.Reports("REAP-NOHANG-2", []Child{ended}, key.Pid(ended.PID), key.Wait(false))
			c.Ignores("REAP-SEL-3", key.Pid(ended.PID), key.Wait(false))
			c.Expect(c.stateOf(asleep.PID)).To(BeEql(spec.Keyword("alive")), "no call waited for the child to end")
			c.Step("every row of the table has answered while the child slept")
			asleep = c.End(asleep, 5)
			c.Reports("REAP-NOHANG-2", []Child{asleep}, key.Pid(asleep.PID), key.Wait(false))
		},
	},
})

// stillRunning shows that reaping reports a child that has ended, then has one run while
// expect looks at what reaping says.
func stillRunning(c *C, expect func(child Child)) {
	c.nothingToReap()
	c.reporting()
	child := c.StartChild()
	c.Step("one child runs, none has ended")
	expect(child)
	child = c.End(child, 3)
	c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
}
