package model

import (
	"fmt"
	"math"

	"github.com/mpcheck/mpcheck/spec"
)

// What the harness tells a child to do.

// Commands of helper children that the simulator has, of [spec.ChildCommands].
const (
	tellExit = iota + 1
	tellExitAfter
	tellDie
	tellStop
	tellOwnGroup
	tellJoinGroup
	tellSpawn
	tellKill
)

var childCommands = map[string]uint64{
	spec.TellExit: tellExit, spec.TellExitAfter: tellExitAfter, spec.TellDie: tellDie, spec.TellStop: tellStop,
	spec.TellOwnGroup: tellOwnGroup, spec.TellJoinGroup: tellJoinGroup, spec.TellSpawn: tellSpawn, spec.TellKill: tellKill,
}

// Signals that don't end a child.
const (
	signalContinue = 18
	signalStop     = 19
)

// Slots of child-tell, beside the child.
const (
	toldCommand slot = iota + 1
	toldNumber
	toldDelay
	toldAfter // the child to come first
)

func decodeTell(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	told, err := spec.ReadTold(call)
	if err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	if o.args[toldCommand] = childCommands[told.Command.Name]; o.args[toldCommand] == 0 {
		return wrongType("the command", call.Arg(1), "one that a simulated child knows")
	}
	o.args[toldNumber], o.args[toldDelay] = uint64(told.N), uint64(math.Ceil(told.Seconds*1e6))
	if told.Child != nil {
		if c := objectArg(u, told.Child, KindChild, &o.args[toldAfter]); c != nil {
			return c
		}
	}
	return objectArg(u, call.Arg(0), KindChild, &o.args[argSubject])
}

// tellActs: the harness tells a child once it has connected and done what it was told
// before. A stopped child obeys nobody but the harness's signals; one that has ended can't.
func tellActs(s *State, act Act, out []Act) []Act {
	c := s.subject(act.Frame)
	act.Touches = onlyWrites(c)
	switch s.arg(act.Frame, toldCommand) {
	case tellOwnGroup, tellJoinGroup, tellSpawn, tellExitAfter, tellKill: // it reads or makes others
		act.Touches = act.Touches.writing(allChildren)
	}
	phase := s.get(c, childPhase)
	free := phase == childRunning && s.get(c, childTold) == 0
	signalled := s.arg(act.Frame, toldCommand) == tellKill && phase == childStopped
	if free || signalled || phase >= childZombie {
		out = append(out, act)
	}
	return out
}

func tell(s *State, act Act) {
	f, c := act.Frame, s.subject(act.Frame)
	command, number := s.arg(f, toldCommand), s.arg(f, toldNumber)
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
		s.set(c, childTimed, number+1)
		s.set(c, childDelay, s.arg(f, toldDelay))
		if other := ID(s.arg(f, toldAfter)); other != 0 && s.get(other, childPhase) < childZombie {
			s.set(c, childAfter, uint64(other))
		} else {
			s.exitsAfter(c)
		}
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
		s.returns(f, s.u.RefTerm(g))
		return
	default:
		s.set(c, childTold, command)
		s.set(c, childToldArg, number)
	}
	s.returns(f, TrueTerm)
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
