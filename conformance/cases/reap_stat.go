package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// exitCodes are those that tell the forms of a status apart.
var exitCodes = []int{7, 0, 1, 255}

var _ = chapter([]Case{
	{
		ID:    "REAP-STAT-1/one-form",
		Needs: reapNeeds,
		Story: "The first value for exit 0, 1, 7 and 255 is the code each time or the wait word each time, whatever wait and pid are.",
		Run: func(c *C) {
			c.nothingToReap()
			form := ""
			for i, code := range append(exitCodes, exitCodes...) {
				child := c.Ended(code)
				clause, keys := "REAP-EXIT-1", []any{key.Pid(child.PID), key.Wait(i%2 == 0)}
				if i >= len(exitCodes) {
					clause, keys = "REAP-DEF-1", []any{key.Wait(i%2 == 1)}
				}
				answer := c.ReapOsSubprocess(keys...)
				if code == 0 && spec.Eql(answer.Nth(1), child.PID) {
					c.Expect(answer).To(BeEql(0), "exit 0 gives 0, which is no nil")
				}
				c.reported(answer, clause, child)
				seen := "the code"
				if spec.Eql(answer.Primary(), spec.Int(code<<8)) {
					seen = "the wait word"
				}
				if code != 0 {
					c.Expect(spec.Bool(form == "" || form == seen)).To(BeTrue(), "exit %d gives %s, the codes before gave %s", code, seen, form)
					form = seen
				}
			}
		},
	},
	{
		ID:    "REAP-STAT-5/decoded",
		Needs: reapNeeds,
		Story: "Exit 0, 1, 7 and 255 give 0, 1, 7 and 255.",
		Run: func(c *C) {
			c.nothingToReap()
			for _, code := range exitCodes {
				child := c.Ended(code)
				answer := c.ReapOsSubprocess(key.Pid(child.PID))
				if code == 0 {
					c.Expect(answer).For("REAP-STAT-1").To(BeEql(0), "exit 0 gives 0, which is no nil")
				}
				c.reported(answer, "REAP-EXIT-1", child)
				c.Expect(answer).To(BeEql(code), "the first value is the exit status, decoded")
			}
		},
	},
	{
		ID:    "REAP-STAT-2/low-bits",
		Needs: reapNeeds,
		Story: "A child that exits with 300 is reported as one that exits with 44.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Ended(300)
			answer := c.ReapOsSubprocess(key.Pid(child.PID))
			c.Expect(answer.Nth(1)).For(child.unlessLost("REAP-EXIT-1")).To(BeEql(child.PID), "a child that has ended is reported with its pid")
			c.Expect(answer).To(BeExitStatus(300&0xff), "the low eight bits of the code survive")
		},
	},
	{
		ID:    "REAP-STAT-3/killed",
		Needs: reapNeeds,
		Story: "How the first value tells of a child that SIGKILL ended is recorded; nil it must not be, and the second is its pid.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Killed()
			answer := c.ReapOsSubprocess(key.Pid(child.PID))
			c.Expect(answer.Nth(1)).For(child.unlessLost("REAP-EXIT-1")).To(BeEql(child.PID), "a child that has ended is reported with its pid")
			c.Expect(answer).For("REAP-EXIT-1").To(BeTrue(), "nil is no status: it would say that the child still runs")
			third := spec.Eql(answer.Nth(2), spec.Int(sigkill))
			status, integer := answer.Primary().(spec.Int)
			switch {
			case status == sigkill:
				c.Observe("REAP-STAT-3", "signal-number")
			case status == -sigkill:
				c.Observe("REAP-STAT-3", "negative-signal-number")
			case status == 128+sigkill:
				c.Observe("REAP-STAT-3", "signal-plus-128")
			case integer && status == 0 && third:
				c.Observe("REAP-STAT-3", "zero-with-third-value")
			case integer && third:
				c.Observe("REAP-STAT-3", "another-integer-with-third-value")
			default:
				c.Observe("REAP-STAT-3", spec.Other)
			}
		},
	},
	{
		ID:      "REAP-STAT-4/third-value",
		Needs:   reapNeeds,
		Witness: "the third value is the signal",
		Story:   "The third value, where there is one, is 9 for a child that SIGKILL ended and nil for one that exited.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Killed()
			answer := c.ReapOsSubprocess(key.Pid(child.PID))
			c.Expect(answer.Nth(1)).For(child.unlessLost("REAP-EXIT-1")).To(BeEql(child.PID), "a child that has ended is reported with its pid")
			if len(answer.Values) < 3 {
				c.NotApplicable("the call returned %d values: there is no third", len(answer.Values))
			}
			c.Expect(answer.Nth(2)).To(BeEql(sigkill), "the third value is the number of the signal that ended the child")
			c.Step("the third value is the signal")
			exited := c.Ended(9)
			answer = c.ReapOsSubprocess(key.Pid(exited.PID))
			c.reported(answer, "REAP-EXIT-1", exited)
			c.Expect(answer.Nth(2)).To(BeNil(), "no signal ended the child")
		},
	},
})
