package fuzz

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// On virtual time what is found does not depend on how many look for it.
func TestSearchSideBySideFindsTheSame(t *testing.T) {
	for _, mutant := range []model.Mutant{"first-sends-race", "lost-in-race", "queue-is-stack"} {
		sim := refimpl.New(refimpl.Options{Mutant: mutant})
		find := func(beside, programs int) (*Failure, Tally) {
			search := &Search{Adapter: sim, Beside: slices.Repeat([]spec.Adapter{sim}, beside), Programs: programs, Seed: 5}
			f, tally, err := search.Find(context.Background())
			if err != nil || f == nil {
				t.Fatalf("%s beside %d: %v, %v", mutant, beside, f, err)
			}
			return f, tally
		}
		alone, _ := find(0, 20_000)
		for _, beside := range []int{1, 5} {
			if f, tally := find(beside, 20_000); f.Number != alone.Number || f.Seed != alone.Seed {
				t.Errorf("%s beside %d: found program %d after %+v, alone %d", mutant, beside, f.Number, tally, alone.Number)
			}
		}
		if again, _ := find(0, alone.Number); again.Number != alone.Number || again.Seed != alone.Seed {
			t.Errorf("%s: found program %d alone, then %d", mutant, alone.Number, again.Number)
		}
	}
}
