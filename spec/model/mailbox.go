package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// A mailbox is a queue with a size: the number of objects that fit without growing. A
// plain send grows it, a limited one only up to its limit.

// usualSize is the size that the simulator gives a mailbox made without one (MBOX-MAKE-3: any).
// anySize stands for it in a decoded call, and in an open state is the least it may be.
const (
	usualSize = 4
	anySize   = 0
)

var mailboxRules = slices.Concat(boxRules, roomRules, ownMailboxRules)

var boxRules = []rule{
	{
		op:      "make-mailbox",
		clauses: []string{"MBOX-MAKE-1", "MBOX-MAKE-3"},
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[0] = anySize
			if v, ok := call.Key("size"); ok && spec.Truth(v) {
				n, ok := v.(spec.Int)
				if !ok || n < 1 { // MBOX-MAKE-3: an error, or a mailbox of any size
					o.args[3] = sendFaulty
					return nil
				}
				o.args[0] = uint64(n)
			}
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act { return append(s.faultActs(act, out), act) },
		effect:  makeMailbox,
	},
	{
		op:      "mailbox-send",
		clauses: []string{"MBOX-SEND-1", "MBOX-SEND-2", "MBOX-SEND-3", "MBOX-ARG-1"},
		decode:  decodeMailboxAndObject,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.mutant == PlainMailboxSendWaits && s.length(act.Object, mailboxSequence) >= s.get(act.Object, mailboxSize) {
				return out
			}
			return s.growing(act.Object, act, out)
		},
		effect: func(s *State, act Act) {
			s.deliver(ID(s.get(act.Frame, frameArg0)), Term(s.get(act.Frame, frameArg1)), 0, act)
			s.returns(act.Frame, TrueTerm)
		},
	},
	{
		op:      "mailbox-send-limited",
		clauses: []string{"MBOX-LIM-1", "MBOX-LIM-2", "MBOX-LIM-3", "MBOX-LIM-4", "MBOX-LIM-5", "MBOX-LIM-6", "MBOX-LIM-7", "SEND-LIM-4", "SEND-TMO-4", "SEND-LIM-3", "MBOX-ARG-1"},
		decode:  decodeLimitedSend,
		enabled: limitedSendActs,
		effect:  sendLimited,
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		watches: func(s *State, f ID) ID {
			if s.get(f, frameArg4) != 0 {
				return anyObject // its wait function's
			}
			return firstArgument(s, f)
		},
		waits: func(s *State, f ID) string {
			return s.waitsForRoom(ID(s.get(f, frameArg0)), s.get(f, frameArg2))
		},
	},
	{
		op:      "mailbox-read",
		clauses: []string{"MBOX-READ-1", "MBOX-READ-2", "MBOX-READ-3", "MBOX-READ-4", "MBOX-READ-5", "MBOX-READ-6", "MBOX-ARG-1"},
		decode:  decodeMailboxAndTimeout(2),
		enabled: enabledWithMail,
		effect:  readMailbox,
		timeUp: func(s *State, act Act) {
			s.returns(act.Frame, NilTerm, truth(s.mutant == ReadTimesOutWithTrue))
		},
		watches: firstArgument,
		waits:   waitsForMail,
	},
	{
		op:      "mailbox-peek",
		clauses: []string{"MBOX-PEEK-1", "MBOX-ARG-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			m := ID(s.get(act.Frame, frameArg0))
			if s.length(m, mailboxSequence) == 0 {
				s.returns(act.Frame, NilTerm, truth(s.mutant == PeekFindsNothing))
				return
			}
			if s.mutant == PeekRemoves {
				s.returns(act.Frame, s.pop(m, mailboxSequence), TrueTerm)
				return
			}
			s.returns(act.Frame, s.oldest(m), TrueTerm)
		},
	},
	{
		op:      "mailbox-wait",
		clauses: []string{"MBOX-WAIT-1", "MBOX-ARG-1"},
		decode:  decodeMailboxAndTimeout(2),
		enabled: enabledWithMail,
		effect: func(s *State, act Act) {
			if s.mutant == WaitRemoves {
				s.pop(ID(s.get(act.Frame, frameArg0)), mailboxSequence)
			}
			s.returns(act.Frame, TrueTerm)
		},
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, truth(s.mutant == WaitAlwaysFinds)) },
		watches: firstArgument,
		waits:   waitsForMail,
	},
}

func decodeMailbox(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindMailbox, &o.args[0]); c != nil {
		return o.vainly(u, c) // MBOX-ARG-1: an error, or any value
	}
	return nil
}

func decodeMailboxAndObject(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	o.args[1] = uint64(u.Intern(call.Arg(1)))
	return decodeMailbox(u, call, o)
}

