package conformance

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var sendCases = []Case{
	{
		ID:      "SEND-LIM-5/read-mailbox",
		Clauses: []string{"SEND-MB-3"},
		Needs:   []string{"process-run-function", "process-send", "process-mailbox", "mailbox-read"},
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send without timeout to a full mailbox waits; when the test has read one object from the mailbox it returns true and its object is there.",
		Run: func(c *C) {
			target := c.Gated("target")
			waitsForRoom(c, target.Process, func() spec.Value {
				return c.MailboxRead(c.ProcessMailbox(target.Process).Primary()).Primary()
			})
		},
	},
	{
		ID:      "SEND-LIM-5/wait-for-event",
		Clauses: []string{"SEND-EV-1"},
		Needs:   []string{"process-run-function", "process-send", "process-wait-for-event", "process-mailbox", "mailbox-read"},
		Expects: Absence,
		Witness: fullStep,
		Story:   "A limited send without timeout to a full mailbox waits; when the target itself has read one object it returns true and its object is there.",
		Run: func(c *C) {
			read, leave := c.Cell(spec.Keyword("none")), c.MakeGate().Primary()
			target := c.GatedThen("target", func(p *P) {
				p.CellSet(read, p.ProcessWaitForEvent().Primary())
				p.GateWait(leave)
			})
			waitsForRoom(c, target.Process, func() spec.Value {
				c.Open(target)
				c.AwaitThat(spec.CellNot(read, spec.Keyword("none")), "the target reads an object")
				return c.CellGet(read).Primary()
			})
		},
	},
}

const (
	limit    = 4
	fullStep = "the mailbox is full"
	// Where no mailbox was supplied its size may exceed the limit, but not without bound.
	fillBound = 100000
)

// fill sends 0, 1, 2... with the limit and without waiting until a send is refused, and
// returns how many objects the mailbox then holds: the same operation first succeeds, then
// fails for want of room.
func fill(c *C, target spec.Value) (held int) {
	c.Control(fullStep, func() {
		for ; held < c.Size(fillBound, 2000, 200); held++ {
			if !spec.Truth(c.ProcessSend(target, held, key.Limit(limit), key.Timeout(0)).Primary()) {
				c.Expect(spec.Bool(held >= limit)).For("SEND-LIM-2").To(BeTrue(),
					"a limited send fails for want of room only when the mailbox holds at least its limit; this one held %d objects", held)
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
func waitsForRoom(c *C, target spec.Value, take func() spec.Value) {
	held := fill(c, target)
	started, outcome := c.Cell(nil), c.Cell(spec.Keyword("none"))
	c.Spawn("sender", func(p *P) {
		p.CellSet(started, true)
		p.CellSet(outcome, p.ProcessSend(target, spec.Keyword("late"), key.Limit(limit)).Primary())
	})
	c.AwaitThat(spec.CellIs(started, true), "the sender begins")
	c.Settle()
	c.Expect(c.CellGet(outcome)).To(BeEql(spec.Keyword("none")),
		"a limited send without timeout does not return while the mailbox is full")
	c.Step("the sender waits")

	c.Expect(take()).For("SEND-Q-1").To(BeEql(0), "what is read first is what was sent first")
	c.Step("there is room")
	c.AwaitThat(spec.CellNot(outcome, spec.Keyword("none")), "the waiting send returns once there is room")
	c.Expect(c.CellGet(outcome)).To(BeTrue(), "the send that waited and found room answers true")

	var rest, want []spec.Value
	box := c.ProcessMailbox(target).Primary()
	for range held {
		rest = append(rest, c.MailboxRead(box, nil, 0).Primary())
	}
	for i := 1; i < held; i++ {
		want = append(want, spec.Int(i))
	}
	want = append(want, spec.Keyword("late"))
	c.Expect(spec.NewList(rest...)).To(BeEqual(want), "the mailbox holds what was sent, the late object last")
	c.Expect(c.MailboxRead(box, nil, 0)).To(ReturnFirst(nil, nil), "the mailbox holds nothing more: the late object was added once")
}
