package model

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// What is enabled can be applied, whoever acts: a state lists no act of an object that it doesn't have.
func TestWhatIsEnabledCanBeApplied(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		open := seed%3 != 0 // as a judge has it
		d := newDriver(seed, Config{Free: true, Open: open, Untimed: open, Heard: open})
		for range 100 {
			d.step(t)
			applyEach(d.s, Enabled(d.s, nil))
		}
	}
}

func applyEach(s *State, acts []Act) {
	for _, a := range acts {
		var log UndoLog
		Apply(s, a, &log)
		s.Revert(&log)
	}
}

// The first image has no initial thread, on which a remote terminator could be called as it quits.
func TestTheFirstImageQuits(t *testing.T) {
	s := scene{NewState(NewUniverse(), Config{Open: true, Heard: true, Untimed: true}), t}
	code := s.does(s.Test(), "make-function", nil, spec.Callback(1))
	s.does(s.Test(), "process-run-function", nil, "p", spec.NewList(spec.Keyword("remote-terminator"), code), code)
	s.call(s.Test(), "quit", nil)
	s.act(s.Test())
	acts := s.can(s.Test())
	if len(acts) == 0 {
		t.Error("no terminator is called")
	}
	applyEach(s.State, acts)
}
