package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Interrupting a process: it applies a function when it next runs, and then goes on with what it was about
// (PROC-INT-1). In which order it takes several interrupts no page says; nor what becomes of one that comes before the process
// has begun or after its function is over, while it is stopped, or while it waits for a child that suspends all.

var interruptRules = []rule{
	{
		op: "process-interrupt",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject]); c != nil {
				return c
			}
			if !callable(u, call.Arg(1)) {
				return o.vainly(u, wrongType("the function", call.Arg(1), "a function designator"))
			}
			o.args[interruptFunction] = uint64(u.Intern(call.Arg(1)))
			o.args[interruptApplies] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyWrites(p)
			if _, named := s.u.Value(Term(s.arg(act.Frame, interruptFunction))).(spec.Symbol); named {
				act.Touches = everything // what it names
			}
			out = append(out, act)
			if !s.open {
				return out
			}
			_, calls := s.code(act.Process, Term(s.arg(act.Frame, interruptFunction)))
			if s.get(p, processPhase) == phaseRunning && calls {
				return out
			}
			for _, act.Choice = range []uint16{interruptRefused, interruptDropped} {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			f := act.Frame
			s.cite("PROC-INT-1")
			function := Term(s.arg(f, interruptFunction))
			switch _, calls := s.code(act.Process, function); {
			case act.Choice == interruptRefused:
				s.signal(f, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process can't be interrupted"}))
				return
			case act.Choice == interruptDropped:
			case !calls && s.open: // the process finds it out, and ends
				askToEnd(s, s.subject(f))
			case !calls:
				s.signal(f, s.undefined(function))
				return
			default:
				s.law.interrupts(s, act, s.subject(f), Term(s.arg(f, interruptApplies)))
			}
			s.returns(f, unspecified)
		},
	},
}

// Slots of an interrupt, beside the process: its function, and the list of that and its arguments.
const (
	interruptFunction = argSubject + 1 + iota
	interruptApplies
)

// Ways of interrupting a process that doesn't run, or with what can't be called.
const (
	interruptRefused = 1 + iota
	interruptDropped
)

// Ways of taking an interrupt; those after them are of the next one that waits.
const (
	interruptPlainly  = iota
	interruptBlocking // whether code that interrupts may be interrupted itself no page says
	interruptWays     = 8
	interruptSometime = 2 // is added for a local terminator, in an open state, which need not take it
	interruptEnds     = 4 // beside, where the process has yet to begin: it is ended by that, whatever the terminator does
)

// localTerminator stands before the function of an interrupt that is a local terminator.
var localTerminator = spec.Keyword("local-terminator")

// queueInterrupt has a process take an interrupt, once it may.
func queueInterrupt(s *State, _ Act, p ID, applies Term) {
	if s.get(p, processPhase) == phaseDead {
		return
	}
	waiting := append(s.interruptsOf(p), applies)
	slices.Sort(waiting) // there is no order among them
	s.setInterrupts(p, waiting)
}

// interruptsOf are the interrupts that a process has yet to take, each a function and its arguments.
func (s *State) interruptsOf(p ID) (out []Term) {
	list, _ := spec.Items(s.u.Value(Term(s.get(p, processInterrupts))))
	for _, v := range list {
		out = append(out, s.u.Intern(v))
	}
	return out
}

func (s *State) setInterrupts(p ID, waiting []Term) {
	if len(waiting) == 0 {
		s.set(p, processInterrupts, 0)
		return
	}
	list := make([]spec.Value, len(waiting))
	for i, t := range waiting {
		list[i] = s.u.Value(t)
	}
	s.set(p, processInterrupts, uint64(s.u.Intern(spec.NewList(list...))))
}

// interruptActs lists how a process may take the interrupts that it has yet to take.
func (s *State) interruptActs(p ID, out []Act) []Act {
	if s.get(p, processInterrupts) == 0 {
		return out
	}
	f := s.innermost(p)
	if !s.takesInterrupts(p, f) {
		s.cite("PROC-INT-1")
		return out
	}
	for i, applies := range s.interruptsOf(p) {
		act := Act{Kind: Interrupt, Process: p, Frame: f, Choice: uint16(i * interruptWays)}
		from := len(out)
		_, local := s.interruptOf(applies)
		switch {
		case s.open && local:
			act.Choice += interruptSometime
		case !local && !s.law.interruptible(s, p, f):
			continue
		}
		out = append(out, act)
		if act.Choice += interruptBlocking; s.open {
			out = append(out, act)
		}
		if s.open && local && s.get(p, processPhase) == phaseCreated {
			out = either(out, from, 0, interruptEnds)
		}
	}
	return out
}

// takesInterrupts tells whether a process may take one where it stands, in a frame or in none: in a closed state, where it
// must in time.
func (s *State) takesInterrupts(p, f ID) bool {
	phase := s.get(p, processPhase)
	switch {
	case f == 0:
		return s.open && (phase == phaseEnding || phase == phaseCreated)
	case s.get(f, frameUnwound) != 0, s.get(f, frameScope)&s.law.holdsInterrupts != 0:
		return false
	case s.open:
		return true
	}
	return (phase == phaseRunning || phase == phaseCreated) && s.get(p, processDying) == 0 && !s.halted(p) && s.get(f, frameState) == frameOpen && wakesForInterrupt(s, f)
}

// wakesForInterrupt: whatever an operation waits for - but for a child while all else is suspended, and for somebody at the
// debugger, or where the harness executes it.
func wakesForInterrupt(s *State, f ID) bool {
	row := spec.LookupOp(s.OpOf(f))
	debugs := row.Name == "signal-error" && s.get(f, frameStage) == stageBody
	return !row.Is(spec.StopsWorld) && !row.Is(spec.ByHarness) && !debugs
}

// interruptOf is a function and its arguments, and whether that is a local terminator.
func (s *State) interruptOf(t Term) (applies []spec.Value, local bool) {
	applies, _ = spec.Items(s.u.Value(t))
	if local = applies[0] == spec.Value(localTerminator); local {
		applies = applies[1:]
	}
	return applies, local
}

// interrupt has a process apply what it is interrupted with.
func (s *State) interrupt(a Act) Label {
	p, waiting := a.Process, s.interruptsOf(a.Process)
	applies, local := s.interruptOf(waiting[a.Choice/interruptWays])
	s.setInterrupts(p, slices.Delete(waiting, int(a.Choice/interruptWays), int(a.Choice/interruptWays)+1))
	switch {
	case local && s.isForeign(p): // a remote one, as a program ends: see image_stop.go
	case local:
		s.cite("PROC-TERM-4")
	default:
		s.cite("PROC-INT-1")
	}
	code, ok := s.code(p, s.u.Intern(applies[0]))
	if a.Choice&interruptEnds != 0 {
		s.cite("PROC-KILL-8")
		s.set(p, processDying, 1) // and once the terminator is over it counts as killed: see [State.leave]
	}
	if !ok {
		s.killIfDying(p)
		return Label{}
	}
	scope := uint64(0)
	if a.Choice%interruptWays&interruptBlocking != 0 {
		scope = scopeUninterrupted
	}
	if s.get(p, processStop) == stopHappened {
		scope |= scopeThoughStopped
	}
	arguments := s.law.interruptGets(s, p, applies[1:])
	return Label{Kind: Entered, Frame: s.pushFrame(s.threadOf(p), newFrame{kind: interruptFrame, code: code, arguments: s.u.Intern(spec.NewList(arguments...)), scope: scope})}
}
