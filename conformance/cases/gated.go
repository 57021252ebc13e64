package cases

import "github.com/mpcheck/mpcheck/spec"

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

// Logger makes a function that appends what to log: a cleanup form that leaves a mark.
func (p *P) Logger(log spec.Ref, what any) spec.Value {
	return p.Func(func(p *P, _ []spec.Value) any { p.LogAppend(log, what); return nil })
}

// sentinel is the priority of the form that shows that a process is cleaned: above every
// other form of a case, below the system's own last ones (semantics 0.4).
const sentinel = 699999

// Cleaned registers a sentinel form on a process and returns the predicate that holds once
// all its other forms, whose priorities are lower, have run.
func (p *P) Cleaned(process spec.Value) spec.Value {
	done := p.Cell(nil)
	form := p.Func(func(p *P, _ []spec.Value) any { p.CellSet(done, true); return nil })
	p.For("CLEAN-PRI-1").EnsureProcessCleanup(form, priority(sentinel), of(process))
	return spec.CellIs(done, true)
}

func priority(n int) spec.Key        { return spec.Key{Name: "priority", Value: spec.Int(n)} }
func of(process spec.Value) spec.Key { return spec.Key{Name: "process", Value: process} }
