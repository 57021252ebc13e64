package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// A mailbox is a queue with a size: the number of objects that fit without growing. A
// plain send grows it, a limited one only up to its limit.

// defaultSize is the size of a mailbox made without one (MBOX-MAKE-3: any).
const defaultSize = 4

var mailboxRules = []rule{
	{
		op:      "make-mailbox",
		clauses: []string{"MBOX-MAKE-1", "MBOX-MAKE-3"},
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[0] = defaultSize
			if v, ok := call.Key("size"); ok && spec.Truth(v) {
				n, ok := v.(spec.Int)
				if !ok || n < 1 {
					return wrongType("the size", v, "a positive integer")
				}
				o.args[0] = uint64(n)
			}
			return nil
		},
		effect: func(s *State, act Act) {
			s.returns(act.Frame, s.u.RefTerm(s.newMailbox(act.Process, s.get(act.Frame, frameArg0))))
		},
	},
	{
		op:      "mailbox-send",
		clauses: []string{"MBOX-SEND-1", "MBOX-SEND-2", "MBOX-SEND-3"},
		decode:  decodeMailboxAndObject,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			s.deliver(ID(s.get(act.Frame, frameArg0)), Term(s.get(act.Frame, frameArg1)))
			s.returns(act.Frame, TrueTerm)
		},
	},
	{
		op:      "mailbox-send-limited",
		clauses: []string{"MBOX-LIM-1", "MBOX-LIM-2", "MBOX-LIM-3", "MBOX-LIM-4", "MBOX-LIM-6"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := decodeMailboxAndObject(u, call, o); c != nil {
				return c
			}
			return decodeLimit(call.Arg(2), call.Arg(3), o)
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.hasRoom(act.Object, s.get(act.Frame, frameArg2)) {
				out = append(out, act)
			}
			return out
		},
		effect: sendLimited,
		timeUp: func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waits: func(s *State, f ID) string {
			return s.waitsForRoom(ID(s.get(f, frameArg0)), s.get(f, frameArg2))
		},
	},
	{
		op:      "mailbox-read",
		clauses: []string{"MBOX-READ-1", "MBOX-READ-2", "MBOX-READ-3", "MBOX-READ-4"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := objectArg(u, call.Arg(0), KindMailbox, &o.args[0]); c != nil {
				return c
			}
			return o.within(call.Arg(2))
		},
		enabled: enabledWithMail,
		effect: func(s *State, act Act) {
			s.returns(act.Frame, s.pop(ID(s.get(act.Frame, frameArg0)), mailboxSequence), TrueTerm)
		},
		timeUp: func(s *State, act Act) { s.returns(act.Frame, NilTerm, NilTerm) },
		waits:  waitsForMail,
	},
	{
		op:      "mailbox-count",
		clauses: []string{"MBOX-PRED-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			s.returnsNumber(act.Frame, s.length(ID(s.get(act.Frame, frameArg0)), mailboxSequence))
		},
	},
	{
		op:      "mailbox-empty-p",
		clauses: []string{"MBOX-PRED-1"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			s.returns(act.Frame, truth(s.length(ID(s.get(act.Frame, frameArg0)), mailboxSequence) == 0))
		},
	},
	{
		op:      "mailbox-size",
		clauses: []string{"MBOX-SIZE-1", "MBOX-SIZE-2"},
		decode:  decodeMailbox,
		object:  firstArgument,
		effect: func(s *State, act Act) {
			s.returnsNumber(act.Frame, s.get(ID(s.get(act.Frame, frameArg0)), mailboxSize))
		},
	},
	{
		op:      "process-mailbox",
		clauses: []string{"MBOX-PM-1", "SEND-MB-1", "SEND-MB-5"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return objectArg(u, call.Arg(0), KindProcess, &o.args[0])
		},
		object: firstArgument,
		effect: func(s *State, act Act) {
			s.returns(act.Frame, s.u.RefTerm(ID(s.get(ID(s.get(act.Frame, frameArg0)), processMailbox))))
		},
	},
}

func decodeMailbox(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	return objectArg(u, call.Arg(0), KindMailbox, &o.args[0])
}

func decodeMailboxAndObject(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	o.args[1] = uint64(u.Intern(call.Arg(1)))
	return decodeMailbox(u, call, o)
}

// decodeLimit reads a limit into the third argument and a timeout into the deadline.
func decodeLimit(limit, timeout spec.Value, o *Operation) *spec.Condition {
	n, ok := limit.(spec.Int)
	if !ok || n < 1 { // SEND-LIM-3: an error
		return wrongType("the limit", limit, "a positive integer")
	}
	o.args[2] = uint64(n)
	return o.within(timeout)
}

func (s *State) returnsNumber(f ID, n uint64) { s.returns(f, s.u.Intern(spec.Int(n))) }

func (s *State) newMailbox(maker ID, size uint64) ID {
	m := s.make(maker, KindMailbox)
	s.set(m, mailboxSize, size)
	return m
}

// deliver adds an object, growing the mailbox where it is full.
func (s *State) deliver(m ID, object Term) {
	s.push(m, mailboxSequence, object)
	if n := s.length(m, mailboxSequence); n > s.get(m, mailboxSize) {
		s.set(m, mailboxSize, n)
	}
}

// hasRoom tells whether a send with that limit can add an object now: there is room, or
// the mailbox may still grow (MBOX-LIM-1, -2).
func (s *State) hasRoom(m ID, limit uint64) bool {
	size := s.get(m, mailboxSize)
	return s.length(m, mailboxSequence) < size || size < limit
}

// sendLimited adds the object of a limited send for which there is room.
func sendLimited(s *State, act Act) {
	m := ID(s.get(act.Frame, frameArg0))
	s.deliver(m, Term(s.get(act.Frame, frameArg1)))
	s.returns(act.Frame, TrueTerm)
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

func (s *State) waitsForRoom(m ID, limit uint64) string {
	return fmt.Sprintf("room in %s, which holds %d objects, has size %d and may grow to %d",
		s.u.Ref(m), s.length(m, mailboxSequence), s.get(m, mailboxSize), limit)
}

// The mutants of this chapter.
var mailboxMutants = []MutantInfo{}
