package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// What a judge of recorded runs looks at: it drives a state by the calls that were seen and
// compares what the acts make observable with what was seen next.

// Seen is the end of an operation as it was seen.
type Seen struct {
	Status spec.Status // Returned, Signalled or Gone
	Terms  []Term      // the values, where it returned
	// Truth has a bit set for each value of which only the truth counts.
	Truth uint8
	// Any holds of a return whose values say nothing.
	Any bool
	// Optional is how many values there must be, where more may be left out: those that an operation
	// returns in some releases only. 0 is all of them.
	Optional int
}

// HasOutcome tells whether the operation of a frame has its outcome, which [State.Return] has
// not taken yet.
func (s *State) HasOutcome(f ID) bool { return s.exists(f) && s.get(f, frameState) == frameDone }

// Answers tells whether an operation has an outcome that nothing holds up: no code has begun in its midst, as an interrupt
// does, and its process is neither stopped nor suspended.
func (s *State) Answers(f ID) bool {
	if !s.HasOutcome(f) || ID(s.get(ID(s.get(f, frameThread)), threadFrame)) != f {
		return false
	}
	p := s.processOf(f)
	return !s.halted(p) && !s.suspended(p)
}

// IsOpen tells whether an operation of a frame is open and has no outcome yet.
func (s *State) IsOpen(f ID) bool { return s.exists(f) && s.get(f, frameState) == frameOpen }

// Fits tells whether the outcome of a frame's operation is the one that was seen. Values that
// are missing are nil. Those beyond the documented ones mean nothing: no clause counts them.
func (s *State) Fits(f ID, seen *Seen) bool {
	switch s.get(f, frameStatus) {
	case statusSignalled:
		return seen.Status == spec.Signalled
	case statusGone:
		return seen.Status == spec.Gone
	}
	if seen.Status != spec.Returned {
		return false
	}
	if seen.Any {
		return true
	}
	var room [valueCells]Term
	for i, got := range s.values(f, room[:0]) {
		if seen.Optional != 0 && i >= max(seen.Optional, len(seen.Terms)) {
			break
		}
		if !seen.fits(i, got) {
			return false
		}
	}
	return true
}

// fits tells whether a value may be what was seen.
func (seen *Seen) fits(i int, got Term) bool {
	want := NilTerm
	if i < len(seen.Terms) {
		want = seen.Terms[i]
	}
	return got == want || got == unspecified || seen.Truth>>i&1 != 0 && (got == NilTerm) == (want == NilTerm)
}

// Differs lists the values of a frame's outcome that are not what was seen, nil where the outcome is none of values.
func (s *State) Differs(f ID, seen *Seen) []int {
	if s.get(f, frameStatus) != statusReturned {
		return nil
	}
	var out []int
	var room [valueCells]Term
	for i, got := range s.values(f, room[:0]) {
		if seen.Optional != 0 && i >= max(seen.Optional, len(seen.Terms)) {
			break
		}
		if !seen.fits(i, got) {
			out = append(out, i)
		}
	}
	return out
}

// Unspecified tells of each value of a frame's outcome whether the documents say nothing of it.
func (s *State) Unspecified(f ID) []bool {
	var room [valueCells]Term
	values := s.values(f, room[:0])
	out := make([]bool, len(values))
	for i, t := range values {
		out[i] = t == unspecified
	}
	return out
}

// Outcome returns the outcome of a frame's operation without taking it.
func (s *State) Outcome(f ID) spec.Return {
	var log UndoLog
	r := s.Return(f, &log)
	s.Revert(&log)
	return r
}

// Innermost returns the frame that a process executes, 0 where no code runs.
func (s *State) Innermost(p ID) ID {
	if !s.exists(p) {
		return 0
	}
	return s.innermost(p)
}

// Exists tells whether an object has been made.
func (s *State) Exists(id ID) bool { return s.exists(id) }

// ProcessOf returns the process that a frame belongs to, 0 once it has been left.
func (s *State) ProcessOf(f ID) ID { return s.processOf(f) }

// Running appends the innermost frame of each process, where its code runs or has an outcome to take.
func (s *State) Running(out []ID) []ID {
	for p := range s.everybody {
		if f := s.innermost(p); f != 0 && s.get(f, frameState) != frameOpen {
			out = append(out, f)
		}
	}
	return out
}

// IsDead tells whether a process has died.
func (s *State) IsDead(p ID) bool { return s.exists(p) && s.get(p, processPhase) == phaseDead }

// MayEnd tells whether a process has been asked to end, is ending, or has ended: whether it
// is alive is then open.
func (s *State) MayEnd(p ID) bool {
	return s.exists(p) && (s.get(p, processPhase) == phaseDead || s.ending(p))
}

// HasBegun tells whether a process runs or has run its function.
func (s *State) HasBegun(p ID) bool { return s.exists(p) && s.get(p, processPhase) != phaseCreated }

// WithoutDeadline is the operation without its time-out.
func (o Operation) WithoutDeadline() Operation {
	o.deadline = never
	return o
}

