package model

import "github.com/mpcheck/mpcheck/spec"

// The mailbox of a process.
var ownMailboxRules = []rule{
	{
		op:      "process-mailbox",
		decode:  decodeProcess,
		enabled: processMailboxActs,
		effect:  readProcessMailbox,
	},
	{
		op: "set-process-mailbox",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if spec.Truth(call.Arg(1)) {
				if c := objectArg(u, call.Arg(1), KindMailbox, &o.args[argObject]); c != nil {
					return c
				}
			}
			return decodeProcess(u, call, o)
		},
		// Whoever waits at the process's mailbox, or sends to it, looks at the new one from now on; or goes on with that
		// which the process had as the call began (EVENT-PWE-2, SEND-LIM-4).
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = everything
			readers, senders := []uint16{setPlainly}, []uint16{setPlainly}
			if s.waitsAtOwn(p) != 0 {
				readers = append(readers, setBehindWaiter)
			}
			if s.handlesAround(p) {
				readers = append(readers, setBehindAll)
			}
			if s.sendsTo(p, setBehindSenders) {
				senders = append(senders, setBehindSenders)
			}
			if s.sendsTo(p, setBehindHeld) {
				senders = append(senders, setBehindHeld)
			}
			for _, r := range readers {
				for _, sender := range senders {
					act.Choice = r | sender
					out = append(out, act)
				}
			}
			if s.open && s.get(p, processPhase) == phaseDead {
				act.Choice = setRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			p, m := s.subject(act.Frame), ID(s.arg(act.Frame, argObject))
			if senders := act.Choice & (setBehindSenders | setBehindHeld); senders != 0 {
				s.cite("SEND-LIM-4")
				for f := range s.senders(p, senders) {
					s.note(f, sendHad, s.get(p, processMailbox))
				}
			}
			switch act.Choice &^ (setBehindSenders | setBehindHeld) {
			case setRefused:
				s.cite("SEND-DEAD-6")
				s.signalPlain(act.Frame, "the process is dead")
				return
			case setBehindWaiter:
				s.cite("EVENT-PWE-2")
				s.note(s.waitsAtOwn(p), eventHad, s.get(p, processMailbox))
			case setBehindAll:
				s.cite("EVENT-PAE-1")
				for f := s.innermost(p); f != 0; f = ID(s.get(f, frameParent)) {
					if s.readsOwn(f) {
						s.note(f, eventHad, s.get(p, processMailbox))
					}
				}
			}
			s.cite("MBOX-PM-1")
			s.law.givesMailbox(s, p, m)
			s.returns(act.Frame, s.u.RefTerm(m))
		},
	},
}

// Ways of setting the mailbox of a process; and beside them bits for who sends to it.
const (
	setPlainly      = iota
	setBehindWaiter // the process waits on at the mailbox that it had
	setRefused      // it is dead
	setBehindAll    // whatever of it handles events goes on with the mailbox that it had

	setBehindSenders = 1 << 4 // all who send to it add to the mailbox that it had,
	setBehindHeld    = 1 << 5 // or those who wait for room in that
)

// senders yields the frames, in an open state, that send to a process and don't know another mailbox: all, or those that wait for
// room.
func (s *State) senders(p ID, which uint16) func(func(ID) bool) {
	return func(yield func(ID) bool) {
		if !s.open || s.get(p, processMailbox) == 0 {
			return
		}
		for q := range s.everybody {
			f := s.innermost(q)
			if f == 0 || s.get(f, frameState) != frameOpen || s.OpOf(f) != "process-send" || s.subject(f) != p || s.arg(f, sendHad) != 0 {
				continue
			}
			if (which == setBehindSenders || s.get(f, frameStage) != 0) && !yield(f) {
				return
			}
		}
	}
}

// sendsTo tells whether there are such, and for all of them whether there are others beside those that wait.
func (s *State) sendsTo(p ID, which uint16) bool {
	for f := range s.senders(p, which) {
		if which == setBehindHeld || s.get(f, frameStage) == 0 {
			return true
		}
	}
	return false
}

