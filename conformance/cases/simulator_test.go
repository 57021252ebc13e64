package cases_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
)

func TestSimulatorPassesUnderSeededSchedules(t *testing.T) {
	t.Parallel()
	cfg := run.Config{Adapter: refimpl.New(refimpl.Options{}), Seed: 1000, Schedules: tier.Of(run.DefaultSchedules, 8, 100)}
	if testing.Short() {
		cfg.Sizes = cases.ExploreSizes
	}
	report := trial.Judge(t, cfg)
	for _, r := range report.Cases {
		if r.Verdict != trial.Good(r) || r.Schedules != cfg.Schedules {
			t.Errorf("%d schedules: %s", r.Schedules, trial.Explain(r))
		}
	}
}

// Every case has few enough schedules to go through them all, and none does anything that can't be learned.
func TestSimulatorPassesUnderEverySchedule(t *testing.T) {
	t.Parallel()
	report := trial.Execute(t, run.Config{
		Adapter: refimpl.New(refimpl.Options{}), Seed: 1, Sizes: cases.ExploreSizes, Schedules: mostSchedules,
		Enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() }, Explore: refimpl.Explorer{}.Explore,
	})
	for _, r := range report.Cases {
		if r.Verdict != trial.Good(r) || !r.Exhaustive || r.Note != "" {
			t.Errorf("exhaustive %v after %d schedules: %s %s", r.Exhaustive, r.Schedules, r.Note, trial.Explain(r))
		}
		t.Logf("%-28s %6d schedules", r.ID, r.Schedules)
	}
}

// mostSchedules bounds those of a case.
const mostSchedules = 1_000_000

// A mutant dies by a case that fails on account of a clause which the mutant violates, and no
// case blames anything else for it. Of the cases about other areas some, each mutant others, of those about its own a
// third - all, where it lives on -, or with MPCHECK_WHOLE set, as make mutants does, all: they are most, and a rule that is
// broken seldom comes to them.
func TestEveryMutantDiesByAClauseItViolates(t *testing.T) {
	for i, m := range model.Mutants {
		if testing.Short() && i%10 != 0 {
			continue // under the race detector: a sample
		}
		t.Run(string(m.Mutant), func(t *testing.T) {
			t.Parallel()
			var near, rest, further []*cases.Case
			for n, k := range cases.All() {
				if slices.ContainsFunc(k.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) }) {
					near = append(near, k)
					continue
				}
				own := slices.ContainsFunc(m.Clauses, func(id string) bool { return area(id) == area(k.ID) })
				if one := tier.Of(4, 48, 1); n%one == i%one || own && n%tier.Of(1, 3, 1) == i%tier.Of(1, 3, 1) {
					rest = append(rest, k)
				} else if own {
					further = append(further, k)
				}
			}
			adapter := refimpl.New(refimpl.Options{Mutant: m.Mutant})
			var killers []string
			judge := func(cfg run.Config) {
				cfg.Adapter, cfg.Sizes = adapter, cases.ExploreSizes
				for _, r := range trial.Judge(t, cfg).Cases {
					if onSilence(r) {
						t.Errorf("charged to a clause that leaves it open: %s", trial.Explain(r))
					}
					if r.Verdict == verdict.Fail && slices.Contains(m.Clauses, r.Failure.Clause) {
						killers = append(killers, r.ID)
					} else if r.Verdict != trial.Good(r) && r.Verdict != verdict.NotApplicable {
						t.Errorf("a verdict that blames something else: %s", trial.Explain(r))
					}
				}
			}
			judge(run.Config{Cases: near})
			// Two schedules show what blames it wrongly at every run, and make mutants tries four; mpcheck mutants --full has all.
			judge(run.Config{Cases: rest, Schedules: tier.Of(2, 2, 4)})
			if len(killers) == 0 {
				judge(run.Config{Cases: further, Schedules: 2})
			}
			if len(killers) == 0 {
				t.Errorf("%s: it survives", m.What)
			}
			t.Logf("%-32s killed by %v", m.Mutant, killers)
		})
	}
}

// area is the first word of a clause's or a case's id.
func area(id string) string {
	first, _, _ := strings.Cut(id, "-")
	return first
}
