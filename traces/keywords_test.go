package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/traces/format"
)

// Of a keyword that ensure-process-cleanup doesn't have nothing is said: who ignores it registers the form
// as the other keywords have it, and who refuses it registers nothing.
func TestUnknownKeywordIsRefusedOrIgnored(t *testing.T) {
	unknown := spec.Key{Name: "no-such-keyword", Value: spec.True{}}
	for _, refused := range []bool{false, true} {
		for _, runs := range []bool{false, true} {
			s := newStage()
			s.spawn(1)
			s.function(2)
			s.function(3)
			a := s.does(1, "ensure-process-cleanup", fn(2), unknown, key.Priority(1))
			if refused {
				a.fails()
			} else {
				a.is(true)
			}
			s.does(1, "ensure-process-cleanup", fn(3), key.Priority(2)).is(true)
			s.leaves(1)
			if runs {
				s.runs(11, 1, 2, proc(1))
			}
			s.runs(12, 1, 3, proc(1))
			s.leaves(0)
			trace := &format.Trace{Labels: s.labels, Header: format.Header{Format: format.Version, Adapter: "by hand", Clock: spec.Real}}
			want := Forbidden
			if runs != refused {
				want = Allowed
			}
			if r := CheckTrace(trace); r.Verdict != want {
				t.Errorf("refused %v, runs %v, should be %s: %s", refused, runs, want, r.Text(s.labels))
			}
		}
	}
}
