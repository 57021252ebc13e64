package model

import "github.com/mpcheck/mpcheck/spec"

var sendRules = []rule{
	{
		op: "process-send",
		clauses: []string{"SEND-SIG-1", "SEND-Q-1", "SEND-Q-2", "SEND-Q-4", "SEND-MB-1", "SEND-MB-2", "SEND-MB-4",
			"SEND-DEAD-1", "SEND-DEAD-2", "SEND-DEAD-4", "SEND-DEAD-5", "SEND-DEAD-7", "SEND-DEAD-8",
			"SEND-LIM-1", "SEND-LIM-2", "SEND-LIM-4", "SEND-LIM-5", "SEND-LIM-6", "SEND-TMO-1", "SEND-TMO-2", "SEND-RET-1", "SEND-RET-2"},
		decode:  decodeSend,
		enabled: sendActs,
		effect:  send,
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waits: func(s *State, f ID) string {
			m := ID(s.get(ID(s.get(f, frameArg0)), processMailbox))
			return s.waitsForRoom(m, s.get(f, frameArg2))
		},
	},
}

// Arguments of process-send: process, object, limit or 0 for none, error-if-dead-p.
func decodeSend(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindProcess, &o.args[0]); c != nil {
		return c // SEND-ARG-1: an error
	}
	o.args[1] = uint64(u.Intern(call.Arg(1)))
	if v, ok := call.Key("error-if-dead-p"); ok && spec.Truth(v) {
		o.args[3] = 1
	}
	limit, ok := call.Key("limit")
	if !ok || !spec.Truth(limit) {
		return nil // SEND-TMO-1: without a limit the timeout is ignored
	}
	timeout, ok := call.Key("timeout")
	if !ok {
		timeout = spec.Nil{}
	}
	return decodeLimit(limit, timeout, o)
}

// Ways in which a send may go.
const (
	sendQueues = iota
	sendDead
	sendMutant
)

func sendActs(s *State, act Act, out []Act) []Act {
	f, p := act.Frame, ID(s.get(act.Frame, frameArg0))
	phase := s.get(p, processPhase)
	m := ID(s.get(p, processMailbox))
	act.Object = anyObject // the process, which may end, and its mailbox
	if phase != phaseDead {
		limit := s.get(f, frameArg2)
		switch {
		case limit == 0 || m == 0 || s.hasRoom(m, limit):
			out = append(out, act)
		case s.get(f, frameDeadline) == never && (s.mutant == LimitedSendNeverWaits || s.mutant == LimitedSendIgnoresLimit):
			act.Choice = sendMutant
			out = append(out, act)
		}
	}
	if phase >= phaseEnding {
		// SEND-DEAD-1, -2; while the process is ending either answer is allowed (SEND-DEAD-5, -LIM-6).
		act.Choice = sendDead
		out = append(out, act)
	}
	return out
}

func send(s *State, act Act) {
	f, p, object := act.Frame, ID(s.get(act.Frame, frameArg0)), Term(s.get(act.Frame, frameArg1))
	switch act.Choice {
	case sendDead:
		if s.get(f, frameArg3) != 0 {
			s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead", Continuable: true}))
			return
		}
		s.returns(f, NilTerm)
		return
	case sendMutant:
		if s.mutant == LimitedSendNeverWaits {
			s.returns(f, NilTerm)
			return
		}
	}
	m := ID(s.get(p, processMailbox))
	if m == 0 { // SEND-MB-1
		m = s.newMailbox(p, defaultSize)
		s.set(p, processMailbox, uint64(m))
	}
	s.deliver(m, object)
	s.returns(f, TrueTerm)
}

// The mutants of this chapter.
const (
	LimitedSendNeverWaits   Mutant = "limited-send-never-waits"
	LimitedSendIgnoresLimit Mutant = "limited-send-ignores-limit"
)

var sendMutants = []MutantInfo{
	{LimitedSendNeverWaits, []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox returns false at once"},
	{LimitedSendIgnoresLimit, []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox grows it past its limit instead of waiting"},
}
