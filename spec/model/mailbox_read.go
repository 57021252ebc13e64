package model

import "fmt"

// Reading a mailbox, with or without taking what is read.

var readRules = []rule{
	{
		op:     "mailbox-read",
		decode: decodeMailboxAndTimeout(2),
		enabled: func(s *State, act Act, out []Act) []Act {
			before := len(out)
			if out = enabledWithMail(s, act, out); len(out) > before {
				return out
			}
			if s.get(act.Frame, frameDeadline) == never {
				s.cite("MBOX-READ-2")
			} else {
				s.cite("MBOX-READ-3")
			}
			return out
		},
		effect: func(s *State, act Act) { s.law.reads(s, act) },
		timeUp: func(s *State, act Act) {
			s.cite("MBOX-READ-3")
			s.returns(act.Frame, NilTerm, s.law.readInVain)
		},
		waitsOn: firstArgument,
		waits:   waitsForMail,
	},
	{
		op:      "mailbox-peek",
		decode:  decodeMailbox,
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.cite("MBOX-PEEK-1")
			s.law.peeks(s, act)
		},
	},
	{
		op:     "mailbox-wait",
		decode: decodeMailboxAndTimeout(2),
		enabled: func(s *State, act Act, out []Act) []Act {
			before := len(out)
			if out = enabledWithMail(s, act, out); len(out) == before {
				s.cite("MBOX-WAIT-1")
			}
			return out
		},
		effect: func(s *State, act Act) {
			s.cite("MBOX-WAIT-1")
			s.law.findsMail(s, act)
		},
		timeUp: func(s *State, act Act) {
			s.cite("MBOX-WAIT-1")
			s.returns(act.Frame, s.law.noMailInTime)
		},
		waitsOn: firstArgument,
		waits:   waitsForMail,
	},
}

// readMailbox removes and returns the oldest object, and t.
func readMailbox(s *State, act Act) {
	m := s.subject(act.Frame)
	s.cite("MBOX-READ-1")
	s.citeReaders(act.Process, m)
	object := s.take(m)
	if object == NilTerm { // only the second value tells
		s.citeValue(1, "MBOX-READ-3")
	}
	s.returns(act.Frame, object, TrueTerm)
}

// peekMailbox returns the oldest object and t, or nil and nil.
func peekMailbox(s *State, act Act) {
	m := s.subject(act.Frame)
	if s.held(m) == 0 {
		s.returns(act.Frame, NilTerm, NilTerm)
		return
	}
	s.returns(act.Frame, s.oldest(m), TrueTerm)
}

func enabledWithMail(s *State, act Act, out []Act) []Act {
	m := s.subject(act.Frame)
	act.Touches = onlyWrites(m)
	if s.held(m) > 0 {
		out = append(out, act)
	}
	return out
}

func waitsForMail(s *State, f ID) string {
	return fmt.Sprintf("an object in %s, which is empty", s.u.Ref(s.subject(f)))
}

// citeReaders cites what is said of several readers of a mailbox, and of one that is not its own.
func (s *State) citeReaders(p, m ID) {
	if s.anotherAt(p, func(q, f ID) bool { return s.reads(q, f) == m }) {
		s.cite("MBOX-READ-4", "MBOX-READ-5")
	}
	if s.another(p, func(q ID) bool { return ID(s.get(q, processMailbox)) == m }) {
		s.cite("SEND-MB-3")
	}
}

// reads is the mailbox that the open operation of a process takes objects from, 0 for none.
func (s *State) reads(p, f ID) ID {
	switch rules[s.get(f, frameRule)].op {
	case "mailbox-read":
		return s.subject(f)
	case "mailbox-wait-for-event":
		return ID(s.arg(f, eventAt))
	case "process-wait-for-event", "process-all-events", "wait-processing-events":
		return ID(s.get(p, processMailbox))
	}
	return 0
}

// another tells whether something holds of a process other than p; only who listens to citations minds.
func (s *State) another(p ID, holds func(q ID) bool) bool {
	if s.cited == nil {
		return false
	}
	for q := range s.everybody {
		if q != p && holds(q) {
			return true
		}
	}
	return false
}

// anotherAt tells whether something holds of the open operation of such a process.
func (s *State) anotherAt(p ID, holds func(q, f ID) bool) bool {
	return s.another(p, func(q ID) bool {
		f := s.innermost(q)
		return f != 0 && s.get(f, frameState) == frameOpen && holds(q, f)
	})
}
