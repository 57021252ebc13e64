package model

import "github.com/mpcheck/mpcheck/spec"

var eventRules = []rule{
	{
		op:      "process-wait-for-event",
		clauses: []string{"EVENT-PWE-1", "EVENT-PWE-2", "EVENT-PWE-3", "EVENT-MWE-1", "EVENT-MWE-2", "EVENT-MWE-3", "EVENT-MWE-4", "EVENT-MWE-5", "EVENT-INT-1", "EVENT-NIL-1", "SEND-EV-1"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return decodeEvent(u, call, o)
		},
		beyond: func(u *Universe, call spec.Call, o *Operation) bool {
			if len(call.Args) != 1 || objectArg(u, call.Args[0], KindMailbox, &o.args[2]) != nil {
				return false
			}
			o.doubts(u, &spec.Condition{Type: "program-error", Message: "process-wait-for-event takes no mailbox"})
			return true
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			switch given := s.get(act.Frame, frameArg2); {
			case given == 0 || s.decided(stickyEventMailbox) == second:
			case s.decided(stickyEventMailbox) == undecided:
				return s.either(stickyEventMailbox, act, out)
			default:
				return s.eventActs(ID(given), act, out)
			}
			if s.eventBox(act.Frame) == 0 {
				act.Object, act.Choice = anyObject, eventMakes
				return append(out, act)
			}
			return s.eventActs(s.eventBox(act.Frame), act, out)
		},
		effect: func(s *State, act Act) {
			if given := s.get(act.Frame, frameArg2); given != 0 {
				switch s.decided(stickyEventMailbox) {
				case undecided:
					s.way(stickyEventMailbox, act)
					return
				case first:
					s.takeEvent(ID(given), act)
					return
				}
			}
			if act.Choice == eventMakes && !(s.mutant == EventMakesNoMailbox && s.get(act.Frame, frameArg0) != 0) {
				s.set(act.Process, processMailbox, uint64(s.newOwnMailbox(act.Process)))
				return
			}
			s.takeEvent(s.eventBox(act.Frame), act)
		},
		watches: func(s *State, f ID) ID {
			if s.get(f, frameArg2) != 0 {
				return anyObject
			}
			return s.eventWatches(f, s.eventBox(f))
		},
		waits: func(s *State, f ID) string { return "an object in its mailbox, which is empty" },
	},
	{
		op:      "mailbox-wait-for-event",
		clauses: []string{"EVENT-MWE-1", "EVENT-MWE-2", "EVENT-MWE-3", "EVENT-MWE-4", "EVENT-MWE-5", "EVENT-NIL-1", "MBOX-ARG-1"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := decodeEvent(u, call, o); c != nil {
				return c
			}
			if c := objectArg(u, call.Arg(0), KindMailbox, &o.args[2]); c != nil {
				return o.vainly(u, c) // MBOX-ARG-1
			}
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			return s.eventActs(ID(s.get(act.Frame, frameArg2)), act, out)
		},
		effect:  func(s *State, act Act) { s.takeEvent(ID(s.get(act.Frame, frameArg2)), act) },
		watches: func(s *State, f ID) ID { return s.eventWatches(f, ID(s.get(f, frameArg2))) },
		waits:   func(s *State, f ID) string { return "an object in the mailbox, which is empty" },
	},
}

// eventBox is where process-wait-for-event waits: at the mailbox of its process, or at that which this had
// when the wait began.
func (s *State) eventBox(f ID) ID {
	if had := s.get(f, frameArg4); had != 0 {
		return ID(had)
	}
	return ID(s.get(ID(s.get(f, frameProcess)), processMailbox))
}

// Arguments of both waits: no-hang-p, wait function; of one the mailbox, of the other one that its process
// had. The other keywords have no effect (EVENT-MWE-5).
func decodeEvent(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if v, ok := call.Key("no-hang-p"); ok && spec.Truth(v) {
		o.args[0] = 1
	}
	if v, ok := call.Key("stop-at-user-operation-p"); ok && spec.Truth(v) {
		o.args[3] = 1
	}
	v, _ := call.Key("wait-function")
	return decodeStop(u, v, &o.args[1])
}

// Ways in which a wait for an event may go.
const (
	eventTakes   = iota
	eventMakes   // the process gets its mailbox
	eventNone    // nil: there is nothing, or the wait function holds
	eventReplace // the wait function turns out to replace the mailbox test
)

