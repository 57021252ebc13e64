package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// process-terminate, and the methods by which it ends a process.
var _ = chapter([]Case{
	{
		ID:    "PROC-TERM-1/without-method",
		Needs: append([]string{"process-terminate"}, cleanupNeeds...),
		Story: "A process without a terminate method is terminated while it waits: the call returns 0, and the process unwinds.",
		Run: func(c *C) {
			child := c.victim("child")
			c.Expect(c.ProcessTerminate(child.Process)).To(BeEql(0), "without :join-timeout the value is 0")
			c.AwaitThat(child.left, "the terminated process unwinds")
		},
	},
	{
		ID:    "PROC-TERM-2/join-timeout",
		Needs: append([]string{"process-terminate"}, cleanupNeeds...),
		Story: "process-terminate with :join-timeout gives t for a process that ends in time, nil for one that unwinds longer, unless its cleanups have run before.",
		Run: func(c *C) {
			child := c.victim("child")
			joined := c.ProcessTerminate(child.Process, key.JoinTimeout(c.watchdog))
			c.AwaitFor("PROC-TERM-1", child.left, "the terminated process unwinds")
			c.Expect(joined).To(BeTrue(), "the process ends in time")
			entered, gate := c.Cell(nil), c.MakeGate().Primary()
			slow := c.unwinds("slow", func(p *P) {
				p.CellSet(entered, true)
				p.GateWait(gate)
			})
			slow.marks("cleanup", 1)
			joined = c.ProcessTerminate(slow.Process, key.JoinTimeout(0.2))
			c.AwaitFor("PROC-KILL-1", spec.CellIs(entered, true), "the terminated process unwinds")
			// One that unwinds after its cleanups may be joined before (CLEAN-UNW-1, PROC-JOIN-5): no page has an order.
			if times(c.LogRead(slow.log).Primary(), "cleanup") == 0 {
				c.Expect(joined).To(BeNil(), "the process is still unwinding when the time has run out")
			}
			c.GateOpen(gate)
		},
	},
	{
		ID:      "PROC-TERM-2/method-does-nothing",
		Needs:   methodNeeds,
		Witness: terminatorStep,
		Story:   "process-terminate with :join-timeout gives nil for a process whose terminator does nothing.",
		Run: func(c *C) {
			n := c.noter()
			target := c.withMethod(func(p *P) { p.CurrentProcessSetTerminateMethod(key.RemoteTerminator(n.notes)) })
			joined := c.ProcessTerminate(target.Process, key.JoinTimeout(0.2))
			c.Control(terminatorStep, func() { n.hasFor("PROC-TERM-4", "the terminator is called", call{target.Process}) })
			c.Expect(joined).To(BeNil(), "the process lives when the time has run out")
		},
	},
	{
		ID:      "PROC-TERM-3/force-timeout",
		Needs:   methodNeeds,
		Witness: terminatorStep,
		Story:   "Of processes whose terminators do nothing one that is terminated with a short :force-timeout is killed; those live on that are terminated with a long one, or with none.",
		Run: func(c *C) {
			n := c.noter()
			method := func(p *P) { p.CurrentProcessSetTerminateMethod(key.RemoteTerminator(n.notes)) }
			lives, later, dies := c.withMethod(method), c.withMethod(method), c.withMethod(method)
			c.ProcessTerminate(lives.Process)
			c.ProcessTerminate(later.Process, key.ForceTimeout(600))
			c.Expect(c.ProcessTerminate(dies.Process, key.ForceTimeout(0.2))).For("PROC-TERM-1").To(BeEql(0), "without :join-timeout the value is 0")
			c.Control(terminatorStep, func() {
				n.hasFor("PROC-TERM-4", "the terminators are called", call{lives.Process}, call{later.Process}, call{dies.Process})
			})
			c.AwaitThat(dies.left, "the process is killed once its time has passed")
			c.Settle()
			c.Expect(c.Await(lives.left, 0)).To(BeNil(), "without :force-timeout nobody kills the process")
			c.Expect(c.Await(later.left, 0)).To(BeNil(), "a process isn't killed before its :force-timeout has passed")
		},
	},
	{
		ID:    "PROC-TERM-4/remote",
		Needs: append([]string{"get-current-process", "process-mailbox", "mailbox-read"}, methodNeeds...),
		Story: "Of a remote terminator and terminate-by-send the terminator is the method: it is called in the process that calls process-terminate, with the one that is to end, to which nothing is sent.",
		Run: func(c *C) {
			log := c.Log()
			notes := c.Func(func(p *P, args []spec.Value) any {
				p.LogAppend(log, spec.NewList(append([]spec.Value{p.GetCurrentProcess().Primary()}, args...)...))
				return nil
			})
			target := c.withMethod(func(p *P) {
				p.CurrentProcessSetTerminateMethod(key.TerminateBySend(true), key.RemoteTerminator(notes))
			})
			c.Expect(c.ProcessTerminate(target.Process)).For("PROC-TERM-1").To(BeEql(0), "without :join-timeout the value is 0")
			c.Expect(c.LogRead(log)).To(BeEqual([]any{[]any{c.GetCurrentProcess().Primary(), target.Process}}), "it is called once, here, with the process")
			c.hasNothing("PROC-TERM-4", target.Process, "nothing is sent")
		},
	},
	{
		ID:    "PROC-TERM-4/keywords",
		Needs: []string{"process-run-function", "process-run-function :remote-terminator", "process-run-function :terminate-by-send", "process-terminate", "process-mailbox", "mailbox-read"},
		Story: "The same of a process that was made with :remote-terminator and :terminate-by-send.",
		Run: func(c *C) {
			n := c.noter()
			ready, gate := c.Cell(nil), c.MakeGate().Primary()
			function := c.Func(func(p *P, _ []spec.Value) any {
				p.CellSet(ready, true)
				p.GateWait(gate)
				return nil
			})
			keywords := spec.NewList(spec.Keyword("terminate-by-send"), spec.True{}, spec.Keyword("remote-terminator"), n.notes)
			target := c.ProcessRunFunction(c.name("target"), keywords, function).Primary()
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
			c.ProcessTerminate(target)
			n.has("the terminator is called with the process", call{target})
			c.hasNothing("PROC-TERM-4", target, "nothing is sent")
		},
	},
	{
		ID:    "PROC-TERM-4/local",
		Needs: append([]string{"get-current-process", "process-mailbox", "mailbox-read", "current-process-set-terminate-method :local-terminator"}, methodNeeds...),
		Story: "Of a local terminator and terminate-by-send the terminator is the method: it is called at most once, in the process that is to end, to which nothing is sent.",
		Run: func(c *C) {
			l := c.localTerminator()
			target := c.withMethod(func(p *P) {
				p.CurrentProcessSetTerminateMethod(key.TerminateBySend(true), key.LocalTerminator(l.notes))
			})
			c.Expect(c.ProcessTerminate(target.Process)).For("PROC-TERM-1").To(BeEql(0), "without :join-timeout the value is 0")
			c.Settle()
			c.hasNothing("PROC-TERM-4", target.Process, "nothing is sent")
			c.GateOpen(target.gate) // when a local terminator is called no page says
			c.Settle()
			if called := c.LogRead(l.log).Primary(); spec.Truth(called) {
				c.Expect(called).To(BeEqual([]any{target.Process}), "it is called once, in the process")
			}
		},
	},
	{
		ID:      "PROC-TERM-4/remote-and-local",
		Needs:   []string{"process-run-function", "process-run-function :remote-terminator", "process-run-function :local-terminator", "process-terminate", "get-current-process"},
		Witness: "a local terminator that stands alone is called",
		Story:   "Of a remote and a local terminator the remote one is the method: the local one is not called.",
		Run: func(c *C) {
			l := c.localTerminator()
			made := func(keywords ...spec.Value) spec.Value {
				ready, gate := c.Cell(nil), c.MakeGate().Primary()
				function := c.Func(func(p *P, _ []spec.Value) any {
					p.CellSet(ready, true)
					p.GateWait(gate)
					return nil
				})
				keywords = append(keywords, spec.Keyword("local-terminator"), l.notes)
				target := c.ProcessRunFunction(c.name("target"), spec.NewList(keywords...), function).Primary()
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
				return target
			}
			alone := made()
			c.Control("a local terminator that stands alone is called", func() {
				c.ProcessTerminate(alone)
				l.comes()
			})
			n := c.noter()
			both := made(spec.Keyword("remote-terminator"), n.notes)
			c.ProcessTerminate(both)
			c.Settle()
			n.has("the remote terminator is called with the process", call{both})
			c.Expect(c.LogRead(l.log)).To(BeEqual([]any{alone}), "the local terminator is not called")
		},
	},
	{
		ID:    "PROC-TERM-5/by-send",
		Needs: append([]string{"process-wait-for-event", "general-handle-event"}, methodNeeds...),
		Story: "A process that has called current-process-set-terminate-method without arguments, and handles its events by general-handle-event, ends when it is terminated.",
		Run: func(c *C) {
			ready, left := c.Cell(nil), c.Cell(nil)
			target := c.Spawn("target", func(p *P) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.CurrentProcessSetTerminateMethod()
					p.CellSet(ready, true)
					for {
						p.GeneralHandleEvent(p.ProcessWaitForEvent().Primary())
					}
				}), p.Code(func(p *P) { p.CellSet(left, true) }))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
			c.Expect(c.ProcessTerminate(target)).For("PROC-TERM-1").To(BeEql(0), "without :join-timeout the value is 0")
			c.AwaitThat(spec.CellIs(left, true), "the process ends by what it handles")
		},
	},
	{
		ID:    "PROC-TERM-5/removed",
		Needs: methodNeeds,
		Story: "A process whose terminate method was removed is killed when it is terminated, whatever it waits for.",
		Run: func(c *C) {
			n := c.noter()
			target := c.withMethod(func(p *P) {
				p.CurrentProcessSetTerminateMethod(key.RemoteTerminator(n.notes))
				p.CurrentProcessSetTerminateMethod(key.TerminateBySend(nil))
			})
			c.ProcessTerminate(target.Process)
			c.AwaitThat(target.left, "it is killed")
			n.has("the terminator that was removed is not called")
		},
	},
})

const terminatorStep = "the terminator is called"

var methodNeeds = []string{"process-run-function", "process-terminate", "current-process-set-terminate-method"}

// withMethod makes a victim that has set its terminate method.
func (c *C) withMethod(set func(p *P)) *victim {
	ready, left, gate := c.Cell(nil), c.Cell(nil), c.MakeGate().Primary()
	process := c.Spawn("target", func(p *P) {
		p.UnwindProtect(p.Code(func(p *P) {
			set(p)
			p.CellSet(ready, true)
			p.GateWait(gate)
		}), p.Code(func(p *P) { p.CellSet(left, true) }))
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
	return &victim{&life{Gated: &Gated{Process: process, gate: gate}, c: c}, spec.CellIs(left, true)}
}

// localTerminator notes in which process it is called: with what no page says.
func (c *C) localTerminator() *interrupter {
	l := &interrupter{&noter{c: c, log: c.Log()}, c.Cell(nil)}
	l.notes = c.Func(func(p *P, _ []spec.Value) any {
		p.LogAppend(l.log, p.GetCurrentProcess().Primary())
		p.CellSet(l.called, true)
		return nil
	})
	return l
}
