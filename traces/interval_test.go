package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// A process that begins while an operation looks at all of them, or is only then heard to have begun, may have
// been seen or not; one that began before was.
func TestProcessThatBeginsWithinAnInterval(t *testing.T) {
	all, without := []any{proc(0), proc(1)}, []any{proc(0)}
	for _, test := range []struct {
		op     string
		answer any
		before Verdict // where the process had begun
	}{
		{"list-all-processes", all, Allowed}, {"list-all-processes", without, Forbidden},
		{"processes-count", 2, Allowed}, {"processes-count", 0, Forbidden},
	} {
		for _, began := range []bool{false, true} {
			s := newStage()
			s.makes(1)
			if began {
				s.enters(1, 1, 1)
			}
			looks := s.does(0, test.op)
			if !began {
				s.enters(1, 1, 1)
			}
			looks.is(test.answer)
			s.does(1, "get-current-process").is(proc(1)) // it has not ended meanwhile
			want := Allowed
			if began {
				want = test.before
			}
			if r := Check(s.labels, CheckOptions{}); r.Verdict != want {
				t.Errorf("%s => %v, begun before: %v: %s", test.op, spec.Of(test.answer), began, r.Text(s.labels))
			}
		}
	}
}
