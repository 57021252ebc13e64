package conformance

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// What the tests outside the package look at.
func Sentence(call spec.Call, hanging bool) string { return sentence(call, hanging) }

// JudgedInBubble is what [Run] with [InBubble] makes of cases, one after the other.
func JudgedInBubble(t *testing.T, factory Factory, cases []*Case) (results []Result) {
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

// RepeatedByGoTest is the command that repeats a case under go test.
func RepeatedByGoTest(test, id string, times int) string { return goTest(test)(id, times) }
