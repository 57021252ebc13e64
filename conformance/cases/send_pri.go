package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Priorities.
var _ = chapter([]Case{
	{
		ID:    "SEND-PRI-1/accepted",
		Needs: sendNeeds,
		Story: "Change-priority takes a fixnum, nil, t and :default, and may be absent; the object arrives each time.",
		Run: func(c *C) {
			target := c.Gated("target")
			for i, keys := range [][]any{{}, {key.ChangePriority(42)}, {key.ChangePriority(nil)}, {key.ChangePriority(true)}, {key.ChangePriority(spec.Keyword("default"))}} {
				c.sendsTrue("SEND-PRI-1", target.Process, i, keys...)
				c.Expect(c.take(c.boxOf(target.Process))).To(BeEql(i), "the object arrives whatever becomes of the priority")
			}
		},
	},
	{
		ID:    "SEND-PRI-1/default",
		Needs: sendNeedsAnd("process-priority", "change-process-priority"),
		Story: "Of two processes of priority 37 one is sent to with change-priority :default, the other without the keyword: their priorities are then the same.",
		Run: func(c *C) {
			absent, given := c.withPriority(37), c.withPriority(37)
			c.sendsTrue("SEND-RET-2", absent, 1)
			c.sendsTrue("SEND-RET-2", given, 1, key.ChangePriority(spec.Keyword("default")))
			c.Expect(c.ProcessPriority(absent)).To(BeEql(c.ProcessPriority(given).Primary()), "absent means :default")
		},
	},
	{
		ID:    "SEND-PRI-2/nil",
		Needs: sendNeedsAnd("process-priority", "change-process-priority"),
		Story: "Change-priority nil leaves a target at the priority 37 that it has, and at what another send made of it, with a limit too.",
		Run: func(c *C) {
			target := c.withPriority(37)
			c.sendsTrue("SEND-RET-2", target, 1, key.ChangePriority(nil))
			c.Expect(c.ProcessPriority(target)).To(BeEql(37), "nil leaves the priority alone")
			c.sendsTrue("SEND-RET-2", target, 2, key.ChangePriority(42))
			before := c.ProcessPriority(target).Primary()
			for i, keys := range [][]any{{}, {key.Limit(1000), key.Timeout(0)}} {
				c.sendsTrue("SEND-RET-2", target, 3+i, append(keys, key.ChangePriority(nil))...)
				c.Expect(c.ProcessPriority(target)).To(BeEql(before), "nil leaves the priority alone")
			}
		},
	},
	{
		ID:    "SEND-PRI-3/fixnum",
		Needs: sendNeedsAnd("process-priority", "change-process-priority", "get-current-process"),
		Story: "A send with change-priority 42 gives the target the priority 42 and leaves that of the sender alone.",
		Run: func(c *C) {
			target, self := c.withPriority(37), c.GetCurrentProcess().Primary()
			before := c.ProcessPriority(self).Primary()
			c.sendsTrue("SEND-RET-2", target, 1, key.ChangePriority(42))
			c.Expect(c.ProcessPriority(target)).To(BeEql(42), "the fixnum is the target's new priority")
			c.Expect(c.ProcessPriority(self)).To(BeEql(before), "the sender's priority is as before")
		},
	},
	{
		ID:    "SEND-PRI-4/observed",
		Needs: sendNeedsAnd("process-priority", "change-process-priority"),
		Story: "Records what change-priority t and :default make of a target's priority.",
		Run: func(c *C) {
			for _, change := range []spec.Value{spec.True{}, spec.Keyword("default")} {
				target := c.withPriority(37)
				c.sendsTrue("SEND-RET-2", target, 1, key.ChangePriority(change))
				prefix := strings.TrimPrefix(change.String(), ":")
				n, _ := c.ProcessPriority(target).Primary().(spec.Int)
				switch {
				case n == 37:
					prefix += "-unchanged"
				case n > 37:
					prefix += "-raised"
				default:
					prefix += "-lowered"
				}
				c.Observe("SEND-PRI-4", prefix)
			}
		},
	},
	{
		ID:    "SEND-PRI-5/observed",
		Needs: sendNeedsAnd("process-priority", "change-process-priority"),
		Story: "Records what becomes of the priority when a send fails, and what a change-priority of :foo or a float does.",
		Run: func(c *C) {
			target := c.withPriority(37)
			fill(c, target)
			if !spec.Truth(c.ProcessSend(target, none, key.Limit(limit), key.Timeout(0), key.ChangePriority(42)).Primary()) {
				behaviour := "failed-send-changed"
				if spec.Eql(c.ProcessPriority(target).Primary(), spec.Int(37)) {
					behaviour = "failed-send-unchanged"
				}
				c.Observe("SEND-PRI-5", behaviour)
			}
			for _, bad := range []any{spec.Keyword("foo"), 1.5} {
				c.Observe("SEND-PRI-5", called(c.Try().ProcessSend(target, none, key.ChangePriority(bad)), "bad-value-error", spec.Other, "bad-value-ignored"))
			}
		},
	},
})

// withPriority makes a gated process whose priority was changed to n.
func (c *C) withPriority(n int) spec.Value {
	target := c.Gated("target").Process
	c.ChangeProcessPriority(target, n)
	c.Expect(c.ProcessPriority(target)).For("PROC-PRI-5").To(BeEql(n), "change-process-priority sets the priority")
	return target
}
