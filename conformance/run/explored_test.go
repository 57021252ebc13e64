package run_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

var wholeExplored = flag.Bool("explored", false, "compare the results of all cases and mutants, run under each schedule and explored: minutes")

// A gathering is which schedules of a case are gone through: by those who run each, and by an explorer.
type gathering struct {
	options   refimpl.Options
	enumerate func() run.Enumerator
	explorer  refimpl.Explorer
}

var gatherings = map[string]gathering{
	"all":   {enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() }},
	"drawn": {explorer: refimpl.Explorer{Way: refimpl.Drawn}},
	"by priorities": {
		options:  refimpl.Options{PCTDepth: 3},
		explorer: refimpl.Explorer{Way: refimpl.Prioritized, Depth: 3},
	},
}

// result is that of a case, explored or run under each schedule.
func (g gathering) result(t *testing.T, k *cases.Case, mutant model.Mutant, schedules int, explored bool) verdict.Result {
	t.Helper()
	options, explorer := g.options, g.explorer
	options.Mutant, explorer.Mutant, options.Record = mutant, mutant, true
	cfg := run.Config{
		Adapter: refimpl.New(options), Cases: []*cases.Case{k}, Seed: 3, TrustKit: true, Sizes: cases.ExploreSizes,
		Schedules: schedules, Enumerate: g.enumerate,
		Replay: func(sys spec.System, s run.Setting) string { return fmt.Sprint(s, sys.(*refimpl.System).Deviations()) },
	}
	if explored {
		cfg.Explore = explorer.Explore
	}
	session, err := run.NewSession(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r := session.Run(context.Background(), k)
	r.Seconds = 0
	return r
}

// An exploration's result is that of running the case under each schedule, in all that is reported.
func TestExploredResultsAreThoseOfRunningEach(t *testing.T) {
	t.Parallel()
	mutants := []model.Mutant{""}
	for i, m := range model.Mutants {
		if *wholeExplored || i%32 == 0 && !testing.Short() {
			mutants = append(mutants, m.Mutant)
		}
	}
	var compared, failed atomic.Int64
	t.Cleanup(func() { t.Logf("%d results, of them %d failed", compared.Load(), failed.Load()) })
	for i, k := range cases.All() {
		var all []comparison
		for j, mutant := range mutants {
			for _, gathering := range gatheredOf(i, j) {
				all = append(all, comparison{k, mutant, gathering})
			}
		}
		if len(all) == 0 {
			continue
		}
		t.Run(k.ID, func(t *testing.T) {
			t.Parallel() // each has sessions of its own
			for _, c := range all {
				compared.Add(1)
				if c.compare(t) == verdict.Fail {
					failed.Add(1)
				}
			}
		})
	}
}

// gatheredOf are the gatherings that case i and mutant j are compared by, where mutant 0 is none: all or, of a sample of the pairs,
// which has each case and each mutant. Whole, every case has all without a mutant; with a tenth of the mutants, another tenth
// than the next case, it has one of them: all schedules every other time.
func gatheredOf(i, j int) []string {
	switch {
	case (i+j)%40 == 0, *wholeExplored && j == 0:
		return []string{"all", "drawn", "by priorities"}
	case *wholeExplored && (i+j)%10 == 0:
		return []string{[]string{"all", "drawn", "all", "by priorities"}[(i+j)/10%4]}
	}
	return nil
}

// A comparison is of one case's two results.
type comparison struct {
	k         *cases.Case
	mutant    model.Mutant
	gathering string
}

// compare compares them, and returns the verdict.
func (c comparison) compare(t *testing.T) verdict.Verdict {
	schedules := 300
	if c.gathering != "all" {
		schedules = 32
	}
	g := gatherings[c.gathering]
	each, explored := g.result(t, c.k, c.mutant, schedules, false), g.result(t, c.k, c.mutant, schedules, true)
	if !reflect.DeepEqual(each, explored) {
		t.Errorf("on %q, %s:\n%+v %+v\nand explored\n%+v %+v", c.mutant, c.gathering, each, each.Failure, explored, explored.Failure)
	}
	return each.Verdict
}

// Several workers find what one does, also where a case draws at random; nothing that they share is unguarded.
func TestWorkersFindTheResultsOfOne(t *testing.T) {
	t.Parallel()
	for i, k := range cases.All() {
		if i%40 != 0 && k.ID != "CLEAN-ORDER-1/shuffled" {
			continue
		}
		g := gatherings["all"]
		one := g.result(t, k, "", 1_000_000, true)
		g.explorer.Workers = 3
		several := g.result(t, k, "", 1_000_000, true)
		inOrder(one.Observed) // in which they are seen depends on who finds them
		inOrder(several.Observed)
		if one.Verdict == verdict.Pass { // of runs that pass, which one is shown depends on who is first
			one.Seed, several.Seed = 0, 0
		}
		if !reflect.DeepEqual(one, several) {
			t.Errorf("%s:\n%+v\nand with several\n%+v", k.ID, one, several)
		}
	}
}

func inOrder(observed []cases.Observation) {
	slices.SortFunc(observed, func(a, b cases.Observation) int {
		return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Behaviour, b.Behaviour))
	})
}

