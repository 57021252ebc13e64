package model

import "github.com/mpcheck/mpcheck/spec"

var sendRules = []rule{
	{
		op: "process-send",
		clauses: []string{"SEND-SIG-1", "SEND-Q-1", "SEND-Q-2", "SEND-Q-3", "SEND-Q-4", "SEND-Q-5", "SEND-Q-6",
			"SEND-MB-1", "SEND-MB-2", "SEND-MB-3", "SEND-MB-4", "SEND-PRI-1", "SEND-PRI-2", "SEND-PRI-3", "SEND-PRI-4", "SEND-PRI-5",
			"SEND-DEAD-1", "SEND-DEAD-2", "SEND-DEAD-3", "SEND-DEAD-4", "SEND-DEAD-5", "SEND-DEAD-7", "SEND-DEAD-8",
			"SEND-LIM-1", "SEND-LIM-2", "SEND-LIM-3", "SEND-LIM-4", "SEND-LIM-5", "SEND-LIM-6",
			"SEND-TMO-1", "SEND-TMO-2", "SEND-TMO-3", "SEND-TMO-4", "SEND-RET-1", "SEND-RET-2", "SEND-ARG-1"},
		decode:  decodeSend,
		enabled: sendActs,
		effect:  send,
		timeUp:  sendFails,
		waits: func(s *State, f ID) string {
			m := ID(s.get(ID(s.get(f, frameArg0)), processMailbox))
			return s.waitsForRoom(m, s.get(f, frameArg2))
		},
		by: func(s *State, f ID) (ID, bool) { return firstArgument(s, f), false }, // who reads its own mailbox
	},
}

// Flags of a send, its fourth argument; the way in which it changes the priority is above
// them, the number of such a change is its fifth.
const (
	sendErrorIfDead = 1 << iota
	sendFaulty          // an argument is wrong: an error, or it is not minded
	sendTimeout         // it has a timeout, be it ignored
	sendLaxly           // error-if-dead-p is true but not t
	sendSaysDefault     // change-priority is :default and not absent
	sendChange      = 5 // bits to shift the change by
)

// changeNothing is change-priority nil; otherwise see [priorityInteractive].
const changeNothing = 0

// anyLimit stands for a limit that is none: 0, negative, or no integer (SEND-LIM-3).
const anyLimit = never

// Arguments of process-send: process, object, limit or 0 for none, flags, number, what was given that is
// no process.
func decodeSend(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindProcess, &o.args[0]); c != nil { // SEND-ARG-1
		o.doubts(u, c)
		o.args[5] = uint64(u.Intern(call.Arg(0)))
	}
	o.args[1] = uint64(u.Intern(call.Arg(1)))
	if v, ok := call.Key("error-if-dead-p"); ok && spec.Truth(v) {
		o.args[3] |= sendErrorIfDead
		if v != (spec.True{}) {
			o.args[3] |= sendLaxly
		}
	}
	timeout, timed := call.Key("timeout")
	if timed && spec.Truth(timeout) {
		o.args[3] |= sendTimeout
	}
	change := uint64(priorityDefault)
	if v, given := call.Key("change-priority"); given {
		switch v := v.(type) {
		case spec.Nil:
			change = changeNothing
		case spec.True:
			change = priorityInteractive
		case spec.Int:
			change, o.args[4] = priorityNumber, uint64(v)
		default:
			o.args[3] |= sendSaysDefault
			if v != spec.Keyword("default") { // SEND-PRI-5: an error, or ignored, as nil or as absent
				change = priorityAny
				o.args[3] |= sendFaulty
			}
		}
	}
	o.args[3] |= change << sendChange
	limit, ok := call.Key("limit")
	if !ok || !spec.Truth(limit) {
		if timed && new(Operation).within(timeout) != nil { // SEND-TMO-4
			o.args[3] |= sendFaulty
		}
		return nil // SEND-TMO-1: without a limit the timeout is ignored
	}
	return decodeLimit(limit, timeout, o)
}

