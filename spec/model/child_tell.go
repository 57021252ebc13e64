package model

import (
	"fmt"
	"math"

	"github.com/mpcheck/mpcheck/spec"
)

// What the harness tells a child to do.

// Commands of helper children, of [spec.ChildCommands].
const (
	tellExit = iota + 1
	tellExitAfter
	tellDie
	tellStop
	tellOwnGroup
	tellJoinGroup
	tellSpawn
	tellKill
	tellArgv
	tellEnviron
	tellReport
	tellIgnore
	tellEcho
	tellFlood
	tellCopy
	tellRead
	tellInput
	tellClose
	tellPause
)

var childCommands = map[string]uint64{
	spec.TellExit: tellExit, spec.TellExitAfter: tellExitAfter, spec.TellDie: tellDie, spec.TellStop: tellStop,
	spec.TellOwnGroup: tellOwnGroup, spec.TellJoinGroup: tellJoinGroup, spec.TellSpawn: tellSpawn, spec.TellKill: tellKill,
	spec.TellArgv: tellArgv, spec.TellEnviron: tellEnviron, spec.TellReport: tellReport, spec.TellIgnore: tellIgnore,
	spec.TellEcho: tellEcho, spec.TellFlood: tellFlood, spec.TellCopy: tellCopy, spec.TellRead: tellRead, spec.TellInput: tellInput,
	spec.TellClose: tellClose, spec.TellPause: tellPause,
}

// Slots of child-tell, beside the child.
const (
	toldCommand slot = iota + 1
	toldNumber
	toldDelay
	toldAfter // the child to come first
	toldStep  // the command as a step; and NoTerm again once it is done but for what is to be written
)

func decodeTell(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	told, err := spec.ReadTold(call)
	if err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	o.args[toldCommand] = childCommands[told.Command.Name]
	o.args[toldNumber], o.args[toldDelay] = uint64(told.N), uint64(math.Ceil(told.Seconds*1e6))
	if told.Command.Planned() {
		o.args[toldStep] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
	}
	if told.Child != nil {
		if c := objectArg(u, told.Child, KindChild, &o.args[toldAfter]); c != nil {
			return c
		}
	}
	return objectArg(u, call.Arg(0), KindChild, &o.args[argSubject])
}

// tellActs: the harness tells a child once it has connected and done what it was told
// before, and what was planned. A stopped child obeys nobody but the harness's signals; one that has ended can't. What
// the harness knows of a child it answers from its record, also then.
func tellActs(s *State, act Act, out []Act) []Act {
	c, command := s.subject(act.Frame), s.arg(act.Frame, toldCommand)
	act.Touches = onlyWrites(c)
	switch command {
	case tellOwnGroup, tellJoinGroup, tellSpawn, tellExitAfter, tellKill: // it reads or makes others
		act.Touches = act.Touches.writing(allChildren)
	case tellEcho, tellFlood:
		output := s.u.stepOf(Term(s.arg(act.Frame, toldStep))).output
		act.Touches = s.writing(c, output).writing(c)
	case tellClose, tellEnviron: // in an open state what one tells says what others may
		act.Touches = act.Touches.writing(allChildren)
	}
	phase := s.get(c, childPhase)
	obeys := phase == childRunning && s.get(c, childTold) == 0
	switch {
	case phase >= childZombie,
		command == tellKill && s.lives(c) && s.get(c, childTold) == 0,
		(command == tellArgv || command == tellEnviron || command == tellInput) && phase != childPrepared:
		return append(out, act)
	case command == tellEcho && s.arg(act.Frame, toldDelay) != 0: // it is at it
		if obeys && s.unwrittenBy(c, s.u.stepOf(Term(s.arg(act.Frame, toldStep))).output) == 0 {
			out = append(out, act)
		}
	case obeys && s.get(c, childPlan) == 0:
		return append(out, act)
	}
	return out
}

