package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of making a process.
var createShowings = []showing{
	{"PROC-CREATE-5/error", "A symbol as the name of a process is refused.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", sym("X"), nil, fn(1)).fails()
	}, nil},
	{"PROC-CREATE-5/name-kept", "A symbol as the name of a process is kept as it is.", namedBy(sym("X")), func(s *stage) {
		namedBy(sym("X"))(s)
		s.does(0, "process-name", proc(1)).is("another one")
	}},
	{"PROC-CREATE-5/name-as-string", "Of a symbol as the name of a process its own name becomes the process's.", namedBy("X"), nil},
	{"PROC-CREATE-5/substitute-name", "A process that is given a symbol as its name gets a name made up for it.", namedBy("Process-1"), nil},
	{"PROC-CREATE-6/both-exist", "Two processes have one name.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
		s.enters(2, 2, 1)
		s.does(0, "process-name", proc(2)).is("p1")
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
		s.enters(2, 2, 1)
		s.does(0, "process-name", proc(1)).is("p1")
		s.does(0, "process-name", proc(2)).is("p1")
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	}},
	{"PROC-CREATE-6/second-call-errors", "A second process of the same name is refused while the first one lives.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
		s.does(0, "process-run-function", "p2", nil, fn(1)).is(proc(2))
		s.enters(2, 2, 1)
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-run-function", "p2", nil, fn(1)).fails()
	}},
	{"PROC-CREATE-6/second-name-made-unique", "The name of a second process is made another.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
		s.enters(2, 2, 1)
		s.does(0, "process-name", proc(2)).is("p1<2>")
		s.does(0, "process-name", proc(2)).is("p1<2>")
		s.does(0, "process-name", proc(1)).is("p1")
	}, nil},
	{"PROC-CREATE-7/not-begun", "A process has not begun when its maker goes on.", func(s *stage) {
		s.makes(1)
		s.does(0, "make-gate").is(gate(1))
		s.enters(1, 1, 1)
	}, nil},
	{"PROC-CREATE-7/begun", "A process has begun when its maker goes on.", func(s *stage) {
		s.function(1)
		s.gate(1)
		made := s.does(0, "process-run-function", "p1", nil, fn(1))
		s.enters(1, 1, 1)
		s.does(1, "gate-wait", gate(1))
		made.is(proc(1))
	}, nil},
	{"PROC-CREATE-7/ended", "A process has ended when its maker goes on.", func(s *stage) {
		s.function(1)
		made := s.does(0, "process-run-function", "p1", nil, fn(1))
		s.runs(1, 1, 1)
		made.is(proc(1))
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
	}, nil},
	{"PROC-CREATE-9/unknown-keyword-error-in-caller", "An unknown keyword is an error in the caller.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", unknownKeyword, fn(1)).fails()
	}, func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", []any{spec.Keyword("priority"), 10}, fn(1)).fails()
	}},
	{"PROC-CREATE-9/unknown-keyword-error-in-process", "An unknown keyword is an error in the new process, which ends.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", unknownKeyword, fn(1)).is(proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-CREATE-9/unknown-keyword-ignored", "An unknown keyword is ignored.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", unknownKeyword, fn(1)).is(proc(1))
		s.enters(1, 1, 1)
	}, nil},
	{"PROC-CREATE-9/odd-list-error-in-caller", "A keyword list of odd length is an error in the caller.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", []any{spec.Keyword("mailbox")}, fn(1)).fails()
	}, nil},
	{"PROC-CREATE-9/odd-list-error-in-process", "A keyword list of odd length is an error in the new process, which waits in a debugger until it is killed.", func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", "p1", []any{spec.Keyword("mailbox")}, fn(1)).is(proc(1))
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(nil)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"PROC-CREATE-9/uncallable-error-in-caller", "A number as the function is an error in the caller, as is a symbol that names none.", func(s *stage) {
		s.does(0, "process-run-function", "p1", nil, 7).fails()
		s.does(0, "process-run-function", "p1", nil, sym("NOBODY")).fails()
	}, nil},
	{"PROC-CREATE-9/uncallable-error-in-process", "A number as the function is an error in the new process, as is a symbol that names none.", func(s *stage) {
		s.does(0, "process-run-function", "p1", nil, 7).is(proc(1))
		s.does(0, "process-run-function", "p2", nil, sym("NOBODY")).is(proc(2))
		s.does(0, "process-join", proc(1)).is(true)
		s.does(0, "process-join", proc(2)).is(true)
	}, nil},
}

