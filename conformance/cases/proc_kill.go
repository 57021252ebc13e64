package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// process-kill.
var _ = chapter([]Case{
	{
		ID:    "PROC-KILL-1/unwinds",
		Needs: []string{"process-run-function", "process-kill", "make-mailbox", "mailbox-read"},
		Story: "A process that waits for mail inside unwind-protect is killed: the protected form runs, what comes after the wait doesn't.",
		Run: func(c *C) {
			trail, box, unwound := c.Log(), c.MakeMailbox().Primary(), c.Cell(nil)
			target := c.waits(func(p *P) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.MailboxRead(box)
					p.LogAppend(trail, "went on")
				}), p.Code(func(p *P) {
					p.LogAppend(trail, "form")
					p.CellSet(unwound, true)
				}))
				p.LogAppend(trail, "went on")
			})
			c.ProcessKill(target)
			c.AwaitThat(spec.CellIs(unwound, true), "the killed process unwinds")
			c.Settle()
			c.Expect(c.LogRead(trail)).To(BeEqual(list("form")), "the process unwinds where it stands and does not go on")
		},
	},
	{
		ID:    "PROC-KILL-1/before-a-handler",
		Needs: []string{"process-run-function", "process-kill"},
		Story: "An error leaves the body of a handler-case; while a form of unwind-protect waits on the way, the process is killed: it does not go on with the handler.",
		Run: func(c *C) {
			c.killedBefore(func(p *P, waits, handler spec.Callback) {
				p.HandlerCase(p.Code(func(p *P) {
					p.UnwindProtect(p.Code(func(p *P) { p.SignalError("handled") }), waits)
				}), handler)
			})
		},
	},
	{
		ID:    "PROC-KILL-1/between-handlers",
		Needs: []string{"process-run-function", "process-kill"},
		Story: "The handler of an inner handler-bind waits when its process is killed: the process does not go on with the handler of the outer one.",
		Run: func(c *C) {
			c.killedBefore(func(p *P, waits, handler spec.Callback) {
				p.HandlerBind(p.Code(func(p *P) {
					p.HandlerBind(p.Code(func(p *P) { p.SignalError("declined") }), waits)
				}), handler)
			})
		},
	},
	{
		ID:    "PROC-KILL-2/mailbox-read",
		Needs: []string{"process-run-function", "process-kill", "list-all-processes", "make-mailbox", "mailbox-read"},
		Story: "A process that waits for mail is woken by a kill and ends.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			wokenToDie(c, func(p *P) { p.MailboxRead(box) })
		},
	},
	{
		ID:    "PROC-KILL-2/process-wait",
		Needs: []string{"process-run-function", "process-kill", "list-all-processes", "process-wait"},
		Story: "A process in process-wait is woken by a kill and ends.",
		Run:   func(c *C) { wokenToDie(c, func(p *P) { p.ProcessWait("waiting", spec.Never()) }) },
	},
	{
		ID:    "PROC-KILL-2/process-wait-for-event",
		Needs: []string{"process-run-function", "process-kill", "list-all-processes", "process-wait-for-event"},
		Story: "A process in process-wait-for-event is woken by a kill and ends.",
		Run:   func(c *C) { wokenToDie(c, func(p *P) { p.ProcessWaitForEvent() }) },
	},
	{
		ID:    "PROC-KILL-4/form-cut-short",
		Needs: killNeeds,
		Story: "A process is killed again while a form of unwind-protect waits: whether the form completes is left open; the cleanups run.",
		Run: func(c *C) {
			entered, gate := c.Cell(nil), c.MakeGate().Primary()
			child := c.unwinds("child", func(p *P) {
				p.CellSet(entered, true)
				p.GateWait(gate)
			})
			child.marks("cleanup", 1)
			log := child.overBy(func() {
				c.For("PROC-KILL-1").ProcessKill(child.Process)
				c.AwaitFor("PROC-KILL-1", spec.CellIs(entered, true), "the killed process unwinds")
				c.For("PROC-KILL-1").ProcessKill(child.Process)
				c.GateOpen(gate)
			})
			c.ranOnce(log, "CLEAN-RUN-1", "cleanup")
		},
	},
	{
		ID:    "PROC-KILL-5/second-kill",
		Needs: killNeeds,
		Story: "While the first of three cleanups of a killed process waits the process is killed again: every cleanup runs once.",
		Run: func(c *C) {
			child, entered, gate := c.victim("child"), c.Cell(nil), c.MakeGate().Primary()
			child.marksAfter("first", 1, func(p *P) {
				p.CellSet(entered, true)
				p.GateWait(gate)
			})
			child.marks("second", 2)
			child.marks("third", 3)
			cleaned := c.Cleaned(child.Process)
			c.For("PROC-KILL-1").ProcessKill(child.Process)
			// Its cleanups may run before it unwinds (CLEAN-UNW-1), and the first of them waits.
			c.AwaitFor("PROC-KILL-1", spec.Or(child.left, spec.CellIs(entered, true)), "the killed process, which waits, is woken and ends")
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the first cleanup begins")
			c.ProcessKill(child.Process)
			c.Settle()
			c.GateOpen(gate)
			c.AwaitThat(cleaned, "the cleanups run to their end")
			c.Settle()
			c.ranOnce(c.LogRead(child.log).Primary(), "PROC-KILL-5", "first", "second", "third")
		},
	},
	{
		ID:    "PROC-KILL-6/dead",
		Needs: append([]string{"list-all-processes"}, killNeeds...),
		Story: "A process that has ended is killed: whether that is an error is recorded; no cleanup runs again, no other process is harmed.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("cleanup", 1)
			c.ranOnce(child.over(), "CLEAN-RUN-1", "cleanup")
			c.Until("PROC-LIST-2", "the process is no longer listed", func() bool { return !c.listed(child.Process) })
			if c.Try().ProcessKill(child.Process).Status == spec.Signalled {
				c.Observe("PROC-KILL-6", "error")
			} else {
				c.Observe("PROC-KILL-6", "returns-quietly")
			}
			c.Settle()
			c.ranOnce(c.LogRead(child.log).Primary(), "CLEAN-RUN-1", "cleanup")
			c.usable()
		},
	},
	{
		ID:    "PROC-KILL-7/oneself",
		Needs: killNeeds,
		Story: "A process kills itself by process-kill: it ends; whether the call returned is recorded.",
		Run: func(c *C) {
			returned, left := c.Cell(spec.Keyword("never")), c.Cell(nil)
			itself := c.lifeOf("itself", nil, func(p *P, l *life) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.CellSet(returned, p.ProcessKill(l.Process).Primary())
					p.GateWait(p.MakeGate().Primary())
				}), p.Code(func(p *P) { p.CellSet(left, true) }))
			})
			c.Open(itself.Gated)
			c.AwaitFor("PROC-KILL-1", spec.CellIs(left, true), "the process that killed itself unwinds")
			switch v := c.CellGet(returned).Primary(); {
			case spec.Eql(v, spec.Keyword("never")):
				c.Observe("PROC-KILL-7", "self-ends-in-the-call")
			default:
				c.Observe("PROC-KILL-7", "self-ends-shortly-after")
				c.Observe("PROC-KILL-7", returnedKey(v))
			}
		},
	},
	{
		ID:    "PROC-KILL-7/another",
		Needs: append([]string{"process-alive-p"}, killNeeds...),
		Story: "What process-kill of another process returns, and whether the target is alive then, is recorded.",
		Run: func(c *C) {
			child := c.victim("child")
			c.Observe("PROC-KILL-7", returnedKey(c.ProcessKill(child.Process).Primary()))
			if spec.Truth(c.ProcessAliveP(child.Process).Primary()) {
				c.Observe("PROC-KILL-7", "target-alive-on-return")
			} else {
				c.Observe("PROC-KILL-7", "target-ended-on-return")
			}
			c.AwaitFor("PROC-KILL-1", child.left, "the killed process unwinds")
		},
	},
	{
		ID:    "PROC-KILL-8/at-once",
		Needs: append([]string{"list-all-processes"}, killNeeds...),
		Story: "A process is killed as soon as it is made: whether its function and a cleanup from outside run is recorded; it leaves the list.",
		Run: func(c *C) {
			log, never := c.Log(), c.MakeGate().Primary()
			child := c.Spawn("child", func(p *P) {
				p.LogAppend(log, "began")
				p.UnwindProtect(p.Code(func(p *P) { p.GateWait(never) }), p.Code(func(p *P) { p.LogAppend(log, "left") }))
			})
			c.EnsureProcessCleanup(c.Logger(log, "cleanup"), key.Priority(1), of(child))
			c.ProcessKill(child)
			c.Until("PROC-KILL-1", "the process ends", func() bool {
				ran := c.LogRead(log).Primary()
				return times(ran, "left")+times(ran, "cleanup") > 0 || !c.listed(child)
			})
			c.Until("PROC-LIST-2", "the killed process is no longer listed", func() bool { return !c.listed(child) })
			c.Settle()
			ran := c.LogRead(log).Primary()
			if times(ran, "began") > 0 {
				c.Observe("PROC-KILL-8", "runs-to-interruptible-point")
				return // it had begun: its cleanups are CLEAN-RUN-1's
			}
			c.Observe("PROC-KILL-8", "function-never-runs")
			c.Observe("PROC-KILL-8", map[bool]string{true: "outside-cleanups-run", false: "outside-cleanups-not-run"}[times(ran, "cleanup") > 0])
		},
	},
	{
		ID:    "PROC-KILL-3/held",
		Needs: []string{"process-run-function", "with-interrupts-blocked", "process-kill"},
		Story: "A process is killed while it waits for a flag where interrupts are blocked: it goes on when the flag is set, to the end of the scope and no further.",
		Run: func(c *C) {
			log, ready, flag, left, gate := c.Log(), c.Cell(nil), c.Cell(nil), c.Cell(nil), c.MakeGate().Primary()
			child := c.Spawn("child", func(p *P) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.WithInterruptsBlocked(p.Code(func(p *P) {
						p.CellSet(ready, true)
						p.AwaitFor("PROC-CREATE-3", spec.CellIs(flag, true), "the process, in parallel, sees the flag")
						p.LogAppend(log, "within")
					}))
					p.Settle() // the kill may come a little later
					p.LogAppend(log, "behind")
					p.GateWait(gate)
				}), p.Code(func(p *P) { p.CellSet(left, true) }))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the child begins")
			c.For("PROC-KILL-1").ProcessKill(child)
			c.Settle()
			c.Expect(c.CellGet(left)).To(BeNil(), "the kill is held while interrupts are blocked")
			c.CellSet(flag, true)
			c.AwaitFor("PROC-KILL-1", spec.CellIs(left, true), "the killed process unwinds")
			c.Expect(c.LogRead(log)).To(BeEqual(list("within")), "the code in the scope is run to its end, the code behind it isn't")
		},
	},
})

