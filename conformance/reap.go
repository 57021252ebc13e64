package conformance

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapCases = []Case{
	{
		ID:      "REAP-NOHANG-3/any",
		Clauses: []string{"REAP-DEF-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While one child runs and none has ended, reaping without waiting returns nil and -1, for the default pid and for -1.",
		Run: func(c *C) {
			stillRunning(c, func(Child) {
				c.Expect(c.ReapOsSubprocess(key.Wait(false))).To(ReturnFirst(nil, -1),
					"the second value is the pid argument, whose default is -1")
				c.Expect(c.ReapOsSubprocess(key.Pid(-1), key.Wait(false))).To(ReturnFirst(nil, -1),
					"the second value is the pid argument")
			})
		},
	},
	{
		ID:      "REAP-NOHANG-3/that-child",
		Clauses: []string{"REAP-SEL-3"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "While a child runs, reaping it by its pid without waiting returns nil and that pid.",
		Run: func(c *C) {
			stillRunning(c, func(child Child) {
				c.Expect(c.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))).To(ReturnFirst(nil, child.PID),
					"the second value is the pid argument")
				c.Expect(c.ReapOsSubprocess(key.Wait(false), key.Pid(child.PID))).To(ReturnFirst(nil, child.PID),
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
				answer := c.ReapOsSubprocess(key.Pid(0), key.Wait(false))
				if spec.Eql(c.groupOf(child.PID), c.groupOf(spec.Int(c.Handshake().PID))) {
					c.Expect(answer).To(ReturnFirst(nil, 0), "the child is of the Lisp's own group, so the second value is the pid argument")
				} else {
					c.Expect(answer).To(ReturnFirst(nil, nil), "the child is of another group, so it is not considered")
				}
			})
		},
	},
}

var reapNeeds = []string{"reap-os-subprocess", "run-shell-command"}

const reapedStep = "a child that has ended is reported by the same call"

// stillRunning shows that reaping reports a child that has ended, then has one run while
// expect looks at what reaping says.
func stillRunning(c *C, expect func(child Child)) {
	c.nothingToReap()
	c.Control(reapedStep, func() {
		ended := c.StartChild()
		c.ChildTell(ended.ref, spec.Keyword("exit"), 7)
		c.ChildAwait(ended.ref, spec.Keyword("zombie"))
		reaped := c.ReapOsSubprocess(key.Wait(false))
		c.Expect(reaped.Nth(0)).For("REAP-STAT-1").To(BeExitStatus(7), "a child that ended by exit 7 is reported with its status")
		c.Expect(reaped.Nth(1)).For("REAP-NOHANG-2").To(BeEql(ended.PID), "a child that has ended is reported with its pid")
	})
	child := c.StartChild()
	c.Step("one child runs, none has ended")
	expect(child)

	c.ChildTell(child.ref, spec.Keyword("exit"), 0)
	c.ChildAwait(child.ref, spec.Keyword("zombie"))
	c.Expect(c.ReapOsSubprocess(key.Wait(false)).Nth(1)).For("REAP-NOHANG-2").To(BeEql(child.PID),
		"once it has ended the child is reported")
}
