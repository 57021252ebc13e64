package cases_test

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// The cases together take every branch of the specification's rules, and every act, but for those that are
// listed with a reason; and no other is listed.
func TestCasesReachTheWholeSpecification(t *testing.T) {
	for _, x := range reduced() {
		if r := x.worst; r.Verdict > verdict.Pass || !x.exhaustive && x.runs < mostExplored {
			t.Fatalf("exploring the cases: exhaustive %v after %d schedules: %s", x.exhaustive, x.runs, trial.Explain(r))
		}
	}
	acts, _ := reducedCoverage.Unreached()
	unreached := map[string]bool{}
	for _, a := range acts {
		unreached[a.String()] = true
	}
	listed(t, "act", unreached, cases.Unreached)
	fuzzed := fuzzedBranches(t)
	unreached = map[string]bool{}
	for _, b := range places.Load().Unreached(reducedCoverage.Branches(), reducedCoverage.Clauses()) {
		if !slices.ContainsFunc(fuzzed, func(f places.Branch) bool { return f.Place == b.Place }) {
			continue // programs take it
		}
		unreached[b.String()] = true
	}
	listed(t, "branch", unreached, cases.UnreachedBranches)
}

// fuzzedBranches are those that a thousand programs don't take.
func fuzzedBranches(t *testing.T) []places.Branch {
	t.Helper()
	covered := refimpl.Coverage{Branched: true}
	if err := fuzz.Cover(context.Background(), &fuzz.Inventor{Seed: 1, Coverage: &covered}, 1000); err != nil {
		t.Fatal(err)
	}
	return places.Load().Unreached(covered.Branches(), covered.Clauses())
}

func listed(t *testing.T, what string, unreached map[string]bool, reasons map[string]string) {
	t.Helper()
	for id := range unreached {
		if reasons[id] == "" {
			t.Errorf("the %s %q is reached by no case: write one, or list it with the reason", what, id)
		}
	}
	for id := range reasons {
		if !unreached[id] {
			t.Errorf("the %s %q is listed as unreached, and is reached: take it off the list", what, id)
		}
	}
}

// Every clause that a branch cites and that is judged is broken by a mutant, or listed with the reason.
func TestEveryClauseIsBroken(t *testing.T) {
	unbroken := map[string]bool{}
	for _, id := range model.RuledClauses() {
		level := spec.Clauses().Lookup(id).Level
		if level != spec.Silent && !slices.ContainsFunc(model.Mutants, func(m model.MutantInfo) bool { return slices.Contains(m.Clauses, id) }) {
			unbroken[id] = true
		}
	}
	listed(t, "clause", unbroken, cases.Unbroken)
}
