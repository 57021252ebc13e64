package traces_test

import (
	"context"
	"flag"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

var (
	latePrograms = flag.Int("lateprograms", 0, "so many programs are invented and heard late; 0 is a sample")
	lateFirst    = flag.Int("latefirst", 0, "the first of them")
)

// What invented programs show on the simulator stays allowed where it is heard of late, and the end of code early: cases ask
// for what a clause says, and programs for whatever meets.
func TestLateProgramsStayAllowed(t *testing.T) {
	verdicts := map[traces.Verdict]int{}
	programs := *latePrograms
	if programs == 0 {
		programs = tier.Of(30, 150, 6000)
	}
	for n := *lateFirst; n < *lateFirst+programs; n++ {
		seed := uint64(n)
		p := fuzz.Generate(spec.Seeded(seed), nil)
		run, err := fuzz.Execute(context.Background(), refimpl.New(refimpl.Options{}), p, spec.SystemConfig{Seed: seed})
		if err != nil {
			t.Logf("program %d: %v", n, err)
			continue
		}
		if failsAtHarness(run.Labels) {
			continue
		}
		o := traces.OptionsFor(refimpl.New(refimpl.Options{}).Handshake())
		o.Virtual, o.Slack, o.Budget, o.Unlike = false, traces.LeastSlack, 100_000, true
		for again := range uint64(3) {
			choose := spec.Seeded(seed*3 + again)
			labels := traces.Late(traces.FromOutside(run.Labels), choose)
			if again == 2 {
				labels = traces.EndingEarly(labels, choose)
			}
			r := traces.Check(labels, o)
			verdicts[r.Verdict]++
			if r.Verdict == traces.Forbidden {
				t.Errorf("program %d, way %d:\n%s%s", n, again, p, r.Text(labels))
			}
		}
	}
	t.Logf("%v", verdicts)
}

// failsAtHarness tells whether a handler is told of an operation of the harness's that is an error. From outside the harness answers
// it, and code decides what to make of that.
func failsAtHarness(labels []spec.Label) bool {
	open := map[int]string{}
	for _, l := range labels {
		switch l.Kind {
		case spec.CallLabel:
			open[l.Frame] = l.Call.Op
		case spec.GoneLabel:
			if op := spec.LookupOp(open[l.Frame]); op != nil && op.Is(spec.ByHarness) {
				return true
			}
		case spec.EnterLabel:
			if len(l.Args) == 1 && strings.Contains(l.Args[0].String(), "child-error") {
				return true
			}
		}
	}
	return false
}
