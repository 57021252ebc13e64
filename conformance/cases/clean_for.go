package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Cleanups of foreign threads.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-FOR-1/after-the-callable",
		Needs: cleanForNeeds,
		Story: "A foreign thread calls code in that registers a form and goes on: the form runs after the code has returned, and before the foreign code has control back.",
		Run: func(c *C) {
			c.runsForeignCleanups()
			t := c.foreignThread()
			value := t.calls(c.P, func(p *P) any {
				t.notes(p, 1)
				p.EnsureProcessCleanup(t.noter(p, 3))
				t.notes(p, 2)
				return 7
			})
			t.shows("the form runs once the callable has returned, before control is back in the foreign code", 1, 2, 3)
			c.Expect(value).For("PROC-CUR-4").To(BeEql(7), "the foreign code gets what the callable has returned")
			c.Settle()
			t.shows("and not again", 1, 2, 3)
		},
	},
	{
		ID:      "CLEAN-FOR-1/own-process",
		Clauses: []string{"CLEAN-FORM-1", "CLEAN-PROC-3", "CLEAN-INP-1"},
		Needs:   append([]string{"get-current-process", "current-process-in-cleanup-p"}, cleanForNeeds...),
		Story:   "The form is registered with the thread's own process named: it runs at the same time, with that process as its argument, in that process, in its cleanups.",
		Run: func(c *C) {
			c.runsForeignCleanups()
			t, log, caller := c.foreignThread(), c.Log(), c.GetCurrentProcess().Primary()
			t.calls(c.P, func(p *P) any {
				me := p.GetCurrentProcess().Primary()
				c.Expect(me).For("PROC-CUR-4").NotTo(BeNil(), "the thread has a process")
				c.Expect(me).For("PROC-CUR-4").NotTo(BeEql(caller), "it is the thread's own")
				p.LogAppend(log, me)
				p.EnsureProcessCleanup(p.Func(func(p *P, args []spec.Value) any {
					t.notes(p, 2)
					p.LogAppend(log, nth(args, 0))
					p.LogAppend(log, p.GetCurrentProcess().Primary())
					p.LogAppend(log, spec.Bool(spec.Truth(p.CurrentProcessInCleanupP().Primary())))
					return nil
				}), of(me))
				t.notes(p, 1)
				return nil
			})
			t.shows("the form runs once the callable has returned, before control is back in the foreign code", 1, 2)
			seen := c.entriesOf(log)
			c.Expect(nth(seen, 1)).For("CLEAN-FORM-1").To(BeEql(nth(seen, 0)), "the form is called with the process")
			c.Expect(nth(seen, 2)).For("CLEAN-PROC-3").To(BeEql(nth(seen, 0)), "the process itself runs it")
			c.Expect(nth(seen, 3)).For("CLEAN-INP-1").To(BeTrue(), "it is in its cleanups")
		},
	},
	{
		ID:      "CLEAN-FOR-1/in-order",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanForNeeds,
		Story:   "Forms of several priorities, registered in another order: all run before control is back, in ascending priority.",
		Run: func(c *C) {
			c.runsForeignCleanups()
			t := c.foreignThread()
			t.calls(c.P, func(p *P) any {
				for _, at := range []int{10, -2, 9} {
					p.For("CLEAN-PRI-1").EnsureProcessCleanup(t.noter(p, 100+at), key.Priority(at))
				}
				return nil
			})
			seen := entries(c.ForeignThreadLog(t.ref).Primary())
			c.Expect(spec.Int(len(seen))).To(BeEql(5), "each form runs once, before control is back in the foreign code")
			c.Expect(nth(seen, 4)).To(BeEql(spec.Keyword("back")), "each form runs before control is back in the foreign code")
			t.showsFor("CLEAN-ORDER-1", "they run in ascending priority", 98, 109, 110)
		},
	},
	{
		ID:      "CLEAN-FOR-2/inner-callable",
		Needs:   cleanForNeeds,
		Expects: Absence,
		Witness: "a form of an outermost callable runs",
		Story:   "A callable calls foreign code, which calls an inner one in that registers a form: it does not run when the inner one returns, but when the outermost one has.",
		Run: func(c *C) {
			c.runsForeignCleanups()
			other := c.foreignThread()
			c.Control("a form of an outermost callable runs", func() {
				other.calls(c.P, func(p *P) any { p.EnsureProcessCleanup(other.noter(p, 1)); return nil })
				other.showsFor("CLEAN-FOR-1", "the form runs once the callable has returned, before control is back in the foreign code", 1)
			})
			t := c.foreignThread()
			t.calls(c.P, func(p *P) any {
				t.notes(p, 1)
				p.CallForeign(p.Callable(func(p *P) any {
					p.EnsureProcessCleanup(t.noter(p, 4))
					t.notes(p, 2)
					return nil
				}))
				t.notes(p, 3)
				return nil
			})
			t.shows("the form does not run when an inner callable returns, but once the outermost one has", 1, 2, 3, 4)
		},
	},
	{
		ID:      "CLEAN-FOR-4/second-call",
		Clauses: []string{"CLEAN-FOR-1"},
		Needs:   cleanForNeeds,
		Story:   "A form is registered in the first of two calls of a foreign thread: it runs after that; whether it does so again after the second is recorded.",
		Run: func(c *C) {
			c.runsForeignCleanups()
			t, log := c.foreignThread(), c.Log()
			t.calls(c.P, func(p *P) any { p.EnsureProcessCleanup(p.Logger(log, "ran")); return nil })
			c.Expect(c.LogRead(log)).For("CLEAN-FOR-1").To(BeEqual(list("ran")), "the form runs once the callable has returned, before control is back in the foreign code")
			t.calls(c.P, func(*P) any { return nil })
			c.Settle()
			switch len(c.entriesOf(log)) {
			case 1:
				c.Observe("CLEAN-FOR-4", "runs-once")
			case 2:
				c.Observe("CLEAN-FOR-4", "runs-again")
			default:
				c.Observe("CLEAN-FOR-4", spec.Other)
			}
		},
	},
	{
		ID:    "CLEAN-FOR-5/between-calls",
		Needs: append([]string{"get-current-process", "process-alive-p"}, foreignNeeds...),
		Story: "Whether a foreign thread has the same process in its next call, and whether that counts as alive between the two, is recorded.",
		Run: func(c *C) {
			t := c.foreignThread()
			me := func(p *P) any { return p.GetCurrentProcess().Primary() }
			one := t.calls(c.P, me)
			if !spec.Truth(one) { // which is PROC-CUR-4's to say
				c.Observe("CLEAN-FOR-5", spec.Other)
				return
			}
			switch alive := c.Try().ProcessAliveP(one); {
			case alive.Status == spec.Signalled:
				c.Observe("CLEAN-FOR-5", spec.Other)
			case spec.Truth(alive.Primary()):
				c.Observe("CLEAN-FOR-5", "alive-between")
			default:
				c.Observe("CLEAN-FOR-5", "ended-between")
			}
			if spec.Eql(t.calls(c.P, me), one) {
				c.Observe("CLEAN-FOR-5", "same-process")
			} else {
				c.Observe("CLEAN-FOR-5", "new-process")
			}
		},
	},
})

