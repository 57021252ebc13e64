package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Sending to one.
var _ = chapter([]Case{
	{
		ID:    "MBOX-SEND-1/order",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Integers sent to a mailbox are read in the order in which they were sent.",
		Run: func(c *C) {
			box, want := c.MakeMailbox().Primary(), numbers(c.Size(1000, 300, 6))
			for _, n := range want {
				c.put(box, n)
			}
			c.Expect(spec.NewList(c.takes(box, len(want))...)).To(BeEqual(want), "first in, first out")
		},
	},
	{
		ID:    "MBOX-SEND-2/many",
		Needs: []string{"make-mailbox :size", "mailbox-send", "mailbox-count"},
		Story: "A mailbox of size 2 that nobody reads takes very many sends, none of which waits, and then holds them all.",
		Run: func(c *C) {
			box, n := c.MakeMailbox(key.Size(2)).Primary(), c.Size(10000, 2000, 50)
			for i := range n {
				c.put(box, i)
			}
			c.Expect(c.MailboxCount(box)).To(BeEql(n), "the mailbox has grown to hold all of it")
		},
	},
	{
		ID:    "MBOX-SEND-2/no-size",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-count"},
		Story: "A mailbox made without a size, that nobody reads, takes very many sends, none of which waits, and then holds them all.",
		Run: func(c *C) {
			box, n := c.MakeMailbox().Primary(), c.Size(10000, 2000, 50)
			for i := range n {
				c.put(box, i)
			}
			c.Expect(c.MailboxCount(box)).To(BeEql(n), "the mailbox holds all of it")
		},
	},
	{
		ID:    "MBOX-SEND-3/observed",
		Needs: []string{"make-mailbox", "mailbox-send"},
		Story: "Records what mailbox-send returns.",
		Run: func(c *C) {
			object := c.New(spec.Keyword("cons"), 1, 2).Primary()
			switch value := c.MailboxSend(c.MakeMailbox().Primary(), object).Primary(); {
			case !spec.Truth(value):
				c.Observe("MBOX-SEND-3", "nil")
			case value == spec.Value(spec.True{}):
				c.Observe("MBOX-SEND-3", "true")
			case spec.Truth(c.Eq(value, object).Primary()):
				c.Observe("MBOX-SEND-3", "the-object")
			default:
				c.Observe("MBOX-SEND-3", "another-value")
			}
		},
	},
	{
		ID:    "MBOX-SEND-1/several-senders",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Processes send one after the other, each once the one before has: what is read is in the order in which it was sent.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			const most = 5
			for n := 3; n <= c.Size(most, most, 3); n++ {
				for i := range n {
					sent := c.Cell(nil)
					c.Spawn("sender", func(p *P) {
						p.MailboxSend(box, i)
						p.CellSet(sent, true)
					})
					c.AwaitFor("MBOX-SEND-2", spec.CellIs(sent, true), "a send returns")
					c.lull()
				}
				for i := range n {
					c.Expect(c.MailboxRead(box, nil, 0)).To(ReturnFirst(i, true), "first in, first out, whoever sent")
				}
			}
		},
	},
})
