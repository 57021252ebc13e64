package model

// The mutants of the waits for an event.
var eventMutants = []MutantInfo{
	{"event-makes-no-mailbox", []string{"EVENT-PWE-2"},
		"process-wait-for-event with no-hang-p makes no mailbox where there is none", func(l *law) {
			l.makesSureOfMailbox = func(s *State, act Act) {
				if s.arg(act.Frame, eventNoHang) != 0 {
					s.returns(act.Frame, NilTerm)
					return
				}
				makeMailboxToWait(s, act)
			}
		}},
	{"event-leaves", []string{"EVENT-MWE-1"}, "mailbox-wait-for-event leaves the object where it is", leaving(eventAt)},
	{"no-hang-finds-nothing", []string{"EVENT-MWE-2", "EVENT-MWE-1"},
		"with no-hang-p the answer is nil although an object is there", func(l *law) { l.noHangLooks = false }},
	{"no-hang-hangs", []string{"EVENT-MWE-2"}, "no-hang-p is ignored where there is no object", func(l *law) { l.noHangReturns = false }},
	{"event-is-not-stopped", []string{"EVENT-MWE-3"}, "the wait function is not looked at", func(l *law) {
		l.eventStop = func(*State, ID) Term { return NoTerm }
	}},
	{"event-stop-removes", []string{"EVENT-MWE-3"}, "a wait that its wait function ends removes an object", func(l *law) {
		l.findsNone = func(s *State, m ID, act Act) {
			if s.held(m) > 0 {
				s.pop(m, mailboxSequence)
			}
			findNoEvent(s, m, act)
		}
	}},
	{"event-stops-at-user-operation", []string{"EVENT-MWE-5"},
		"with stop-at-user-operation-p the object stays where it is", leaving(eventStopsAtUser)},
	{"event-calls-functions", []string{"EVENT-INT-1"}, "a function that was sent is called by the wait for it", func(l *law) {
		l.takesEvent = func(s *State, m ID, act Act) {
			if s.get(act.Frame, frameStage) == 0 {
				if code, ok := s.code(act.Process, s.oldest(m)); ok {
					s.enter(act.Frame, stageMutant, code, NilTerm)
					return
				}
			}
			takeEvent(s, m, act)
		}
	}},
}

// leaving has a wait that was given an argument return the object and leave it where it is.
func leaving(given slot) func(*law) {
	return func(l *law) {
		l.takesEvent = func(s *State, m ID, act Act) {
			if s.arg(act.Frame, given) != 0 {
				s.returns(act.Frame, s.oldest(m))
				return
			}
			takeEvent(s, m, act)
		}
	}
}