// eventActs lists how a wait at m may go. A wait function that holds ends it with nil
// (EVENT-MWE-3); where it replaces the mailbox test nothing else does (EVENT-MWE-4), and an
// object that is there already when it holds may be taken as well.
func (s *State) eventActs(m ID, act Act, out []Act) []Act {
	f := act.Frame
	stop, noHang := Term(s.get(f, frameArg1)), s.get(f, frameArg0) != 0
	if s.mutant == EventIsNotStopped {
		stop = NoTerm
	}
	act.Object = m
	mail := s.length(m, mailboxSequence) > 0
	add := func(choice uint16) {
		act.Choice = choice
		out = append(out, act)
	}
	switch {
	case noHang && (!mail || s.mutant == NoHangFindsNothing):
		if s.mutant != NoHangHangs {
			add(eventNone)
		}
		return out
	case noHang, stop == NoTerm:
		if mail {
			add(eventTakes)
		}
		// Where the wait function replaces the mailbox test an object alone may be no event.
		if s.open && noHang && mail && stop != NoTerm && s.decided(stickyWaitFunction) != first && !s.holds(stop) {
			add(eventNone)
		}
		return out
	}
	act.Object = anyObject
	held := s.holds(stop)
	if mail && (held || s.decided(stickyWaitFunction) != second) {
		add(eventTakes)
	}
	if mail && !held && s.decided(stickyWaitFunction) == undecided {
		add(eventReplace)
	}
	if held {
		add(eventNone)
	}
	return out
}

// eventWatches is the mailbox, unless a wait function looks elsewhere.
func (s *State) eventWatches(f, m ID) ID {
	if s.get(f, frameArg1) != 0 {
		return anyObject
	}
	return m
}

func (s *State) takeEvent(m ID, act Act) {
	f := act.Frame
	switch act.Choice {
	case eventReplace:
		s.decide(stickyWaitFunction, second)
		return
	case eventTakes:
		if s.get(f, frameArg1) != 0 && s.get(f, frameArg0) == 0 && !s.holds(Term(s.get(f, frameArg1))) {
			s.decide(stickyWaitFunction, first)
		}
	default:
		if s.open && s.get(f, frameArg0) != 0 && s.length(m, mailboxSequence) > 0 {
			s.decide(stickyWaitFunction, second)
		}
		if s.mutant == EventStopRemoves && s.length(m, mailboxSequence) > 0 {
			s.pop(m, mailboxSequence)
		}
		s.returns(f, NilTerm)
		return
	}
	if s.mutant == EventCallsFunctions && s.get(f, frameStage) == 0 {
		if code, ok := s.code(s.oldest(m)); ok {
			s.enter(f, stageMutant, code, NilTerm)
			return
		}
	}
	if s.mutant == EventLeaves && s.get(f, frameArg2) != 0 || s.mutant == EventStopsAtUser && s.get(f, frameArg3) != 0 {
		s.returns(f, s.oldest(m))
		return
	}
	s.returns(f, s.take(m))
}

// The mutants of this chapter.
const (
	EventMakesNoMailbox Mutant = "event-makes-no-mailbox"
	EventLeaves         Mutant = "event-leaves"
	NoHangFindsNothing  Mutant = "no-hang-finds-nothing"
	NoHangHangs         Mutant = "no-hang-hangs"
	EventIsNotStopped   Mutant = "event-is-not-stopped"
	EventStopRemoves    Mutant = "event-stop-removes"
	EventStopsAtUser    Mutant = "event-stops-at-user-operation"
	EventCallsFunctions Mutant = "event-calls-functions"
)

var eventMutants = []MutantInfo{
	{EventMakesNoMailbox, []string{"EVENT-PWE-2"}, "process-wait-for-event with no-hang-p makes no mailbox where there is none"},
	{EventLeaves, []string{"EVENT-MWE-1"}, "mailbox-wait-for-event leaves the object where it is"},
	{NoHangFindsNothing, []string{"EVENT-MWE-2"}, "with no-hang-p the answer is nil although an object is there"},
	{NoHangHangs, []string{"EVENT-MWE-2"}, "no-hang-p is ignored where there is no object"},
	{EventIsNotStopped, []string{"EVENT-MWE-3"}, "the wait function is not looked at"},
	{EventStopRemoves, []string{"EVENT-MWE-3"}, "a wait that its wait function ends removes an object"},
	{EventStopsAtUser, []string{"EVENT-MWE-5"}, "with stop-at-user-operation-p the object stays where it is"},
	{EventCallsFunctions, []string{"EVENT-INT-1"}, "a function that was sent is called by the wait for it"},
}
