package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// A process's cleanups are a set of (form, priority) in which no form stands twice. It is
// kept as a chain of nodes and hashed as a sum, since the order of registration means nothing.

var cleanupRules = []rule{
	{
		op: "ensure-process-cleanup",
		clauses: []string{"CLEAN-SIG-1", "CLEAN-REG-1", "CLEAN-PROC-1", "CLEAN-PROC-2", "CLEAN-PROC-4", "CLEAN-PROC-5", "CLEAN-PROC-6",
			"CLEAN-PROC-7", "CLEAN-PRI-1", "CLEAN-PRI-2", "CLEAN-PRI-3", "CLEAN-DUP-1", "CLEAN-DUP-2", "CLEAN-DUP-3", "CLEAN-DUP-4",
			"CLEAN-DUP-5", "CLEAN-DUP-6", "CLEAN-DUP-7", "CLEAN-DUP-8", "CLEAN-DUP-9", "CLEAN-DUP-11", "CLEAN-FORM-4", "CLEAN-FORM-5",
			"CLEAN-LEG-1", "CLEAN-LEG-2", "CLEAN-LEG-3", "DEP-1"},
		decode:  decodeEnsureCleanup,
		beyond:  unknownKeyword,
		enabled: ensureCleanupActs,
		effect:  ensureCleanup,
	},
	{
		op:      "current-process-in-cleanup-p",
		clauses: []string{"CLEAN-INP-1", "CLEAN-INP-2", "CLEAN-INP-3"},
		enabled: func(s *State, act Act, out []Act) []Act {
			if s.mutant == InCleanupGlobal {
				act.Object = anyObject
			}
			out = append(out, act)
			if s.get(act.Process, processPhase) == phaseRunning && s.ending(act.Process) {
				act.Choice = cleaningTrue
				out = append(out, act)
			}
			if s.late(act.Process) {
				act.Choice = cleaningNil
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			s.returns(act.Frame, truth((s.inCleanup(act) || act.Choice == cleaningTrue) && act.Choice != cleaningNil))
		},
	},
}

// Answers while a process unwinds (CLEAN-INP-3).
const (
	cleaningTrue = iota + 1
	cleaningNil
)

func (s *State) inCleanup(act Act) bool {
	cleaning := s.get(act.Process, processPhase) == phaseEnding
	switch s.mutant {
	case InCleanupNever:
		return false
	case InCleanupAlways:
		return true
	case InCleanupOnlyWhenKilled:
		return cleaning && s.get(act.Process, processDying) != 0
	case InCleanupOnlyInFunctions:
		arguments, _ := spec.Items(s.u.Value(Term(s.get(act.Frame, frameArguments))))
		return cleaning && len(arguments) == 1
	case InCleanupGlobal:
		for p := ID(s.get(world, worldFirst)); p != 0; p = ID(s.get(p, processNext)) {
			cleaning = cleaning || s.get(p, processPhase) == phaseEnding
		}
	}
	return cleaning
}

// The range of cleanup priorities (CLEAN-PRI-1).
const maxPriority = 1000000

// What decoding found of a registration, in its fifth argument.
const (
	ensureLegacy        = 1 << iota // the process was given as second argument
	ensureMixed                     // and keywords beside it (CLEAN-LEG-3)
	ensureNilProcess                // nil as second argument (CLEAN-LEG-3)
	ensureBadForm                   // no function, symbol or list of one (CLEAN-FORM-5)
	ensureBareSymbol                // CLEAN-FORM-4
	ensureBeyond                    // a priority out of range (CLEAN-PRI-2)
	ensureNoPriority                // the keyword :priority was not given
	ensureForceGiven                // the keyword :force was
	ensureProcessBefore             // :process stood before another keyword
	ensureTwice                     // the process was given by position and by :process (CLEAN-LEG-3)

	// With one of these the call may be refused.
	ensureRefusable = ensureMixed | ensureNilProcess | ensureBadForm | ensureBareSymbol | ensureBeyond
)

// unknownKeyword has a call doubtful that is right but for keywords nobody documents: in Common Lisp it is an
// error, and who has more keywords, or ignores them, breaks no call that the documents know.
func unknownKeyword(u *Universe, call spec.Call, o *Operation) bool {
	op := spec.LookupOp(call.Op)
	known := call
	known.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool {
		return !slices.ContainsFunc(op.Keys, func(p spec.Param) bool { return p.Name == k.Name })
	})
	if op.CheckCall(known) != nil {
		return false
	}
	o.doubts(u, &spec.Condition{Type: "program-error", Message: "a keyword is unknown"})
	return true
}

