package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// A process's cleanups are a set of (form, priority) in which no form stands twice. It is
// kept as a chain of nodes and hashed as a sum, since the order of registration means nothing.

var cleanupRules = []rule{
	{
		op: "ensure-process-cleanup",
		clauses: []string{"CLEAN-SIG-1", "CLEAN-REG-1", "CLEAN-PROC-1", "CLEAN-PROC-2", "CLEAN-PROC-4", "CLEAN-PROC-5", "CLEAN-PROC-6",
			"CLEAN-PRI-1", "CLEAN-PRI-2", "CLEAN-PRI-3", "CLEAN-DUP-1", "CLEAN-DUP-2", "CLEAN-DUP-3", "CLEAN-DUP-4", "CLEAN-DUP-5",
			"CLEAN-DUP-6", "CLEAN-DUP-7", "CLEAN-DUP-8", "CLEAN-DUP-9", "CLEAN-DUP-11", "CLEAN-LEG-1"},
		decode:  decodeEnsureCleanup,
		enabled: ensureCleanupActs,
		effect:  ensureCleanup,
	},
	{
		op:      "current-process-in-cleanup-p",
		clauses: []string{"CLEAN-INP-1", "CLEAN-INP-2"},
		effect: func(s *State, act Act) {
			s.returns(act.Frame, truth(s.get(act.Process, processPhase) == phaseEnding))
		},
	},
}

// The range of cleanup priorities (CLEAN-PRI-1).
const maxPriority = 1000000

// Arguments of ensure-process-cleanup: form, priority as an int64, force, process or 0 for the
// current one.
func decodeEnsureCleanup(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	switch form := call.Arg(0).(type) {
	case spec.List:
		if form.Dotted != nil || !callable(u, form.Items[0]) {
			return wrongType("the cleanup form", form, "a function or a list that begins with one")
		}
	default:
		if !callable(u, form) { // CLEAN-FORM-5: an error at registration
			return wrongType("the cleanup form", form, "a function or a list that begins with one")
		}
	}
	o.args[0] = uint64(u.Intern(call.Arg(0)))
	if len(call.Args) > 1 { // CLEAN-LEG-1
		if c := objectArg(u, call.Args[1], KindProcess, &o.args[3]); c != nil {
			return c
		}
	}
	if v, ok := call.Key("priority"); ok {
		n, ok := v.(spec.Int)
		if !ok || n < -maxPriority || n > maxPriority { // CLEAN-PRI-2: an error
			return wrongType("the priority", v, "an integer from -1000000 to 1000000")
		}
		o.args[1] = uint64(n)
	}
	if v, ok := call.Key("force"); ok && spec.Truth(v) {
		o.args[2] = 1
	}
	if v, ok := call.Key("process"); ok {
		return objectArg(u, v, KindProcess, &o.args[3])
	}
	return nil
}

// Ways in which a registration on a process that is ending or dead may go (CLEAN-PROC-5, -6).
const (
	registerDone = iota
	registerRefused
	registerIgnored
)

func ensureCleanupActs(s *State, act Act, out []Act) []Act {
	p := s.watched(act)
	act.Object = p
	switch s.get(p, processPhase) {
	case phaseCreated, phaseRunning:
		return append(out, act)
	case phaseEnding:
		out = append(out, act)
	}
	for _, act.Choice = range []uint16{registerRefused, registerIgnored} {
		out = append(out, act)
	}
	return out
}

func (s *State) watched(act Act) ID {
	if p := ID(s.get(act.Frame, frameArg3)); p != 0 {
		return p
	}
	return act.Process
}

