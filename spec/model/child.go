package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Children of the operating system as waitpid(2) sees them. The system under test starts
// one by a shell command; the harness tells it what to do.

// Phases of a child.
const (
	childPrepared = iota // the harness has a command for it, nobody has started it
	childRunning
	childStopped
	childZombie
	childReaped
)

// Process ids of the simulated operating system. The adapter leads its own group.
const (
	// AdapterPID is the process id of the simulated adapter, and its process group.
	AdapterPID = 1000
	firstPID   = AdapterPID + 1
)

var childRules = []rule{
	{
		op: "reap-os-subprocess",
		clauses: []string{"REAP-SIG-1", "REAP-DEF-1", "REAP-DEF-2", "REAP-ZOMB-2", "REAP-SEL-1", "REAP-SEL-2", "REAP-SEL-3", "REAP-SEL-4", "REAP-SEL-5",
			"REAP-EXIT-1", "REAP-EXIT-2", "REAP-EXIT-3", "REAP-WAIT-1", "REAP-NOHANG-1", "REAP-NOHANG-2", "REAP-NOHANG-3", "REAP-NOHANG-4",
			"REAP-NONE-1", "REAP-NONE-2", "REAP-STAT-1", "REAP-STAT-3", "REAP-STOP-1", "REAP-FN-1", "REAP-DEP-1"},
		decode:  decodeReap,
		enabled: reapActs,
		effect:  reap,
		waits: func(s *State, f ID) string {
			return fmt.Sprintf("the end of a child that pid %d considers", int64(s.get(f, frameArg0)))
		},
	},
	{
		op:      "run-shell-command",
		clauses: []string{"REAP-ZOMB-1", "REAP-RSC-1"},
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if _, ok := call.Arg(0).(spec.String); !ok {
				return wrongType("the command", call.Arg(0), "a string")
			}
			o.args[0] = uint64(u.Intern(call.Arg(0)))
			if wait, ok := call.Key("wait"); ok && !spec.Truth(wait) {
				return nil
			}
			return &spec.Condition{Type: "unsupported", Message: "the simulator runs shell commands with :wait nil only"}
		},
		object: func(*State, ID) ID { return anyObject },
		effect: runShellCommand,
	},
	{
		op: "child-prepare",
		effect: func(s *State, act Act) {
			c := s.make(act.Process, KindChild)
			command := s.u.Intern(spec.String(fmt.Sprintf("exec mpcheck child --token %d", c)))
			s.set(c, childCommand, uint64(command))
			if last := ID(s.get(world, worldChildLast)); last != 0 {
				s.lay(last, childNext, uint64(c))
			} else {
				s.lay(world, worldChildFirst, uint64(c))
			}
			s.lay(world, worldChildLast, uint64(c))
			s.returns(act.Frame, s.u.RefTerm(c), command)
		},
		object: func(*State, ID) ID { return anyObject },
	},
	{
		op: "child-tell",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			command, ok := call.Arg(1).(spec.Symbol)
			if o.args[1] = childCommands[command.Name]; !ok || o.args[1] == 0 {
				return wrongType("the command", call.Arg(1), "one that a helper child knows")
			}
			if n, ok := call.Arg(2).(spec.Int); ok {
				o.args[2] = uint64(n)
			}
			return objectArg(u, call.Arg(0), KindChild, &o.args[0])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			// The harness tells a child once it has connected and done what it was told before.
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.get(act.Object, childPhase) == childRunning && s.get(act.Object, childTold) == 0 {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			c := ID(s.get(act.Frame, frameArg0))
			s.set(c, childTold, s.get(act.Frame, frameArg1))
			s.set(c, childToldArg, s.get(act.Frame, frameArg2))
			s.returns(act.Frame, TrueTerm)
		},
		waits: func(s *State, f ID) string { return "the child to be started and to have obeyed" },
	},
	{
		op: "child-await",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			event, ok := call.Arg(1).(spec.Symbol)
			if o.args[1] = childEvents[event.Name]; !ok || o.args[1] == 0 {
				return wrongType("the event", call.Arg(1), "one of a child's life")
			}
			return objectArg(u, call.Arg(0), KindChild, &o.args[0])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Frame, frameArg0))
			if s.childEvent(act.Object, s.get(act.Frame, frameArg1)) {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			c := ID(s.get(act.Frame, frameArg0))
			if s.get(act.Frame, frameArg1) == eventReady {
				s.returnsNumber(act.Frame, s.get(c, childPID))
				return
			}
			s.returns(act.Frame, s.u.Intern(spec.Keyword(childPhases[s.get(c, childPhase)])))
		},
		waits: func(s *State, f ID) string {
			c := ID(s.get(f, frameArg0))
			return fmt.Sprintf("an event of child %d, which is %s", s.get(c, childPID), childPhases[s.get(c, childPhase)])
		},
	},
	{
		op: "pid-state",
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			n, ok := call.Arg(0).(spec.Int)
			if !ok {
				return wrongType("the pid", call.Arg(0), "an integer")
			}
			o.args[0] = uint64(n)
			return nil
		},
		object: func(*State, ID) ID { return anyObject },
		effect: pidState,
	},
}

