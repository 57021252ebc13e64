package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of cleanups for which the catalogue lists no behaviour.
var unlistedOfCleanups = []unlisted{
	{"CLEAN-DUP-1_text-of-a-string", "A string is made of the text of another one: forms that have one each are the same, and can't have two priorities.", func(s *stage) {
		s.registersStrings(ref("string", 1)).fails()
	}, func(s *stage) {
		s.registersStrings("another text").fails()
	}},
	{"CLEAN-INP-3_between-forms", "An interrupt comes between two forms of a process: in none of them it is in no cleanup.", func(s *stage) {
		s.interruptsForms()
		s.runs(11, 1, 2, proc(1))
		s.asksBetween(12)
		s.runs(13, 1, 3, proc(1))
	}, func(s *stage) {
		s.interruptsForms()
		s.enters(11, 1, 2, proc(1))
		s.asksBetween(12) // within the first
		s.does(11, "get-current-process").is(proc(1))
		s.leaves(11)
		s.runs(13, 1, 3, proc(1))
	}},
	{"CLEAN-PROC-5_counts-as-cleanup", "A form that is registered on a dead process is run at once, by process 3: that counts as being in a cleanup, and a kill of itself merely returns.", func(s *stage) {
		s.ended(1)
		s.spawn(3)
		s.function(2)
		ensure := s.does(3, "ensure-process-cleanup", fn(2), key.Process(proc(1)))
		s.enters(11, 3, 2, proc(1))
		s.does(11, "current-process-in-cleanup-p").is(true)
		s.does(11, "current-process-kill").is(nil)
		s.does(11, "make-gate").is(gate(8))
		s.leaves(11)
		ensure.is(true)
		s.does(3, "current-process-in-cleanup-p").is(nil)
	}, func(s *stage) {
		s.ended(1)
		s.spawn(3)
		s.function(2)
		ensure := s.does(3, "ensure-process-cleanup", fn(2), key.Process(proc(1)))
		s.enters(11, 3, 2, proc(1))
		s.leaves(11)
		ensure.is(true)
		s.does(3, "current-process-in-cleanup-p").is(true) // it is over
	}},
}

// interruptsForms interrupts process 1, which has returned and has form 2 at 0 and 3 at 10.
func (s *stage) interruptsForms() {
	s.function(9)
	s.twoForms()
	s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
}

// asksBetween has that begin in a frame, which asks whether it is in a cleanup, and is told that it isn't.
func (s *stage) asksBetween(frame int) {
	s.enters(frame, 1, 9)
	s.does(frame, "current-process-in-cleanup-p").is(nil)
	s.leaves(frame)
}

// registersStrings registers lists with two strings, the second of that text, at two priorities.
func (s *stage) registersStrings(text any) answer {
	s.function(2)
	s.does(0, "new", spec.Keyword("string"), "a text").is(ref("string", 1))
	s.does(0, "new", spec.Keyword("string"), text).is(ref("string", 2))
	s.does(0, "ensure-process-cleanup", []any{fn(2), ref("string", 1)}).is(true)
	return s.does(0, "ensure-process-cleanup", []any{fn(2), ref("string", 2)}, key.Priority(4))
}
