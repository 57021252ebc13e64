package conformance

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

// Spawn makes a process with a name of its own that runs fn.
func (p *P) Spawn(what string, fn func(p *P)) spec.Value {
	function := p.Func(func(p *P, _ []spec.Value) any { fn(p); return nil })
	return p.For("PROC-CREATE-1").ProcessRunFunction(p.c.name(what), nil, function).Primary()
}

// Gated is a process that has begun and waits at a gate; then it returns.
type Gated struct {
	Process spec.Value
	gate    spec.Value
}

// Gated makes a gated process and returns once it has passed its first instructions.
func (p *P) Gated(what string) *Gated { return p.GatedThen(what, func(*P) {}) }

// GatedThen is like Gated; once the gate is open the process runs fn.
func (p *P) GatedThen(what string, fn func(p *P)) *Gated {
	ready, gate := p.Cell(nil), p.MakeGate().Primary()
	process := p.Spawn(what, func(p *P) {
		p.CellSet(ready, true)
		p.GateWait(gate)
		fn(p)
	})
	p.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+what+" begins")
	return &Gated{process, gate}
}

// Open opens the gate of a gated process.
func (p *P) Open(g *Gated) { p.GateOpen(g.gate) }

// Log makes an ordered list of entries that processes append to.
func (p *P) Log() spec.Ref { return p.ref(p.MakeLog()) }

// Cell makes a cell that holds value.
func (p *P) Cell(value any) spec.Ref { return p.ref(p.MakeCell(value)) }

// ref is the reference that a kit operation returned. Another value is the adapter's
// mistake: without a kit there is no case.
func (p *P) ref(r spec.Return) spec.Ref {
	ref, ok := r.Primary().(spec.Ref)
	if !ok {
		p.c.breaks(&KitFault{"make-log or make-cell", fmt.Sprintf("it returned %s, not an object", r)})
	}
	return ref
}

// Logger makes a function that appends what to log: a cleanup form that leaves a mark.
func (p *P) Logger(log spec.Ref, what any) spec.Value {
	return p.Func(func(p *P, _ []spec.Value) any { p.LogAppend(log, what); return nil })
}

// sentinel is the priority of the form that shows that a process is cleaned: above every
// other form of a case, below the system's own last ones (semantics 0.4).
const sentinel = 699999

// Cleaned registers a sentinel form on a process and returns the predicate that holds once
// all its other forms, whose priorities are lower, have run. An error is charged to CLEAN-PRI-1:
// beside its priority the form is as plain as any.
func (p *P) Cleaned(process spec.Value) spec.Value {
	done := p.Cell(nil)
	form := p.Func(func(p *P, _ []spec.Value) any { p.CellSet(done, true); return nil })
	p.For("CLEAN-PRI-1").EnsureProcessCleanup(form, priority(sentinel), of(process))
	return spec.CellIs(done, true)
}

func priority(n int) spec.Key        { return spec.Key{Name: "priority", Value: spec.Int(n)} }
func of(process spec.Value) spec.Key { return spec.Key{Name: "process", Value: process} }

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
		p.c.neverCame(clause, what, known)
	}
}

// Until polls something that only operations can tell until it holds; what says in words
// what must come, and clause what is charged when it doesn't before the watchdog runs out.
func (p *P) Until(clause, what string, holds func() bool) {
	const step = 0.01
	limit, known := p.c.patienceFor(clause)
	began := time.Now()
	for waited := 0.0; !holds(); waited += step {
		if waited > limit {
			p.c.neverCame(clause, what, known)
		}
		if k := p.c.meetsKnown(began); k != nil && p.c.handshake.Clock == spec.Real {
			p.c.neverCame(clause, what, k)
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