// killedBefore kills a process while it runs code after which a handler would be next. Where the
// kill is late the handler may begin, and waits without end.
func (c *C) killedBefore(run func(p *P, waits, handler spec.Callback)) {
	inside, left, wentOn := c.Cell(nil), c.Cell(nil), c.Cell(nil)
	gate, never := c.MakeGate().Primary(), c.MakeGate().Primary()
	target := c.Spawn("target", func(p *P) {
		p.UnwindProtect(p.Code(func(p *P) {
			run(p, p.Code(func(p *P) {
				p.CellSet(inside, true)
				p.GateWait(gate)
			}), p.Code(func(p *P) {
				p.GateWait(never)
				p.CellSet(wentOn, true)
			}))
			p.CellSet(wentOn, true)
		}), p.Code(func(p *P) { p.CellSet(left, true) }))
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(inside, true), "the process signals an error, and waits on the way to the handler")
	c.ProcessKill(target)
	c.GateOpen(gate)
	c.AwaitThat(spec.CellIs(left, true), "the killed process unwinds, and waits in no handler")
	c.Settle()
	c.Expect(c.CellGet(wentOn)).To(BeNil(), "the process does not go on")
}

// wokenToDie kills a process that waits, and awaits its end.
func wokenToDie(c *C, wait func(p *P)) {
	left := c.Cell(nil)
	target := c.waits(func(p *P) {
		p.UnwindProtect(p.Code(wait), p.Code(func(p *P) { p.CellSet(left, true) }))
	})
	c.Expect(c.CellGet(left)).For("PROC-CREATE-3").To(BeNil(), "the process waits")
	c.ProcessKill(target)
	c.Until("PROC-KILL-2", "the process, which waits, is woken and ends", func() bool {
		return spec.Truth(c.CellGet(left).Primary()) || !c.listed(target)
	})
}

// returnedKey is the key of PROC-KILL-7 for a value.
func returnedKey(v spec.Value) string {
	switch {
	case !spec.Truth(v):
		return "returns-nil"
	case spec.Eql(v, spec.True{}):
		return "returns-true"
	}
	return "returns-another-value"
}
