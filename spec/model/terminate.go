package model

import "github.com/mpcheck/mpcheck/spec"

// Terminating a process: by its terminate method where it has one, else by a kill; and by a kill in any case once a
// time has passed.

var terminateRules = []rule{
	{
		op:      "process-terminate",
		decode:  decodeTerminate,
		enabled: terminateActs,
		effect:  terminate,
		timeUp: func(s *State, act Act) {
			s.cite("PROC-TERM-2")
			s.returns(act.Frame, s.law.terminateInVain)
		},
		waitsOn: firstArgument,
		waits: func(s *State, f ID) string {
			if s.get(f, frameStage) == terminatorRuns {
				return waitsForCode(s, f)
			}
			return waitsForDeath(s, f)
		},
		endedBy: byTarget,
	},
	{
		op: "current-process-set-terminate-method",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[methodBySend] = 1
			if v, given := call.Key("terminate-by-send"); given && !spec.Truth(v) {
				o.args[methodBySend] = 0
			}
			v, _ := call.Key("remote-terminator")
			return decodeTerminator(u, v, &o.args[methodRemote])
		},
		lacks: func(call spec.Call) bool { v, _ := call.Key(localTerminator); return spec.Truth(v) },
		effect: func(s *State, act Act) {
			s.cite("PROC-TERM-5")
			s.law.setsMethod(s, act.Process, s.arg(act.Frame, methodRemote), s.arg(act.Frame, methodBySend))
			s.returns(act.Frame, unspecified)
		},
	},
}

// Slots of these: when it is to be killed, one more than in so many microseconds, 0 for never; whether it is waited
// for. Slot 0 is the process.
const (
	terminateForces slot = iota + 1
	terminateWaits

	methodRemote, methodBySend slot = 0, 1
)

// terminatorRuns is the stage of a termination in which a remote terminator runs, or has just ended.
const terminatorRuns = stageCaught

// decodeTerminator reads a function that terminates, nil for none.
func decodeTerminator(u *Universe, v spec.Value, into *uint64) *spec.Condition {
	if v == nil || !spec.Truth(v) {
		return nil
	}
	if !callable(u, v) {
		return wrongType("the terminator", v, "a function designator")
	}
	*into = uint64(u.Intern(v))
	return nil
}

// localTerminator is the keyword of a terminator that is called in the process that it is to end: when that is no page
// says, and the specification has no rule for it.
const localTerminator = "local-terminator"

func setMethod(s *State, p ID, remote, bySend uint64) {
	s.set(p, processRemote, remote)
	s.set(p, processBySend, bySend)
}

func decodeTerminate(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if timeout, ok := call.Key("force-timeout"); ok {
		if o.withinOrNot(u, timeout); o.deadline != never {
			o.args[terminateForces] = o.deadline + 1
		}
		o.deadline = never
	}
	if timeout, ok := call.Key("join-timeout"); ok {
		o.joinsWithin(u, timeout)
		o.args[terminateWaits] = uint64(truth(spec.Truth(timeout)))
	}
	if o.args[terminateWaits] != uint64(TrueTerm) {
		o.deadline = never
	}
	return objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject])
}

// Ways of terminating a process, beside those of a kill.
const (
	terminateByMethod = 1<<8 + iota // also where it is ending, or dead
)

func (s *State) hasMethod(p ID) bool { return s.get(p, processRemote)|s.get(p, processBySend) != 0 }

func terminateActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = onlyWrites(p)
	before := len(out)
	dead := s.get(p, processPhase) == phaseDead
	switch stage := s.get(act.Frame, frameStage); {
	case stage == 0:
		if s.hasMethod(p) {
			act.Touches = everything // its mailbox too, or what the code looks at
			method := act
			if method.Choice = terminateByMethod; !dead || s.open {
				out = append(out, method)
			}
			if dead || s.open && s.MayEnd(p) { // there is nothing to be done
				out = append(out, act)
			}
		} else {
			out = append(out, act)
		}
		if s.open && dead { // as process-kill
			act.Choice = killRefused
			out = append(out, act)
		}
	case stage == terminatorRuns:
		out = append(out, act)
	default:
		if dead {
			out = append(out, act)
		}
		if s.open && stage == stageBody && !dead { // what a join gives that waits
			out = terminateJoins(s, act, out)
		}
	}
	if len(out) == before {
		s.cite("PROC-TERM-2")
	}
	return out
}

