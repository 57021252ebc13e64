package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// What may be told of a process that is interrupted (PROC-INT-1), and of local terminators, and what may not.
func TestInterruptsAsTold(t *testing.T) {
	interrupted := func(s *stage) { // process 1 waits at its gate, and is interrupted
		s.waiting(1)
		s.function(9)
		s.does(0, "process-interrupt", proc(1), fn(9), 5).is(true)
	}
	for name, test := range map[string]struct {
		play func(*stage)
		want Verdict
	}{
		"a waiter": {func(s *stage) {
			interrupted(s)
			s.runs(11, 1, 9, 5)
			s.does(0, "gate-open", gate(1)).is(nil)
			answer{s, 1}.is(nil)
		}, Allowed},
		"in another process": {func(s *stage) {
			interrupted(s)
			s.runs(11, 0, 9, 5)
		}, Forbidden},
		"with other arguments": {func(s *stage) {
			interrupted(s)
			s.enters(11, 1, 9, 6)
		}, Forbidden},
		"twice": {func(s *stage) {
			interrupted(s)
			s.runs(11, 1, 9, 5)
			s.runs(12, 1, 9, 5)
		}, Forbidden},
		"before it was asked for": {func(s *stage) {
			s.waiting(1)
			s.function(9)
			s.runs(11, 1, 9, 5)
			s.does(0, "process-interrupt", proc(1), fn(9), 5).is(true)
		}, Forbidden},
		"and the wait is over": {func(s *stage) {
			interrupted(s)
			s.runs(11, 1, 9, 5)
			answer{s, 1}.is(nil)
		}, Forbidden},
		"two in the other order": {func(s *stage) {
			interrupted(s)
			s.does(0, "process-interrupt", proc(1), fn(9), 6).is(true)
			s.runs(11, 1, 9, 6)
			s.runs(12, 1, 9, 5)
		}, Allowed},
		"one within the other, told of in the wrong order": {func(s *stage) {
			interrupted(s)
			s.does(0, "process-interrupt", proc(1), fn(9), 6).is(true)
			s.runs(12, 1, 9, 6)
			s.runs(11, 1, 9, 5)
		}, Allowed},
		"of a process that has just begun, told of before that": {func(s *stage) {
			s.makes(1)
			s.function(9)
			s.does(0, "process-interrupt", proc(1), fn(9), 5).is(true)
			s.runs(11, 1, 9, 5)
			s.enters(1, 1, 1)
			s.does(1, "get-current-process").is(proc(1))
		}, Allowed},
		"killed in it": {func(s *stage) {
			interrupted(s)
			s.enters(11, 1, 9, 5)
			s.does(11, "process-kill", proc(1)).gone()
			answer{s, 1}.gone()
		}, Allowed},
		"a kill in it is refused, since interrupts are blocked": {func(s *stage) {
			interrupted(s)
			s.enters(11, 1, 9, 5)
			s.does(11, "current-process-kill").fails()
		}, Allowed},
		"of oneself, at once, and killed in it": {func(s *stage) {
			s.spawn(1)
			s.function(9)
			s.does(1, "process-interrupt", proc(1), fn(9), 5)
			s.enters(11, 1, 9, 5)
			s.does(11, "process-kill", proc(1)).gone()
			answer{s, 1}.gone()
			s.does(0, "process-join", proc(1)).is(true)
		}, Allowed},
		"of oneself, at once, and an error in it": {func(s *stage) {
			s.spawn(1)
			s.function(9)
			s.does(1, "handler-case", spec.Callback(10), spec.Callback(12))
			s.enters(10, 1, 10)
			s.does(10, "process-interrupt", proc(1), fn(9), 5)
			s.enters(11, 1, 9, 5)
			s.does(11, "signal-error", "x").gone()
			answer{s, 10}.gone()
			s.enters(12, 1, 12, []any{"simple-error", "x"})
			s.leaves(12)
			answer{s, 1}.is()
		}, Allowed},
		"of a dead process, refused": {func(s *stage) {
			s.ended(1)
			s.function(9)
			s.does(0, "process-interrupt", proc(1), fn(9)).fails()
		}, Allowed},
		"of a waiter, refused": {func(s *stage) {
			s.waiting(1)
			s.function(9)
			s.does(0, "process-interrupt", proc(1), fn(9)).fails()
		}, Forbidden},
		"while it is stopped": {func(s *stage) {
			s.waiting(1)
			s.function(9)
			s.does(0, "process-stop", proc(1)).is(true)
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			s.runs(11, 1, 9)
			s.does(0, "process-unstop", proc(1)).is(true)
		}, Allowed},
		"in a cleanup form": {func(s *stage) {
			s.registered()
			s.function(9)
			s.leaves(1)
			s.enters(11, 1, 2, proc(1))
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			s.runs(12, 1, 9)
			s.does(11, "get-current-process").is(proc(1))
			s.leaves(11)
		}, Allowed},
		"where interrupts are blocked": {func(s *stage) {
			s.spawn(1)
			s.function(9)
			s.does(1, "with-interrupts-blocked", spec.Callback(10))
			s.enters(10, 1, 10)
			s.gate(1)
			s.does(10, "gate-wait", gate(1))
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			s.runs(11, 1, 9)
		}, Forbidden},
		"of what can't be called, refused": {func(s *stage) {
			s.waiting(1)
			s.does(0, "process-interrupt", proc(1), sym("NO-SUCH-FUNCTION")).fails()
		}, Allowed},
		"of what can't be called, which the process dies of": {func(s *stage) {
			s.waiting(1)
			s.does(0, "process-interrupt", proc(1), sym("NO-SUCH-FUNCTION")).is(true)
			answer{s, 1}.gone()
		}, Allowed},
	} {
		s := newStage()
		test.play(s)
		if r := Check(s.labels, CheckOptions{AdapterPID: 1000}); r.Verdict != test.want {
			t.Errorf("%s: %v, want %v: %+v", name, r.Verdict, test.want, r.Text(s.labels))
		}
	}
}
