package cases

import "github.com/mpcheck/mpcheck/spec"

const childReadsStep = "the child reads an object from its own mailbox"

// Which mailbox a send adds to.
var _ = chapter([]Case{
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
})

// existing sends to a process that has a mailbox and finds the objects there.
func (c *C) existing(target, box spec.Value) {
	for n := range 3 {
		c.sendsTrue("SEND-RET-2", target, n)
		c.Expect(c.Eq(c.ProcessMailbox(target).Primary(), box)).To(BeTrue(), "the mailbox is not replaced")
	}
	c.holds("SEND-MB-2", box, numbers(3), "what is sent is in the mailbox that was there")
}
