package model

import "github.com/mpcheck/mpcheck/spec"

// Operations that handle the events in the mailbox of their process, one after the other: those that there are, or
// those that come until something holds.

var allEventsRules = []rule{
	{
		op:     "process-all-events",
		goesOn: true,
		enabled: func(s *State, act Act, out []Act) []Act {
			return s.handlingActs(act, out, s.allEventsActs)
		},
		effect: func(s *State, act Act) {
			if act.Choice != eventsOver {
				s.goOnHandling(act)
				return
			}
			s.cite("EVENT-PAE-1")
			s.returns(act.Frame, s.law.tellsAllHandled(truth(s.arg(act.Frame, handledAny) != 0)))
		},
		waits: waitsForCode,
	},
	{
		op:     "wait-processing-events",
		goesOn: true,
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.withinOrNot(u, call.Arg(0))
			v, _ := call.Key("wait-function")
			return decodeStop(u, v, &o.args[eventWaitFunction])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			return s.handlingActs(act, out, s.waitProcessingActs)
		},
		effect: func(s *State, act Act) {
			switch act.Choice {
			case eventsOver:
				s.cite("EVENT-WPE-1")
				s.returns(act.Frame, s.law.waitProcessed)
			case eventsTimeUp:
				waitProcessingInVain(s, act)
			default:
				s.goOnHandling(act)
			}
		},
		timeUp: waitProcessingInVain,
		waitsOn: func(s *State, f ID) ID {
			if m := s.eventBox(f); m != 0 {
				return s.eventWatches(f, m)
			}
			return anyObject
		},
		waits: func(*State, ID) string { return "an event in its mailbox, which is empty" },
	},
}

// Slots of these, beside eventWaitFunction and eventHad.
const (
	handledTaken = eventNoHang      // the events that were taken and have yet to be handled, a list; 0 for none
	handledAny   = eventAt          // whether any was taken
	handledLeft  = eventStopsAtUser // one more than how many are to be taken at most, 0 for all
)

// Ways in which such an operation may go on.
const (
	eventsTake    = iota // the oldest object
	eventsMake           // the process gets its mailbox
	eventsOver           // it has done what it should
	eventsIgnore         // the event, which is no list
	eventsTakeAll        // all objects that are there
	eventsCount          // those that are there now are all that will be handled
	eventsForget         // a mailbox that the process doesn't have any more
	eventsTimeUp         // though there may be more
	eventsRefuse         // the event, which is no list: an error
)

// handlesOwn tells whether an operation handles the events in the mailbox of its process.
func handlesOwn(op string) bool { return op == "process-all-events" || op == "wait-processing-events" }

// handlingActs lists how an operation goes on: it handles what it has taken, or else looks for more.
func (s *State) handlingActs(act Act, out []Act, looks func(act Act, out []Act) []Act) []Act {
	f := act.Frame
	if taken := Term(s.arg(f, handledTaken)); taken != NoTerm {
		d := s.law.interprets(s, act.Process, s.firstEvent(taken))
		if !s.asksForLists(f) || d.class == eventList || d.class == eventEnd || d.class != eventNil && d.code == 0 {
			return s.deedActs(d, act, out)
		}
		if s.open { // one page asks for lists
			refused := act
			refused.Choice, refused.Touches = eventsRefuse, everything
			out = append(out, refused)
		}
		switch s.decided(stickyOddEvent) {
		case undecided:
			act.Touches = everything
			out = s.deedActs(d, act, out)
			act.Choice = eventsIgnore
			return append(out, act)
		case first:
			return s.deedActs(d, act, out)
		}
		act.Choice = eventsIgnore
		return append(out, act)
	}
	if s.open && s.arg(f, eventHad) != 0 {
		act.Choice = eventsForget
		out = append(out, act)
	}
	return looks(act, out)
}

// asksForLists tells whether one page demands that the events are lists.
func (s *State) asksForLists(f ID) bool { return s.OpOf(f) == "wait-processing-events" }

func (s *State) firstEvent(list Term) Term {
	items, _ := spec.Items(s.u.Value(list))
	return s.u.Intern(items[0])
}

// takingActs adds how objects may be taken out of m, which holds some.
func (s *State) takingActs(m ID, act Act, out []Act) []Act {
	act.Touches, act.Choice = onlyWrites(m), eventsTake
	out = append(out, act)
	if s.open && s.arg(act.Frame, handledLeft) == 0 && s.held(m) > 1 {
		act.Choice = eventsTakeAll
		out = append(out, act)
	}
	return out
}

