package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// What the documents leave open and our own systems decide in one way: a state that is open
// ([Config.Open]) goes all the ways that the catalogue lists, one that isn't goes the simulator's.
//
// Three devices keep that small. An argument in doubt is refused, or not minded. A value that may
// be any is foretold: the judge knows which one was seen. And what is unknown of an object is
// kept as such, until an answer shows it.

// A call is in doubt where one of its arguments may be refused with an error: an open state also
// goes the way on which nobody minds, another refuses.

// doubts notes that a condition may be signalled, instead of what the operation does as its
// arguments stand.
func (o *Operation) doubts(u *Universe, c *spec.Condition) { o.doubt = u.condition(*c) }

// vainly notes that an operation with such arguments signals a condition, or does nothing and
// returns whatever it likes.
func (o *Operation) vainly(u *Universe, c *spec.Condition) *spec.Condition {
	o.doubts(u, c)
	o.vain = true
	return nil
}

// The ways of a call in doubt that are not the operation's own.
const (
	doubtRefused = 1<<16 - 101 + iota // an error
	doubtInVain                       // nothing is done, any values are returned
	stateRefused                      // the same of what a process asks about itself in a cleanup form
	stateAnything
	offInVain // where multiprocessing is off a wait that nobody can end is none: nil
)

// doubtActs lists the ways that a doubt about the arguments adds, and tells whether the operation has
// ways of its own.
func (s *State) doubtActs(f ID, act Act, out []Act) ([]Act, bool) {
	if s.get(f, frameDoubt) == 0 || s.get(f, frameStage) != 0 {
		return out, true
	}
	act.Choice = doubtRefused
	out = append(out, act)
	if s.get(f, frameVain) == 0 {
		return out, true
	}
	act.Choice = doubtInVain
	return append(out, act), false
}

// stateActs lists the ways that are left open of what a process asks about itself while its cleanups
// run: anything, an error included.
func (s *State) stateActs(f ID, act Act, out []Act) []Act {
	if !s.open || s.get(act.Process, processPhase) != phaseEnding || s.get(f, frameStage) != 0 || !s.asksAboutItself(act.Process, f) {
		return out
	}
	for _, act.Choice = range []uint16{stateRefused, stateAnything} {
		out = append(out, act)
	}
	return out
}

// citeOwnState cites what is said of such an operation.
func (s *State) citeOwnState(act Act) {
	if s.get(act.Process, processPhase) == phaseEnding && !s.late(act.Process) && s.asksAboutItself(act.Process, act.Frame) {
		s.cite("CLEAN-STATE-1")
	}
}

// asksAboutItself tells whether an operation is about what CLEAN-STATE-1 names: whether its process is
// alive or listed, and its mailbox.
func (s *State) asksAboutItself(p, f ID) bool {
	own := s.get(p, processMailbox)
	switch rules[s.get(f, frameRule)].op {
	case "list-all-processes", "processes-count", "process-wait-for-event", "process-all-events", "wait-processing-events":
		return true
	case "process-alive-p", "process-mailbox":
		return s.arg(f, argSubject) == uint64(p)
	case "mailbox-read", "mailbox-peek", "mailbox-wait", "mailbox-count", "mailbox-empty-p", "mailbox-not-empty-p":
		return own != 0 && s.arg(f, argSubject) == own
	case "mailbox-wait-for-event":
		return own != 0 && s.arg(f, eventAt) == own
	}
	return false
}

// resolveDoubt goes such a way; false where the act is another.
func (s *State) resolveDoubt(act Act) bool {
	switch {
	case act.Choice == stateRefused:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is in its cleanups"}))
	case act.Choice == stateAnything:
		s.returnsAnything(act.Frame)
	case act.Choice == offInVain:
		s.returns(act.Frame, NilTerm, NilTerm)
	case s.get(act.Frame, frameDoubt) == 0:
		return false
	case act.Choice == doubtRefused:
		s.signal(act.Frame, uint32(s.get(act.Frame, frameDoubt)))
	case act.Choice == doubtInVain:
		s.returnsAnything(act.Frame)
	default:
		return false
	}
	return true
}

// returnsAnything returns values of which the documents say nothing, not even how many.
func (s *State) returnsAnything(f ID) {
	s.returns(f, unspecified, unspecified, unspecified, unspecified)
}

// Foretold is the operation of which is known that it will return these values: whoever judges has
// read on. Only where a rule leaves a value open does that make a difference.
func (o Operation) Foretold(values []Term) Operation {
	if rules[o.rule].foretells && len(values) > 0 {
		o.foretold = values[0]
		o.foretoldCount = uint8(min(len(values), 255))
		if second := rules[o.rule].second; second != 0 && len(values) > 1 {
			o.far = slices.Clone(o.far)
			o.put(second, uint64(values[1]))
		}
	}
	return o
}

// foretold is the first value that an open operation is known to return, and whether it is known.
func (s *State) foretold(f ID) (Term, bool) {
	t := Term(s.get(f, frameForetold))
	return t, t != NoTerm
}

// foretoldNumber is that value where it is an integer.
func (s *State) foretoldNumber(f ID) (int64, bool) {
	t, _ := s.foretold(f)
	n, ok := s.u.Value(t).(spec.Int)
	return int64(n), ok
}

// learned returns the value that was foretold where there is one, else one that may be any.
func (s *State) learned(f ID) Term { return Term(s.get(f, frameForetold)) }
