package conformance

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// JudgedInBubble is what [Run] with [InBubble] makes of cases, one after the other.
func JudgedInBubble(t *testing.T, factory run.Factory, cases []*cases.Case) (results []verdict.Result) {
	t.Helper()
	plan, err := NewPlan(InBubble())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range cases {
		results = append(results, plan.inBubble(t, factory, k))
	}
	return results
}