// Ways in which a send may go.
const (
	sendQueues  = iota
	sendSignals // an argument is wrong
	sendDead
	sendGivesUp
	sendWaits     // it begins to wait for room
	sendStays     // its target has died, it goes on waiting
	sendFindsFull // there is no room

	// Its target has died while it waited, and (SEND-LIM-6):
	sendFalls    // it answers false, be it with error-if-dead-p
	sendSaysDone // it answers true, and has added nothing
	sendPasses   // it answers true, and has added its object, past the limit
)

// Stages of a send that waits.
const (
	stageWaits = iota + 1
	stageStays
	stageMutant
)

func sendActs(s *State, act Act, out []Act) []Act {
	if s.get(act.Frame, frameArg5) != 0 && s.get(act.Frame, frameArg0) == 0 {
		return s.designatorActs(act, out)
	}
	f, p := act.Frame, ID(s.get(act.Frame, frameArg0))
	act.Object = anyObject // the process, which may end, and its mailbox
	phase, stage := s.get(p, processPhase), s.get(f, frameStage)
	over := phase == phaseDead || s.get(p, processRefuses) != 0
	add := func(choice uint16) {
		act.Choice = choice
		out = append(out, act)
	}
	if stage == 0 && s.get(f, frameArg3)&sendFaulty != 0 {
		add(sendSignals)
	}
	if !over || stage == stageStays {
		act.Choice = sendQueues
		out = s.queueActs(act, s.target(act), out)
	}
	switch {
	case stage == stageStays:
	case over || phase == phaseEnding || phase == phaseCreated || s.get(p, processKilled) != 0 || s.get(p, processDying) != 0:
		// SEND-DEAD-1, -2; a process that is not quite alive may be either (SEND-DEAD-5).
		if s.mutant != DeadSendAnswersTrue {
			add(sendDead)
		} else if phase == phaseDead {
			add(sendQueues)
		}
		if over && stage == stageWaits { // SEND-LIM-6
			add(sendStays)
			if s.open {
				add(sendFalls)
				add(sendSaysDone)
				add(sendPasses)
			}
		}
	}
	return out
}

// target is the mailbox that a send adds to, 0 where it has yet to be made.
func (s *State) target(act Act) ID {
	p := ID(s.get(act.Frame, frameArg0))
	if s.mutant == SendToSender {
		p = act.Process
	}
	m := ID(s.get(p, processMailbox))
	switch {
	case m == 0:
	case s.mutant == SendMakesMailboxEachTime,
		s.mutant == SendReplacesSupplied && s.get(m, mailboxMaker) != 0,
		s.mutant == FirstSendsRace && s.get(act.Frame, frameStage) == stageMutant:
		return 0
	}
	return m
}

