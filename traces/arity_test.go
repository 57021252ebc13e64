package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// What code returns is returned by the operation that runs it, however many values there are.
func TestValuesOfCode(t *testing.T) {
	for op, args := range map[string][]any{
		"funcall": {fn(1)}, "unwind-protect": {spec.Callback(1), spec.Callback(2)},
		"handler-case": {spec.Callback(1), spec.Callback(2)}, "handler-bind": {spec.Callback(1), spec.Callback(2)},
	} {
		for n := range 9 {
			for _, wrong := range []bool{false, true} {
				s := newStage()
				s.function(1)
				runs := s.does(0, op, args...)
				s.enters(10, 0, 1)
				var values []spec.Value
				var returned []any
				for i := range n {
					values, returned = append(values, spec.Int(i)), append(returned, i)
				}
				s.leaves(10, values...)
				if op == "unwind-protect" {
					s.runs(11, 0, 2)
				}
				if wrong && n > 0 {
					returned[n-1] = "another"
				}
				runs.is(returned...)
				s.leaves(0)
				want := Allowed
				if wrong && n > 0 {
					want = Forbidden
				}
				if r := Check(s.labels, CheckOptions{}); r.Verdict != want {
					t.Errorf("%s of %d values, wrong: %v:\n%s", op, n, wrong, r.Text(s.labels))
				}
			}
		}
	}
}
