package model

import (
	"cmp"
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// The set of a process's cleanups, and the phase in which they run.

func cleanupHash(form Term, priority int64, way uint64) hash128 {
	h := mix(ID(form), 253, uint64(priority)^1<<63)
	if way != 0 {
		h = h.plus(mix(ID(form), 252, way^Scramble(uint64(priority))))
	}
	return h
}

func (s *State) addCleanup(p ID, form Term, priority int64) { s.addCleanupIn(p, form, priority, 0) }

// addCleanupIn adds an entry with what is only of interest in an open state.
func (s *State) addCleanupIn(p ID, form Term, priority int64, way uint64) {
	at := s.newNode(form, uint64(priority))
	if way != 0 {
		s.write(at+nodeWay, way)
	}
	s.write(at+nodeNext, s.get(p, processCleanupHead))
	s.lay(p, processCleanupHead, uint64(at))
	s.countCleanups(p, 1, cleanupHash(form, priority, way))
}

func (s *State) countCleanups(p ID, change uint64, h hash128) {
	s.set(p, processCleanups, s.get(p, processCleanups)+change)
	s.set(p, processCleanupsA, s.get(p, processCleanupsA)+h.a)
	s.set(p, processCleanupsB, s.get(p, processCleanupsB)+h.b)
}

func (s *State) removeCleanup(p ID, entry uint32) {
	if head := uint32(s.get(p, processCleanupHead)); head == entry {
		s.lay(p, processCleanupHead, s.cells[entry+nodeNext])
	} else {
		at := head
		for uint32(s.cells[at+nodeNext]) != entry {
			at = uint32(s.cells[at+nodeNext])
		}
		s.write(at+nodeNext, s.cells[entry+nodeNext])
	}
	h := cleanupHash(Term(s.cells[entry+nodeTerm]), int64(s.cells[entry+nodeExtra]), s.cells[entry+nodeWay])
	s.countCleanups(p, ^uint64(0), hash128{}.minus(h))
	s.freeNode(entry)
}

func (s *State) dropCleanups(p ID) {
	for s.get(p, processCleanups) > 0 {
		s.removeCleanup(p, uint32(s.get(p, processCleanupHead)))
	}
}

// beginEnding: the function of a process is over; its cleanups are next (CLEAN-RUN-1).
func (s *State) beginEnding(p ID) {
	s.set(p, processPhase, phaseEnding)
	killed := s.get(p, processDying) != 0
	switch {
	case s.mutant == RunsOnlyWhenKilled && !killed, s.mutant == RunsOnlyOnReturn && killed:
		s.dropCleanups(p)
	case s.mutant == RunsTwiceWhenKilled && killed:
		for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
			s.addCleanup(p, Term(s.cells[at+nodeTerm]), int64(s.cells[at+nodeExtra]))
		}
	case s.mutant == EndOfAnyRunsAll:
		for q := ID(s.get(world, worldFirst)); q != 0; q = ID(s.get(q, processNext)) {
			if s.get(q, processPhase) == phaseEnding {
				continue // p itself, and those that have taken theirs along: copies of copies double
			}
			for at := uint32(s.get(q, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
				s.addCleanup(p, Term(s.cells[at+nodeTerm]), int64(s.cells[at+nodeExtra]))
			}
		}
	}
}

// compareCleanups orders two entries by when they run: in ascending priority (CLEAN-ORDER-1).
func (s *State) compareCleanups(a, b uint32) int {
	x, y := int64(s.cells[a+nodeExtra]), int64(s.cells[b+nodeExtra])
	switch s.mutant {
	case DescendingOrder:
		return cmp.Compare(y, x)
	case OrderByAbsoluteValue:
		return cmp.Compare(max(x, -x), max(y, -y))
	case OrderByText:
		return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y))
	case PrioritiesIgnored, LatestRegistrationFirst:
		return 0
	}
	return cmp.Compare(x, y)
}

