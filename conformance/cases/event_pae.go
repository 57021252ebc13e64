package cases

import "github.com/mpcheck/mpcheck/spec"

// All that is in the mailbox of the current process.
var _ = chapter([]Case{
	{
		ID:    "EVENT-PAE-1/in-order",
		Needs: []string{"process-all-events", "process-send", "get-current-process"},
		Story: "Process-all-events handles three lists that were sent, in the order in which they were, and answers true; called again it answers nil.",
		Run: func(c *C) {
			n := c.noter()
			self := c.GetCurrentProcess().Primary()
			c.Expect(c.ProcessAllEvents()).To(BeNil(), "nothing was sent")
			for i := range 3 {
				c.sendsTrue("SEND-Q-6", self, spec.NewList(n.notes, spec.Int(i)))
			}
			c.Expect(c.ProcessAllEvents()).To(BeTrue(), "there were events")
			n.has("all are handled, in order", call{0}, call{1}, call{2})
			c.Expect(c.ProcessAllEvents()).To(BeNil(), "nothing is left")
			n.has("none is handled twice", call{0}, call{1}, call{2})
		},
	},
	{
		ID:    "EVENT-PAE-1/in-target",
		Needs: []string{"process-run-function", "process-all-events", "process-send", "get-current-process"},
		Story: "What was sent to a process before it calls process-all-events is handled in that process.",
		Run: func(c *C) {
			where := c.Cell(none)
			target := c.GatedThen("target", func(p *P) { p.ProcessAllEvents() })
			tell := c.Func(func(p *P, _ []spec.Value) any {
				p.CellSet(where, p.GetCurrentProcess().Primary())
				return nil
			})
			for _, event := range []any{42, spec.NewList(tell)} {
				c.sendsTrue("SEND-RET-2", target.Process, event)
			}
			c.Open(target)
			c.Expect(c.answered("EVENT-PAE-1", where, "the list is handled")).To(BeEql(target.Process), "it is handled in the target")
		},
	},
})
