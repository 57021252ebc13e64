package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var mailboxCases = slices.Concat(makeCases, growthCases, readCases, mailboxWaitCases, askCases)

var makeCases = []Case{
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
}

// Reading.
var readCases = []Case{
	{
		ID:    "MBOX-READ-1/two-values",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-read", "mailbox-count"},
		Story: "Reading returns the oldest object and t, and leaves one object less.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			for i := range 3 {
				c.put(box, i)
			}
			for i := range 2 {
				before, _ := c.MailboxCount(box).Primary().(spec.Int)
				r := c.MailboxRead(box)
				c.Expect(r.Nth(1)).To(BeTrue(), "the second value tells that an object was read")
				c.Expect(r).To(BeEql(i), "the oldest object is read")
				if i == 1 { // counts up to two are the same however one counts
					c.Expect(c.MailboxCount(box)).To(BeEql(before-1), "the object that was read is gone")
				}
			}
		},
	},
	{
		ID:      "MBOX-READ-2/blocks",
		Needs:   []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Expects: Absence,
		Witness: "a reader that finds an object returns",
		Story:   "Reading an empty mailbox without timeout does not return until an object comes, and then returns it.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.Control("a reader that finds an object returns", func() {
				c.put(box, 1)
				c.Expect(c.MailboxRead(box)).For("MBOX-READ-1").To(BeEql(1), "the object is read")
				c.Expect(c.take(box)).For("MBOX-READ-1").To(BeNil(), "and gone")
			})
			answer := c.answers("reader", func(p *P) spec.Return { return p.MailboxRead(box) })
			c.stillWaits("MBOX-READ-2", answer, "a read without timeout waits while the mailbox is empty")
			c.put(box, 2)
			c.Expect(c.answered("MBOX-READ-2", answer, "the waiting read returns")).To(BeEql(2), "it returns the object that came")
		},
	},
	{
		ID:      "MBOX-READ-3/timeout",
		Needs:   []string{"make-mailbox", "mailbox-send", "mailbox-read"},
		Expects: Absence,
		Witness: "a nil that was sent is read",
		Story:   "Reading an empty mailbox with a timeout of 0 or 0.2 returns nil and nil; reading a nil that was sent returns nil and t.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.Control("a nil that was sent is read", func() {
				c.put(box, nil)
				r := c.MailboxRead(box, nil, 0)
				c.Expect(r).To(BeNil(), "nil is what was sent")
				c.Expect(r.Nth(1)).To(BeTrue(), "the second value tells it from a timeout")
			})
			for _, timeout := range []any{0, 0.2} {
				c.Expect(c.MailboxRead(box, nil, timeout)).To(ReturnFirst(nil, nil), "nothing came within %v s", timeout)
			}
		},
	},
	{
		ID:    "MBOX-READ-4/readers",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Several processes send and several read, all at the same time: each object goes to exactly one reader.",
		Run: func(c *C) {
			box, stop := c.MakeMailbox().Primary(), spec.Keyword("stop")
			readers, senders, each := c.Size(4, 4, 2), c.Size(4, 4, 1), c.Size(1000, 60, 1)
			var done []spec.Value
			for range readers {
				ready, finished := c.Cell(nil), c.Cell(nil)
				done = append(done, spec.CellIs(finished, true))
				c.Spawn("reader", func(p *P) {
					p.CellSet(ready, true)
					for range senders*each + 1 {
						v := p.MailboxRead(box).Primary()
						if v == spec.Value(stop) {
							break
						}
						c.Ledger.Add("read", v)
					}
					p.CellSet(finished, true)
				})
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the reader begins")
			}
			c.together(senders, "sender", func(p *P, i int) {
				for n := range each {
					p.put(box, i*each+n)
				}
			})
			for range readers {
				c.put(box, stop)
			}
			c.AwaitThat(spec.And(done...), "every reader has read until it was told to stop")
			got := c.Ledger.Under("read")
			for rest := senders*each - len(got); rest > 0; rest-- {
				got = append(got, c.take(box)) // none, where mailboxes are queues
			}
			c.Expect(got).To(BeAll(numbers(senders*each)), "every object was read by one reader")
		},
	},
	{
		ID:    "MBOX-READ-5/observed",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Records which of two waiting readers gets an object that comes.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			read := func(p *P) spec.Return { return p.MailboxRead(box) }
			older := c.answers("older reader", read)
			c.Settle()
			younger := c.answers("younger reader", read)
			c.Settle()
			c.put(box, 1)
			c.AwaitFor("MBOX-READ-2", spec.Or(spec.CellNot(older, none), spec.CellNot(younger, none)), "one of the readers gets the object")
			behaviour := "another-reader"
			if !spec.Eql(c.CellGet(older).Primary(), none) {
				behaviour = "longest-waiting-reader"
			}
			c.Observe("MBOX-READ-5", behaviour)
		},
	},
	{
		ID:    "MBOX-READ-6/killed-reader",
		Needs: []string{"process-run-function", "process-kill", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Records what becomes of an object that is sent while a process that waits to read is killed.",
		Run: func(c *C) {
			for range c.Size(4, 8, 1) {
				box, started, got := c.MakeMailbox().Primary(), c.Cell(nil), c.Cell(nil)
				reader := c.Spawn("reader", func(p *P) {
					p.CellSet(started, true)
					p.MailboxRead(box)
					p.CellSet(got, true)
				})
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(started, true), "the reader begins")
				killed := c.answers("killer", func(p *P) spec.Return { return p.ProcessKill(reader) })
				c.put(box, 7)
				c.answered("PROC-KILL-1", killed, "process-kill returns")
				c.Settle()
				switch left := c.take(box); {
				case spec.Eql(left, spec.Int(7)):
					c.Observe("MBOX-READ-6", "read-still-queued")
				case !spec.Truth(c.CellGet(got).Primary()):
					c.Observe("MBOX-READ-6", "read-taken-and-lost")
				}
			}
		},
	},
	{
		ID:    "MBOX-READ-6/killed-sender",
		Needs: []string{"process-run-function", "process-kill", "make-mailbox :size", "mailbox-send", "mailbox-send-limited", "mailbox-read"},
		Story: "Records whether the object of a limited send is added whose process is killed while it waits for room.",
		Run: func(c *C) {
			for range c.Size(4, 8, 1) {
				box, held := c.filled(1)
				started := c.Cell(nil)
				sender := c.Spawn("sender", func(p *P) {
					p.CellSet(started, true)
					p.MailboxSendLimited(box, late, held)
				})
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(started, true), "the sender begins")
				killed := c.answers("killer", func(p *P) spec.Return { return p.ProcessKill(sender) })
				behaviour := "send-never-queued"
				c.take(box)
				c.answered("PROC-KILL-1", killed, "process-kill returns")
				c.Settle()
				if spec.Eql(countOf(late, c.takes(box, held)), spec.Int(1)) {
					behaviour = "send-added"
				}
				c.Observe("MBOX-READ-6", behaviour)
			}
		},
	},
}
