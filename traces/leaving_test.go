package traces

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec/model"
)

// Whose code has ended says so, and who runs it may hear of that later: once what came between, a status hook on the
// same process, has ended. Until then what is within goes on, and its process doesn't end.
func TestCodeEndsBeforeItsFrameIsLeft(t *testing.T) {
	asks := func(s *stage, frame int) { s.does(frame, "process-status", process(1)).is(word("signaled"), 9) }
	killed := func(s *stage) {
		s.hooked(1)
		s.spawn(3)
		s.does(0, "signal-process", process(1), word("killed")).is(nil)
	}
	for _, test := range []struct {
		what string
		want Verdict
		play func(s *stage)
	}{
		{"the outer one of two hooks, and the inner one goes on", Allowed, func(s *stage) {
			killed(s)
			s.enters(10, 3, 5, process(1))
			asks(s, 10)
			s.enters(11, 3, 5, process(1))
			s.leaves(10)
			asks(s, 11)
			s.leaves(11)
		}},
		{"the inner one of two hooks, which is told of first", Allowed, func(s *stage) {
			killed(s)
			s.enters(10, 3, 5, process(1))
			s.enters(11, 3, 5, process(1))
			asks(s, 10)
			s.leaves(10)
			asks(s, 11)
			s.leaves(11)
		}},
		{"the inner one of two hooks, within an operation of the outer one", Allowed, func(s *stage) {
			killed(s)
			s.gate(4)
			s.enters(10, 3, 5, process(1))
			s.enters(11, 3, 5, process(1))
			waits := s.does(11, "gate-wait", gate(4))
			asks(s, 10)
			s.leaves(10)
			s.does(0, "gate-open", gate(4)).is(true)
			waits.is(true)
			s.leaves(11)
		}},
		{"neither of two hooks, whichever is the inner one", Forbidden, func(s *stage) {
			killed(s)
			s.gate(4)
			s.gate(5)
			s.enters(10, 3, 5, process(1))
			s.enters(11, 3, 5, process(1))
			first := s.does(10, "gate-wait", gate(4))
			second := s.does(11, "gate-wait", gate(5))
			s.does(0, "gate-open", gate(4)).is(true)
			first.is(true)
			s.does(0, "gate-open", gate(5)).is(true)
			second.is(true)
			asks(s, 10)
			s.leaves(10)
			s.leaves(11)
		}},
		{"a process's function, and a hook within it goes on", Allowed, func(s *stage) {
			killed(s)
			s.enters(10, 3, 5, process(1))
			s.leaves(3)
			asks(s, 10)
			s.leaves(10)
			s.does(0, "process-join", proc(3)).is(true)
		}},
		{"a process's function, and the hook that ended before is heard of later", Allowed, func(s *stage) {
			killed(s)
			s.leaves(3)
			s.enters(10, 3, 5, process(1))
			asks(s, 10)
			s.leaves(10)
			s.does(0, "process-join", proc(3)).is(true)
		}},
		{"a process's function, whose process has died before a hook on it ends", Forbidden, func(s *stage) {
			killed(s)
			s.gate(4)
			s.enters(10, 3, 5, process(1))
			s.leaves(3)
			s.does(10, "gate-wait", gate(4))
			s.does(0, "process-join", proc(3)).is(true)
		}},
		{"a process's function, whose process has died before a hook on it does more", Forbidden, func(s *stage) {
			killed(s)
			s.enters(10, 3, 5, process(1))
			s.leaves(3)
			s.does(0, "process-join", proc(3)).is(true)
			asks(s, 10)
			s.leaves(10)
		}},
	} {
		s := newStage()
		test.play(s)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != test.want {
			t.Errorf("%s: want %s, got %s\n%s", test.what, test.want, r.Text(s.labels), strings.Join(Render(s.labels, nil), "\n"))
		}
	}
}