func decodeMailboxAndTimeout(at int) func(*Universe, spec.Call, *Operation) *spec.Condition {
	return func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
		if c := decodeMailbox(u, call, o); c != nil || o.vain {
			return c
		}
		o.withinOrNot(u, call.Arg(at))
		return nil
	}
}

// Arguments of mailbox-send-limited: mailbox, object, limit, flags, wait function.
func decodeLimitedSend(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := decodeMailboxAndObject(u, call, o); c != nil || o.vain {
		return c
	}
	if c := decodeStop(u, call.Arg(5), &o.args[4]); c != nil {
		return c
	}
	return decodeLimit(call.Arg(2), call.Arg(3), o)
}

// decodeStop reads an optional wait function.
func decodeStop(u *Universe, v spec.Value, into *uint64) *spec.Condition {
	if v == nil || !spec.Truth(v) {
		return nil
	}
	if _, err := spec.ParsePredicate(v); err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	*into = uint64(u.Intern(v))
	return nil
}

// decodeLimit reads a limit into the third argument and a timeout into the deadline. A
// wrong limit may be an error, or none (SEND-LIM-3); a wrong timeout an error, or 0
// (SEND-TMO-4).
func decodeLimit(limit, timeout spec.Value, o *Operation) *spec.Condition {
	n, ok := limit.(spec.Int)
	o.args[2] = uint64(n)
	if !ok || n < 1 {
		o.args[2] = anyLimit
		o.args[3] |= sendFaulty
	}
	if timeout != nil && o.within(timeout) != nil {
		o.deadline = 0
		o.args[3] |= sendFaulty
	}
	return nil
}

// faultActs lists the error for an argument that may be one.
func (s *State) faultActs(act Act, out []Act) []Act {
	if s.get(act.Frame, frameArg3)&sendFaulty != 0 {
		act.Choice = sendSignals
		out = append(out, act)
	}
	return out
}

func (s *State) signalPlain(f ID, message string) {
	s.signal(f, s.u.condition(spec.Condition{Type: "type-error", Message: message}))
}

func makeMailbox(s *State, act Act) {
	if act.Choice == sendSignals {
		s.signalPlain(act.Frame, "the size is no positive integer")
		return
	}
	size := s.get(act.Frame, frameArg0)
	if size == anySize && !s.anySizes {
		size = usualSize
	}
	switch {
	case s.mutant == MakeMailboxTooSmall && size > 1:
		size--
	case s.mutant == MakeMailboxOnce && s.get(act.Process, processMailbox) != 0:
		s.returns(act.Frame, s.u.RefTerm(ID(s.get(act.Process, processMailbox))))
		return
	}
	m := s.newMailbox(s.u.Name(act.Process, uint32(s.get(act.Process, processCalls)), KindMailbox), size)
	s.set(m, mailboxMaker, uint64(act.Process))
	if s.mutant == MakeMailboxOnce {
		s.set(act.Process, processMailbox, uint64(m))
	}
	s.returns(act.Frame, s.u.RefTerm(m))
}

func (s *State) newMailbox(m ID, size uint64) ID {
	s.create(m, KindMailbox)
	s.set(m, mailboxSize, size)
	if s.anySizes { // MBOX-MAKE-3: it may be rounded up
		s.set(m, mailboxMost, never)
	}
	return m
}

// newOwnMailbox makes the mailbox of a process that has none, whoever needs it first.
func (s *State) newOwnMailbox(p ID) ID {
	nth := s.get(p, processBoxes)
	s.set(p, processBoxes, nth+1)
	size := uint64(usualSize)
	if s.anySizes {
		size = anySize
	}
	return s.newMailbox(s.u.OwnMailbox(p, uint32(nth)), size)
}

func (s *State) oldest(m ID) Term {
	return Term(s.cells[uint32(s.get(m, mailboxSequence+sequenceHead))+nodeTerm])
}

func readMailbox(s *State, act Act) {
	f, m := act.Frame, ID(s.get(act.Frame, frameArg0))
	object := s.oldest(m)
	switch s.mutant {
	case ReadersShare: // looks in one act, removes in the next
		if s.get(f, frameStage) == 0 {
			s.set(f, frameStage, stageMutant)
			s.set(f, frameArg1, uint64(object))
			return
		}
		object = Term(s.get(f, frameArg1))
	case ReadLeaves:
		if s.get(f, frameDeadline) == never {
			s.returns(f, object, TrueTerm)
			return
		}
	}
	s.take(m)
	s.returns(f, object, truth(s.mutant != ReadDeniesNil || object != NilTerm))
}

func enabledWithMail(s *State, act Act, out []Act) []Act {
	act.Object = ID(s.get(act.Frame, frameArg0))
	if s.length(act.Object, mailboxSequence) > 0 {
		out = append(out, act)
	}
	return out
}

func waitsForMail(s *State, f ID) string {
	return fmt.Sprintf("an object in %s, which is empty", s.u.Ref(ID(s.get(f, frameArg0))))
}
