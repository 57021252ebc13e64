package traces

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/format"
)

// What no page forbids beside the behaviours that the catalogue lists: combinations of these, and what a
// clause's own words leave out.
func TestWhatNoPageForbids(t *testing.T) {
	never, always := []any{spec.Keyword("never")}, []any{spec.Keyword("always")}
	for _, test := range []struct {
		what string
		want Verdict
		play func(s *stage)
	}{
		{"CLEAN-LEG-3: a process by position and by keyword, the keyword is ignored", Allowed, func(s *stage) {
			s.twoProcesses()
			s.does(0, "ensure-process-cleanup", fn(3), proc(1), key.Process(proc(2)), key.Priority(4)).is(true)
			s.does(0, "gate-open", gate(1)).is(true)
			answer{s, 1}.is(true)
			s.leaves(1)
			s.runs(12, 1, 3, proc(1))
		}},
		{"CLEAN-LEG-3: the same, the position is ignored", Allowed, func(s *stage) {
			s.twoProcesses()
			s.does(0, "ensure-process-cleanup", fn(3), proc(1), key.Process(proc(2)), key.Priority(4)).is(true)
			s.does(0, "gate-open", gate(2)).is(true)
			answer{s, 2}.is(true)
			s.leaves(2)
			s.runs(12, 2, 3, proc(2))
		}},
		{"CLEAN-LEG-3: the same, both run it", Forbidden, func(s *stage) {
			s.twoProcesses()
			s.does(0, "ensure-process-cleanup", fn(3), proc(1), key.Process(proc(2))).is(true)
			for n := 1; n <= 2; n++ {
				s.does(0, "gate-open", gate(n)).is(true)
				answer{s, n}.is(true)
				s.leaves(n)
				s.runs(11+n, n, 3, proc(n))
			}
		}},
		{"CLEAN-PRI-2: 1.0 counts as 1", Allowed, func(s *stage) {
			s.function(1)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1.0)).is(true)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1)).is(nil)
		}},
		{"CLEAN-PRI-2: 1.0 doesn't count as 1", Allowed, func(s *stage) {
			s.function(1)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1.0)).is(true)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1)).fails()
		}},
		{"CLEAN-PRI-2: 2.0 counts as 1", Forbidden, func(s *stage) {
			s.function(1)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(2.0)).is(true)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1)).is(nil)
		}},
		{"CLEAN-PRI-2: a half is rounded to 0", Allowed, fractions(0.5, 2, 1, 5)},
		{"CLEAN-PRI-2: a half is rounded to 1", Allowed, fractions(0.5, 1, 5, 2)},
		{"CLEAN-PRI-2: a half runs after two 0 and 1 that are the wrong way round", Forbidden, fractions(0.5, 5, 1, 2)},
		{"CLEAN-PRI-2: three halves run before 1", Allowed, fractions(1.5, 1, 2, 5)},
		{"CLEAN-PRI-2: three halves run before 0", Forbidden, fractions(1.5, 2, 1, 5)},
		{"CLEAN-PRI-2: a priority out of range counts as the highest", Allowed, func(s *stage) {
			s.spawn(1)
			s.function(2)
			s.function(3)
			s.does(1, "ensure-process-cleanup", fn(2), key.Priority(2_000_000)).is(true)
			s.does(1, "ensure-process-cleanup", fn(2), key.Priority(3_000_000)).is(nil)
			s.does(1, "ensure-process-cleanup", fn(3), key.Priority(1_000_000)).is(true)
			s.leaves(1)
			s.runs(11, 1, 2, proc(1))
			s.runs(12, 1, 3, proc(1))
		}},
		{"CLEAN-PRI-2: nil counts as 0", Allowed, func(s *stage) {
			s.function(1)
			s.does(0, "ensure-process-cleanup", fn(1), key.Priority(nil)).is(true)
			s.does(0, "ensure-process-cleanup", fn(1)).is(nil)
		}},
		{"CLEAN-PROC-7: once it was killed a process takes no cleanup", Allowed, func(s *stage) {
			s.protected()
			s.function(3)
			s.does(0, "process-kill", proc(1)).is(true)
			s.does(0, "ensure-process-cleanup", fn(3), key.Process(proc(1))).fails()
			answer{s, 10}.gone()
			s.enters(20, 1, 11)
			s.does(20, "ensure-process-cleanup", fn(3)).fails()
			s.leaves(20)
			answer{s, 1}.gone()
			s.runs(21, 1, 2, proc(1))
		}},
		{"CLEAN-PROC-7: what is registered once it was killed never runs", Allowed, func(s *stage) {
			s.virtual = true
			s.protected()
			s.function(3)
			s.does(0, "process-kill", proc(1)).is(true)
			answer{s, 10}.gone()
			s.enters(20, 1, 11)
			s.does(20, "ensure-process-cleanup", fn(3)).is(true)
			s.leaves(20)
			answer{s, 1}.gone()
			s.runs(21, 1, 2, proc(1))
			s.rests()
		}},
		{"CLEAN-PROC-7: a process that nobody kills takes no cleanup", Forbidden, func(s *stage) {
			s.waiting(1)
			s.does(0, "ensure-process-cleanup", fn(1), key.Process(proc(1))).fails()
		}},
		{"PROC-CREATE-6: a taken name is refused, whatever became of names that are no strings", Allowed, func(s *stage) {
			s.function(1)
			s.does(0, "process-run-function", 7, nil, fn(1)).is(proc(1))
			s.does(0, "process-run-function", "p", nil, fn(1)).is(proc(2))
			s.does(0, "process-run-function", "p", nil, fn(1)).fails()
		}},
		{"PROC-CREATE-6: a taken name is refused where one was made before", Forbidden, func(s *stage) {
			s.function(1)
			for n := range 2 {
				s.does(0, "process-run-function", "p", nil, fn(1)).is(proc(1 + n))
				s.enters(1+n, 1+n, 1)
			}
			s.does(0, "process-run-function", "p", nil, fn(1)).fails()
		}},
		{"EVENT-PWE-2: a wait goes on at the mailbox that its process had", Allowed, func(s *stage) {
			s.moved()
			answer{s, 1}.is(6)
		}},
		{"EVENT-PWE-2: a wait goes on at the mailbox that its process has", Allowed, func(s *stage) {
			s.moved()
			answer{s, 1}.is(7)
		}},
		{"EVENT-PWE-2: the next wait is at the mailbox that its process had", Forbidden, func(s *stage) {
			s.moved()
			answer{s, 1}.is(7)
			s.does(1, "process-wait-for-event").is(6)
		}},
		{"EVENT-MWE-4: the wait function replaces the mailbox test of no-hang-p too", Allowed, func(s *stage) {
			s.box(1)
			s.send(1, 5)
			s.does(0, "mailbox-wait-for-event", mailbox(1), key.WaitFunction(never), key.NoHangP(true)).is(nil)
			s.does(0, "mailbox-wait-for-event", mailbox(1), key.WaitFunction(always), key.NoHangP(true)).is(5)
		}},
		{"EVENT-MWE-2: without a wait function no-hang-p finds nothing", Forbidden, func(s *stage) {
			s.box(1)
			s.send(1, 5)
			s.does(0, "mailbox-wait-for-event", mailbox(1), key.NoHangP(true)).is(nil)
		}},
		{"EVENT-MWE-4: it replaces the test at one time, adds to it at another", Forbidden, func(s *stage) {
			s.box(1)
			s.send(1, 5)
			s.does(0, "mailbox-wait-for-event", mailbox(1), key.WaitFunction(never), key.NoHangP(true)).is(nil)
			s.does(0, "mailbox-wait-for-event", mailbox(1), key.WaitFunction(never)).is(5)
		}},
		{"SEND-DEAD-6: the mailbox of a dead process can't be read", Allowed, func(s *stage) {
			s.box(1)
			s.ended(1, spec.Keyword("mailbox"), mailbox(1))
			s.does(0, "process-mailbox", proc(1)).is(nil)
			s.does(0, "process-mailbox", proc(1)).fails()
			s.does(0, "set-process-mailbox", proc(1), nil).fails()
		}},
		{"SEND-MB-2: that of a living one can't", Forbidden, func(s *stage) {
			s.box(1)
			s.waiting(1, spec.Keyword("mailbox"), mailbox(1))
			s.does(0, "process-mailbox", proc(1)).is(nil)
		}},
		{"a dead process has no priority", Allowed, func(s *stage) {
			s.ended(1, spec.Keyword("priority"), 42)
			s.does(0, "process-priority", proc(1)).is(nil)
			s.does(0, "process-priority", proc(1)).fails()
		}},
		{"PROC-PRI-1: before it has begun a process has another priority", Allowed, func(s *stage) {
			s.makes(1, spec.Keyword("priority"), 42)
			s.does(0, "process-priority", proc(1)).is(850000)
			s.enters(1, 1, 1)
			s.does(0, "process-priority", proc(1)).is(42)
		}},
		{"PROC-PRI-1: when it has begun it still has", Forbidden, func(s *stage) {
			s.spawn(1, spec.Keyword("priority"), 42)
			s.does(0, "process-priority", proc(1)).is(850000)
		}},
		{"the test's process has a name and a priority of the adapter's", Allowed, func(s *stage) {
			s.does(0, "process-priority", proc(0)).is(60_000_000)
			s.does(0, "process-name", proc(0)).is("main thread")
			s.does(0, "find-process-from-name", "main thread").is(proc(0))
		}},
		{"which stay what they are", Forbidden, func(s *stage) {
			s.does(0, "process-priority", proc(0)).is(60_000_000)
			s.does(0, "process-priority", proc(0)).is(0)
		}},
		{"PROC-JOIN-5: who unwinds after its cleanups is joined, and is not alive, before it has", Allowed, func(s *stage) {
			s.protected()
			s.does(0, "process-kill", proc(1)).is(true)
			s.runs(21, 1, 2, proc(1))
			s.does(0, "process-join", proc(1)).is(true)
			answer{s, 10}.gone()
			s.enters(20, 1, 11)
			s.does(20, "make-gate").is(gate(7))
			s.does(0, "process-join", proc(1)).is(true)
			s.does(0, "process-alive-p", proc(1)).is(nil)
			s.does(0, "process-send", proc(1), 3).is(nil)
			s.does(20, "make-gate").is(gate(8))
			s.leaves(20)
			answer{s, 1}.gone()
		}},
		{"PROC-JOIN-1: who unwinds before its cleanups is joined before it has", Forbidden, func(s *stage) {
			s.protected()
			s.does(0, "process-kill", proc(1)).is(true)
			answer{s, 10}.gone()
			s.enters(20, 1, 11)
			s.does(20, "make-gate").is(gate(7))
			s.does(0, "process-join", proc(1)).is(true)
			s.does(20, "make-gate").is(gate(8))
			s.leaves(20)
			answer{s, 1}.gone()
			s.runs(21, 1, 2, proc(1))
		}},
		{"SEND-PRI-5: a bad value is as good as :default", Allowed, func(s *stage) {
			s.waiting(1)
			s.does(0, "change-process-priority", proc(1), 37).is(37)
			s.does(0, "process-send", proc(1), 7, key.ChangePriority(spec.Keyword("foo"))).is(true)
			s.does(0, "process-priority", proc(1)).is(0)
		}},
		{"PROC-CREATE-9: a priority that is no number is refused", Allowed, func(s *stage) {
			s.function(1)
			s.does(0, "process-run-function", "p1", []any{spec.Keyword("priority"), "high"}, fn(1)).fails()
			s.does(0, "process-run-function", "p1", []any{spec.Keyword("priority"), nil}, fn(1)).is(proc(1))
			s.enters(1, 1, 1)
		}},
	} {
		s := newStage()
		test.play(s)
		s.leaves(0)
		trace := &format.Trace{Labels: s.labels, Header: format.Header{Format: format.Version, Clock: spec.Real, PID: model.AdapterPID}}
		if s.virtual {
			trace.Header.Clock = spec.Virtual
		}
		if r := CheckTrace(trace); r.Verdict != test.want {
			t.Errorf("%s: want %s: %s\n%s", test.what, test.want, r.Text(trace.Labels), strings.Join(Render(trace.Labels, nil), "\n"))
		}
	}
}

// twoProcesses makes processes 1 and 2, which wait, and function 3.
func (s *stage) twoProcesses() {
	s.waiting(1)
	s.waiting(2)
	s.function(3)
}

// moved has process 1 wait for an event, gives it another mailbox, and sends 7 to the process, 6 to the old one.
func (s *stage) moved() {
	s.box(8)
	s.box(9)
	s.spawn(1, spec.Keyword("mailbox"), mailbox(8))
	s.does(1, "process-wait-for-event")
	s.does(0, "set-process-mailbox", proc(1), mailbox(9)).is(mailbox(9))
	s.does(0, "process-send", proc(1), 7).is(true)
	s.does(0, "mailbox-send", mailbox(8), 6).is(true)
}
