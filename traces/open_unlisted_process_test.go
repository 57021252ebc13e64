package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of processes, and that no behaviour of the catalogue has for itself.
var unlistedOfProcesses = []unlisted{
	{"BIND-13_function-of-ones-own", "A form calls a function that was defined, with a value that nobody knows, and the entry before it is for the same symbol: either counts.", func(s *stage) {
		s.callsInForm(0)
		s.does(1, "symbol-value", own("X")).is(7)
	}, func(s *stage) {
		s.callsInForm(0)
		s.does(1, "symbol-value", own("X")).is(2)
	}},
	{"BIND-11_not-begun", "A process has yet to begin: symeval-in-process gives the global value of what its list binds, what it will be bound to, or an error.", func(s *stage) {
		s.asksBeforeItBegins(0, 1)
	}, func(s *stage) {
		s.asksBeforeItBegins(0, 2)
	}},
	{"BIND-11_as-let-ends", "The value of a symbol in another process is asked for while the code of its let ends: it is that of the let, also where it is told once the code has ended.", func(s *stage) {
		s.asksAsLetEnds(2)
	}, func(s *stage) {
		s.asksAsLetEnds(3)
	}},
	{"BIND-11_asked-as-let-ends", "The code of a let has ended, and its process has yet to hear of that: who asks for the value may still see that of the let, or the global one.", func(s *stage) {
		let := s.letsInOther()
		s.leaves(10)
		s.does(0, "symeval-in-process", own("X"), proc(1)).is(2)
		s.does(0, "symeval-in-process", own("X"), proc(1)).is(0)
		let.is()
	}, func(s *stage) {
		let := s.letsInOther()
		s.leaves(10)
		let.is()
		s.does(0, "symeval-in-process", own("X"), proc(1)).is(2)
	}},
	{"PROC-CREATE-11_two-ends-heard-later", "Two processes have ended, each heard of later: there is no other one.", func(s *stage) {
		s.spawn(1)
		s.spawn(2)
		s.does(0, "any-other-process-non-internal-server-p").is(nil)
		s.leaves(1)
		s.leaves(2)
	}, func(s *stage) {
		s.spawn(1)
		s.spawn(2)
		s.gate(1)
		s.does(0, "any-other-process-non-internal-server-p").is(nil)
		s.leaves(1)
		s.does(2, "gate-open", gate(1)).is(nil)
	}},
	{"PROC-LIST-1_two-makers-heard-later", "A list tells of two processes whose makers have yet to hear of them: an operation may be given both.", func(s *stage) {
		first, second := s.twoMakers()
		s.does(0, "eq", proc(5), proc(6)).is(nil)
		first.is(proc(5))
		second.is(proc(6))
	}, func(s *stage) {
		first, second := s.twoMakers()
		s.does(0, "eq", proc(5), proc(6)).is(true)
		first.is(proc(5))
		second.is(proc(6))
	}},
	{"BIND-13_error-in-process", "The car of an entry is a keyword, or only the implementation knows a form: the new process finds the error, and ends by it.", func(s *stage) {
		unknown := spec.NewList(own("X"), spec.Symbol{Package: "COMMON-LISP", Name: "CAR"}, spec.Int(1))
		for n, list := range []spec.Value{alist(spec.Keyword("constant"), 1), spec.NewList(unknown)} {
			s.does(0, "set-global-value", initialBindings, list).is(list)
			s.makes(n + 1)
			s.does(0, "process-join", proc(n+1)).is(true)
		}
	}, func(s *stage) {
		s.lists(alist(own("X"), 1))
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(1))
		s.does(0, "process-join", proc(1)).is(true) // its function never ran
	}},
	{"PROC-LIST-4_name-of-a-stranger", "A list has a process that is the system's own: it has a name, as others have.", func(s *stage) {
		s.does(0, "list-all-processes").is([]any{proc(0), proc(7)})
		s.does(0, "process-name", proc(7)).is("idle")
	}, func(s *stage) {
		s.does(0, "list-all-processes").is([]any{proc(0)})
		s.does(0, "process-name", proc(7)).is("idle") // nobody has told of it
	}},
	{"INIT-STOP-1_end-seen-later", "One process quits: it is gone, and the other one with it, before image-wait tells of the program's end; once it has, it does so for good.", func(s *stage) {
		s.quits()
		answer{s, 3}.gone()
		answer{s, 2}.gone()
		s.does(0, "image-wait", image(1), 0).is(nil)
		s.does(0, "image-wait", image(1), 0).is(true)
		s.does(0, "image-wait", image(1), 0).is(true)
	}, func(s *stage) {
		s.quits()
		answer{s, 3}.gone()
		answer{s, 2}.gone()
		s.does(0, "image-wait", image(1), 0).is(true)
		s.does(0, "image-wait", image(1), 0).is(nil)
	}},
	{"INIT-STOP-1_short-chance", "One process quits, and nothing is heard of the other one's cleanup: on a real clock it may have begun as the program ended.", func(s *stage) {
		s.quits()
		answer{s, 3}.gone()
		answer{s, 2}.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		s.virtual = true
		s.quits()
		answer{s, 3}.gone()
		answer{s, 2}.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}},
	{"INIT-STOP-1_caller-last", "One process quits: the other one is ended, with its cleanup, and then the one that quit, with its unwind-protect and its cleanup; then the program.", func(s *stage) {
		quit := s.quitsWithCleanup()
		s.endsOther()
		s.unwindsQuitter(quit)
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		quit := s.quitsWithCleanup()
		s.endsOther()
		quit.is(nil)
	}},
	{"INIT-STOP-1_caller-first", "One process quits: it is ended, with its unwind-protect and its cleanup, and then the other one, with its cleanup; then the program.", func(s *stage) {
		quit := s.quitsWithCleanup()
		s.unwindsQuitter(quit)
		s.endsOther()
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		quit := s.quitsWithCleanup()
		s.unwindsQuitter(quit)
		answer{s, 3}.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}},
	{"INIT-STOP-1_initial-thread", "Code on the initial thread quits, where multiprocessing is off: it is unwound, and the program ends.", func(s *stage) {
		s.virtual = true
		s.fresh()
		s.does(1, "unwind-protect", spec.Callback(10), spec.Callback(11))
		s.entersIn(1, 5, 0, 10)
		quit := s.does(5, "quit")
		quit.gone()
		s.entersIn(1, 6, 0, 11)
		s.leaves(6)
		answer{s, 1}.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		s.virtual = true
		s.fresh()
		s.does(1, "quit").gone()
		s.types(2, 0) // it reads on
	}},
	{"PROC-TERM-5_blocked", "A process handles what ends it where interrupts are blocked: an error, as current-process-kill signals one there.", func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.is(nil)
		s.does(1, "with-interrupts-blocked", spec.Callback(10))
		s.enters(11, 1, 10)
		s.does(11, "general-handle-event", fn(77)).fails()
	}, func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.is(nil)
		s.does(1, "general-handle-event", fn(77)).fails()
	}},
	{"PROC-PRI-2_no-fixnum", "The default priority is no fixnum: process-run-function signals an error, or the process ends by one, or has some priority.", func(s *stage) {
		s.function(1)
		s.does(0, "set-global-value", defaultPriority, spec.Keyword("x")).is(nil)
		s.does(0, "process-run-function", "p", nil, fn(1)).fails()
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(1))
		s.does(0, "process-join", proc(1)).is(true)
		s.spawn(2)
		s.does(0, "process-priority", proc(2)).is(7)
	}, func(s *stage) {
		s.function(1)
		s.does(0, "set-global-value", defaultPriority, spec.Keyword("x")).is(nil)
		s.does(0, "process-run-function", "p", spec.NewList(spec.Keyword("priority"), spec.Int(1)), fn(1)).fails()
	}},
	{"PROC-TERM-5_shared-mailbox", "What ends a process by a send lies in a mailbox that another reads too: it ends that one when it handles it, or the first.", func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.gone()
		s.does(0, "process-join", proc(2)).is(true)
	}, func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.gone()
		s.does(0, "process-join", proc(3)).is(true) // which handles nothing
	}},
	{"PROC-TERM-5_ends-its-target", "Who handles what a process was sent that is to end it ends that.", func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.is(nil)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.sharedEnd()
		answer{s, 2}.is(nil)
		s.does(0, "process-join", proc(1)).is(true)
		s.does(2, "general-handle-event", fn(77)).gone() // once more
		s.does(0, "process-join", proc(3)).is(true)      // who was sent nothing
	}},
	{"PROC-EXIT-7_in-cleanup", "A cleanup form blocks interrupts and asks for the end of its process: an error, as always where they are blocked, or it merely returns.", func(s *stage) {
		s.blockedInCleanup()
		s.does(12, "current-process-kill").fails()
		s.does(12, "current-process-kill").is(nil)
	}, func(s *stage) {
		s.blockedInCleanup()
		s.leaves(12)
		answer{s, 11}.is(nil)
		s.does(11, "current-process-kill").fails() // where they are blocked no more
	}},
	{"PROC-INT-1_own-interrupt-waits", "A process interrupts itself with a function that waits for ever, and takes it at once: it never answers.", func(s *stage) {
		s.interruptsItself()
		s.does(11, "gate-wait", gate(1))
		s.rests()
	}, func(s *stage) {
		s.interruptsItself()
		s.leaves(11)
		s.rests()
	}},
	{"EXT-HOOK-4_before-begin", "A status hook is called on a process that has yet to begin, which begins afterwards.", func(s *stage) {
		s.hookedAndExits()
		s.makes(1)
		s.hook(11, proc(1), word("exited"), 0)
		s.enters(1, 1, 1)
	}, func(s *stage) {
		s.hookedAndExits()
		s.makes(1)
		s.add(spec.Label{Kind: spec.EnterLabel, Frame: 11, Process: proc(1), Callback: 5, Args: []spec.Value{process(1)}})
		s.enters(1, 1, 1) // while the hook runs
	}},
	{"EXT-HOOK-4_between-forms", "A status hook is called on a process that does its cleanups, between two forms.", func(s *stage) {
		s.betweenForms()
		s.hook(13, proc(1), word("exited"), 0)
		s.enters(12, 1, 7, proc(1))
		s.leaves(12)
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.betweenForms()
		s.add(spec.Label{Kind: spec.EnterLabel, Frame: 13, Process: proc(1), Callback: 5, Args: []spec.Value{process(1)}})
		s.enters(12, 1, 7, proc(1)) // while the hook runs
	}},
	{"PROC-PS-1_not-begun", "Of a process that has yet to begin the priority may be another than it was given: ps has it anywhere.", func(s *stage) {
		s.virtual = true
		s.ranked(20, 30)
		s.makes(3, spec.Keyword("priority"), 10)
		s.does(0, "ps").is([]any{proc(3), proc(2), proc(1), proc(0)})
	}, func(s *stage) {
		s.virtual = true
		s.ranked(20, 30, 10)
		s.does(0, "ps").is([]any{proc(3), proc(2), proc(1), proc(0)})
	}},
	{"PROC-PS-1_of-the-systems-own", "Ps has a process that the system made for itself among the others.", func(s *stage) {
		s.virtual = true
		s.ranked(20)
		s.does(0, "ps").is([]any{ref("process", 77), proc(1), proc(0)})
	}, func(s *stage) {
		s.virtual = true
		s.ranked(20)
		s.does(0, "ps").is([]any{ref("process", 77), proc(0)})
	}},
	{"PROC-PS-1_changed-meanwhile", "On real time a priority that is changed while ps looks around counts as the one or the other.", func(s *stage) {
		s.ranked(20, 30, 10)
		change := s.does(1, "change-process-priority", proc(3), 40)
		s.does(0, "ps").is([]any{proc(2), proc(1), proc(3), ref("process", 77)})
		change.is(40)
		s.does(0, "ps").is([]any{proc(3), proc(2), proc(1), proc(0)})
	}, func(s *stage) {
		s.ranked(20, 30, 10)
		s.does(1, "change-process-priority", proc(3), 40).is(40)
		s.does(0, "ps").is([]any{proc(2), proc(1), proc(3), proc(0)})
	}},
	{"PROC-PS-1_ending", "On real time ps need not have a process that may have ended meanwhile.", func(s *stage) {
		s.ranked(20, 30)
		kill := s.does(1, "process-kill", proc(2))
		s.does(0, "ps").is([]any{proc(1), proc(0)})
		kill.is(true)
	}, func(s *stage) {
		s.ranked(20, 30)
		s.does(0, "ps").is([]any{proc(1), proc(0)})
		s.does(1, "process-kill", proc(2)).is(true)
	}},
	{"PROC-CREATE-11_ending", "On real time nobody else is found but who may have ended meanwhile.", func(s *stage) {
		s.spawn(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "any-other-process-non-internal-server-p").is(nil)
	}, func(s *stage) {
		s.spawn(1)
		s.does(0, "any-other-process-non-internal-server-p").is(nil)
	}},
}

