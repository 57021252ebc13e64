package model

import (
	"math/bits"

	"github.com/mpcheck/mpcheck/spec"
)

// Signals, as children get them.

// Signals that are special.
const (
	signalKill     = 9
	signalPipe     = 13
	signalChild    = 17
	signalContinue = 18
	signalStop     = 19
	signalUrgent   = 23
	signalWindow   = 28

	// LastSignal is the greatest number of one.
	LastSignal = 64
)

// signalBit stands for a signal in a set of them.
func signalBit(n uint64) uint64 { return 1 << ((n - 1) & 63) }

// signalled is what a signal does to a child: nothing where it ignores it, or reports it; else what the system does
// with one of whom nobody said more.
func (s *State) signalled(c ID, n uint64) {
	switch {
	case n == signalStop:
		s.stops(c)
	case n == signalContinue:
		if s.goesOn(c); s.get(c, childReports) != 0 {
			s.reports(c, n)
		}
	case n == signalKill:
		s.ends(c, n<<16)
	case s.get(c, childIgnores)&signalBit(n) != 0:
	case s.get(c, childReports) != 0:
		s.reports(c, n)
	case n == signalChild || n == signalUrgent || n == signalWindow:
	default:
		s.ends(c, n<<16)
	}
}

// reports has a child report a signal to the harness.
func (s *State) reports(c ID, n uint64) {
	log := ID(s.get(c, childSignals))
	if log == 0 {
		log = s.u.Name(c, 1, KindLog)
		s.create(log, KindLog)
		s.set(c, childSignals, uint64(log))
	}
	s.push(log, logSequence, s.u.Intern(spec.Int(n)))
}

// sends has a signal be on its way to a child. While one is, another of the same number is no other.
func (s *State) sends(c ID, n uint64) {
	pending := s.get(c, childPending) | signalBit(n)
	switch n {
	case signalContinue:
		pending &^= signalBit(signalStop)
	case signalStop:
		pending &^= signalBit(signalContinue)
	}
	s.set(c, childPending, pending)
}

// arriving is the signal that arrives next at a child, 0 for none: one that is stopped gets but a few.
func (s *State) arriving(c ID) uint64 {
	pending := s.get(c, childPending)
	switch {
	case pending == 0 || !s.lives(c):
		return 0
	case pending&signalBit(signalKill) != 0:
		return signalKill
	case s.get(c, childPhase) == childStopped:
		if pending &= signalBit(signalContinue); pending == 0 {
			return 0
		}
	}
	return uint64(bits.TrailingZeros64(pending)) + 1
}

func (s *State) signalArrives(c ID) {
	n := s.arriving(c)
	s.set(c, childPending, s.get(c, childPending)&^signalBit(n))
	s.signalled(c, n)
}
