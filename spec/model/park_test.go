package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestParkingChangesNothing(t *testing.T) {
	defer func(n int) { parkFrom = n }(parkFrom)
	parkFrom = 2
	asleep := 0
	for seed := range uint64(3000) {
		d := newDriver(seed, Config{Free: seed%2 == 0})
		for range 150 {
			d.step(t)
			got := Enabled(d.s, nil)
			parked := d.s.parked
			if parked != nil {
				for _, word := range parked.awake {
					if word == 0 {
						asleep++
					}
				}
			}
			d.s.parked = nil
			want := Enabled(d.s, nil)
			d.s.parked = parked
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: with parking %v, without %v", seed, got, want)
			}
		}
	}
	if asleep < 1000 {
		t.Errorf("all processes slept only %d times", asleep)
	}
}

// 100,000 processes that read an empty mailbox of their own, and one act in their midst.
func BenchmarkEnabledAmongWaiting(b *testing.B) {
	u := NewUniverse()
	s := NewState(u, Config{})
	do := func(f ID, call spec.Call) spec.Return {
		o, err := Decode(u, call)
		if err != nil {
			b.Fatal(err)
		}
		s.Call(f, o, nil)
		for _, act := range Enabled(s, nil) {
			if act.Frame == f {
				Apply(s, act, nil)
				return s.Return(f, nil)
			}
		}
		return spec.Return{}
	}
	function := do(s.Test(), spec.NewCall("make-function", nil, spec.Callback(1))).Primary()
	for range 100_000 {
		do(s.Test(), spec.NewCall("process-run-function", nil, "p", nil, function))
		label := Apply(s, Enabled(s, nil)[0], nil)
		box := do(label.Frame, spec.NewCall("make-mailbox", nil)).Primary()
		do(label.Frame, spec.NewCall("mailbox-read", nil, box))
	}
	var acts []Act
	for b.Loop() {
		acts = Enabled(s, acts[:0])
	}
}
