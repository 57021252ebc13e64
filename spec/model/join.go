package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Waiting for processes and conditions: process-join, process-terminate, process-wait.

var waitRules = []rule{
	{
		op:      "process-join",
		clauses: []string{"PROC-JOIN-1", "PROC-JOIN-2", "PROC-JOIN-3", "PROC-JOIN-4", "PROC-JOIN-5"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if timeout, ok := call.Key("timeout"); ok {
				o.withinOrNot(u, timeout) // PROC-JOIN-3
			}
			return objectArg(u, call.Arg(0), KindProcess, &o.args[0])
		},
		enabled: joinActs,
		effect: func(s *State, act Act) {
			p := ID(s.get(act.Frame, frameArg0))
			switch {
			case act.Choice == joinNil:
				s.returns(act.Frame, NilTerm)
			case act.Choice == joinWaits:
				s.set(act.Frame, frameStage, stageBody)
			case act.Choice == joinRefused:
				s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "a process can't join itself"}))
			case s.mutant == JoinDeadIsNil && s.get(p, processPhase) == phaseDead && s.get(act.Frame, frameDeadline) == never:
				s.returns(act.Frame, NilTerm)
			default:
				s.returns(act.Frame, TrueTerm)
			}
		},
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, truth(s.mutant == JoinTimeoutIsTrue)) },
		watches: firstArgument,
		waits:   waitsForDeath,
		by:      byTarget,
	},
	{
		op:      "process-terminate",
		clauses: []string{"PROC-TERM-1", "PROC-TERM-2"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			for i, name := range []string{"force-timeout", "join-timeout"} {
				if timeout, ok := call.Key(name); ok {
					o.deadline = never // the join's counts; without a method the kill is at once
					o.withinOrNot(u, timeout)
					o.args[1+i] = uint64(truth(spec.Truth(timeout)))
				}
			}
			if o.args[2] != uint64(TrueTerm) {
				o.deadline = never
			}
			return objectArg(u, call.Arg(0), KindProcess, &o.args[0])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			dead := s.get(act.Object, processPhase) == phaseDead
			if s.get(act.Frame, frameStage) == 0 || dead {
				out = append(out, act)
			}
			switch {
			case !s.open:
			case s.get(act.Frame, frameStage) == stageBody && !dead: // what a join gives that waits (PROC-TERM-2)
				return terminateJoins(s, act, out)
			case s.get(act.Frame, frameStage) == 0 && dead: // as process-kill (PROC-TERM-1, PROC-KILL-6)
				act.Choice = killRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			switch waits := s.get(act.Frame, frameStage) != 0; {
			case waits && act.Choice == joinNil:
				s.returns(act.Frame, NilTerm)
			case waits && act.Choice == joinWaits:
				s.set(act.Frame, frameStage, stageCleanup)
			case waits && act.Choice == joinRefused:
				s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "a process can't join itself"}))
			case waits:
				s.returns(act.Frame, TrueTerm)
			case act.Choice == killRefused:
				s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead"}))
			case s.get(act.Frame, frameArg2) == uint64(TrueTerm):
				s.kill(ID(s.get(act.Frame, frameArg0)))
				s.set(act.Frame, frameStage, stageBody)
			default:
				s.kill(ID(s.get(act.Frame, frameArg0)))
				s.returns(act.Frame, s.u.Intern(spec.Int(0)))
			}
		},
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, truth(s.mutant == TerminateTimeoutIsTrue)) },
		watches: firstArgument,
		waits:   waitsForDeath,
		by:      byTarget,
	},
	{
		op:      "process-alive-p",
		clauses: []string{"PROC-ALIVE-1", "PROC-ALIVE-2"},
		decode:  decodeObject(KindProcess),
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			out = append(out, act)
			if s.ending(act.Object) { // PROC-ALIVE-2: the second way is nil
				act.Choice = 1
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			p := ID(s.get(act.Frame, frameArg0))
			alive := s.get(p, processPhase) != phaseDead && act.Choice == 0
			switch {
			case s.mutant == AliveForEver, s.mutant == KilledStaysAlive && s.get(p, processDying) != 0:
				alive = true
			case s.mutant == AliveOnlyCaller:
				alive = p == act.Process
			}
			s.returns(act.Frame, truth(alive))
		},
	},
	{
		op:      "process-wait",
		clauses: []string{"PROC-WAIT-1"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return decodePredicate(u, call.Arg(1), o)
		},
		enabled: predicateActs,
		effect:  func(s *State, act Act) { s.returns(act.Frame, TrueTerm) },
		waits:   waitsForPredicate,
	},
	{
		op:      "process-wait-with-timeout",
		clauses: []string{"PROC-WAIT-1"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.withinOrNot(u, call.Arg(1))
			return decodePredicate(u, call.Arg(2), o)
		},
		enabled: predicateActs,
		effect:  func(s *State, act Act) { s.returns(act.Frame, TrueTerm) },
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, truth(s.mutant == WaitTimeoutIsTrue)) },
		waits:   waitsForPredicate,
	},
}

