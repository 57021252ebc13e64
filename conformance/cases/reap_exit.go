package cases

import "github.com/mpcheck/mpcheck/spec/key"

var _ = chapter([]Case{
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
})