func tell(s *State, act Act) {
	f, c := act.Frame, s.subject(act.Frame)
	command, number := s.arg(f, toldCommand), s.arg(f, toldNumber)
	switch command {
	case tellArgv:
		if s.isOfProgram(c) {
			s.cite("EXT-RUN-5")
		}
		if s.loose.arguments && s.isOfProgram(c) {
			s.returns(f, unspecified)
			return
		}
		s.returns(f, s.orEmpty(Term(s.get(c, childArguments))))
		return
	case tellEnviron:
		s.returns(f, s.environOf(f, c))
		return
	case tellInput:
		s.returns(f, s.characters(s.hasReadIn(c)))
		return
	}
	if s.get(c, childPhase) >= childZombie {
		if command == tellKill && s.get(c, childPhase) == childZombie {
			s.returns(f, TrueTerm)
			return
		}
		s.signal(f, s.u.condition(spec.Condition{Type: "child-error", Message: "the child has ended"}))
		return
	}
	switch command {
	case tellExitAfter:
		s.willExit(c, number, s.arg(f, toldDelay), ID(s.arg(f, toldAfter)))
	case tellOwnGroup:
		s.set(c, childGroup, s.get(c, childPID))
		s.returnsNumber(f, s.get(c, childPID))
		return
	case tellJoinGroup:
		if !s.groupExists(number) {
			s.signal(f, s.u.condition(spec.Condition{Type: "child-error", Message: fmt.Sprintf("there is no process group %d", number)}))
			return
		}
		s.set(c, childGroup, number)
		s.returnsNumber(f, number)
		return
	case tellSpawn:
		g := s.newChild(s.childName(act, 0))
		s.starts(g, s.get(c, childPID), s.get(c, childGroup))
		for n := range uint8(3) { // with what it has itself
			s.set(g, childStdin+n, s.get(c, childStdin+n))
		}
		s.set(g, childEnvironment, s.get(c, childEnvironment))
		s.returns(f, s.u.RefTerm(g))
		return
	case tellEcho, tellFlood:
		s.tellToWrite(f, c)
		return
	case tellCopy, tellRead, tellPause:
		s.addStep(c, Term(s.arg(f, toldStep)))
		if command == tellPause { // before its next step, and before it obeys again
			s.set(c, childPlan, 1)
		}
	case tellIgnore, tellReport, tellClose:
		s.carriesOut(c, s.u.stepOf(Term(s.arg(f, toldStep))))
	default:
		s.set(c, childTold, command)
		s.set(c, childToldArg, number)
	}
	s.returns(f, TrueTerm)
}

// tellToWrite: an echo is done once it is written, a flood before that.
func (s *State) tellToWrite(f, c ID) {
	it := s.u.stepOf(Term(s.arg(f, toldStep)))
	if s.arg(f, toldDelay) == 0 {
		s.writes(c, it.output, it.text)
		if it.command == tellEcho && s.lives(c) && s.unwrittenBy(c, it.output) > 0 {
			s.note(f, toldDelay, 1)
			return
		}
	}
	if !s.lives(c) {
		s.signal(f, s.u.condition(spec.Condition{Type: "child-error", Message: "the child has ended"}))
		return
	}
	s.returns(f, TrueTerm)
}

// hasReadIn is what a child was told to read, and has.
func (s *State) hasReadIn(c ID) string {
	t := ID(s.get(c, childInput))
	if t == 0 {
		return ""
	}
	return string(s.peekBytes(t, streamBytes, never, nil))
}

// orEmpty is a list, empty where there is none.
func (s *State) orEmpty(t Term) Term {
	if t == NoTerm {
		return NilTerm
	}
	return t
}

// willExit has a child exit of itself once its delay is over, which begins now or at the end of another child.
func (s *State) willExit(c ID, code, delay uint64, after ID) {
	s.set(c, childTimed, code+1)
	s.set(c, childDelay, delay)
	if after != 0 && s.get(after, childPhase) < childZombie {
		s.set(c, childAfter, uint64(after))
		return
	}
	s.exitsAfter(c)
}

// exitsAfter has a child exit of itself once its delay is over, which begins now.
func (s *State) exitsAfter(c ID) {
	t := s.timer(s.u.Name(c, 0, KindTimer), c)
	s.set(c, childTimer, uint64(t))
	s.setTimer(t, s.get(c, childDelay))
}

func (s *State) groupExists(group uint64) bool {
	return group == AdapterPID || s.anyChild(func(c ID) bool { return s.present(c) && s.get(c, childGroup) == group })
}
