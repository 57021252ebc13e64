package traces

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// With :join-timeout process-terminate returns what process-join gives (PROC-TERM-2): so what the
// documents leave open of the one is open of the other.
func TestTerminateEndsAsAJoin(t *testing.T) {
	ofItself := func(end func(answer)) func(*stage) {
		return func(s *stage) {
			s.registered()
			s.leaves(1)
			s.enters(11, 1, 2, proc(1))
			end(s.does(11, "process-terminate", proc(1), key.JoinTimeout(10)))
			s.leaves(11)
		}
	}
	ofAnother := func(value any) func(*stage) {
		return func(s *stage) {
			s.registered()
			s.leaves(1)
			s.enters(11, 1, 2, proc(1))
			s.does(0, "process-terminate", proc(1), key.JoinTimeout(10)).is(value)
			s.does(11, "make-gate").is(gate(9))
			s.leaves(11)
		}
	}
	for name, test := range map[string]struct {
		play func(*stage)
		want Verdict
	}{
		"itself, an error (PROC-JOIN-3)":         {ofItself(func(a answer) { a.fails() }), Allowed},
		"itself, nil (PROC-JOIN-3)":              {ofItself(func(a answer) { a.is(nil) }), Allowed},
		"itself, t (PROC-JOIN-5)":                {ofItself(func(a answer) { a.is(true) }), Allowed}, // its function has ended
		"itself, 0":                              {ofItself(func(a answer) { a.is(0) }), Forbidden},
		"in its cleanups, t (PROC-JOIN-5)":       {ofAnother(true), Allowed},
		"in its cleanups, nil before its time":   {ofAnother(nil), Forbidden},
		"in its cleanups, 0 with a time to join": {ofAnother(0), Forbidden},
		"ending, nil when its time is over": {func(s *stage) {
			s.spawn(1)
			s.leaves(1)
			s.does(0, "process-terminate", proc(1), key.JoinTimeout(0)).is(nil)
		}, Allowed},
		"ending, t": {func(s *stage) {
			s.spawn(1)
			s.leaves(1)
			s.does(0, "process-terminate", proc(1), key.JoinTimeout(10)).is(true)
		}, Allowed},
		"itself, nil when its time is over": {func(s *stage) {
			s.registered()
			s.leaves(1)
			s.enters(11, 1, 2, proc(1))
			s.does(11, "process-terminate", proc(1), key.JoinTimeout(0)).is(nil)
			s.leaves(11)
		}, Allowed},
		"waiting at a gate, nil when its time is over": {func(s *stage) {
			s.waiting(1)
			s.does(0, "process-terminate", proc(1), key.JoinTimeout(0)).is(nil)
		}, Allowed},
		"waiting at a gate, an error": {func(s *stage) {
			s.waiting(1)
			s.does(0, "process-terminate", proc(1), key.JoinTimeout(10)).fails()
		}, Forbidden},
		"an odd terminator, refused as it is set": {func(s *stage) {
			s.does(0, "current-process-set-terminate-method", key.RemoteTerminator(sym("NOBODY"))).fails()
		}, Allowed},
		"an odd terminator, not looked at as it is set": {func(s *stage) {
			s.does(0, "current-process-set-terminate-method", key.RemoteTerminator(42)).is(true)
		}, Allowed},
		"an odd terminator, found out by who terminates": {func(s *stage) {
			s.waiting(1, spec.Keyword("local-terminator"), sym("NOBODY"))
			s.does(0, "process-terminate", proc(1)).fails()
		}, Allowed},
		"an odd terminator, and a kill": {func(s *stage) {
			s.waiting(1, spec.Keyword("remote-terminator"), sym("NOBODY"))
			s.does(0, "process-terminate", proc(1)).is(0)
			answer{s, 1}.gone()
		}, Allowed},
		"a terminator that can be called, refused": {func(s *stage) {
			s.function(9)
			s.does(0, "current-process-set-terminate-method", key.LocalTerminator(fn(9))).fails()
		}, Forbidden},
		"a force-timeout that has not passed": {func(s *stage) {
			s.function(9)
			s.waiting(1, spec.Keyword("remote-terminator"), fn(9))
			terminates := s.does(0, "process-terminate", proc(1), key.ForceTimeout(1000))
			s.runs(50, 0, 9, proc(1))
			terminates.is(0)
			answer{s, 1}.gone()
			s.does(0, "process-join", proc(1)).is(true)
		}, Forbidden},
		"a force-timeout that has passed": {func(s *stage) {
			s.function(9)
			s.waiting(1, spec.Keyword("remote-terminator"), fn(9))
			terminates := s.does(0, "process-terminate", proc(1), key.ForceTimeout(1000))
			s.runs(50, 0, 9, proc(1))
			terminates.is(0)
			s.lag = 1000 * time.Second
			answer{s, 1}.gone()
			s.does(0, "process-join", proc(1)).is(true)
		}, Allowed},
		"what was sent, handled where interrupts are blocked, an error (PROC-EXIT-7)": {func(s *stage) {
			s.spawn(1, spec.Keyword("terminate-by-send"), true)
			s.does(0, "process-terminate", proc(1)).is(0)
			s.does(1, "process-wait-for-event").is(fn(77))
			s.does(1, "with-interrupts-blocked", spec.Callback(10))
			s.enters(10, 1, 10)
			s.does(10, "general-handle-event", fn(77)).fails()
		}, Allowed},
		"what was sent, handled, an error": {func(s *stage) {
			s.spawn(1, spec.Keyword("terminate-by-send"), true)
			s.does(0, "process-terminate", proc(1)).is(0)
			s.does(1, "process-wait-for-event").is(fn(77))
			s.does(1, "general-handle-event", fn(77)).fails()
		}, Forbidden},
		"a local terminator, called with nothing": {func(s *stage) {
			s.terminatesLocally()
			s.runs(50, 1, 9)
		}, Allowed},
		"a local terminator, called with the process": {func(s *stage) {
			s.terminatesLocally()
			s.runs(50, 1, 9, proc(1))
		}, Allowed},
		"a local terminator, called by who terminates": {func(s *stage) {
			s.terminatesLocally()
			s.runs(50, 0, 9)
		}, Forbidden},
		"a local terminator, and a kill": {func(s *stage) {
			s.terminatesLocally()
			answer{s, 1}.gone()
			s.does(0, "process-join", proc(1)).is(true)
		}, Forbidden},
	} {
		s := newStage()
		test.play(s)
		if r := Check(s.labels, CheckOptions{AdapterPID: 1000}); r.Verdict != test.want {
			t.Errorf("%s: %v, want %v: %+v", name, r.Verdict, test.want, r.Findings)
		}
	}
}

// terminatesLocally terminates process 1, which waits at its gate and has a local terminator and terminate-by-send.
func (s *stage) terminatesLocally() {
	s.function(9)
	s.waiting(1, spec.Keyword("terminate-by-send"), true, spec.Keyword("local-terminator"), fn(9))
	s.does(0, "process-terminate", proc(1)).is(0)
}

// handlesSentEnd has process 1 take what process-terminate sends it.
func (s *stage) handlesSentEnd() {
	s.spawn(1, spec.Keyword("terminate-by-send"), true)
	s.does(0, "process-terminate", proc(1)).is(0)
	s.does(1, "process-wait-for-event").is(fn(77))
}
