package model

import "github.com/mpcheck/mpcheck/spec"

// Foreign threads: threads that the Lisp did not create. Each is idle in foreign code until it is given something to
// call; then it has a process object, which lives through the outermost callable, and through its cleanups, as any
// process does through its function. What control is given back to afterwards is foreign code. The process may be there
// again in the next call, or another is made: the documents don't say (CLEAN-FOR-5).

// Slots of call-on-foreign-thread.
const (
	foreignThread = argSubject
	foreignBody   = argObject
	foreignLeft   = argObject + 1 // the call was not left by a return
)

// stageBack: the foreign thread has control back.
const stageBack = stageCleanup

// What is in the log of a foreign thread beside what is noted.
var (
	foreignCall = spec.Keyword("call")
	foreignBack = spec.Keyword("back")
)

// Ways in which a foreign thread may call in, and in which it may have control back.
const (
	foreignNew   = iota // a process is made for it
	foreignSame         // it has the process of the call before
	foreignAgain        // with the cleanups that have run then (CLEAN-FOR-4)

	// One of these, and the bindings that it had are still there; or what else was set of it is as in a new one.
	foreignBound = 1 << 4
	foreignUnset = 1 << 5

	foreignKeeps = 1 << 7 // foreign code in between keeps an error to itself, and returns whatever it likes
	foreignFails = 1 << 6 // its caller gets an error, the callable having been left otherwise than by a return
)

// A foreignLaw decides what becomes of foreign threads.
type foreignLaw struct {
	// idleCounts: a thread that has not called in is counted as a process.
	idleCounts bool
	// callsIn begins the call of an outermost callable, innerReturns is what is done when an inner one has returned, and
	// goesBack has control come back to the foreign code.
	callsIn      func(s *State, act Act)
	innerReturns func(s *State, act Act)
	goesBack     func(s *State, p ID, rests bool)
	// ownProcess is who the current process is inside.
	ownProcess func(s *State, p ID) ID
	// bindsInside evaluates what gives the process of a callable its first bindings.
	bindsInside func(s *State, p ID, way uint16) *evaluation
}

var documentedForeign = foreignLaw{
	callsIn:      callIn,
	innerReturns: func(s *State, act Act) { s.returnsInner(act.Frame) },
	goesBack:     (*State).goBack,
	ownProcess:   func(_ *State, p ID) ID { return p },
	bindsInside:  bindingsInside,
}

var foreignRules = []rule{
	{
		op: "make-foreign-thread",
		effect: func(s *State, act Act) {
			s.cite("PROC-COUNT-3")
			t := s.make(act, KindForeign)
			s.set(t, foreignImage, uint64(s.imageOf(act.Process)))
			s.returns(act.Frame, s.u.RefTerm(t))
		},
	},
	{
		op: "call-on-foreign-thread",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			code, ok := call.Arg(1).(spec.Callback)
			if !ok {
				return wrongType("the code", call.Arg(1), "a callback")
			}
			o.args[foreignBody] = uint64(code) + 1
			return objectArg(u, call.Arg(0), KindForeign, &o.args[foreignThread])
		},
		enabled: callInActs,
		effect: func(s *State, act Act) {
			switch {
			case act.Choice == foreignFails:
				s.cite("PROC-EXIT-4", "PROC-CUR-4")
				s.signalPlain(act.Frame, "the callable was left")
				return
			case s.get(act.Frame, frameStage) == stageBack:
				s.returnsInner(act.Frame)
				return
			}
			s.law.callsIn(s, act)
		},
		waitsOn: firstArgument,
		waits: func(s *State, f ID) string {
			if s.get(f, frameStage) == 0 {
				return "another call of the foreign thread to end"
			}
			return "the code that it runs"
		},
		endedBy: func(s *State, f ID) (ID, bool) {
			return ID(s.get(s.subject(f), foreignProcess)), true
		},
	},
	{
		op:     "call-foreign",
		decode: decodeCode(1),
		enabled: func(s *State, act Act, out []Act) []Act {
			out = append(out, act)
			if s.get(act.Frame, frameStage) == stageCaught {
				act.Choice = foreignKeeps
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			switch s.get(act.Frame, frameStage) {
			case 0:
				s.enter(act.Frame, stageBody, s.arg(act.Frame, codeBody), NilTerm)
				return
			case stageCaught: // see errorLeavesForeign
				if act.Choice == foreignKeeps {
					s.returns(act.Frame, unspecified)
					return
				}
				s.signal(act.Frame, uint32(s.arg(act.Frame, codeKept)))
				return
			}
			if s.get(act.Process, processForeign) != 0 && s.get(act.Process, processCleanups) > 0 {
				s.cite("CLEAN-FOR-2")
			}
			s.law.innerReturns(s, act)
		},
		waits: waitsForCode,
	},
	{
		op: "foreign-thread-note",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if n, ok := call.Arg(1).(spec.Int); !ok || n < 0 || n > mostNoted {
				return wrongType("the note", call.Arg(1), "an integer from 0 to 1000000")
			}
			o.args[argObject] = uint64(u.Intern(call.Arg(1)))
			return objectArg(u, call.Arg(0), KindForeign, &o.args[argSubject])
		},
		touches: writesSubject,
		effect: func(s *State, act Act) {
			s.cite("CLEAN-FOR-1")
			s.push(s.subject(act.Frame), foreignLog, Term(s.arg(act.Frame, argObject)))
			s.returns(act.Frame, unspecified)
		},
	},
	{
		op:      "foreign-thread-log",
		decode:  decodeObject(KindForeign),
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.cite("CLEAN-FOR-1")
			terms := s.elements(s.subject(act.Frame), foreignLog, nil)
			items := make([]spec.Value, len(terms))
			for i, t := range terms {
				items[i] = s.u.Value(t)
			}
			s.returns(act.Frame, s.u.Intern(spec.NewList(items...)))
		},
	},
}

