package refimpl_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// handshakes is a program with a bug of that depth: two processes set and look at cells in
// turns, without waiting, and it shows if each look comes after the set that it is for.
func handshakes(t *testing.T, sim *refimpl.Simulator, depth int, seed uint64) (shows bool) {
	t.Helper()
	sys, err := sim.Open(context.Background(), spec.SystemConfig{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close()
	seen := 0
	if err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		cells := make([]spec.Value, depth)
		for i := range cells {
			cells[i] = api.MakeCell(nil).Primary()
		}
		gate := api.MakeGate().Primary()
		// Turn i is a set of cell i by one process and a look at it by the other.
		for me := range 2 {
			code := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				in := spec.API{Frame: f}
				in.GateWait(gate)
				for i, c := range cells {
					if i%2 == me {
						in.CellSet(c, true)
					} else if in.CellGet(c).Primary() == (spec.True{}) {
						seen++
					}
				}
				return nil
			})
			api.ProcessRunFunction(fmt.Sprint("p", me), nil, code)
		}
		api.GateOpen(gate)
		api.Pause(1)
	}); err != nil {
		t.Fatal(err)
	}
	return seen == depth
}

// The bound of PCT holds for bugs of each depth: they show at least as often as it says, less
// what chance may take.
func TestPCTKeepsItsBound(t *testing.T) {
	t.Parallel()
	for depth := 1; depth <= 4; depth++ {
		runs := tier.Of(20_000, 20_000, 100_000)
		sim := refimpl.New(refimpl.Options{PCTDepth: depth})
		handshakes(t, sim, depth, 0) // so that the number of acts is known
		hits := 0
		for seed := range uint64(runs) {
			if handshakes(t, sim, depth, seed) {
				hits++
			}
		}
		const threads = 4 // the test, two processes, the clock
		acts := 1.0
		for range depth - 1 {
			acts *= float64(10 + 4*depth) // fewer than there are: the bound is then stricter
		}
		bound := 1 / (threads * acts)
		expected := float64(runs) * bound
		least := expected - 5*math.Sqrt(expected)
		t.Logf("depth %d: %d of %d runs, the bound says %.1f", depth, hits, runs, expected)
		if float64(hits) < least || hits == 0 {
			t.Errorf("depth %d: %d of %d runs showed the bug, want at least %.0f", depth, hits, runs, least)
		}
	}
}
