package spec

import "testing"

type silent struct{ Frame }

type told struct {
	Frame
	process Value
}

func (t told) Process() Value { return t.process }

func TestProcessOf(t *testing.T) {
	p := Ref{ID: "p1", Type: "process"}
	for _, test := range []struct {
		frame Frame
		want  Value
	}{{silent{}, nil}, {told{}, nil}, {told{process: Nil{}}, nil}, {told{process: p}, p}} {
		if got := ProcessOf(test.frame); got != test.want {
			t.Errorf("%#v: got %v, want %v", test.frame, got, test.want)
		}
	}
}
