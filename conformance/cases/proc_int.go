package cases

import "github.com/mpcheck/mpcheck/spec"

// process-interrupt.
var _ = chapter([]Case{
	{
		ID:    "PROC-INT-1/reader",
		Needs: append([]string{"make-mailbox", "mailbox-send", "mailbox-read"}, interruptNeeds...),
		Story: "A process that waits in mailbox-read is interrupted: the function is called in it, with its arguments, and the read still gets its object later.",
		Run: func(c *C) {
			i, got, mailbox := c.interrupter(), c.Cell(nil), c.MakeMailbox().Primary()
			reader := c.waits(func(p *P) { p.CellSet(got, p.MailboxRead(mailbox).Primary()) })
			i.interrupts(reader, 1, "two")
			i.has("the function is called once, in the process, with its arguments", call{reader, 1, "two"})
			c.Expect(c.CellGet(got)).To(BeNil(), "the process goes back to waiting")
			c.MailboxSend(mailbox, 7)
			c.AwaitThat(spec.CellIs(got, 7), "the read that was interrupted gets its object")
		},
	},
	{
		ID:    "PROC-INT-1/waiters",
		Needs: append([]string{"process-wait", "process-wait-for-event", "process-send"}, interruptNeeds...),
		Story: "Processes that wait in process-wait and in process-wait-for-event are interrupted, and go back to waiting.",
		Run: func(c *C) {
			flag, sent := c.Cell(nil), c.Cell(nil)
			alone := c.waits(func(p *P) { p.CellSet(sent, p.ProcessWaitForEvent().Primary()) })
			c.ProcessSend(alone, 1)
			c.AwaitFor("EVENT-PWE-1", spec.CellIs(sent, 1), "an object that is sent ends the wait of a process that nobody interrupts")
			for _, w := range []struct {
				wait func(p *P)
				ends func(waiter spec.Value)
			}{
				{func(p *P) { p.ProcessWait("waiting", spec.CellIs(flag, true)) }, func(spec.Value) { c.CellSet(flag, true) }},
				{func(p *P) { p.ProcessWaitForEvent() }, func(waiter spec.Value) { c.ProcessSend(waiter, 1) }},
			} {
				i, over := c.interrupter(), c.Cell(nil)
				waiter := c.waits(func(p *P) {
					w.wait(p)
					p.CellSet(over, true)
				})
				i.interrupts(waiter)
				i.has("the function is called once, in the process", call{waiter})
				c.Expect(c.CellGet(over)).To(BeNil(), "the process goes back to waiting")
				w.ends(waiter)
				c.AwaitThat(spec.CellIs(over, true), "the process goes on once it need not wait any more")
			}
		},
	},
	{
		ID:    "PROC-INT-1/runs",
		Needs: interruptNeeds,
		Story: "A process that doesn't wait is interrupted: it calls the function, and goes on.",
		Run: func(c *C) {
			i, enough, over := c.interrupter(), c.Cell(nil), c.Cell(nil)
			runs := c.GatedThen("runs", func(p *P) {
				for !spec.Truth(p.CellGet(enough).Primary()) {
					p.Pause(0.005)
				}
				p.CellSet(over, true)
			})
			c.Open(runs)
			i.interrupts(runs.Process, spec.Keyword("a"))
			i.has("the function is called once, in the process, with its argument", call{runs.Process, spec.Keyword("a")})
			c.CellSet(enough, true)
			c.AwaitThat(spec.CellIs(over, true), "the process goes on with what it was about")
		},
	},
	{
		ID:    "PROC-INT-1/two",
		Needs: interruptNeeds,
		Story: "A process that is interrupted twice calls either function, in whatever order.",
		Run: func(c *C) {
			one, other, gate, over := c.interrupter(), c.interrupter(), c.Cell(nil), c.Cell(nil)
			waiter := c.waits(func(p *P) {
				p.Await(spec.CellIs(gate, true), nil)
				p.CellSet(over, true)
			})
			c.ProcessInterrupt(waiter, one.notes, 1)
			other.interrupts(waiter, 2)
			one.comes()
			one.has("the one function is called once", call{waiter, 1})
			other.has("the other function is called once", call{waiter, 2})
			c.CellSet(gate, true)
			c.AwaitThat(spec.CellIs(over, true), "the process goes on")
		},
	},
	{
		ID:      "PROC-INT-1/blocked",
		Needs:   append([]string{"with-interrupts-blocked"}, interruptNeeds...),
		Witness: "the function is called once the scope has ended",
		Story:   "A process is interrupted while it waits for a flag where interrupts are blocked: the function is called once the scope has ended.",
		Run: func(c *C) {
			i, ready, flag, gate := c.interrupter(), c.Cell(nil), c.Cell(nil), c.MakeGate().Primary()
			blocked := c.Spawn("blocked", func(p *P) {
				p.WithInterruptsBlocked(p.Code(func(p *P) {
					p.CellSet(ready, true)
					p.AwaitFor("PROC-CREATE-3", spec.CellIs(flag, true), "the process, in parallel, sees the flag")
					p.LogAppend(i.log, "within")
				}))
				p.GateWait(gate)
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
			c.ProcessInterrupt(blocked, i.notes)
			c.Settle()
			c.CellSet(flag, true)
			c.Control("the function is called once the scope has ended", i.comes)
			c.Expect(c.LogRead(i.log)).To(BeEqual([]any{"within", []any{blocked}}), "the interrupt is held until the scope has ended")
		},
	},
})

var interruptNeeds = []string{"process-run-function", "process-interrupt", "get-current-process"}

// An interrupter notes its calls by process-interrupt: the process in which it is called, and what with.
type interrupter struct {
	*noter
	called spec.Ref
}

func (c *C) interrupter() *interrupter {
	i := &interrupter{&noter{c: c, log: c.Log()}, c.Cell(nil)}
	i.notes = c.Func(func(p *P, args []spec.Value) any {
		p.LogAppend(i.log, spec.NewList(append([]spec.Value{p.GetCurrentProcess().Primary()}, args...)...))
		p.CellSet(i.called, true)
		return nil
	})
	return i
}

// interrupts interrupts a process, and waits until the function is called.
func (i *interrupter) interrupts(process spec.Value, args ...any) {
	i.c.ProcessInterrupt(process, i.notes, args...)
	i.comes()
}

func (i *interrupter) comes() {
	i.c.AwaitThat(spec.CellIs(i.called, true), "the process calls the function that was given to interrupt it")
}
