package cases

import "github.com/mpcheck/mpcheck/spec"

const calledStep = "the function leaves a mark when it is called"

// Functions that are queued to a process.
var _ = chapter([]Case{
	{
		ID:      "SEND-Q-1/wait-for-event",
		Clauses: []string{"SEND-EV-1", "EVENT-PWE-1"},
		Needs:   sendNeedsAnd("process-wait-for-event", "get-current-process"),
		Story:   "What is sent to a process is returned there by process-wait-for-event, and is in the mailbox of neither the sender nor another process.",
		Run: func(c *C) {
			bystander, read := c.Gated("bystander"), c.Cell(none)
			target := c.GatedThen("target", func(p *P) { p.CellSet(read, p.ProcessWaitForEvent().Primary()) })
			c.sendsTrue("SEND-RET-2", target.Process, 7)
			c.hasNothing("SEND-Q-1", c.GetCurrentProcess().Primary(), "the object is not queued for the sender")
			c.hasNothing("SEND-Q-1", bystander.Process, "the object is not queued for another process")
			c.Step("only the target has it")
			c.Open(target)
			c.AwaitFor("SEND-EV-1", spec.CellNot(read, none), "process-wait-for-event returns in the target")
			c.Expect(c.CellGet(read)).To(BeEql(7), "the target reads what was sent to it")
		},
	},
	{
		ID:    "SEND-Q-2/identity",
		Needs: sendNeedsAnd("make-mailbox"),
		Story: "A cons, a structure, a hash table, a function, a mailbox and the process itself arrive as the same object.",
		Run: func(c *C) {
			target := c.Gated("target")
			one := c.New(spec.Keyword("cons"), 1, 2).Primary()
			c.Expect(c.Eq(one, c.New(spec.Keyword("cons"), 1, 2).Primary())).For("SEND-Q-2").To(BeNil(), "two conses are two objects")
			for _, object := range []spec.Value{
				one, c.New(spec.Keyword("structure")).Primary(), c.New(spec.Keyword("hash-table")).Primary(),
				c.Func(func(*P, []spec.Value) any { return nil }), c.MakeMailbox().Primary(), target.Process,
			} {
				c.sendsTrue("SEND-RET-2", target.Process, object)
				c.Expect(c.Eq(c.take(c.boxOf(target.Process)), object)).To(BeTrue(), "%s arrives as the same object", object)
			}
		},
	},
	{
		ID:    "SEND-Q-2/literals",
		Needs: sendNeeds,
		Story: "Numbers, characters, symbols, :default and nil arrive as they are.",
		Run: func(c *C) {
			target := c.Gated("target")
			big, _ := spec.ParseInt("123456789012345678901234567890")
			for _, object := range []spec.Value{
				spec.Int(42), spec.Int(-1), big, spec.NewRatio(1, 3), spec.Single(1.5), spec.Double(-2.5), spec.Char('x'),
				spec.Symbol{Name: "f"}, spec.Keyword("default"), spec.True{}, spec.Nil{},
			} {
				c.sendsTrue("SEND-RET-2", target.Process, object)
				c.Expect(c.take(c.boxOf(target.Process))).To(BeEql(object), "%s arrives as it was sent", object)
			}
		},
	},
	{
		ID:    "SEND-Q-2/structures",
		Needs: sendNeeds,
		Story: "Strings, pathnames, lists and dotted lists arrive equal to what was sent.",
		Run: func(c *C) {
			target := c.Gated("target")
			for _, object := range []spec.Value{
				spec.String("text"), spec.String(""), spec.Pathname("/tmp/file"), list(1, "two", list(3)),
				spec.List{Items: []spec.Value{spec.Int(1), spec.String("two")}, Dotted: spec.Int(3)},
			} {
				c.sendsTrue("SEND-RET-2", target.Process, object)
				c.Expect(c.take(c.boxOf(target.Process))).To(BeEqual(object), "%s arrives as it was sent", object)
			}
		},
	},
	{
		ID:      "SEND-Q-3/uncalled",
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: calledStep,
		Story:   "A function, and a list of a function and an argument, are sent to a process that only stores what it reads: the function is never called.",
		Run: func(c *C) {
			log := c.Log()
			f := c.uncalled(log)
			list := spec.NewList(f, spec.Int(1))
			stored, done := c.Log(), c.Cell(nil)
			target := c.GatedThen("target", func(p *P) {
				self := p.GetCurrentProcess().Primary()
				for range 2 {
					p.LogAppend(stored, p.take(p.ProcessMailbox(self).Primary()))
				}
				p.CellSet(done, true)
			})
			c.sendsTrue("SEND-RET-2", target.Process, f)
			c.sendsTrue("SEND-RET-2", target.Process, list)
			c.Open(target)
			c.AwaitFor("SEND-Q-1", spec.CellIs(done, true), "the target reads both objects")
			c.Settle()
			got, _ := spec.Items(c.LogRead(stored).Primary())
			c.Expect(got).For("SEND-Q-1").To(BeAll([]spec.Value{f, list}), "the function and the list are read as they were sent")
			c.Expect(c.LogRead(log)).To(BeEqual([]any{"called"}), "sending does not call the function")
		},
	},
	{
		ID:    "SEND-Q-4/unread",
		Needs: sendNeeds,
		Story: "While nobody reads, the object stays queued; then the test reads it from the target's mailbox.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.sendsTrue("SEND-RET-2", target.Process, 7)
			c.Settle()
			c.Expect(c.take(c.boxOf(target.Process))).To(BeEql(7), "the object is still there")
		},
	},
	{
		ID:    "SEND-Q-5/one-sender",
		Needs: sendNeeds,
		Story: "The integers that one process sends are read in the order in which they were sent.",
		Run: func(c *C) {
			target := c.Gated("target")
			want := numbers(c.Size(1000, 300, 6))
			for _, n := range want {
				c.sendsTrue("SEND-LIM-1", target.Process, n)
			}
			c.Expect(spec.NewList(c.takes(c.boxOf(target.Process), len(want))...)).To(BeEqual(want), "first in, first out")
		},
	},
	{
		ID:    "SEND-Q-5/four-senders",
		Needs: sendNeeds,
		Story: "Four processes send at the same time: each one's objects are read in its own order, none is lost and none doubled.",
		Run: func(c *C) {
			target := c.Gated("target")
			senders, each := c.Size(4, 4, 2), c.Size(250, 75, 2)
			c.sendsTrue("SEND-RET-2", target.Process, none)
			box := c.boxOf(target.Process)
			c.take(box)
			c.together(senders, "sender", func(p *P, i int) {
				for n := range each {
					p.sendsTrue("SEND-RET-2", target.Process, i*each+n)
				}
			})
			got := c.takes(box, senders*each)
			c.Expect(got).To(BeAll(numbers(senders*each)), "nothing is lost or doubled")
			latest := make([]int, senders)
			for _, v := range got {
				n := int(v.(spec.Int))
				c.Expect(spec.Bool(n%each >= latest[n/each])).To(BeTrue(), "object %d is read after those that its sender sent before it", n)
				latest[n/each] = n % each
			}
		},
	},
	{
		ID:    "SEND-Q-6/self",
		Needs: []string{"process-send", "get-current-process", "process-wait-for-event"},
		Story: "A process sends to itself and reads the object.",
		Run: func(c *C) {
			c.sendsTrue("SEND-Q-6", c.GetCurrentProcess().Primary(), 7)
			c.Expect(c.ProcessWaitForEvent()).To(BeEql(7), "the process reads what it sent to itself")
		},
	},
})

// uncalled makes a function that must not be called once more: it marks the log, as one
// call shows.
func (c *C) uncalled(log spec.Ref) spec.Value {
	f := c.Logger(log, "called")
	c.Control(calledStep, func() {
		c.Funcall(f)
		c.Expect(c.LogRead(log)).To(BeEqual([]any{"called"}), "a call of the function is seen")
	})
	return f
}
