package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/format"
)

// What the documents leave open of how a process ends doesn't hide that it doesn't: a process that waits
// is killed, and goes on waiting until nothing can happen any more.
func TestSilenceOfAKilledProcess(t *testing.T) {
	for name, before := range map[string]func(*stage){
		"nothing": func(*stage) {},
		"a cleanup": func(s *stage) {
			s.function(2)
			s.does(1, "ensure-process-cleanup", fn(2)).is(true)
		},
		"an unwind-protect": func(s *stage) {
			s.does(1, "unwind-protect", spec.Callback(3), spec.Callback(4))
			s.enters(11, 1, 3)
		},
		"both": func(s *stage) {
			s.function(2)
			s.does(1, "ensure-process-cleanup", fn(2)).is(true)
			s.does(1, "unwind-protect", spec.Callback(3), spec.Callback(4))
			s.enters(11, 1, 3)
		},
	} {
		for _, killed := range []bool{false, true} {
			s := newStage()
			s.virtual = true
			s.spawn(1)
			s.gate(1)
			before(s)
			frame, want := 1, Allowed
			if name == "an unwind-protect" || name == "both" {
				frame = 11
			}
			s.does(frame, "gate-wait", gate(1))
			if killed {
				s.does(0, "process-kill", proc(1)).is(nil)
				want = Forbidden
			}
			s.rests()
			s.leaves(0)
			trace := &format.Trace{Labels: s.labels, Header: format.Header{Format: format.Version, Adapter: "by hand", Clock: spec.Virtual}}
			if r := CheckTrace(trace); r.Verdict != want {
				t.Errorf("with %s, killed %v, should be %s: %s", name, killed, want, r.Text(trace.Labels))
			}
		}
	}
}
