package traces

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// That code within other code has ended may be heard after what went on around it was seen by others.
func TestTheEndOfNestedCodeIsHeardLate(t *testing.T) {
	for _, test := range []struct {
		what string
		play func(s *stage)
	}{
		{"a hook between two operations", func(s *stage) {
			s.hooked(1)
			s.spawn(3)
			s.enters(10, 3, 5, process(1))
			kill := s.does(3, "signal-process", process(1), word("killed"))
			s.does(0, "process-status", process(1)).is(word("signaled"), 9)
			s.leaves(10)
			kill.is(nil)
		}},
		{"a hook within an operation", func(s *stage) {
			s.hooked(1)
			s.spawn(3)
			kill := s.does(3, "signal-process", process(1), word("killed"))
			s.enters(10, 3, 5, process(1))
			s.does(0, "process-status", process(1)).is(word("signaled"), 9)
			s.leaves(10)
			kill.is(nil)
		}},
		{"a hook within a cleanup", func(s *stage) {
			s.hooked(1)
			s.spawn(3)
			s.function(6)
			s.does(3, "ensure-process-cleanup", fn(6)).is(nil)
			s.does(0, "signal-process", process(1), word("killed")).is(nil)
			s.leaves(3)
			s.enters(4, 3, 6, proc(3))
			s.does(4, "process-status", process(1)).is(word("signaled"), 9)
			s.enters(10, 3, 5, process(1))
			s.does(10, "process-status", process(1)).is(word("signaled"), 9)
			s.leaves(10)
			s.leaves(4)
			s.does(0, "process-join", proc(3)).is(true)
		}},
		{"a hook within the operation that collects its program", func(s *stage) {
			s.hooked(1)
			s.spawn(3)
			s.tells(1, "exit", 7)
			s.does(0, "child-await", ref("child", 1), word("zombie")).is(word("zombie"))
			asks := s.does(3, "process-status", process(1))
			s.enters(10, 3, 5, process(1))
			s.does(0, "child-await", ref("child", 1), word("absent")).is(word("absent"))
			s.leaves(10)
			asks.is(word("exited"), 7)
		}},
	} {
		s := newStage()
		test.play(s)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != Allowed {
			t.Errorf("%s: %s\n%s", test.what, r.Text(s.labels), strings.Join(Render(s.labels, nil), "\n"))
		}
	}
}

// A hook may be called before start has returned, which it need not while the hook goes on: so of a run that is given up
// then nothing says but the call which object the hook is given.
func TestAHookIsCalledWithinAStartThatNeverReturns(t *testing.T) {
	for _, test := range []struct {
		what string
		on   any
		want Verdict
		play func(s *stage)
	}{
		{"on the process that starts", proc(0), Allowed, func(s *stage) {}},
		{"on a thread", nil, Allowed, func(s *stage) {}},
		{"on another process", proc(3), Allowed, func(s *stage) {}},
		{"its program runs", nil, Allowed, func(s *stage) { s.does(10, "process-status", process(1)).is(word("running"), nil) }},
		{"its program has ended of itself", nil, Forbidden, func(s *stage) { s.does(10, "process-status", process(1)).is(word("exited"), 0) }},
	} {
		s := newStage()
		s.spawn(3)
		s.startsHooked(1, fn(5), "")
		s.add(spec.Label{Kind: spec.EnterLabel, Frame: 10, Process: spec.Of(test.on), Callback: 5, Args: []spec.Value{process(1)}})
		test.play(s)
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != test.want {
			t.Errorf("%s: %s\n%s", test.what, r.Text(s.labels), strings.Join(Render(s.labels, nil), "\n"))
		}
	}
}
