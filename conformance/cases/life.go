package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// life is a child whose end a case looks at: a gated process, and the log of its forms.
type life struct {
	*Gated
	c          *C
	log        spec.Ref
	takesLists bool // a form that is a list was registered, without a priority
}

// part is code that runs in the child of a life.
type part func(p *P, l *life)

// life makes a child that returns once its gate is open.
func (c *C) life(what string) *life { return c.lifeOf(what, nil, nil) }

// lifeOf makes a child that runs before, waits at its gate, and runs after. It returns once
// the child waits.
func (c *C) lifeOf(what string, before, after part) *life {
	ready, gate := c.Cell(nil), c.MakeGate().Primary()
	l := &life{Gated: &Gated{gate: gate}, c: c, log: c.Log()}
	l.Process = c.Spawn(what, func(p *P) {
		if before != nil {
			before(p, l)
		}
		p.CellSet(ready, true)
		p.GateWait(gate)
		if after != nil {
			after(p, l)
		}
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+what+" begins")
	return l
}

// marks registers, from outside, a form of that priority which leaves a mark in the log.
func (l *life) marks(what any, at int, more ...any) {
	l.ensure(l.c.Logger(l.log, what), append(more, key.Priority(at))...)
}

// ensure registers a form on the child from outside. What a case varies here is the form, a function
// or a list, and a valid priority: an error is charged to the clause about one of them. A list that was taken
// without a priority speaks for lists.
func (l *life) ensure(form spec.Value, more ...any) {
	clause := "CLEAN-PRI-1"
	if isCons(form) && !l.takesLists {
		clause = "CLEAN-FORM-2"
	}
	l.c.For(clause).EnsureProcessCleanup(form, append(more, of(l.Process))...)
	l.takesLists = l.takesLists || isCons(form) && len(more) == 0
}

// isCons tells whether a value is a cons, written down or made by new.
func isCons(v spec.Value) bool {
	switch v := v.(type) {
	case spec.List:
		return true
	case spec.Ref:
		return v.Type == "cons"
	}
	return false
}

// over opens the gate, waits until the child is cleaned, and returns what its forms have
// logged. What is in the log before is charged to CLEAN-RUN-3.
func (l *life) over() spec.Value { return l.overBy(func() { l.c.Open(l.Gated) }) }

// overBy is like over for a child that something else ends.
func (l *life) overBy(end func()) spec.Value {
	c := l.c
	l.notYet()
	cleaned := c.Cleaned(l.Process)
	end()
	c.AwaitFor("CLEAN-RUN-1", cleaned, "the child ends and its forms run, the sentinel after all others")
	c.Settle()
	return c.LogRead(l.log).Primary()
}

// notYet checks that no form has run.
func (l *life) notYet() {
	l.c.Expect(l.c.LogRead(l.log)).For("CLEAN-RUN-3").To(BeNil(), "a form runs because its process ends, at no other time")
}

// Code makes code of fn for the operations of the kit that run code.
func (p *P) Code(fn func(p *P)) spec.Callback {
	c := p.c
	return c.register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		fn(c.frame(f))
		return nil
	})
}

// Lister makes a function that appends the list of its arguments to a log.
func (p *P) Lister(log spec.Ref) spec.Value {
	return p.Func(func(p *P, args []spec.Value) any { p.LogAppend(log, spec.NewList(args...)); return nil })
}

// nth is the argument at index i, nil where there are fewer.
func nth(args []spec.Value, i int) spec.Value {
	if i < len(args) {
		return args[i]
	}
	return spec.Nil{}
}

// list is the Lisp list of those values.
func list(items ...any) spec.Value { return spec.Of(items) }

// entries are the elements of what log-read returned.
func entries(log spec.Value) []spec.Value {
	items, _ := spec.Items(log)
	return items
}

// times counts an entry in a log.
func times(log spec.Value, entry any) (n int) {
	for _, e := range entries(log) {
		if spec.Equal(e, spec.Of(entry)) {
			n++
		}
	}
	return n
}

// isIn tells whether a list has an element, by eql.
func isIn(v, items spec.Value) bool {
	return slices.ContainsFunc(entries(items), func(e spec.Value) bool { return spec.Eql(e, v) })
}

