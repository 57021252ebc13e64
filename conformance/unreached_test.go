package conformance_test

import (
	"context"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
)

// The cases together reach every clause that the specification has a rule for, and every act
// but those that are listed with a reason.
func TestCasesReachTheWholeSpecification(t *testing.T) {
	var covered refimpl.Coverage
	report, err := conformance.Execute(context.Background(), conformance.Config{
		Adapter: refimpl.New(refimpl.Options{Coverage: &covered}), Cases: conformance.Cases(),
		Sizes: conformance.ExploreSizes, Schedules: 20_000,
		Enumerate: func() conformance.Enumerator { return refimpl.NewDPOR() },
	})
	if err != nil || report.ExitCode() != 0 {
		t.Fatalf("exploring the cases: %v, %v", report.Summary, err)
	}
	acts, clauses := covered.Unreached()
	for _, id := range clauses {
		t.Errorf("clause %s has a rule, and no case makes it act", id)
	}
	unreached := map[string]bool{}
	for _, a := range acts {
		unreached[a.String()] = true
		if conformance.Unreached[a.String()] == "" {
			t.Errorf("%s is reached by no case: write one, or list it in Unreached with the reason", a)
		}
	}
	for act := range conformance.Unreached {
		if !unreached[act] {
			t.Errorf("%s is listed as unreached, and is reached: take it off the list", act)
		}
	}
}
