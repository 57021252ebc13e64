package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of kills where they meet stops, and scopes in which interrupts are blocked.
var unlistedOfStops = []unlisted{
	{"PROC-STOP-1_behind-kill", "A process is asked to stop and then killed. The stop comes behind the kill, in its cleanup: it stays there until it is unstopped.", func(s *stage) {
		s.stoppedInCleanup("process-kill")
		s.rests()
		s.does(0, "process-unstop", proc(1)).is(true)
		answer{s, 11}.is(true)
	}, func(s *stage) {
		s.stoppedInCleanup("process-unstop") // which is too early, and no kill
		s.rests()
		s.does(0, "process-unstop", proc(1)).is(true)
		s.does(0, "process-unstop", proc(1)).is(true)
	}},
	{"PROC-STOP-1_killed-and-yet-to-go-on", "A stopped process was killed, and has yet to go on: process-unstop says that it had been stopped.", func(s *stage) {
		s.stopped(s.waiting)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-unstop", proc(1)).is(true)
		answer{s, 1}.gone()
	}, func(s *stage) {
		s.stopped(s.waiting)
		s.does(0, "process-kill", proc(1)).is(true)
		answer{s, 1}.gone()
		s.rests()
		s.does(0, "process-unstop", proc(1)).is(true)
	}},
	{"PROC-STOP-1_holds-its-kill", "A process is stopped where interrupts are blocked, and killed: it holds the kill, stays stopped, and ends once it is unstopped and its scope ends.", func(s *stage) {
		s.stopped(s.waitingBlocked)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "gate-open", gate(1)).is(true)
		s.rests()
		s.does(0, "process-unstop", proc(1)).is(true)
		answer{s, 11}.is(true)
		s.leaves(11)
		answer{s, 1}.gone()
	}, func(s *stage) {
		s.stopped(s.waiting)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "gate-open", gate(1)).is(true)
		s.rests()
		s.does(0, "process-unstop", proc(1)).is(true)
	}},
	{"PROC-KILL-7_blocked", "A process that has interrupts blocked kills itself, and terminates itself: errors, as current-process-kill signals one there, and it lives on.", func(s *stage) {
		s.killsItselfBlocked()
		s.leaves(11)
		answer{s, 1}.is()
		s.does(1, "gate-open", gate(1)).is(true)
	}, func(s *stage) {
		s.killsItselfBlocked()
		s.leaves(11)
		answer{s, 1}.gone() // it was refused
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-KILL-7_blocked-in-cleanup", "A cleanup form blocks interrupts, and its process kills itself: an error, as where they are blocked, or as in a cleanup it is left alone.", func(s *stage) {
		s.blockedInCleanup()
		s.does(12, "process-kill", proc(1)).fails()
		s.does(12, "process-kill", proc(1)).is(nil)
	}, func(s *stage) {
		s.blockedInCleanup()
		s.leaves(12)
		answer{s, 11}.is(nil)
		s.does(11, "process-kill", proc(1)).fails() // where they are blocked no more
	}},
	{"PROC-TERM-3_refused-and-forced", "A process that has interrupts blocked terminates itself with a force-timeout: an error, and it is killed by then, or not.", func(s *stage) {
		s.terminatesItselfBlocked(0)
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.terminatesItselfBlocked(1000)
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}},
}

// stopped has process 1, which waits at gate 1, be stopped, on virtual time.
func (s *stage) stopped(waits func(int, ...any)) {
	s.virtual = true
	waits(1)
	s.does(0, "process-stop", proc(1)).is(nil)
	s.rests()
}

// stoppedInCleanup has process 1 be asked to stop; what comes next is too early for the stop. It then waits in its cleanup, frame 11,
// at a gate that has been opened, on virtual time.
func (s *stage) stoppedInCleanup(next string) {
	s.virtual = true
	s.waiting(1)
	s.function(2)
	s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
	s.does(0, "process-stop", proc(1)).is(nil)
	s.does(0, next, proc(1)).is(nil)
	if next == "process-kill" {
		answer{s, 1}.gone()
	} else {
		s.does(0, "gate-open", gate(1)).is(true)
		answer{s, 1}.is(true)
		s.leaves(1)
	}
	s.enters(11, 1, 2, proc(1))
	s.gate(9)
	s.does(11, "gate-wait", gate(9))
	s.does(0, "gate-open", gate(9)).is(true)
}

// blocks has process n block interrupts, in frame 11.
func (s *stage) blocks(n int) {
	s.spawn(n)
	s.does(n, "with-interrupts-blocked", spec.Callback(10))
	s.enters(11, n, 10)
}

// waitingBlocked is waiting, of a process that has interrupts blocked.
func (s *stage) waitingBlocked(n int, _ ...any) {
	s.blocks(n)
	s.gate(n)
	s.does(11, "gate-wait", gate(n))
}

// killsItselfBlocked has process 1 be refused to end itself, where interrupts are blocked.
func (s *stage) killsItselfBlocked() {
	s.blocks(1)
	s.gate(1)
	s.does(11, "process-kill", proc(1)).fails()
	s.does(11, "process-terminate", proc(1)).fails()
}

// terminatesItselfBlocked has process 1 be refused to do so, with a time at which it is killed, and wait for the end of the scope.
func (s *stage) terminatesItselfBlocked(after int) {
	s.blocks(1)
	s.does(11, "process-terminate", proc(1), key.ForceTimeout(after)).fails()
	s.leaves(11)
}
