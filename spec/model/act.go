package model

import (
	"fmt"
	"slices"
)

// Act is one step that the rules allow: small, comparable, and complete - with the state
// it determines the next state.
type Act struct {
	Kind ActKind
	// Choice tells apart the ways in which one act may go.
	Choice uint16
	// Process acts, or is acted upon.
	Process ID
	// Frame whose open operation takes effect, for Effect, TimeUp and Unwind; for Obey the child.
	Frame ID
	// Touches is what it looks at and changes beside its process.
	Touches Footprint
}

// ActKind is the kind of an act.
type ActKind uint8

// The kinds of acts.
const (
	// Effect: the open operation of a frame takes effect and has its outcome.
	Effect ActKind = iota + 1
	// TimeUp: the open operation of a frame gives up, its time being over.
	TimeUp
	// Unwind: a process leaves its innermost frame, because a kill reaches it or because an
	// earlier throw leads past it.
	Unwind
	// Begin: a created process begins to run its function.
	Begin
	// Cleanup: an ending process begins its next cleanup form.
	Cleanup
	// Die: a process without cleanups left is dead.
	Die
	// Obey: a child does what it was told, or exits of itself.
	Obey
	// Tick: the clock moves to the next deadline.
	Tick
	// Halt: a process stops that was asked to.
	Halt
	// Lost: an outcome is lost, because a kill reaches the process before its code takes it.
	Lost
	// Force: a process is killed at the time that process-terminate was given for that.
	Force
	// Interrupt: a process begins code that it is interrupted with.
	Interrupt
)

var actNames = [...]string{"", "effect", "time-up", "unwind", "begin", "cleanup", "die", "obey", "tick", "halt", "lost", "force", "interrupt"}

func (k ActKind) String() string { return actNames[k] }

func (a Act) String() string {
	return fmt.Sprintf("%s process %d frame %d choice %d touches %s", a.Kind, a.Process, a.Frame, a.Choice, a.Touches)
}

// Label says what an act made observable.
type Label struct {
	Kind LabelKind
	// Frame that entered, or whose operation has its outcome.
	Frame ID
}

// LabelKind is the kind of a label.
type LabelKind uint8

// The kinds of labels. Outcome: the frame's operation has an outcome, which
// [State.Return] takes. Entered: the frame begins its code. Left: the process has unwound and left
// the frame at once, as [Config.Heard] has it.
const (
	Internal LabelKind = iota
	Outcome
	Entered
	Left
)

// Enabled appends the acts that the rules allow in s, in an order that depends on the
// state alone.
func Enabled(s *State, out []Act) []Act {
	before := len(out)
	out = s.processActs(out)
	if s.foreign {
		out = s.threadActs(out)
	}
	if s.several && s.open {
		out = s.quitActs(out)
	}
	out = s.childActs(out)
	if !s.patient || len(out) == before {
		out = s.tick(out)
	}
	return out
}

// Expected lists the acts that are possible whatever the system makes of what the documents leave open:
// where there is one, something happens. What only an open state may do, a system may as well not.
func Expected(s *State) []Act {
	acts, open := Enabled(s, nil), s.open
	if !open {
		return acts
	}
	s.open = false
	usual := Enabled(s, nil)
	s.open = open
	return slices.DeleteFunc(acts, func(a Act) bool {
		return s.mayWaitOn(a) || a.Kind == Halt && s.mayStopLater(a.Process) || !slices.ContainsFunc(usual, func(b Act) bool {
			// In which order a process unwinds and cleans up is open; that it does so is not.
			return a.isLike(b) || a.Frame == b.Frame && s.makesProcesses(a) && s.makesProcesses(b) || (a.Kind == Unwind || a.Kind == Lost) && a.Kind == b.Kind && a.Process == b.Process && a.Frame == b.Frame
		})
	})
}

// isLike tells whether an act is another one, whatever they touch: an open state may mind more.
func (a Act) isLike(b Act) bool {
	a.Touches, b.Touches = Footprint{}, Footprint{}
	return a == b
}

// enabledOf appends the acts of one process. While it suspends the others any of its acts may be the one that lets them go on.
func (s *State) enabledOf(p ID, out []Act) []Act {
	suspender := ID(s.get(s.imageOf(p), imageSuspender))
	if suspender == 0 {
		return s.actsOf(p, out)
	}
	if s.suspends(suspender, p) {
		return out
	}
	before := len(out)
	out = s.actsOf(p, out)
	if s.processOf(suspender) == p {
		for i := range out[before:] {
			out[before+i].Touches = everything
		}
	}
	return out
}

