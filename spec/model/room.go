package model

import "github.com/mpcheck/mpcheck/spec"

// Room in a mailbox: what is said of it, and how it grows.

var roomRules = []rule{
	{
		op:      "mailbox-count",
		decode:  decodeMailbox,
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.cite("MBOX-PRED-1")
			s.returnsNumber(act.Frame, s.law.counts(s, s.subject(act.Frame)))
		},
	},
	{
		op:      "mailbox-empty-p",
		decode:  decodeMailbox,
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.cite("MBOX-PRED-1")
			s.returns(act.Frame, truth(s.held(s.subject(act.Frame)) == 0))
		},
	},
	{
		op:      "mailbox-not-empty-p",
		decode:  decodeMailbox,
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.cite("MBOX-PRED-1")
			s.returns(act.Frame, truth(s.law.hasMail(s, s.subject(act.Frame))))
		},
	},
	{
		op:        "mailbox-size",
		foretells: true,
		decode:    decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			m := s.subject(act.Frame)
			act.Touches = s.asksForRoom(m)
			if s.anySizes {
				return s.sizeActs(m, act, out)
			}
			if s.held(m) == 0 {
				return append(out, act)
			}
			return s.either(stickySize, act, out)
		},
		effect: func(s *State, act Act) {
			m := s.subject(act.Frame)
			size, held := s.get(m, mailboxSize), s.held(m)
			if held == 0 {
				s.cite("MBOX-SIZE-1")
			} else {
				s.cite("MBOX-SIZE-2", "MBOX-SIZE-1")
			}
			if s.anySizes {
				s.tellSize(m, act)
				return
			}
			if s.way(stickySize, act) == second {
				size -= held
			}
			s.returnsNumber(act.Frame, size)
		},
	},
	{
		op:     "mailbox-full-p",
		decode: decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			m := s.subject(act.Frame)
			act.Touches = s.asksForRoom(m)
			if s.mayBeFull(m) {
				act.Choice = isFull
				out = append(out, act)
			}
			if s.mayHaveRoom(m) {
				act.Choice = hasFree
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			m := s.subject(act.Frame)
			full := act.Choice == isFull
			if full {
				s.isFull(m)
			} else {
				s.hasFree(m)
			}
			s.cite("MBOX-FULL-1")
			if s.anotherAt(act.Process, func(_, f ID) bool { return s.mayChange(f, m) }) {
				s.cite("MBOX-FULL-2")
			}
			s.returns(act.Frame, truth(s.law.tellsFull(s, m, full)))
		},
	},
	{
		op:     "mailbox-reader-process",
		decode: decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = readsSubject(s, act.Frame)
			if s.open {
				return append(out, act)
			}
			return s.either(stickyReader, act, out)
		},
		effect: func(s *State, act Act) {
			s.cite("MBOX-RDR-1")
			if s.get(s.subject(act.Frame), mailboxMaker) != 0 {
				s.cite("MBOX-MAKE-2")
			}
			if s.open { // a process, whichever, or none
				s.returns(act.Frame, unspecified)
				return
			}
			reader := NilTerm
			if s.way(stickyReader, act) == second {
				reader = s.u.RefTerm(ID(s.get(s.subject(act.Frame), mailboxMaker)))
			}
			s.returns(act.Frame, reader)
		},
	},
}

// asksForRoom is the footprint of what asks how much fits into a mailbox: where that isn't known it will be.
func (s *State) asksForRoom(m ID) Footprint {
	if s.anySizes {
		return onlyWrites(m)
	}
	return onlyReads(m)
}

func (s *State) returnsNumber(f ID, n uint64) { s.returns(f, s.u.Intern(spec.Int(n))) }

// The ways of mailbox-full-p.
const (
	hasFree = iota
	isFull
)

// sizeActs lists what mailbox-size may tell of a mailbox whose size is known by its bounds: the
// capacity, or the room left (MBOX-SIZE-2).
func (s *State) sizeActs(m ID, act Act, out []Act) []Act {
	least, most := s.capacity(m)
	fits := func(n int64) bool { return n >= 0 && least <= uint64(n) && uint64(n) <= most }
	n, known := s.foretoldNumber(act.Frame)
	if known && fits(n) {
		act.Choice = first
		out = append(out, act)
	}
	if held := int64(s.held(m)); known && held > 0 && fits(n+held) {
		act.Choice = second
		out = append(out, act)
	}
	if act.Choice == undecided {
		out = append(out, act) // it tells something else, or nobody will know what
	}
	return out
}

// tellSize answers, and from then on the size is known.
func (s *State) tellSize(m ID, act Act) {
	n, _ := s.foretoldNumber(act.Frame)
	if least, most := s.capacity(m); most == never && uint64(n) > least { // it has been rounded up
		s.cite("MBOX-MAKE-3")
	}
	switch size := uint64(n); act.Choice {
	case undecided:
		least, _ := s.capacity(m)
		s.returnsNumber(act.Frame, least)
		return
	case second:
		size += s.held(m)
		s.setCapacity(m, size, size)
	default:
		s.setCapacity(m, size, size)
	}
	s.returns(act.Frame, s.learned(act.Frame))
}

// mayChange tells whether an open operation may change what a mailbox holds.
func (s *State) mayChange(f, m ID) bool {
	switch rules[s.get(f, frameRule)].op {
	case "mailbox-send", "mailbox-send-limited":
		return s.subject(f) == m
	case "process-send":
		return ID(s.get(s.subject(f), processMailbox)) == m
	}
	return s.reads(s.processOf(f), f) == m
}

// How an act that adds to a full mailbox makes it grow, where that is still open.
const (
	growExactly = 1 << 8
	growDouble  = 1 << 9
	growBits    = growExactly | growDouble
)

// growing lists an act that adds an object to m, 0 for one that it makes: once for each
// way in which the mailbox may grow by it.
func (s *State) growing(m ID, act Act, out []Act) []Act {
	if s.anySizes || m == 0 || s.length(m, mailboxSequence) < s.get(m, mailboxSize) || s.decided(stickyGrowth) != undecided {
		return append(out, act)
	}
	act.Touches = everything
	exactly, double := act, act
	exactly.Choice |= growExactly
	double.Choice |= growDouble
	return append(out, exactly, double)
}

// deliver adds an object; a mailbox that is full grows, under a limit to that size at most. Limit 0 is none.
func (s *State) deliver(m ID, object Term, limit uint64, act Act) {
	switch act.Choice & growBits {
	case growExactly:
		s.decide(stickyGrowth, first)
	case growDouble:
		s.decide(stickyGrowth, second)
	}
	s.law.enqueues(s, m, object)
	if s.anySizes {
		s.grow(m, limit)
		return
	}
	size, held := s.get(m, mailboxSize), s.length(m, mailboxSequence)
	if held <= size {
		return
	}
	grown := held
	if s.decided(stickyGrowth) == second {
		grown = 2 * size
		if limit != 0 {
			grown = max(held, min(grown, limit))
		}
	}
	s.set(m, mailboxSize, grown)
}
