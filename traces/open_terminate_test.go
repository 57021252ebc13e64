package traces

import (
	"testing"

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
		"itself, t":                              {ofItself(func(a answer) { a.is(true) }), Forbidden},
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
	} {
		s := newStage()
		test.play(s)
		if r := Check(s.labels, CheckOptions{AdapterPID: 1000}); r.Verdict != test.want {
			t.Errorf("%s: %v, want %v: %+v", name, r.Verdict, test.want, r.Findings)
		}
	}
}
