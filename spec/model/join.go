package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Waiting for processes and conditions: process-join, process-wait.

var waitRules = []rule{
	{
		op: "process-join",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if timeout, ok := call.Key("timeout"); ok {
				o.joinsWithin(u, timeout)
			}
			return objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject])
		},
		enabled: joinActs,
		effect: func(s *State, act Act) {
			s.join(act, stageBody, func() Term { return s.law.tellsJoin(s, act) })
		},
		timeUp: func(s *State, act Act) {
			s.citeJoining(act)
			s.returns(act.Frame, s.law.joinInVain)
		},
		waitsOn: firstArgument,
		waits:   waitsForDeath,
		endedBy: byTarget,
	},
	{
		op:     "process-alive-p",
		decode: decodeObject(KindProcess),
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyReads(p)
			out = append(out, act)
			if s.mayBeNoMore(p) {
				act.Choice = aliveNoMore
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) { s.returns(act.Frame, truth(s.law.alive(s, act))) },
	},
	{
		op: "process-wait",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return decodePredicate(u, call.Arg(1), o)
		},
		enabled: predicateActs,
		effect:  predicateHolds,
		waits:   waitsForPredicate,
	},
	{
		op: "process-wait-with-timeout",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.withinOrNot(u, call.Arg(1))
			return decodePredicate(u, call.Arg(2), o)
		},
		enabled: predicateActs,
		effect:  predicateHolds,
		timeUp: func(s *State, act Act) {
			s.cite("PROC-WAIT-1")
			s.returns(act.Frame, s.law.waitInVain)
		},
		waits: waitsForPredicate,
	},
}

// Ways in which a join may go while its process runs its cleanups: it returns, or waits for the end.
// Of oneself it may be refused, or is in vain.
const (
	joinReturns = iota
	joinWaits
	joinRefused
	joinNil
)

// joinsWithin reads the time-out of a join.
func (o *Operation) joinsWithin(u *Universe, v spec.Value) {
	before := o.doubt
	if o.withinOrNot(u, v); o.doubt != before {
		o.cite("PROC-JOIN-3", "PROC-JOIN-1")
	}
}

func joinActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = onlyReads(p)
	before := len(out)
	waits := s.get(act.Frame, frameStage) != 0
	if s.get(act.Frame, frameDoubt) != 0 { // a negative timeout
		act.Choice = joinNil
		out = append(out, act)
		act.Choice = joinReturns
	}
	switch phase := s.get(p, processPhase); {
	case s.law.joinIsOver(s, p):
		out = append(out, act)
	case p == act.Process && !waits:
		if s.open {
			act.Choice = joinNil
			out = append(out, act)
		}
		if act.Choice = joinReturns; s.open && phase == phaseEnding { // its function has ended
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
	if len(out) == before {
		s.citeJoining(act)
		s.cite("PROC-JOIN-4")
	}
	return out
}

// citeJoining cites what is said of a join that waits.
func (s *State) citeJoining(act Act) {
	switch p := s.subject(act.Frame); {
	case p == act.Process:
		s.cite("PROC-JOIN-3", "PROC-JOIN-1")
		return
	case s.get(act.Frame, frameStage) != 0: // as it chose to, since cleanups run
		s.cite("PROC-JOIN-5")
	}
	s.cite("PROC-JOIN-1")
}

// citeWay cites why a join may go in several ways, where it does.
func (s *State) citeWay(act Act) {
	p := s.subject(act.Frame)
	switch dead := s.get(p, processPhase) == phaseDead; {
	case act.Choice == joinNil, act.Choice == joinRefused, p == act.Process:
		s.cite("PROC-JOIN-3", "PROC-JOIN-1")
	case act.Choice == joinWaits, !dead:
		s.cite("PROC-JOIN-5")
	}
}

// tellJoin: the process is dead, or is not waited for.
func tellJoin(s *State, act Act) Term {
	switch dead := s.get(s.subject(act.Frame), processPhase) == phaseDead; {
	case dead && s.get(act.Frame, frameStage) != 0: // it chose to wait while cleanups ran
		s.cite("PROC-JOIN-1", "PROC-JOIN-4")
	case dead: // already, or by now
		s.cite("PROC-JOIN-1", "PROC-JOIN-2")
	}
	return TrueTerm
}

func (s *State) refuseJoin(act Act) {
	s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "a process can't join itself"}))
}