func terminate(s *State, act Act) {
	f := act.Frame
	p := s.subject(f)
	switch stage := s.get(f, frameStage); {
	case stage == terminatorRuns:
		s.cite("PROC-TERM-4")
		s.goOnTerminating(f)
		return
	case stage != 0:
		s.cite("PROC-TERM-2")
		s.join(act, stageCleanup, func() Term { return TrueTerm })
		return
	case act.Choice == killRefused:
		s.cite("PROC-TERM-1", "PROC-KILL-6")
		s.signal(f, s.deadProcess())
		return
	}
	s.forceLater(p, s.arg(f, terminateForces))
	if act.Choice == terminateByMethod {
		s.law.usesMethod(s, act, p)
		return
	}
	s.cite("PROC-TERM-1")
	if s.get(p, processPhase) == phaseDead {
		s.cite("PROC-KILL-6")
	}
	s.kill(p)
	s.goOnTerminating(f)
}

// useMethod: a remote terminator is called here, with the process; else what ends it is sent to it.
func useMethod(s *State, act Act, p ID) {
	f := act.Frame
	if remote := Term(s.get(p, processRemote)); remote != NoTerm {
		s.cite("PROC-TERM-4")
		code, ok := s.code(act.Process, remote)
		if !ok {
			s.signal(f, s.undefined(remote))
			return
		}
		s.enter(f, terminatorRuns, code, s.u.Intern(spec.NewList(s.law.terminatorGets(s, act.Process, p))))
		return
	}
	s.cite("PROC-TERM-5")
	s.sendEnd(p)
	s.goOnTerminating(f)
}

// theEnd is what ends a process that handles it: the simulator sends that. What others send no page says.
var theEnd = spec.NewList(spec.Symbol{Package: "MP", Name: "CURRENT-PROCESS-KILL"})

// sendEnd sends a process what ends it once that is handled.
func (s *State) sendEnd(p ID) {
	if s.get(p, processPhase) == phaseDead {
		return
	}
	m := ID(s.get(p, processMailbox))
	if m == 0 {
		m = s.newOwnMailbox(p)
		s.set(p, processMailbox, uint64(m))
	}
	object := s.u.Intern(theEnd)
	if s.open {
		object = unspecified
		s.set(p, processSent, 1)
		s.set(s.imageOf(p), imageSent, 1)
	}
	s.deliver(m, object, 0, Act{})
}

// goOnTerminating waits for the end of the process, or answers.
func (s *State) goOnTerminating(f ID) {
	s.set(f, frameInner, 0)
	if s.arg(f, terminateWaits) == uint64(TrueTerm) {
		s.set(f, frameStage, stageBody)
		return
	}
	s.returns(f, s.u.Intern(spec.Int(0)))
}

// forceLater has a process be killed in so many microseconds less one, unless it will be earlier.
func (s *State) forceLater(p ID, after uint64) {
	if after == 0 || s.get(p, processPhase) == phaseDead {
		return
	}
	s.cite("PROC-TERM-3")
	t := ID(s.get(p, processForce))
	if t == 0 {
		t = s.timer(s.u.Name(p, 3, KindTimer), p)
		s.set(p, processForce, uint64(t))
	}
	if due := s.get(t, timerDue); due == 0 || due > s.Now()+after {
		s.setTimer(t, after-1)
	}
}

// force kills a process whose time has passed.
func (s *State) force(p ID) {
	s.cite("PROC-TERM-3")
	s.stopTimer(ID(s.get(p, processForce)))
	s.law.killsInTime(s, p)
}

// terminateJoins adds the ways of a process-terminate that begins to wait for a process which is not
// dead: of oneself as a join of oneself, of one that does its cleanups as a join that may not wait for
// them.
func terminateJoins(s *State, act Act, out []Act) []Act {
	var ways []uint16
	switch p := s.subject(act.Frame); {
	case p == act.Process:
		ways = []uint16{joinWaits, joinRefused, joinNil}
	case s.get(p, processPhase) == phaseEnding:
		ways = []uint16{joinReturns, joinWaits}
	}
	for _, act.Choice = range ways {
		out = append(out, act)
	}
	return out
}