// actsOf appends the acts of a process that nobody suspends.
func (s *State) actsOf(p ID, out []Act) []Act {
	switch s.get(p, processStop) {
	case stopHappened:
		if s.inScope(p, scopeThoughStopped) {
			break
		}
		if s.rings(ID(s.get(p, processForce))) {
			out = append(out, Act{Kind: Force, Process: p})
		}
		return s.interruptActs(p, out)
	case stopAsked, stopDoubted:
		out = append(out, Act{Kind: Halt, Process: p})
	}
	if s.rings(ID(s.get(p, processForce))) {
		out = append(out, Act{Kind: Force, Process: p})
	}
	out = s.interruptActs(p, out)
	f := s.innermost(p)
	switch s.get(p, processPhase) {
	case phaseCreated:
		if f == 0 { // else a status hook runs before
			return s.beginActs(p, out)
		}
	case phaseResting:
		if s.open || s.get(p, processKilled) != 0 {
			out = append(out, s.dying(p))
		}
		return out
	case phaseEnding:
		switch {
		case s.get(p, processStands) != 0:
			return out
		case f == 0, s.law.overtakes(s, p), f == ID(s.get(p, processFirst)) && s.get(p, processCleanups) > 0:
			return s.cleanupActs(p, out)
		}
	}
	if f == 0 && s.get(p, processPhase) == phaseRunning { // it reads, or stands in a debugger
		if s.isForeign(p) {
			return s.readActs(p, out)
		}
		return s.readActs(p, s.beginActs(p, out))
	}
	if f == 0 || s.get(f, frameState) != frameOpen {
		if f == 0 {
			return out
		}
		leave := Act{Process: p, Frame: f}
		switch {
		case s.lossy && s.get(f, frameState) == frameDone && s.get(f, frameStatus) != statusGone:
			leave.Kind = Lost
		case s.heard && s.get(f, frameState) == frameIdle: // between two operations
			leave.Kind = Unwind
		}
		switch {
		case leave.Kind == 0:
		case s.get(f, frameUnwound) != 0: // by what came between
			out = append(out, leave)
		case s.KillReaches(p):
			out = s.leaveActs(leave, out)
		}
		return out
	}
	unwind := Act{Kind: Unwind, Process: p, Frame: f}
	if s.get(f, frameUnwound) != 0 {
		return append(out, unwind)
	}
	if s.KillReaches(p) && s.law.wakes(s, p, f) {
		out = s.leaveActs(unwind, out)
	}
	before := len(out)
	out = s.operationActs(p, f, out)
	if s.get(f, frameScope)&scopeAlone != 0 { // the scope ends behind one of them, which lets all others go on
		for i := range out[before:] {
			out[before+i].Touches = everything
		}
	}
	return out
}

// operationActs appends the acts of a frame's open operation.
func (s *State) operationActs(p, f ID, out []Act) []Act {
	act := Act{Kind: Effect, Process: p, Frame: f}
	if s.get(f, frameFault) != 0 || s.get(f, frameStage) >= stageHandling {
		return append(out, act)
	}
	r := &rules[s.get(f, frameRule)]
	out, its := s.doubtActs(f, act, out)
	if !its {
		return out
	}
	out = s.stateActs(f, act, out)
	before := len(out)
	if r.enabled == nil {
		if r.touches != nil {
			act.Touches = r.touches(s, f)
		}
		out = append(out, act)
	} else {
		out = r.enabled(s, act, out)
	}
	if s.open && len(out) == before && s.mayRefuseOff(f, r.op) {
		vain := act
		vain.Choice, vain.Touches = offInVain, everything
		out = append(out, vain)
	}
	if r.timeUp != nil && len(out) == before && s.overdue(f) {
		act.Kind, act.Touches = TimeUp, everything // whatever it waits for may disable it
		if r.waitsOn != nil {
			act.Touches = onlyWrites(r.waitsOn(s, f))
		}
		out = append(out, act)
	}
	if !s.law.watched { // it may write what the rule only reads
		for i := range out[before:] {
			out[before+i].Touches.writeAll()
		}
	}
	return out
}

// Apply performs an act that [Enabled] listed for s. With a log it can be taken back.
func Apply(s *State, a Act, log *UndoLog) Label {
	s.begin(log)
	switch a.Kind {
	case Effect:
		return s.effect(a)
	case TimeUp:
		rules[s.get(a.Frame, frameRule)].timeUp(s, a)
		return s.outcome(a)
	case Unwind, Lost:
		return s.unwind(a)
	case Begin:
		return s.beginProcess(a)
	case Cleanup:
		return s.runCleanup(a)
	case Die:
		s.endOrRest(a)
	case Halt:
		s.halt(a.Process)
	case Force:
		s.force(a.Process)
	case Interrupt:
		s.disturbWaitOf(a.Process)
		return s.interrupt(a)
	case Obey:
		if a.Choice >= obeyWatch {
			return s.watch(a)
		}
		s.obey(a)
	case Tick:
		s.advance()
	}
	return Label{}
}

func (s *State) effect(a Act) Label {
	r := &rules[s.get(a.Frame, frameRule)]
	if s.cited != nil {
		s.citeOwnState(a)
	}
	switch stage := s.get(a.Frame, frameStage); {
	case stage >= stageHandling:
		s.handled(a)
	case s.get(a.Frame, frameFault) != 0:
		s.law.refuses(s, a.Frame)
	case s.resolveDoubt(a):
	default:
		r.effect(s, a)
	}
	return s.outcome(a)
}

// outcome tells what became of the frame that acted: its operation has an outcome, or it
// began code in a frame nested in it, or neither.
func (s *State) outcome(a Act) Label {
	if s.get(a.Frame, frameKind) == ownFrame && s.get(a.Frame, frameState) == frameDone {
		s.leaveOwn(a.Frame)
		return Label{}
	}
	switch top := s.innermost(a.Process); {
	case top != 0 && s.get(top, frameKind) == ownFrame:
	case s.heard && s.get(a.Frame, frameState) == frameDone && s.get(a.Frame, frameStatus) == statusGone:
		s.leave(a.Frame, NilTerm)
		return Label{Kind: Left, Frame: a.Frame}
	case s.get(a.Frame, frameState) == frameDone:
		return Label{Kind: Outcome, Frame: a.Frame}
	case top != a.Frame:
		return Label{Kind: Entered, Frame: top}
	}
	return Label{}
}
