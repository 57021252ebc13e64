package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapZombieCases = []Case{
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
}

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
