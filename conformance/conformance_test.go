package conformance_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

func execute(t testing.TB, cfg conformance.Config) *conformance.Report {
	t.Helper()
	if cfg.Cases == nil {
		cfg.Cases = conformance.Cases()
	}
	cfg.Journal = func() conformance.Journal { return &traces.Journal{} }
	report, err := conformance.Execute(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// good is the verdict of a case that found nothing wrong: it passes, or has recorded what the
// documents leave open.
func good(r conformance.Result) conformance.Verdict {
	for _, id := range r.Clauses {
		if spec.Clauses().Lookup(id).Level != spec.Silent {
			return conformance.Pass
		}
	}
	return conformance.Observed
}

func explain(r conformance.Result) string {
	return strings.Join([]string{r.ID, r.Verdict.String(), r.Message, r.Reason, "allowed: " + r.Allowed, "seen: " + r.Seen,
		strings.Join(r.Trace, "\n")}, "\n")
}

func TestSimulatorPassesUnderSeededSchedules(t *testing.T) {
	cfg := conformance.Config{Adapter: refimpl.New(refimpl.Options{}), Seed: 1000}
	if testing.Short() {
		cfg.Sizes = conformance.ExploreSizes
	}
	report := execute(t, cfg)
	for _, r := range report.Cases {
		if r.Verdict != good(r) || r.Schedules != conformance.DefaultSchedules {
			t.Errorf("%d schedules: %s", r.Schedules, explain(r))
		}
	}
}

// Every case has few enough schedules to run them all.
func TestSimulatorPassesUnderEverySchedule(t *testing.T) {
	for i, k := range conformance.Cases() {
		x := depthFirst()[i]
		if r := x.worst; r.Verdict != good(r) && !testing.Short() || !x.exhaustive && !testing.Short() || r.Verdict > conformance.Pass {
			t.Errorf("exhaustive %v after %d schedules: %s", x.exhaustive, x.runs, explain(r))
		}
		t.Logf("%-28s %6d schedules", k.ID, x.runs)
	}
}

// A mutant dies by a case that fails on account of a clause which the mutant violates, and no
// case blames anything else for it.
func TestEveryMutantDiesByAClauseItViolates(t *testing.T) {
	for i, m := range model.Mutants {
		if testing.Short() && i%10 != 0 {
			continue // under the race detector: a sample
		}
		t.Run(string(m.Mutant), func(t *testing.T) {
			t.Parallel()
			var near, rest []*conformance.Case
			for _, k := range conformance.Cases() {
				if slices.ContainsFunc(k.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) }) {
					near = append(near, k)
				} else {
					rest = append(rest, k)
				}
			}
			adapter := refimpl.New(refimpl.Options{Mutant: m.Mutant})
			results := execute(t, conformance.Config{Adapter: adapter, Cases: near, Sizes: conformance.ExploreSizes}).Cases
			// Two schedules show what blames it wrongly at every run; mpcheck mutants --full has all.
			results = append(results, execute(t, conformance.Config{Adapter: adapter, Cases: rest, Sizes: conformance.ExploreSizes, Schedules: 2}).Cases...)
			var killers []string
			for _, r := range results {
				if onSilence(r) {
					t.Errorf("charged to a clause that leaves it open: %s", explain(r))
				}
				if r.Verdict == conformance.Fail && slices.Contains(m.Clauses, r.Failure.Clause) {
					killers = append(killers, r.ID)
				} else if r.Verdict != good(r) && r.Verdict != conformance.NotApplicable { // in two schedules
					t.Errorf("a verdict that blames something else: %s", explain(r))
				}
			}
			if len(killers) == 0 {
				t.Errorf("%s: it survives", m.What)
			}
			t.Logf("%-32s killed by %v", m.Mutant, killers)
		})
	}
}
