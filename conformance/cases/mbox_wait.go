package cases

import "github.com/mpcheck/mpcheck/spec"

// mailbox-wait.
var _ = chapter([]Case{
	{
		ID:    "MBOX-WAIT-1/stays",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-wait", "mailbox-read"},
		Story: "Waiting for an object that is there answers true and leaves it there; on an empty mailbox, with a timeout, it answers nil.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.put(box, 1)
			c.Expect(c.MailboxWait(box)).To(BeTrue(), "the mailbox holds something")
			c.Expect(c.MailboxWait(box, "reason", 0)).To(BeTrue(), "it still does")
			c.Expect(c.take(box)).To(BeEql(1), "waiting does not remove the object")
			for _, timeout := range []any{0, 0.1} {
				c.Expect(c.MailboxWait(box, nil, timeout)).To(BeNil(), "the empty mailbox got nothing within %v s", timeout)
			}
		},
	},
	{
		ID:    "MBOX-WAIT-1/waits",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-wait", "mailbox-read"},
		Story: "Waiting at an empty mailbox lasts until an object comes.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			answer := c.answers("waiter", func(p *P) spec.Return { return p.MailboxWait(box) })
			c.stillWaits("MBOX-WAIT-1", answer, "it waits while the mailbox is empty")
			c.put(box, 1)
			c.Expect(c.answered("MBOX-WAIT-1", answer, "the wait ends")).To(BeTrue(), "an object has come")
			c.Expect(c.take(box)).To(BeEql(1), "it is still there")
		},
	},
	{
		ID:      "MBOX-WAIT-1/after-timeout",
		Clauses: []string{"MBOX-READ-1"},
		Needs:   []string{"make-mailbox", "mailbox-send", "mailbox-read", "mailbox-wait"},
		Expects: Absence,
		Witness: "what is sent after a wait is found",
		Story:   "After a mailbox-wait that ran out of time what is sent is found, by another wait, which leaves it there, and read.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			for i := range 2 {
				c.Expect(c.MailboxWait(box, nil, 0.2)).To(BeNil(), "nothing was sent")
				c.Control("what is sent after a wait is found", func() {
					c.put(box, i)
					c.Expect(c.MailboxWait(box, nil, 0)).To(BeTrue(), "the mailbox holds an object")
					c.Expect(c.MailboxWait(box)).To(BeTrue(), "and still does")
				})
				c.Expect(c.MailboxRead(box, nil, 0)).For("MBOX-READ-1").To(ReturnFirst(i, true), "the object is read")
			}
		},
	},
	{
		ID:    "MBOX-WAIT-1/several",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read", "mailbox-wait"},
		Story: "Two processes wait for an object to be there, without a timeout and with one far off: one object ends both waits, and is still there.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			one := c.answers("waiter", func(p *P) spec.Return { return p.MailboxWait(box) })
			c.lull()
			other := c.answers("other waiter", func(p *P) spec.Return { return p.MailboxWait(box, "waiting", 1000) })
			c.lull()
			c.put(box, 7)
			for _, wait := range []spec.Ref{one, other} {
				c.Expect(c.answered("MBOX-WAIT-1", wait, "each wait ends")).To(BeTrue(), "an object is there")
			}
			c.Expect(c.take(box)).To(BeEql(7), "a wait removes nothing")
		},
	},
})
