package run_test

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// A registration of a cleanup that is refused is held against the clause about what is refused of it, not against
// whatever the case would have shown with it.
func TestRefusedRegistrationIsNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what   string
		first  string   // the clause of the group
		others []string // that may be charged beside it, where both are given
		refuse func(call spec.Call) bool
	}{
		{"a form that is a list", "CLEAN-FORM-2", []string{"CLEAN-FORM-3"}, func(call spec.Call) bool {
			_, list := call.Args[0].(spec.List)
			return list
		}},
		{"a priority", "CLEAN-PRI-1", []string{"CLEAN-PRI-3", "CLEAN-FORM-2"}, func(call spec.Call) bool {
			_, given := call.Key("priority")
			return given
		}},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			adapter := trial.Replacing(native.New(), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
				if call.Op == "ensure-process-cleanup" && test.refuse(call) {
					return spec.Signal("type-error", "refused"), true
				}
				return spec.Return{}, false
			})
			defer adapter.Close()
			chosen := trial.Select(t, "CLEAN-RUN-1", "CLEAN-FORM", "CLEAN-PROC-1", "CLEAN-PROC-2", "CLEAN-PRI", "CLEAN-DUP-1", "CLEAN-DUP-2", "CLEAN-INP-1", "DEP-1")
			report := trial.Execute(t, run.Config{Adapter: adapter, Cases: chosen})
			if len(report.Groups) != 1 || report.Groups[0].Clause != test.first {
				t.Errorf("%s is refused: want one group, and %s first, in %+v", test.what, test.first, report.Groups)
			}
			for _, r := range report.Cases {
				if r.Failure != nil && r.Failure.Clause != test.first && !slices.Contains(test.others, r.Failure.Clause) {
					t.Errorf("%s is refused, and %s charged: %s", test.what, r.Failure.Clause, trial.Explain(r))
				}
			}
		})
	}
}

// A send that is refused for the priority which is meant where none is given breaks the clause about that.
func TestRefusedDefaultPriorityIsNamed(t *testing.T) {
	t.Parallel()
	adapter := trial.Replacing(native.New(), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
		v, given := call.Key("change-priority")
		return spec.Signal("type-error", "refused"), call.Op == "process-send" && (!given || spec.Eql(v, spec.Keyword("default")))
	})
	defer adapter.Close()
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "SEND-SIG-1", "SEND-Q-1", "SEND-LIM-2/any-size", "SEND-RET-1", "SEND-PRI-1/accepted")})
	for _, r := range report.Cases {
		if r.Failure == nil || r.Failure.Clause != "SEND-PRI-1" {
			t.Errorf("want SEND-PRI-1: %s", trial.Explain(r))
		}
	}
}

// Where a registration is for another process than the one that is meant, that is charged, not that the form does not run
// when its process ends, or that it runs at another time, or that the registration is refused.
func TestFormOfAnotherProcessIsNamed(t *testing.T) {
	t.Parallel()
	unnamed := func(call spec.Call) spec.Call {
		call.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool { return k.Name == "process" })
		return call
	}
	for what, test := range map[string]struct {
		clauses []string
		answer  func(f spec.Frame, call spec.Call, named bool) (spec.Return, bool)
	}{
		"whoever is named, the caller is taken": {[]string{"CLEAN-PROC-2"}, func(f spec.Frame, call spec.Call, named bool) (spec.Return, bool) {
			return f.Do(unnamed(call)), named
		}},
		"and nobody must not be named": {[]string{"CLEAN-PROC-2", "CLEAN-PROC-1"}, func(f spec.Frame, call spec.Call, named bool) (spec.Return, bool) {
			if !named {
				return spec.Signal("type-error", "nil is no process"), true
			}
			return f.Do(unnamed(call)), true
		}},
		"who is named is refused": {[]string{"CLEAN-PROC-2"}, func(f spec.Frame, call spec.Call, named bool) (spec.Return, bool) {
			return spec.Signal("program-error", "what is :process?"), named
		}},
		"nobody is registered unless named": {[]string{"CLEAN-PROC-1"}, func(f spec.Frame, call spec.Call, named bool) (spec.Return, bool) {
			return spec.Values(spec.True{}), !named
		}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			adapter := trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
				if call.Op != "ensure-process-cleanup" || len(call.Args) > 1 {
					return spec.Return{}, false
				}
				_, named := call.Key("process")
				return test.answer(f, call, named)
			})
			defer adapter.Close()
			chosen := trial.Select(t, "CLEAN-REG-1", "CLEAN-RUN-1", "CLEAN-RUN-3", "CLEAN-RUN-5", "CLEAN-FORM-1", "CLEAN-FORM-5/nil", "CLEAN-PROC-1", "CLEAN-PROC-2", "CLEAN-PROC-7/at-the-same-time", "CLEAN-PRI-3/between")
			report := trial.Execute(t, run.Config{Adapter: adapter, Cases: chosen, Watchdog: briefly})
			failed := 0
			for _, r := range report.Cases {
				if r.Failure == nil {
					continue
				}
				if failed++; !slices.Contains(test.clauses, r.Failure.Clause) {
					t.Errorf("%s is charged: %s", r.Failure.Clause, trial.Explain(r))
				}
			}
			if failed == 0 {
				t.Errorf("no case fails: %s", trial.Explain(report.Cases[0]))
			}
		})
	}
}

// Of two operations that are to answer alike the one that answers wrongly is held responsible.
func TestDifferenceIsChargedToWhoIsWrong(t *testing.T) {
	t.Parallel()
	for wrong, clause := range map[string]string{"mailbox-send-limited": "MBOX-LIM-1", "process-send": "SEND-LIM-4"} {
		adapter := trial.Replacing(native.New(), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
			return spec.Values(spec.Nil{}), call.Op == wrong
		})
		defer adapter.Close()
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "SEND-LIM-4/differential")})
		if r := report.Cases[0]; r.Failure == nil || r.Failure.Clause != clause {
			t.Errorf("%s adds nothing, want %s: %s", wrong, clause, trial.Explain(r))
		}
	}
}

// A send that answers false breaks the clause about it only where a plain one doesn't.
func TestSendThatIsFalseIsNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		clause string
		cases  []string
		never  func(f spec.Frame, call spec.Call) bool
	}{
		{"SEND-RET-2", []string{"SEND-Q-6", "SEND-PRI-1/accepted", "SEND-DEAD-4", "SEND-LIM-1", "SEND-TMO-1", "SEND-Q-2"},
			func(spec.Frame, spec.Call) bool { return true }},
		{"SEND-Q-6", []string{"SEND-Q-6"}, func(f spec.Frame, call spec.Call) bool { return spec.Eql(call.Arg(0), spec.ProcessOf(f)) }},
		{"SEND-TMO-1", []string{"SEND-TMO-1"}, func(_ spec.Frame, call spec.Call) bool { _, given := call.Key("timeout"); return given }},
	} {
		adapter := trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
			return spec.Values(spec.Nil{}), call.Op == "process-send" && test.never(f, call)
		})
		defer adapter.Close()
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, test.cases...)})
		for _, r := range report.Cases {
			if r.Failure == nil || r.Failure.Clause != test.clause || r.Cause == nil {
				t.Errorf("want %s and a cause, not %+v: %s", test.clause, r.Cause, trial.Explain(r))
			}
		}
	}
}
