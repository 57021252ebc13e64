package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
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

// A name is free once all who have it are dead: where it isn't known that several may have it, each of these deaths matters to who makes
// a process of that name.
func TestADeathFreesAName(t *testing.T) {
	s := scene{NewState(NewUniverse(), Config{Open: true, Heard: true, Untimed: true}), t}
	p := s.newProcess(s.u.Name(world, 7, KindProcess), world)
	s.set(p, processName, uint64(s.u.Intern(spec.String("p"))))
	code := s.does(s.Test(), "make-function", nil, spec.Callback(1))
	for way, matters := range map[uint64]bool{undecided: true, second: true, third: true, first: false} {
		s.set(p, processPhase, phaseEnding)
		s.decide(stickySameName, way)
		die := s.actsOf(p, nil)
		s.set(p, processPhase, phaseDead)
		s.call(s.Test(), "process-run-function", nil, "p", nil, code)
		if got := Dependent(die[0], s.can(s.Test())[0]); got != matters {
			t.Errorf("where %d is decided of names, a death matters: %v", way, got)
		}
		s.Forget(s.Test(), nil)
	}
}
