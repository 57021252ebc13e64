package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Timeouts.
var timeoutCases = []Case{
	{
		ID:    "SEND-TMO-1/no-limit",
		Needs: sendNeeds,
		Story: "A send with timeout 0 and no limit, to a mailbox that holds very many objects already, answers true: without a limit the timeout is ignored.",
		Run: func(c *C) {
			target := c.Gated("target")
			for i := range c.Size(1000, 300, 20) {
				c.sendsTrue("SEND-LIM-1", target.Process, i)
			}
			c.sendsTrue("SEND-TMO-1", target.Process, none, key.Timeout(0))
			c.sendsTrue("SEND-TMO-1", target.Process, none, key.Timeout(0), key.Limit(nil))
		},
	},
	{
		ID:      "SEND-TMO-2/refused",
		Clauses: []string{"SEND-RET-1"},
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: fullStep,
		Story:   "To a full mailbox sends with the limit and a timeout of 0, 0.2 and 1/5 answer false, and their objects never appear, also when there is room.",
		Run: func(c *C) {
			target := c.Gated("target")
			held := fill(c, target.Process)
			for _, timeout := range []spec.Value{spec.Int(0), spec.Double(0.2), spec.NewRatio(1, 5)} {
				c.Expect(c.ProcessSend(target.Process, late, key.Limit(limit), key.Timeout(timeout))).To(BeNil(),
					"a full mailbox at the limit takes nothing within timeout %s", timeout)
			}
			box := c.boxOf(target.Process)
			c.Expect(c.takes(box, held)).For("SEND-RET-1").To(BeAll(numbers(held)), "the mailbox holds what was sent with true")
			c.Settle()
			c.Expect(c.take(box)).To(BeNil(), "an object whose send answered false does not appear later")
		},
	},
	{
		ID:      "SEND-TMO-3/room",
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send with a timeout of ten seconds waits at a full mailbox; when one object is read long before, it returns true and its object is there.",
		Run: func(c *C) {
			target := c.Gated("target")
			waitsForRoom(c, target.Process, func() spec.Value { return c.take(c.boxOf(target.Process)) }, key.Timeout(10))
		},
	},
	{
		ID:    "SEND-TMO-4/observed",
		Needs: sendNeeds,
		Story: "Records what a negative timeout and one that is no number do, where the mailbox is full.",
		Run: func(c *C) {
			target := c.Gated("target")
			fill(c, target.Process)
			for _, bad := range []struct {
				timeout any
				word    string
			}{{-1, "negative"}, {spec.Keyword("soon"), "non-real"}} {
				r := c.Try().ProcessSend(target.Process, none, key.Limit(limit), key.Timeout(bad.timeout))
				c.Observe("SEND-TMO-4", bad.word+called(r, "-error", "-as-zero", "-added"))
			}
		},
	},
}

// What the answer means.
var answerCases = []Case{
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
		ID:    "SEND-ARG-1/observed",
		Needs: sendNeedsAnd("make-mailbox", "process-name"),
		Story: "Records what a send to the name of a process, to nil and to a mailbox does.",
		Run: func(c *C) {
			for _, designator := range []spec.Value{c.ProcessName(c.Gated("target").Process).Primary(), spec.Nil{}, c.MakeMailbox().Primary()} {
				c.Observe("SEND-ARG-1", called(c.Try().ProcessSend(designator, 7), "error", spec.Other, "designator-accepted"))
			}
		},
	},
}

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
