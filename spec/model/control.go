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
	stageBody     = iota + 1 // its body runs, or has just ended
	stageCleanup             // the cleanup form of an unwind-protect, the handler of a handler-case
	stageCaught              // a handler-case has caught an error and its body is being left
	stageDeclined            // no handler has handled the error of a signal-error

	// From here on it is any operation that signalled an error: a handler runs, or has
	// declined; or the handler has continued it.
	stageHandling
	stageContinued
)

// Slots of operations that run code.
const (
	codeBody  slot = iota
	codeAfter      // the cleanup form, or the handler
	codeKept       // what the body returned, or the condition that left it

	calledFunction, calledArguments = argSubject, argObject

	signalCondition slot = 0
)

var controlRules = []rule{
	{
		op: "funcall",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if !callable(u, call.Arg(0)) {
				return wrongType("the function", call.Arg(0), "a function designator")
			}
			o.args[calledFunction] = uint64(u.Intern(call.Arg(0)))
			if len(call.Args) > 1 {
				o.args[calledArguments] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
			}
			return nil
		},
		effect: func(s *State, act Act) {
			if s.get(act.Frame, frameStage) == stageBody {
				s.returnsInner(act.Frame)
				return
			}
			code, ok := s.code(act.Process, Term(s.arg(act.Frame, calledFunction)))
			if !ok {
				s.signal(act.Frame, s.undefined(Term(s.arg(act.Frame, calledFunction))))
				return
			}
			s.enter(act.Frame, stageBody, code, Term(s.arg(act.Frame, calledArguments)))
		},
		waits: waitsForCode,
	},
	{
		op:     "unwind-protect",
		decode: decodeCode(2),
		effect: func(s *State, act Act) {
			f := act.Frame
			switch s.get(f, frameStage) {
			case 0:
				s.enter(f, stageBody, s.arg(f, codeBody), NilTerm)
			case stageBody:
				s.note(f, codeKept, s.get(f, frameInner))
				s.enter(f, stageCleanup, s.arg(f, codeAfter), NilTerm)
			default:
				s.set(f, frameInner, s.arg(f, codeKept))
				s.returnsInner(f)
			}
		},
		waits: waitsForCode,
	},
	{
		// While its body runs, an error that an operation of the process signals leaves the body: the
		// handler is called with it, and what that returns is returned.
		op:     "handler-case",
		decode: decodeCode(2),
		effect: func(s *State, act Act) {
			f := act.Frame
			switch s.get(f, frameStage) {
			case 0:
				s.enter(f, stageBody, s.arg(f, codeBody), NilTerm)
			case stageCaught:
				s.enter(f, stageCleanup, s.arg(f, codeAfter), Term(s.arg(f, codeKept)))
			default:
				s.returnsInner(f)
			}
		},
		waits: waitsForCode,
	},
	{
		// While its body runs, its handler is called for an error that an operation of the process
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
			o.args[signalCondition] = uint64(u.condition(spec.Condition{Type: "simple-error", Message: string(message)}))
			return nil
		},
		enabled: signalErrorActs,
		effect:  signalError,
		waits:   func(*State, ID) string { return "somebody at its debugger" },
		endedBy: func(*State, ID) (ID, bool) { return 0, true }, // no process
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
	s.pushFrame(ID(s.get(f, frameThread)), newFrame{code: code, arguments: arguments})
}

func runBody(s *State, act Act) {
	if s.get(act.Frame, frameStage) == 0 {
		s.enter(act.Frame, stageBody, s.arg(act.Frame, codeBody), NilTerm)
		return
	}
	s.returnsInner(act.Frame)
}

// returnsInner returns what the code that ran last returned.
func (s *State) returnsInner(f ID) {
	if Term(s.get(f, frameInner)) == unspecified {
		s.returns(f, unspecified)
		return
	}
	values, _ := spec.Items(s.u.Value(Term(s.get(f, frameInner))))
	terms := make([]Term, len(values))
	for i, v := range values {
		terms[i] = s.u.Intern(v)
	}
	s.returns(f, terms...)
}

// throw marks the frames of a process from the innermost to the one that target is
// around; with target 0 all of them.
func (s *State) throw(p, target ID) {
	for f := s.innermost(p); f != target && f != 0; f = ID(s.get(f, frameParent)) {
		if s.get(f, frameUnwound) == 0 {
			s.set(f, frameUnwound, unwound)
		}
	}
}

// citeUnhandled cites what is said of an error that nobody handled.
func (s *State) citeUnhandled(p ID) {
	if s.get(p, processPhase) == phaseEnding && !s.late(p) {
		s.cite("CLEAN-ERR-1")
		return
	}
	s.cite("PROC-EXIT-4")
}

// endInError: one that an unhandled error ends runs its cleanups as any.
func endInError(s *State, p ID) {
	if s.get(p, processCleanups) > 0 {
		s.cite("CLEAN-RUN-5")
	}
	s.set(p, processDying, 1)
}

// handler returns the operation whose handler is next for an error around which a frame is: a
// handler-bind or handler-case in whose body that is. A handler is itself run outside its own and
// those inside it.
func (s *State) handler(around ID) ID {
	for h := ID(s.get(around, frameParent)); h != 0; h = ID(s.get(h, frameParent)) {
		if s.get(h, frameStage) == stageHandling {
			h = ID(s.get(h, frameHandler))
			continue
		}
		op := rules[s.get(h, frameRule)].op
		if (op == "handler-bind" || op == "handler-case") && s.get(h, frameStage) == stageBody && s.get(h, frameUnwound) == 0 {
			return h
		}
	}
	return 0
}

// handle takes the error of operation f to the next handler around a frame; false where there is none.
func (s *State) handle(f, around ID) bool {
	h := s.handler(around)
	if h == 0 {
		return false
	}
	c := s.u.conditions[s.get(f, frameFault)]
	condition := s.u.Intern(spec.NewList(spec.NewList(spec.String(c.Type), spec.String(c.Message))))
	if rules[s.get(h, frameRule)].op == "handler-case" {
		s.set(h, frameStage, stageCaught)
		s.note(h, codeKept, uint64(condition))
		s.throw(s.processOf(f), h)
		s.finish(f, statusGone)
		return true
	}
	s.set(f, frameHandler, uint64(h))
	s.set(f, frameStage, stageHandling)
	s.pushFrame(ID(s.get(f, frameThread)), newFrame{kind: handlerFrame, code: s.arg(h, codeAfter), arguments: condition})
	return true
}

// handled goes on with an operation that signalled an error after a handler has returned,
// and so declined, or has continued it.
func (s *State) handled(a Act) {
	if s.get(a.Frame, frameStage) == stageContinued {
		if s.OpOf(a.Frame) == "process-send" {
			s.cite("SEND-DEAD-3")
		}
		if s.open { // any value
			s.returns(a.Frame, unspecified)
			return
		}
		s.returns(a.Frame, NilTerm)
		return
	}
	switch {
	case s.handle(a.Frame, ID(s.get(a.Frame, frameHandler))):
	case rules[s.get(a.Frame, frameRule)].op == "signal-error": // which nobody handled
		s.set(a.Frame, frameStage, stageDeclined)
		s.set(a.Frame, frameFault, 0)
	default:
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
