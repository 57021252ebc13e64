package cases

import "github.com/mpcheck/mpcheck/spec"

// Reading, and what waits leave behind that time out, are killed, or are several.
var _ = chapter([]Case{
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
		Needs: []string{"process-run-function", "process-kill", "make-mailbox", "mailbox-send", "mailbox-send-limited", "mailbox-read"},
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
	{
		ID:      "MBOX-READ-1/after-timeout",
		Clauses: []string{"MBOX-READ-3"},
		Needs:   []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story:   "A read, by the test or by another process, has run out of time: what is sent then is read, by whoever reads next, with a second value of t.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.readsNext(box, 0, c.MailboxRead(box, nil, 0.2), "MBOX-READ-3")
			for i := range 2 {
				answer := c.answers("reader", func(p *P) spec.Return { return p.MailboxRead(box, nil, 0.1) })
				c.Expect(c.answered("MBOX-READ-3", answer, "the read runs out of time")).For("MBOX-READ-3").To(BeNil(), "nothing was sent")
				c.readsNext(box, 1+i, spec.Return{}, "")
			}
		},
	},
	{
		ID:      "MBOX-READ-1/as-time-ends",
		Clauses: []string{"MBOX-READ-3", "MBOX-READ-4"},
		Needs:   []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story:   "Objects come just as the time of reads ends, time and again: each is read by that read or is in the mailbox, and not both.",
		Run: func(c *C) {
			const soon = 0.03
			pairs, sends, step := c.Size(16, 16, 1), soon, soon/4
			for range c.Size(14, 14, 1) {
				boxes, answers, after := make([]spec.Value, pairs), make([]spec.Ref, pairs), sends
				for n := range pairs {
					boxes[n], answers[n] = c.MakeMailbox().Primary(), c.Cell(none)
				}
				c.together(2*pairs, "reader or sender", func(p *P, i int) {
					if i%2 == 1 {
						p.Pause(after)
						p.put(boxes[i/2], i)
						return
					}
					r := p.MailboxRead(boxes[i/2], nil, soon)
					p.CellSet(answers[i/2], spec.NewList(r.Nth(0), r.Nth(1)))
				})
				received := 0
				for n := range pairs {
					got, sent := entries(c.CellGet(answers[n]).Primary()), 2*n+1
					left := c.take(boxes[n])
					if spec.Truth(nth(got, 0)) {
						received++
						c.Expect(nth(got, 0)).To(BeEql(sent), "what came is what is read")
						c.Expect(left).For("MBOX-READ-4").To(BeNil(), "an object goes to one reader")
					} else {
						c.Expect(nth(got, 1)).For("MBOX-READ-3").To(BeNil(), "a read whose time has run out has read nothing")
						c.Expect(left).To(BeEql(sent), "an object that no reader got is in the mailbox")
					}
				}
				// Nearer to the time at which half of them get theirs.
				step = max(step/2, soon/300)
				if 2*received < pairs {
					sends -= step
				} else {
					sends += step
				}
			}
		},
	},
	{
		ID:      "MBOX-READ-2/killed-beside",
		Clauses: []string{"MBOX-READ-6"},
		Needs:   []string{"process-run-function", "process-kill", "process-join", "make-mailbox", "mailbox-send", "mailbox-read", "mailbox-count"},
		Story:   "Two processes wait to read; one is killed as an object comes. If the object is still there, the other gets it; what comes afterwards it gets in any case.",
		Run: func(c *C) {
			for range c.Size(50, 50, 1) {
				box := c.MakeMailbox().Primary()
				victim := c.victimOf(func(p *P) { p.MailboxRead(box) })
				c.lull()
				other := c.answers("other reader", func(p *P) spec.Return { return p.MailboxRead(box) })
				c.killAs(victim, func() { c.put(box, 1) })
				if !spec.Eql(c.MailboxCount(box).Primary(), spec.Int(0)) {
					c.Expect(c.answered("MBOX-READ-2", other, "a reader gets the object that is there")).To(BeEql(1), "it is what was sent")
					continue
				}
				c.put(box, 2)
				got := c.answered("MBOX-READ-2", other, "a reader gets what comes")
				c.Expect(spec.Bool(isIn(got, list(1, 2)))).To(BeTrue(), "it is what was sent")
			}
		},
	},
	{
		ID:    "MBOX-READ-2/killed-before",
		Needs: []string{"process-run-function", "process-kill", "process-join", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Two processes wait to read, and one is killed, whichever waits longer. Once it is dead an object comes: the other gets it.",
		Run: func(c *C) {
			for i := range c.Size(4, 4, 1) {
				box := c.MakeMailbox().Primary()
				victim, other := c.twoWait(i%2 == 0, func(p *P) spec.Return { return p.MailboxRead(box) }, func(p *P) spec.Return { return p.MailboxRead(box) })
				c.killAs(victim, func() {})
				c.put(box, i)
				c.Expect(c.answered("MBOX-READ-2", other, "a reader gets what comes")).To(BeEql(i), "it is what was sent")
			}
		},
	},
	{
		ID:    "MBOX-READ-2/two-objects",
		Needs: []string{"process-run-function", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Two processes wait to read, and two objects are sent with nothing between: both get one.",
		Run: func(c *C) {
			for range c.Size(10, 10, 1) {
				box := c.MakeMailbox().Primary()
				read := func(p *P) spec.Return { return p.MailboxRead(box) }
				one := c.answers("reader", read)
				c.lull()
				other := c.answers("other reader", read)
				c.lull()
				c.put(box, 1)
				c.put(box, 2)
				got := []spec.Value{c.answered("MBOX-READ-2", one, "each reader gets an object"), c.answered("MBOX-READ-2", other, "each reader gets an object")}
				c.Expect(got).For("MBOX-READ-4").To(BeAll([]spec.Value{spec.Int(1), spec.Int(2)}), "they are what was sent")
			}
		},
	},
})

// readsNext sends an object after a read that got nothing, and reads it.
func (c *C) readsNext(box spec.Value, object int, before spec.Return, clause string) {
	if clause != "" {
		c.Expect(before).For(clause).To(ReturnFirst(nil, nil), "nothing was sent")
	}
	c.put(box, object)
	c.Expect(c.MailboxRead(box, nil, 0)).To(ReturnFirst(object, true), "what was sent after a read that ran out of time is there")
}