// interruptsItself has process 1 call what it interrupts itself with in frame 11, before it answers, on virtual time.
func (s *stage) interruptsItself() {
	s.virtual = true
	s.gate(1)
	s.spawn(1)
	s.function(9)
	s.does(1, "process-interrupt", proc(1), fn(9))
	s.enters(11, 1, 9)
}

// blockedInCleanup has process 1 run its cleanup form in frame 11, and in that frame 12 with interrupts blocked.
func (s *stage) blockedInCleanup() {
	s.function(9)
	s.spawn(1)
	s.does(1, "ensure-process-cleanup", fn(9)).is(nil)
	s.leaves(1)
	s.enters(11, 1, 9, proc(1))
	s.does(11, "with-interrupts-blocked", spec.Callback(10))
	s.enters(12, 1, 10)
}

// sharedEnd has process 2 handle what ends process 1, which has the same mailbox.
func (s *stage) sharedEnd() {
	s.box(1)
	for n := 1; n <= 3; n++ {
		s.spawn(n, spec.Keyword("mailbox"), mailbox(1))
	}
	s.does(1, "current-process-set-terminate-method").is(true)
	s.does(0, "process-terminate", proc(1)).is(0)
	s.does(2, "process-wait-for-event").is(fn(77))
	s.does(2, "general-handle-event", fn(77))
}

