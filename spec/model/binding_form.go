package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// *process-initial-bindings* is an alist of symbols and forms. When process-run-function is called the forms are
// evaluated, one after the other, where the caller stands (binding_eval.go), and the new process begins with these bindings.

// An evaluation is that of the list of one process. Where it comes to code of the user's it stops until that has run, and then
// it begins anew with what it has found so far: what it asks for again has the answer that it had.
type evaluation struct {
	s      *State
	caller ID
	way    uint16
	made   []binding
	fault  *spec.Condition
	calls  *formCall // what has to run before it goes on, nil for nothing

	answers  []Term // the answers, in the order in which they were asked for
	asked    int
	ways     uint16 // bits of what it found undecided, for creationActs to list the ways
	odd      bool   // it has passed over what is no entry, or a form that nobody knows
	forgives bool   // an error makes the value nil
}

// A formCall is that of a function which is the user's own. Its code is one more than the callback.
type formCall struct {
	code      uint64
	arguments Term
}

// initialBindings evaluates the list that a call of process-run-function finds, going that way, with what was found of it
// before.
func (s *State) initialBindings(caller ID, way uint16, found []Term) *evaluation {
	e := &evaluation{s: s, caller: caller, way: way, answers: found}
	e.all()
	return e
}

// all evaluates the list that counts.
func (e *evaluation) all() {
	s, caller := e.s, e.caller
	list := e.once(func() Term { return s.law.initialList(s, caller) })
	if list == NilTerm {
		return
	}
	if list == s.anyValue() { // what it lists is the implementation's own
		return
	}
	entries, ok := spec.Items(s.listOf(s.u.Value(list)))
	if !ok {
		e.oddly("the value of *process-initial-bindings*", s.u.Value(list))
	}
	for _, entry := range entries {
		if e.entry(entry); e.isStopped() {
			break
		}
	}
}

// once has an answer stay what it is when it is asked for the first time.
func (e *evaluation) once(find func() Term) Term {
	if e.asked == len(e.answers) {
		e.answers = append(e.answers, find())
	}
	e.asked++
	return e.answers[e.asked-1]
}

// goes tells whether it goes that way, where there are two.
func (e *evaluation) goes(way uint16) bool {
	return e.once(func() Term {
		e.ways |= way
		return truth(e.way&way != 0)
	}) == TrueTerm
}

// isStopped tells whether it doesn't go on.
func (e *evaluation) isStopped() bool { return e.fault != nil || e.calls != nil }

// oddly meets what is none of what the list has (BIND-13): an error, here or in the new process, or it is passed over.
func (e *evaluation) oddly(what string, got spec.Value) {
	if e.odd = true; !e.s.open || !e.goes(createOdd) {
		e.fault = wrongType(what, got, "a list of conses of a symbol and a form")
	}
}

func (e *evaluation) entry(v spec.Value) {
	s := e.s
	pair, ok := s.listOf(v).(spec.List)
	if !ok {
		e.oddly("an entry", v)
		return
	}
	symbol, c := variableArg(s.u, pair.Items[0])
	if c != nil {
		s.cite("BIND-13")
		e.oddly("the car of an entry", pair.Items[0])
		return
	}
	form := s.law.entryForm(pair)
	value := NoTerm
	switch {
	case form == s.u.Value(symbol) && e.read(symbol) == s.unbound():
		s.cite("BIND-5")
		value = s.law.copiesUnbound(s, e, symbol)
	default:
		value = e.value(form)
	}
	if e.fault != nil {
		switch {
		case e.forgives:
			e.fault = nil
		default:
			s.law.formFails(s, e)
		}
		if e.fault != nil {
			return
		}
		value = NilTerm
	}
	if e.calls != nil {
		return
	}
	s.cite("BIND-1", "BIND-2")
	if at := findBinding(e.made, symbol); at >= 0 {
		s.cite("BIND-13")
		if e.goes(createLast) {
			e.made[at].value = value
		}
		return
	}
	e.made = append(e.made, binding{symbol, value})
}

// read is the value of a symbol where a form is evaluated.
func (e *evaluation) read(symbol Term) Term {
	return e.once(func() Term {
		if i := findBinding(e.made, symbol); i >= 0 && e.made[i].value != e.s.valueIn(e.caller, symbol) {
			e.ways |= createSees
			e.s.cite("BIND-13")
			if e.way&createSees != 0 {
				return e.made[i].value
			}
		}
		return e.s.law.readsInForm(e.s, e.caller, symbol)
	})
}

