package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of how multiprocessing stops, for which the catalogue lists no behaviour: of code that keeps a process from its
// end, and of the call that started it.
var unlistedOfEnds = []unlisted{
	{"INIT-STOP-1_ended-while-a-cleanup-runs", "Process 2 quits: the first of two cleanups of process 3 doesn't come to its end, and the program ends all the same.", func(s *stage) {
		s.virtual = true
		s.quitsTwice()
		s.does(11, "make-gate").is(gate(5))
		s.does(11, "gate-wait", gate(5))
		s.hasEnded(1, 11, 2)
	}, func(s *stage) {
		s.virtual = true
		s.quitsTwice()
		s.does(11, "make-gate").is(gate(5))
		s.leaves(11)
		s.hasEnded(1, 2) // the second one could have run
	}},
	{"INIT-STOP-1_ended-while-a-form-runs", "Process 2 quits: a form of unwind-protect keeps process 3 from its cleanup, and the program ends all the same.", func(s *stage) {
		s.virtual = true
		s.quitsProtected()
		answer{s, 11}.gone()
		s.entersIn(1, 12, 3, 7)
		s.does(12, "gate-wait", gate(1))
		s.hasEnded(1, 12, 3, 2)
	}, func(s *stage) {
		s.virtual = true
		s.quitsProtected()
		answer{s, 11}.gone()
		s.runsIn(12, 3, 7)
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}},
	{"INIT-STOP-1_ended-while-interrupts-are-blocked", "Process 2 quits: process 3 waits where no kill reaches it, and the program ends all the same.", func(s *stage) {
		s.virtual = true
		s.quitsWithin("with-interrupts-blocked")
		s.hasEnded(1, 11, 3, 2)
	}, func(s *stage) {
		s.virtual = true
		s.quitsWithin("handler-case", spec.Callback(7)) // where one does
		s.hasEnded(1, 11, 3, 2)
	}},
	{"INIT-STOP-3_last-cleanup-runs", "The process that was listed has returned, and its cleanup runs: initialize-multiprocessing returns meanwhile, as the process is off the list.", func(s *stage) {
		s.virtual = true
		call := s.returnsWithCleanup()
		s.entersIn(1, 11, 2, 9, proc(2))
		s.does(11, "make-gate").is(gate(5))
		call.is(nil)
		s.does(11, "gate-open", gate(5)).is(true)
		s.leaves(11)
	}, func(s *stage) {
		s.virtual = true
		call := s.returnsWithCleanup()
		call.is(nil) // and the cleanup never runs
		s.rests()
	}},
	{"INIT-STOP-3_returns-what-it-likes", "Where no page is claimed that says what initialize-multiprocessing returns once multiprocessing has ended, it is t.", func(s *stage) {
		s.profile = []string{"posix-waitpid"}
		s.fresh()
		call := s.startsWith(2)
		s.leaves(2)
		call.is(true)
	}, func(s *stage) {
		s.fresh()
		call := s.startsWith(2)
		s.leaves(2)
		call.is(true)
	}},
}

// quitsTwice has process 2 quit while process 3 waits, which has two cleanups: the first begins in frame 11.
func (s *stage) quitsTwice() {
	s.fresh()
	s.startsWith(2, 3)
	for n := range 2 {
		s.does(3, "make-function", spec.Callback(8+n)).is(fn(8 + n))
		s.does(3, "ensure-process-cleanup", fn(8+n), key.Priority(n)).is(true)
	}
	s.does(3, "make-gate").is(gate(1))
	s.does(3, "gate-wait", gate(1))
	s.does(2, "quit")
	answer{s, 3}.gone()
	s.entersIn(1, 11, 3, 8, proc(3))
}

// quitsProtected has it quit while process 3, which has a cleanup, waits in an unwind-protect with form 7, in frame 11.
func (s *stage) quitsProtected() { s.quitsWithin("unwind-protect", spec.Callback(7)) }

// quitsWithin has it quit while process 3, which has a cleanup, waits within an operation that runs code, in frame 11.
func (s *stage) quitsWithin(op string, more ...any) {
	s.fresh()
	s.startsWith(2, 3)
	s.does(3, "make-function", spec.Callback(9)).is(fn(9))
	s.does(3, "ensure-process-cleanup", fn(9)).is(true)
	s.does(3, "make-gate").is(gate(1))
	s.does(3, op, append([]any{spec.Callback(6)}, more...)...)
	s.entersIn(1, 11, 3, 6)
	s.does(11, "gate-wait", gate(1))
	s.does(2, "quit")
}

// returnsWithCleanup has process 2, which alone is listed, register a cleanup and return.
func (s *stage) returnsWithCleanup() answer {
	s.fresh()
	call := s.startsWith(2)
	s.does(2, "make-function", spec.Callback(9)).is(fn(9))
	s.does(2, "ensure-process-cleanup", fn(9)).is(true)
	s.leaves(2)
	return call
}
