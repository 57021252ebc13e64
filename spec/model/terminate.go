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
			decodeTerminator(u, v, o, &o.args[methodRemote])
			v, _ = call.Key("local-terminator")
			decodeTerminator(u, v, o, &o.args[methodLocal])
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			method := s.methodOfCall(act.Frame)
			if s.namesTerminators(method) {
				act.Touches = everything
			}
			if out = append(out, act); s.open && !s.callsTerminators(act.Process, method) {
				act.Choice = methodRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			s.cite("PROC-TERM-5")
			if act.Choice == methodRefused {
				s.signal(act.Frame, s.undefined(Term(s.arg(act.Frame, methodRemote))))
				return
			}
			s.law.setsMethod(s, act.Process, s.methodOfCall(act.Frame))
			s.returns(act.Frame, unspecified)
		},
	},
}

// Slots of these: when it is to be killed, one more than in so many microseconds, 0 for never; whether it is waited
// for. Slot 0 is the process.
const (
	terminateForces slot = iota + 1
	terminateWaits

	methodRemote, methodBySend, methodLocal slot = 0, 1, 2
)

// terminatorRuns is the stage of a termination in which a remote terminator runs, or has just ended.
const terminatorRuns = stageCaught

// methodRefused is an error for a terminator that can't be called.
const methodRefused = 1

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
	terminateTells                  // a local terminator is called with the process
	terminateEarly                  // it has one, and has not begun: an error

	terminateHere  = 1 << 9  // or who terminates it calls the terminator for it; beside,
	terminateNames = 1 << 10 // with the process
	terminateEnds  = 1 << 11 // and that ends it, whatever the terminator does

	terminateForced = 1 << 12 // beside killBlocked: the process is killed when it would be all the same
)

func terminateActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = onlyWrites(p)
	before := len(out)
	dead := s.get(p, processPhase) == phaseDead
	switch stage := s.get(act.Frame, frameStage); {
	case stage == 0:
		if method := s.methodOf(p); !method.isNone() {
			act.Touches = everything // its mailbox too, or what the code looks at
			by := act
			if by.Choice = terminateByMethod; !dead || s.open {
				out = append(out, by)
			}
			if by.Choice = terminateTells; s.open && method.remote == 0 && method.local != 0 {
				out = append(out, by)
			}
			early := method.remote == 0 && method.local != 0 && s.get(p, processPhase) == phaseCreated // it can't call anything
			if dead || s.open && (early || s.MayEnd(p) || !s.callsTerminators(act.Process, method)) {  // there is nothing to be done, or by nobody
				out = append(out, act)
			}
			if by.Choice = terminateEarly; s.open && early {
				out = append(out, by)
				by.Choice = terminateHere
				from := len(out)
				out = either(append(out, by), from, 0, terminateNames)
				out = either(out, from, 0, terminateEnds)
			}
		} else {
			out = append(out, act)
		}
		switch { // as process-kill
		case s.open && dead:
			act.Choice = killRefused
			out = append(out, act)
		case s.methodOf(p).isNone() && s.refusesBlocked(act.Process, p):
			from := len(out)
			act.Choice = killBlocked
			if out = append(out, act); s.arg(act.Frame, terminateForces) != 0 {
				out = either(out, from, 0, terminateForced)
			}
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
	case act.Choice&^terminateForced == killBlocked:
		s.cite("PROC-TERM-1")
		if act.Choice != killBlocked {
			s.forceLater(p, s.arg(f, terminateForces))
		}
		s.refuseBlocked(act)
		return
	case act.Choice == terminateEarly:
		s.cite("PROC-TERM-4", "PROC-KILL-8")
		s.signalPlain(f, "the process has not begun")
		return
	}
	if s.open {
		s.set(p, processTerminated, 1)
	}
	s.forceLater(p, s.arg(f, terminateForces))
	if act.Choice&terminateHere != 0 {
		s.callLocalHere(act, p)
		return
	}
	if act.Choice == terminateByMethod || act.Choice == terminateTells {
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

// useMethod: a remote terminator is called here, with the process; else a local one there; else what ends it is sent to it.
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
	if s.get(p, processLocal) != 0 {
		s.useLocal(act, p)
		return
	}
	s.cite("PROC-TERM-5")
	s.sendEnd(p)
	s.goOnTerminating(f)
}

// useLocal has a process call its local terminator, as it takes an interrupt; when that is no page says, nor with what.
func (s *State) useLocal(act Act, p ID) {
	s.cite("PROC-TERM-4")
	local := Term(s.get(p, processLocal))
	if _, ok := s.code(act.Process, local); !ok {
		s.signal(act.Frame, s.undefined(local))
		return
	}
	s.queueLocal(act, p, act.Choice == terminateTells)
	s.goOnTerminating(act.Frame)
}

// callLocalHere calls the local terminator of a process that has yet to begin, and can't itself.
func (s *State) callLocalHere(act Act, p ID) {
	s.cite("PROC-TERM-4", "PROC-KILL-8")
	local := Term(s.get(p, processLocal))
	code, ok := s.code(act.Process, local)
	if !ok {
		s.signal(act.Frame, s.undefined(local))
		return
	}
	if act.Choice&terminateEnds != 0 {
		s.kill(p)
	}
	s.enter(act.Frame, terminatorRuns, code, s.u.Intern(spec.NewList(s.toldOf(p, act.Choice&terminateNames != 0)...)))
}

// toldOf are the arguments of a local terminator: the process, or nothing.
func (s *State) toldOf(p ID, told bool) []spec.Value {
	if !told {
		return nil
	}
	return []spec.Value{s.u.Ref(p)}
}

// queueLocal has a process take its local terminator, with itself or with nothing.
func (s *State) queueLocal(act Act, p ID, told bool) {
	applies := append([]spec.Value{localTerminator, s.u.Value(Term(s.get(p, processLocal)))}, s.toldOf(p, told)...)
	queueInterrupt(s, act, p, s.u.Intern(spec.NewList(applies...)))
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
	after = s.law.forcesAfter(after)
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
		if ways = []uint16{joinWaits, joinRefused, joinNil}; s.get(p, processPhase) == phaseEnding {
			ways = append(ways, joinReturns)
		}
	case s.get(p, processPhase) == phaseEnding:
		ways = []uint16{joinReturns, joinWaits}
	}
	for _, act.Choice = range ways {
		out = append(out, act)
	}
	return out
}