// queueActs lists how the object of a send may be added to m: at once, after waiting for
// room, or not at all.
func (s *State) queueActs(act Act, m ID, out []Act) []Act {
	f := act.Frame
	limit, stage := s.get(f, frameArg2), s.get(f, frameStage)
	if s.mutant == LimitedSendIgnoresLimit && s.get(f, frameDeadline) == never || s.mutant == SendIgnoresLimit {
		limit = 0
	}
	give := act
	give.Choice = sendGivesUp
	switch {
	case s.mutant == TimedSendIsDeaf && stage == stageWaits && s.get(f, frameDeadline) != never:
	case limit == anyLimit: // SEND-LIM-3: no limit, a small one, or no room
		out = s.growing(m, act, out)
		if s.get(f, frameDeadline) != never {
			out = append(out, give)
		}
	case s.mutant == PlainSendRefusesAtMany && limit == 0 && m != 0 && s.length(m, mailboxSequence) >= 60,
		s.mutant == SendHeedsLoneTimeout && limit == 0 && s.get(f, frameArg3)&sendTimeout != 0 && m != 0 && s.length(m, mailboxSequence) >= s.get(m, mailboxSize),
		s.mutant == LimitedSendNeverWaits && limit != 0 && s.get(f, frameDeadline) == never && !s.hasRoom(m, limit),
		s.mutant == SendInteractiveFails && s.get(f, frameArg3)>>sendChange == priorityInteractive,
		s.mutant == SendToSelfFails && ID(s.get(f, frameArg0)) == act.Process:
		out = append(out, give)
	case limit == 0 || m == 0 || s.hasRoom(m, limit) && !(s.mutant == SendLimitsCount && s.length(m, mailboxSequence) >= limit):
		out = s.growing(m, act, out)
	case stage == 0 && (s.untimed || !s.overdue(f)):
		act.Choice = sendWaits // MBOX-LIM-4
		return append(out, act)
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

func send(s *State, act Act) {
	if s.get(act.Frame, frameArg5) != 0 && s.get(act.Frame, frameArg0) == 0 {
		s.resolveDesignator(act)
		return
	}
	f, p, object := act.Frame, ID(s.get(act.Frame, frameArg0)), Term(s.get(act.Frame, frameArg1))
	flags := s.get(f, frameArg3)
	change := flags >> sendChange
	switch act.Choice &^ growBits {
	case sendSignals:
		s.signalPlain(f, "an argument is of the wrong type")
		return
	case sendWaits:
		s.set(f, frameStage, stageWaits)
		s.isFull(s.target(act))
		return
	case sendFindsFull:
		s.isFull(s.target(act))
		return
	case sendStays:
		s.set(f, frameStage, stageStays)
		return
	case sendDead:
		s.sendToDead(act, flags)
		return
	case sendGivesUp:
		sendFails(s, act)
		return
	case sendFalls:
		s.recompute(p, change, s.get(f, frameArg4), true)
		s.returns(f, NilTerm)
		return
	case sendSaysDone, sendPasses:
		if act.Choice == sendPasses {
			s.deliver(s.target(act), Term(s.get(f, frameArg1)), 0, act)
		}
		s.recompute(p, change, s.get(f, frameArg4), false)
		s.returns(f, TrueTerm)
		return
	}
	if s.mutant != "" && s.mutateSend(act, change) {
		return
	}
	m := s.target(act)
	if m == 0 { // SEND-MB-1
		owner := p
		if s.mutant == SendToSender {
			owner = act.Process
		}
		m = s.newOwnMailbox(owner)
		s.set(owner, processMailbox, uint64(m))
	}
	if s.mutant == SendCopies {
		if _, ok := s.u.Object(s.u.Value(object), KindObject); ok {
			object = s.u.RefTerm(s.make(act.Process, KindObject))
		}
	}
	if !s.loses(f, m, object) {
		s.deliver(m, object, s.get(f, frameArg2), act)
	}
	if s.mutant == LimitedSendAddsTwice && s.get(f, frameStage) == stageWaits {
		s.deliver(m, object, never, act)
	}
	s.recompute(p, s.mutateChange(change, flags), s.get(f, frameArg4), false)
	s.returns(f, TrueTerm)
}

// sendToDead answers a send to a process that is dead, or taken for dead. Once a send was
// answered so for a process that has begun, all are (SEND-DEAD-1).
func (s *State) sendToDead(act Act, flags uint64) {
	p := ID(s.get(act.Frame, frameArg0))
	if s.open { // SEND-PRI-5
		s.recompute(p, flags>>sendChange, s.get(act.Frame, frameArg4), true)
	}
	if s.get(p, processPhase) != phaseCreated && s.mutant != DeadSendWavers {
		s.set(p, processRefuses, 1)
	}
	if s.mutant == DeadSendStores {
		if m := ID(s.get(p, processMailbox)); m != 0 {
			s.push(m, mailboxSequence, Term(s.get(act.Frame, frameArg1)))
		}
	}
	signals := flags&sendErrorIfDead != 0
	switch s.mutant {
	case DeadSendSignals:
		signals = true
	case DeadSendIsSilent:
		signals = false
	case DeadSendWantsT:
		signals = signals && flags&sendLaxly == 0
	}
	if signals {
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead", Continuable: s.mutant != DeadSendErrorIsPlain}))
		return
	}
	s.returns(act.Frame, NilTerm)
}

// sendFails answers false: the object is not added (SEND-RET-1).
func sendFails(s *State, act Act) {
	f := act.Frame
	s.recompute(ID(s.get(f, frameArg0)), s.get(f, frameArg3)>>sendChange, s.get(f, frameArg4), true)
	waited := s.get(f, frameStage) == stageWaits
	if s.mutant == GivesUpButAdds && waited {
		s.push(s.target(act), mailboxSequence, Term(s.get(f, frameArg1)))
	}
	s.returns(f, truth(s.mutant == GivesUpWithTrue && waited))
}
