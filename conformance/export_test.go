package conformance

import "testing"

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
