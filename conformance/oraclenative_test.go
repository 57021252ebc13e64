package conformance_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// What passes on a real implementation the oracle accepts, at the sizes that it is run with.
func TestOracleAcceptsNative(t *testing.T) {
	t.Parallel()
	var chosen []*cases.Case
	for i, k := range cases.All() {
		if i%tier.Of(4, 9, 1) == 0 || tier.Whole() && slices.ContainsFunc(k.Witnesses(), isWholeOnNative) {
			chosen = append(chosen, k)
		}
	}
	work := make(chan *cases.Case)
	var mu sync.Mutex
	counts := map[traces.Verdict]int{}
	results := map[string]verdict.Result{}
	var profile []string
	var workers sync.WaitGroup
	for range 8 { // who wait more than they work
		workers.Go(func() {
			adapter, err := served("native")
			if err != nil {
				t.Error(err)
				for range work {
				}
				return
			}
			defer adapter.Close()
			for k := range work {
				kept := &tape{}
				// That its kit works is found out once, by whoever runs the suite on it.
				report, err := run.Execute(context.Background(), run.Config{
					Seed: 1, Cases: []*cases.Case{k}, Adapter: adapter, TrustKit: true,
					Journal: func() run.Journal { kept = &tape{}; return kept },
				})
				if err != nil {
					t.Errorf("%s: %v", k.ID, err)
					continue
				}
				mu.Lock()
				results[k.ID], profile = report.Cases[0], adapter.Handshake().Profile
				mu.Unlock()
				if v := report.Cases[0].Verdict; v != verdict.Pass && v != verdict.Observed {
					continue // another test's business
				}
				h := adapter.Handshake()
				r := traces.Check(kept.Labels(), traces.OptionsFor(h))
				mu.Lock()
				counts[r.Verdict]++
				mu.Unlock()
				if r.Verdict == traces.Forbidden {
					t.Errorf("%s: %+v\n%s", k.ID, r.Findings, render(kept.Labels()[:r.Findings[0].Step+1]))
				} else if r.Verdict == traces.Undecided {
					t.Errorf("%s: undecided: %s", k.ID, r.Why)
				}
			}
		})
	}
	for _, k := range chosen {
		work <- k
	}
	close(work)
	workers.Wait()
	t.Logf("%v", counts)
	if tier.Whole() {
		witnessedByNative(t, results, profile)
	}
}

// wholeOnNative are the areas in which native has all that cases ask for.
var wholeOnNative = []string{"DEP", "MBOX", "EXT"}

// isWholeOnNative tells whether a clause is of such an area.
func isWholeOnNative(clause string) bool {
	area, _, _ := strings.Cut(clause, "-")
	return slices.Contains(wholeOnNative, area)
}

// witnessedByNative holds native against each clause of such an area: one that demands something of it has a case that
// passes, and of one that demands nothing a listed behaviour is recorded.
func witnessedByNative(t *testing.T, results map[string]verdict.Result, profile []string) {
	for _, clause := range spec.Clauses().Clauses {
		if clause.Level == spec.Note || !isWholeOnNative(clause.ID) || cases.NotTestable[clause.ID] != "" {
			continue
		}
		demands := spec.Clauses().Judged(clause, profile, false)
		shown := slices.ContainsFunc(cases.All(), func(k *cases.Case) bool {
			r, is := results[k.ID], slices.Contains(k.Witnesses(), clause.ID)
			return is && (r.Shows(clause) || clause.Level == spec.Doc && !demands && r.Verdict == verdict.Observed)
		})
		if !shown {
			t.Errorf("%s, %s: no case shows it on native", clause.ID, clause.Level)
		}
	}
}
