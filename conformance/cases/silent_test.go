package cases_test

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// operationFaults are wrong answers of the system under test.
var operationFaults = map[string]func(f spec.Frame) spec.Return{
	"signals":        func(spec.Frame) spec.Return { return spec.Signal("simple-error", "wrong") },
	"returns nil":    func(spec.Frame) spec.Return { return spec.Values(spec.Nil{}) },
	"returns t":      func(spec.Frame) spec.Return { return spec.Values(spec.True{}) },
	"no values":      func(spec.Frame) spec.Return { return spec.Return{} },
	"is absent":      func(spec.Frame) spec.Return { return spec.Return{Status: spec.Absent} },
	"is gone":        func(spec.Frame) spec.Return { return spec.Return{Status: spec.Gone} },
	"never returns":  trial.Forever,
	"another number": func(spec.Frame) spec.Return { return spec.Values(spec.Int(0), spec.Int(-1)) },
}

func level(clause string) spec.Level { return spec.Clauses().Lookup(clause).Level }

// onSilence tells whether a failure is charged to a clause that leaves everything open, other than
// for an operation that never returns.
func onSilence(r verdict.Result) bool {
	return r.Verdict == verdict.Fail && level(r.Failure.Clause) == spec.Silent &&
		(r.Cause == nil || r.Cause.Outcome != "does not return")
}

// Whatever goes wrong in a case about what the documents leave open, a clause that says something
// is charged, or nothing is judged.
func TestSilentClausesConvictNobody(t *testing.T) {
	t.Parallel()
	right := refimpl.New(refimpl.Options{})
	byOperation := map[string][]*cases.Case{}
	for _, k := range cases.All() {
		if level(k.Clause()) != spec.Silent {
			continue
		}
		for _, need := range k.Needs {
			if spec.LookupOp(need) != nil {
				byOperation[need] = append(byOperation[need], k)
			}
		}
	}
	convicted := 0
	for op, chosen := range byOperation {
		for fault, answer := range operationFaults {
			adapter := trial.Replacing(right, func(f spec.Frame, call spec.Call) (spec.Return, bool) {
				if call.Op != op {
					return spec.Return{}, false
				}
				return answer(f), true
			})
			report := trial.Execute(t, run.Config{Adapter: adapter, Cases: chosen, Sizes: cases.ExploreSizes, Schedules: 1})
			for _, r := range report.Cases {
				if onSilence(r) {
					t.Errorf("%s %s: %s charged to %s", op, fault, trial.Explain(r), r.Failure.Clause)
				}
				if r.Verdict == verdict.Fail {
					convicted++
				}
			}
		}
	}
	if convicted < 100 {
		t.Errorf("only %d verdicts are fail: the faults show nothing", convicted)
	}
}

// A case that needs an operation only for its scenery does not convict its own clause by that
// operation's fault: all fails are one, charged to the sentence about the operation.
func TestSceneryConvictsTheOperation(t *testing.T) {
	for _, test := range []struct{ manner, narrowest, clause string }{
		{"mailbox-read with timeout", "MBOX-READ-1/after-timeout", "MBOX-READ-1"},
		{"get-current-process", "PROC-CUR-1/each-its-own", "PROC-CUR-1"},
		{"make-mailbox", "MBOX-MAKE-1/empty", "MBOX-MAKE-1"},
		{"process-mailbox", "", ""},
		{"list-all-processes", "PROC-LIST-2/disappears", "PROC-LIST-2"},
	} {
		adapter := trial.Replacing(refimpl.New(refimpl.Options{}), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
			return spec.Signal("type-error", "refused"), call.Manner() == test.manner
		})
		report := trial.Execute(t, run.Config{Adapter: adapter, Sizes: cases.ExploreSizes, Schedules: 1})
		op := spec.LookupOp(cases.OperationOf(test.manner))
		var failed []string
		for _, r := range report.Cases {
			if r.Verdict != verdict.Fail {
				continue
			}
			failed = append(failed, r.ID)
			if own := (&cases.Case{ID: r.ID}).Clause(); r.Failure.Clause == own && !cases.About(op, own) {
				t.Errorf("%s: it convicts its own clause: %s", test.manner, trial.Explain(r))
			}
		}
		if test.narrowest == "" {
			continue
		}
		i := slices.IndexFunc(report.Groups, func(g verdict.Group) bool { return g.Operation == test.manner })
		if i < 0 {
			t.Errorf("%s: no group among %v", test.manner, report.Groups)
			continue
		}
		if g := report.Groups[i]; g.Cases[0] != test.narrowest || g.Clause != test.clause || g.Outcome != "signals type-error" || len(g.Cases) < len(failed) || len(failed) < 2 {
			t.Errorf("%s: %d failed, group %+v", test.manner, len(failed), g)
		}
	}
}