// allEventsActs: it takes what is there until there is nothing. Whether what comes meanwhile is to be handled too is
// not said.
func (s *State) allEventsActs(act Act, out []Act) []Act {
	f := act.Frame
	m, left := s.eventBox(f), s.arg(f, handledLeft)
	act.Touches = onlyReads(m)
	more := m != 0 && s.held(m) > 0 && left != 1 && s.law.handlesMore(s, f)
	if more {
		out = s.takingActs(m, act, out)
		if s.open && left == 0 && s.arg(f, handledAny) == 0 {
			act.Choice = eventsCount
			out = append(out, act)
		}
		return out
	}
	act.Choice = eventsOver
	out = append(out, act)
	if s.open && m == 0 {
		act.Choice = eventsMake
		out = append(out, act)
	}
	return out
}

// waitProcessingActs: a wait function that holds ends it, and so does the time where none holds, whatever is there.
func (s *State) waitProcessingActs(act Act, out []Act) []Act {
	f := act.Frame
	m, stop := s.eventBox(f), Term(s.arg(f, eventWaitFunction))
	act.Touches = onlyWrites(m)
	if stop != NoTerm {
		act.Touches = act.Touches.readingPredicate(s, stop)
	}
	before := len(out)
	over, held := act, stop != NoTerm && s.holds(stop)
	if over.Choice = eventsOver; held {
		out = append(out, over)
	}
	switch {
	case m == 0:
		act.Choice = eventsMake
		out = append(out, act)
	case s.held(m) > 0 && s.law.waitHandles(s, f):
		out = s.takingActs(m, act, out)
	}
	switch {
	case len(out) == before:
		s.cite("EVENT-WPE-1")
	case s.open && !held && s.overdue(f):
		over.Choice, over.Touches = eventsTimeUp, everything
		out = append(out, over)
	}
	return out
}

func waitProcessingInVain(s *State, act Act) {
	s.cite("EVENT-WPE-1")
	s.returns(act.Frame, s.law.waitProcessingInVain)
}

// goOnHandling takes events, handles the first of those that were taken, or does what it must before.
func (s *State) goOnHandling(act Act) {
	f := act.Frame
	s.set(f, frameStage, stageBody)
	s.set(f, frameInner, 0)
	s.citeHandling(f)
	m := s.eventBox(f)
	switch act.Choice {
	case eventsMake:
		makeMailboxToWait(s, act)
	case eventsForget:
		s.note(f, eventHad, 0)
	case eventsCount:
		s.note(f, handledLeft, uint64(s.held(m))+1)
	case eventsTake:
		s.takeEvents(f, s.law.nextEvent(s, m))
		if left := s.arg(f, handledLeft); left > 1 {
			s.note(f, handledLeft, left-1)
		}
	case eventsTakeAll:
		var all []Term
		for s.held(m) > 0 {
			all = append(all, s.take(m))
		}
		s.takeEvents(f, all...)
	case eventsRefuse:
		s.cite("EVENT-WPE-2")
		s.signalPlain(f, "the event is no list")
	default:
		s.handleTaken(act)
	}
}

// takeEvents notes what was taken out of a mailbox.
func (s *State) takeEvents(f ID, events ...Term) {
	items := make([]spec.Value, len(events))
	for i, t := range events {
		items[i] = s.u.Value(t)
	}
	s.note(f, handledTaken, uint64(s.u.Intern(spec.NewList(items...))))
	s.note(f, handledAny, 1)
}

// handleTaken handles the first of the events that were taken.
func (s *State) handleTaken(act Act) {
	f := act.Frame
	items, _ := spec.Items(s.u.Value(Term(s.arg(f, handledTaken))))
	rest := uint64(NoTerm)
	if len(items) > 1 {
		rest = uint64(s.u.Intern(spec.NewList(items[1:]...)))
	}
	s.note(f, handledTaken, rest)
	if d := s.law.interprets(s, act.Process, s.u.Intern(items[0])); act.Choice != eventsIgnore {
		if s.asksForLists(f) && d.class != eventList && d.code != 0 {
			s.cite("EVENT-WPE-2")
			s.decide(stickyOddEvent, first)
		}
		s.carryOut(act, d)
		return
	}
	s.cite("EVENT-WPE-2")
	s.decide(stickyOddEvent, second)
}

// citeHandling cites what is said of who handles an event.
func (s *State) citeHandling(f ID) {
	if s.asksForLists(f) {
		s.cite("EVENT-WPE-1")
		return
	}
	s.cite("EVENT-PAE-1")
}
