package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// A limited send to a mailbox: it adds its object, waits for room, gives up when its time is up, or is stopped by
// its wait function.

var limitedRules = []rule{
	{
		op:      "mailbox-send-limited",
		decode:  decodeLimitedSend,
		enabled: limitedSendActs,
		effect:  sendLimited,
		timeUp: func(s *State, act Act) {
			s.cite("MBOX-LIM-4", "MBOX-LIM-3")
			s.returns(act.Frame, NilTerm)
		},
		waitsOn: func(s *State, f ID) ID {
			if s.arg(f, limitedStop) != 0 {
				return anyObject // its wait function's
			}
			return firstArgument(s, f)
		},
		waits: func(s *State, f ID) string {
			return s.waitsForRoom(s.subject(f), s.arg(f, sendLimit))
		},
	},
}

// limitedStop is the slot of the wait function; the others are those of sends.
const limitedStop = sendFlags + 1

func decodeLimitedSend(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := decodeMailboxAndObject(u, call, o); c != nil || o.vain {
		return c
	}
	if len(call.Args) > 4 && spec.Truth(call.Args[4]) {
		o.cite("MBOX-LIM-6") // the wait reason, which is not minded
	}
	if c := decodeStop(u, call.Arg(5), &o.args[limitedStop]); c != nil {
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

// decodeLimit reads a limit and, into the deadline, a timeout. A
// wrong limit may be an error, or none; a wrong timeout an error, or 0.
func decodeLimit(limit, timeout spec.Value, o *Operation) *spec.Condition {
	n, ok := limit.(spec.Int)
	o.args[sendLimit] = uint64(n)
	if !ok || n < 1 {
		o.cite("SEND-LIM-3")
		o.args[sendLimit] = anyLimit
		o.args[sendFlags] |= sendFaulty
	}
	if timeout != nil && o.within(timeout) != nil {
		o.cite("SEND-TMO-4")
		o.deadline = 0
		o.args[sendFlags] |= sendFaulty
	}
	return nil
}

// limitedSendActs lists how mailbox-send-limited may go: its wait function is looked at
// where there is no room, and may be where there is.
func limitedSendActs(s *State, act Act, out []Act) []Act {
	f, m := act.Frame, s.subject(act.Frame)
	limit, stop := s.arg(f, sendLimit), Term(s.arg(f, limitedStop))
	act.Touches = onlyWrites(m)
	if stop != NoTerm {
		act.Touches = act.Touches.readingPredicate(s, stop)
	}
	before := len(out)
	out = s.faultActs(act, out)
	act.Choice = sendQueues
	give := act
	give.Choice = sendGivesUp
	switch {
	case s.law.fits(s, m, limit):
		out = s.growing(m, act, out)
		if limit == anyLimit && s.get(f, frameDeadline) != never {
			out = append(out, give)
		}
	case !s.law.limitedWaits:
		out = append(out, give)
	}
	if limit != anyLimit && s.lacksRoom(m, limit) {
		if s.hasRoom(m, limit) {
			full := act
			full.Choice = sendFindsFull
			out = append(out, full)
		}
		if s.arg(f, sendFlags)&sendFaulty != 0 {
			out = append(out, give) // a wrong timeout is an error, or none
		}
	}
	if stop != NoTerm && s.law.stopsLimited(s, stop) {
		give.Choice = s.law.stopped
		out = append(out, give)
	}
	if len(out) == before {
		s.cite("MBOX-LIM-4")
	}
	return out
}

// sendLimited adds the object of a limited send for which there is room, or gives up.
func sendLimited(s *State, act Act) {
	f, m := act.Frame, s.subject(act.Frame)
	switch act.Choice &^ growBits {
	case sendSignals:
		s.signalPlain(f, "an argument is of the wrong type")
	case sendFindsFull:
		s.isFull(m)
	case sendGivesUp:
		s.limitedGivesUp(f, m)
	default:
		s.citeLimited(act, m)
		s.deliver(m, Term(s.arg(f, argObject)), s.arg(f, sendLimit), act)
		s.returns(f, TrueTerm)
	}
}

// limitedGivesUp answers false before the time is up: the object is not added.
func (s *State) limitedGivesUp(f, m ID) {
	limit, stop := s.arg(f, sendLimit), Term(s.arg(f, limitedStop))
	switch {
	case stop == NoTerm:
		if limit != anyLimit {
			s.isFull(m)
		}
	case s.cited == nil, limit == anyLimit, !s.holds(stop): // decoding has cited why
	case s.lacksRoom(m, limit):
		s.cite("MBOX-LIM-5")
	default:
		s.cite("MBOX-LIM-7")
	}
	s.returns(f, NilTerm)
}

// citeLimited cites what lets a limited send add its object: the room that is left, whatever the limit, or
// the size to which the mailbox may still grow.
func (s *State) citeLimited(act Act, m ID) {
	limit, held := s.arg(act.Frame, sendLimit), s.held(m)
	switch least, _ := s.capacity(m); {
	case limit == anyLimit: // decoding has cited it
	case least > held:
		s.cite("MBOX-LIM-1")
	case held >= limit:
		s.cite("MBOX-LIM-1", "MBOX-LIM-3")
	default:
		s.cite("MBOX-LIM-2", "MBOX-LIM-3")
	}
	if s.anotherAt(act.Process, func(_, f ID) bool {
		return rules[s.get(f, frameRule)].op == "mailbox-send-limited" && s.subject(f) == m
	}) {
		s.cite("MBOX-LIM-7")
	}
}

func (s *State) waitsForRoom(m ID, limit uint64) string {
	if m == 0 {
		return "its turn"
	}
	return fmt.Sprintf("room in %s, which holds %d objects, has size %d and may grow to %d",
		s.u.Ref(m), s.length(m, mailboxSequence), s.get(m, mailboxSize), limit)
}
