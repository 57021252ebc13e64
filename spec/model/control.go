package model

import "github.com/mpcheck/mpcheck/spec"

// Control: operations that run code in frames nested on their process, and the throws that
// leave such frames: kills, errors, restarts.
//
// A throw marks the frames it leads past. Each is left when it is the innermost: its open
// operation never returns, its code ends, and the frame around it is next. The cleanup form
// of an unwind-protect runs on the way in a fresh frame, which is not marked.

// Stages of an operation that runs code: 0 before it.
const (
	stageBody    = iota + 1 // its body runs, or has just ended
	stageCleanup            // the cleanup form of an unwind-protect, the handler of a handler-case
	stageCaught             // a handler-case has caught an error and its body is being left

	// From here on it is any operation that signalled an error: a handler runs, or has
	// declined; or the handler has continued it.
	stageHandling
	stageContinued
)

var controlRules = []rule{
	{
		op: "funcall",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if !callable(u, call.Arg(0)) {
				return wrongType("the function", call.Arg(0), "a function designator")
			}
			o.args[0] = uint64(u.Intern(call.Arg(0)))
			if len(call.Args) > 1 {
				o.args[1] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
			}
			return nil
		},
		effect: func(s *State, act Act) {
			if s.get(act.Frame, frameStage) == stageBody {
				s.returnsInner(act.Frame)
				return
			}
			code, ok := s.code(Term(s.get(act.Frame, frameArg0)))
			if !ok {
				s.signal(act.Frame, s.undefined(Term(s.get(act.Frame, frameArg0))))
				return
			}
			s.enter(act.Frame, stageBody, code, Term(s.get(act.Frame, frameArg1)))
		},
		waits: waitsForCode,
	},
	{
		op:      "unwind-protect",
		decode:  decodeCode(2),
		clauses: []string{"PROC-EXIT-5", "PROC-KILL-1", "PROC-KILL-4", "CLEAN-UNW-1"},
		effect: func(s *State, act Act) {
			f := act.Frame
			switch s.get(f, frameStage) {
			case 0:
				s.enter(f, stageBody, s.get(f, frameArg0), NilTerm)
			case stageBody:
				s.set(f, frameArg2, s.get(f, frameInner))
				s.enter(f, stageCleanup, s.get(f, frameArg1), NilTerm)
			default:
				s.set(f, frameInner, s.get(f, frameArg2))
				s.returnsInner(f)
			}
		},
		waits: waitsForCode,
	},
	{
		// An error reaches it by signal-error; what an operation signals is its caller's.
		op:     "handler-case",
		decode: decodeCode(2),
		effect: func(s *State, act Act) {
			f := act.Frame
			switch s.get(f, frameStage) {
			case 0:
				s.enter(f, stageBody, s.get(f, frameArg0), NilTerm)
			case stageCaught:
				s.enter(f, stageCleanup, s.get(f, frameArg1), Term(s.get(f, frameArg2)))
			default:
				s.returnsInner(f)
			}
		},
		waits: waitsForCode,
	},
	{
		// While its body runs, its handler is called for what an operation of the process
		// signals, before the operation answers.
		op:     "handler-bind",
		decode: decodeCode(2),
		effect: runBody,
		waits:  waitsForCode,
	},
	{
		op:     "with-continue-restart",
		decode: decodeCode(1),
		effect: func(s *State, act Act) {
			switch s.get(act.Frame, frameStage) {
			case stageCaught:
				s.returns(act.Frame, NilTerm, TrueTerm)
			case stageBody:
				values, _ := spec.Items(s.u.Value(Term(s.get(act.Frame, frameInner))))
				s.returns(act.Frame, s.u.Intern(spec.Values(values...).Primary()), NilTerm)
			default:
				runBody(s, act)
			}
		},
		waits: waitsForCode,
	},
	{
		op: "invoke-restart",
		decode: func(_ *Universe, call spec.Call, _ *Operation) *spec.Condition {
			if name, ok := call.Arg(0).(spec.Symbol); !ok || name.Name != "continue" {
				return &spec.Condition{Type: "control-error", Message: "no restart is named " + call.Arg(0).String()}
			}
			return nil
		},
		effect: invokeContinue,
	},
	{
		op: "signal-error",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			message, ok := call.Arg(0).(spec.String)
			if !ok {
				return wrongType("the message", call.Arg(0), "a string")
			}
			o.args[0] = uint64(u.Intern(spec.NewList(spec.NewList(spec.String("simple-error"), message))))
			return nil
		},
		clauses: []string{"PROC-EXIT-4", "CLEAN-RUN-5", "CLEAN-ERR-1"},
		enabled: signalErrorActs,
		effect:  signalError,
		waits:   func(*State, ID) string { return "somebody at its debugger" },
		by:      func(*State, ID) (ID, bool) { return 0, true }, // no process
	},
}

