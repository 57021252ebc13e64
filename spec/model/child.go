package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Children of the operating system as waitpid(2) sees them: what reaping says of them. How
// they live is in childlife.go, how they are started in shell.go.

// Phases of a child.
const (
	childPrepared = iota // the harness has a command for it, nobody has started it
	childRunning
	childStopped
	childZombie
	childReaped
	childCollected // by a mutant: gone from the system, and yet to be reported
)

var childPhases = [...]string{"prepared", "alive", "stopped", "zombie", "absent", "absent"}

var childRules = slices.Concat([]rule{
	{
		op: "reap-os-subprocess",
		clauses: []string{"REAP-SIG-1", "REAP-SIG-3", "REAP-DEF-1", "REAP-DEF-2", "REAP-ZOMB-2", "REAP-ZOMB-4",
			"REAP-SEL-1", "REAP-SEL-2", "REAP-SEL-3", "REAP-SEL-4", "REAP-SEL-5", "REAP-EXIT-1", "REAP-EXIT-2", "REAP-EXIT-3",
			"REAP-WAIT-1", "REAP-WAIT-2", "REAP-WAIT-3", "REAP-NOHANG-1", "REAP-NOHANG-2", "REAP-NOHANG-3", "REAP-NOHANG-4",
			"REAP-NONE-1", "REAP-NONE-2", "REAP-STAT-1", "REAP-STAT-3", "REAP-STAT-4", "REAP-STAT-5", "REAP-STOP-1",
			"REAP-FN-1", "REAP-DEP-1", "REAP-CONC-1", "REAP-ARG-1"},
		decode:    decodeReap,
		enabled:   reapActs,
		effect:    reap,
		waits:     waitsForChild,
		foretells: true,
		reaps:     true,
	},
	{
		op:        "os-wait",
		clauses:   []string{"REAP-SIG-2"},
		decode:    decodeOsWait,
		enabled:   reapActs,
		effect:    reap,
		waits:     waitsForChild,
		foretells: true,
		reaps:     true,
	},
}, shellRules, childLifeRules)

func waitsForChild(s *State, f ID) string {
	return fmt.Sprintf("the end of a child that pid %d considers", int64(s.get(f, frameArg0)))
}

// Arguments of reap-os-subprocess: pid as an int64, wait, whether wait is neither t nor nil.
// A frame that suspends the other processes has that as its argument 3.
func decodeReap(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
	pid, wait := spec.Value(spec.Int(-1)), spec.Value(spec.True{}) // REAP-DEF-1, -2
	for _, k := range call.Keys {
		switch k.Name {
		case "pid":
			pid = k.Value
		case "wait":
			wait = k.Value
		default:
			return &spec.Condition{Type: "program-error", Message: "unknown keyword :" + k.Name}
		}
	}
	o.args[4] = uint64(len(call.Keys))
	if len(call.Keys) > 0 && call.Keys[0].Name == "wait" {
		o.args[4] |= waitFirst
	}
	if _, ok := call.Key("wait"); !ok {
		o.args[4] |= waitAbsent
	}
	if _, ok := call.Key("pid"); !ok {
		o.args[4] |= pidAbsent
	}
	return o.reap(pid, wait)
}

// What only mutants look at: how the arguments were given.
const (
	waitFirst = 1 << (iota + 4)
	waitAbsent
	pidAbsent
)

// Arguments of os-wait: nowait, pid (REAP-SIG-2).
func decodeOsWait(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
	pid := spec.Value(spec.Int(-1))
	if len(call.Args) > 1 {
		pid = call.Args[1]
	}
	o.args[4] = osWait
	return o.reap(pid, spec.Bool(!spec.Truth(call.Arg(0))))
}

const osWait = 1 << 8

func (o *Operation) reap(pid, wait spec.Value) *spec.Condition {
	n, ok := pid.(spec.Int)
	if !ok {
		return wrongType("the pid", pid, "an integer") // REAP-ARG-1: an error
	}
	o.args[0] = uint64(n)
	if spec.Truth(wait) {
		o.args[1] = 1
	}
	if _, isTrue := wait.(spec.True); o.args[1] == 1 && !isTrue {
		o.args[2] = 1
	}
	return nil
}

