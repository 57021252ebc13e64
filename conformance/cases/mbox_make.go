package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Making a mailbox.
var _ = chapter([]Case{
	{
		ID:    "MBOX-MAKE-1/empty",
		Needs: []string{"make-mailbox", "mailbox-read", "mailbox-send"},
		Story: "Two mailboxes of one process are two objects, and a new mailbox is empty, while one that was sent to is not.",
		Run: func(c *C) {
			one, other := c.MakeMailbox().Primary(), c.MakeMailbox().Primary()
			c.Expect(c.Eq(one, other)).To(BeNil(), "each call makes a mailbox of its own")
			c.put(one, 7)
			c.Expect(c.take(other)).To(BeNil(), "a new mailbox is empty")
			c.Expect(c.take(one)).For("MBOX-SEND-1").To(BeEql(7), "what was sent is read")
		},
	},
	{
		ID:    "MBOX-MAKE-1/count",
		Needs: []string{"make-mailbox :size", "make-mailbox :name", "mailbox-count", "mailbox-send"},
		Story: "A new mailbox holds no objects, whatever size and name it was given; after one send it holds one.",
		Run: func(c *C) {
			for _, keys := range [][]any{{}, {key.Size(3)}, {key.Name("post")}, {key.Name("post"), key.Size(1)}} {
				box := c.MakeMailbox(keys...).Primary()
				c.Expect(c.MailboxCount(box)).To(BeEql(0), "a new mailbox is empty")
				c.put(box, 7)
				c.Expect(c.MailboxCount(box)).For("MBOX-PRED-1").To(BeEql(1), "it then holds the object that was sent")
			}
		},
	},
	{
		ID:    "MBOX-MAKE-1/plain",
		Needs: []string{"make-mailbox", "mailbox-count", "mailbox-send"},
		Story: "A new mailbox, made without a size or a name, which many libraries don't have, holds no objects; after one send it holds one.",
		Run: func(c *C) {
			for range 2 {
				box := c.MakeMailbox().Primary()
				c.Expect(c.MailboxCount(box)).To(BeEql(0), "a new mailbox is empty")
				c.put(box, 7)
				c.Expect(c.MailboxCount(box)).For("MBOX-PRED-1").To(BeEql(1), "it then holds the object that was sent")
			}
		},
	},
	{
		ID:    "MBOX-MAKE-2/observed",
		Needs: []string{"make-mailbox", "get-current-process"},
		Story: "Records the reader process of a new mailbox.",
		Run: func(c *C) {
			if !c.Offers("mailbox-reader-process") {
				c.Observe("MBOX-MAKE-2", "no-accessor")
				return
			}
			switch reader := c.MailboxReaderProcess(c.MakeMailbox().Primary()).Primary(); {
			case !spec.Truth(reader):
				c.Observe("MBOX-MAKE-2", "nil")
			case spec.Eql(reader, c.GetCurrentProcess().Primary()):
				c.Observe("MBOX-MAKE-2", "creator")
			default:
				c.Observe("MBOX-MAKE-2", spec.Other)
			}
		},
	},
	{
		ID:    "MBOX-MAKE-3/observed",
		Needs: []string{"make-mailbox :size", "mailbox-size"},
		Story: "Records the default size, what sizes of 0 and -1 do, and whether a size is rounded.",
		Run: func(c *C) {
			observe := func(r spec.Return, signalled, zero, positive string) {
				size := spec.Int(0)
				if r.Status == spec.Returned {
					size, _ = c.MailboxSize(r.Primary()).Primary().(spec.Int)
				}
				c.Observe("MBOX-MAKE-3", called(spec.Return{Status: r.Status, Values: []spec.Value{spec.Bool(size > 0)}}, signalled, zero, positive))
			}
			observe(c.MakeMailbox(), spec.Other, "default-zero", "default-positive")
			observe(c.Try().MakeMailbox(key.Size(0)), "size-zero-error", "size-zero-works", "size-zero-works")
			observe(c.Try().MakeMailbox(key.Size(-1)), "negative-size-error", "negative-size-works", "negative-size-works")
			behaviour := "size-exact"
			if !spec.Eql(c.MailboxSize(c.MakeMailbox(key.Size(5)).Primary()).Primary(), spec.Int(5)) {
				behaviour = "size-rounded-up"
			}
			c.Observe("MBOX-MAKE-3", behaviour)
		},
	},
})