// exploredBy is the result of a case by an exploration, or, where that is nil, of running it under each schedule.
func exploredBy(t *testing.T, ctx context.Context, k *cases.Case, explore func(context.Context, *spec.Exploration) error) verdict.Result {
	t.Helper()
	session, err := run.NewSession(run.Config{
		Adapter: right, Cases: []*cases.Case{k}, Seed: 3, TrustKit: true, Sizes: cases.ExploreSizes, Schedules: 20,
		Enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() }, Explore: explore,
	})
	if err != nil {
		t.Fatal(err)
	}
	r := session.Run(ctx, k)
	r.Seconds = 0
	return r
}

// Where an exploration comes to nothing the case is run under each schedule, and the result says why.
func TestWhatCannotBeExploredIsRun(t *testing.T) {
	t.Parallel()
	k := trial.Select(t, anyChild)[0]
	want := exploredBy(t, t.Context(), k, nil)
	for name, explore := range map[string]func(context.Context, *spec.Exploration) error{
		"no run ends":       refimpl.Explorer{Way: refimpl.EveryState, StateLimit: 3}.Explore,
		"a step is the end": refimpl.Explorer{StepLimit: 3}.Explore,
		"nothing is shown":  func(context.Context, *spec.Exploration) error { return nil },
	} {
		r := exploredBy(t, t.Context(), k, explore)
		note := r.Note
		if r.Note = ""; note == "" || !reflect.DeepEqual(r, want) {
			t.Errorf("%s: note %q, %+v, want %+v", name, note, r, want)
		}
	}
}

// Whenever an exploration is interrupted the case has no verdict, and nothing goes wrong.
func TestExplorationIsInterruptedAtAnyMoment(t *testing.T) {
	t.Parallel()
	moments, interrupted := 0, true
	for ; interrupted; moments++ {
		ctx, cancel := context.WithCancel(t.Context())
		left := moments
		moment := func() {
			if left--; left < 0 {
				cancel()
			}
		}
		report, err := run.Execute(ctx, run.Config{
			Adapter: right, Cases: trial.Select(t, "REAP-CONC-1/ended"), TrustKit: true, Sizes: cases.ExploreSizes, Schedules: 1000,
			Enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() },
			Explore: func(ctx context.Context, x *spec.Exploration) error {
				code, show := x.Code, x.Show
				x.Code = func(sys spec.System) func(spec.Frame) { moment(); return code(sys) }
				x.Show = func(n int, by spec.Choices) bool {
					moment()
					more := show(n, by)
					moment()
					return more
				}
				return refimpl.Explorer{Ends: func(*refimpl.Learned, refimpl.End, int) { moment() }}.Explore(ctx, x)
			},
		})
		interrupted = ctx.Err() != nil
		cancel()
		if err != nil || report.Partial != interrupted || interrupted != (len(report.Cases) == 0) {
			t.Fatalf("at moment %d: %v, %+v", moments, err, report)
		}
	}
	if moments < 20 {
		t.Errorf("there were %d moments", moments)
	}
	t.Logf("%d moments", moments)
}
