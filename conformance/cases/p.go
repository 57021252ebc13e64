package cases

import (
	"fmt"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// P is the current process of a callback: its operations, checked. An operation that
// signals an error fails the case (use [P.Try] where an error may come); one whose
// process has unwound ends the callback.
type P struct {
	spec.API
	c *C
}

// frame wraps a frame so that its operations are checked.
func (c *C) frame(f spec.Frame) *P { return &P{spec.API{Frame: checked{Frame: f, c: c}}, c} }

// Try returns the same process with operations that hand errors to the case, as a Return
// with status Signalled.
func (p *P) Try() *P {
	inner := p.Frame.(checked)
	inner.lenient = true
	return &P{spec.API{Frame: inner}, p.c}
}

// For returns the same process with operations whose errors and hangs are charged to another
// clause: that of a sentence on which the case only builds.
func (p *P) For(clause string) *P {
	inner := p.Frame.(checked)
	inner.clause = clause
	return &P{spec.API{Frame: inner}, p.c}
}

// Func makes a function object of fn, which runs in whatever process calls it and
// returns the value of the Lisp function.
func (p *P) Func(fn func(p *P, args []spec.Value) any) spec.Value {
	c := p.c
	return p.MakeFunction(c.register(func(f spec.Frame, args []spec.Value) []spec.Value {
		return []spec.Value{spec.Of(fn(c.frame(f), args))}
	})).Primary()
}

// Log makes an ordered list of entries that processes append to.
func (p *P) Log() spec.Ref { return p.ref(p.MakeLog()) }

// Cell makes a cell that holds value.
func (p *P) Cell(value any) spec.Ref { return p.ref(p.MakeCell(value)) }

// ref is the reference that a kit operation returned. Another value is the adapter's
// mistake: without a kit there is no case.
func (p *P) ref(r spec.Return) spec.Ref {
	ref, ok := r.Primary().(spec.Ref)
	if !ok {
		p.c.breaks(&KitFault{Operation: "make-log or make-cell", Fault: fmt.Sprintf("it returned %s, not an object", r)})
	}
	return ref
}

// AwaitThat waits until the predicate holds; what says in words what must come. It fails
// the case where nothing can make it hold any more, or the watchdog runs out.
func (p *P) AwaitThat(predicate spec.Value, what string) {
	p.AwaitFor(p.c.theCase.Clause(), predicate, what)
}

// AwaitFor is like AwaitThat and charges a failure to another clause: that of a sentence on
// which the case only builds.
func (p *P) AwaitFor(clause string, predicate spec.Value, what string) {
	limit, known := p.c.patienceFor(clause)
	if !spec.Truth(p.Await(predicate, limit).Primary()) {
		p.neverCame(clause, what, known)
	}
}

// Until polls something that only operations can tell until it holds; what says in words
// what must come, and clause what is charged when it doesn't before the watchdog runs out.
func (p *P) Until(clause, what string, holds func() bool) {
	p.untilPast(clause, what, func() {}, holds)
}

// untilPast is Until of what must hold at the latest once past has returned, which is called before anything is charged.
func (p *P) untilPast(clause, what string, past func(), holds func() bool) {
	step := 0.01
	limit, known := p.c.patienceFor(clause)
	began := time.Now()
	for waited := 0.0; !holds(); waited += step {
		if p.c.handshake.Clock == spec.Virtual && waited > 0 {
			step *= 2 // time costs nothing there, and a pause lets everything happen that can
		}
		if waited > limit {
			past()
			if p.c.handshake.Clock == spec.Virtual { // whoever judges the labels sees that nothing comes now either
				p.Pause(0.01)
			}
			if holds() {
				return
			}
			p.neverCame(clause, what, known)
		}
		if met := p.c.meetsKnown(began); met != nil && p.c.handshake.Clock == spec.Real {
			p.neverCame(clause, what, met)
		}
		p.Pause(step)
	}
}

// settleSeconds is how long a wrong implementation gets to misbehave (semantics 0.4).
const settleSeconds = 0.3

// Settle gives a wrong implementation the chance to misbehave. On virtual time it is exact:
// it returns when nothing else can happen. A right implementation never depends on it.
func (p *P) Settle() { p.Pause(settleSeconds) }

// lull lets the others do what they can before one goes on. It makes nothing certain on real
// time; on virtual time it keeps the schedules few.
func (p *P) lull() { p.Pause(0.01) }
