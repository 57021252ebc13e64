package cases

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What waits at a mailbox leave behind: those that time out, are killed, or are several.
var mailboxWaitCases = []Case{
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
		ID:      "MBOX-LIM-4/after-timeout",
		Needs:   growthNeeds,
		Expects: Absence,
		Witness: fullStep,
		Story:   "After a limited send that ran out of time there is room for as many objects as were read, and the next read is not that send's object.",
		Run: func(c *C) {
			box, held := c.filled(2)
			c.Expect(c.MailboxSendLimited(box, late, held, 0.2)).To(BeNil(), "there is no room")
			c.Expect(c.takes(box, held)).To(BeAll(numbers(held)), "the mailbox holds what was sent before")
			for i := range held {
				c.Expect(c.MailboxSendLimited(box, i, held, 0)).To(BeTrue(), "there is room again")
			}
			c.Expect(c.MailboxSendLimited(box, late, held, 0)).To(BeNil(), "there is none")
			c.holds("MBOX-LIM-4", box, numbers(held), "what was sent with true is there")
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
				boxes, answers := make([]spec.Value, pairs), make([]spec.Ref, pairs)
				for n := range pairs {
					boxes[n], answers[n] = c.MakeMailbox().Primary(), c.Cell(none)
				}
				c.together(2*pairs, "reader or sender", func(p *P, i int) {
					if i%2 == 1 {
						p.Pause(sends)
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
		ID:      "SEND-RET-1/as-time-ends",
		Clauses: []string{"SEND-TMO-2"},
		Needs:   sendNeeds,
		Witness: fullStep,
		Story:   "Room comes just as the time of limited sends ends, time and again: the object is there if its send answered true, and only then.",
		Run: func(c *C) {
			const soon = 0.02
			target := c.Gated("target").Process
			held := fill(c, target)
			box := c.boxOf(target)
			for i := range c.Size(40, 40, 1) {
				answer := c.answers("sender", func(p *P) spec.Return {
					return p.ProcessSend(target, late, key.Limit(held), key.Timeout(soon))
				})
				c.Pause(near(soon, i))
				c.take(box)
				want := 0
				if spec.Truth(c.answered("SEND-TMO-2", answer, "a limited send with a timeout returns")) {
					want = 1
				}
				c.Expect(countOf(late, c.takes(box, held+1))).To(BeEql(want), "the object is there if its send answered true, and only then")
				held = fill(c, target)
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
		ID:      "MBOX-LIM-4/killed-before",
		Needs:   append([]string{"process-run-function", "process-kill", "process-join"}, growthNeeds...),
		Witness: fullStep,
		Story:   "Two limited senders wait for room, and one is killed, whichever waits longer. Once it is dead an object is read: the other's object is added.",
		Run: func(c *C) {
			for i := range c.Size(4, 4, 1) {
				box, held := c.filled(1)
				victim, other := c.twoWait(i%2 == 0, func(p *P) spec.Return { return p.MailboxSendLimited(box, late, held) },
					func(p *P) spec.Return { return p.MailboxSendLimited(box, none, held) })
				c.killAs(victim, func() {})
				c.take(box)
				c.Expect(c.answered("MBOX-LIM-4", other, "a sender gets the room that there is")).To(BeTrue(), "its object is added")
			}
		},
	},
	{
		ID:      "MBOX-LIM-4/killed-beside",
		Clauses: []string{"MBOX-READ-6"},
		Needs:   append([]string{"process-run-function", "process-kill", "process-join", "mailbox-count"}, growthNeeds...),
		Witness: fullStep,
		Story:   "Two limited senders wait for room; one is killed as room comes. If there is room still, the other's object is added; there is for it in any case once another object is read.",
		Run: func(c *C) {
			for range c.Size(50, 50, 1) {
				box, held := c.filled(1)
				victim := c.victimOf(func(p *P) { p.MailboxSendLimited(box, late, held) })
				c.lull()
				other := c.answers("other sender", func(p *P) spec.Return { return p.MailboxSendLimited(box, none, held) })
				c.killAs(victim, func() { c.take(box) })
				if spec.Eql(c.MailboxCount(box).Primary(), spec.Int(held)) {
					c.take(box) // the killed one's object took the room, or the other's did
				}
				c.Expect(c.answered("MBOX-LIM-4", other, "a sender gets the room that there is")).To(BeTrue(), "its object is added")
			}
		},
	},
	{
		ID:      "MBOX-LIM-4/two-rooms",
		Needs:   append([]string{"process-run-function"}, growthNeeds...),
		Witness: fullStep,
		Story:   "Limited senders wait at a full mailbox, and as many objects are read at the same time: all sends answer true.",
		Run: func(c *C) {
			n := c.Size(3, 3, 2)
			for range c.Size(10, 10, 1) {
				box, held := c.filled(n)
				c.allGetRoom("MBOX-LIM-4", n, box, held, func(p *P, object any) spec.Return { return p.MailboxSendLimited(box, object, held) })
			}
		},
	},
	{
		ID:      "SEND-LIM-5/two-rooms",
		Needs:   sendNeeds,
		Witness: fullStep,
		Story:   "Limited sends to a process wait at its full mailbox, and as many objects are read at the same time: all answer true.",
		Run: func(c *C) {
			for range c.Size(10, 10, 1) {
				target := c.Gated("target").Process
				held := fill(c, target)
				c.allGetRoom("SEND-LIM-5", min(held, c.Size(3, 3, 2)), c.boxOf(target), held, func(p *P, object any) spec.Return {
					return p.ProcessSend(target, object, key.Limit(held))
				})
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
}

// readsNext sends an object after a read that got nothing, and reads it.
func (c *C) readsNext(box spec.Value, object int, before spec.Return, clause string) {
	if clause != "" {
		c.Expect(before).For(clause).To(ReturnFirst(nil, nil), "nothing was sent")
	}
	c.put(box, object)
	c.Expect(c.MailboxRead(box, nil, 0)).To(ReturnFirst(object, true), "what was sent after a read that ran out of time is there")
}

// near is a time near that of a timeout, some before and some after it: 4 thousandths of a
// second at most.
func near(timeout float64, round int) float64 { return timeout + float64((round+4)%9-4)*0.001 }

// victimOf makes a process that runs wait, and returns once it has begun.
func (c *C) victimOf(wait func(p *P)) spec.Value {
	begun := c.Cell(nil)
	process := c.Spawn("victim", func(p *P) {
		p.CellSet(begun, true)
		wait(p)
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the process begins")
	return process
}

// twoWait has a process that is to be killed wait, and another one, the one or the other first.
func (c *C) twoWait(victimFirst bool, kills, answers func(p *P) spec.Return) (victim spec.Value, answer spec.Ref) {
	for _, kill := range []bool{victimFirst, !victimFirst} {
		if kill {
			victim = c.victimOf(func(p *P) { kills(p) })
		} else {
			answer = c.answers("other waiter", answers)
		}
		c.lull()
	}
	return victim, answer
}

// killAs has another process kill a process while something happens, and returns when it is dead.
func (c *C) killAs(victim spec.Value, meanwhile func()) {
	c.lull()
	killed := c.answers("killer", func(p *P) spec.Return { return p.ProcessKill(victim) })
	meanwhile()
	c.lull()
	c.answered("PROC-KILL-1", killed, "process-kill returns")
	c.For("PROC-KILL-2").ProcessJoin(victim)
	c.lull()
}

// allGetRoom has n senders wait at a full mailbox and reads n objects.
func (c *C) allGetRoom(clause string, n int, box spec.Value, held int, send func(p *P, object any) spec.Return) {
	var answers []spec.Ref
	var want []spec.Value
	for i := range n {
		object := spec.Keyword(fmt.Sprintf("late-%d", i))
		want = append(want, object)
		answers = append(answers, c.answers("sender", func(p *P) spec.Return { return send(p, object) }))
		c.lull()
	}
	for _, answer := range answers {
		c.Expect(c.CellGet(answer)).For(clause).To(BeEql(none), "it waits while the mailbox is full")
	}
	var taken []spec.Value
	if c.Size(2, 2, 1) == 1 { // where every schedule is run one reader is the same
		taken = c.takes(box, n)
	} else {
		// All at a time, since nothing of one process comes with nothing between.
		p, read := c.P, c.Log()
		p.together(n, "reader", func(p *P, _ int) { p.LogAppend(read, p.take(box)) })
		taken = entries(c.LogRead(read).Primary())
	}
	c.lull()
	for _, answer := range answers {
		c.Expect(c.answered(clause, answer, "each send gets room, of which there is enough")).For(clause).To(BeTrue(), "a send that found room answers true")
	}
	left := slices.DeleteFunc(append(numbers(held), want...), func(v spec.Value) bool { return isIn(v, spec.NewList(taken...)) })
	c.holds("SEND-RET-1", box, left, "the objects of all are there")
}