var cleanForNeeds = append([]string{"process-run-function", "ensure-process-cleanup", "foreign-thread-note", "foreign-thread-log"}, foreignNeeds...)

// runsForeignCleanups ends the case of an implementation that never ran such forms, by the version that it declares (CLEAN-FOR-3), and
// sees to it that those of other processes run.
func (c *C) runsForeignCleanups() {
	catalogue := spec.Clauses()
	if clause := catalogue.Lookup("CLEAN-FOR-1"); !catalogue.Applies(clause, c.handshake.Profile) {
		c.NotApplicable("it declares a version of LispWorks before 7.1, which never ran cleanups of foreign threads")
	}
	// What is wrong with cleanups of every process is said of those.
	ready, gate, own, named := c.Cell(nil), c.MakeGate().Primary(), c.Cell(nil), c.Cell(nil)
	sets := func(p *P, cell spec.Ref) spec.Value {
		return p.Func(func(p *P, _ []spec.Value) any { p.CellSet(cell, true); return nil })
	}
	child := c.Spawn("child", func(p *P) {
		p.For("CLEAN-PROC-1").EnsureProcessCleanup(sets(p, own))
		p.CellSet(ready, true)
		p.GateWait(gate)
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the child begins")
	c.Expect(c.CellGet(own)).For("CLEAN-RUN-3").To(BeNil(), "a form runs because its process ends, at no other time")
	c.For("CLEAN-PROC-2").EnsureProcessCleanup(sets(c.P, named), of(child))
	c.GateOpen(gate)
	c.AwaitFor("CLEAN-RUN-1", spec.Or(spec.CellIs(own, true), spec.CellIs(named, true)), "the child ends and its forms run")
	c.AwaitFor("CLEAN-PROC-2", spec.CellIs(named, true), "the process that is named is watched")
	c.AwaitFor("CLEAN-PROC-1", spec.CellIs(own, true), "without :process the current process is watched")
}

// notes writes a number into the log of a foreign thread.
func (t *foreignThread) notes(p *P, n int) { p.ForeignThreadNote(t.ref, n) }

// noter makes a function that does so: a cleanup form.
func (t *foreignThread) noter(p *P, n int) spec.Value {
	return p.Func(func(p *P, _ []spec.Value) any { t.notes(p, n); return nil })
}

// shows expects what the foreign code has of one call: that it called, what was noted, and that it had control back.
func (t *foreignThread) shows(why string, notes ...int) {
	t.showsFor(t.c.theCase.Clause(), why, notes...)
}

func (t *foreignThread) showsFor(clause, why string, notes ...int) {
	wanted := []any{spec.Keyword("call")}
	for _, n := range notes {
		wanted = append(wanted, n)
	}
	t.c.Expect(t.c.ForeignThreadLog(t.ref)).For(clause).To(BeEqual(list(append(wanted, spec.Keyword("back"))...)), "%s", why)
}
