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
		for _, beside := range []int{0, 1, 5} {
			sim := refimpl.New(refimpl.Options{Mutant: mutant})
			search := &Search{Adapter: sim, Beside: slices.Repeat([]spec.Adapter{sim}, beside), Programs: 20_000, Seed: 3}
			f, tally, err := search.Find(context.Background())
			if err != nil || f == nil {
				t.Fatalf("%s: %v", mutant, err)
			}
			search.Beside, search.Programs = nil, f.Number
			again, _, err := search.Find(context.Background())
			if err != nil || again == nil || again.Number != f.Number || again.Seed != f.Seed {
				t.Errorf("%s beside %d: found program %d after %+v, alone %+v, %v", mutant, beside, f.Number, tally, again, err)
			}
		}
	}
}
