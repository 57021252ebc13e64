package model

import (
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
	s.setLayout(p, processCleanupHead, uint64(at))
	s.countCleanups(p, 1, cleanupHash(form, priority, way))
}

func (s *State) countCleanups(p ID, change uint64, h hash128) {
	s.set(p, processCleanups, s.get(p, processCleanups)+change)
	s.set(p, processCleanupsA, s.get(p, processCleanupsA)+h.a)
	s.set(p, processCleanupsB, s.get(p, processCleanupsB)+h.b)
}

func (s *State) removeCleanup(p ID, entry uint32) {
	if head := uint32(s.get(p, processCleanupHead)); head == entry {
		s.setLayout(p, processCleanupHead, s.cells[entry+nodeNext])
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

// beginEnding: the function of a process is over; its cleanups are next.
func (s *State) beginEnding(p ID) {
	s.set(p, processPhase, phaseEnding)
	if s.get(p, processBindings) != 0 {
		s.set(p, processOutside, uint64(len(s.bindings(p, processBindings))))
	}
	s.law.ends(s, p)
}

// beginCleanups: however it ends, its forms run.
func beginCleanups(s *State, p ID) {
	if s.get(p, processCleanups) == 0 {
		return
	}
	s.cite("CLEAN-RUN-1", "CLEAN-RUN-2")
}

// compareCleanups orders two entries by when they run: in ascending priority.
func (s *State) compareCleanups(a, b uint32) int {
	return s.law.compare(int64(s.cells[a+nodeExtra]), int64(s.cells[b+nodeExtra]))
}

// nextCleanups returns the entries of the lowest priority: any of them may run next.
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
	return s.law.next(s, append(entries, unordered...))
}

// anyOfThem: among equal priorities the order is open.
func anyOfThem(_ *State, entries []uint32) []uint32 { return entries }

func (s *State) cleanupActs(p ID, out []Act) []Act {
	if s.get(p, processCleanups) == 0 {
		if s.innermost(p) != 0 { // a mutant's: a form waits
			return s.operationActs(p, s.innermost(p), out)
		}
		return s.backActs(p, out)
	}
	if s.mayGoBack(p) {
		out = s.backActs(p, out)
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

// application is what running a form means: which function is called, and with what.
func (s *State) application(p ID, form Term) (function spec.Value, arguments []spec.Value) {
	function = s.u.Value(form)
	l, ok := function.(spec.List)
	if kind, parts := s.parts(function); kind == "list" || kind == "cons" {
		// The elements themselves, not what is equal to them.
		l, ok = spec.NewList(parts...).(spec.List)
		if kind == "cons" && len(parts) == 2 {
			l, ok = s.cons(parts[0], s.listOf(parts[1])).(spec.List)
		}
	}
	var cdr []spec.Value
	if ok {
		function, cdr = l.Items[0], l.Items[1:]
	}
	return function, s.law.applies(s, form, function, s.u.Ref(p), cdr, ok)
}

// applyForm: a function gets the process, the car of a list the process and the elements of its cdr.
func applyForm(s *State, form Term, function, process spec.Value, cdr []spec.Value, list bool) []spec.Value {
	return append([]spec.Value{process}, cdr...)
}

// codeOfForm is what the function of a form is when it is run.
func (s *State) codeOfForm(p ID, _ Term, function spec.Value) (uint64, bool) {
	return s.code(p, s.u.Intern(function))
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
	form, earlier, priority := Term(s.cells[entry+nodeTerm]), s.cells[entry+nodeWay]>>wayCode, int64(s.cells[entry+nodeExtra])
	s.removeCleanup(a.Process, entry)
	s.set(a.Process, processForm, uint64(form))
	function, arguments := s.application(a.Process, form)
	code, ok := s.law.code(s, a.Process, form, function)
	s.citeRun(a.Process, form, priority, function)
	s.keepRan(a.Process, form, priority)
	switch way {
	case formEarlier:
		s.cite("CLEAN-FORM-6")
		code, ok = earlier, true
	case formErrs, formErrsLast, formErrsStanding:
		s.cite("CLEAN-ERR-1")
		s.failForm(a.Process, way)
		return Label{}
	case formLambda:
		s.cite("CLEAN-FORM-5")
		code, arguments, ok = s.lambdaCall(a.Process, form)
	}
	if !ok {
		s.noReturn(a.Process)
		// An error in a form; the remaining ones run, or see formActs.
		s.cite("CLEAN-ERR-1", "CLEAN-FORM-5")
		return Label{}
	}
	f := s.pushFrame(s.threadOf(a.Process), newFrame{code: code, arguments: s.u.Intern(spec.NewList(arguments...))})
	return Label{Kind: Entered, Frame: f}
}

// citeRun cites what is said of the run of a form that has been taken out.
func (s *State) citeRun(p ID, form Term, priority int64, function spec.Value) {
	if s.cited == nil {
		return
	}
	s.cite("CLEAN-RUN-1", "CLEAN-RUN-2", "CLEAN-PROC-3")
	if s.get(p, processForeign) != 0 {
		s.cite("CLEAN-FOR-1")
	}
	dependent := s.isDependent(form)
	if dependent {
		s.cite("DEP-2", "DEP-8")
	}
	s.citeForm(form, function)
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		switch {
		case int64(s.cells[at+nodeExtra]) != priority:
			s.cite("CLEAN-ORDER-1", "CLEAN-ORDER-4")
		case dependent:
			s.cite("CLEAN-ORDER-2", "DEP-7")
		default:
			s.cite("CLEAN-ORDER-2")
		}
	}
	if s.otherHas(p, form) {
		s.cite("CLEAN-RUN-3", "CLEAN-PROC-4")
	}
	if dependent && s.otherHasDependents(p) {
		s.cite("CLEAN-RUN-3", "DEP-6")
	}
}

// citeForm cites what is said of how a form is called.
func (s *State) citeForm(form Term, function spec.Value) {
	if s.isDependent(form) {
		s.cite("DEP-3")
	}
	_, symbol := function.(spec.Symbol)
	kind, _ := s.parts(s.u.Value(form))
	switch list := s.isList(form) || kind == "list" || kind == "cons"; {
	case list && symbol:
		s.cite("CLEAN-FORM-3", "CLEAN-FORM-2", "CLEAN-FORM-6")
	case list:
		s.cite("CLEAN-FORM-2")
	case symbol:
		s.cite("CLEAN-FORM-4", "CLEAN-FORM-6", "CLEAN-FORM-1")
	default:
		s.cite("CLEAN-FORM-1")
	}
}

// otherHasDependents tells whether a process other than p has any.
func (s *State) otherHasDependents(p ID) bool {
	for q := range s.processes {
		for at := uint32(s.get(q, processCleanupHead)); q != p && at != 0; at = uint32(s.cells[at+nodeNext]) {
			if s.isDependent(Term(s.cells[at+nodeTerm])) {
				return true
			}
		}
	}
	return false
}

func truth(b bool) Term {
	if b {
		return TrueTerm
	}
	return NilTerm
}

// NotBegun lists the clauses by which code doesn't begin in a process now, where it is that of a cleanup, of this process
// or another.
func (s *State) NotBegun(p ID, code spec.Callback, arguments []spec.Value) []Citation {
	var c Citations
	if !s.exists(p) {
		return nil
	}
	runs := func(q ID, entry uint32) (is, asSeen bool) {
		function, with := s.application(q, Term(s.cells[entry+nodeTerm]))
		its, ok := s.code(q, s.u.Intern(function))
		if !ok || its != uint64(code)+1 {
			return false, false
		}
		return true, s.u.Intern(spec.NewList(with...)) == s.u.Intern(spec.NewList(arguments...))
	}
	var alike uint32
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		is, asSeen := runs(p, at)
		switch {
		case !is:
		case !asSeen:
			alike = at
		case s.get(p, processPhase) != phaseEnding:
			c.name("CLEAN-RUN-3")
			return c.together
		case s.innermost(p) != 0:
			c.name("CLEAN-ORDER-4")
			return c.together
		default:
			c.name("CLEAN-ORDER-1")
			return c.together
		}
	}
	if alike != 0 {
		form := Term(s.cells[alike+nodeTerm])
		function, _ := s.application(p, form)
		s.CiteInto(&c)
		s.citeForm(form, function)
		s.CiteInto(nil)
		return c.together
	}
	for q := range s.processes {
		for at := uint32(s.get(q, processCleanupHead)); q != p && at != 0; at = uint32(s.cells[at+nodeNext]) {
			if is, _ := runs(q, at); is {
				if s.isDependent(Term(s.cells[at+nodeTerm])) {
					c.name("DEP-6")
				}
				c.name("CLEAN-PROC-4", "CLEAN-RUN-3")
				return c.together
			}
		}
	}
	if s.get(p, processPhase) >= phaseEnding {
		c.name("CLEAN-RUN-2")
	}
	return c.together
}