// hookedAndExits has a program with a hook exit; it is told in the order of what happened.
func (s *stage) hookedAndExits() {
	s.virtual = true
	s.hooked(1)
	s.tells(1, "exit", 0)
}

// betweenForms has a process run the first of its two cleanup forms, and leave that.
func (s *stage) betweenForms() {
	s.hookedAndExits()
	s.function(6)
	s.function(7)
	s.spawn(1)
	s.does(1, "ensure-process-cleanup", fn(6), key.Priority(0)).is(nil)
	s.does(1, "ensure-process-cleanup", fn(7), key.Priority(1)).is(nil)
	s.leaves(1)
	s.enters(11, 1, 6, proc(1))
	s.leaves(11)
}

// ranked makes processes of these priorities, which begin.
func (s *stage) ranked(priorities ...int) {
	for n, priority := range priorities {
		s.spawn(n+1, spec.Keyword("priority"), priority)
	}
}

// quitsWithCleanup has process 2, with a cleanup, quit in frame 5, the body of an unwind-protect, while process 3 waits.
func (s *stage) quitsWithCleanup() answer {
	s.virtual = true
	s.fresh()
	s.startsWith(2, 3)
	s.waitsWithCleanup(3)
	s.does(2, "make-function", spec.Callback(8)).is(fn(8))
	s.does(2, "ensure-process-cleanup", fn(8)).is(true)
	s.does(2, "unwind-protect", spec.Callback(10), spec.Callback(11))
	s.entersIn(1, 5, 2, 10)
	return s.does(5, "quit")
}