// Arguments of ensure-process-cleanup: form, priority as an int64, force, process or 0 for the
// current one, what decoding found, the positional process where :process is given too.
func decodeEnsureCleanup(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	flags := uint64(ensureNoPriority)
	switch form := call.Arg(0).(type) {
	case spec.List:
		if form.Dotted != nil || !callable(u, form.Items[0]) {
			flags |= ensureBadForm
		}
	case spec.Symbol:
		flags |= ensureBareSymbol
	default:
		// What `new` made may be a list: only the state can tell.
		if _, made := u.Object(form, KindObject); !made && !callable(u, form) {
			flags |= ensureBadForm
		}
	}
	o.args[0] = uint64(u.Intern(call.Arg(0)))
	if len(call.Args) > 1 { // CLEAN-LEG-1
		flags |= ensureLegacy
		if len(call.Keys) > 0 {
			flags |= ensureMixed
		}
		if !spec.Truth(call.Args[1]) {
			flags |= ensureNilProcess
		} else if c := objectArg(u, call.Args[1], KindProcess, &o.args[3]); c != nil {
			return c
		}
	}
	for i, k := range call.Keys {
		switch k.Name {
		case "priority":
			n, ok := k.Value.(spec.Int)
			if !ok { // CLEAN-PRI-2
				o.doubts(u, wrongType("the priority", k.Value, "an integer from -1000000 to 1000000"))
				n = spec.Int(oddPriority(u.Intern(k.Value)))
			} else if n < -maxPriority || n > maxPriority {
				flags |= ensureBeyond
				n = max(n, oddest)
			}
			flags &^= ensureNoPriority
			o.args[1] = uint64(n)
		case "force":
			flags |= ensureForceGiven
			o.args[2] = uint64(truth(spec.Truth(k.Value))) - uint64(NilTerm)
		case "process":
			if i+1 < len(call.Keys) {
				flags |= ensureProcessBefore
			}
			if flags&ensureLegacy != 0 {
				flags |= ensureTwice
				o.args[5] = o.args[3]
			}
			if c := objectArg(u, k.Value, KindProcess, &o.args[3]); c != nil {
				return c
			}
		default:
			// CLEAN-SIG-1 says what is accepted; that anything else is refused is not said.
			o.doubts(u, &spec.Condition{Type: "program-error", Message: "ensure-process-cleanup knows no keyword :" + k.Name})
		}
	}
	o.args[4] = flags
	return nil
}

// Ways in which a registration may go that the documents leave open: on a process that is
// ending or dead (CLEAN-PROC-5, -6), or of a doubtful form.
const (
	registerDone = iota
	registerRefused
	registerIgnored
	registerLast   // it runs after all others (CLEAN-PROC-6)
	registerPlain  // the keywords beside a positional process are ignored (CLEAN-LEG-3)
	registerAtOnce // the form of a dead process is run now, by whoever calls (CLEAN-PROC-5)
	registerSame   // its priority counts as the one that the form has (CLEAN-PRI-2)

	// One of these, and the process is the positional one though :process names another (CLEAN-LEG-3).
	registerPositional = 1 << 8
)

func ensureCleanupActs(s *State, act Act, out []Act) []Act {
	out = s.registerActs(act, out)
	if s.open && s.get(act.Frame, frameArg4)&ensureTwice != 0 && s.get(act.Frame, frameStage) == 0 {
		ways := len(out)
		act.Choice = registerPositional
		out = s.registerActs(act, out)
		for i := ways; i < len(out); i++ {
			out[i].Choice |= registerPositional
		}
	}
	return out
}

func (s *State) registerActs(act Act, out []Act) []Act {
	p, flags := s.watched(act), s.get(act.Frame, frameArg4)
	act.Object = p
	phase := s.get(p, processPhase)
	// A form that registers itself anew while it runs is not run without end (CLEAN-PROC-6); an open state
	// may go on with that for as long as anybody does.
	itself := !s.open && phase == phaseEnding && s.sameForm(Term(s.get(p, processForm)), Term(s.get(act.Frame, frameArg0)))
	if phase != phaseDead && !itself || s.get(act.Frame, frameStage) != 0 {
		out = append(out, act)
	}
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	if s.open && s.get(act.Frame, frameStage) == 0 {
		if phase == phaseEnding && !itself {
			add(registerLast)
		}
		if phase != phaseDead && flags&ensureMixed != 0 && !itself {
			add(registerPlain)
		}
		if entry := s.findCleanup(p, Term(s.get(act.Frame, frameArg0))); entry != 0 && !itself {
			old, priority := int64(s.cells[entry+nodeExtra]), int64(s.get(act.Frame, frameArg1))
			if old != priority && s.samePriority(old, priority) {
				add(registerSame)
			}
		}
		if phase == phaseDead && s.callableForm(Term(s.get(act.Frame, frameArg0))) {
			add(registerAtOnce)
		}
		if phase < phaseEnding && !s.callableForm(Term(s.get(act.Frame, frameArg0))) { // CLEAN-FORM-5
			add(registerRefused)
			add(registerIgnored)
			return out
		}
	}
	// Once a process has been asked to die nothing says that its end has not begun (CLEAN-PROC-7).
	late := phase >= phaseEnding || s.open && s.ending(p)
	if late || flags&ensureRefusable != 0 {
		act.Choice = registerRefused
		out = append(out, act)
	}
	if late || flags&ensureBadForm != 0 {
		act.Choice = registerIgnored
		out = append(out, act)
	}
	return out
}

