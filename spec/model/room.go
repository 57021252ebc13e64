package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Room in a mailbox: how it grows, how a limited send waits for it, what is said of it.

var roomRules = []rule{
	{
		op:      "mailbox-count",
		clauses: []string{"MBOX-PRED-1", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			n := s.length(ID(s.get(act.Frame, frameArg0)), mailboxSequence)
			if s.mutant == CountSkipsFour && n == 4 {
				n = 3
			}
			s.returnsNumber(act.Frame, n)
		},
	},
	{
		op:      "mailbox-empty-p",
		clauses: []string{"MBOX-PRED-1", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			s.returns(act.Frame, truth(s.length(ID(s.get(act.Frame, frameArg0)), mailboxSequence) == 0))
		},
	},
	{
		op:      "mailbox-not-empty-p",
		clauses: []string{"MBOX-PRED-1", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			empty := s.length(ID(s.get(act.Frame, frameArg0)), mailboxSequence) == 0
			s.returns(act.Frame, truth(empty == (s.mutant == NotEmptyMeansEmpty)))
		},
	},
	{
		op:        "mailbox-size",
		foretells: true,
		clauses:   []string{"MBOX-SIZE-1", "MBOX-SIZE-2", "MBOX-ARG-1"},
		decode:    decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.anySizes {
				return s.sizeActs(act, out)
			}
			if s.length(act.Object, mailboxSequence) == 0 {
				return append(out, act)
			}
			return s.either(stickySize, act, out)
		},
		effect: func(s *State, act Act) {
			m := ID(s.get(act.Frame, frameArg0))
			if s.anySizes {
				s.tellSize(m, act)
				return
			}
			size, held := s.get(m, mailboxSize), s.length(m, mailboxSequence)
			if s.way(stickySize, act) == second {
				size -= held
			}
			s.returnsNumber(act.Frame, size)
		},
	},
	{
		op:      "mailbox-full-p",
		clauses: []string{"MBOX-FULL-1", "MBOX-FULL-2", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			m := ID(s.get(act.Frame, frameArg0))
			act.Object = m
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
			m := ID(s.get(act.Frame, frameArg0))
			full := act.Choice == isFull
			if full {
				s.isFull(m)
			} else {
				s.hasFree(m)
			}
			if s.mutant == FullMeansEmpty {
				full = s.length(m, mailboxSequence) == 0
			}
			s.returns(act.Frame, truth(full))
		},
	},
	{
		op:      "mailbox-reader-process",
		clauses: []string{"MBOX-RDR-1", "MBOX-MAKE-2", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.open {
				return append(out, act)
			}
			return s.either(stickyReader, act, out)
		},
		effect: func(s *State, act Act) {
			if s.open { // MBOX-RDR-1: a process, whichever, or none
				s.returns(act.Frame, unspecified)
				return
			}
			reader := NilTerm
			if s.way(stickyReader, act) == second {
				reader = s.u.RefTerm(ID(s.get(ID(s.get(act.Frame, frameArg0)), mailboxMaker)))
			}
			s.returns(act.Frame, reader)
		},
	},
}

func (s *State) returnsNumber(f ID, n uint64) { s.returns(f, s.u.Intern(spec.Int(n))) }

// The ways of mailbox-full-p.
const (
	hasFree = iota
	isFull
)

// sizeActs lists what mailbox-size may tell of a mailbox whose size is known by its bounds: the
// capacity, or the room left (MBOX-SIZE-2).
func (s *State) sizeActs(act Act, out []Act) []Act {
	m := act.Object
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
	act.Object = anyObject
	exactly, double := act, act
	exactly.Choice |= growExactly
	double.Choice |= growDouble
	return append(out, exactly, double)
}

// deliver adds an object; a mailbox that is full grows, under a limit to that size at most
// (MBOX-SEND-2, MBOX-LIM-2). Limit 0 is none.
func (s *State) deliver(m ID, object Term, limit uint64, act Act) {
	switch act.Choice & growBits {
	case growExactly:
		s.decide(stickyGrowth, first)
	case growDouble:
		s.decide(stickyGrowth, second)
	}
	s.push(m, mailboxSequence, object)
	if s.mutant == QueueIsStack {
		for range s.length(m, mailboxSequence) - 1 {
			s.push(m, mailboxSequence, s.pop(m, mailboxSequence))
		}
	}
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

// limitedSendActs lists how mailbox-send-limited may go: its wait function is looked at
// where there is no room (MBOX-LIM-5), and may be where there is (MBOX-LIM-7).
func limitedSendActs(s *State, act Act, out []Act) []Act {
	f, m := act.Frame, ID(s.get(act.Frame, frameArg0))
	limit, stop := s.get(f, frameArg2), Term(s.get(f, frameArg4))
	act.Object = m
	if stop != NoTerm {
		act.Object = anyObject
	}
	out = s.faultActs(act, out)
	act.Choice = sendQueues
	give := act
	give.Choice = sendGivesUp
	held := s.length(m, mailboxSequence)
	switch {
	case s.mutant == LimitedRefusesBelow && held >= s.get(m, mailboxSize) && limit-held == 1,
		s.mutant == LimitedNeverGrows && held >= s.get(m, mailboxSize),
		s.mutant == LimitedCounts && held >= limit:
	case limit == anyLimit:
		out = s.growing(m, act, out)
		if s.get(f, frameDeadline) != never {
			out = append(out, give)
		}
	case s.hasRoom(m, limit), s.mutant == LimitedGrowsOn:
		out = s.growing(m, act, out)
	case s.mutant == LimitedNeverWaits:
		out = append(out, give)
	}
	if limit != anyLimit && s.mutant == "" && s.hasRoom(m, limit) && s.lacksRoom(m, limit) {
		full := act
		full.Choice = sendFindsFull
		out = append(out, full)
	}
	if limit != anyLimit && s.lacksRoom(m, limit) && s.get(f, frameArg3)&sendFaulty != 0 {
		out = append(out, give) // SEND-TMO-4: a wrong timeout is an error, or none
	}
	if stop != NoTerm && s.mutant != LimitedIsNotStopped && s.holds(stop) {
		if s.mutant == LimitedStopsAndAdds {
			give.Choice = sendQueues
		}
		out = append(out, give)
	}
	return out
}

// sendLimited adds the object of a limited send for which there is room, or gives up.
func sendLimited(s *State, act Act) {
	f, m := act.Frame, ID(s.get(act.Frame, frameArg0))
	switch act.Choice &^ growBits {
	case sendSignals:
		s.signalPlain(f, "an argument is of the wrong type")
	case sendFindsFull:
		s.isFull(m)
	case sendGivesUp:
		if Term(s.get(f, frameArg4)) == NoTerm && s.get(f, frameArg2) != anyLimit {
			s.isFull(m)
		}
		s.returns(f, NilTerm) // MBOX-LIM-4, -5: it is not added
	default:
		s.deliver(m, Term(s.get(f, frameArg1)), s.get(f, frameArg2), act)
		s.returns(f, TrueTerm)
	}
}

func (s *State) waitsForRoom(m ID, limit uint64) string {
	if m == 0 {
		return "its turn"
	}
	return fmt.Sprintf("room in %s, which holds %d objects, has size %d and may grow to %d",
		s.u.Ref(m), s.length(m, mailboxSequence), s.get(m, mailboxSize), limit)
}
