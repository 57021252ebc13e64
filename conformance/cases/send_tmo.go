package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Timeouts.
var _ = chapter([]Case{
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
})
