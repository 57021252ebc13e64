package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Phases of a process's life. In phaseEnding the cleanups run; there is no observation of
// death: alive, listed and send answer freely from the end of the function on.
const (
	phaseCreated = iota + 1
	phaseRunning
	phaseEnding
	phaseDead
)

var processRules = slices.Concat(lifeRules, waitRules, listRules)

var lifeRules = []rule{
	{
		op: "process-run-function",
		clauses: []string{"PROC-CREATE-1", "PROC-CREATE-2", "PROC-CREATE-3", "PROC-CREATE-4", "PROC-CREATE-5", "PROC-CREATE-6", "PROC-CREATE-7", "PROC-CREATE-9",
			"PROC-CREATE-10", "PROC-CREATE-12"},
		decode:  decodeRunFunction,
		enabled: creationActs,
		effect:  runFunction,
	},
	{
		op:      "current-process-kill",
		clauses: []string{"PROC-EXIT-2", "PROC-EXIT-5", "PROC-EXIT-6", "CLEAN-STATE-2"},
		enabled: func(s *State, act Act, out []Act) []Act {
			out = s.leaveActs(act, out)
			// In a form of unwind-protect it throws once more, or is taken for one in a cleanup.
			if s.open && s.get(act.Process, processPhase) == phaseRunning && s.get(act.Process, processDying) != 0 {
				act.Choice = killReturns
				out = append(out, act)
			}
			if s.late(act.Process) {
				act.Choice = killAtOnce
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			switch {
			case act.Choice == killReturns:
				s.returns(act.Frame, NilTerm)
				return
			case s.get(act.Process, processPhase) == phaseEnding && s.mutant == KillInCleanupEndsPhase:
				s.dropCleanups(act.Process)
				s.throw(act.Process, 0)
				s.finish(act.Frame, statusGone)
				return
			case s.late(act.Process) && act.Choice == killAtOnce:
			case s.get(act.Process, processPhase) == phaseEnding, s.mutant == CurrentKillReturns:
				s.returns(act.Frame, NilTerm)
				return
			}
			s.leaveAll(act.Process)
			if s.cleansFirst(act) {
				return
			}
			s.finish(act.Frame, statusGone)
		},
	},
	{
		op:      "process-kill",
		clauses: []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-KILL-5", "PROC-KILL-6", "PROC-KILL-7", "PROC-KILL-8"},
		decode:  decodeObject(KindProcess),
		enabled: killActs,
		effect: func(s *State, act Act) {
			switch act.Choice {
			case killRefused:
				s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead"}))
			case killAtOnce:
				s.leaveAll(act.Process)
				s.finish(act.Frame, statusGone)
			default:
				s.kill(ID(s.get(act.Frame, frameArg0)))
				s.returns(act.Frame, NilTerm)
			}
		},
	},
	{
		op:      "get-current-process",
		clauses: []string{"PROC-CUR-1", "CLEAN-PROC-3"},
		effect: func(s *State, act Act) {
			p := act.Process
			switch {
			case s.mutant == CurrentIsYoungest && p != ID(s.get(world, worldFirst)):
				p = ID(s.get(world, worldLast))
			case s.mutant == CleanupsOfAnother && s.get(p, processPhase) == phaseEnding:
				p = ID(s.get(world, worldFirst))
			}
			s.returns(act.Frame, s.u.RefTerm(p))
		},
	},
	{
		op:        "process-name",
		foretells: true,
		clauses:   []string{"PROC-NAME-2", "PROC-NAME-8", "PROC-CREATE-5", "PROC-CREATE-6"},
		decode:    decodeObject(KindProcess),
		enabled:   nameActs,
		effect: func(s *State, act Act) {
			if s.open {
				s.tellName(act)
				return
			}
			name := Term(s.get(ID(s.get(act.Frame, frameArg0)), processName))
			if text, ok := s.u.Value(name).(spec.String); ok && s.mutant == NameUpcased {
				name = s.u.Intern(spec.String(strings.ToUpper(string(text))))
			}
			s.returns(act.Frame, name)
		},
	},
}

// Ways of telling a name: of a dead process it is the one that it had, nil, or an error (PROC-NAME-8).
const (
	nameTold = iota
	nameNone
	nameRefused
)

func nameActs(s *State, act Act, out []Act) []Act {
	act.Object = ID(s.get(act.Frame, frameArg0))
	out = append(out, act)
	if s.open && s.get(act.Object, processPhase) == phaseDead {
		for _, act.Choice = range []uint16{nameNone, nameRefused} {
			out = append(out, act)
		}
	}
	return out
}

// tellName tells the name of a process; one that may have had any has this one from then on.
func (s *State) tellName(act Act) {
	p := ID(s.get(act.Frame, frameArg0))
	switch act.Choice {
	case nameNone:
		s.returns(act.Frame, NilTerm)
		return
	case nameRefused:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead"}))
		return
	}
	if s.get(p, processName) == uint64(NoTerm) {
		s.set(p, processName, uint64(s.learned(act.Frame)))
	}
	s.returns(act.Frame, Term(s.get(p, processName)))
}

func firstArgument(s *State, f ID) ID { return ID(s.get(f, frameArg0)) }

// Arguments of process-run-function: name, or 0 where it may be any, function, list of arguments,
// mailbox, keywords, what was found of these.
func decodeRunFunction(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := decodeKeywords(u, call.Arg(1), o); c != nil {
		return c
	}
	if !callable(u, call.Arg(2)) {
		o.doubts(u, wrongType("the function", call.Arg(2), "a function designator"))
	}
	if name, ok := call.Arg(0).(spec.String); ok {
		o.args[0] = uint64(u.Intern(name))
	} else { // PROC-CREATE-5: an error, or some name
		o.doubts(u, wrongType("the name", call.Arg(0), "a string"))
	}
	o.args[1] = uint64(u.Intern(call.Arg(2)))
	o.args[4] = uint64(u.Intern(call.Arg(1)))
	if len(call.Args) > 3 {
		o.args[2] = uint64(u.Intern(spec.NewList(call.Args[3:]...)))
	}
	return nil
}

// freshMailbox stands for a mailbox that is made with the process.
const freshMailbox = never

func callable(u *Universe, v spec.Value) bool {
	if _, ok := v.(spec.Symbol); ok {
		return true
	}
	_, ok := u.Object(v, KindFunction)
	return ok
}

func runFunction(s *State, act Act) {
	if s.get(act.Frame, frameStage) == stageBody { // a mutant's: the function has run here
		s.returns(act.Frame, s.u.RefTerm(act.Process))
		return
	}
	code, ok := s.code(Term(s.get(act.Frame, frameArg1)))
	if s.open && s.isNamed(Term(s.get(act.Frame, frameArg0))) && sameNameWays[act.Choice] != undecided {
		s.decide(stickySameName, sameNameWays[act.Choice])
	}
	switch act.Choice {
	case createNot:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "program-error", Message: "no process is made of such arguments"}))
		return
	case createFails:
		code, ok = 0, true
	case createRenames:
		s.set(act.Frame, frameArg0, uint64(NoTerm))
	}
	if _, named := s.u.Value(Term(s.get(act.Frame, frameArg1))).(spec.Symbol); named && s.mutant == NamedFunctionRefused {
		ok = false
	}
	if s.mutant == RunsInCaller && ok && Term(s.get(act.Frame, frameArg4)) == NilTerm {
		s.enter(act.Frame, stageBody, code, Term(s.get(act.Frame, frameArg2)))
		return
	}
	if !ok {
		s.signal(act.Frame, s.undefined(Term(s.get(act.Frame, frameArg1))))
		return
	}
	p := s.newProcess(s.u.Name(act.Process, uint32(s.get(act.Process, processCalls)), KindProcess))
	s.set(p, processPhase, phaseCreated)
	s.set(p, processName, s.get(act.Frame, frameArg0))
	s.set(p, processFunction, code)
	s.set(p, processDesignator, s.get(act.Frame, frameArg1))
	s.set(p, processArguments, s.get(act.Frame, frameArg2))
	if keywords := s.get(act.Frame, frameArg4); s.mutant == KeywordsReachFunction {
		arguments, _ := spec.Items(s.u.Value(Term(s.get(act.Frame, frameArg2))))
		s.set(p, processArguments, uint64(s.u.Intern(spec.NewList(append([]spec.Value{s.u.Value(Term(keywords))}, arguments...)...))))
	}
	mailbox := s.get(act.Frame, frameArg3)
	if mailbox == freshMailbox {
		mailbox = uint64(s.newOwnMailbox(p))
	}
	s.set(p, processMailbox, mailbox)
	if flags := s.get(act.Frame, frameArg5); flags&createPriority != 0 {
		s.set(p, processPriority, uint64(int64(flags)>>createShift))
	} else if s.open { // PROC-PRI-2: the default, whatever that is
		s.set(p, processComputed, priorityAny)
	}
	s.returns(act.Frame, s.u.RefTerm(p))
}

