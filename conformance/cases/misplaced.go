package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is it that was not taken, and whose form is it? A form that does not run when its process ends, or runs at another time,
// may have been registered for another process. That is found out once something is wrong, by forms of its own, before the clause about running is
// charged. What is asked here goes to the system as it is: no answer decides the case.

// narrowed is the clause that is charged in the place of one about when forms run: that about the process which a
// registration is for, where that is what is wrong.
func (p *P) narrowed(clause string) string {
	t := p.Frame.(checked).tryOut()
	switch {
	case !t.ok:
	case clause == "CLEAN-RUN-1", clause == "CLEAN-RUN-5":
		outside, inside := t.ownForms()
		switch {
		case outside && !inside:
			return "CLEAN-PROC-1"
		case !outside && (inside || t.runsForWhoRegisters()):
			return "CLEAN-PROC-2"
		}
	case clause == "CLEAN-RUN-3" && t.runsForWhoRegisters():
		return "CLEAN-PROC-2"
	}
	return clause
}

// refused is the clause that is charged where an operation signals an error. A registration that is accepted once it names
// its process, or no longer does, is refused for that; a send that is accepted once the priority is to be left alone, for
// what :change-priority is by default.
func (f checked) refused(call spec.Call) string {
	charged, t := f.answerable(call), f.tryOut()
	if call.Op == "process-send" && t.refusesDefaultPriority(call) {
		return "SEND-PRI-1"
	}
	if call.Op != "ensure-process-cleanup" || len(call.Args) != 1 || !t.ok {
		return charged
	}
	refuses := func(process any, named bool) bool {
		again := call
		again.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool { return k.Name == "process" })
		if named {
			again.Keys = append(again.Keys, key.Process(process))
		}
		return t.Do(again).Status == spec.Signalled
	}
	_, given := call.Key("process")
	self := f.process()
	switch {
	case given && refuses(t.waiting(nil), true) && !refuses(nil, false):
		return "CLEAN-PROC-2"
	case !given && self != spec.Ref{} && refuses(nil, false) && !refuses(self, true):
		return "CLEAN-PROC-1"
	}
	return charged
}

// tryOut asks operations of the system that no case looks at.
type tryOut struct {
	spec.API
	c        *C
	ok       bool // the adapter offers what is asked, and the case is not over
	patience float64
}

func (f checked) tryOut() *tryOut {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &tryOut{API: spec.API{Frame: f.Frame}, c: c, patience: min(c.watchdog/2, MostPatience.Seconds())}
	t.ok = !c.over() && c.handshake.Offers("process-run-function") && c.handshake.OffersCall(spec.NewCall("ensure-process-cleanup", []any{key.Process(nil)}, nil))
	return t
}

// refusesDefaultPriority tells whether such a send, which was an error, is one wherever :change-priority isn't given.
func (t *tryOut) refusesDefaultPriority(call spec.Call) bool {
	bare, alone := call, call
	bare.Keys, alone.Keys = nil, []spec.Key{key.ChangePriority(nil)}
	if v, given := call.Key("change-priority"); given && !spec.Eql(v, spec.Keyword("default")) || t.c.isOver() || !t.c.handshake.OffersCall(alone) {
		return false
	}
	return t.Do(bare).Status == spec.Signalled && t.Do(alone).Status == spec.Returned
}

// spawn makes a process that runs fn.
func (t *tryOut) spawn(fn func(p spec.API)) spec.Value {
	return t.ProcessRunFunction(t.c.name("mpcheck-whose"), nil, t.function(fn)).Primary()
}

func (t *tryOut) function(fn func(p spec.API)) spec.Value {
	return t.MakeFunction(t.c.sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		fn(spec.API{Frame: f})
		return nil
	})).Primary()
}

// waiting makes a process that does something and waits at a gate; a nil gate is one that nobody opens.
func (t *tryOut) waiting(gate spec.Value, first ...func(p spec.API)) spec.Value {
	if gate == nil {
		gate = t.MakeGate().Primary()
	}
	begun := t.cell()
	process := t.spawn(func(p spec.API) {
		for _, do := range first {
			do(p)
		}
		p.CellSet(begun, true)
		p.GateWait(gate)
	})
	t.comes(spec.CellIs(begun, true))
	return process
}

func (t *tryOut) cell() spec.Ref {
	ref, _ := t.MakeCell(nil).Primary().(spec.Ref)
	return ref
}

// form makes a form, and the predicate that holds once it has run.
func (t *tryOut) form() (form, ran spec.Value) {
	cell := t.cell()
	return t.function(func(p spec.API) { p.CellSet(cell, true) }), spec.CellIs(cell, true)
}

// comes waits a while for a predicate; holds asks only.
func (t *tryOut) comes(predicate spec.Value) bool {
	return spec.Truth(t.Await(predicate, t.patience).Primary())
}
func (t *tryOut) holds(predicate spec.Value) bool { return spec.Truth(t.Await(predicate, 0).Primary()) }

// ownForms has two processes end by returning. One has a form that was registered from outside, for it, the other one that
// it has registered itself, without naming anybody: which of these run?
func (t *tryOut) ownForms() (outside, inside bool) {
	gate := t.MakeGate().Primary()
	named, namedRan := t.form()
	own, ownRan := t.form()
	t.EnsureProcessCleanup(named, key.Process(t.waiting(gate)))
	t.waiting(gate, func(p spec.API) { p.EnsureProcessCleanup(own) })
	t.GateOpen(gate)
	t.comes(spec.And(namedRan, ownRan))
	return t.holds(namedRan), t.holds(ownRan)
}

// runsForWhoRegisters tells whether a form that a process registers for another, which lives on, runs when the former ends,
// and not when somebody else does.
func (t *tryOut) runsForWhoRegisters() bool {
	gate, other := t.MakeGate().Primary(), t.waiting(nil)
	form, ran := t.form()
	t.waiting(gate, func(p spec.API) { p.EnsureProcessCleanup(form, key.Process(other)) })
	t.spawn(func(spec.API) {})
	if spec.Truth(t.Await(ran, settleSeconds).Primary()) {
		return false
	}
	t.GateOpen(gate)
	return t.comes(ran)
}