// mostNoted is the greatest integer that foreign code takes.
const mostNoted = 1_000_000

// callInActs lists the ways in which a foreign thread may call in, once it is idle.
func callInActs(s *State, act Act, out []Act) []Act {
	f := act.Frame
	t := s.subject(f)
	act.Touches = onlyWrites(t)
	switch s.get(f, frameStage) {
	case stageBack:
		out = append(out, act)
		if act.Choice = foreignFails; s.open && s.arg(f, foreignLeft) != 0 {
			out = append(out, act)
		}
		return out
	case 0:
	default:
		return out
	}
	if s.get(t, foreignBusy) != 0 {
		return out
	}
	last := ID(s.get(t, foreignProcess))
	resting := last != 0 && s.get(last, processPhase) == phaseResting
	if !resting || s.open {
		out = append(out, act)
	}
	if resting || s.open && last != 0 {
		act.Touches = act.Touches.writing(last)
		act.Choice = foreignSame
		from := len(out)
		out = append(out, act)
		if s.open && s.get(last, processRan) != 0 {
			act.Choice = foreignAgain
			out = append(out, act)
		}
		if s.get(last, processBindings) != 0 {
			out = either(out, from, 0, foreignBound)
		}
		if s.open && s.isSetUp(last) {
			out = either(out, from, 0, foreignUnset)
		}
	}
	return out
}

// callIn has a foreign thread call code in, in a process.
func callIn(s *State, act Act) {
	f := act.Frame
	t := s.subject(f)
	p := ID(s.get(t, foreignProcess))
	if p != 0 { // of an earlier call
		s.cite("CLEAN-FOR-4", "CLEAN-FOR-5")
	}
	if act.Choice == foreignNew {
		s.cite("PROC-CUR-4")
		p = s.newProcess(s.made(act, 0, KindProcess), s.imageOf(act.Process))
		s.set(p, processName, uint64(s.u.Intern(foreignName)))
		s.set(p, processMark, markUnknown)
		if s.open { // its name and priority are the implementation's
			s.set(p, processName, uint64(NoTerm))
			s.set(p, processComputed, priorityAny)
		}
		s.set(p, processForeign, uint64(t))
	} else {
		if act.Choice&foreignBound == 0 {
			s.unbindTo(p, 0)
		}
		if act.Choice&foreignUnset != 0 {
			s.unset(p)
		}
		s.wakeForCall(p, act.Choice&^(foreignBound|foreignUnset) == foreignAgain)
	}
	s.set(p, processPhase, phaseCreated)
	s.set(p, processFound, 0)
	s.set(p, processFunction, s.arg(f, foreignBody))
	s.set(p, processArguments, uint64(NilTerm))
	s.set(p, processServes, uint64(f))
	s.set(t, foreignProcess, uint64(p))
	s.set(t, foreignBusy, 1)
	s.push(t, foreignLog, s.u.Intern(foreignCall))
	s.set(f, frameStage, stageBody)
}

