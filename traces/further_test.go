package traces_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// counts tells whether it matters how many values an operation returns: those of code that it runs, and
// of a command, whose pid is the third or the fourth (REAP-RSC-1).
func counts(op *spec.Op) bool { return op.Is(spec.RunsCode) || op.Name == "run-shell-command" }

// Values beyond the documented ones convict nobody, whatever the operation: in the run of each case every
// operation returns some more.
func TestFurtherValuesMeanNothing(t *testing.T) {
	more := []spec.Value{spec.True{}, spec.Int(7), spec.String("more"), spec.Nil{}}
	longer := map[string]bool{}
	for n, k := range conformance.Cases() {
		trace, _ := one(t, k, refimpl.New(refimpl.Options{}))
		labels := slices.Clone(trace.Labels)
		open := map[int]spec.Call{}
		for i, l := range labels {
			switch op := spec.LookupOp(open[l.Frame].Op); {
			case l.Kind == spec.CallLabel:
				open[l.Frame] = l.Call
			case l.Kind == spec.ReturnLabel && l.Return.Status == spec.Returned && !counts(op):
				// All that the documents name first, then from one to four that they don't.
				l.Return.Values = slices.Clone(l.Return.Values)
				for len(l.Return.Values) < len(op.Results) {
					l.Return.Values = append(l.Return.Values, spec.Nil{})
				}
				l.Return.Values = append(l.Return.Values, more[:1+(n+i)%len(more)]...)
				labels[i], longer[op.Name] = l, true
			}
		}
		r := traces.Check(labels, traces.OptionsOf(trace.Header))
		if before := traces.CheckTrace(trace).Verdict; r.Verdict != before {
			t.Errorf("%s is %s, with further values\n%s\n%s", k.ID, before, r.Text(labels), strings.Join(traces.Render(labels, nil), "\n"))
		}
	}
	for _, op := range spec.Ops {
		neverReturns := op.Name == "invoke-restart" || op.Name == "signal-error" || op.Name == "quit"
		if op.Capability != spec.Core && op.Is(spec.StopsWorld) { // the program may end instead
			continue
		}
		if model.HasRule(op.Name) && !counts(op) && longer[op.Name] == neverReturns {
			t.Errorf("%s was tried: %v", op.Name, !neverReturns)
		}
	}
}
