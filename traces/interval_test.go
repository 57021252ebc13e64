package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// What answers for all processes does so for those of one image: the ones that it made for itself as multiprocessing started, which no
// call has returned, and none of another's.
func TestAnswersForAnImage(t *testing.T) {
	for _, test := range []struct {
		frame  int // the test's, or that of process 2, which is of image 1
		op     string
		args   []any
		answer any
		want   Verdict
	}{
		{2, "list-all-processes", nil, []any{proc(2), proc(3)}, Allowed},
		{2, "list-all-processes", nil, []any{proc(2), proc(3), proc(7)}, Allowed}, // which only the implementation knows
		{2, "list-all-processes", nil, []any{proc(2)}, Forbidden},
		{2, "list-all-processes", nil, []any{proc(0), proc(2), proc(3)}, Forbidden},
		{2, "ps", nil, []any{proc(0), proc(2), proc(3)}, Forbidden},
		{2, "processes-count", nil, 2, Allowed},
		{2, "processes-count", nil, 1, Forbidden},
		{2, "get-process", []any{"p3"}, proc(3), Allowed},
		{2, "get-process", []any{"test"}, proc(0), Undecided}, // what is found where nothing fits is left open
		{0, "list-all-processes", nil, []any{proc(0)}, Allowed},
		{0, "list-all-processes", nil, []any{proc(0), proc(2)}, Forbidden},
		{0, "processes-count", nil, 1, Allowed},
		{0, "find-process-from-name", []any{"p2"}, proc(2), Forbidden},
		{0, "any-other-process-non-internal-server-p", nil, nil, Allowed},
		{2, "any-other-process-non-internal-server-p", nil, nil, Forbidden},
	} {
		s := newStage()
		s.fresh()
		s.startsWith(2, 3)
		for n := range 2 { // they have begun, and go on
			s.does(2+n, "make-gate").is(gate(2 + n))
		}
		s.does(test.frame, test.op, test.args...).is(test.answer)
		for n := range 2 {
			s.does(2+n, "gate-open", gate(2+n)).is(nil)
		}
		s.does(0, "image-wait", image(1), 0).is(nil)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{}); r.Verdict != test.want {
			t.Errorf("frame %d, %s => %v: %s", test.frame, test.op, spec.Of(test.answer), r.Text(s.labels))
		}
	}
}

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
