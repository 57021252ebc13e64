package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const insideStep = "current-process-in-cleanup-p is true inside a form"

var phaseNeeds = append([]string{"current-process-in-cleanup-p"}, cleanupNeeds...)

// The phase in which forms run, seen from inside and outside; the legacy call.
var cleanupPhaseCases = []Case{
	{
		ID:    "CLEAN-ERR-1/error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "A form signals an error that nobody handles: what becomes of the later one is recorded; other processes live on.",
		Run: func(c *C) {
			child := c.life("child")
			child.ensure(c.Func(func(p *P, _ []spec.Value) any { p.SignalError("in a form"); return nil }), key.Priority(1))
			child.marks("later", 2)
			switch log := child.settled(); {
			case times(log, "later") > 0:
				c.Observe("CLEAN-ERR-1", "remaining-forms-run")
			case c.listed(child.Process):
				c.Observe("CLEAN-ERR-1", "waits-in-debugger")
			default:
				c.Observe("CLEAN-ERR-1", "remaining-forms-skipped")
			}
			c.usable()
		},
	},
	{
		ID:    "CLEAN-INP-1/return",
		Needs: phaseNeeds,
		Story: "When a process returns, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.life("child")
			c.inCleanup(child, child.over)
		},
	},
	{
		ID:    "CLEAN-INP-1/process-kill",
		Needs: append([]string{"process-kill"}, phaseNeeds...),
		Story: "When a process is killed, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.victim("child")
			c.inCleanup(child.life, func() spec.Value { return child.overBy(child.kill) })
		},
	},
	{
		ID:    "CLEAN-INP-1/current-process-kill",
		Needs: append([]string{"current-process-kill"}, phaseNeeds...),
		Story: "When a process calls current-process-kill, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.CurrentProcessKill() })
			c.inCleanup(child, child.over)
		},
	},
	{
		ID:    "CLEAN-INP-1/unhandled-error",
		Needs: append([]string{"list-all-processes"}, phaseNeeds...),
		Story: "When an error that nobody handles ends a process, current-process-in-cleanup-p is true in its forms: a function and a list.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.SignalError("unhandled") })
			c.inCleanup(child, func() spec.Value {
				child.notYet()
				child.endsByError("CLEAN-RUN-5")
				c.Settle()
				return c.LogRead(child.log).Primary()
			})
		},
	},
	{
		ID:      "CLEAN-INP-2/ordinary-running",
		Needs:   phaseNeeds,
		Expects: Absence,
		Witness: insideStep,
		Story:   "current-process-in-cleanup-p is nil in the function of a process and in its creator, also while another process is in its cleanups.",
		Run: func(c *C) {
			inside, entered, gate := c.Cell(spec.Keyword("none")), c.Cell(nil), c.MakeGate().Primary()
			child := c.lifeOf("child", func(p *P, _ *life) {
				p.Expect(p.CurrentProcessInCleanupP()).To(BeNil(), "the function of a process is ordinary running")
			}, nil)
			asked := c.Cell(spec.Keyword("none"))
			other := c.lifeOf("other", nil, func(p *P, _ *life) { p.CellSet(asked, truth(p.CurrentProcessInCleanupP())) })
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.CellSet(inside, truth(p.CurrentProcessInCleanupP()))
				p.CellSet(entered, true)
				p.GateWait(gate)
				return nil
			}), key.Priority(1))
			c.Control(insideStep, func() {
				c.Open(child.Gated)
				c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the child's form begins")
				c.Expect(c.CellGet(inside)).For("CLEAN-INP-1").To(BeTrue(), "inside a form it is true")
			})
			c.Expect(c.CurrentProcessInCleanupP()).To(BeNil(), "another process's cleanups do not concern the creator")
			c.Open(other.Gated)
			c.AwaitFor("PROC-CREATE-3", spec.CellNot(asked, spec.Keyword("none")), "the other process goes on")
			c.Expect(c.CellGet(asked)).To(BeNil(), "nor a third process")
			c.GateOpen(gate)
		},
	},
	{
		ID:    "CLEAN-INP-3/unwinding",
		Needs: append([]string{"process-kill"}, phaseNeeds...),
		Story: "The value of current-process-in-cleanup-p in a form of unwind-protect of a killed process is recorded.",
		Run: func(c *C) {
			seen := c.Cell(spec.Keyword("none"))
			child := c.unwinds("child", func(p *P) { p.CellSet(seen, truth(p.CurrentProcessInCleanupP())) })
			c.ProcessKill(child.Process)
			c.AwaitFor("PROC-KILL-1", spec.CellNot(seen, spec.Keyword("none")), "the killed process unwinds")
			if spec.Truth(c.CellGet(seen).Primary()) {
				c.Observe("CLEAN-INP-3", "unwinding-true")
			} else {
				c.Observe("CLEAN-INP-3", "unwinding-nil")
			}
		},
	},
	{
		ID:    "CLEAN-UNW-1/killed",
		Needs: killNeeds,
		Story: "The order of the unwind-protect forms and the registered cleanups of a killed process is recorded.",
		Run: func(c *C) {
			var child *life
			left := c.Cell(nil)
			child = c.unwinds("child", func(p *P) {
				p.LogAppend(child.log, "unwind")
				p.CellSet(left, true)
			})
			child.marks("cleanup", 1)
			log := child.overBy(func() {
				c.ProcessKill(child.Process)
				c.AwaitFor("PROC-KILL-1", spec.CellIs(left, true), "the killed process unwinds")
			})
			c.ranOnce(log, "CLEAN-RUN-1", "cleanup")
			switch {
			case spec.Equal(log, list("unwind", "cleanup")):
				c.Observe("CLEAN-UNW-1", "unwinding-first")
			case spec.Equal(log, list("cleanup", "unwind")):
				c.Observe("CLEAN-UNW-1", "cleanups-first")
			default:
				c.Observe("CLEAN-UNW-1", spec.Other)
			}
		},
	},
	{
		ID:    "CLEAN-STATE-1/alive",
		Needs: append([]string{"process-alive-p"}, cleanupNeeds...),
		Story: "What process-alive-p says inside a form is recorded.",
		Run: func(c *C) {
			c.seenInside(c.life("child"), "alive", "not-alive", func(p *P, me spec.Value) spec.Return { return p.Try().ProcessAliveP(me) })
		},
	},
	{
		ID:    "CLEAN-STATE-1/listed",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "Whether list-all-processes has the process inside a form is recorded.",
		Run: func(c *C) {
			c.seenInside(c.life("child"), "listed", "not-listed", func(p *P, me spec.Value) spec.Return {
				r := p.Try().ListAllProcesses()
				if r.Status == spec.Signalled {
					return r
				}
				return spec.Values(spec.Bool(isIn(me, r.Primary())))
			})
		},
	},
	{
		ID:    "CLEAN-STATE-1/mail",
		Needs: append([]string{"process-send", "process-mailbox", "mailbox-read"}, cleanupNeeds...),
		Story: "An object was sent to a process before it ended: whether a form can still read it is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			c.ProcessSend(child.Process, "unread")
			c.seenInside(child, "mail-readable", "mail-gone", func(p *P, me spec.Value) spec.Return {
				box := p.Try().ProcessMailbox(me)
				if box.Status == spec.Signalled || !spec.Truth(box.Primary()) {
					return box
				}
				r := p.Try().MailboxRead(box.Primary(), nil, 0)
				return spec.Return{Status: r.Status, Values: []spec.Value{spec.Bool(spec.Equal(r.Primary(), spec.String("unread")))}}
			})
		},
	},
	{
		ID:      "CLEAN-STATE-2/killed-inside",
		Clauses: []string{"PROC-EXIT-6"},
		Needs:   exitNeeds,
		Story:   "Each of three forms calls current-process-kill: the call just returns, and the later forms run.",
		Run: func(c *C) {
			child, began := c.life("child"), c.Cell(nil)
			for i := range 3 {
				child.ensure(c.Func(func(p *P, _ []spec.Value) any {
					p.CellSet(began, true)
					p.CurrentProcessKill()
					p.LogAppend(child.log, i)
					return nil
				}), key.Priority(i))
			}
			cleaned := c.Cleaned(child.Process)
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(began, true), "a form begins")
			c.AwaitThat(cleaned, "the later forms run")
			c.Settle()
			c.Expect(sorted(c.LogRead(child.log).Primary())).To(BeEqual(list(0, 1, 2)), "the call returns inside a form")
		},
	},
	{
		ID:    "CLEAN-LEG-1/second-argument",
		Needs: cleanupNeeds,
		Story: "A form is registered by the old call, with the process as second argument: it runs for that process, between forms at -1 and 1.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("at 1", 1)
			child.marks("at -2", -2)
			child.marks("at -1", -1)
			c.EnsureProcessCleanup(c.Logger(child.log, "form"), child.Process)
			c.ranInOrder(child.over(), "form", "at -2", "at -1", "form", "at 1")
		},
	},
	{
		ID:    "CLEAN-LEG-1/duplicate-by-keywords",
		Needs: cleanupNeeds,
		Story: "A form registered by the old call is ensured again by keywords, with :priority 0: nil is returned, and the form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			c.EnsureProcessCleanup(form, child.Process)
			again := c.EnsureProcessCleanup(form, key.Priority(0), of(child.Process))
			c.Expect(again).For("CLEAN-DUP-3").To(BeNil(), "a registration that changes nothing returns nil")
			c.expectOne(child.over(), "CLEAN-LEG-1")
		},
	},
	{
		ID:    "CLEAN-LEG-3/mixture",
		Needs: cleanupNeeds,
		Story: "The old call with a keyword beside it: what comes of it is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("first", 1)
			child.marks("last", 4)
			r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "mixed"), child.Process, key.Priority(3))
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", "first", "last")
			switch {
			case r.Status == spec.Signalled:
				c.Observe("CLEAN-LEG-3", "mixture-error")
			case spec.Equal(log, list("first", "mixed", "last")):
				c.Observe("CLEAN-LEG-3", "mixture-keywords-honoured")
			case spec.Equal(log, list("mixed", "first", "last")):
				c.Observe("CLEAN-LEG-3", "mixture-keywords-ignored")
			default:
				c.Observe("CLEAN-LEG-3", spec.Other)
			}
		},
	},
	{
		ID:    "CLEAN-LEG-3/nil",
		Needs: cleanupNeeds,
		Story: "The old call with nil as the process: what comes of it is recorded.",
		Run: func(c *C) {
			refused := c.Cell(nil)
			child := c.lifeOf("child", func(p *P, l *life) {
				r := p.Try().EnsureProcessCleanup(p.Logger(l.log, "form"), nil)
				p.CellSet(refused, r.Status == spec.Signalled)
			}, nil)
			log := child.over()
			switch {
			case spec.Truth(c.CellGet(refused).Primary()):
				c.Observe("CLEAN-LEG-3", "nil-process-error")
			case times(log, "form") > 0:
				c.Observe("CLEAN-LEG-3", "nil-means-current-process")
			default:
				c.Observe("CLEAN-LEG-3", spec.Other)
			}
		},
	},
}