// Commands of helper children that the simulator knows.
const (
	tellExit = iota + 1
	tellDie
	tellStop
	tellOwnGroup
)

var childCommands = map[string]uint64{"exit": tellExit, "die": tellDie, "stop": tellStop, "own-group": tellOwnGroup}

// Events of a child's life that can be awaited.
const (
	eventReady = iota + 1
	eventZombie
	eventAbsent
	eventStopped
	eventEnded
)

var childEvents = map[string]uint64{"ready": eventReady, "zombie": eventZombie, "absent": eventAbsent, "stopped": eventStopped, "ended": eventEnded}

var childPhases = [...]string{"prepared", "alive", "stopped", "zombie", "absent"}

// childEvent tells whether an event has come, or can no longer come because the child has
// ended: the answer then says how it is.
func (s *State) childEvent(c ID, event uint64) bool {
	phase := s.get(c, childPhase)
	switch {
	case phase == childPrepared:
		return false
	case event == eventReady || phase == childReaped:
		return true
	case phase == childZombie:
		return event != eventAbsent
	}
	return phase == childStopped && event == eventStopped
}

// Arguments of reap-os-subprocess: pid as an int64, wait.
func decodeReap(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
	all, wait := int64(-1), uint64(1) // REAP-DEF-1, -2
	o.args[0], o.args[1] = uint64(all), wait
	if v, ok := call.Key("pid"); ok {
		n, ok := v.(spec.Int)
		if !ok {
			return wrongType("the pid", v, "an integer") // REAP-ARG-1: an error
		}
		o.args[0] = uint64(n)
	}
	if v, ok := call.Key("wait"); ok && !spec.Truth(v) {
		o.args[1] = 0
	}
	return nil
}

// considers tells whether a child is selected by a pid argument (REAP-SEL-1 to -4).
func (s *State) considers(c ID, pid int64) bool {
	switch {
	case pid == -1:
		return true
	case pid == 0:
		return s.get(c, childGroup) == AdapterPID
	case pid > 0:
		return int64(s.get(c, childPID)) == pid
	}
	return int64(s.get(c, childGroup)) == -pid
}

// reapChoice tells the ways of a reap apart: a zombie to report, by its place among the
// considered zombies, or none.
const reapNone = 1<<16 - 1

func reapActs(s *State, act Act, out []Act) []Act {
	pid := int64(s.get(act.Frame, frameArg0))
	zombies, running := s.considered(pid)
	act.Object = anyObject
	for i := range zombies {
		act.Choice = uint16(i)
		out = append(out, act)
	}
	if len(zombies) == 0 && (running == 0 || s.get(act.Frame, frameArg1) == 0) {
		act.Choice = reapNone
		out = append(out, act)
	}
	return out
}

// considered returns the zombies and one running child among those that pid selects; a
// stopped child counts as running (REAP-STOP-1).
func (s *State) considered(pid int64) (zombies []ID, running ID) {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if !s.considers(c, pid) {
			continue
		}
		switch s.get(c, childPhase) {
		case childRunning, childStopped:
			running = c
		case childZombie:
			zombies = append(zombies, c)
		}
	}
	return zombies, running
}

