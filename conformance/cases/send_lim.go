package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const (
	limit    = 4
	fullStep = "the mailbox is full"
	// Where no mailbox was supplied its size may exceed the limit, but not without bound.
	fillBound = 10000
)

// Limits.
var _ = chapter([]Case{
	{
		ID:    "SEND-LIM-1/many",
		Needs: sendNeeds,
		Story: "Of very many sends without limit to a process that reads nothing none answers false.",
		Run: func(c *C) {
			target := c.Gated("target")
			n := c.Size(10000, 3000, 100)
			for i := range n {
				c.sendsTrue("SEND-LIM-1", target.Process, i)
			}
		},
	},
	{
		ID:    "SEND-LIM-2/growth",
		Needs: sendNeedsAnd("process-run-function :mailbox", "make-mailbox :size", "mailbox-size"),
		Story: "An empty mailbox of small size s takes max(s,4) sends with limit 4 and timeout 0, then with limit 8 as many more as make max(s,8).",
		Run: func(c *C) {
			target, size := c.sized(2)
			held := 0
			for _, limit := range []int{4, 8} {
				for ; held < max(size, limit); held++ {
					c.sendsTrue("SEND-LIM-2", target, held, key.Limit(limit), key.Timeout(0))
				}
				c.refused("SEND-LIM-2", target, limit)
			}
		},
	},
	{
		ID:    "SEND-LIM-2/room",
		Needs: sendNeedsAnd("process-run-function :mailbox", "make-mailbox :size", "mailbox-size"),
		Story: "A mailbox of size 8 takes as many sends with limit 2 as it has room for: a limit bounds growth, not the number of objects.",
		Run: func(c *C) {
			target, size := c.sized(8)
			for held := range size {
				c.sendsTrue("SEND-LIM-2", target, held, key.Limit(2), key.Timeout(0))
			}
			c.refused("SEND-LIM-2", target, 2)
		},
	},
	{
		ID:    "SEND-LIM-2/any-size",
		Needs: sendNeeds,
		Story: "Whatever the size of a target's own mailbox, the first four sends with limit 4 and timeout 0 succeed and one of very many more fails.",
		Run:   func(c *C) { fill(c, c.Gated("target").Process) },
	},
	{
		ID:    "SEND-LIM-3/observed",
		Needs: sendNeeds,
		Story: "Records what a limit of 0, a negative one and one that is no integer do, in a mailbox with room and in a full one.",
		Run: func(c *C) {
			for _, bad := range []any{0, -1, spec.Keyword("four")} {
				target := c.Gated("target").Process
				send := func() spec.Return {
					return c.Try().ProcessSend(target, none, key.Limit(bad), key.Timeout(0))
				}
				behaviour := called(send(), "error", "treated-as-no-room", "")
				if behaviour == "" {
					c.take(c.boxOf(target))
					fill(c, target)
					behaviour = called(send(), "error", "treated-as-small-limit", "treated-as-nil")
				}
				c.Observe("SEND-LIM-3", behaviour)
			}
		},
	},
	{
		ID:    "SEND-LIM-4/differential",
		Needs: sendNeedsAnd("process-run-function :mailbox", "make-mailbox :size", "mailbox-size", "mailbox-send-limited"),
		Story: "The same objects, limits and timeouts through process-send and through mailbox-send-limited, on two like mailboxes, give the same answers and the same contents.",
		Run: func(c *C) {
			for _, limits := range [][]int{{1, 1, 1}, {5, 5, 5, 5, 5, 5, 5}, {4, 2, 4, 6, 3, 6, 6, 1}, {2, 3, 0, 3, 0, 0, 1, 9}} {
				one, other := c.MakeMailbox(key.Size(2)).Primary(), c.MakeMailbox(key.Size(2)).Primary()
				target := c.gatedAt(one)
				held, sure := 0, 2 // what fits without growing
				most := max(c.sizeOf(one, 2), c.sizeOf(other, 2))
				for i, limit := range limits {
					if limit == 0 { // somebody reads in between, after which a mailbox may shrink (MBOX-SIZE-2)
						c.Expect(c.take(one)).To(BeEql(c.take(other)), "both mailboxes give the same object")
						held, sure = held-1, 0
						continue
					}
					if held >= max(sure, limit) && held < most {
						limit = most // by how much a mailbox has grown is its own affair: this limit leaves no doubt
					}
					most = max(most, limit)
					a := c.ProcessSend(target, i, key.Limit(limit), key.Timeout(0)).Primary()
					b := c.MailboxSendLimited(other, i, limit, 0)
					if spec.Truth(a) != spec.Truth(b.Primary()) {
						c.expectLimited(b, held, sure, limit)
					}
					c.Expect(spec.Bool(spec.Truth(a))).To(BeEql(spec.Bool(spec.Truth(b.Primary()))),
						"step %d of limits %v: process-send answers as mailbox-send-limited does", i, limits)
					if spec.Truth(a) {
						held++
					}
				}
				c.Expect(spec.NewList(c.takes(one, held+1)...)).To(BeEqual(spec.NewList(c.takes(other, held+1)...)), "both mailboxes hold the same")
			}
		},
	},
	{
		ID:      "SEND-LIM-5/read-mailbox",
		Clauses: []string{"SEND-MB-3"},
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send without timeout to a full mailbox waits; when the test has read one object from the mailbox it returns true and its object is there.",
		Run: func(c *C) {
			target := c.Gated("target")
			waitsForRoom(c, target.Process, func() spec.Value { return c.take(c.boxOf(target.Process)) })
		},
	},
	{
		ID:      "SEND-LIM-5/wait-for-event",
		Clauses: []string{"SEND-EV-1"},
		Needs:   sendNeedsAnd("process-wait-for-event"),
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send without timeout to a full mailbox waits; when the target itself has read one object it returns true and its object is there.",
		Run: func(c *C) {
			read, leave := c.Cell(none), c.MakeGate().Primary()
			target := c.GatedThen("target", func(p *P) {
				p.CellSet(read, p.ProcessWaitForEvent().Primary())
				p.GateWait(leave)
			})
			waitsForRoom(c, target.Process, func() spec.Value {
				c.Open(target)
				return c.answered("SEND-EV-1", read, "the target reads an object")
			})
		},
	},
	{
		ID:    "SEND-LIM-6/observed",
		Needs: sendNeeds,
		Story: "Records what a send that waits for room answers when its target dies; where it goes on waiting, reading the mailbox releases it.",
		Run:   func(c *C) { diesMeanwhile(c) },
	},
	{
		ID:    "SEND-LIM-6/error-if-dead",
		Needs: sendNeeds,
		Story: "Records what a send with error-if-dead-p that waits for room does when its target dies.",
		Run:   func(c *C) { diesMeanwhile(c, key.ErrorIfDeadP(true)) },
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
})

// sized makes a gated process with an empty mailbox of that size, or of the size that it
// was rounded up to, which is returned.
func (c *C) sized(n int) (target spec.Value, size int) {
	box := c.MakeMailbox(key.Size(n)).Primary()
	size = c.sizeOf(box, n)
	return c.gatedAt(box), size
}

// sizeOf is the size of an empty mailbox that was made with size n.
func (c *C) sizeOf(box spec.Value, n int) int {
	got, ok := c.MailboxSize(box).Primary().(spec.Int)
	c.Expect(spec.Bool(ok && got >= spec.Int(n))).For("MBOX-SIZE-1").To(BeTrue(), "the size of an empty mailbox is at least the one asked for")
	return int(got)
}

// refused expects that a limited send with timeout 0 is refused.
func (c *C) refused(clause string, target spec.Value, limit int) {
	c.Expect(c.ProcessSend(target, none, key.Limit(limit), key.Timeout(0))).For(clause).To(BeNil(),
		"a mailbox that is full and has reached the limit %d takes no more", limit)
}

// fill sends 0, 1, 2... with the limit and without waiting until a send is refused, and
// returns how many objects the mailbox then holds: the same operation first succeeds, then
// fails for want of room.
func fill(c *C, target spec.Value) (held int) {
	c.Control(fullStep, func() {
		for ; held < c.Size(fillBound, 2000, 200); held++ {
			if !spec.Truth(c.ProcessSend(target, held, key.Limit(limit), key.Timeout(0)).Primary()) {
				c.Expect(spec.Bool(held >= limit)).For("SEND-LIM-2").To(BeTrue(),
					"a limited send fails for want of room only when the mailbox holds at least its limit; this one held %s", spec.Plural(held, "object"))
				return
			}
		}
		c.Expect(spec.Nil{}).For("SEND-LIM-2").To(BeTrue(),
			"a send with limit %d and timeout 0 fails for want of room sooner or later; %d succeeded", limit, held)
	})
	return held
}

// waitsForRoom fills the target's mailbox, has a sender wait for room in it, and makes
// room by take, which returns the object it took.
func waitsForRoom(c *C, target spec.Value, take func() spec.Value, more ...any) {
	held := fill(c, target)
	answer := c.answers("sender", func(p *P) spec.Return {
		// With the lower limit a mailbox that shrinks as it is read would have no room (MBOX-SIZE-2).
		return p.ProcessSend(target, late, append([]any{key.Limit(held)}, more...)...)
	})
	c.stillWaits(c.theCase.Clause(), answer, "a limited send does not return while the mailbox is full")
	c.Step("the sender waits")

	c.Expect(take()).For("SEND-Q-5").To(BeEql(0), "what is read first is what was sent first")
	taken := 1 + c.shrunk(target, held)
	c.Step("there is room")
	c.Expect(c.answered(c.theCase.Clause(), answer, "the waiting send returns once there is room")).To(BeTrue(), "the send that waited and found room answers true")

	want := append(numbers(held)[taken:], late)
	box := c.boxOf(target)
	c.Expect(spec.NewList(c.takes(box, held-taken+1)...)).To(BeEqual(want), "the mailbox holds what was sent, the late object last")
	c.Expect(c.take(box)).For("SEND-RET-1").To(BeNil(), "the mailbox holds nothing more: the late object was added once")
}

// shrunk takes further objects, and tells how many, where a mailbox that held so many and from which the
// first was read is full again: it may have shrunk (MBOX-SIZE-2). It has room once it holds less than
// the limit.
func (c *C) shrunk(target spec.Value, held int) (taken int) {
	if !c.Offers("mailbox-size") {
		return 0
	}
	box := c.boxOf(target)
	for ; held-1-taken >= limit; taken++ {
		if size, ok := c.MailboxSize(box).Primary().(spec.Int); !ok || int(size) >= held-taken {
			break
		}
		c.Expect(c.take(box)).For("SEND-Q-5").To(BeEql(1+taken), "what is read first is what was sent first")
	}
	return taken
}

// diesMeanwhile has a sender wait for room in the mailbox of a process that then dies.
func diesMeanwhile(c *C, more ...any) {
	target := c.Gated("target")
	held := fill(c, target.Process)
	box := c.boxOf(target.Process)
	answer := c.answers("sender", func(p *P) spec.Return {
		return p.ProcessSend(target.Process, late, append([]any{key.Limit(limit)}, more...)...)
	})
	c.stillWaits("SEND-LIM-5", answer, "the sender waits while the mailbox is full")
	c.Open(target)
	c.Settle()
	switch seen := c.CellGet(answer).Primary(); {
	case spec.Eql(seen, none):
		c.Observe("SEND-LIM-6", "goes-on-waiting")
		c.takes(box, held)
		c.answered("SEND-LIM-6", answer, "the send returns once somebody reads")
	case spec.Eql(seen, spec.Keyword("error")):
		c.Observe("SEND-LIM-6", "error")
	default:
		c.Observe("SEND-LIM-6", called(spec.Values(seen), "", "false", "true"))
	}
}

// expectLimited checks the answer of a mailbox-send-limited that does not wait, to a mailbox that holds
// held objects, has room for sure without growing, and was never larger than that or an earlier limit.
func (c *C) expectLimited(r spec.Return, held, sure, limit int) {
	const why = "mailbox-send-limited with limit %d, where %d objects are and %d fit without growing"
	switch {
	case held < sure:
		c.Expect(r).For("MBOX-LIM-1").To(BeTrue(), why, limit, held, sure)
	case held < limit:
		c.Expect(r).For("MBOX-LIM-2").To(BeTrue(), why, limit, held, sure)
	default:
		c.Expect(r).For("MBOX-LIM-4").To(BeNil(), why, limit, held, sure)
	}
}
