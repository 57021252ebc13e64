package traces_test

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// What cases show on the simulator stays allowed where it is heard of late.
func TestLateCasesStayAllowed(t *testing.T) {
	times := uint64(8)
	if testing.Short() {
		times = 1
	}
	verdicts := map[traces.Verdict]int{}
	for _, theCase := range conformance.Cases() {
		trace, verdict := one(t, theCase, refimpl.New(refimpl.Options{}))
		if verdict != conformance.Pass && verdict != conformance.Observed {
			continue // it needs what the simulator has not
		}
		o := traces.OptionsOf(trace.Header)
		o.Virtual, o.Slack = false, traces.LeastSlack
		for seed := range times {
			labels := traces.Late(traces.FromOutside(trace.Labels), spec.Seeded(seed))
			r := traces.Check(labels, o)
			verdicts[r.Verdict]++
			if r.Verdict == traces.Forbidden {
				t.Errorf("%s, seed %d: %s", theCase.ID, seed, r.Text(labels))
			}
		}
	}
	t.Logf("%v", verdicts)
}