// reap follows the decision table: a zombie's status and pid, or nil and the pid argument
// while considered children run, or nil and nil where there are none.
func reap(s *State, act Act) {
	pid := int64(s.get(act.Frame, frameArg0))
	zombies, running := s.considered(pid)
	if act.Choice != reapNone {
		c := zombies[act.Choice]
		s.set(c, childPhase, childReaped)
		code, signal := exitStatus(s.get(c, childStatus))
		third := NilTerm
		if signal != 0 { // REAP-STAT-3, -4
			code, third = signal, s.u.Intern(spec.Int(signal))
		}
		s.returns(act.Frame, s.u.Intern(spec.Int(code)), s.u.Intern(spec.Int(s.get(c, childPID))), third)
		return
	}
	second := NilTerm
	if running != 0 {
		second = s.u.Intern(spec.Int(pid))
		switch s.mutant {
		case NoHangForgetsPID:
			second = NilTerm
		case NoHangNamesChild:
			second = s.u.Intern(spec.Int(s.get(running, childPID)))
		}
	}
	s.returns(act.Frame, NilTerm, second, NilTerm)
}

func exitStatus(word uint64) (code, signal uint64) { return word & 0xff, word >> 8 }

// runShellCommand starts the helper child whose command it is. Another command is a child
// that ends at once, as one that was not found.
func runShellCommand(s *State, act Act) {
	command := s.get(act.Frame, frameArg0)
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.get(c, childCommand) == command && s.get(c, childPhase) == childPrepared {
			pid := s.get(world, worldNextPID)
			s.set(world, worldNextPID, pid+1)
			s.set(c, childPhase, childRunning)
			s.set(c, childPID, pid)
			s.set(c, childGroup, AdapterPID)
			s.returns(act.Frame, NilTerm, NilTerm, s.u.Intern(spec.Int(pid)))
			return
		}
	}
	s.signal(act.Frame, s.u.condition(spec.Condition{Type: "unsupported",
		Message: "the simulator runs the commands of helper children only"}))
}

func pidState(s *State, act Act) {
	pid := s.get(act.Frame, frameArg0)
	alive, absent := s.u.Intern(spec.Keyword("alive")), s.u.Intern(spec.Keyword("absent"))
	if pid == AdapterPID {
		s.returns(act.Frame, alive, s.u.Intern(spec.Int(AdapterPID)), s.u.Intern(spec.Int(1)))
		return
	}
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		phase := s.get(c, childPhase)
		if s.get(c, childPID) == pid && phase != childPrepared && phase != childReaped {
			s.returns(act.Frame, s.u.Intern(spec.Keyword(childPhases[phase])),
				s.u.Intern(spec.Int(s.get(c, childGroup))), s.u.Intern(spec.Int(AdapterPID)))
			return
		}
	}
	s.returns(act.Frame, absent, NilTerm, NilTerm)
}

// childActs lists the children that have yet to do what they were told.
func (s *State) childActs(out []Act) []Act {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.get(c, childTold) != 0 {
			out = append(out, Act{Kind: Obey, Object: c})
		}
	}
	return out
}

func (s *State) obey(a Act) {
	c := a.Object
	argument := s.get(c, childToldArg)
	switch s.get(c, childTold) {
	case tellExit:
		s.set(c, childStatus, argument&0xff) // REAP-STAT-2
		s.set(c, childPhase, childZombie)
	case tellDie:
		s.set(c, childStatus, argument<<8)
		s.set(c, childPhase, childZombie)
	case tellStop:
		s.set(c, childPhase, childStopped)
	case tellOwnGroup:
		s.set(c, childGroup, s.get(c, childPID))
	}
	s.set(c, childTold, 0)
	s.set(c, childToldArg, 0)
}

// The mutants of this chapter.
const (
	NoHangForgetsPID Mutant = "no-hang-forgets-pid"
	NoHangNamesChild Mutant = "no-hang-names-child"
)

var childMutants = []MutantInfo{
	{NoHangForgetsPID, []string{"REAP-NOHANG-3"},
		"with wait nil and only running children the second value is nil"},
	{NoHangNamesChild, []string{"REAP-NOHANG-3"},
		"with wait nil and only running children the second value is a child's pid instead of the argument"},
}
