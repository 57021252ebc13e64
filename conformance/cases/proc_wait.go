package cases

import "github.com/mpcheck/mpcheck/spec"

// process-wait, with and without a timeout.
var _ = chapter([]Case{
	{
		ID:    "PROC-WAIT-1/holds",
		Needs: []string{"process-run-function", "process-wait"},
		Story: "A process waits with process-wait until a cell is set: it does not go on before, and does once it is.",
		Run: func(c *C) {
			cell, returned := c.Cell(nil), c.Cell(nil)
			c.waits(func(p *P) {
				p.ProcessWait("waiting", spec.CellIs(cell, 1))
				p.CellSet(returned, true)
			})
			c.Expect(c.CellGet(returned)).To(BeNil(), "the wait function is not true yet")
			c.CellSet(cell, 1)
			c.AwaitThat(spec.CellIs(returned, true), "the wait returns, its function being true")
		},
	},
	{
		ID:    "PROC-WAIT-1/timeout",
		Needs: []string{"process-wait-with-timeout"},
		Story: "process-wait-with-timeout gives true where its wait function is true, and nil where its time runs out.",
		Run: func(c *C) {
			cell := c.Cell(1)
			c.Expect(c.ProcessWaitWithTimeout("waiting", 0.2, spec.CellIs(cell, 1))).To(BeTrue(), "the wait function is true")
			c.Expect(c.ProcessWaitWithTimeout("waiting", 0.2, spec.CellIs(cell, 2))).To(BeNil(), "the wait function stays false until the time has run out")
		},
	},
	{
		ID:    "PROC-WAIT-1/predicates",
		Needs: []string{"process-wait-with-timeout", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "Of wait functions of every kind - on a cell, on a mailbox, constant, of several - process-wait-with-timeout gives true for those that hold, and nil for the others.",
		Run: func(c *C) {
			cell, box := c.Cell(1), c.MakeMailbox().Primary().(spec.Ref)
			holds := func(want bool, p spec.Value) {
				r := c.ProcessWaitWithTimeout("waiting", 0.05, p)
				if want {
					c.Expect(r).To(BeTrue(), "%s holds", p)
				} else {
					c.Expect(r).To(BeNil(), "%s does not hold", p)
				}
			}
			is, not := spec.CellIs(cell, 1), spec.CellNot(cell, 1)
			holds(true, spec.Always())
			holds(false, spec.Never())
			holds(false, not)
			holds(true, spec.CellNot(cell, 2))
			holds(false, spec.HasMail(box))
			c.put(box, 7)
			holds(true, spec.HasMail(box))
			holds(true, spec.And(is, spec.HasMail(box), spec.Always()))
			holds(false, spec.And(is, not))
			holds(true, spec.Or(not, is))
			holds(false, spec.Or(not, spec.Never()))
			c.take(box)
			holds(false, spec.And(is, spec.HasMail(box)))
		},
	},
	{
		ID:    "PROC-WAIT-1/mail",
		Needs: []string{"process-run-function", "process-wait", "make-mailbox", "mailbox-send", "mailbox-read"},
		Story: "A process waits with process-wait until a mailbox has an object: it does not go on before, does once one is sent, and leaves it there.",
		Run: func(c *C) {
			box, returned := c.MakeMailbox().Primary().(spec.Ref), c.Cell(nil)
			c.waits(func(p *P) {
				p.ProcessWait("waiting", spec.Or(spec.HasMail(box), spec.Never()))
				p.CellSet(returned, true)
			})
			c.Expect(c.CellGet(returned)).To(BeNil(), "the wait function is not true yet")
			c.put(box, 7)
			c.AwaitThat(spec.CellIs(returned, true), "the wait returns, its function being true")
			c.Expect(c.take(box)).For("MBOX-READ-1").To(BeEql(7), "a wait function takes nothing")
		},
	},
})
