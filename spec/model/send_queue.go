package model

import "github.com/mpcheck/mpcheck/spec"

// What a send does that nothing holds back: it puts its object into the mailbox of the target, which it makes
// where there is none, and changes the priority of the target.

// mailboxOfReceiver is process-mailbox of who receives the object, 0 where there is none; or that which it had before.
func (s *State) mailboxOfReceiver(act Act) ID {
	if had := s.arg(act.Frame, sendHad); had != 0 {
		return ID(had)
	}
	return ID(s.get(s.law.receiver(s, act), processMailbox))
}

// sendObject queues the object and answers true.
func sendObject(s *State, act Act) {
	f, p := act.Frame, s.subject(act.Frame)
	object, flags := Term(s.arg(f, argObject)), s.arg(f, sendFlags)
	if p == act.Process {
		s.cite("SEND-Q-6")
	}
	m := s.law.mailboxFor(s, act)
	s.citeRoom(f, m)
	if m == 0 {
		m = s.makeMailboxFor(s.law.receiver(s, act), act)
	} else {
		s.cite("SEND-MB-2")
	}
	s.citeObject(m, object)
	s.citeLiving(p, flags)
	s.law.adds(s, act, m, object)
	s.recompute(p, s.law.changesTo(s, flags>>sendChange, flags), s.arg(f, sendNumber), false)
	s.cite("SEND-RET-1", "SEND-RET-2")
	s.returns(f, TrueTerm)
}

// makeMailboxFor makes the mailbox of a process that has none. Of several first sends one makes it, which all use.
func (s *State) makeMailboxFor(p ID, act Act) ID {
	if s.anotherAt(act.Process, func(_, f ID) bool {
		return rules[s.get(f, frameRule)].op == "process-send" && s.subject(f) == p
	}) {
		s.cite("SEND-MB-4")
	}
	s.cite("SEND-MB-1")
	m := s.newOwnMailbox(p)
	s.set(p, processMailbox, uint64(m))
	return m
}

func addObject(s *State, act Act, m ID, object Term) {
	s.deliver(m, object, s.arg(act.Frame, sendLimit), act)
}

// citeObject cites what is said of an object that is queued: as it is, behind the others, for whoever reads it.
func (s *State) citeObject(m ID, object Term) {
	if s.cited == nil {
		return
	}
	if s.isCode(object) {
		s.cite("SEND-Q-3")
	}
	switch s.u.Value(object).(type) {
	case spec.Int, spec.String:
	default:
		s.cite("SEND-Q-2")
	}
	switch {
	case s.held(m) > 0:
		s.cite("SEND-Q-5")
	case !s.anotherAt(0, func(q, f ID) bool { return s.reads(q, f) == m }): // it stays until somebody reads it
		s.cite("SEND-Q-4")
	}
	s.cite("SEND-Q-1")
}

// isCode tells whether an object is a function, or a list that begins with one: what could be called.
func (s *State) isCode(object Term) bool {
	v := s.u.Value(object)
	if l, ok := v.(spec.List); ok {
		v = l.Items[0]
		if symbol, ok := v.(spec.Symbol); ok {
			return symbol.Package != "KEYWORD"
		}
	}
	_, ok := s.u.Object(v, KindFunction)
	return ok
}

// citeLiving cites what is said of a target that is alive, or taken for alive.
func (s *State) citeLiving(p ID, flags uint64) {
	if s.mayBeOver(p) {
		s.cite("SEND-DEAD-5")
	}
	if flags&sendErrorIfDead != 0 {
		s.cite("SEND-DEAD-4")
	}
}

// changePriority: nil leaves it alone, a number becomes it; what t and :default make of it is open.
func changePriority(s *State, change, flags uint64) uint64 {
	switch {
	case change == changeNothing:
		s.cite("SEND-PRI-2")
	case change == priorityNumber:
		s.cite("SEND-PRI-3")
	case change == priorityInteractive, flags&sendSaysDefault != 0:
		s.cite("SEND-PRI-4")
	}
	return change
}

// failsToChange: a send that fails may have changed the priority or not.
func (s *State) failsToChange(f ID) {
	flags := s.arg(f, sendFlags)
	change := flags >> sendChange
	if change == priorityNumber || change == priorityInteractive || change == priorityDefault && flags&sendSaysDefault != 0 {
		s.cite("SEND-PRI-5")
	}
	s.recompute(s.subject(f), change, s.arg(f, sendNumber), true)
}
