package model

import "github.com/mpcheck/mpcheck/spec"

// *process-initial-bindings* on a foreign thread (BIND-10): for each outermost callable its forms are evaluated on the process
// of that, before the callable. Where a form calls a function of the user's that runs in a frame of its own, outside of all
// others; the process has yet to begin meanwhile, and then goes on with what it has found.

// foreignBeginActs adds to the ways in which the process of a foreign thread begins those of its bindings. Where a form has been
// left for good it doesn't begin.
func (s *State) foreignBeginActs(p ID, out []Act, from int) []Act {
	if from == len(out) || s.get(p, processForeign) == 0 {
		return out
	}
	if Term(s.get(p, processFound)) == NilTerm {
		return out[:from]
	}
	for i := range out[from:] {
		out[from+i].Touches = out[from+i].Touches.reading(allSymbols)
	}
	cited := s.cited
	s.cited = nil
	out = s.law.bindsInside(s, p, createOdd).eachWay(out, from)
	fails := s.open && s.initialBindings(p, 0, s.answersIn(Term(s.get(p, processFound)))).fault != nil
	if s.cited = cited; fails {
		out = append(out, Act{Kind: Begin, Process: p, Choice: beginFails, Touches: onlyReads(allSymbols)})
	}
	return out
}

// bindingsInside evaluates the list for an outermost callable, with what was found before: nothing is bound there yet, unless the
// process of an earlier call has its bindings still. Where a form is an error the variable is nil: that is what the restart
// offers (BIND-9).
func bindingsInside(s *State, p ID, way uint16) *evaluation {
	e := &evaluation{s: s, caller: p, way: way, forgives: true, answers: s.answersIn(Term(s.get(p, processFound)))}
	if s.get(p, processBindings) == 0 {
		e.all()
	}
	return e
}

// bindInside has the process of a foreign thread have its first bindings; or code of the user's runs first, for one of them.
func (s *State) bindInside(p ID, way uint16) (f ID) {
	e := s.law.bindsInside(s, p, way)
	if e.calls != nil {
		s.cite("BIND-10")
		s.set(p, processFound, uint64(e.foundSoFar()))
		return s.pushFrame(s.threadOf(p), newFrame{kind: formFrame, code: e.calls.code, arguments: e.calls.arguments})
	}
	s.set(p, processFound, 0)
	if len(e.made) > 0 {
		s.cite("BIND-10")
		s.bind(p, e.made)
	}
	return 0
}

// leavesForm notes what code has returned that a form calls. Left by an error it is nil, as by the restart, unless that or a kill
// ends the process.
func (s *State) leavesForm(p, f ID, values Term) {
	if s.get(p, processPhase) != phaseCreated { // its cleanups have come before
		return
	}
	answer := s.formAnswer(values)
	if s.get(f, frameUnwound) != 0 {
		answer = NilTerm
		if s.get(p, processDying) != 0 {
			s.set(p, processFound, uint64(NilTerm))
			return
		}
	}
	var answers []spec.Value
	for _, t := range append(s.answersIn(Term(s.get(p, processFound))), answer) {
		answers = append(answers, s.u.Value(t))
	}
	s.set(p, processFound, uint64(s.u.Intern(spec.NewList(answers...))))
}
