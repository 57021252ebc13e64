package model

import (
	"math"

	"github.com/mpcheck/mpcheck/spec"
)

// What a child is going to do of itself: its plan, which comes before it obeys, and what it was told to go on with in
// the background.

// A step is what a child does, read.
type step struct {
	command    uint64
	n          uint64
	delay      uint64 // microseconds
	after      ID
	text       part
	output     uint8 // 1 or 2: where it writes to
	descriptor uint8
}

// Slots of child-plan, beside the child.
const planStep slot = 1

var planRule = rule{
	op: "child-plan",
	decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
		told, err := spec.ReadTold(call)
		if err != nil {
			return &spec.Condition{Type: "type-error", Message: err.Error()}
		}
		if !told.Command.Planned() {
			return wrongType("the command", call.Arg(1), "one that can be planned")
		}
		o.args[planStep] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
		return objectArg(u, call.Arg(0), KindChild, &o.args[argSubject])
	},
	touches: func(s *State, f ID) Footprint { return writesSubject(s, f).reading(allChildren) }, // who starts it knows it by that
	effect: func(s *State, act Act) {
		c := s.subject(act.Frame)
		if s.get(c, childPhase) != childPrepared {
			s.signal(act.Frame, s.u.condition(spec.Condition{Type: "child-error", Message: "the child runs already"}))
			return
		}
		s.addStep(c, Term(s.arg(act.Frame, planStep)))
		s.set(c, childPlan, s.get(c, childPlan)+1)
		s.returns(act.Frame, TrueTerm)
	},
}

// stepOf reads a step, a list of the word and its arguments.
func (u *Universe) stepOf(t Term) step {
	if known, ok := u.steps[t]; ok {
		return known
	}
	items, _ := spec.Items(u.Value(t))
	told, err := spec.ReadTold(spec.Call{Op: "child-tell", Args: append([]spec.Value{spec.Nil{}}, items...)})
	if err != nil {
		panic("a step is no step: " + err.Error()) // it was read when it was called
	}
	it := step{
		command: childCommands[told.Command.Name], n: uint64(told.N), delay: uint64(math.Ceil(told.Seconds * 1e6)),
		text: u.internRun([]byte(told.Text)), output: 1, descriptor: uint8(told.Descriptor),
	}
	if told.Stderr {
		it.output = 2
	}
	if it.command == tellFlood {
		it.text = u.internRun(flood(told.N))
	}
	if told.Child != nil {
		it.after, _ = u.Object(told.Child, KindChild)
	}
	u.steps[t] = it
	return it
}

// flood is what a child writes that is told how many bytes: lines of 64.
func flood(n int) []byte {
	const line = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n"
	out := make([]byte, max(n, 0))
	for at := 0; at < len(out); at += len(line) {
		copy(out[at:], line)
	}
	return out
}

// addStep appends to what a child does of itself.
func (s *State) addStep(c ID, t Term) {
	steps := ID(s.get(c, childSteps))
	if steps == 0 {
		steps = s.u.Name(c, 0, KindLog)
		s.create(steps, KindLog)
		s.set(c, childSteps, uint64(steps))
	}
	s.push(steps, logSequence, t)
}

// nextStep is what a child does of itself next, NoTerm where nothing is left.
func (s *State) nextStep(c ID) Term {
	steps := ID(s.get(c, childSteps))
	if steps == 0 || s.length(steps, logSequence) == 0 {
		return NoTerm
	}
	return Term(s.cells[uint32(s.get(steps, logSequence+sequenceHead))+nodeTerm])
}

// stepDone goes on to the step after the first.
func (s *State) stepDone(c ID) {
	s.pop(ID(s.get(c, childSteps)), logSequence)
	s.set(c, childDone, 0)
	if left := s.get(c, childPlan); left > 0 {
		s.set(c, childPlan, left-1)
	}
}

// held is a stream of a child's own that nobody else has: what it has to write, or has read.
func (s *State) heldBy(c ID, field uint8) ID {
	t := ID(s.get(c, field))
	if t == 0 {
		t = s.newStream(s.u.Name(c, uint32(field), KindStream), streamHeld, 0)
		s.set(c, field, uint64(t))
	}
	return t
}
