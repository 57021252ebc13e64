package model

import "github.com/mpcheck/mpcheck/spec"

var sendRules = []rule{
	{
		op:      "process-send",
		decode:  decodeSend,
		enabled: sendActs,
		effect:  send,
		timeUp:  func(s *State, act Act) { s.law.givesUp(s, act) },
		waits: func(s *State, f ID) string {
			m := ID(s.get(s.subject(f), processMailbox))
			return s.waitsForRoom(m, s.arg(f, sendLimit))
		},
		endedBy: func(s *State, f ID) (ID, bool) { return firstArgument(s, f), false }, // who reads its own mailbox
	},
}

// A sendLaw decides where a send puts its object, what it waits for, and what it answers.
type sendLaw struct {
	// receiver is the process in whose mailbox the object is put; mailboxFor is that mailbox, 0 where it
	// has yet to be made.
	receiver   func(s *State, act Act) ID
	mailboxFor func(s *State, act Act) ID
	// sends puts the object of a send which nothing holds back into the mailbox, and answers; adds puts it there.
	sends func(s *State, act Act)
	adds  func(s *State, act Act, m ID, object Term)
	// changesTo says what a send that succeeds makes of the priority of its target.
	changesTo func(s *State, change, flags uint64) uint64

	// limitOf is the limit that a send has, 0 for none, and fitsLimit tells whether an object may be added under it.
	limitOf   func(s *State, f ID) uint64
	fitsLimit func(s *State, m ID, limit uint64) bool
	// looksForRoom tells whether a send looks for room: when it is called, and while it waits.
	looksForRoom func(s *State, f ID) bool
	// failsAtOnce tells whether a send to a live process answers false without having waited.
	failsAtOnce func(s *State, act Act, m ID, limit uint64) bool
	// givesUp is what becomes of a send that has waited in vain.
	givesUp func(s *State, act Act)

	// takenForDead is the way in which a send to a process goes that is dead, or taken for dead.
	takenForDead func(s *State, p ID) (way uint16, ok bool)
	// answersDead answers a send to such a process; deadForGood: once one was answered so, all are.
	answersDead func(s *State, act Act, flags uint64)
	deadForGood bool
}

var documentedSends = sendLaw{
	receiver:     func(s *State, act Act) ID { return s.subject(act.Frame) },
	mailboxFor:   (*State).mailboxOfReceiver,
	sends:        sendObject,
	adds:         addObject,
	changesTo:    changePriority,
	limitOf:      func(s *State, f ID) uint64 { return s.arg(f, sendLimit) },
	fitsLimit:    (*State).hasRoom,
	looksForRoom: func(*State, ID) bool { return true },
	failsAtOnce:  func(*State, Act, ID, uint64) bool { return false },
	givesUp:      giveUpSend,
	takenForDead: func(*State, ID) (uint16, bool) { return sendDead, true },
	answersDead:  answerDead,
	deadForGood:  true,
}

// Slots of sends, beside the target and the object.
const (
	sendLimit  slot        = iota + 2 // 0 for none
	sendFlags                         // and above them the way in which it changes the priority
	sendNumber                        // of such a change
	sendGiven                         // what was given that is no process, until it is known which one is meant; then
	sendHad    = sendGiven            // the mailbox that this had when the call began, where it has another one now
)

// Flags of a send.
const (
	sendErrorIfDeadT    = 1 << iota // error-if-dead-p is t
	sendFaulty                      // an argument is wrong: an error, or it is not minded
	sendTimeout                     // it has a timeout, be it ignored
	sendErrorIfDeadElse             // error-if-dead-p is another true value
	sendSaysDefault                 // change-priority is :default and not absent
	sendChange          = 5         // bits to shift the change by

	sendErrorIfDead = sendErrorIfDeadT | sendErrorIfDeadElse
)

// changeNothing is change-priority nil; otherwise see [priorityInteractive].
const changeNothing = 0

// anyLimit stands for a limit that is none: 0, negative, or no integer (SEND-LIM-3).
const anyLimit = never

