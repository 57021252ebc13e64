package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of foreign threads for which the catalogue lists no behaviour.
var unlistedOfForeign = []unlisted{
	{"CLEAN-FOR-5_method-gone", "Foreign thread 1 calls in a second time, in the process that it had: the terminate method that this had is gone, and it is killed.", func(s *stage) {
		s.callsInAgain()
		s.does(11, "gate-wait", gate(9))
		s.does(3, "process-terminate", proc(1)).is(0)
		answer{s, 11}.gone()
		s.does(3, "process-join", proc(1)).is(true)
		s.leaves(3)
		answer{s, 0}.is(7)
	}, func(s *stage) {
		s.callsInAgain()
		s.does(11, "current-process-set-terminate-method", key.RemoteTerminator(fn(2))).is(true) // and it is another call's no more
		s.does(11, "gate-wait", gate(9))
		s.does(3, "process-terminate", proc(1)).is(0)
		answer{s, 11}.gone()
		s.does(3, "process-join", proc(1)).is(true)
		s.leaves(3)
		answer{s, 0}.is(7)
	}},
	{"CLEAN-FOR-5_set-anew", "The process that foreign thread 1 has in its second call has neither the mailbox nor the priority that were set in the first.", func(s *stage) {
		s.setsInside()
		s.insideAgain(11, 1, 7, func() {
			s.does(11, "process-mailbox", proc(1)).is(nil)
			s.does(11, "process-priority", proc(1)).is(0)
			s.leaves(11, spec.Int(7))
		})
	}, func(s *stage) {
		s.setsInside()
		s.insideAgain(11, 1, 7, func() {
			s.does(11, "change-process-priority", proc(1), 5).is(5)
			s.does(11, "process-priority", proc(1)).is(0)
			s.leaves(11, spec.Int(7))
		})
	}},
	{"CLEAN-FOR-1_killed-as-it-returns", "A kill comes as the outermost callable returns, of which the label has told: its form runs, and who had the foreign thread call gets an error.", func(s *stage) {
		s.returnsAndRuns("process-kill").fails()
		s.log([]int{3})
	}, func(s *stage) {
		s.returnsAndRuns("process-name").fails()
		s.log([]int{3})
	}},
	{"CLEAN-ERR-1_reaches-foreign-caller", "A form of a foreign thread's process signals an error: who had that call in gets one too.", func(s *stage) {
		s.formFails(2).fails()
	}, func(s *stage) {
		s.formFails(5).fails() // it has returned
	}},
	{"PROC-EXIT-4_reaches-foreign-caller", "An error leaves the outermost callable: who had the foreign thread call it in gets one too.", func(s *stage) {
		s.foreign()
		call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(5))
		s.enters(10, 1, 5)
		s.does(10, "signal-error", "x").gone()
		call.fails()
	}, func(s *stage) {
		s.foreign()
		call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(5))
		s.enters(10, 1, 5)
		s.leaves(10, spec.Int(7))
		call.fails()
	}},
	{"PROC-EXIT-4_kept-by-foreign-code", "An error leaves an inner callable: the foreign code that called it keeps that to itself, and returns 0 to the Lisp that called it.", func(s *stage) {
		s.foreign()
		s.inside(1, func() {
			s.callsInside()
			s.does(12, "signal-error", "x").gone()
			answer{s, 10}.is(0)
			s.does(10, "get-current-process").is(proc(1))
			s.leaves(10, spec.Int(7))
		})
	}, func(s *stage) {
		s.foreign()
		s.inside(1, func() {
			s.callsInside()
			s.leaves(12, spec.Int(8))
			answer{s, 10}.is(0)
			s.leaves(10, spec.Int(7))
		})
	}},
	{"PROC-EXIT-4_through-foreign-code", "An error leaves an inner callable: by way of the foreign code it comes to the Lisp that called that, which goes on.", func(s *stage) {
		s.foreign()
		s.inside(1, func() {
			s.callsInside()
			s.does(12, "signal-error", "x").gone()
			answer{s, 10}.fails()
			s.does(10, "get-current-process").is(proc(1))
			s.leaves(10, spec.Int(7))
		})
	}, func(s *stage) {
		s.foreign()
		s.inside(1, func() {
			s.callsInside()
			s.leaves(12, spec.Int(8))
			answer{s, 10}.fails()
			s.does(10, "get-current-process").is(proc(1))
			s.leaves(10, spec.Int(7))
		})
	}},
}

// callsInAgain has foreign thread 1 call in, set a terminate method, and call in again, in frame 11, while process 3 looks on.
func (s *stage) callsInAgain() {
	s.foreign()
	s.spawn(3)
	s.inside(1, func() {
		s.does(10, "current-process-set-terminate-method", key.RemoteTerminator(fn(2))).is(true)
		s.leaves(10, spec.Int(7))
	})
	s.gate(9)
	s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(7))
	s.enters(11, 1, 7)
}

// setsInside has it set a mailbox and a priority.
func (s *stage) setsInside() {
	s.foreign()
	s.box(5)
	s.inside(1, func() {
		s.does(10, "set-process-mailbox", proc(1), mailbox(5)).is(mailbox(5))
		s.does(10, "change-process-priority", proc(1), 5).is(5)
		s.leaves(10, spec.Int(7))
	})
}

// callsInside has the callable in frame 10 call foreign code, which calls in, in frame 12.
func (s *stage) callsInside() {
	s.does(10, "call-foreign", spec.Callback(8))
	s.enters(12, 1, 8)
}

// returnsAndRuns has foreign thread 1 call in, register form 2 and return; process 3 meanwhile does something with its process, and
// then the form runs.
func (s *stage) returnsAndRuns(op string) answer {
	s.foreign()
	s.spawn(3)
	call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(5))
	s.enters(10, 1, 5)
	s.does(10, "ensure-process-cleanup", fn(2)).is(true)
	s.does(10, "get-current-process").is(proc(1))
	meanwhile := s.does(3, op, proc(1))
	s.leaves(10, spec.Int(7))
	meanwhile.is("x")
	s.notes(11, 1)
	return call
}

// formFails has foreign thread 1 call in and register form 2, which signals an error if it is the one that fails.
func (s *stage) formFails(which int) answer {
	s.foreign()
	call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(5))
	s.enters(10, 1, 5)
	s.does(10, "ensure-process-cleanup", fn(2)).is(true)
	s.leaves(10, spec.Int(7))
	s.enters(11, 1, 2, proc(1))
	if which == 2 {
		s.does(11, "signal-error", "x").gone()
	} else {
		s.does(11, "get-current-process").is(proc(1))
		s.leaves(11)
	}
	return call
}