func decodeCode(n int) func(*Universe, spec.Call, *Operation) *spec.Condition {
	return func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
		for i := range n {
			code, ok := call.Arg(i).(spec.Callback)
			if !ok {
				return wrongType("the code", call.Arg(i), "a callback")
			}
			o.args[i] = uint64(code) + 1
		}
		return nil
	}
}

func waitsForCode(*State, ID) string { return "the code that it runs" }

// enter runs code in a frame nested in f, whose operation goes on afterwards.
func (s *State) enter(f ID, stage, code uint64, arguments Term) {
	s.set(f, frameStage, stage)
	s.pushFrame(ID(s.get(f, frameProcess)), code, arguments)
}

func runBody(s *State, act Act) {
	if s.get(act.Frame, frameStage) == 0 {
		s.enter(act.Frame, stageBody, s.get(act.Frame, frameArg0), NilTerm)
		return
	}
	s.returnsInner(act.Frame)
}

// returnsInner returns what the code that ran last returned, three values at most.
func (s *State) returnsInner(f ID) {
	if Term(s.get(f, frameInner)) == unspecified {
		s.returns(f, unspecified)
		return
	}
	values, _ := spec.Items(s.u.Value(Term(s.get(f, frameInner))))
	var terms []Term
	for _, v := range values[:min(3, len(values))] {
		terms = append(terms, s.u.Intern(v))
	}
	s.returns(f, terms...)
}

// throw marks the frames of a process from the innermost to the one that target is
// around; with target 0 all of them.
func (s *State) throw(p, target ID) {
	for f := ID(s.get(p, processFrame)); f != target && f != 0; f = ID(s.get(f, frameParent)) {
		s.set(f, frameUnwound, 1)
	}
}

// KillReaches tells whether a process has been killed and has yet to unwind for it.
func (s *State) KillReaches(p ID) bool {
	return s.get(p, processKilled) != 0 && s.get(p, processPhase) == phaseRunning
}

// unwind leaves the innermost frame of a process. Where that is due to a kill which
// reaches the process only now, all its frames will be left.
func (s *State) unwind(a Act) Label {
	f := a.Frame
	if s.get(f, frameUnwound) == 0 {
		s.set(a.Process, processKilled, 0)
		s.throw(a.Process, 0)
	}
	if s.mutant == KillSkipsUnwindForms && s.get(a.Process, processDying) != 0 {
		s.finish(f, statusGone)
		return s.outcome(a)
	}
	if a.Kind == Unwind && rules[s.get(f, frameRule)].op == "unwind-protect" && s.get(f, frameStage) == stageBody {
		s.enter(f, stageCleanup, s.get(f, frameArg1), NilTerm)
	} else {
		s.finish(f, statusGone)
	}
	return s.outcome(a)
}

// Ways in which an error that nobody handles may go (PROC-EXIT-4, CLEAN-ERR-1).
const (
	errorLeaves   = iota // the process dies; in a cleanup form, the form is left
	errorDebugger        // the process waits in a debugger
	errorSkips           // in a cleanup form: the remaining forms are not run
)