// considers tells whether a child is selected by a pid argument (REAP-SEL-1 to -4). The
// child of a command that its starter waits for is nobody else's (REAP-ZOMB-5).
func (s *State) considers(c ID, pid int64) bool {
	if s.get(c, childKind)&childWaitedFor != 0 && s.mutant != ShellWaitLeavesZombie {
		return false
	}
	if s.get(c, childParent) != AdapterPID {
		return s.mutant == GrandchildrenCount && pid > 0 && int64(s.get(c, childPID)) == pid
	}
	switch {
	case s.mutant == AnyChildForPositivePID && pid > 0:
		return true
	case s.mutant == ZeroMeansAll && pid == 0, s.mutant == GroupsMeanAll && pid < -1:
		return true
	case s.mutant == AllMeansOwnGroup && pid == -1:
		pid = 0
	case s.mutant == GroupsMeanNone && pid < -1:
		return false
	}
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

// The ways of a reap: a zombie to report, by its place among the considered ones and how
// its status is told; none to report; or the beginning of the wait, in one of two ways.
const (
	reapNone = 1<<16 - 1 - iota
	reapSuspends
	reapLetsRun
	reapRefuses
	reapInterrupted // by a signal: an error
	reapCutShort    // by a signal: nil
	reapMistaken    // a mutant's
)

func reapActs(s *State, act Act, out []Act) []Act {
	f := act.Frame
	pid := s.reapPID(f)
	zombies, running := s.considered(pid)
	act.Object = anyObject
	if s.get(f, frameArg2) != 0 { // REAP-ARG-1: an error, or as true
		refused := act
		refused.Choice = reapRefuses
		out = append(out, refused)
	}
	for i, c := range zombies {
		for _, way := range s.statusWays(act.Frame, c) {
			act.Choice = uint16(i*statusWayCount + way)
			out = append(out, act)
		}
	}
	if len(zombies) > 0 {
		return out
	}
	waits := s.reapWaits(f)
	if running == 0 && !(s.mutant == NoneWaits && waits) || running != 0 && !waits {
		act.Choice = reapNone
		return append(out, act)
	}
	if s.mutant == AnyEndWakes && s.wokenByAnother() {
		act.Choice = reapMistaken
		out = append(out, act)
	}
	if s.open && s.get(f, frameArg5) != 0 {
		for _, act.Choice = range []uint16{reapInterrupted, reapCutShort} {
			out = append(out, act)
		}
	}
	return s.waitActs(act, out)
}

// reapPID and reapWaits are the arguments of an open reap.
func (s *State) reapPID(f ID) int64 {
	given := s.get(f, frameArg4)
	if s.mutant == PIDDefaultsToZero && given&pidAbsent != 0 ||
		s.mutant == SecondKeywordIgnored && given&waitFirst != 0 && given&15 > 1 {
		return map[Mutant]int64{PIDDefaultsToZero: 0, SecondKeywordIgnored: -1}[s.mutant]
	}
	return int64(s.get(f, frameArg0))
}

func (s *State) reapWaits(f ID) bool {
	given, waits := s.get(f, frameArg4), s.get(f, frameArg1) != 0
	if given&osWait != 0 {
		return waits != (s.mutant == OsWaitNotInverted)
	}
	switch {
	case s.mutant == WaitDefaultsToNil && given&waitAbsent != 0, s.mutant == WaitIgnored:
		return false
	case s.mutant == WaitNilHangs:
		return true
	}
	return waits
}

// waitActs begins the wait: the other processes run during it or are suspended until the
// call returns (REAP-WAIT-2), a choice that only shows where there are others.
func (s *State) waitActs(act Act, out []Act) []Act {
	if s.get(act.Frame, frameArg3) != 0 || s.get(world, worldFirst) == s.get(world, worldLast) {
		return out
	}
	decided := s.decided(stickyReapWait)
	if decided == undecided {
		act.Choice = reapLetsRun
		out = append(out, act)
	}
	if decided != first {
		act.Choice = reapSuspends
		out = append(out, act)
	}
	return out
}

// disturb tells all who wait for a child of the signal that the system gets when one ends or stops, and
// which may end their wait (REAP-WAIT-3). Only an open state minds.
func (s *State) disturb(c ID) {
	if !s.open || s.get(c, childParent) != AdapterPID {
		return
	}
	for p := ID(s.get(world, worldFirst)); p != 0; p = ID(s.get(p, processNext)) {
		f := ID(s.get(p, processFrame))
		if f != 0 && s.get(f, frameState) == frameOpen && rules[s.get(f, frameRule)].reaps && s.reapWaits(f) {
			s.set(f, frameArg5, 1)
		}
	}
}

// suspended tells whether another process's wait for a child suspends p.
func (s *State) suspended(p ID) bool {
	f := ID(s.get(world, worldSuspender))
	return f != 0 && s.get(f, frameState) == frameOpen && s.get(f, frameArg3) != 0 && ID(s.get(f, frameProcess)) != p
}

// considered returns the zombies and one running child among those that pid selects; a
// stopped child counts as running (REAP-STOP-1).
func (s *State) considered(pid int64) (zombies []ID, running ID) {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if !s.considers(c, pid) {
			continue
		}
		switch s.get(c, childPhase) {
		case childRunning:
			running = c
		case childStopped:
			if s.mutant == StoppedReported {
				zombies = append(zombies, c)
			} else {
				running = c
			}
		case childZombie:
			if s.get(c, childKind)&childReported == 0 {
				zombies = append(zombies, c)
			}
		case childCollected:
			zombies = append(zombies, c)
		}
	}
	return zombies, running
}