// watched is the process that a registration is for.
func (s *State) watched(act Act) ID {
	p, flags := ID(s.get(act.Frame, frameArg3)), s.get(act.Frame, frameArg4)
	if act.Choice&registerPositional != 0 {
		p = ID(s.get(act.Frame, frameArg5))
	}
	switch {
	case s.mutant == ProcessIgnored && flags&(ensureNoPriority|ensureLegacy) == ensureNoPriority,
		s.mutant == LegacyProcessIgnored && flags&ensureLegacy != 0:
		return act.Process
	case p == 0 && s.mutant == DefaultIsMainProcess && flags&(ensureNoPriority|ensureForceGiven) == ensureNoPriority:
		return ID(s.get(world, worldFirst))
	case p == 0:
		return act.Process
	}
	return p
}

func ensureCleanup(s *State, act Act) {
	f, p := act.Frame, s.watched(act)
	act.Choice &^= registerPositional
	form, priority, force := Term(s.get(f, frameArg0)), int64(s.get(f, frameArg1)), s.get(f, frameArg2) != 0
	flags := s.get(f, frameArg4)
	refuse := func(format string, args ...any) {
		s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: fmt.Sprintf(format, args...)}))
	}
	switch {
	case act.Choice == registerRefused:
		refuse("the form, its priority or its process is not one that this implementation accepts")
		return
	case act.Choice == registerIgnored, s.get(f, frameStage) != 0:
		s.returns(f, unspecified)
		return
	case act.Choice == registerSame:
		s.returns(f, NilTerm)
		return
	case s.refusesByMutation(priority, flags):
		refuse("this mutant refuses what is right")
		return
	case s.mutant == FormOfOneProcessOnly && s.otherHas(p, form):
		s.returns(f, NilTerm)
		return
	}
	switch act.Choice {
	case registerPlain:
		priority, force = 0, false
	case registerAtOnce:
		function, arguments := s.application(p, form)
		code, _ := s.code(s.u.Intern(function))
		s.enter(f, stageBody, code, s.u.Intern(spec.NewList(arguments...)))
		return
	}
	if flags&ensureNoPriority != 0 && s.mutant == DefaultPriorityIsOne {
		priority = 1
	}
	if flags&ensureLegacy != 0 && s.mutant == LegacyPriorityIsLowest {
		priority = -maxPriority
	}
	force = s.forces(force, flags)
	entry := s.findCleanup(p, form)
	switch {
	case entry == 0:
		s.register(act, p, form, priority)
		return
	case int64(s.cells[entry+nodeExtra]) == priority:
		// CLEAN-DUP-3, -4: nothing happens, whatever force is.
		if _, isList := s.u.Value(form).(spec.List); s.mutant == ForceRepeatsDuplicate && force || s.mutant == FunctionNeverSame && !isList {
			s.addCleanup(p, form, priority)
		}
		s.returns(f, truth(s.mutant == DuplicateReturnsTrue))
		return
	case !force:
		// CLEAN-DUP-5, -6
		old := int64(s.cells[entry+nodeExtra])
		if s.mutant == ErrorButReplaced || s.mutant == ErrorButRemoved {
			s.removeCleanup(p, entry)
		}
		if s.mutant == ErrorButReplaced || s.mutant == ConflictAdds {
			s.addCleanup(p, form, priority)
		}
		if s.mutant != ConflictAdds && s.mutant != ConflictIgnored {
			refuse("%s is already a cleanup of the process, with priority %d", s.u.Value(form), old)
			return
		}
	default:
		// CLEAN-DUP-7: the old entry is removed and the form registered anew.
		if s.mutant != ForcedMoveKeepsOldEntry && s.mutant != ForcedMoveIgnored {
			s.removeCleanup(p, entry)
		}
		if s.mutant != ForcedMoveIgnored && s.mutant != ForcedMoveRemoves {
			s.addCleanupIn(p, form, priority, s.wayOf(form, priority, act.Choice == registerLast))
		}
	}
	s.returns(f, unspecified)
}

// register adds a form that is new.
func (s *State) register(act Act, p ID, form Term, priority int64) {
	switch {
	case s.mutant == LostInRace && s.registersToo(act, p):
		s.returns(act.Frame, NilTerm)
		return
	case s.mutant == RunsAtRegistration && p == act.Process && s.get(act.Frame, frameArg4)&ensureNoPriority != 0:
		function, arguments := s.application(p, form)
		if code, ok := s.code(s.u.Intern(function)); ok {
			s.addCleanup(p, form, priority)
			s.enter(act.Frame, stageBody, code, s.u.Intern(spec.NewList(arguments...)))
			return
		}
	}
	s.addCleanupIn(p, form, priority, s.wayOf(form, priority, act.Choice == registerLast))
	s.returns(act.Frame, unspecified) // CLEAN-DUP-9
}

func (s *State) findCleanup(p ID, form Term) uint32 {
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if s.sameForm(Term(s.cells[at+nodeTerm]), form) {
			return at
		}
	}
	return 0
}
