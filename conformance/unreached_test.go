package conformance_test

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
)

// The cases together reach every clause that the specification has a rule for, and every act
// but those that are listed with a reason.
func TestCasesReachTheWholeSpecification(t *testing.T) {
	for _, x := range reduced() {
		if r := x.worst; r.Verdict > conformance.Pass || !x.exhaustive {
			t.Fatalf("exploring the cases: exhaustive %v after %d schedules: %s", x.exhaustive, x.runs, explain(r))
		}
	}
	acts, clauses := reducedCoverage.Unreached()
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
