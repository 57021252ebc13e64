package model

import "github.com/mpcheck/mpcheck/spec"

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
	{"event-off-hangs", []string{"EVENT-MWE-6"}, "a wait for an event waits also where multiprocessing is off", func(l *law) { l.offReturns = false }},
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
	{"handles-no-object", []string{"EVENT-GHE-0", "EVENT-GHE-1", "EVENT-GHE-2", "EVENT-GHE-3", "EVENT-GHE-4", "EVENT-GHE-5", "EVENT-GHE-6", "EVENT-PAE-1", "EVENT-WPE-1"},
		"an error instead of whatever an event comes to", interpreting(func(_ *State, _ Term, d deed) deed {
			return deed{class: d.class, fault: &spec.Condition{Type: "simple-error", Message: "there is no method"}}
		})},
	{"list-is-not-applied", []string{"EVENT-GHE-1", "EVENT-PAE-1", "EVENT-WPE-1"}, "an event that is a list does nothing", only(eventList, func(_ *State, _ Term, _ deed) deed {
		return deed{class: eventList}
	})},
	{"list-loses-cdr", []string{"EVENT-GHE-1", "EVENT-PAE-1", "EVENT-WPE-1"}, "the car of an event that is a list is called without arguments", only(eventList, func(_ *State, _ Term, d deed) deed {
		d.arguments = NilTerm
		return d
	})},
	{"event-function-is-not-called", []string{"EVENT-GHE-2"}, "an event that is a function does nothing", only(eventFunction, func(_ *State, _ Term, d deed) deed {
		return deed{class: eventFunction}
	})},
	{"event-function-gets-event", []string{"EVENT-GHE-2"}, "an event that is a function is called with itself", only(eventFunction, func(s *State, event Term, d deed) deed {
		d.arguments = s.u.Intern(spec.NewList(s.u.Value(event)))
		return d
	})},
	{"event-symbol-is-not-called", []string{"EVENT-GHE-3"}, "an event that is a symbol does nothing", only(eventSymbol, func(_ *State, _ Term, d deed) deed {
		return deed{class: eventSymbol}
	})},
	{"unbound-symbol-fails", []string{"EVENT-GHE-3"}, "an event that is a symbol which names no function is an error", only(eventSymbol, func(s *State, event Term, d deed) deed {
		if d.code == 0 {
			d.fault = s.u.conditions[s.undefined(event)]
		}
		return d
	})},
	{"any-event-fails", []string{"EVENT-GHE-4", "EVENT-PAE-1"}, "an event of no class that has a method is an error", only(eventOfAnyClass, func(*State, Term, deed) deed {
		return deed{fault: &spec.Condition{Type: "simple-error", Message: "there is no method"}}
	})},
	{"methods-are-not-called", []string{"EVENT-GHE-5"}, "the method of a class that is the user's is not called", only(eventOfUser, func(*State, Term, deed) deed {
		return deed{class: eventOfUser}
	})},
	{"nil-is-applied", []string{"EVENT-GHE-6"}, "nil is an event like any list: it is applied, which is an error", only(eventNil, func(*State, Term, deed) deed {
		return deed{class: eventNil, fault: &spec.Condition{Type: "undefined-function", Message: "NIL names no function"}}
	})},
	{"handles-one-event", []string{"EVENT-PAE-1"}, "process-all-events handles the oldest event only", func(l *law) {
		l.handlesMore = func(s *State, f ID) bool { return s.arg(f, handledAny) == 0 }
	}},
	{"handles-latest-first", []string{"EVENT-PAE-1"}, "the youngest event of a mailbox is handled first", func(l *law) {
		l.nextEvent = func(s *State, m ID) Term {
			all := s.elements(m, mailboxSequence, nil)
			for range all {
				s.take(m)
			}
			for _, t := range all[:len(all)-1] {
				s.push(m, mailboxSequence, t)
			}
			return all[len(all)-1]
		}
	}},
	{"all-events-is-true", []string{"EVENT-PAE-1"}, "process-all-events answers t also where there was no event", func(l *law) {
		l.tellsAllHandled = func(Term) Term { return TrueTerm }
	}},
	{"all-events-is-nil", []string{"EVENT-PAE-1"}, "process-all-events answers nil also where there was an event", func(l *law) {
		l.tellsAllHandled = func(Term) Term { return NilTerm }
	}},
	{"wait-handles-nothing", []string{"EVENT-WPE-1"}, "wait-processing-events handles no event", func(l *law) {
		l.waitHandles = func(*State, ID) bool { return false }
	}},
	{"wait-handles-one-event", []string{"EVENT-WPE-1"}, "wait-processing-events handles one event only", func(l *law) {
		l.waitHandles = func(s *State, f ID) bool { return s.arg(f, handledAny) == 0 }
	}},
	{"wait-processed-is-nil", []string{"EVENT-WPE-1"}, "wait-processing-events answers nil also where its wait function holds", func(l *law) { l.waitProcessed = NilTerm }},
	{"wait-in-vain-is-true", []string{"EVENT-WPE-1"}, "wait-processing-events answers t also when its time has passed", func(l *law) { l.waitProcessingInVain = TrueTerm }},
}

// interpreting has events come to something else.
func interpreting(otherwise func(s *State, event Term, d deed) deed) func(*law) {
	return func(l *law) {
		l.interprets = func(s *State, p ID, event Term) deed { return otherwise(s, event, interpret(s, p, event)) }
	}
}

// only has those of a class.
func only(class eventClass, otherwise func(s *State, event Term, d deed) deed) func(*law) {
	return interpreting(func(s *State, event Term, d deed) deed {
		if d.class != class {
			return d
		}
		return otherwise(s, event, d)
	})
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