var unknownKeyword = []any{spec.Keyword("foo"), 1}

// namedBy makes a process whose name is given as the symbol X, and is then this.
func namedBy(name any) func(*stage) {
	return func(s *stage) {
		s.function(1)
		s.does(0, "process-run-function", sym("X"), nil, fn(1)).is(proc(1))
		s.enters(1, 1, 1)
		s.does(0, "process-name", proc(1)).is(name)
	}
}

// What is left open of the life of processes.
var processShowings = []showing{
	{"PROC-PRI-7/error", "Changing the priority of a dead process is an error, and to what is no fixnum.", func(s *stage) {
		s.ended(1)
		s.does(0, "change-process-priority", proc(1), 17).fails()
		s.does(0, "change-process-priority", proc(0), 1.5).fails()
	}, nil},
	{"PROC-PRI-7/returned-with-effect", "Changing the priority of a dead process has its effect, and to what is no fixnum.", func(s *stage) {
		s.ended(1)
		s.does(0, "change-process-priority", proc(1), 17).is(17)
		s.does(0, "process-priority", proc(1)).is(17)
		s.does(0, "change-process-priority", proc(0), 1.5).is(1.5)
		s.does(0, "process-priority", proc(0)).is(1)
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "change-process-priority", proc(1), 17).is(17)
		s.does(0, "process-priority", proc(1)).is(37)
	}},
	{"PROC-PRI-7/returned-without-effect", "Changing the priority of a dead process returns the new one, which has no effect.", func(s *stage) {
		s.waiting(1)
		s.does(0, "change-process-priority", proc(1), 37).is(37)
		s.does(0, "gate-open", gate(1)).is(true)
		answer{s, 1}.is(true)
		s.leaves(1)
		s.does(0, "process-join", proc(1)).is(true)
		s.does(0, "change-process-priority", proc(1), 17).is(17)
		s.does(0, "process-priority", proc(1)).is(37)
	}, nil},
	{"PROC-EXIT-4/waits-in-debugger", "A process that signals an error which nobody handles waits in a debugger; another one goes on.", func(s *stage) {
		s.waiting(2)
		s.spawn(1)
		s.does(1, "signal-error", "oops")
		s.does(0, "gate-open", gate(2)).is(true)
		answer{s, 2}.is(true)
		s.does(0, "process-alive-p", proc(1)).is(true)
	}, nil},
	{"PROC-EXIT-4/dies-quietly PROC-EXIT-4/reported-and-dies", "A process that signals an error which nobody handles dies, and its cleanups run.", func(s *stage) {
		s.spawn(1)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
		s.does(1, "signal-error", "oops").gone()
		s.runs(11, 1, 2, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"PROC-KILL-6/returns-quietly", "Killing a dead process does nothing, and so does terminating it.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-terminate", proc(1)).is(0)
	}, nil},
	{"PROC-KILL-6/error", "Killing a dead process is an error, and so is terminating it.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-kill", proc(1)).fails()
		s.does(0, "process-terminate", proc(1)).fails()
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-kill", proc(1)).fails()
	}},
	{"PROC-KILL-7/self-ends-in-the-call", "A process that kills itself ends in the call.", func(s *stage) {
		s.spawn(1)
		s.does(1, "process-kill", proc(1)).gone()
	}, nil},
	{"PROC-KILL-7/self-ends-shortly-after", "A process that kills itself goes on for a moment.", func(s *stage) {
		s.spawn(1)
		s.does(1, "process-kill", proc(1)).is(nil)
		s.does(1, "make-gate").is(gate(9))
		s.does(1, "gate-wait", gate(9)).gone()
	}, nil},
	{"PROC-KILL-7/returns-nil PROC-KILL-7/target-alive-on-return", "A kill returns nil while its target is alive.", killed(nil, false), nil},
	{"PROC-KILL-7/returns-true PROC-KILL-7/target-ended-on-return", "A kill returns t when its target has ended.", killed(true, true), nil},
	{"PROC-KILL-7/returns-another-value", "A kill returns 42.", killed(42, false), nil},
	{"PROC-KILL-8/function-never-runs", "A process that is killed before it has begun never does.", func(s *stage) {
		s.makes(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"PROC-KILL-8/runs-to-interruptible-point", "A process that is killed before it has begun runs until it waits.", func(s *stage) {
		s.makes(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.enters(1, 1, 1)
		s.does(1, "make-gate").is(gate(1))
		s.does(1, "gate-wait", gate(1)).gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"PROC-KILL-8/outside-cleanups-run", "A process is killed before it has begun: the cleanup runs that another one had registered.", func(s *stage) {
		s.makes(1)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
		s.does(0, "process-kill", proc(1)).is(true)
		s.runs(11, 1, 2, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"PROC-KILL-8/outside-cleanups-not-run", "A process is killed before it has begun: the cleanup that another one had registered never runs.", func(s *stage) {
		s.virtual = true
		s.makes(1)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
		s.does(0, "process-kill", proc(1)).is(true)
		s.rests()
	}, func(s *stage) {
		s.virtual = true
		s.spawn(1)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
		s.leaves(1)
		s.rests()
	}},
	{"PROC-JOIN-3/self-error", "Joining oneself is an error.", func(s *stage) { s.does(0, "process-join", proc(0)).fails() }, nil},
	{"PROC-JOIN-3/self-nil", "Joining oneself gives nil.", func(s *stage) { s.does(0, "process-join", proc(0)).is(nil) }, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-join", proc(1)).is(nil)
	}},
	{"PROC-JOIN-3/self-waits-for-kill", "A process that joins itself waits until it is killed.", func(s *stage) {
		s.spawn(1)
		join := s.does(1, "process-join", proc(1))
		s.does(0, "process-kill", proc(1)).is(true)
		join.gone()
	}, nil},
	{"PROC-JOIN-3/negative-timeout-error", "A negative time-out is an error.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-join", proc(1), key.Timeout(-1)).fails()
		s.does(0, "process-terminate", proc(1), key.JoinTimeout(-1)).fails()
	}, nil},
	{"PROC-JOIN-3/negative-timeout-nil", "With a negative time-out a join gives nil.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-join", proc(1), key.Timeout(-1)).is(nil)
		s.ended(2)
		s.does(0, "process-join", proc(2), key.Timeout(-1)).is(nil)
		s.does(0, "process-terminate", proc(1), key.JoinTimeout(-1)).is(nil)
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-join", proc(1), key.Timeout(-1)).is(true)
	}},
	{"PROC-JOIN-5/returns-after-cleanups", "A join returns when the cleanups of its process have run.", func(s *stage) {
		s.registered()
		join := s.does(0, "process-join", proc(1))
		s.leaves(1)
		s.runs(11, 1, 2, proc(1))
		join.is(true)
	}, nil},
	{"PROC-JOIN-5/returns-before-cleanups-finish", "A join returns while a cleanup of its process runs.", func(s *stage) {
		s.registered()
		join := s.does(0, "process-join", proc(1))
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		join.is(true)
		s.does(11, "make-gate").is(gate(9))
	}, nil},
	{"PROC-ALIVE-2/asked-to-die-true", "A process that was asked to die is alive.", asked(true), nil},
	{"PROC-ALIVE-2/asked-to-die-nil", "A process that was asked to die is not alive.", asked(nil), nil},
	{"PROC-ALIVE-2/in-cleanups-true", "A process that runs its cleanups is alive.", inCleanups("process-alive-p", true), nil},
	{"PROC-ALIVE-2/in-cleanups-nil", "A process that runs its cleanups is not alive.", inCleanups("process-alive-p", nil), func(s *stage) {
		s.waiting(1)
		s.does(0, "process-alive-p", proc(1)).is(nil)
	}},
	{"PROC-LIST-3/descending-priority PROC-LIST-3/another-order", "The list of all processes begins with that of the highest priority.", listed(10, 30, 20, []int{2, 3, 1, 0}), nil},
	{"PROC-LIST-3/oldest-first", "The list of all processes begins with the oldest.", listed(0, 0, 0, []int{0, 1, 2, 3}), func(s *stage) {
		listed(0, 0, 0, []int{0, 1, 2})(s)
	}},
	{"PROC-LIST-3/newest-first", "The list of all processes begins with the newest.", listed(0, 0, 0, []int{3, 2, 1, 0}), nil},
	{"PROC-LIST-4/not-begun-listed", "A process that has not begun is listed and counted.", unbegun([]any{proc(0), proc(1)}, 2), nil},
	{"PROC-LIST-4/not-begun-not-listed", "A process that has not begun is neither listed nor counted.", unbegun([]any{proc(0)}, 1), func(s *stage) {
		unbegun([]any{proc(0)}, 3)(s)
	}},
	{"PROC-LIST-4/in-cleanups-listed", "A process that runs its cleanups is listed.", cleaningListed([]any{proc(0), proc(1)}), nil},
	{"PROC-LIST-4/in-cleanups-not-listed", "A process that runs its cleanups is not listed.", cleaningListed([]any{proc(0)}), nil},
	{"PROC-PS-2/descending PROC-PS-2/equals-in-creation-order", "Ps has the highest priority first, and of two equal ones the older.", presented(10, 30, 10, []int{2, 1, 3, 0}), presented(10, 30, 10, []int{2, 1, 0, 3})},
	{"PROC-PS-2/ascending PROC-PS-2/equals-in-another-order", "Ps has the lowest priority first, and of two equal ones the younger.", presented(10, 30, 10, []int{0, 3, 1, 2}), presented(10, 30, 10, []int{0, 3, 1})},
	{"PROC-PS-3/one-process-a-line", "Ps prints each process on a line.", prints("p1 0\np2 0\n"), nil},
	{"PROC-PS-3/another-layout", "Ps prints the processes in a row.", prints("p1, p2"), nil},
	{"PROC-NAME-7/nil", "Where no process has a name get-process finds nil.", func(s *stage) { s.does(0, "get-process", "nobody").is(nil) }, nil},
	{"PROC-NAME-7/error", "Where no process has a name get-process signals an error.", func(s *stage) { s.does(0, "get-process", "nobody").fails() }, nil},
	{"PROC-NAME-8/same-name", "A dead process has the name that it had.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-name", proc(1)).is("p1")
	}, func(s *stage) {
		s.ended(1)
		s.does(0, "process-name", proc(1)).is("p2")
	}},
	{"PROC-NAME-8/nil", "A dead process has no name.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-name", proc(1)).is(nil)
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-name", proc(1)).is(nil)
	}},
	{"PROC-NAME-8/error", "The name of a dead process is an error.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-name", proc(1)).fails()
	}, nil},
}

