package model

import (
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

var mailboxRules = slices.Concat(boxRules, limitedRules, readRules, roomRules, ownMailboxRules)

var boxRules = []rule{
	{
		op: "make-mailbox",
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[makeSize] = anySize
			if v, ok := call.Key("size"); ok && spec.Truth(v) {
				n, ok := v.(spec.Int)
				if !ok || n < 1 { // an error, or a mailbox of any size
					o.cite("MBOX-MAKE-3")
					o.args[sendFlags] = sendFaulty
					return nil
				}
				o.args[makeSize] = uint64(n)
			}
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act { return append(s.faultActs(act, out), act) },
		effect:  makeMailbox,
	},
	{
		op:     "mailbox-send",
		decode: decodeMailboxAndObject,
		enabled: func(s *State, act Act, out []Act) []Act {
			m := s.subject(act.Frame)
			act.Touches = onlyWrites(m)
			if s.law.sendWaitsFor(s, m) {
				return out
			}
			return s.growing(m, act, out)
		},
		effect: func(s *State, act Act) {
			m := s.subject(act.Frame)
			if s.mayBeFull(m) {
				s.cite("MBOX-SEND-2")
			}
			s.cite("MBOX-SEND-1", "MBOX-SEND-3")
			s.deliver(m, Term(s.arg(act.Frame, argObject)), 0, act)
			s.returns(act.Frame, TrueTerm)
		},
	},
}

// A mailboxLaw decides how mailboxes are made, filled, read and looked at.
type mailboxLaw struct {
	// makesMailbox returns the mailbox that make-mailbox does; enqueues puts an object into one.
	makesMailbox func(s *State, act Act, size uint64) ID
	enqueues     func(s *State, m ID, object Term)
	// sendWaitsFor tells whether a plain send waits for room.
	sendWaitsFor func(s *State, m ID) bool

	// fits tells whether a limited send may add its object; limitedWaits, whether it waits where not.
	fits         func(s *State, m ID, limit uint64) bool
	limitedWaits bool
	// stopsLimited tells whether the wait function of a limited send ends it, which then goes the way stopped.
	stopsLimited func(s *State, stop Term) bool
	stopped      uint16

	// reads and peeks answer with the oldest object, findsMail answers that there is one.
	reads     func(s *State, act Act)
	peeks     func(s *State, act Act)
	findsMail func(s *State, act Act)
	// What is answered when time is up: the second value of a read, and the value of mailbox-wait.
	readInVain, noMailInTime Term

	// counts, hasMail and tellsFull answer what is asked of a mailbox; whether it is full has been found.
	counts    func(s *State, m ID) uint64
	hasMail   func(s *State, m ID) bool
	tellsFull func(s *State, m ID, full bool) bool
	// givesMailbox sets the mailbox of a process.
	givesMailbox func(s *State, p, m ID)
}

var documentedMailboxes = mailboxLaw{
	makesMailbox: newMadeMailbox,
	enqueues:     func(s *State, m ID, object Term) { s.push(m, mailboxSequence, object) },
	sendWaitsFor: func(*State, ID) bool { return false },
	fits:         func(s *State, m ID, limit uint64) bool { return limit == anyLimit || s.hasRoom(m, limit) },
	limitedWaits: true,
	stopsLimited: (*State).holds,
	stopped:      sendGivesUp,
	reads:        readMailbox,
	peeks:        peekMailbox,
	findsMail:    func(s *State, act Act) { s.returns(act.Frame, TrueTerm) },
	readInVain:   NilTerm,
	noMailInTime: NilTerm,
	counts:       (*State).held,
	hasMail:      func(s *State, m ID) bool { return s.held(m) > 0 },
	tellsFull:    func(_ *State, _ ID, full bool) bool { return full },
	givesMailbox: giveMailbox,
}

// makeSize is the slot of the size that a mailbox is made with.
const makeSize = argSubject

func decodeMailbox(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindMailbox, &o.args[argSubject]); c != nil { // an error, or any value
		o.cite("MBOX-ARG-1")
		return o.vainly(u, c)
	}
	return nil
}

func decodeMailboxAndObject(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	o.args[argObject] = uint64(u.Intern(call.Arg(1)))
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

// faultActs lists the error for an argument that may be one.
func (s *State) faultActs(act Act, out []Act) []Act {
	if s.arg(act.Frame, sendFlags)&sendFaulty != 0 {
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
	size := s.arg(act.Frame, makeSize)
	if size == anySize {
		s.cite("MBOX-MAKE-3")
		if !s.anySizes {
			size = usualSize
		}
	}
	s.returns(act.Frame, s.u.RefTerm(s.law.makesMailbox(s, act, size)))
}

// newMadeMailbox makes a new, empty mailbox for who called.
func newMadeMailbox(s *State, act Act, size uint64) ID {
	s.cite("MBOX-MAKE-1")
	m := s.newMailbox(s.made(act, 0, KindMailbox), size)
	s.set(m, mailboxMaker, uint64(act.Process))
	return m
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
