package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What the answer means.
var _ = chapter([]Case{
	{
		ID:    "SEND-RET-1/ledger",
		Needs: sendNeeds,
		Story: "Four processes at once send with limit and timeout 0 to a mailbox that has room for some of it: what was answered true is in the mailbox, the rest is not.",
		Run: func(c *C) {
			target := c.Gated("target")
			held := fill(c, target.Process)
			box := c.boxOf(target.Process)
			room := min(held, c.Size(10, 10, 1))
			c.takes(box, room)
			senders, each := c.Size(4, 4, 2), c.Size(10, 10, 1)
			c.together(senders, "sender", func(p *P, i int) {
				for n := range each {
					object := spec.Int(1000 + i*each + n)
					if spec.Truth(p.ProcessSend(target.Process, object, key.Limit(limit), key.Timeout(0)).Primary()) {
						c.Ledger.Add("true", object)
					}
				}
			})
			added := c.Ledger.Under("true")
			got := c.takes(box, held-room+len(added))
			for _, v := range added {
				c.Expect(countOf(v, got)).To(BeEql(1), "object %s, whose send answered true, is in the mailbox once", v)
			}
			c.Expect(c.take(box)).To(BeNil(), "no object whose send answered false is in the mailbox")
		},
	},
	{
		ID:    "SEND-RET-1/growth",
		Needs: sendNeedsAnd("process-run-function :mailbox", "make-mailbox :size"),
		Story: "Limited sends that make a small mailbox grow answer true, and each of their objects is there once.",
		Run: func(c *C) {
			box := c.MakeMailbox(key.Size(1)).Primary()
			target := c.gatedAt(box)
			for i := range limit {
				c.sendsTrue("SEND-LIM-2", target, i, key.Limit(limit), key.Timeout(0))
			}
			c.holds("SEND-RET-1", box, numbers(limit), "what was answered true is in the mailbox")
		},
	},
	{
		ID:    "SEND-RET-1/same-object",
		Needs: sendNeeds,
		Story: "One object is sent three times, each time with true: it is read three times.",
		Run: func(c *C) {
			target := c.Gated("target")
			for range 3 {
				c.sendsTrue("SEND-RET-2", target.Process, 7)
			}
			c.holds("SEND-RET-1", c.boxOf(target.Process), []spec.Value{spec.Int(7), spec.Int(7), spec.Int(7)}, "each send that answers true adds the object")
		},
	},
	{
		ID:    "SEND-RET-2/live",
		Needs: sendNeeds,
		Story: "Sends to a live process answer true whatever the priority and the flags, with or without a timeout, and with a limit where there is room.",
		Run: func(c *C) {
			target := c.Gated("target")
			for _, keys := range [][]any{
				{}, {key.Timeout(0)}, {key.Timeout(5)}, {key.Limit(1000)}, {key.Limit(1000), key.Timeout(0)}, {key.Limit(1000), key.Timeout(5)},
				{key.ChangePriority(true)}, {key.ChangePriority(nil)}, {key.ErrorIfDeadP(true)}, {key.ErrorIfDeadP(nil), key.Limit(nil)},
			} {
				c.sendsTrue("SEND-RET-2", target.Process, none, keys...)
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
				limit := held
				answer := c.answers("sender", func(p *P) spec.Return {
					return p.ProcessSend(target, late, key.Limit(limit), key.Timeout(soon))
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
})

// countOf is how often a value is among others.
func countOf(v spec.Value, among []spec.Value) spec.Value {
	n := 0
	for _, w := range among {
		if spec.Eql(v, w) {
			n++
		}
	}
	return spec.Int(n)
}

// near is a time near that of a timeout, some before and some after it: 4 thousandths of a
// second at most.
func near(timeout float64, round int) float64 { return timeout + float64((round+4)%9-4)*0.001 }
