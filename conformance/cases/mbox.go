package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Looking at a mailbox.
var _ = chapter([]Case{
	{
		ID:    "MBOX-PEEK-1/stays",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-peek", "mailbox-read"},
		Story: "Peeking twice and then reading gives the same oldest object three times, of two that are there; peeking at an empty mailbox gives nil and nil.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			c.put(box, 1)
			c.put(box, 2)
			for i := 1; i <= 2; i++ {
				for range 2 {
					c.Expect(c.MailboxPeek(box)).To(ReturnFirst(i, true), "peeking shows the oldest object")
				}
				c.Expect(c.take(box)).To(BeEql(i), "peeking does not remove the object")
			}
			c.Expect(c.MailboxPeek(box)).To(ReturnFirst(nil, nil), "there is nothing to see in an empty mailbox")
		},
	},
	{
		ID:    "MBOX-PRED-1/counts",
		Needs: []string{"make-mailbox", "mailbox-send", "mailbox-read", "mailbox-count", "mailbox-empty-p", "mailbox-not-empty-p"},
		Story: "After each of several sends and reads the count is the number of objects held; empty means 0, not empty the opposite.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			expect := func(n int) {
				c.Expect(c.MailboxCount(box)).To(BeEql(n), "the count is the number of objects")
				empty, full := BeNil(), BeTrue()
				if n == 0 {
					empty, full = full, empty
				}
				c.Expect(c.MailboxEmptyP(box)).To(empty, "empty means that it holds nothing")
				c.Expect(c.MailboxNotEmptyP(box)).To(full, "not empty is the opposite")
			}
			expect(0)
			for n := range 5 {
				c.put(box, n)
				expect(n + 1)
			}
			for n := range 5 {
				c.take(box)
				expect(4 - n)
			}
		},
	},
	{
		ID:    "MBOX-SIZE-1/at-least",
		Needs: []string{"make-mailbox :size", "mailbox-size"},
		Story: "The size of an empty mailbox made with a size is at least that.",
		Run: func(c *C) {
			for _, n := range []int{1, 2, 3, 10, 100} {
				size, ok := c.MailboxSize(c.MakeMailbox(key.Size(n)).Primary()).Primary().(spec.Int)
				c.Expect(spec.Bool(ok && int(size) >= n)).To(BeTrue(), "%d objects fit without growing; the size is %d", n, int(size))
			}
		},
	},
	{
		ID:    "MBOX-SIZE-2/observed",
		Needs: []string{"make-mailbox :size", "mailbox-size", "mailbox-send", "mailbox-read"},
		Story: "Records what the size of a partly filled mailbox means, and whether it shrinks.",
		Run: func(c *C) {
			box := c.MakeMailbox(key.Size(4)).Primary()
			empty := c.MailboxSize(box).Primary()
			c.put(box, 1)
			behaviour := "room-left"
			if spec.Eql(c.MailboxSize(box).Primary(), empty) {
				behaviour = "total-capacity"
			}
			c.Observe("MBOX-SIZE-2", behaviour)
			for range 20 {
				c.put(box, 1)
			}
			c.takes(box, 21)
			behaviour = "never-shrinks"
			if after, _ := c.MailboxSize(box).Primary().(spec.Int); after < 21 {
				behaviour = "shrinks"
			}
			c.Observe("MBOX-SIZE-2", behaviour)
		},
	},
	{
		ID:    "MBOX-FULL-1/full",
		Needs: append([]string{"mailbox-full-p"}, growthNeeds...),
		Story: "A mailbox that limited sends have filled is full; an empty one with room is not.",
		Run: func(c *C) {
			box, size := c.filled(3)
			c.Expect(c.MailboxFullP(box)).To(BeTrue(), "a mailbox that takes no more is full")
			c.takes(box, size)
			c.Expect(c.MailboxFullP(box)).To(BeNil(), "an empty mailbox is not full")
		},
	},
	{
		ID:    "MBOX-RDR-1/observed",
		Needs: []string{"process-run-function", "process-send", "process-mailbox"},
		Story: "Records the reader process of a process's own mailbox.",
		Run: func(c *C) {
			if !c.Offers("mailbox-reader-process") {
				c.Observe("MBOX-RDR-1", "absent")
				return
			}
			target := c.Gated("target").Process
			c.sendsTrue("SEND-RET-2", target, 1)
			c.Observe("MBOX-RDR-1", called(c.MailboxReaderProcess(c.boxOf(target)), spec.Other, "nil", "process"))
		},
	},
	{
		ID:    "MBOX-PM-1/set",
		Needs: []string{"process-run-function", "make-mailbox", "set-process-mailbox", "process-mailbox", "process-send", "mailbox-read"},
		Story: "A process is given a fresh mailbox, which process-mailbox then shows: what is sent to the process later is there. Then it is given none, and the next send makes it one.",
		Run: func(c *C) {
			target, box := c.Gated("target").Process, c.MakeMailbox().Primary()
			c.SetProcessMailbox(target, box)
			c.Expect(c.Eq(c.ProcessMailbox(target).Primary(), box)).To(BeTrue(), "the process has the mailbox that was set")
			c.sendsTrue("SEND-RET-2", target, 7)
			c.Expect(c.take(box)).To(BeEql(7), "a later send goes to that mailbox")
			c.SetProcessMailbox(target, nil)
			c.Expect(c.ProcessMailbox(target)).To(BeNil(), "nil takes the mailbox away")
			for i := range 2 {
				c.sendsTrue("SEND-RET-2", target, i)
			}
			c.holds("SEND-MB-1", c.boxOf(target), numbers(2), "the first send makes a mailbox, and the second uses it")
		},
	},
	{
		ID:    "MBOX-ARG-1/observed",
		Needs: []string{"mailbox-count", "mailbox-empty-p", "mailbox-send", "mailbox-read"},
		Story: "Records what operations on mailboxes do with something else.",
		Run: func(c *C) {
			wrong := spec.Keyword("mailbox")
			for _, r := range []spec.Return{
				c.Try().MailboxCount(wrong), c.Try().MailboxEmptyP(wrong), c.Try().MailboxSend(wrong, 1), c.Try().MailboxRead(wrong, nil, 0),
			} {
				c.Observe("MBOX-ARG-1", called(r, "error", "nil", "another-value"))
			}
		},
	},
})

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
