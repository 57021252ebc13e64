package model

import "github.com/mpcheck/mpcheck/spec"

// The mailbox of a process.
var ownMailboxRules = []rule{
	{
		op:      "process-mailbox",
		decode:  decodeProcess,
		enabled: processMailboxActs,
		effect:  readProcessMailbox,
	},
	{
		op: "set-process-mailbox",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if spec.Truth(call.Arg(1)) {
				if c := objectArg(u, call.Arg(1), KindMailbox, &o.args[1]); c != nil {
					return c
				}
			}
			return decodeProcess(u, call, o)
		},
		// Whoever waits at the process's mailbox looks at the new one from now on.
		object: func(*State, ID) ID { return anyObject },
		effect: func(s *State, act Act) {
			p, m := ID(s.get(act.Frame, frameArg0)), ID(s.get(act.Frame, frameArg1))
			s.cite("MBOX-PM-1")
			s.law.givesMailbox(s, p, m)
			s.returns(act.Frame, s.u.RefTerm(m))
		},
	},
}

// giveMailbox sets the mailbox of a process, be it to none.
func giveMailbox(s *State, p, m ID) {
	s.set(p, processMailbox, uint64(m))
	s.set(p, processUnboxed, 1)
}

// What process-mailbox may find out about a process whose mailbox nobody has seen yet.
const (
	mailboxKnown  = iota
	mailboxNone   // there is none: no process has one from birth, and no dead send makes one
	mailboxBorn   // the process had it from birth
	mailboxOfDead // a send to the dead process made it
)

func processMailboxActs(s *State, act Act, out []Act) []Act {
	p := ID(s.get(act.Frame, frameArg0))
	act.Object = p
	if s.get(p, processMailbox) != 0 || s.get(p, processUnboxed) != 0 {
		return append(out, act)
	}
	act.Object = anyObject
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	birth := s.decided(stickyBirth)
	if s.open && p == s.test {
		birth = undecided // nobody made the test's process as others are made
	}
	if birth != second {
		if s.get(p, processRefuses) == 0 || s.decided(stickyDeadMailbox) != second {
			add(mailboxNone)
		}
		if s.get(p, processRefuses) != 0 && s.decided(stickyDeadMailbox) != first {
			add(mailboxOfDead)
		}
	}
	if birth != first {
		add(mailboxBorn)
	}
	return out
}

func readProcessMailbox(s *State, act Act) {
	p := ID(s.get(act.Frame, frameArg0))
	decide := func(c sticky, way uint64) {
		if !s.open || p != s.test {
			s.decide(c, way)
		}
	}
	switch act.Choice {
	case mailboxKnown:
		s.cite("MBOX-PM-1")
	case mailboxNone:
		s.cite("SEND-MB-5", "MBOX-PM-1")
		decide(stickyBirth, first)
		if s.get(p, processRefuses) != 0 {
			s.cite("SEND-DEAD-6")
			decide(stickyDeadMailbox, first)
		}
	case mailboxBorn:
		s.cite("SEND-MB-5", "MBOX-PM-1")
		decide(stickyBirth, second)
	case mailboxOfDead:
		s.cite("SEND-DEAD-6")
		decide(stickyBirth, first)
		decide(stickyDeadMailbox, second)
	}
	if act.Choice == mailboxBorn || act.Choice == mailboxOfDead {
		s.set(p, processMailbox, uint64(s.newOwnMailbox(p)))
	}
	s.returns(act.Frame, s.u.RefTerm(ID(s.get(p, processMailbox))))
}