// Ways in which a join may go while its process runs its cleanups (PROC-JOIN-5): it returns, or
// waits for the end. Of oneself it may be refused (PROC-JOIN-3).
const (
	joinReturns = iota
	joinWaits
	joinRefused
	joinNil
)

func joinActs(s *State, act Act, out []Act) []Act {
	p := ID(s.get(act.Frame, frameArg0))
	act.Object = p
	waits := s.get(act.Frame, frameStage) != 0
	if s.get(act.Frame, frameDoubt) != 0 { // a negative timeout
		act.Choice = joinNil
		out = append(out, act)
		act.Choice = joinReturns
	}
	switch phase := s.get(p, processPhase); {
	case phase == phaseDead, s.mutant == JoinReturnsAtOnce:
		out = append(out, act)
	case p == act.Process && !waits:
		if s.open {
			act.Choice = joinNil
			out = append(out, act)
		}
		for _, act.Choice = range []uint16{joinWaits, joinRefused} {
			out = append(out, act)
		}
	case phase == phaseEnding && p != act.Process && !waits: // also where it unwinds after its cleanups: no page has an order
		for _, act.Choice = range []uint16{joinReturns, joinWaits} {
			out = append(out, act)
		}
	}
	return out
}

// terminateJoins adds the ways of a process-terminate that begins to wait for a process which is not
// dead: of oneself as a join of oneself (PROC-JOIN-3), of one that does its cleanups as a join that
// may not wait for them (PROC-JOIN-5).
func terminateJoins(s *State, act Act, out []Act) []Act {
	var ways []uint16
	switch {
	case act.Object == act.Process:
		ways = []uint16{joinWaits, joinRefused, joinNil}
	case s.get(act.Object, processPhase) == phaseEnding:
		ways = []uint16{joinReturns, joinWaits}
	}
	for _, act.Choice = range ways {
		out = append(out, act)
	}
	return out
}

// ending tells whether a process has been asked to end, or is ending, and is not dead.
func (s *State) ending(p ID) bool {
	phase := s.get(p, processPhase)
	return phase == phaseEnding || phase != phaseDead && s.get(p, processDying) != 0
}

func waitsForDeath(s *State, f ID) string {
	return fmt.Sprintf("%s to die", s.u.Ref(ID(s.get(f, frameArg0))))
}

func decodePredicate(u *Universe, v spec.Value, o *Operation) *spec.Condition {
	if _, err := spec.ParsePredicate(v); err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	o.args[0] = uint64(u.Intern(v))
	return nil
}

func predicateActs(s *State, act Act, out []Act) []Act {
	act.Object = anyObject
	if s.holds(Term(s.get(act.Frame, frameArg0))) {
		out = append(out, act)
	}
	return out
}

func waitsForPredicate(s *State, f ID) string {
	return fmt.Sprintf("%s to hold", s.u.Value(Term(s.get(f, frameArg0))))
}
