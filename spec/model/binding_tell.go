package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// What an operation on a symbol tells of its value, and where it may lack one.

// symbolActs lists the ways of an operation on a symbol where the code of a process runs.
func (s *State) symbolActs(act Act, p ID, out []Act) []Act {
	symbol := Term(s.arg(act.Frame, argSubject))
	value := s.seenValue(p, symbol)
	if s.open && value == s.anyValue() && !s.isStandard(symbol) {
		act.Touches = act.Touches.writing(allSymbols) // it is this one from then on
	}
	out = append(out, act)
	if !s.open {
		return out
	}
	if s.get(p, processPhase) == phaseEnding && s.outside(p, symbol) || s.mayBindYet(p) && s.binds(p, symbol) {
		act.Choice = symbolUndone
		act.Touches = act.Touches.writing(allSymbols)
		out = append(out, act)
	}
	if s.mayLack(p, symbol) || value == s.anyValue() && s.isStandard(symbol) {
		act.Choice = symbolRefused
		out = append(out, act)
	}
	return out
}

// mayLack tells whether a symbol may be one that the implementation doesn't know: a variable that a rule looks at, which nobody
// has set or bound yet. It is an error then to do so, and to ask for its value.
func (s *State) mayLack(p ID, symbol Term) bool {
	v, _ := s.u.Value(symbol).(spec.Symbol)
	return s.open && v.Package == initialBindingsVariable.Package && !s.isStandard(symbol) && !s.isSet(p, symbol)
}

func (s *State) lackActs(act Act, out []Act, symbols ...Term) []Act {
	out = append(out, act)
	if slices.ContainsFunc(symbols, func(t Term) bool { return s.mayLack(act.Process, t) }) {
		act.Choice = symbolRefused
		out = append(out, act)
	}
	return out
}

// lacks refuses a call for that.
func (s *State) lacks(act Act) bool {
	if act.Choice != symbolRefused {
		return false
	}
	s.signal(act.Frame, s.u.condition(spec.Condition{Type: "unbound-variable", Message: "there is no such variable"}))
	return true
}

// mayBindYet tells whether a process may have yet to make the bindings that it begins with: no page says that they are there before
// its function runs.
func (s *State) mayBindYet(p ID) bool {
	return s.get(p, processPhase) == phaseCreated || s.get(p, processPhase) == phaseRunning && s.innermost(p) == 0
}

// outside tells whether the binding that a process has of a symbol is of before its cleanups began.
func (s *State) outside(p ID, symbol Term) bool {
	i := findBinding(s.bindings(p, processBindings), symbol)
	return i >= 0 && i < int(s.get(p, processOutside))
}

// tellSymbol tells the value of a symbol where the code of a process runs.
func (s *State) tellSymbol(act Act, p ID) {
	f, symbol := act.Frame, Term(s.arg(act.Frame, argSubject))
	if s.isConstant(symbol) {
		s.returns(f, symbol)
		return
	}
	if act.Choice == symbolUndone {
		if !s.mayBindYet(p) {
			s.cite("CLEAN-STATE-1")
		}
		s.tellValue(act, s.globalValue(s.imageOf(p), symbol))
		return
	}
	s.citeValueOf(p, symbol)
	s.citeFirst(s.imageOf(p), symbol)
	value := s.seenValue(p, symbol)
	if value == s.anyValue() && act.Choice != symbolRefused {
		s.learnValue(p, f, symbol)
		return
	}
	s.tellValue(act, value)
}

// learnValue tells a value that may be any; it is that from then on, unless of a symbol of which nothing is said.
func (s *State) learnValue(p, f ID, symbol Term) {
	value := s.learned(f)
	all := s.bindings(p, processBindings)
	switch i := findBinding(all, symbol); {
	case value == unspecified:
	case i >= 0:
		all[i].value = value
		s.setBindings(p, processBindings, all)
	case !s.isStandard(symbol):
		s.setGlobal(s.imageOf(p), symbol, value)
	}
	s.returns(f, value)
}

func (s *State) tellValue(act Act, value Term) {
	if act.Choice == symbolRefused || value == s.unbound() {
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "unbound-variable",
			Message: s.u.Value(Term(s.arg(act.Frame, argSubject))).String() + " has no value"}))
		return
	}
	if value == s.anyValue() {
		value = unspecified
	}
	s.returns(act.Frame, value)
}

// citeFirst cites what is said of the value that a variable has at first.
func (s *State) citeFirst(image ID, symbol Term) {
	if image != world && s.u.Value(symbol) == spec.Value(initialProcesses) {
		s.cite("INIT-IP-5")
	}
	if s.u.Value(symbol) == spec.Value(defaultPriorityVariable) && findBinding(s.bindings(image, imageGlobals), symbol) < 0 {
		s.cite("PROC-PRI-3")
	}
}

// citeValueOf cites what is said of the value of a symbol in a process.
func (s *State) citeValueOf(p ID, symbol Term) {
	if s.cited == nil {
		return
	}
	all := s.bindings(p, processBindings)
	bound := findBinding(all, symbol)
	bindsIt := func(b binding) bool { return b.symbol == symbol }
	elsewhere := false
	for q := range s.processes {
		elsewhere = elsewhere || q != p && slices.ContainsFunc(s.bindings(q, processBindings), bindsIt)
	}
	switch {
	case bound >= 0 && s.get(p, processPhase) == phaseEnding && bound < int(s.get(p, processOutside)):
		s.cite("CLEAN-STATE-1", "BIND-1", "BIND-12")
	case bound >= 0 && elsewhere:
		s.cite("BIND-12", "BIND-1")
	case bound >= 0:
		s.cite("BIND-1")
	case elsewhere:
		s.cite("BIND-11")
	case s.isStandard(symbol):
		s.cite("BIND-14")
	}
}