// The ways to tell of an end by signal n beside its number in the third value
// (REAP-STAT-3): n, -n, 128 + n, 0, and in an open state any integer, the third value being n. A normal
// end is told by the exit code, or throughout by the wait word, code times 256 (REAP-STAT-1), unless
// the adapter's profile has the code (REAP-STAT-5).
const (
	statusWayCount = 5
	statusAnother  = statusWayCount - 1

	statusCode = 0
	statusWord = 1
)

var (
	signalWays = []int{0, 1, 2, 3}
	normalWays = []int{statusCode}
	wordWays   = []int{statusWord}
	eitherWays = []int{statusCode, statusWord}
	allWays    = []int{0, 1, 2, 3, statusAnother}
)

func (s *State) statusWays(f, c ID) []int {
	code, signal := s.get(c, childStatus)&0xffff, s.get(c, childStatus)>>16
	_, told := s.foretoldNumber(f)
	switch {
	case signal != 0 && s.open && told && s.get(f, frameForetoldCount) > 2:
		return allWays
	case signal != 0:
		return signalWays
	case !s.waitWords || code == 0 || s.decided(stickyStatus) == first:
		return normalWays
	case s.decided(stickyStatus) == second:
		return wordWays
	}
	return eitherWays
}

func (s *State) status(f, c ID, way int) (status, signal spec.Value) {
	code, n := int(s.get(c, childStatus)&0xffff), int(s.get(c, childStatus)>>16)
	switch {
	case n != 0 && way == statusAnother:
		return s.u.Value(s.learned(f)), spec.Int(n)
	case n != 0:
		return spec.Int([statusAnother]int{n, -n, 128 + n, 0}[way]), spec.Int(n) // REAP-STAT-4
	case way == statusWord:
		s.decide(stickyStatus, second)
		return spec.Int(code << 8), spec.Nil{}
	case s.waitWords && code != 0:
		s.decide(stickyStatus, first)
	}
	return spec.Int(code), spec.Nil{}
}

// reap follows the decision table: a zombie's status and pid, or nil and the pid argument
// while considered children run, or nil and nil where there are none.
func reap(s *State, act Act) {
	switch act.Choice {
	case reapLetsRun:
		s.decide(stickyReapWait, first)
		return
	case reapSuspends:
		s.decide(stickyReapWait, second)
		s.set(act.Frame, frameArg3, 1)
		s.set(world, worldSuspender, uint64(act.Frame))
		return
	}
	if s.get(act.Frame, frameArg3) != 0 {
		s.set(world, worldSuspender, 0)
	}
	switch act.Choice {
	case reapRefuses:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "type-error", Message: "wait is neither t nor nil"}))
		return
	case reapInterrupted:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "interrupted by a signal"}))
		return
	case reapCutShort:
		s.returns(act.Frame, NilTerm, unspecified, unspecified, unspecified)
		return
	}
	pid := s.reapPID(act.Frame)
	zombies, running := s.considered(pid)
	if act.Choice == reapNone {
		s.reapNothing(act.Frame, pid, running)
		return
	}
	if act.Choice == reapMistaken {
		others, _ := s.considered(-1)
		s.returns(act.Frame, s.u.Intern(spec.Int(s.get(others[0], childStatus)&0xffff)), s.u.Intern(spec.Int(s.get(running, childPID))), NilTerm)
		return
	}
	c := zombies[act.Choice/statusWayCount]
	status, signal := s.status(act.Frame, c, int(act.Choice)%statusWayCount)
	s.collect(c, pid)
	status, second, signal := s.mistell(act.Frame, c, status, spec.Int(s.get(c, childPID)), signal)
	s.returns(act.Frame, s.u.Intern(status), s.u.Intern(second), s.u.Intern(signal))
}

// collect takes a reported child out of the system (REAP-ZOMB-2, REAP-EXIT-3).
func (s *State) collect(c ID, pid int64) {
	switch {
	case s.mutant == ReportedTwice && s.get(c, childPhase) == childZombie:
		s.set(c, childPhase, childCollected)
		return
	case s.mutant == ZombieStays:
		s.set(c, childKind, s.get(c, childKind)|childReported)
		return
	case s.mutant == ReapsAll:
		others, _ := s.considered(pid)
		for _, o := range others {
			s.set(o, childPhase, childReaped)
		}
	case s.mutant == StoppedReported && s.get(c, childPhase) == childStopped:
		return
	}
	s.set(c, childPhase, childReaped)
}

func (s *State) reapNothing(f ID, pid int64, running ID) {
	second := spec.Value(spec.Nil{})
	if running != 0 {
		second = spec.Int(pid)
	}
	second, condition := s.misanswer(f, pid, running, second)
	if condition != nil {
		s.signal(f, s.u.condition(*condition))
		return
	}
	s.returns(f, NilTerm, s.u.Intern(second), NilTerm)
}
