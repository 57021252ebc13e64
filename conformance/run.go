package conformance

import (
	"slices"
	"testing"
)

// Run runs the cases as subtests of an implementer's go test, one for each case and named
// after it, so that -run TestX/CLEAN-DUP-7 runs those of a clause:
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, func() (spec.Adapter, error) { return myactors.NewAdapter(), nil })
//	}
//
// A subtest fails where the verdict is fail, error or inconclusive, and where an entry of
// known deviations is stale; it is skipped where the verdict is known or not-applicable. The
// test itself fails where the selection is empty, a list names a case that there isn't, or
// nothing that was run could be judged.
//
// The adapter, made once and closed at the end, lives in this process unless it is one of
// package adapters/remote, which makes children applicable too; see also [InBubble]. Run
// must be called on the test's own goroutine.
func Run(t *testing.T, factory Factory, opts ...Option) {
	t.Helper()
	plan, err := NewPlan(opts...)
	if err != nil {
		t.Fatal(err)
	}
	var results []Result
	keep := func(r Result) Result {
		results = append(results, r)
		if plan.results != nil {
			plan.results(r)
		}
		return r
	}
	if plan.bubble {
		for _, k := range plan.Config.Cases {
			t.Run(k.ID, func(t *testing.T) { tell(t, plan, k, keep(plan.inBubble(t, factory, k))) })
		}
	} else {
		adapter, session, err := plan.Open(factory)
		if adapter != nil {
			t.Cleanup(func() {
				if err := adapter.Close(); err != nil {
					t.Errorf("ending the adapter: %v", err)
				}
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range plan.Config.Cases {
			t.Run(k.ID, func(t *testing.T) { tell(t, plan, k, keep(session.Run(t.Context(), k))) })
		}
	}
	for _, s := range plan.Config.stale(nil) {
		t.Errorf("stale %s: it is listed (%s), but %s", s.ID, s.Reason, NoCase(s.ID))
	}
	if len(results) > 0 && !slices.ContainsFunc(results, func(r Result) bool { return r.Verdict != NotApplicable && r.Verdict != Known }) {
		t.Errorf("nothing was judged: of %d cases none is other than not applicable or known", len(results))
	}
}

// tell gives a subtest the outcome that a verdict means.
func tell(t *testing.T, plan *Plan, k *Case, r Result) {
	t.Helper()
	switch outcome, text := plan.Outcome(k, r); {
	case outcome == Failed:
		t.Error(text)
	case outcome == Skipped:
		t.Skip(text)
	case text != "":
		t.Log(text)
	}
}