func ensureCleanup(s *State, act Act) {
	f, p := act.Frame, s.watched(act)
	form, priority := Term(s.get(f, frameArg0)), int64(s.get(f, frameArg1))
	switch act.Choice {
	case registerRefused:
		s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is ending or dead"}))
		return
	case registerIgnored:
		s.returns(f, NilTerm)
		return
	}
	entry := s.findCleanup(p, form)
	switch {
	case entry == 0:
		s.addCleanup(p, form, priority)
	case int64(s.cells[entry+nodeExtra]) == priority:
		// CLEAN-DUP-3, -4: nothing happens, whatever force is.
	case s.get(f, frameArg2) == 0:
		// CLEAN-DUP-5, -6
		s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: fmt.Sprintf(
			"%s is already a cleanup of the process, with priority %d", s.u.Value(form), int64(s.cells[entry+nodeExtra]))}))
		return
	default:
		// CLEAN-DUP-7: the old entry is removed and the form registered anew.
		if s.mutant != ForcedMoveKeepsOldEntry && s.mutant != ForcedMoveIgnored {
			s.removeCleanup(p, entry)
		}
		if s.mutant != ForcedMoveIgnored {
			s.addCleanup(p, form, priority)
		}
	}
	s.returns(f, NilTerm)
}

func (s *State) findCleanup(p ID, form Term) uint32 {
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if Term(s.cells[at+nodeTerm]) == form {
			return at
		}
	}
	return 0
}

func cleanupHash(form Term, priority int64) hash128 {
	return mix(ID(form), 253, uint64(priority)^1<<63)
}

func (s *State) addCleanup(p ID, form Term, priority int64) {
	at := s.newNode(form, uint64(priority))
	s.write(at+nodeNext, s.get(p, processCleanupHead))
	s.lay(p, processCleanupHead, uint64(at))
	s.countCleanups(p, 1, cleanupHash(form, priority))
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
	h := cleanupHash(Term(s.cells[entry+nodeTerm]), int64(s.cells[entry+nodeExtra]))
	s.countCleanups(p, ^uint64(0), hash128{}.minus(h))
	s.freeNode(entry)
}

// nextCleanups returns the entries of the lowest priority: any of them may run next
// (CLEAN-ORDER-1, -2).
func (s *State) nextCleanups(p ID) []uint32 {
	var entries []uint32
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if len(entries) > 0 {
			lowest, priority := int64(s.cells[entries[0]+nodeExtra]), int64(s.cells[at+nodeExtra])
			if priority > lowest {
				continue
			}
			if priority < lowest {
				entries = entries[:0]
			}
		}
		entries = append(entries, at)
	}
	return entries
}

func (s *State) cleanupActs(p ID, out []Act) []Act {
	if s.get(p, processCleanups) == 0 {
		return append(out, Act{Kind: Die, Process: p})
	}
	for i := range s.nextCleanups(p) {
		out = append(out, Act{Kind: Cleanup, Process: p, Choice: uint16(i)})
	}
	return out
}

// runCleanup takes an entry out and begins its code: a function gets the process, the car
// of a list the process and the elements of its cdr (CLEAN-FORM-1, -2, -3).
func (s *State) runCleanup(a Act) Label {
	entry := s.nextCleanups(a.Process)[a.Choice]
	form := s.u.Value(Term(s.cells[entry+nodeTerm]))
	s.removeCleanup(a.Process, entry)
	function, arguments := form, []spec.Value{s.u.Ref(a.Process)}
	if l, ok := form.(spec.List); ok {
		function = l.Items[0]
		arguments = append(arguments, l.Items[1:]...)
	}
	code, ok := s.code(s.u.Intern(function))
	if !ok {
		// CLEAN-ERR-1: an error in a form; the remaining ones run.
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

// The mutants of this chapter.
const (
	ForcedMoveKeepsOldEntry Mutant = "forced-move-keeps-old-entry"
	ForcedMoveIgnored       Mutant = "forced-move-ignored"
)

var cleanupMutants = []MutantInfo{
	{ForcedMoveKeepsOldEntry, []string{"CLEAN-DUP-7"},
		"a forced re-registration adds the form anew but leaves the old entry: it runs twice"},
	{ForcedMoveIgnored, []string{"CLEAN-DUP-7"},
		"a forced re-registration does nothing: the form keeps its old place"},
}
