package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:    "REAP-RSC-1/background",
		Needs: reapNeeds,
		Story: "With wait nil run-shell-command returns two streams or nil, and the pid of a live child of the Lisp.",
		Run: func(c *C) {
			c.nothingToReap()
			child, answer := c.startChild(func(command spec.Value) any { return command })
			c.Expect(spec.Int(len(answer.Values))).To(BeEql(3), "run-shell-command with wait nil returns three values")
			c.Expect(answer.Nth(0)).To(BeNil(), "no stream was asked for")
			c.Expect(answer.Nth(1)).To(BeNil(), "no stream was asked for")
			c.Expect(answer.Nth(2)).To(BeEql(child.PID), "the third value is the pid of the command")
			c.Expect(c.stateOf(answer.Nth(2))).To(BeEql(spec.Keyword("alive")), "the child lives")
			c.Expect(c.parentOf(answer.Nth(2))).To(BeEql(c.lisp()), "the Lisp is its parent")
			child = c.End(child, 5)
			c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
		},
	},
	{
		ID:    "REAP-RSC-1/waits",
		Needs: reapNeeds,
		Story: "Without wait, and with wait t, run-shell-command returns the exit status of the command, as its one value.",
		Run: func(c *C) {
			for _, code := range []int{3, 0} {
				text := "exit " + spec.Int(code).String()
				for _, answer := range []spec.Return{c.RunShellCommand(text), c.RunShellCommand(text, key.Wait(true))} {
					c.Expect(answer).To(BeExitStatus(code), "the value is the exit status")
					c.Expect(spec.Int(len(answer.Values))).To(BeEql(1), "there is one value")
				}
			}
		},
	},
	{
		ID:    "REAP-RSC-1/separate-streams",
		Needs: append([]string{"run-shell-command :separate-streams"}, reapNeeds...),
		Story: "With separate-streams and wait nil the pid is the last of four values.",
		Run: func(c *C) {
			c.nothingToReap()
			answer := c.RunShellCommand("exit 3", key.Wait(false), key.SeparateStreams(true))
			c.Expect(spec.Int(len(answer.Values))).To(BeEql(4), "there are four values")
			pid := pidAt(answer, 3)
			c.Until("REAP-RSC-1", "the command, whose pid is the last value, ends", func() bool { return c.stateOf(pid) != spec.Keyword("alive") })
			ended := Child{PID: pid, Code: 3, collected: c.stateOf(pid) == spec.Keyword("absent")}
			c.Reports("REAP-RSC-1", []Child{ended}, key.Pid(pid), key.Wait(true))
		},
	},
	{
		ID:      "REAP-RSC-2/stream-and-wait",
		Needs:   []string{"run-shell-command"},
		Witness: "the command runs without a stream",
		Story:   "To ask for a stream for input, output or error output and to wait is an error.",
		Run: func(c *C) {
			c.Control("the command runs without a stream", func() {
				c.Expect(c.RunShellCommand("exit 0", key.Input(nil), key.Output(nil), key.ErrorOutput(nil), key.Wait(true))).
					For("REAP-RSC-1").To(BeEql(0), "the value is the exit status")
			})
			for _, stream := range []spec.Key{key.Input(spec.Keyword("stream")), key.Output(spec.Keyword("stream")), key.ErrorOutput(spec.Keyword("stream"))} {
				c.Expect(c.Try().RunShellCommand("exit 0", stream, key.Wait(true))).To(SignalError(),
					"nobody could use the stream for %s once the call has returned", stream.Name)
			}
		},
	},
	{
		ID:    "REAP-RSC-3/whose-pid",
		Needs: reapNeeds,
		Story: "Whether the pid of a single simple command is that of the command or of a shell in between is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			child, answer := c.startChild(func(command spec.Value) any {
				text, _ := command.(spec.String)
				return strings.TrimPrefix(string(text), "exec ")
			})
			pid := answer.Nth(2)
			c.Expect(c.stateOf(pidAt(answer, 2))).For("REAP-RSC-1").To(BeEql(spec.Keyword("alive")), "the third value is the pid of a child")
			switch {
			case spec.Eql(pid, child.PID):
				c.Observe("REAP-RSC-3", "command-pid")
			case spec.Eql(pid, c.parentOf(child.PID)):
				c.Observe("REAP-RSC-3", "shell-pid")
			default:
				c.Observe("REAP-RSC-3", spec.Other)
			}
			c.Tell(child, "exit", 7)
			c.Reports("REAP-WAIT-1", []Child{{PID: pid, Code: 7}}, key.Pid(pid), key.Wait(true))
		},
	},
})
