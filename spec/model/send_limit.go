package model

// A send with a limit: it waits where the mailbox is full and may not grow, for room or for its time to be up, or
// for as long as its target lives.

// queueActs lists how the object of a send may be added to m: at once, after waiting for
// room, or not at all.
func (s *State) queueActs(act Act, m ID, out []Act) []Act {
	f := act.Frame
	limit, stage := s.law.limitOf(s, f), s.get(f, frameStage)
	give := act
	give.Choice = sendGivesUp
	switch {
	case !s.law.looksForRoom(s, f):
	case limit == anyLimit: // no limit, a small one, or no room
		out = s.growing(m, act, out)
		if s.get(f, frameDeadline) != never {
			out = append(out, give)
		}
	case s.law.failsAtOnce(s, act, m, limit):
		out = append(out, give)
	case limit == 0 || m == 0 || s.law.fitsLimit(s, m, limit):
		out = s.growing(m, act, out)
	case stage == 0 && (s.untimed || !s.overdue(f)):
		act.Choice = sendWaits
		return append(out, act)
	default:
		s.citeWait(f)
	}
	if s.open && limit != 0 && limit != anyLimit && m != 0 && s.hasRoom(m, limit) && s.lacksRoom(m, limit) {
		act.Choice = sendFindsFull
		if stage == 0 {
			act.Choice = sendWaits
		}
		out = append(out, act)
	}
	return out
}

// citeWait cites what holds a send back.
func (s *State) citeWait(f ID) {
	switch {
	case s.get(f, frameStage) == stageStays:
		s.cite("SEND-LIM-6")
	case s.get(f, frameDeadline) == never:
		s.cite("SEND-LIM-5")
	default:
		s.cite("SEND-TMO-2")
	}
}

// citeRoom cites what lets an object be added to m: it has waited, or the limit allows it, or there is none.
func (s *State) citeRoom(f, m ID) {
	limit := s.arg(f, sendLimit)
	switch stage := s.get(f, frameStage); {
	case limit == anyLimit: // decoding has cited it
	case stage == stageStays:
		s.cite("SEND-LIM-6")
	case stage == stageWaits && s.get(f, frameDeadline) == never:
		s.cite("SEND-LIM-5")
	case stage == stageWaits:
		s.cite("SEND-TMO-3")
	case limit != 0:
		s.cite("SEND-LIM-2", "SEND-LIM-4")
	case m != 0 && s.held(m) > 0 && s.mayBeFull(m):
		s.cite("SEND-LIM-1")
	}
}

// beginWait: the mailbox is full, and has the size of the limit.
func (s *State) beginWait(act Act) {
	if s.get(act.Frame, frameDeadline) == never {
		s.cite("SEND-LIM-5")
	}
	s.cite("SEND-LIM-2")
	s.set(act.Frame, frameStage, stageWaits)
	s.isFull(s.law.mailboxFor(s, act))
}

// giveUpSend answers false: the object is not added.
func giveUpSend(s *State, act Act) {
	if s.arg(act.Frame, sendLimit) != anyLimit {
		s.cite("SEND-TMO-2", "SEND-LIM-2")
	}
	s.cite("SEND-RET-1")
	s.failsToChange(act.Frame)
	s.returns(act.Frame, NilTerm)
}

// outlivesTarget goes on with a send whose target has died while it waited.
func (s *State) outlivesTarget(act Act) {
	f, p := act.Frame, s.subject(act.Frame)
	s.cite("SEND-LIM-6")
	switch act.Choice {
	case sendStays:
		s.set(f, frameStage, stageStays)
		return
	case sendFalls:
		s.failsToChange(f)
		s.returns(f, NilTerm)
		return
	case sendPasses:
		s.deliver(s.law.mailboxFor(s, act), Term(s.arg(f, argObject)), 0, act)
	}
	s.recompute(p, s.arg(f, sendFlags)>>sendChange, s.arg(f, sendNumber), false)
	s.returns(f, TrueTerm)
}
