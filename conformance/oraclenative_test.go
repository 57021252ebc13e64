package conformance_test

import (
	"context"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/traces"
)

// What passes on a real implementation the oracle accepts, at the sizes that it is run with.
func TestOracleAcceptsNative(t *testing.T) {
	t.Parallel()
	chosen := cases.All()
	if testing.Short() {
		chosen = chosen[:len(chosen)/4]
	}
	work := make(chan *cases.Case)
	var mu sync.Mutex
	counts := map[traces.Verdict]int{}
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
				if v := report.Cases[0].Verdict; v != verdict.Pass && v != verdict.Observed {
					continue // another test's business
				}
				h := adapter.Handshake()
				o := traces.OptionsFor(h)
				o.Budget = 200_000
				r := traces.Check(kept.Labels(), o)
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
}
