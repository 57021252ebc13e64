package model

import "github.com/mpcheck/mpcheck/spec"

var eventRules = []rule{
	{
		op: "process-wait-for-event",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return decodeEvent(u, call, o)
		},
		beyond: func(u *Universe, call spec.Call, o *Operation) bool {
			if len(call.Args) != 1 || objectArg(u, call.Args[0], KindMailbox, &o.args[eventAt]) != nil {
				return false
			}
			o.cite("EVENT-PWE-3")
			o.doubts(u, &spec.Condition{Type: "program-error", Message: "process-wait-for-event takes no mailbox"})
			return true
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			switch given := s.arg(act.Frame, eventAt); {
			case given == 0 || s.decided(stickyEventMailbox) == second:
			case s.decided(stickyEventMailbox) == undecided:
				return s.either(stickyEventMailbox, act, out)
			default:
				return s.eventActs(ID(given), act, out)
			}
			if s.eventBox(act.Frame) == 0 {
				act.Choice = eventMakes
				return append(out, act)
			}
			return s.eventActs(s.eventBox(act.Frame), act, out)
		},
		effect: func(s *State, act Act) {
			if given := s.arg(act.Frame, eventAt); given != 0 {
				switch s.decided(stickyEventMailbox) {
				case undecided:
					s.way(stickyEventMailbox, act)
					return
				case first:
					s.endWait(ID(given), act)
					return
				}
			}
			if act.Choice == eventMakes {
				s.law.makesSureOfMailbox(s, act)
				return
			}
			s.endWait(s.eventBox(act.Frame), act)
		},
		waitsOn: func(s *State, f ID) ID {
			if s.arg(f, eventAt) != 0 {
				return anyObject
			}
			return s.eventWatches(f, s.eventBox(f))
		},
		waits: func(s *State, f ID) string { return "an object in its mailbox, which is empty" },
	},
	{
		op: "mailbox-wait-for-event",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := decodeEvent(u, call, o); c != nil {
				return c
			}
			if c := objectArg(u, call.Arg(0), KindMailbox, &o.args[eventAt]); c != nil {
				o.cite("MBOX-ARG-1")
				return o.vainly(u, c)
			}
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			return s.eventActs(ID(s.arg(act.Frame, eventAt)), act, out)
		},
		effect:  func(s *State, act Act) { s.endWait(ID(s.arg(act.Frame, eventAt)), act) },
		waitsOn: func(s *State, f ID) ID { return s.eventWatches(f, ID(s.arg(f, eventAt))) },
		waits:   func(s *State, f ID) string { return "an object in the mailbox, which is empty" },
	},
}

// An eventLaw decides how a wait for an event ends.
type eventLaw struct {
	// makesSureOfMailbox gives a mailbox to a process that waits without one.
	makesSureOfMailbox func(s *State, act Act)
	// With no-hang-p a wait looks whether there is an object, and doesn't wait for one.
	noHangLooks, noHangReturns bool
	// Where multiprocessing is off a wait returns at once.
	offReturns bool
	// eventStop is the wait function that may end a wait, NoTerm for none.
	eventStop func(s *State, f ID) Term
	// takesEvent ends a wait with the oldest object, findsNone with nil.
	takesEvent func(s *State, m ID, act Act)
	findsNone  func(s *State, m ID, act Act)

	// interprets finds what an event comes to, and tellsHandled answers who had one handled.
	interprets   func(s *State, p ID, event Term) deed
	tellsHandled func(s *State, f ID)
	endsByEvent  func(s *State, p ID) // the event was what process-terminate sends
	// nextEvent takes the event out of a mailbox that is handled next. handlesMore tells whether process-all-events
	// handles another one that is there, and waitHandles whether wait-processing-events handles any.
	nextEvent       func(s *State, m ID) Term
	handlesMore     func(s *State, f ID) bool
	waitHandles     func(s *State, f ID) bool
	tellsAllHandled func(anyHandled Term) Term
	// Answers of wait-processing-events: its wait function holds, its time is up.
	waitProcessed, waitProcessingInVain Term
}

var documentedEvents = eventLaw{
	makesSureOfMailbox: makeMailboxToWait,
	noHangLooks:        true,
	noHangReturns:      true,
	offReturns:         true,
	eventStop:          func(s *State, f ID) Term { return Term(s.arg(f, eventWaitFunction)) },
	takesEvent:         takeEvent,
	findsNone:          findNoEvent,

	interprets:           interpret,
	tellsHandled:         tellHandled,
	endsByEvent:          (*State).kill,
	nextEvent:            (*State).take,
	handlesMore:          func(*State, ID) bool { return true },
	waitHandles:          func(*State, ID) bool { return true },
	tellsAllHandled:      func(anyHandled Term) Term { return anyHandled },
	waitProcessed:        TrueTerm,
	waitProcessingInVain: NilTerm,
}

// eventBox is where process-wait-for-event waits: at the mailbox of its process, or at that which this had
// when the wait began.
func (s *State) eventBox(f ID) ID {
	if had := s.arg(f, eventHad); had != 0 {
		return ID(had)
	}
	return ID(s.get(s.processOf(f), processMailbox))
}

// Slots of both waits.
const (
	eventNoHang slot = iota
	eventWaitFunction
	eventAt          // the mailbox, where one is given
	eventStopsAtUser // which has no effect, nor have the other keywords
	eventHad         // the mailbox that the process had when it began to wait
)

