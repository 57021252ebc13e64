package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of a process that is terminated before it has begun, for which the catalogue lists no behaviour: where its
// local terminator is called, whether it begins afterwards, and what code does that runs in a process before its function.
var unlistedOfTermination = []unlisted{
	{"PROC-TERM-4_killed-before-it-begins", "A process with a local terminator is terminated before it has begun: it can't call that, and never begins.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.terminatesEarly("remote-terminator").is(0) // which could be called
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-TERM-4_killed-as-it-begins", "A process with a local terminator is terminated before it has begun: it begins, and is killed at the first operation that waits.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.enters(1, 1, 1)
		s.does(1, "make-gate").is(gate(1))
		s.does(1, "gate-wait", gate(1)).gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.terminatesLocally() // where it has begun it is not killed
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-TERM-4_refused-before-it-begins", "A process with a local terminator is terminated before it has begun: that is refused, and it begins.", func(s *stage) {
		s.terminatesEarly("local-terminator").fails()
		s.enters(1, 1, 1)
		s.does(1, "make-gate").is(gate(1))
	}, func(s *stage) {
		s.function(9)
		s.waiting(1, spec.Keyword("local-terminator"), fn(9))
		s.does(0, "process-terminate", proc(1)).fails()
	}},
	{"PROC-TERM-4_called-before-it-begins", "A process calls its local terminator before its function, and that ends it: the function never begins.", func(s *stage) {
		s.virtual = true
		s.terminatesEarly("local-terminator").is(0)
		s.enters(50, 1, 9)
		s.does(50, "current-process-kill").gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.virtual = true
		s.terminatesEarly("local-terminator").is(0)
		s.runs(50, 1, 9)
		s.runs(51, 1, 9) // it is called once
	}},
	{"PROC-TERM-4_called-and-ended-before-it-begins", "A process calls its local terminator before its function; that does nothing, and the function never begins: it was terminated.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.runs(50, 1, 9)
		s.does(0, "process-join", proc(1)).is(true)
		s.does(0, "list-all-processes").is([]any{proc(0)})
	}, func(s *stage) {
		s.makes(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true) // which terminates nobody
		s.runs(50, 1, 9)
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-TERM-4_cleans-up-before-it-begins", "A process calls its local terminator, and never begins; a cleanup that another has registered for it runs.", func(s *stage) {
		s.terminatesEarly("local-terminator", fn(2)).is(0)
		s.runs(50, 1, 9)
		s.runs(51, 1, 2, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.terminatesEarly("local-terminator", fn(2)).is(0)
		s.runs(50, 1, 9)
		s.runs(51, 1, 2, proc(1))
		s.runs(1, 1, 1) // and its function begins
	}},
	{"PROC-TERM-4_drops-cleanups-before-it-begins", "A process calls its local terminator, and never begins; nor does a cleanup that another has registered for it run.", func(s *stage) {
		s.terminatesEarly("local-terminator", fn(2)).is(0)
		s.runs(50, 1, 9)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.virtual = true // on a real clock it may come yet
		s.terminatesEarly("local-terminator", fn(2)).is(0)
		s.runs(50, 1, 9)
		s.runs(1, 1, 1) // it has begun
		s.rests()
	}},
	{"PROC-TERM-4_called-then-killed-as-it-begins", "A process calls its local terminator before its function, which begins, and is killed at the first operation that waits.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.runs(50, 1, 9)
		s.waitsInVain()
	}, func(s *stage) {
		s.makes(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
		s.runs(50, 1, 9)
		s.waitsInVain()
	}},
	{"PROC-TERM-4_called-by-who-terminates", "A process is terminated before it has begun: it can't call its local terminator, so that who terminates it does; and it never begins.", func(s *stage) {
		terminates := s.terminatesEarly("local-terminator")
		s.runs(50, 0, 9)
		terminates.is(0)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.function(9)
		s.waiting(1, spec.Keyword("local-terminator"), fn(9))
		terminates := s.does(0, "process-terminate", proc(1))
		s.runs(50, 0, 9)
		terminates.is(0)
	}},
	{"PROC-TERM-4_called-by-who-terminates-and-begins", "Who terminates a process that has yet to begin calls its local terminator, with the process; which begins then.", func(s *stage) {
		terminates := s.terminatesEarly("local-terminator")
		s.runs(50, 0, 9, proc(1))
		terminates.is(0)
		s.enters(1, 1, 1)
		s.does(1, "make-gate").is(gate(1))
		s.does(0, "gate-open", gate(1)).is(nil)
		s.does(1, "gate-wait", gate(1)).is(nil)
	}, func(s *stage) {
		terminates := s.terminatesEarly("local-terminator")
		s.runs(50, 0, 9, proc(0)) // with another process
		terminates.is(0)
	}},
	{"PROC-KILL-8_kills-itself-before-it-begins", "A local terminator that is called before the function of its process kills that: the call never returns, nor does the function begin.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.enters(50, 1, 9)
		s.does(50, "process-kill", proc(1)).gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.spawn(2)
		s.terminatesEarly("local-terminator").is(0)
		s.enters(50, 1, 9)
		s.does(50, "process-kill", proc(2)).gone() // another
		s.does(0, "make-gate").is(gate(1))
	}},
	{"PROC-KILL-8_killed-in-what-comes-before", "A process is killed while it is interrupted before its function: it unwinds there, and never begins.", func(s *stage) {
		s.interruptedEarly()
		s.does(0, "process-kill", proc(1)).is(nil)
		answer{s, 50}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.interruptedEarly()
		answer{s, 50}.gone() // nobody has killed it
		s.does(0, "make-gate").is(gate(2))
	}},
	{"PROC-EXIT-4_error-before-it-begins", "A process dies of an error in an interrupt that comes before its function, which never begins.", func(s *stage) {
		s.makes(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
		s.enters(50, 1, 9)
		s.does(50, "signal-error", "x").gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.makes(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
		s.enters(50, 1, 9)
		s.does(50, "handler-case", spec.Callback(10), spec.Callback(12))
		s.enters(10, 1, 10)
		s.does(10, "signal-error", "x").gone()
		s.enters(12, 1, 12, []any{"simple-error", "x"})
		s.leaves(12)
		answer{s, 50}.is() // it is handled
		s.leaves(50)
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-EXIT-4_interrupt-left-before-it-begins", "An error leaves an interrupt that comes before the function of its process, which begins.", func(s *stage) {
		s.makes(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
		s.enters(50, 1, 9)
		s.does(50, "signal-error", "x").gone()
		s.runs(1, 1, 1)
	}, func(s *stage) {
		s.waiting(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
		s.enters(50, 1, 9)
		s.does(50, "signal-error", "x").gone()
		s.does(0, "gate-open", gate(1)).is(nil)
		answer{s, 1}.is(nil) // where it stands in its function that is left too
	}},
	{"PROC-EXIT-6_returns-before-it-begins", "A local terminator that is called as its process is ended, before it has begun, calls current-process-kill, which merely returns.", func(s *stage) {
		s.terminatesEarly("local-terminator").is(0)
		s.enters(50, 1, 9)
		s.does(50, "current-process-kill").is(nil)
		s.leaves(50)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.interruptedEarly()
		s.does(0, "gate-open", gate(1)).is(nil)
		answer{s, 50}.is(nil)
		s.does(50, "current-process-kill").is(nil)
	}},
	{"INIT-STOP-1_terminator-of-who-has-not-begun", "Process 2 quits: process 3 has yet to begin, and can't call its local terminator, which process 2 does.", func(s *stage) {
		s.quitsEarly()
		s.runsIn(11, 2, 9)
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.quitsEarly()
		s.runsIn(11, 2, 9)
		s.runsIn(12, 2, 9) // once
	}},
}

// terminatesEarly terminates process 1, which has such a terminator, and a cleanup perhaps, before it has begun.
func (s *stage) terminatesEarly(terminator string, cleanups ...spec.Value) answer {
	s.function(9)
	s.makes(1, spec.Keyword(terminator), fn(9))
	for _, form := range cleanups {
		s.function(2)
		s.does(0, "ensure-process-cleanup", form, key.Process(proc(1))).is(true)
	}
	return s.does(0, "process-terminate", proc(1))
}

// interruptedEarly has process 1, which has yet to begin, wait at a gate in an interrupt.
func (s *stage) interruptedEarly() {
	s.makes(1)
	s.gate(1)
	s.function(9)
	s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
	s.enters(50, 1, 9)
	s.does(50, "gate-wait", gate(1))
}

// waitsInVain has process 1 begin, and be killed while it waits.
func (s *stage) waitsInVain() {
	s.enters(1, 1, 1)
	s.does(1, "make-gate").is(gate(1))
	s.does(1, "gate-wait", gate(1)).gone()
	s.does(0, "process-join", proc(1)).is(true)
}

// quitsEarly has process 2 quit in an image when it has made process 3, which has a local terminator and has yet to begin.
func (s *stage) quitsEarly() {
	s.fresh()
	s.startsWith(2)
	s.does(2, "make-function", spec.Callback(9)).is(fn(9))
	s.does(2, "make-function", spec.Callback(3)).is(fn(3))
	s.does(2, "process-run-function", "p3", []any{spec.Keyword("local-terminator"), fn(9)}, fn(3)).is(proc(3))
	s.does(2, "quit")
}