// sorted is the list in an order of its own, to compare as a set with repetitions.
func sorted(v spec.Value) spec.Value {
	items := slices.Clone(entries(v))
	slices.SortFunc(items, func(a, b spec.Value) int { return strings.Compare(a.String(), b.String()) })
	return spec.NewList(items...)
}

// ranOnce checks that each of the forms that leave these marks has run, which is charged to
// clause, and only once (CLEAN-RUN-2).
func (c *C) ranOnce(log spec.Value, clause string, marks ...any) {
	for _, mark := range marks {
		c.Expect(log).For(clause).To(containing(mark, 1), "the form that leaves %s in the log runs", spec.Of(mark))
		c.Expect(log).For("CLEAN-RUN-2").NotTo(containing(mark, 2), "the form that leaves %s in the log runs once", spec.Of(mark))
	}
}

// containing matches a list that has an entry at least n times.
func containing(entry any, n int) matcher {
	what := spec.Of(entry).String()
	if n > 1 {
		what = fmt.Sprintf("%s %d times", what, n)
	}
	return matcher{"a list with " + what, func(actual any) (bool, error) {
		v, err := valueOf(actual)
		return err == nil && times(v, entry) >= n, err
	}}
}

// ranInOrder checks the order in which forms have run: that of the marks beside the one the
// case is about is charged to CLEAN-ORDER-1, its own place to the case.
func (c *C) ranInOrder(log spec.Value, subject any, order ...any) {
	others := func(items []spec.Value) spec.Value {
		return spec.NewList(slices.DeleteFunc(slices.Clone(items), func(v spec.Value) bool { return spec.Equal(v, spec.Of(subject)) })...)
	}
	want := spec.Of(order)
	c.Expect(others(entries(log))).For("CLEAN-ORDER-1").To(BeEqual(others(entries(want))), "forms run in ascending priority")
	c.Expect(log).To(BeEqual(want), "the form %s runs once, at its place among the others", spec.Of(subject))
}

// listed tells whether list-all-processes has the process now.
func (p *P) listed(process spec.Value) bool {
	return isIn(process, p.ListAllProcesses().Primary())
}

// victim is a life whose child waits at its gate inside unwind-protect, so that its being killed
// shows: before its cleanups do, or after (CLEAN-UNW-1).
type victim struct {
	*life
	left spec.Value // holds once the child has unwound
}

func (c *C) victim(what string) *victim {
	left := c.Cell(nil)
	return &victim{c.unwinds(what, func(p *P) { p.CellSet(left, true) }), spec.CellIs(left, true)}
}

// unwinds makes a child that waits at its gate inside unwind-protect, whose cleanup form
// runs form.
func (c *C) unwinds(what string, form func(p *P)) *life {
	ready := c.Cell(nil)
	l := &life{Gated: &Gated{gate: c.MakeGate().Primary()}, c: c, log: c.Log()}
	l.Process = c.Spawn(what, func(p *P) {
		p.UnwindProtect(p.Code(func(p *P) { p.CellSet(ready, true); p.GateWait(l.gate) }), p.Code(form))
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+what+" begins")
	return l
}

// kill kills the child and waits until it has unwound.
func (v *victim) kill() {
	v.c.For("PROC-KILL-1").ProcessKill(v.Process)
	v.c.AwaitFor("PROC-KILL-1", v.left, "the killed process, which waits, is woken and unwinds")
}

// endsByError opens the gate of a child whose function signals an error that nobody
// handles, and returns once the child's sentinel has run. Where the child waits in a debugger
// the case doesn't apply (PROC-EXIT-4); where it goes away without its cleanups, clause is charged.
func (l *life) endsByError(clause string) {
	c := l.c
	cleaned := c.Cleaned(l.Process)
	c.Open(l.Gated)
	const patience = 10
	for range patience {
		if spec.Truth(c.Await(cleaned, settleSeconds).Primary()) {
			return
		}
		if !c.listed(l.Process) {
			c.AwaitFor(clause, cleaned, "the process, which is no longer listed, runs its forms")
			return
		}
	}
	c.NotApplicable("an error that nobody handles does not end the process: it waits, perhaps in a debugger")
}