// registered makes process 1, which has registered function 2 and runs.
func (s *stage) registered() {
	s.spawn(1)
	s.function(2)
	s.does(1, "ensure-process-cleanup", fn(2)).is(true)
}

func killed(value any, ended bool) func(*stage) {
	return func(s *stage) {
		s.waiting(1)
		kill := s.does(0, "process-kill", proc(1))
		if ended {
			answer{s, 1}.gone()
		}
		kill.is(value)
		if !ended {
			answer{s, 1}.gone()
		}
		s.does(0, "process-join", proc(1)).is(true)
	}
}

func asked(alive any) func(*stage) {
	return func(s *stage) {
		s.waiting(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-alive-p", proc(1)).is(alive)
		answer{s, 1}.gone()
	}
}

// inCleanups asks something of a process that runs a cleanup.
func inCleanups(op string, is any) func(*stage) {
	return func(s *stage) {
		s.registered()
		s.gate(9)
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "gate-wait", gate(9))
		s.does(0, op, proc(1)).is(is)
	}
}

// listed lists the test's process and three of these priorities in that order.
func listed(a, b, c int, order []int) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		for i, p := range []int{a, b, c} {
			s.waiting(i + 1)
			s.does(0, "change-process-priority", proc(i+1), p).is(p)
		}
		var all []any
		for _, n := range order {
			all = append(all, proc(n))
		}
		s.does(0, "list-all-processes").is(all)
	}
}

// presented is listed for ps.
func presented(a, b, c int, order []int) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		for i, p := range []int{a, b, c} {
			s.waiting(i + 1)
			s.does(0, "change-process-priority", proc(i+1), p).is(p)
		}
		s.does(0, "change-process-priority", proc(0), 0).is(0)
		var all []any
		for _, n := range order {
			all = append(all, proc(n))
		}
		s.does(0, "ps").is(all)
	}
}

// prints has ps print a text, which is captured.
func prints(text string) func(*stage) {
	return func(s *stage) {
		s.waiting(1)
		s.waiting(2)
		captured := s.does(0, "with-captured-output", spec.Callback(3))
		s.enters(9, 0, 3)
		s.does(9, "ps").is(nil)
		s.leaves(9)
		captured.is(text)
	}
}

func unbegun(all []any, count int) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		s.makes(1)
		s.does(0, "list-all-processes").is(all)
		s.does(0, "processes-count").is(count)
		s.enters(1, 1, 1)
	}
}

func cleaningListed(all []any) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		s.registered()
		s.gate(9)
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "gate-wait", gate(9))
		s.does(0, "list-all-processes").is(all)
	}
}