// nextCleanups returns the entries of the lowest priority: any of them may run next
// (CLEAN-ORDER-1, -2).
func (s *State) nextCleanups(p ID) []uint32 {
	var entries []uint32
	var last, unordered []uint32 // of an open state
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if way := s.cells[at+nodeWay]; way&wayLast != 0 {
			last = append(last, at)
			continue
		} else if way&wayUnordered != 0 {
			unordered = append(unordered, at)
			continue
		}
		if len(entries) > 0 && !s.open {
			order := s.compareCleanups(at, entries[0])
			if order > 0 {
				continue
			}
			if order < 0 {
				entries = entries[:0]
			}
		}
		entries = append(entries, at)
	}
	if len(entries)+len(unordered) == 0 {
		return last
	}
	if s.open {
		entries = s.firstOf(entries)
	}
	entries = append(entries, unordered...)
	switch s.mutant {
	case PrioritiesIgnored: // the chain begins with the latest
		return entries[len(entries)-1:]
	case LatestRegistrationFirst:
		return entries[:1]
	}
	return entries
}

func (s *State) cleanupActs(p ID, out []Act) []Act {
	if s.get(p, processCleanups) == 0 {
		if s.get(p, processFrame) != 0 { // a mutant's: a form waits
			return s.operationActs(p, ID(s.get(p, processFrame)), out)
		}
		return append(out, Act{Kind: Die, Process: p})
	}
	for i, entry := range s.nextCleanups(p) {
		act := Act{Kind: Cleanup, Process: p, Choice: uint16(i)}
		out = append(out, act)
		if s.open && i < formWay {
			out = s.formActs(entry, act, out)
		}
	}
	return out
}

// application is what running a form means: a function gets the process, the car of a list
// the process and the elements of its cdr (CLEAN-FORM-1, -2, -3).
func (s *State) application(p ID, form Term) (function spec.Value, arguments []spec.Value) {
	function = s.u.Value(form)
	arguments = []spec.Value{s.u.Ref(p)}
	l, ok := function.(spec.List)
	if kind, parts := s.parts(function); kind == "list" || kind == "cons" {
		// The elements themselves, not what is equal to them.
		l, ok = spec.NewList(parts...).(spec.List)
		if kind == "cons" && len(parts) == 2 {
			l, ok = s.cons(parts[0], s.listOf(parts[1])).(spec.List)
		}
	}
	if !ok {
		if s.mutant == FormGetsNothing {
			arguments = nil
		}
		return function, arguments
	}
	function = l.Items[0]
	switch s.mutant {
	case CdrIsOneArgument:
		return function, append(arguments, spec.NewList(l.Items[1:]...))
	case ProcessComesLast:
		return function, append(append([]spec.Value{}, l.Items[1:]...), arguments...)
	case ListGetsNoProcess:
		return function, l.Items[1:]
	}
	return function, append(arguments, l.Items[1:]...)
}

// listOf shows conses made by `new` as a list; its elements are as they are.
func (s *State) listOf(v spec.Value) spec.Value {
	switch kind, parts := s.parts(v); {
	case kind == "cons" && len(parts) == 2:
		return s.cons(parts[0], s.listOf(parts[1]))
	case kind == "list":
		return spec.NewList(parts...)
	}
	return v
}

// runCleanup takes an entry out and begins its code.
func (s *State) runCleanup(a Act) Label {
	choice, way := a.Choice, uint16(0)
	if s.open {
		choice, way = a.Choice%formWay, a.Choice/formWay
	}
	entry := s.nextCleanups(a.Process)[choice]
	form, earlier := Term(s.cells[entry+nodeTerm]), s.cells[entry+nodeWay]>>wayCode
	s.removeCleanup(a.Process, entry)
	s.set(a.Process, processForm, uint64(form))
	function, arguments := s.application(a.Process, form)
	code, ok := s.code(s.u.Intern(function))
	switch way {
	case formEarlier:
		code, ok = earlier, true
	case formErrs, formErrsLast, formErrsStanding:
		s.failForm(a.Process, way)
		return Label{}
	case formLambda:
		code, arguments, ok = s.lambdaCall(a.Process, form)
	}
	if _, list := s.u.Value(form).(spec.List); list && s.mutant == SymbolInListNotFound {
		if _, symbol := function.(spec.Symbol); symbol {
			ok = false
		}
	}
	if !ok {
		// CLEAN-ERR-1: an error in a form; the remaining ones run, or see formActs.
		return Label{}
	}
	f := s.pushFrame(a.Process, code, s.u.Intern(spec.NewList(arguments...)))
	return Label{Kind: Entered, Frame: f}
}

func truth(b bool) Term {
	if b {
		return TrueTerm
	}
	return NilTerm
}