// endsOther has process 3 be ended.
func (s *stage) endsOther() {
	answer{s, 3}.gone()
	s.entersIn(1, 4, 3, 9, proc(3))
	s.leaves(4)
}

// unwindsQuitter has process 2 be ended.
func (s *stage) unwindsQuitter(quit answer) {
	quit.gone()
	s.entersIn(1, 6, 2, 11)
	s.leaves(6)
	answer{s, 2}.gone()
	s.entersIn(1, 7, 2, 8, proc(2))
	s.leaves(7)
}

// letsInOther has process 1 bind X to 2, which is 0 globally, and run code so.
func (s *stage) letsInOther() answer {
	s.does(0, "set-global-value", own("X"), 0).is(0)
	s.spawn(1)
	let := s.does(1, "let", alist(own("X"), 2), spec.Callback(10))
	s.enters(10, 1, 10)
	return let
}

// asksAsLetEnds has the test see that value of X while it ends.
func (s *stage) asksAsLetEnds(value int) {
	let := s.letsInOther()
	asks := s.does(0, "symeval-in-process", own("X"), proc(1))
	s.leaves(10)
	asks.is(value)
	let.is()
}

// twoMakers has two processes make one each.
func (s *stage) twoMakers() (first, second answer) {
	s.function(7)
	s.spawn(1)
	s.spawn(2)
	first = s.does(1, "process-run-function", "p5", nil, fn(7))
	second = s.does(2, "process-run-function", "p6", nil, fn(7))
	s.does(0, "list-all-processes").is([]any{proc(0), proc(1), proc(2), proc(5), proc(6)})
	return first, second
}
