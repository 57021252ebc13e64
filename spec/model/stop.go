package model

// Stopping a process: it halts until it is unstopped or killed (PROC-STOP-1). The stop may happen after the
// call that asks for it has returned.

// Whether a process is stopped.
const (
	runs         = iota
	stopAsked    // it will be
	stopHappened // none of its code runs

	// Of an open state, where it was killed since:
	stopDoubted // it was asked to stop, and may do so all the same, or not
	stopKilled  // it was stopped, and has yet to go on
)

var stopRules = []rule{
	{
		op:     "process-stop",
		decode: decodeProcess,
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyWrites(p)
			return append(s.deadActs(p, act, out), act)
		},
		effect: func(s *State, act Act) {
			if s.refusesDead(act) {
				return
			}
			p := s.subject(act.Frame)
			s.cite("PROC-STOP-1")
			if stop := s.get(p, processStop); s.get(p, processPhase) != phaseDead && stop != stopAsked && stop != stopHappened {
				s.law.stops(s, p)
			}
			s.returns(act.Frame, unspecified)
		},
	},
	{
		op:     "process-unstop",
		decode: decodeProcess,
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyWrites(p)
			out = s.deadActs(p, act, out)
			stop := s.get(p, processStop)
			if stop == runs || stop == stopHappened {
				return append(out, act)
			}
			for _, act.Choice = range []uint16{unstopPrevents, unstopFindsNone} {
				out = append(out, act)
			}
			if s.open && stop != stopKilled { // what was asked for happens all the same
				act.Choice = unstopTooEarly
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			if s.refusesDead(act) {
				return
			}
			p := s.subject(act.Frame)
			s.cite("PROC-STOP-1")
			stopped := s.get(p, processStop) == stopHappened || act.Choice == unstopPrevents
			if act.Choice != unstopTooEarly {
				s.law.unstops(s, p)
			}
			s.returns(act.Frame, s.law.tellsUnstop(s, truth(stopped)))
		},
	},
}

// Ways of unstopping a process of which a stop is asked that has not happened.
const (
	unstopPrevents  = iota + 1 // it counts as stopped
	unstopFindsNone            // it doesn't, and is not stopped any more
	unstopTooEarly             // it doesn't, and will be stopped

	stopRefused // it is dead: an error, of which no page says anything
)

// deadActs lists, of a dead process, the error that an open state allows.
func (s *State) deadActs(p ID, act Act, out []Act) []Act {
	if s.open && s.get(p, processPhase) == phaseDead {
		act.Choice = stopRefused
		return append(out, act)
	}
	return out
}

func (s *State) refusesDead(act Act) bool {
	if act.Choice != stopRefused {
		return false
	}
	s.signal(act.Frame, s.deadProcess())
	return true
}

func askToStop(s *State, p ID) { s.set(p, processStop, stopAsked) }

// runOn has a process go on, which is unstopped, or killed.
func runOn(s *State, p ID) { s.set(p, processStop, runs) }

// killRunsOn has a process go on that is killed. As a judge has it the kill takes its time, too: one that was stopped may have yet to
// go on, and so may one that holds the kill until its scope ends; a stop that was only asked for may come behind the kill.
func killRunsOn(s *State, p ID) {
	switch stop := s.get(p, processStop); {
	case !s.open:
		runOn(s, p)
	case stop == stopHappened && !s.inScope(p, scopeUninterrupted):
		s.set(p, processStop, stopKilled)
	case stop != stopKilled:
		s.set(p, processStop, stopDoubted)
	}
}

// runsAgain: a process that was killed has gone on.
func (s *State) runsAgain(p ID) {
	if s.get(p, processStop) == stopKilled {
		runOn(s, p)
	}
}

// halted tells whether none of the code of a process runs.
func (s *State) halted(p ID) bool {
	return s.get(p, processStop) == stopHappened && !s.inScope(p, scopeThoughStopped)
}

// mayStopLater tells whether a stop that was asked for need not happen where nothing else does: it comes behind a kill, or is held as a
// kill is where interrupts are blocked.
func (s *State) mayStopLater(p ID) bool {
	return s.get(p, processStop) == stopDoubted || s.inScope(p, scopeUninterrupted)
}

// halt is the stop that was asked for.
func (s *State) halt(p ID) {
	s.cite("PROC-STOP-1")
	s.set(p, processStop, stopHappened)
}