func decodeSend(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject]); c != nil {
		o.cite("SEND-ARG-1")
		o.doubts(u, c)
		o.args[sendGiven] = uint64(u.Intern(call.Arg(0)))
	}
	o.args[argObject] = uint64(u.Intern(call.Arg(1)))
	if v, ok := call.Key("error-if-dead-p"); ok && spec.Truth(v) {
		if v == (spec.True{}) {
			o.args[sendFlags] |= sendErrorIfDeadT
		} else {
			o.args[sendFlags] |= sendErrorIfDeadElse
		}
	}
	decodeChange(call, o)
	if len(call.Keys) > 2 { // fewer have clauses of their own
		o.cite("SEND-SIG-1")
	}
	timeout, timed := call.Key("timeout")
	if timed && spec.Truth(timeout) {
		o.args[sendFlags] |= sendTimeout
	}
	limit, ok := call.Key("limit")
	if ok && spec.Truth(limit) {
		return decodeLimit(limit, timeout, o)
	}
	// Without a limit the timeout is ignored.
	switch {
	case timed && new(Operation).within(timeout) != nil:
		o.cite("SEND-TMO-4")
		o.args[sendFlags] |= sendFaulty
	case timed && spec.Truth(timeout):
		o.cite("SEND-TMO-1")
	}
	return nil
}

// decodeChange reads change-priority; absent it is :default.
func decodeChange(call spec.Call, o *Operation) {
	change := uint64(priorityDefault)
	if v, given := call.Key("change-priority"); given {
		switch v := v.(type) {
		case spec.Nil:
			change = changeNothing
		case spec.True:
			change = priorityInteractive
		case spec.Int:
			change, o.args[sendNumber] = priorityNumber, uint64(v)
		default:
			o.args[sendFlags] |= sendSaysDefault
			if v != spec.Keyword("default") { // an error, or ignored, as nil or as absent
				o.cite("SEND-PRI-5")
				change = priorityAny
				o.args[sendFlags] |= sendFaulty
			}
		}
		if o.args[sendFlags]&sendFaulty == 0 {
			o.cite("SEND-PRI-1")
		}
	}
	o.args[sendFlags] |= change << sendChange
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

	sendFindsAlive // its target lives; should it die now, it goes on all the same

	// Its target has died while it waited, and:
	sendFalls    // it answers false, be it with error-if-dead-p
	sendSaysDone // it answers true, and has added nothing
	sendPasses   // it answers true, and has added its object, past the limit
)

// Stages of a send that waits.
const (
	stageWaits = iota + 1
	stageStays // its target has died
	stageAlive // its target was found alive
)

// meansNoProcess tells whether what a send was given as process still has to be made out.
func (s *State) meansNoProcess(f ID) bool {
	return s.arg(f, sendGiven) != 0 && s.arg(f, argSubject) == 0
}

func sendActs(s *State, act Act, out []Act) []Act {
	if s.meansNoProcess(act.Frame) {
		return s.designatorActs(act, out)
	}
	f, p := act.Frame, s.subject(act.Frame)
	act.Touches = onlyWrites(p).writing(s.law.mailboxFor(s, act)) // the process, which may end, or get a mailbox
	over, stage := s.isOver(p), s.get(f, frameStage)
	add := func(choice uint16) {
		act.Choice = choice
		out = append(out, act)
	}
	if stage == 0 && s.arg(f, sendFlags)&sendFaulty != 0 {
		add(sendSignals)
	}
	if !over || stage >= stageStays {
		act.Choice = sendQueues
		out = s.queueActs(act, s.law.mailboxFor(s, act), out)
	}
	if stage >= stageStays || !over && !s.mayBeOver(p) {
		return out
	}
	if way, ok := s.law.takenForDead(s, p); ok {
		add(way)
	}
	if s.open && !over && stage == 0 { // it is known to be alive, and may die before the object is added
		add(sendFindsAlive)
	}
	if over && stage == stageWaits {
		add(sendStays)
		if s.open {
			add(sendFalls)
			add(sendSaysDone)
			if s.law.mailboxFor(s, act) != 0 {
				add(sendPasses)
			}
		}
	}
	return out
}

func send(s *State, act Act) {
	f := act.Frame
	if s.meansNoProcess(f) {
		s.resolveDesignator(act)
		return
	}
	switch act.Choice &^ growBits {
	case sendSignals:
		s.signalPlain(f, "an argument is of the wrong type")
	case sendWaits:
		s.beginWait(act)
	case sendFindsAlive:
		s.set(f, frameStage, stageAlive)
	case sendFindsFull:
		s.isFull(s.law.mailboxFor(s, act))
	case sendDead:
		s.sendToDead(act)
	case sendGivesUp:
		s.law.givesUp(s, act)
	case sendStays, sendFalls, sendSaysDone, sendPasses:
		s.outlivesTarget(act)
	default:
		s.law.sends(s, act)
	}
}
