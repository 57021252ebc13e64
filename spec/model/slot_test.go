package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// Slots beyond the near ones are hashed, taken back and cleared as those are, and nobody reads past their end.
func TestFarSlots(t *testing.T) {
	const many = nearSlots + 5
	n := ruleOf["pause"]
	rules[n].slots = many
	defer func() { rules[n].slots = 0 }()
	s := NewState(NewUniverse(), Config{})
	f := s.Test()
	pause, err := Decode(s.u, spec.NewCall("pause", nil, spec.Int(1)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range pause.far {
		pause.far[i] = uint64(10 + i)
	}
	cell, err := Decode(s.u, spec.NewCall("make-cell", nil, spec.Int(1)))
	if err != nil {
		t.Fatal(err)
	}
	read := func() []uint64 {
		var out []uint64
		for at := slot(nearSlots); at < many; at++ {
			out = append(out, s.arg(f, at))
		}
		return out
	}

	var log UndoLog
	before := s.Hash()
	s.Call(f, pause, &log)
	opened, cells := s.Hash(), slices.Clone(s.cells)
	if got := read(); !slices.Equal(got, []uint64{10, 11, 12, 13, 14}) {
		t.Errorf("slots are %v", got)
	}
	s.begin(&log)
	s.note(f, many-1, 99)
	if s.Hash() == opened {
		t.Error("the hash doesn't tell the last slot")
	}
	s.Revert(&log)
	if s.Hash() != opened || !slices.Equal(s.cells, cells) {
		t.Error("a write is not taken back")
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a slot past the last can be read")
			}
		}()
		s.arg(f, many)
	}()

	// The next operation has what it was given, and nothing of the one before.
	s.Forget(f, nil)
	s.Call(f, cell, nil)
	if got := read(); slices.Max(got) != 0 {
		t.Errorf("the next operation has slots %v", got)
	}
	s.Forget(f, nil)
	if len(s.cells) != len(cells) {
		t.Errorf("%d cells, not %d: the frame doesn't keep its slots", len(s.cells), len(cells))
	}
	s.Reset(Config{})
	if s.Hash() != before {
		t.Error("a state made anew differs")
	}
}