// Faulty tells whether an argument is wrong: the operation signals an error, or may.
func (o Operation) Faulty() bool {
	limited := rules[o.rule].op == "mailbox-send-limited" || rules[o.rule].op == "process-send"
	return o.fault != 0 || o.doubt != 0 || limited && o.args[sendFlags]&sendFaulty != 0
}

// Unwinds tells whether a frame is being left, or has been: no operation of it returns any more.
func (s *State) Unwinds(f ID) bool {
	return !s.exists(f) || s.HasLeft(f) || s.get(f, frameUnwound) != 0
}

// HasLeft tells whether the code of a frame has begun and ended.
func (s *State) HasLeft(f ID) bool { return s.exists(f) && s.get(f, frameThread) == 0 }

// Doomed tells whether nothing of a frame is to be seen any more: it has been left, or a kill has reached
// it and the cleanups of its process run before it is left (CLEAN-UNW-1), or have run.
func (s *State) Doomed(f ID) bool {
	return s.HasLeft(f) || s.exists(f) && s.get(f, frameUnwound) == unwoundBehind
}

// ComesBetween tells whether the code of a frame holds up what its thread does otherwise, which goes on once it is left and
// which others may see: a status hook, an interrupt, a handler, what runs for an operation that has more to do.
func (s *State) ComesBetween(f ID) bool {
	if !s.exists(f) || s.HasLeft(f) {
		return false
	}
	parent := ID(s.get(f, frameParent))
	if parent == 0 && s.isForeign(s.processOf(f)) {
		return false
	}
	return s.get(f, frameKind) != bodyFrame || s.hookAround(f) == f || parent != 0 && rules[s.get(parent, frameRule)].goesOn
}

// IsIdle tells whether the code of a frame runs and none of its operations is open.
func (s *State) IsIdle(f ID) bool {
	return s.exists(f) && !s.HasLeft(f) && s.get(f, frameState) == frameIdle
}

// Deadline returns the operation's time-out in microseconds, and whether it has one.
func (o Operation) Deadline() (uint64, bool) { return o.deadline, o.deadline != never }

// TestProcess returns the process of the outermost frame.
func (s *State) TestProcess() ID { return s.test }

// Clone returns a state of its own that is equal to s, in the same universe.
func (s *State) Clone() *State {
	c := *s
	c.cells, c.base = slices.Clone(s.cells), slices.Clone(s.base)
	c.log, c.parked, c.cited = nil, nil, nil
	return &c
}

// CloneInto is Clone in the memory of a state that nobody uses any more.
func (s *State) CloneInto(old *State) *State {
	cells, base := append(old.cells[:0], s.cells...), append(old.base[:0], s.base...)
	*old = *s
	old.cells, old.base = cells, base
	old.log, old.parked, old.cited = nil, nil, nil
	return old
}

// Bytes is about what a state takes in memory, for who keeps many.
func (s *State) Bytes() int { return 8*len(s.cells) + 4*len(s.base) }

// Forget closes the open operation of a frame as if it had never been called: what it
// answered, if it did, is judged elsewhere, and nobody knows what it printed.
func (s *State) Forget(f ID, log *UndoLog) {
	s.begin(log)
	if rules[s.get(f, frameRule)].prints {
		s.prints(f, unspecified)
	}
	s.clearCall(f)
}

// A Lasting is a process that is there while an operation answers for all. Ranked holds where its priority is the same all the while.
type Lasting struct {
	Process ID
	Ranked  bool
}

// WrongThroughout says what is wrong with the answer of an open operation for all processes, while which those were there; "" for
// nothing.
func (s *State) WrongThroughout(f ID, there []Lasting, answer spec.Value) string {
	if throughout := rules[s.get(f, frameRule)].throughout; throughout != nil {
		return throughout(s, f, there, s.u.Intern(answer))
	}
	return ""
}

// OpOf names the open operation of a frame.
func (s *State) OpOf(f ID) string { return rules[s.get(f, frameRule)].op }

// Rings is in how many microseconds after the call a timer rings that the operation sets for the process which is its first
// argument, and whether it sets one: [Force] is what happens then.
func (o Operation) Rings() (after uint64, p ID, sets bool) {
	if rules[o.rule].op != "process-terminate" || o.fault != 0 || o.args[terminateForces] == 0 {
		return 0, 0, false
	}
	return o.args[terminateForces] - 1, ID(o.args[argSubject]), true
}

// Timed tells whether an act waits for a time to come.
func (a Act) Timed() bool {
	return a.Kind == TimeUp || a.Kind == Force || a.Kind == Obey && (a.Choice == obeyTimed || a.Choice == obeyPaused)
}

// MailboxOf is the mailbox of a process, 0 while it has none.
func (s *State) MailboxOf(p ID) ID { return ID(s.get(p, processMailbox)) }

// Queue appends what a mailbox holds, the oldest first.
func (s *State) Queue(m ID, out []Term) []Term { return s.elements(m, mailboxSequence, out) }