// Ways of making a process that has to do with bindings: bits of the choice of the act, above the ways of createPlainly and others.
const (
	createWays      = 1<<4 - 1
	createLast      = 1 << iota << 3 // of two entries for a symbol the last counts, not the first
	createSees                       // forms see what earlier entries bind
	createOdd                        // what is no entry is passed over
	createFormFails                  // a form that nobody knows fails
	createGlobal                     // the priority is the global value of its variable
	createDynamic                    // or the dynamic one, where that differs
	createCalls                      // no process is made yet: a form comes first that calls a function of the user's
)

// rehearse goes through the list of a call that is open, to see which ways there are.
func (s *State) rehearse(act Act) *evaluation {
	if s.get(act.Frame, frameStage) != stageBody && s.law.initialList(s, act.Process) == NilTerm {
		return &evaluation{}
	}
	cited := s.cited
	s.cited = nil
	act.Choice = createOdd
	e := s.law.bindsAtCall(s, act)
	s.cited = cited
	return e
}

// foundInForms is what a call that is open has found in its list, what the code of the user returned that ran last included.
func (s *State) foundInForms(f ID) []Term {
	if s.get(f, frameStage) != stageBody {
		return nil
	}
	return append(s.answersIn(Term(s.arg(f, createdFound))), s.formAnswer(Term(s.get(f, frameInner))))
}

// foundSoFar is what an evaluation has found, as a list.
func (e *evaluation) foundSoFar() Term {
	items := make([]spec.Value, len(e.answers))
	for i, t := range e.answers {
		items[i] = e.s.u.Value(t)
	}
	return e.s.u.Intern(spec.NewList(items...))
}

// answersIn are the answers in such a list.
func (s *State) answersIn(answers Term) (out []Term) {
	items, _ := spec.Items(s.u.Value(answers))
	for _, v := range items {
		out = append(out, s.u.Intern(v))
	}
	return out
}

// formAnswer is what a form has found of a function of the user's that returned these values.
func (s *State) formAnswer(values Term) Term {
	if values == unspecified {
		return s.anyValue()
	}
	items, _ := spec.Items(s.u.Value(values))
	return s.u.Intern(spec.Values(items...).Primary())
}

// evaluates evaluates the list for a call, which goes on where that comes to its end: else there was an error, or code runs now.
func (s *State) evaluates(act Act) (made []binding, goesOn bool) {
	e := s.law.bindsAtCall(s, act)
	switch {
	case e.fault != nil:
		s.signal(act.Frame, s.u.condition(*e.fault))
		return nil, false
	case e.calls != nil:
		s.note(act.Frame, createdFound, uint64(e.foundSoFar()))
		s.set(act.Frame, frameInner, 0)
		s.enter(act.Frame, stageBody, e.calls.code, e.calls.arguments)
		return nil, false
	}
	return e.made, true
}

// bindingActs lists each of the acts, ways of making a process, in all the ways in which bindings may go.
func (s *State) bindingActs(acts []Act, from int, e *evaluation) []Act {
	for i := range acts[from:] {
		acts[from+i].Touches = acts[from+i].Touches.reading(allSymbols)
	}
	if e.calls == nil && s.priorityDiffers(acts[from]) && s.decided(stickyPriority) == undecided {
		acts = either(acts, from, createDynamic, createGlobal)
		for i := range acts[from:] {
			acts[from+i].Touches = everything
		}
	}
	return e.eachWay(acts, from)
}

// eachWay lists acts in each way of what the evaluation found undecided.
func (e *evaluation) eachWay(acts []Act, from int) []Act {
	for _, way := range []uint16{createLast, createSees, createOdd, createFormFails} {
		if e.ways&way != 0 {
			acts = either(acts, from, 0, way)
		}
	}
	return acts
}

// either doubles the acts: one with either way.
func either(acts []Act, from int, a, b uint16) []Act {
	more := slices.Clone(acts[from:])
	for i := range more {
		acts[from+i].Choice |= a
		more[i].Choice |= b
	}
	return append(acts, more...)
}