// truth is t or nil: what the primary value of a return means.
func truth(r spec.Return) spec.Value { return spec.Bool(spec.Truth(r.Primary())) }

// inCleanup registers a function and a list that ask current-process-in-cleanup-p, ends
// the child by over, and expects that both saw a true value.
func (c *C) inCleanup(child *life, over func() spec.Value) {
	ask := func(mark string) spec.Value {
		return c.Func(func(p *P, _ []spec.Value) any {
			p.LogAppend(child.log, list(mark, truth(p.CurrentProcessInCleanupP())))
			return nil
		})
	}
	child.ensure(ask("function"), key.Priority(1))
	child.ensure(list(ask("list"), 1), key.Priority(2))
	log := over()
	for _, mark := range []string{"function", "list"} {
		c.Expect(log).NotTo(containing(list(mark, nil), 1), "it is true inside the form that is a %s", mark)
		c.ranOnce(log, "CLEAN-RUN-1", list(mark, true))
	}
}

// seenInside records which of two keys of CLEAN-STATE-1 fits what a form sees.
func (c *C) seenInside(child *life, yes, no string, ask func(p *P, me spec.Value) spec.Return) {
	child.ensure(c.Func(func(p *P, args []spec.Value) any {
		r := ask(p, nth(args, 0))
		p.LogAppend(child.log, map[bool]any{true: "error", false: truth(r)}[r.Status == spec.Signalled])
		return nil
	}), key.Priority(1))
	switch log := child.over(); {
	case times(log, true) > 0:
		c.Observe("CLEAN-STATE-1", yes)
	case times(log, nil) > 0:
		c.Observe("CLEAN-STATE-1", no)
	default:
		c.Observe("CLEAN-STATE-1", "error")
	}
}