// join goes on with an operation that joins, in one of its ways: it waits in that stage, or tells how it ended.
func (s *State) join(act Act, stage uint64, tells func() Term) {
	s.citeWay(act)
	switch act.Choice {
	case joinNil:
		s.returns(act.Frame, NilTerm)
	case joinWaits:
		s.set(act.Frame, frameStage, stage)
	case joinRefused:
		s.refuseJoin(act)
	default:
		s.returns(act.Frame, tells())
	}
}

// Answers of process-alive-p, of a process that may end.
const (
	aliveStill = iota
	aliveNoMore
)

// isAlive: a process that has not ended is, however one ends. Of one that may end either is said.
func isAlive(s *State, act Act) bool {
	p := s.subject(act.Frame)
	if s.mayBeNoMore(p) {
		s.cite("PROC-ALIVE-2")
		return act.Choice == aliveStill
	}
	s.cite("PROC-ALIVE-1")
	return s.get(p, processPhase) != phaseDead
}

// mayBeNoMore tells whether it is open if a process is alive: it ends, or was terminated, by whatever method. One page has it that
// this is what counts.
func (s *State) mayBeNoMore(p ID) bool {
	return s.ending(p) || s.get(p, processTerminated) != 0 && s.get(p, processPhase) != phaseDead
}

// ending tells whether a process has been asked to end, or is ending, and is not dead.
func (s *State) ending(p ID) bool {
	phase := s.get(p, processPhase)
	return phase == phaseEnding || phase == phaseResting || phase != phaseDead && s.get(p, processDying) != 0
}

func waitsForDeath(s *State, f ID) string {
	return fmt.Sprintf("%s to die", s.u.Ref(s.subject(f)))
}

// waitPredicate is the slot of what a wait waits for.
const waitPredicate = argSubject

func decodePredicate(u *Universe, v spec.Value, o *Operation) *spec.Condition {
	if _, err := spec.ParsePredicate(v); err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	o.args[waitPredicate] = uint64(u.Intern(v))
	return nil
}

func predicateActs(s *State, act Act, out []Act) []Act {
	act.Touches = Footprint{}.readingPredicate(s, Term(s.arg(act.Frame, waitPredicate)))
	if s.holds(Term(s.arg(act.Frame, waitPredicate))) {
		return append(out, act)
	}
	s.cite("PROC-WAIT-1")
	return out
}

func predicateHolds(s *State, act Act) {
	s.cite("PROC-WAIT-1")
	p := s.predicate(Term(s.arg(act.Frame, waitPredicate)))
	s.record(act, &p)
	s.returns(act.Frame, TrueTerm)
}

func waitsForPredicate(s *State, f ID) string {
	return fmt.Sprintf("%s to hold", s.u.Value(Term(s.arg(f, waitPredicate))))
}

// record notes in the logs that a wait function names who waits, and who evaluates it: in whatever process and however often that
// is, the simulator notes once that the waiter did.
func (s *State) record(act Act, p *spec.Predicate) {
	if log, ok := s.u.Object(p.Ref, KindLog); ok && p.Kind == "recording" && s.exists(log) {
		s.cite("PROC-CUR-3")
		waiter := s.law.seenWaiting(s, act)
		s.push(log, logSequence, s.u.Intern(spec.NewList(s.u.Ref(waiter), s.u.Ref(act.Process))))
	}
	for i := range p.Parts {
		s.record(act, &p.Parts[i])
	}
}