// catcher returns the innermost handler-case around a frame whose body it is in.
func (s *State) catcher(f ID) ID {
	for f = ID(s.get(f, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		if rules[s.get(f, frameRule)].op == "handler-case" && s.get(f, frameStage) == stageBody && s.get(f, frameUnwound) == 0 {
			return f
		}
	}
	return 0
}

func signalErrorActs(s *State, act Act, out []Act) []Act {
	if s.get(act.Frame, frameStage) != 0 {
		return out // it waits in the debugger
	}
	out = append(out, act)
	if s.catcher(act.Frame) != 0 {
		return out
	}
	act.Choice = errorDebugger
	out = append(out, act)
	if s.get(act.Process, processPhase) == phaseEnding {
		act.Choice = errorSkips
		out = append(out, act)
	}
	return out
}

func signalError(s *State, act Act) {
	f, target := act.Frame, s.catcher(act.Frame)
	switch act.Choice {
	case errorDebugger:
		s.set(f, frameStage, stageBody)
		return
	case errorSkips:
		s.dropCleanups(act.Process)
	}
	if target != 0 {
		s.set(target, frameStage, stageCaught)
		s.set(target, frameArg2, s.get(f, frameArg0))
	} else if s.get(act.Process, processPhase) == phaseRunning {
		s.set(act.Process, processDying, 1)
		if s.mutant == ErrorSkipsCleanups {
			s.dropCleanups(act.Process)
		}
	}
	s.throw(act.Process, target)
	s.finish(f, statusGone)
}

// callHandler runs the handler of the innermost handler-bind that is around a frame and in
// its body, for the error of operation f; false where there is none.
func (s *State) callHandler(f, around ID) bool {
	for h := ID(s.get(around, frameParent)); h != 0; h = ID(s.get(h, frameParent)) {
		if s.get(h, frameStage) >= stageHandling {
			return false // a handler is itself run outside the handlers of its error
		}
		if rules[s.get(h, frameRule)].op != "handler-bind" || s.get(h, frameStage) != stageBody {
			continue
		}
		c := s.u.conditions[s.get(f, frameFault)]
		s.set(f, frameArg4, uint64(h))
		s.enter(f, stageHandling, s.get(h, frameArg1),
			s.u.Intern(spec.NewList(spec.NewList(spec.String(c.Type), spec.String(c.Message)))))
		return true
	}
	return false
}

// handled goes on with an operation that signalled an error after a handler has returned,
// and so declined, or has continued it.
func (s *State) handled(a Act) {
	if s.get(a.Frame, frameStage) == stageContinued {
		s.returns(a.Frame, NilTerm) // SEND-DEAD-3
		return
	}
	if !s.callHandler(a.Frame, ID(s.get(a.Frame, frameArg4))) {
		s.set(a.Frame, frameStage, 0)
		s.finish(a.Frame, statusSignalled)
	}
}

// invokeContinue throws to the innermost restart named continue: that of an operation which
// signalled a continuable error, or of a with-continue-restart.
func invokeContinue(s *State, act Act) {
	for f := ID(s.get(act.Frame, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		stage := uint64(0)
		switch {
		case s.get(f, frameUnwound) != 0:
		case s.get(f, frameStage) == stageHandling && s.u.conditions[s.get(f, frameFault)].Continuable:
			stage = stageContinued
		case rules[s.get(f, frameRule)].op == "with-continue-restart" && s.get(f, frameStage) == stageBody:
			stage = stageCaught
		}
		if stage != 0 {
			s.set(f, frameStage, stage)
			s.throw(act.Process, f)
			s.finish(act.Frame, statusGone)
			return
		}
	}
	s.signal(act.Frame, s.u.condition(spec.Condition{Type: "control-error", Message: "no restart is named continue"}))
}
