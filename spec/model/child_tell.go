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

// Arguments of child-tell: child, command, number, delay, the child to come first.
func decodeTell(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	told, err := spec.ReadTold(call)
	if err != nil {
		return &spec.Condition{Type: "type-error", Message: err.Error()}
	}
	if o.args[1] = childCommands[told.Command.Name]; o.args[1] == 0 {
		return wrongType("the command", call.Arg(1), "one that a simulated child knows")
	}
	o.args[2], o.args[3] = uint64(told.N), uint64(math.Ceil(told.Seconds*1e6))
	if told.Child != nil {
		if c := objectArg(u, told.Child, KindChild, &o.args[4]); c != nil {
			return c
		}
	}
	return objectArg(u, call.Arg(0), KindChild, &o.args[0])
}

// tellActs: the harness tells a child once it has connected and done what it was told
// before. A stopped child obeys nobody but the harness's signals; one that has ended can't.
func tellActs(s *State, act Act, out []Act) []Act {
	c := ID(s.get(act.Frame, frameArg0))
	act.Object = c
	switch s.get(act.Frame, frameArg1) {
	case tellOwnGroup, tellJoinGroup, tellSpawn, tellExitAfter, tellKill:
		act.Object = anyObject // it reads or makes others, or its end frees others
	}
	phase := s.get(c, childPhase)
	free := phase == childRunning && s.get(c, childTold) == 0
	signalled := s.get(act.Frame, frameArg1) == tellKill && phase == childStopped
	if free || signalled || phase >= childZombie {
		out = append(out, act)
	}
	return out
}

func tell(s *State, act Act) {
	f, c := act.Frame, ID(s.get(act.Frame, frameArg0))
	command, number := s.get(f, frameArg1), s.get(f, frameArg2)
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
		s.set(c, childDelay, s.get(f, frameArg3))
		if other := ID(s.get(f, frameArg4)); other != 0 && s.get(other, childPhase) < childZombie {
			s.set(c, childAfter, uint64(other))
		} else {
			s.set(c, childDue, s.Now()+s.get(f, frameArg3)+1)
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
		g := s.newChild(s.childName(act.Process, 0))
		s.starts(g, s.get(c, childPID), s.get(c, childGroup))
		s.returns(f, s.u.RefTerm(g))
		return
	default:
		s.set(c, childTold, command)
		s.set(c, childToldArg, number)
	}
	s.returns(f, TrueTerm)
}

func (s *State) groupExists(group uint64) bool {
	return group == AdapterPID || s.anyChild(func(c ID) bool { return s.present(c) && s.get(c, childGroup) == group })
}
