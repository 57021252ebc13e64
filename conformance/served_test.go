package conformance_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// The simulator in another process, behind the wire, is judged as the one within, case by case: the wire adds nothing and loses
// nothing. make comparisons has all cases, under several seeds.
func TestConversationsAreAsIfWithin(t *testing.T) {
	t.Parallel()
	outside, err := served("refimpl")
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	var chosen []*cases.Case
	for i, k := range cases.All() {
		if i%tier.Of(24, 12, 1) == 0 {
			chosen = append(chosen, k)
		}
	}
	judged := func(adapter spec.Adapter) []verdict.Result {
		report, err := run.Execute(context.Background(), run.Config{
			Adapter: adapter, Cases: chosen, Seed: 1, Schedules: tier.Of(1, 2, 8), Sizes: cases.ExploreSizes, TrustKit: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		return report.Cases
	}
	// What a run took, and how it is repeated, differ; what it showed doesn't.
	shown := func(r verdict.Result) any {
		return []any{r.ID, r.Clauses, r.Verdict, r.Observed, r.Message, r.Reason, r.Allowed, r.Seen, r.Schedules}
	}
	within := judged(refimpl.New(refimpl.Options{}))
	for i, r := range judged(outside) {
		if diff := cmp.Diff(shown(within[i]), shown(r)); diff != "" {
			t.Errorf("%s, within (-) and served (+):\n%s", r.ID, diff)
		}
	}
}