const foreignName = spec.String("foreign thread")

// isSetUp tells whether something was set of a process that a new one has not: a terminate method, a mailbox, a priority.
func (s *State) isSetUp(p ID) bool {
	return !s.methodOf(p).isNone() || s.get(p, processMailbox) != 0 || s.get(p, processUnboxed) != 0 || s.get(p, processComputed) != priorityAny
}

// unset has them be as in a new one: what a process keeps from one call of its foreign thread to the next no page says.
func (s *State) unset(p ID) {
	setMethod(s, p, terminateMethod{})
	s.set(p, processMailbox, 0)
	s.set(p, processUnboxed, 0)
	s.set(p, processPriority, 0)
	s.set(p, processPending, 0)
	s.set(p, processComputed, priorityAny)
}

// foreignAround is the call of foreign code in whose callable a frame is, 0 for none.
func (s *State) foreignAround(f ID) ID {
	for f = ID(s.get(f, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		if s.get(f, frameState) == frameOpen && s.get(f, frameStage) == stageBody && s.get(f, frameUnwound) == 0 && s.OpOf(f) == "call-foreign" {
			return f
		}
	}
	return 0
}

// wakeForCall has the process of an earlier call be there again, in an open state also where it counted as dead.
func (s *State) wakeForCall(p ID, again bool) {
	if s.get(p, processPhase) == phaseDead {
		s.enlist(p)
		s.set(p, processKilled, 0)
		s.set(p, processRefuses, 0)
	}
	s.set(p, processDying, s.get(p, processKilled))
	ran := s.bindings(p, processRan)
	s.set(p, processRan, 0)
	if !again {
		return
	}
	for _, r := range ran {
		if priority, ok := s.u.Value(r.value).(spec.Int); ok && s.findCleanup(p, r.symbol) == 0 {
			s.addCleanupIn(p, r.symbol, int64(priority), s.wayOf(p, p, r.symbol, int64(priority), false))
		}
	}
}

// keepRan notes, in an open state, that a cleanup form of a foreign thread's process runs: it may do so again (CLEAN-FOR-4).
func (s *State) keepRan(p ID, form Term, priority int64) {
	if !s.open || s.get(p, processForeign) == 0 {
		return
	}
	ran := s.bindings(p, processRan)
	at := findBinding(ran, form)
	if at < 0 {
		at = len(ran)
		for i, r := range ran { // in an order that says nothing of how it came about
			if r.symbol > form {
				at = i
				break
			}
		}
		ran = append(ran[:at:at], append([]binding{{symbol: form}}, ran[at:]...)...)
	}
	ran[at].value = s.u.Intern(spec.Int(priority))
	s.setBindings(p, processRan, ran)
}

// ThreadOf is the foreign thread that a process is one of, 0 for every other process.
func (s *State) ThreadOf(p ID) ID {
	if s.u.kinds[p] != KindProcess || !s.exists(p) {
		return 0
	}
	return ID(s.get(p, processForeign))
}

// citeForeignCount cites what is said of a count where there are foreign threads.
func (s *State) citeForeignCount() {
	if s.cited == nil {
		return
	}
	for id, base := range s.base {
		if base != 0 && s.u.kinds[id] == KindForeign {
			s.cite("PROC-COUNT-3")
			return
		}
	}
}

// idleCounted is how many threads that have not called in count as processes: none.
func (s *State) idleCounted() (n int) {
	if !s.law.idleCounts {
		return 0
	}
	for id, base := range s.base {
		if base != 0 && s.u.kinds[id] == KindForeign && s.get(ID(id), foreignProcess) == 0 {
			n++
		}
	}
	return n
}

// endsOutside tells whether, in an open state, the process of a foreign thread may count as ended before control is back in the
// foreign code: no code of it is left to run.
func (s *State) endsOutside(p ID) bool {
	return s.open && s.get(p, processForeign) != 0 && s.get(p, processPhase) == phaseEnding && s.innermost(p) == 0 && s.get(p, processCleanups) == 0
}
