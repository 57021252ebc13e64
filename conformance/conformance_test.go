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

func run(t testing.TB, cfg conformance.Config) *conformance.Report {
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
	for seed := range uint64(4) {
		report := run(t, conformance.Config{Adapter: refimpl.New(refimpl.Options{}), Seed: seed * 1000})
		for _, r := range report.Cases {
			if r.Verdict != good(r) || r.Schedules != conformance.DefaultSchedules {
				t.Errorf("%d schedules from seed %d: %s", r.Schedules, seed, explain(r))
			}
		}
	}
}

// Every case has few enough schedules to run them all.
func TestSimulatorPassesUnderEverySchedule(t *testing.T) {
	report := run(t, conformance.Config{
		Adapter: refimpl.New(refimpl.Options{}), Schedules: 20000, Sizes: conformance.ExploreSizes,
		Enumerate: func() conformance.Enumerator { return refimpl.NewDepthFirst() },
	})
	for _, r := range report.Cases {
		if r.Verdict != good(r) || !r.Exhaustive {
			t.Errorf("exhaustive %v after %d schedules: %s", r.Exhaustive, r.Schedules, explain(r))
		}
		t.Logf("%-28s %6d schedules", r.ID, r.Schedules)
	}
}

func TestEveryMutantDiesByAClauseItViolates(t *testing.T) {
	for _, m := range model.Mutants {
		report := run(t, conformance.Config{Adapter: refimpl.New(refimpl.Options{Mutant: m.Mutant}), Sizes: conformance.ExploreSizes})
		var killers []string
		for _, r := range report.Cases {
			if r.Verdict == conformance.Fail && slices.Contains(m.Clauses, r.Failure.Clause) {
				killers = append(killers, r.ID)
			} else if r.Verdict != good(r) {
				t.Errorf("mutant %s: a verdict that blames something else: %s", m.Mutant, explain(r))
			}
		}
		if len(killers) == 0 {
			t.Errorf("mutant %s (%s) survives", m.Mutant, m.What)
		}
		t.Logf("%-32s killed by %v", m.Mutant, killers)
	}
}
