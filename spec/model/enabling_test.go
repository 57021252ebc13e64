package model

import (
	"slices"
	"testing"
)

// An act that makes another one possible is none that doesn't matter to it: else where two are needed for a third, who looks for
// runs would leave out the one that came first. Only who has just been made has nobody else to thank.
func TestWhatAnActMakesPossibleDependsOnIt(t *testing.T) {
	t.Parallel()
	made := 0
	for seed := range uint64(5000) {
		open := seed%3 != 0 // as a judge has it
		d := newDriver(seed, Config{Free: true, Open: open, Untimed: open, Heard: open})
		for range 100 {
			d.step(t)
			acts := Enabled(d.s, nil)
			before := d.s.Clone()
			for _, a := range acts {
				if a.Kind == Tick || a.Touches.isAnything() {
					continue
				}
				var log UndoLog
				name := d.s.does(a)
				Apply(d.s, a, &log)
				for _, b := range Enabled(d.s, nil) {
					if !before.exists(b.Process) || slices.ContainsFunc(acts, b.isLike) {
						continue
					}
					if made++; !Dependent(a, b) {
						t.Fatalf("seed %d: %s makes %s possible", seed, name, d.s.does(b))
					}
				}
				d.s.Revert(&log)
			}
		}
	}
	if made < 4_000 {
		t.Errorf("only %d acts were made possible", made)
	}
}

// isLike tells whether an act is another one, whatever they touch.
func (a Act) isLike(b Act) bool {
	a.Touches, b.Touches = Footprint{}, Footprint{}
	return a == b
}
