package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Which mailbox a send adds to.
var targetCases = []Case{
	{
		ID:    "SEND-MB-1/first-send",
		Needs: sendNeeds,
		Story: "The first send leaves the target with a mailbox, the one it had if it had one, from which the object is read; the second send uses the same.",
		Run: func(c *C) {
			target := c.Gated("target")
			before := c.ProcessMailbox(target.Process).Primary()
			c.sendsTrue("SEND-RET-2", target.Process, 1)
			box := c.boxOf(target.Process)
			if spec.Truth(before) {
				c.Expect(c.Eq(before, box)).To(BeTrue(), "the mailbox that was there is used")
			}
			c.Expect(c.take(box)).To(BeEql(1), "the object is in the process's mailbox")
			c.sendsTrue("SEND-RET-2", target.Process, 2)
			c.Expect(c.Eq(c.boxOf(target.Process), box)).To(BeTrue(), "the second send uses the same mailbox")
			c.Expect(c.take(box)).To(BeEql(2), "the second object is in the same mailbox")
		},
	},
	{
		ID:    "SEND-MB-2/supplied",
		Needs: sendNeedsAnd("process-run-function :mailbox", "make-mailbox"),
		Story: "A process made with a mailbox keeps it: what is sent to the process is read from that mailbox.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			target := c.gatedAt(box)
			c.Expect(c.Eq(c.ProcessMailbox(target).Primary(), box)).For("PROC-CREATE-10").To(BeTrue(), "the process has the mailbox it was made with")
			c.existing(target, box)
		},
	},
	{
		ID:    "SEND-MB-2/made",
		Needs: sendNeeds,
		Story: "The mailbox that a first send made is used by further sends and not replaced.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.sendsTrue("SEND-RET-2", target.Process, 0)
			box := c.boxOf(target.Process)
			c.Expect(c.take(box)).For("SEND-MB-1").To(BeEql(0), "the first object is in the process's mailbox")
			c.existing(target.Process, box)
		},
	},
	{
		ID:      "SEND-MB-3/creator-reads",
		Needs:   sendNeedsAnd("get-current-process"),
		Expects: Absence,
		Witness: childReadsStep,
		Story:   "The creator reads an object from the child's mailbox: it gets it, and the child, which reads in the same way, then finds nothing.",
		Run: func(c *C) {
			first, second, again := c.Cell(none), c.Cell(none), c.MakeGate().Primary()
			child := c.GatedThen("child", func(p *P) {
				box := p.ProcessMailbox(p.GetCurrentProcess().Primary()).Primary()
				p.CellSet(first, p.take(box))
				p.GateWait(again)
				p.CellSet(second, p.take(box))
			})
			c.sendsTrue("SEND-RET-2", child.Process, 1)
			c.Control(childReadsStep, func() {
				c.Open(child)
				c.Expect(c.answered("SEND-MB-3", first, "the child reads its mailbox")).For("SEND-Q-1").To(BeEql(1), "the child gets what was sent to it")
			})
			c.sendsTrue("SEND-RET-2", child.Process, 2)
			c.Expect(c.take(c.boxOf(child.Process))).To(BeEql(2), "another process takes the object from the mailbox")
			c.GateOpen(again)
			c.Expect(c.answered("SEND-MB-3", second, "the child reads its mailbox again")).To(BeNil(), "what was taken is no longer there")
		},
	},
	{
		ID:    "SEND-MB-4/first-sends",
		Needs: sendNeeds,
		Story: "Sixteen processes send at once to one that nobody has sent to: all sixteen objects arrive.",
		Run: func(c *C) {
			target, senders := c.Gated("target"), c.Size(16, 16, 2)
			c.together(senders, "sender", func(p *P, i int) { p.sendsTrue("SEND-RET-2", target.Process, i) })
			c.holds("SEND-MB-4", c.boxOf(target.Process), numbers(senders), "every first send arrives")
		},
	},
	{
		ID:    "SEND-MB-5/before-use",
		Needs: []string{"process-run-function", "process-mailbox"},
		Story: "Records whether a process has a mailbox before anybody uses one.",
		Run: func(c *C) {
			c.Observe("SEND-MB-5", called(c.ProcessMailbox(c.Gated("target").Process), "", "no-mailbox-before-use", "mailbox-from-birth"))
		},
	},
}

const childReadsStep = "the child reads an object from its own mailbox"

// existing sends to a process that has a mailbox and finds the objects there.
func (c *C) existing(target, box spec.Value) {
	for n := range 3 {
		c.sendsTrue("SEND-RET-2", target, n)
		c.Expect(c.Eq(c.ProcessMailbox(target).Primary(), box)).To(BeTrue(), "the mailbox is not replaced")
	}
	c.holds("SEND-MB-2", box, numbers(3), "what is sent is in the mailbox that was there")
}

// Priorities.
var priorityCases = []Case{
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
}

// withPriority makes a gated process whose priority was changed to n.
func (c *C) withPriority(n int) spec.Value {
	target := c.Gated("target").Process
	c.ChangeProcessPriority(target, n)
	c.Expect(c.ProcessPriority(target)).For("PROC-PRI-5").To(BeEql(n), "change-process-priority sets the priority")
	return target
}
