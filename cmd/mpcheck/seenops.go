package main

import (
	"context"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// usingSeeds is how many schedules of a case are looked at to see what it uses: its code depends on
// what its operations answer.
const usingSeeds = 3

// simulate runs cases on the simulator and hands over what each showed, one run after the other.
func simulate(ctx context.Context, chosen []*cases.Case, seeds int, shown func(id string, labels []spec.Label)) error {
	var mu sync.Mutex
	cfg := run.Config{
		Adapter: refimpl.New(refimpl.Options{}), Cases: chosen, Seed: 1, Schedules: seeds, Sizes: cases.ExploreSizes, TrustKit: true,
		Tape: func(_ spec.Handshake, id string, _ uint64) (spec.Recorder, func(verdict.Verdict)) {
			kept := &spec.Tape{}
			return kept, func(verdict.Verdict) {
				mu.Lock()
				defer mu.Unlock()
				shown(id, kept.Stop())
			}
		},
	}
	_, err := run.Execute(ctx, cfg)
	return err
}

// kitOf says of each case which operations of the kit it was seen to use, in the order of the table;
// of those that the simulator can't run nothing.
func kitOf(ctx context.Context, cases []*cases.Case) (map[string][]string, error) {
	used := map[string]map[string]bool{}
	err := simulate(ctx, cases, usingSeeds, func(id string, labels []spec.Label) {
		if used[id] == nil {
			used[id] = map[string]bool{}
		}
		for _, l := range labels {
			if l.Kind == spec.CallLabel {
				used[id][l.Call.Op] = true
			}
		}
	})
	kit := map[string][]string{}
	for id, operations := range used {
		kit[id] = []string{}
		for _, op := range spec.Ops {
			if op.Is(spec.Kit) && !op.Is(spec.ByHarness) && operations[op.Name] {
				kit[id] = append(kit[id], op.Name)
			}
		}
	}
	return kit, err
}

// example is a call of an operation with its outcome, in a run of a case on the simulator: of the
// cases that need it first, and where those call it in vain of any. ok is false where none calls it.
func example(ctx context.Context, op *spec.Op) (id string, call spec.Call, outcome spec.Return, ok bool) {
	needed := slices.DeleteFunc(slices.Clone(cases.All()), func(k *cases.Case) bool { return !slices.Contains(k.Needs, op.Name) })
	for _, cases := range [][]*cases.Case{needed, cases.All()} {
		if ok || len(cases) == 0 {
			continue
		}
		stop, cancel := context.WithCancel(ctx)
		// That it ends early is no error of the run.
		_ = simulate(stop, cases, 1, func(of string, labels []spec.Label) {
			open := map[int]spec.Call{}
			for _, l := range labels {
				switch {
				case ok:
					return
				case l.Kind == spec.CallLabel:
					open[l.Frame] = l.Call
				case l.Kind == spec.ReturnLabel && open[l.Frame].Op == op.Name && l.Return.Status == spec.Returned:
					id, call, outcome, ok = of, open[l.Frame], l.Return, true
					cancel()
				}
			}
		})
		cancel()
	}
	return id, call, outcome, ok
}