func decodeEvent(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if v, ok := call.Key("no-hang-p"); ok && spec.Truth(v) {
		o.args[eventNoHang] = 1
	}
	if v, ok := call.Key("stop-at-user-operation-p"); ok && spec.Truth(v) {
		o.args[eventStopsAtUser] = 1
	}
	if _, ok := call.Key("process-other-messages-p"); ok {
		o.cite("EVENT-MWE-5")
	}
	v, _ := call.Key("wait-function")
	return decodeStop(u, v, &o.args[eventWaitFunction])
}

// Ways in which a wait for an event may go.
const (
	eventTakes   = iota
	eventMakes   // the process gets its mailbox
	eventNone    // nil: there is nothing, or the wait function holds
	eventReplace // the wait function turns out to replace the mailbox test
)

// eventActs lists how a wait at m may go. A wait function that holds ends it with nil; where it
// replaces the mailbox test nothing else does, and an object that is there already when it holds may be
// taken as well.
func (s *State) eventActs(m ID, act Act, out []Act) []Act {
	f := act.Frame
	stop, noHang := s.law.eventStop(s, f), s.arg(f, eventNoHang) != 0
	off := s.isWithout(act.Process) && s.law.offReturns
	act.Touches = onlyWrites(m)
	mail := s.held(m) > 0
	add := func(choice uint16) {
		act.Choice = choice
		out = append(out, act)
	}
	switch {
	case off:
		if add(eventNone); mail {
			add(eventTakes)
		}
		return out
	case noHang && !(mail && s.law.noHangLooks):
		if s.law.noHangReturns {
			add(eventNone)
		}
		return out
	case mail && (noHang || stop == NoTerm):
		add(eventTakes)
		// Where the wait function replaces the mailbox test an object alone may be no event.
		if s.open && noHang && stop != NoTerm && s.decided(stickyWaitFunction) != first && !s.holds(stop) {
			act.Touches = everything // what it waits for may come to hold; and it is settled by that
			add(eventNone)
		}
		return out
	case stop == NoTerm:
		s.cite("EVENT-MWE-1")
		return out
	}
	act.Touches = act.Touches.readingPredicate(s, stop)
	if s.decided(stickyWaitFunction) == undecided {
		act.Touches = everything
	}
	held := s.holds(stop)
	if mail && (held || s.decided(stickyWaitFunction) != second) {
		add(eventTakes)
	}
	if mail && !held && s.decided(stickyWaitFunction) == undecided {
		add(eventReplace)
	}
	switch {
	case held:
		add(eventNone)
	case !mail:
		s.cite("EVENT-MWE-1")
	case s.decided(stickyWaitFunction) == second:
		s.cite("EVENT-MWE-4", "EVENT-MWE-3")
	}
	return out
}

// eventWatches is the mailbox, unless a wait function looks elsewhere.
func (s *State) eventWatches(f, m ID) ID {
	if s.arg(f, eventWaitFunction) != 0 {
		return anyObject
	}
	return m
}

func (s *State) endWait(m ID, act Act) {
	f := act.Frame
	switch act.Choice {
	case eventReplace:
		s.cite("EVENT-MWE-4")
		s.decide(stickyWaitFunction, second)
		return
	case eventTakes:
		if s.arg(f, eventWaitFunction) != 0 && s.arg(f, eventNoHang) == 0 && !s.holds(Term(s.arg(f, eventWaitFunction))) {
			s.cite("EVENT-MWE-4")
			s.decide(stickyWaitFunction, first)
		}
		s.law.takesEvent(s, m, act)
	default:
		if s.open && s.arg(f, eventNoHang) != 0 && s.held(m) > 0 {
			s.cite("EVENT-MWE-4")
			s.decide(stickyWaitFunction, second)
		}
		s.law.findsNone(s, m, act)
	}
}

// makeMailboxToWait makes the mailbox of the current process, which then waits at it.
func makeMailboxToWait(s *State, act Act) {
	s.cite("EVENT-PWE-2")
	s.set(act.Process, processMailbox, uint64(s.newOwnMailbox(act.Process)))
}

// takeEvent takes and returns the oldest object, as it is.
func takeEvent(s *State, m ID, act Act) {
	f := act.Frame
	if s.arg(f, eventNoHang) != 0 {
		s.cite("EVENT-MWE-2")
	}
	if s.arg(f, eventStopsAtUser) != 0 {
		s.cite("EVENT-MWE-5")
	}
	if s.cited != nil {
		s.citeEvent(act, m)
	}
	s.returns(f, s.take(m))
}

// citeEvent cites what is said of the object that a wait returns.
func (s *State) citeEvent(act Act, m ID) {
	object := s.oldest(m)
	if s.isCode(object) {
		s.cite("EVENT-INT-1")
	}
	if object == NilTerm {
		s.cite("EVENT-NIL-1")
	}
	if s.arg(act.Frame, eventAt) == 0 {
		s.cite("EVENT-PWE-1", "SEND-EV-1")
	}
	s.cite("EVENT-MWE-1")
	s.citeReaders(act.Process, m)
}

// findNoEvent answers nil: there is nothing, and it is not to wait, or its wait function holds.
func findNoEvent(s *State, _ ID, act Act) {
	switch {
	case s.isWithout(act.Process):
		s.cite("EVENT-MWE-6")
	case s.arg(act.Frame, eventNoHang) != 0:
		s.cite("EVENT-MWE-2")
	default:
		s.cite("EVENT-MWE-3")
	}
	s.returns(act.Frame, NilTerm)
}
