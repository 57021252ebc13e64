package model

import "github.com/mpcheck/mpcheck/spec"

// A send to a process that is dead, or taken for dead.

// isOver tells whether a send can't find a process alive: it is dead, or a send to it was answered so.
func (s *State) isOver(p ID) bool {
	return s.get(p, processPhase) == phaseDead || s.get(p, processRefuses) != 0
}

// mayBeOver tells whether a process that isn't dead may be taken for dead: it is not quite alive.
func (s *State) mayBeOver(p ID) bool {
	phase := s.get(p, processPhase)
	return phase == phaseEnding || phase == phaseCreated || s.get(p, processKilled) != 0 || s.get(p, processDying) != 0
}

// sendToDead answers a send to a process that is dead, or taken for dead. Once a send was
// answered so for a process that has begun, all are.
func (s *State) sendToDead(act Act) {
	f, p := act.Frame, s.subject(act.Frame)
	flags := s.arg(f, sendFlags)
	switch {
	case s.get(f, frameStage) == stageWaits:
		s.cite("SEND-LIM-6")
	case !s.isOver(p):
		s.cite("SEND-DEAD-5")
	}
	if s.arg(f, sendLimit) != 0 && flags&sendTimeout != 0 {
		s.cite("SEND-DEAD-7")
	}
	if s.open {
		s.failsToChange(f)
	}
	if s.get(p, processPhase) != phaseCreated && s.law.deadForGood {
		s.set(p, processRefuses, 1)
	}
	s.law.answersDead(s, act, flags)
}

// answerDead: false, or with a true error-if-dead-p a continuable error; the object is put nowhere.
func answerDead(s *State, act Act, flags uint64) {
	signals := flags&sendErrorIfDead != 0
	if signals {
		s.cite("SEND-DEAD-2")
	} else {
		s.cite("SEND-DEAD-1", "SEND-RET-2")
	}
	if s.get(s.subject(act.Frame), processMailbox) != 0 {
		s.cite("SEND-DEAD-8")
	}
	if signals {
		s.signalDead(act.Frame, true)
		return
	}
	s.returns(act.Frame, NilTerm)
}

func (s *State) signalDead(f ID, continuable bool) {
	s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead", Continuable: continuable}))
}
