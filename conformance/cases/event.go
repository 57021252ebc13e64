package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Events.
var _ = chapter([]Case{
	{
		ID:    "EVENT-PWE-1/reads",
		Needs: []string{"process-run-function", "process-send", "process-wait-for-event"},
		Story: "A process returns by process-wait-for-event, one after the other, the objects that were sent to it.",
		Run: func(c *C) {
			read, done := c.Log(), c.Cell(nil)
			target := c.GatedThen("target", func(p *P) {
				for range 3 {
					p.LogAppend(read, p.ProcessWaitForEvent().Primary())
				}
				p.CellSet(done, true)
			})
			for n := range 3 {
				c.sendsTrue("SEND-RET-2", target.Process, n)
			}
			c.Open(target)
			c.AwaitThat(spec.CellIs(done, true), "the target reads three objects")
			got, _ := spec.Items(c.LogRead(read).Primary())
			c.Expect(got).To(BeAll(numbers(3)), "what was sent is what is read")
		},
	},
	{
		ID:    "EVENT-PWE-2/makes-mailbox",
		Needs: []string{"process-run-function", "process-mailbox", "process-wait-for-event :no-hang-p", "get-current-process", "mailbox-send"},
		Story: "In a process made without a mailbox process-wait-for-event with no-hang-p answers nil; the process then has a mailbox that its creator can fill and it reads by the same function.",
		Run: func(c *C) {
			event, box, later := c.Cell(none), c.Cell(none), c.Cell(none)
			again := c.MakeGate().Primary()
			c.Spawn("child", func(p *P) {
				p.CellSet(event, p.ProcessWaitForEvent(key.NoHangP(true)).Primary())
				p.CellSet(box, p.ProcessMailbox(p.GetCurrentProcess().Primary()).Primary())
				p.GateWait(again)
				p.CellSet(later, p.ProcessWaitForEvent().Primary())
			})
			made := c.answered("EVENT-MWE-2", box, "the child finds nothing at once")
			c.Expect(c.CellGet(event)).For("EVENT-MWE-2").To(BeNil(), "nothing was sent")
			c.Expect(made).To(BeTrue(), "the process has a mailbox now")
			c.put(made, 7)
			c.GateOpen(again)
			c.Expect(c.answered("EVENT-PWE-2", later, "the child reads its mailbox")).To(BeEql(7), "what is put in that mailbox is what process-wait-for-event reads")
		},
	},
	{
		ID:      "EVENT-PWE-2/keywords",
		Clauses: []string{"EVENT-MWE-2", "EVENT-MWE-3", "EVENT-MWE-5"},
		Needs:   []string{"process-wait-for-event :no-hang-p", "process-wait-for-event :wait-function", "process-mailbox", "get-current-process", "mailbox-send"},
		Story:   "The test fills its own mailbox and reads it by process-wait-for-event with each of its keywords, which does what mailbox-wait-for-event does.",
		Run: func(c *C) {
			c.Expect(c.For("EVENT-MWE-2").ProcessWaitForEvent(key.NoHangP(true))).For("EVENT-MWE-2").To(BeNil(), "nothing was sent")
			box := c.ProcessMailbox(c.GetCurrentProcess().Primary()).Primary()
			c.Expect(box).To(BeTrue(), "the process has a mailbox now")
			for i, keys := range [][]any{
				{}, {key.WaitReason("waiting")}, {key.NoHangP(nil)},
				{key.ProcessOtherMessagesP(true)}, {key.StopAtUserOperationP(nil)},
			} {
				c.put(box, i)
				c.Expect(c.ProcessWaitForEvent(keys...)).To(BeEql(i), "the object is returned")
			}
			c.Expect(c.For("EVENT-MWE-3").ProcessWaitForEvent(key.WaitFunction(spec.Always()))).For("EVENT-MWE-3").To(BeNil(), "a true wait function ends the wait")
			hasty := func() spec.Return {
				return c.For("EVENT-MWE-2").ProcessWaitForEvent(key.NoHangP(true), key.WaitReason("waiting"))
			}
			c.put(box, 7)
			c.Expect(hasty()).For("EVENT-MWE-2").To(BeEql(7), "the object is there")
			c.Expect(hasty()).For("EVENT-MWE-2").To(BeNil(), "nothing is left")
		},
	},
	{
		ID:    "EVENT-PWE-3/observed",
		Needs: []string{"process-wait-for-event", "make-mailbox", "mailbox-send"},
		Story: "Records whether process-wait-for-event takes a mailbox.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.put(box, 7)
			r := c.Try().Do(spec.Call{Op: "process-wait-for-event", Args: []spec.Value{box}, Keys: []spec.Key{key.NoHangP(true)}})
			c.Observe("EVENT-PWE-3", called(r, "refused", spec.Other, "honoured"))
		},
	},
	{
		ID:    "EVENT-MWE-1/removes",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-wait-for-event", "mailbox-count"},
		Story: "Mailbox-wait-for-event returns the oldest object, and the mailbox holds one less.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			for n := range 2 {
				c.put(box, n)
			}
			for n := range 2 {
				c.Expect(c.MailboxWaitForEvent(box)).To(BeEql(n), "the oldest object is taken")
				c.Expect(c.MailboxCount(box)).To(BeEql(1-n), "what is taken is gone")
			}
		},
	},
	{
		ID:    "EVENT-MWE-1/waits",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-wait-for-event"},
		Story: "At an empty mailbox mailbox-wait-for-event waits until an object comes, and returns it.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			answer := c.answers("reader", func(p *P) spec.Return { return p.MailboxWaitForEvent(box) })
			c.stillWaits("EVENT-MWE-1", answer, "it waits while there is nothing")
			c.put(box, 7)
			c.Expect(c.answered("EVENT-MWE-1", answer, "the wait ends")).To(BeEql(7), "it returns the object that came")
		},
	},
	{
		ID:    "EVENT-MWE-6/off",
		Needs: append([]string{"make-mailbox", "mailbox-wait-for-event", "get-current-process"}, imageNeeds...),
		Story: "In a Lisp in which multiprocessing is off, mailbox-wait-for-event at an empty mailbox returns, though nothing will ever come.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Types(func(p *P) {
				p.mustBeOff()
				p.BoardPost(board, list("typed"))
				p.MailboxWaitForEvent(p.MakeMailbox().Primary())
				p.BoardPost(board, list("returned"))
			})
			c.mark("INIT-REPL-1", board, "typed", "code that is typed in is evaluated")
			c.mark("EVENT-MWE-6", board, "returned", "the wait is over at once")
		},
	},
	{
		ID:      "EVENT-MWE-2/no-hang",
		Needs:   []string{"make-mailbox", "mailbox-send", "mailbox-wait-for-event"},
		Expects: Absence,
		Witness: "with no-hang-p an object that is there is returned",
		Story:   "With no-hang-p mailbox-wait-for-event returns at once: the object that is there, then nil.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.put(box, 7)
			c.Control("with no-hang-p an object that is there is returned", func() {
				c.Expect(c.MailboxWaitForEvent(box, key.NoHangP(true))).To(BeEql(7), "the object is there")
			})
			c.Expect(c.take(box)).For("EVENT-MWE-1").To(BeNil(), "the object was taken")
			c.Expect(c.MailboxWaitForEvent(box, key.NoHangP(true))).To(BeNil(), "there is nothing, and it does not wait")
		},
	},
	{
		ID:    "EVENT-MWE-3/wait-function",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-wait-for-event", "mailbox-read"},
		Story: "A wait for an event at an empty mailbox ends with nil once its wait function is true; an object that comes later stays in the mailbox, and so does one for which a true wait function ends the wait.",
		Run: func(c *C) {
			box, flag := c.MakeMailbox().Primary(), c.Cell(nil)
			answer := c.answers("reader", func(p *P) spec.Return {
				return p.MailboxWaitForEvent(box, key.WaitFunction(spec.CellIs(flag, true)))
			})
			c.stillWaits("EVENT-MWE-1", answer, "it waits while the mailbox is empty and the wait function false")
			c.CellSet(flag, true)
			c.Expect(c.answered("EVENT-MWE-3", answer, "a true wait function ends the wait")).To(BeNil(), "no object came")
			c.put(box, 7)
			c.Settle()
			c.Expect(c.take(box)).To(BeEql(7), "the wait is over: nothing is taken later")
			c.put(box, 8)
			if !spec.Truth(c.MailboxWaitForEvent(box, key.WaitFunction(spec.Always())).Primary()) {
				c.Expect(c.take(box)).To(BeEql(8), "a wait that its wait function ended has removed nothing")
			}
		},
	},
	{
		ID:    "EVENT-MWE-4/observed",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-wait-for-event"},
		Story: "Records whether an object that comes ends a wait whose wait function stays false.",
		Run: func(c *C) {
			box, flag := c.MakeMailbox().Primary(), c.Cell(nil)
			answer := c.answers("reader", func(p *P) spec.Return {
				return p.MailboxWaitForEvent(box, key.WaitFunction(spec.CellIs(flag, true)))
			})
			c.put(box, 7)
			c.Settle()
			behaviour := "object-ends-wait"
			if spec.Eql(c.CellGet(answer).Primary(), none) {
				behaviour = "wait-function-decides"
			}
			c.Observe("EVENT-MWE-4", behaviour)
			c.CellSet(flag, true)
			c.answered("EVENT-MWE-4", answer, "the wait ends once the wait function is true")
		},
	},
	{
		ID:    "EVENT-MWE-1/wait-reason",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-wait-for-event"},
		Story: "Whatever the wait reason of a wait for an event, the object that is there is taken.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			for i, reason := range []any{"waiting", nil, ""} {
				c.put(box, i)
				c.Expect(c.MailboxWaitForEvent(box, key.WaitReason(reason))).To(BeEql(i), "the object is returned")
			}
			c.Expect(c.For("EVENT-MWE-2").MailboxWaitForEvent(box, key.NoHangP(true), key.WaitReason("waiting"))).For("EVENT-MWE-2").To(BeNil(), "nothing is left")
		},
	},
	{
		ID:    "EVENT-MWE-5/windows-only",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-wait-for-event", "mailbox-read"},
		Story: "Process-other-messages-p and stop-at-user-operation-p are accepted, true or nil, and change nothing: the object is taken.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.put(box, 7)
			c.MailboxWaitForEvent(box)
			c.Expect(c.take(box)).For("EVENT-MWE-1").To(BeNil(), "without the keywords the object is taken")
			for _, yes := range []any{true, nil} {
				for _, keys := range [][]any{{key.ProcessOtherMessagesP(yes)}, {key.StopAtUserOperationP(yes)}, {key.ProcessOtherMessagesP(yes), key.StopAtUserOperationP(yes)}} {
					c.put(box, 7)
					c.Expect(c.MailboxWaitForEvent(box, keys...)).To(BeEql(7), "the object is returned")
					c.Expect(c.take(box)).To(BeNil(), "and it was taken")
				}
			}
		},
	},
	{
		ID:    "EVENT-NIL-1/observed",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-wait-for-event", "mailbox-count"},
		Story: "Records what the wait, without no-hang-p and with it, returns for a nil that was sent, which leaves the mailbox.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			for _, keys := range [][]any{{}, {key.NoHangP(true)}} {
				c.put(box, nil)
				c.Observe("EVENT-NIL-1", called(c.MailboxWaitForEvent(box, keys...), spec.Other, "nil", spec.Other))
				c.Expect(c.MailboxCount(box)).For("EVENT-MWE-1").To(BeEql(0), "the nil was taken")
			}
		},
	},
	{
		ID:      "EVENT-INT-1/uncalled",
		Clauses: []string{"SEND-Q-3"},
		Needs:   []string{"process-run-function", "process-send", "process-wait-for-event"},
		Expects: Absence,
		Witness: calledStep,
		Story:   "A function and a list that begins with it are sent; process-wait-for-event returns them, and the function is not called.",
		Run: func(c *C) {
			log := c.Log()
			f := c.uncalled(log)
			list := spec.NewList(f, spec.Int(1))
			read, done := c.Log(), c.Cell(nil)
			target := c.GatedThen("target", func(p *P) {
				for range 2 {
					p.LogAppend(read, p.ProcessWaitForEvent().Primary())
				}
				p.CellSet(done, true)
			})
			c.sendsTrue("SEND-RET-2", target.Process, f)
			c.sendsTrue("SEND-RET-2", target.Process, list)
			c.Expect(c.LogRead(log)).For("SEND-Q-3").To(BeEqual([]any{"called"}), "sending does not call the function")
			c.Open(target)
			c.AwaitFor("EVENT-PWE-1", spec.CellIs(done, true), "the target reads both objects")
			got, _ := spec.Items(c.LogRead(read).Primary())
			c.Expect(got).For("EVENT-PWE-1").To(BeAll([]spec.Value{f, list}), "the objects are read as they were sent")
			c.Expect(c.LogRead(log)).To(BeEqual([]any{"called"}), "the wait does not call the function")
		},
	},
})