// waitsAtOwn is the frame in which a process may wait at its own mailbox, in an open state.
func (s *State) waitsAtOwn(p ID) ID {
	f := s.innermost(p)
	if !s.open || f == 0 || s.get(p, processMailbox) == 0 || !s.readsOwn(f) {
		return 0
	}
	return f
}

// readsOwn tells whether the open operation of a frame reads the mailbox of its process, whichever that is.
func (s *State) readsOwn(f ID) bool {
	if s.get(f, frameState) != frameOpen {
		return false
	}
	op := s.OpOf(f)
	return (op == "process-wait-for-event" || handlesOwn(op)) && s.arg(f, eventHad) == 0
}

// handlesAround tells whether a process, in an open state, is within code that an operation runs which then goes on
// reading its mailbox.
func (s *State) handlesAround(p ID) bool {
	f := s.innermost(p)
	if !s.open || f == 0 || s.get(p, processMailbox) == 0 {
		return false
	}
	for f = ID(s.get(f, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		if s.readsOwn(f) {
			return true
		}
	}
	return false
}

// giveMailbox sets the mailbox of a process, be it to none.
func giveMailbox(s *State, p, m ID) {
	s.set(p, processMailbox, uint64(m))
	s.set(p, processUnboxed, 1)
}

// What process-mailbox may find out about a process whose mailbox nobody has seen yet.
const (
	mailboxKnown  = iota
	mailboxNone   // there is none: no process has one from birth, and no dead send makes one
	mailboxBorn   // the process had it from birth
	mailboxOfDead // a send to the dead process made it

	// Whether the mailbox of a dead process can be read is not said (SEND-DEAD-6).
	mailboxForgotten
	mailboxRefused
)

func processMailboxActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = onlyWrites(p)
	if s.open && s.get(p, processPhase) == phaseDead {
		for _, way := range []uint16{mailboxForgotten, mailboxRefused} {
			dead := act
			dead.Choice = way
			out = append(out, dead)
		}
	}
	if s.get(p, processMailbox) != 0 || s.get(p, processUnboxed) != 0 {
		return append(out, act)
	}
	act.Touches = everything
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	birth := s.decided(stickyBirth)
	if s.open && p == s.test {
		birth = undecided // nobody made the test's process as others are made
	}
	if birth != second {
		if s.get(p, processRefuses) == 0 || s.decided(stickyDeadMailbox) != second {
			add(mailboxNone)
		}
		if s.get(p, processRefuses) != 0 && s.decided(stickyDeadMailbox) != first {
			add(mailboxOfDead)
		}
	}
	if birth != first {
		add(mailboxBorn)
	}
	return out
}

func readProcessMailbox(s *State, act Act) {
	p := s.subject(act.Frame)
	decide := func(c sticky, way uint64) {
		if !s.open || p != s.test {
			s.decide(c, way)
		}
	}
	switch act.Choice {
	case mailboxForgotten:
		s.cite("SEND-DEAD-6", "MBOX-PM-1")
		s.returns(act.Frame, NilTerm)
		return
	case mailboxRefused:
		s.cite("SEND-DEAD-6", "MBOX-PM-1")
		s.signalPlain(act.Frame, "the process is dead")
		return
	case mailboxKnown:
		s.cite("MBOX-PM-1")
	case mailboxNone:
		s.cite("SEND-MB-5", "MBOX-PM-1")
		decide(stickyBirth, first)
		if s.get(p, processRefuses) != 0 {
			s.cite("SEND-DEAD-6")
			decide(stickyDeadMailbox, first)
		}
	case mailboxBorn:
		s.cite("SEND-MB-5", "MBOX-PM-1")
		decide(stickyBirth, second)
	case mailboxOfDead:
		s.cite("SEND-DEAD-6")
		decide(stickyBirth, first)
		decide(stickyDeadMailbox, second)
	}
	if act.Choice == mailboxBorn || act.Choice == mailboxOfDead {
		s.set(p, processMailbox, uint64(s.newOwnMailbox(p)))
	}
	s.returns(act.Frame, s.u.RefTerm(ID(s.get(p, processMailbox))))
}