func (s *State) undefined(function Term) uint32 {
	return s.u.condition(spec.Condition{Type: "undefined-function",
		Message: fmt.Sprintf("%s names no function", s.u.Value(function))})
}

// code returns the callback number of a function designator, one more than it so that 0
// is none.
func (s *State) code(t Term) (uint64, bool) {
	v := s.u.Value(t)
	id, ok := s.u.Object(v, KindFunction)
	if !ok {
		id, ok = s.named(t)
	}
	if !ok || !s.exists(id) {
		return 0, false
	}
	return s.get(id, functionCode), true
}

// Ways in which a kill may go: of a dead process (PROC-KILL-6), of oneself (PROC-KILL-7).
const (
	killAsks = iota
	killRefused
	killAtOnce
	killReturns
)

func killActs(s *State, act Act, out []Act) []Act {
	p := ID(s.get(act.Frame, frameArg0))
	act.Object = p
	out = append(out, act)
	switch {
	case s.get(p, processPhase) == phaseDead:
		act.Choice = killRefused
		out = append(out, act)
	case p == act.Process && s.get(p, processPhase) == phaseRunning:
		act.Choice = killAtOnce
		out = append(out, act)
	}
	return out
}

// kill asks a process to end, which reaches it where it stands (PROC-KILL-1). One that is
// ending goes on as before (PROC-KILL-5).
func (s *State) kill(p ID) {
	switch {
	case s.get(p, processPhase) < phaseEnding:
		if s.mutant != KillIgnored {
			s.set(p, processKilled, 1)
			s.set(p, processDying, 1)
		}
	case s.late(p):
		s.set(p, processKilled, 1) // which may cut the form short that it is in (PROC-KILL-4)
	case s.get(p, processPhase) == phaseEnding && s.mutant == SecondKillEndsPhase:
		s.dropCleanups(p)
	}
}

// leaveAll begins to leave all frames of a process.
func (s *State) leaveAll(p ID) {
	s.set(p, processDying, 1)
	s.throw(p, 0)
}
