package model

import "github.com/mpcheck/mpcheck/spec"

// Terminate methods, and what terminators may be.

// decodeTerminator reads a function that terminates, nil for none. What can't be called may be refused, or found out when it is
// to be called; it tells whether it can.
func decodeTerminator(u *Universe, v spec.Value, o *Operation, into *uint64) bool {
	if v == nil || !spec.Truth(v) {
		return true
	}
	*into = uint64(u.Intern(v))
	if !callable(u, v) {
		o.doubts(u, wrongType("the terminator", v, "a function designator"))
		return false
	}
	return true
}

// A terminateMethod is how a process is terminated otherwise than by a kill: by the first of these that it has. Terminators are
// terms, 0 for none.
type terminateMethod struct {
	remote uint64 // called by whoever terminates it
	local  uint64 // called in the process itself
	bySend uint64
}

func (m terminateMethod) isNone() bool { return m == terminateMethod{} }

func setMethod(s *State, p ID, m terminateMethod) {
	s.set(p, processRemote, m.remote)
	s.set(p, processLocal, m.local)
	s.set(p, processBySend, m.bySend)
}

func (s *State) methodOf(p ID) terminateMethod {
	return terminateMethod{s.get(p, processRemote), s.get(p, processLocal), s.get(p, processBySend)}
}

func (s *State) methodOfCall(f ID) terminateMethod {
	return terminateMethod{s.arg(f, methodRemote), s.arg(f, methodLocal), s.arg(f, methodBySend)}
}

// callsTerminators tells whether the terminators of a method can be called; namesTerminators whether one is given as a symbol.
func (s *State) callsTerminators(caller ID, m terminateMethod) bool {
	for _, t := range []uint64{m.remote, m.local} {
		if t == 0 {
			continue
		}
		if _, ok := s.code(caller, Term(t)); !ok {
			return false
		}
	}
	return true
}

func (s *State) namesTerminators(m terminateMethod) bool {
	named := func(t uint64) bool {
		_, symbol := s.u.Value(Term(t)).(spec.Symbol)
		return t != 0 && symbol
	}
	return named(m.remote) || named(m.local)
}
