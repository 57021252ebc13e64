package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Children of the operating system: what they are. How they live is in child_life.go, what they are told in
// child_tell.go, how they are started in shell.go, and how they are reaped in reap.go.

// Phases of a child.
const (
	childPrepared = iota // the harness has a command for it, nobody has started it
	childRunning
	childStopped
	childZombie
	childReaped
)

var childPhases = [...]spec.ChildState{"prepared", spec.ChildAlive, spec.ChildStopped, spec.ChildZombie, spec.ChildAbsent}

// What a child is.
const (
	childWaitedFor = 1 << iota // run-shell-command waits for it itself
	childIsShell               // a shell that waits for the helper it started
	childOfProgram             // run or start have started it
	childTaken                 // and reap-os-subprocess has reported it, which whoever started it may not know
)

var childRules = slices.Concat(reapRules, ignoringRules, shellRules, childLifeRules, programRules)

// A childLaw decides how a child ends.
type childLaw struct {
	// exitCode is what becomes of the argument of an exit.
	exitCode func(s *State, argument uint64) uint64
	// remains says what is left of a child that has ended.
	remains func(s *State, c ID)
	// keepsWriting tells whether somebody beside the Lisp and the children that were given it has the end of a pipe
	// open at which one writes.
	keepsWriting func(s *State, t ID) bool
}

var documentedChildren = childLaw{
	exitCode:     lowByte,
	remains:      leaveZombie,
	keepsWriting: func(*State, ID) bool { return false },
}

// Process ids of the simulated operating system. The adapter leads its own group.
const (
	// AdapterPID is the process id of the simulated adapter, and its process group.
	AdapterPID = 1000
	firstPID   = AdapterPID + 1
	// InitPID is the process id of the adapter's parent. It takes over orphans, and reaps them.
	InitPID = 1
)

// PID is the process id of a child of the simulated operating system. Every other one has more than 16 bits.
func PID(c ID) uint64 { return firstPID + uint64(c) + uint64(c&1)<<17 }

// Command is the command line of a helper child.
func Command(c ID) spec.String { return spec.String(fmt.Sprintf("exec mpcheck child --token %d", c)) }

// Program is the path of a program that is a helper child.
func Program(c ID) spec.String { return spec.String(fmt.Sprintf("/mpcheck/child-%d", c)) }

// childName is the name of the child that the open call of an act's frame makes; a shell that it
// makes beside it has another.
func (s *State) childName(act Act, beside uint32) ID { return s.made(act, beside, KindChild) }

const besideShell = 1 << 30

// Shell returns the ID of the shell that stands between the adapter and the command which the
// nth call of a process started.
func (u *Universe) Shell(maker ID, nth uint32) ID { return u.Name(maker, besideShell|nth, KindChild) }

// newChild makes a child at the end of the chain.
func (s *State) newChild(c ID) ID {
	s.create(c, KindChild)
	if last := ID(s.get(world, worldChildLast)); last != 0 {
		s.setLayout(last, childNext, uint64(c))
	} else {
		s.setLayout(world, worldChildFirst, uint64(c))
	}
	s.setLayout(world, worldChildLast, uint64(c))
	return c
}

// starts lets a child run, under a process id of its own.
func (s *State) starts(c ID, parent, group uint64) uint64 {
	pid := PID(c)
	if group == 0 {
		group = pid
	}
	s.set(c, childPhase, childRunning)
	s.set(c, childPID, pid)
	s.set(c, childParent, parent)
	s.set(c, childGroup, group)
	return pid
}

// present tells whether the operating system knows the child.
func (s *State) present(c ID) bool {
	phase := s.get(c, childPhase)
	return phase != childPrepared && phase < childReaped
}

// ofAdapter tells whether a child is one of the adapter's own, which it may reap.
func (s *State) ofAdapter(c ID) bool { return s.parentOf(c) == AdapterPID }

// parentOf is the process id of a child's parent: of an orphan that of process 1, or where the adapter takes orphans over its own.
func (s *State) parentOf(c ID) uint64 {
	if s.isOrphan(c) && s.decided(stickyOrphans) == second {
		return AdapterPID
	}
	return s.get(c, childParent)
}

func (s *State) isOrphan(c ID) bool { return s.get(c, childParent) == InitPID }

// mayBeOfAdapter tells whether it has yet to show whose children orphans are, and a child is one.
func (s *State) mayBeOfAdapter(c ID) bool {
	return s.open && s.isOrphan(c) && s.present(c) && s.decided(stickyOrphans) == undecided
}

// waitedFor tells whether the call that started a child waits for it and reaps it.
func (s *State) waitedFor(c ID) bool { return s.get(c, childKind)&childWaitedFor != 0 }

// anyChild tells whether there is a child of which something holds.
func (s *State) anyChild(holds func(c ID) bool) bool {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if holds(c) {
			return true
		}
	}
	return false
}
