package model

import (
	"strconv"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Run-shell-command. The simulator's shell knows two commands: that of a helper child, with
// exec before it or not, and exit.

var shellRules = []rule{
	{
		op:      "run-shell-command",
		decode:  decodeShell,
		enabled: shellActs,
		effect:  runShellCommand,
		waits:   func(*State, ID) string { return "its command to end" },
	},
}

// A shellLaw decides what a call refuses and returns.
type shellLaw struct {
	// waitTakesStream tells whether a stream may be asked of a call that waits.
	waitTakesStream bool
	// shellReaps tells whether a call that waits reaps its child, which nobody else considers.
	shellReaps bool
	// shellStarted answers a call that doesn't wait, and shellStatus is what one that does returns.
	shellStarted func(s *State, f ID, pid Term)
	shellStatus  func(s *State, c ID) uint64
}

var documentedShell = shellLaw{
	shellReaps:   true,
	shellStarted: returnStreamsAndPID,
	shellStatus:  (*State).shellStatus,
}

// Slots of run-shell-command.
const (
	shellCommand slot = iota // of a helper child, 0 where it is none
	shellExit                // one more than the code that `exit` is given, 0 where it is none
	shellWaits
	shellFlags
	shellStarted // the child that it waits for
)

func decodeShell(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	command, ok := call.Arg(0).(spec.String)
	if !ok {
		return wrongType("the command", call.Arg(0), "a string")
	}
	wait, given := call.Key("wait")
	if !given || spec.Truth(wait) {
		o.args[shellWaits] = 1
	}
	if v, ok := call.Key("separate-streams"); ok && spec.Truth(v) {
		o.args[shellFlags] = 1
	}
	for _, name := range []string{"input", "output", "error-output"} {
		v, ok := call.Key(name)
		switch {
		case !ok || !spec.Truth(v):
		case v == spec.Keyword("stream") && o.args[shellWaits] != 0:
			o.args[shellFlags] |= shellStream
		default:
			return &spec.Condition{Type: unfollowed, Message: "the simulator's children have no input and output"}
		}
	}
	if code, ok := strings.CutPrefix(string(command), "exit "); ok {
		n, err := strconv.Atoi(code)
		if err != nil {
			return &spec.Condition{Type: unfollowed, Message: "the simulator's shell knows exit with a number"}
		}
		if o.args[shellExit] = uint64(n)&0xff + 1; uint64(n) > 0xff {
			o.cite("REAP-STAT-2")
		}
		return nil
	}
	text, exec := strings.CutPrefix(string(command), "exec ")
	if !exec {
		o.args[shellFlags] |= shellNoExec
	}
	o.args[shellCommand] = uint64(u.Intern(spec.String("exec " + text)))
	return nil
}

const (
	shellSeparate = 1 << iota
	shellStream
	shellNoExec
)

// The ways of a start: the child leads a group of its own, a shell stays in between.
const (
	shellOwnGroup = 1 << iota
	shellBetween
	shellDone // the command that was waited for has ended
)

func shellActs(s *State, act Act, out []Act) []Act {
	f := act.Frame
	act.Touches = onlyWrites(allChildren)
	if c := ID(s.arg(f, shellStarted)); c != 0 {
		if s.get(c, childPhase) >= childZombie {
			act.Choice = shellDone
			return append(out, act)
		}
		s.cite("REAP-RSC-1")
		return out
	}
	for way := range uint16(shellDone) {
		own, between := way&shellOwnGroup != 0, way&shellBetween != 0
		if between && s.arg(f, shellFlags)&shellNoExec == 0 {
			continue // open only without exec
		}
		if d := s.decided(stickyGroups); own && d == first || !own && d == second {
			continue
		}
		act.Choice = way
		out = append(out, act)
	}
	return out
}

// runShellCommand starts a command, and returns what the page says: with wait nil the
// streams and the pid, else the exit status.
func runShellCommand(s *State, act Act) {
	f := act.Frame
	if act.Choice == shellDone {
		s.shellDone(f)
		return
	}
	if s.arg(f, shellFlags)&shellStream != 0 && !s.law.waitTakesStream {
		s.cite("REAP-RSC-2")
		s.signal(f, s.u.condition(spec.Condition{Type: "program-error", Message: ":stream with a true :wait"}))
		return
	}
	c := s.commanded(act)
	if c == 0 {
		s.signal(f, s.u.condition(spec.Condition{Type: unfollowed,
			Message: "the simulator runs the commands of helper children, and exit, only"}))
		return
	}
	started := s.startCommand(act, c)
	if s.arg(f, shellWaits) != 0 {
		s.set(started, childKind, s.get(started, childKind)|childWaitedFor)
		s.note(f, shellStarted, uint64(started))
		return
	}
	s.law.shellStarted(s, f, s.u.Intern(spec.Int(s.get(started, childPID))))
}

// startCommand starts the child that a command is, and returns it, or the shell that stands between.
func (s *State) startCommand(act Act, c ID) ID {
	group := uint64(AdapterPID)
	if s.decide(stickyGroups, first); act.Choice&shellOwnGroup != 0 {
		s.decide(stickyGroups, second)
		group = 0
	}
	if s.arg(act.Frame, shellFlags)&shellNoExec != 0 {
		s.cite("REAP-RSC-3")
	}
	started, parent := c, uint64(AdapterPID)
	if act.Choice&shellBetween != 0 {
		started = s.newChild(s.childName(act, besideShell))
		s.set(started, childKind, childIsShell)
		parent = s.starts(started, AdapterPID, group)
		group = s.get(started, childGroup)
	}
	s.starts(c, parent, group)
	return started
}

func returnStreamsAndPID(s *State, f ID, pid Term) {
	s.cite("REAP-RSC-1")
	if s.arg(f, shellFlags)&shellSeparate != 0 {
		s.returns(f, NilTerm, NilTerm, NilTerm, pid)
		return
	}
	s.returns(f, NilTerm, NilTerm, pid)
}

// commanded returns the child that the command of an open run-shell-command is.
func (s *State) commanded(act Act) ID {
	if code := s.arg(act.Frame, shellExit); code != 0 {
		c := s.newChild(s.childName(act, 0))
		s.set(c, childTold, tellExit)
		s.set(c, childToldArg, code-1)
		return c
	}
	command := s.arg(act.Frame, shellCommand)
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.get(c, childCommand) == command && s.get(c, childPhase) == childPrepared {
			return c
		}
	}
	return 0
}

// shellDone returns the exit status of a command that was waited for, and reaps it.
func (s *State) shellDone(f ID) {
	c := ID(s.arg(f, shellStarted))
	s.cite("REAP-RSC-1", "REAP-ZOMB-5")
	if s.law.shellReaps {
		s.set(c, childPhase, childReaped)
	}
	if s.open && s.get(world, worldIgnores) != 0 { // the system may not tell it
		s.returns(f, unspecified)
		return
	}
	s.returnsNumber(f, s.law.shellStatus(s, c))
}

// shellStatus is the exit code, or as shells tell of a signal.
func (s *State) shellStatus(c ID) uint64 {
	code, signal := s.get(c, childStatus)&0xffff, s.get(c, childStatus)>>16
	if signal != 0 {
		return 128 + signal
	}
	return code
}
