package cases

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// growthNeeds are those of cases that fill a mailbox, of a small size where sizes can be chosen.
var growthNeeds = []string{"make-mailbox", "mailbox-send-limited", "mailbox-read"}

// Limited sends to a bare mailbox.
var _ = chapter([]Case{
	{
		ID:    "MBOX-LIM-1/room",
		Needs: append([]string{"make-mailbox :size", "mailbox-send"}, growthNeeds...),
		Story: "A mailbox of size 8 that holds one object takes another with limit 1: the limit only prevents growth.",
		Run: func(c *C) {
			box := c.MakeMailbox(key.Size(8)).Primary()
			c.put(box, 1)
			c.Expect(c.MailboxSendLimited(box, 2, 1, 0)).To(BeTrue(), "there is room, whatever the limit")
			c.holds("MBOX-LIM-1", box, []spec.Value{spec.Int(1), spec.Int(2)}, "the object was added")
		},
	},
	{
		ID:    "MBOX-LIM-2/enlarged",
		Needs: append([]string{"mailbox-size", "mailbox-full-p"}, growthNeeds...),
		Story: "A full mailbox that is smaller than the limit is enlarged, to the limit at most, and the object is added.",
		Run: func(c *C) {
			box, size := c.filled(2)
			c.Expect(c.MailboxFullP(box)).For("MBOX-FULL-1").To(BeTrue(), "a mailbox that takes no more is full")
			c.Expect(c.MailboxSendLimited(box, spec.Keyword("more"), size+1, 0)).To(BeTrue(), "a full mailbox smaller than the limit grows")
			after, ok := c.MailboxSize(box).Primary().(spec.Int)
			c.Expect(spec.Bool(ok && int(after) <= size+1)).To(BeTrue(), "it grows to the limit at most")
			c.holds("MBOX-LIM-2", box, append(numbers(size), spec.Keyword("more")), "the object was added")
		},
	},
	{
		ID:    "MBOX-LIM-3/successes",
		Needs: append([]string{"make-mailbox :size", "mailbox-size"}, growthNeeds...),
		Story: "From an empty mailbox of size s calls with limit L and timeout 0 succeed exactly max(s,L) times.",
		Run: func(c *C) {
			for _, pair := range [][2]int{{1, 1}, {1, 5}, {4, 2}, {4, 4}, {3, 10}} {
				box := c.MakeMailbox(key.Size(pair[0])).Primary()
				size, _ := c.MailboxSize(box).Primary().(spec.Int)
				want, successes := max(int(size), pair[1]), 0
				for successes <= want && spec.Truth(c.MailboxSendLimited(box, successes, pair[1], 0).Primary()) {
					successes++
				}
				c.Expect(spec.Int(successes)).To(BeEql(want), "sends with limit %d to an empty mailbox of size %d succeed max(s,L) times", pair[1], int(size))
			}
		},
	},
	{
		ID:      "MBOX-LIM-4/refused",
		Needs:   growthNeeds,
		Expects: Absence,
		Witness: fullStep,
		Story:   "To a full mailbox at the limit, sends with a timeout of 0 and 0.2 answer false and add nothing.",
		Run: func(c *C) {
			box, size := c.filled(2)
			for _, timeout := range []any{0, 0.2} {
				c.Expect(c.MailboxSendLimited(box, late, size, timeout)).To(BeNil(), "a full mailbox at the limit takes nothing within %v s", timeout)
			}
			c.holds("MBOX-LIM-4", box, numbers(size), "an object whose send answered false is not added")
		},
	},
	{
		ID:      "MBOX-LIM-4/waits",
		Needs:   append([]string{"process-run-function"}, growthNeeds...),
		Expects: Absence,
		Witness: fullStep,
		Story:   "Without a timeout a limited send to a full mailbox waits until one object is read, then answers true.",
		Run: func(c *C) {
			box, size := c.filled(2)
			answer := c.answers("sender", func(p *P) spec.Return { return p.MailboxSendLimited(box, late, size) })
			c.stillWaits("MBOX-LIM-4", answer, "it waits while the mailbox is full")
			c.Expect(c.take(box)).For("MBOX-SEND-1").To(BeEql(0), "what was sent first is read first")
			c.Expect(c.answered("MBOX-LIM-4", answer, "the waiting send returns once there is room")).To(BeTrue(), "it has found room")
			c.holds("MBOX-LIM-4", box, append(numbers(size)[1:], late), "its object is there")
		},
	},
	{
		ID:      "MBOX-LIM-5/wait-function",
		Needs:   append([]string{"process-run-function"}, growthNeeds...),
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send without timeout, or with one far off, waits at a full mailbox; when its wait function becomes true it answers false, and its object is not added.",
		Run: func(c *C) {
			for _, timeout := range []any{nil, 1000} {
				box, size := c.filled(2)
				flag := c.Cell(nil)
				answer := c.answers("sender", func(p *P) spec.Return {
					return p.MailboxSendLimited(box, late, size, timeout, "room", spec.CellIs(flag, true))
				})
				c.stillWaits("MBOX-LIM-4", answer, "it waits while the mailbox is full and its wait function false")
				c.CellSet(flag, true)
				c.Expect(c.answered("MBOX-LIM-5", answer, "a true wait function ends the wait")).To(BeNil(), "the object was not added")
				c.holds("MBOX-LIM-5", box, numbers(size), "nothing was added")
			}
		},
	},
	{
		ID:    "MBOX-LIM-6/wait-reason",
		Needs: growthNeeds,
		Story: "Whatever the wait reason, limited sends succeed while there is room and fail once there is none.",
		Run: func(c *C) {
			for _, reason := range []any{nil, "Waiting for room", ""} {
				box, size := c.filled(2)
				c.take(box)
				c.Expect(c.MailboxSendLimited(box, 1, size, 0, reason)).To(BeTrue(), "there is room")
				c.Expect(c.MailboxSendLimited(box, 2, size, 0, reason)).To(BeNil(), "there is none")
			}
		},
	},
	{
		ID:    "MBOX-LIM-7/at-entry",
		Needs: append([]string{"make-mailbox :size"}, growthNeeds...),
		Story: "Records what a limited send does whose wait function is true at once although there is room.",
		Run: func(c *C) {
			box := c.MakeMailbox(key.Size(4)).Primary()
			r := c.MailboxSendLimited(box, 1, 4, 0, nil, spec.Always())
			c.Observe("MBOX-LIM-7", called(r, "", "true-at-entry-refused", "true-at-entry-added"))
			c.Expect(countOf(spec.Int(1), c.takes(box, 2))).For("SEND-RET-1").To(BeEql(map[bool]int{true: 1, false: 0}[spec.Truth(r.Primary())]),
				"the object is there if the answer is true, and only then")
		},
	},
	{
		ID:    "MBOX-LIM-7/fairness",
		Needs: append([]string{"process-run-function"}, growthNeeds...),
		Story: "Records in which order two waiting senders get room; each object is added once.",
		Run: func(c *C) {
			box, size := c.filled(1)
			older := c.answers("older sender", func(p *P) spec.Return { return p.MailboxSendLimited(box, spec.Keyword("older"), size) })
			c.Settle()
			younger := c.answers("younger sender", func(p *P) spec.Return { return p.MailboxSendLimited(box, spec.Keyword("younger"), size) })
			c.Settle()
			c.takes(box, 1)
			c.AwaitFor("MBOX-LIM-4", spec.Or(spec.CellNot(older, none), spec.CellNot(younger, none)), "one of the senders gets the room")
			behaviour := "senders-in-another-order"
			if !spec.Eql(c.CellGet(older).Primary(), none) {
				behaviour = "senders-in-order"
			}
			c.takes(box, size)
			c.answered("MBOX-LIM-4", older, "both senders get room")
			c.answered("MBOX-LIM-4", younger, "both senders get room")
			c.Observe("MBOX-LIM-7", behaviour)
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
})

// filled makes a mailbox of that size, or of what it was rounded up to, or as it comes where there are no sizes to choose, and
// fills it with 0, 1, 2... until a limited send is refused; it returns how many it holds.
func (c *C) filled(n int) (box spec.Value, held int) {
	if c.Offers("make-mailbox :size") {
		box = c.MakeMailbox(key.Size(n)).Primary()
	} else {
		box = c.MakeMailbox().Primary()
	}
	c.Control(fullStep, func() {
		for spec.Truth(c.MailboxSendLimited(box, held, n, 0).Primary()) {
			held++
			c.Expect(spec.Bool(held < c.Size(fillBound, 2000, 200))).For("MBOX-LIM-3").To(BeTrue(), "limited sends to a mailbox that nobody reads fail sooner or later")
		}
		c.Expect(spec.Bool(held >= n)).For("MBOX-LIM-3").To(BeTrue(), "a mailbox of size %d takes as many objects; this one took %d", n, held)
	})
	return box, held
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
