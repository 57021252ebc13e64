package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// A status whose pid is below 1 names no child, whatever a case wanted to know.
func TestStatusWithoutAChildFailsEveryCase(t *testing.T) {
	for _, answer := range [][]spec.Value{
		{spec.Int(0), spec.Int(0), spec.Nil{}}, {spec.Int(0), spec.Int(-1), spec.Nil{}}, {spec.Int(0), spec.Int(0)}, {spec.Int(-1), spec.Int(-1), spec.Int(10)},
	} {
		adapter := trial.Replacing(refimpl.New(refimpl.Options{}), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
			if call.Op != "reap-os-subprocess" && call.Op != "os-wait" {
				return spec.Return{}, false
			}
			r := f.Do(call)
			if r.Status == spec.Returned && !spec.Truth(r.Nth(0)) && !spec.Truth(r.Nth(1)) {
				r.Values = answer
			}
			return r, true
		})
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "REAP"), Sizes: cases.ExploreSizes, Schedules: 1})
		failed := 0
		for _, r := range report.Cases {
			switch {
			case strings.HasPrefix(r.ID, "REAP-RSC-") && r.Verdict == trial.Good(r): // it only runs commands
			case r.Verdict != verdict.Fail || !strings.Contains(r.Message, "no child has a pid below 1"):
				t.Errorf("%v for no child: %s", answer, trial.Explain(r))
			case r.Failure.Clause != "REAP-NOHANG-1" && r.Failure.Clause != "REAP-NONE-1":
				t.Errorf("%v for no child: charged to %s: %s", answer, r.Failure.Clause, trial.Explain(r))
			default:
				failed++
			}
		}
		if failed < 40 {
			t.Errorf("%v for no child: only %d cases fail", answer, failed)
		}
	}
}

// Without a child of ours nil and -1 may say that the implementation has children of its own: nothing can be concluded. Where
// the answer for a pid that nobody has is as if one ran, it says nothing of children, and is wrong.
func TestChildrenOfTheImplementation(t *testing.T) {
	for _, test := range []struct {
		name    string
		runs    func(pid spec.Value) bool // the answer for that pid is as if a child ran
		verdict verdict.Verdict
	}{
		{"children of its own", func(pid spec.Value) bool { return spec.Eql(pid, spec.Int(-1)) }, verdict.Inconclusive},
		{"names the pid whenever it finds none", func(spec.Value) bool { return true }, verdict.Fail},
	} {
		adapter := trial.Replacing(refimpl.New(refimpl.Options{}), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
			wait, given := call.Key("wait")
			if call.Op != "reap-os-subprocess" || !given || spec.Truth(wait) {
				return spec.Return{}, false
			}
			pid, given := call.Key("pid")
			if !given {
				pid = spec.Int(-1)
			}
			r := f.Do(call)
			if r.Status == spec.Returned && !spec.Truth(r.Nth(0)) && test.runs(pid) {
				r.Values = []spec.Value{spec.Nil{}, pid, spec.Nil{}}
			}
			return r, true
		})
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "REAP"), Sizes: cases.ExploreSizes, Schedules: 1})
		judged := 0
		for _, r := range report.Cases {
			switch {
			case strings.HasPrefix(r.ID, "REAP-RSC-") && r.Verdict == trial.Good(r): // it only runs commands
			case r.Verdict != test.verdict || r.Verdict == verdict.Fail && r.Failure.Clause != "REAP-NOHANG-1":
				t.Errorf("%s: %s", test.name, trial.Explain(r))
			default:
				judged++
			}
		}
		if judged < 40 {
			t.Errorf("%s: only %d cases say so", test.name, judged)
		}
	}
}

// Who collects children at once and reports them all the same breaks the sentence about zombies:
// the others are judged.
func TestSupervisorBreaksOneSentence(t *testing.T) {
	t.Parallel()
	if builtInAs["supervisor"] == nil {
		t.Skip("children are Linux's here")
	}
	var adapters []spec.Adapter // the cases wait more than they work
	for range 3 {
		adapter, err := served("supervisor")
		if err != nil {
			t.Fatal(err)
		}
		defer adapter.Close()
		adapters = append(adapters, adapter)
	}
	results := trial.Execute(t, run.Config{Adapter: adapters[0], Beside: adapters[1:], Cases: trial.Select(t, "REAP")}).Cases
	// A machine that stops for a while leaves a case undecided; by itself it is decided.
	for i, r := range results {
		if r.Verdict == verdict.Inconclusive {
			t.Log(trial.Explain(r))
			results[i] = trial.Execute(t, run.Config{Adapter: adapters[0], Cases: trial.Select(t, r.ID)}).Cases[0]
		}
	}
	var failed []string
	for _, r := range results {
		switch {
		case r.Verdict == verdict.Fail && r.Failure.Clause == "REAP-ZOMB-1":
			failed = append(failed, r.ID)
		case r.Verdict != trial.Good(r) && r.Verdict != verdict.NotApplicable:
			t.Error(trial.Explain(r))
		}
	}
	// On a busy machine it may collect a child so late that a case finds the zombie that it looks for.
	want := []string{"REAP-ZOMB-1/stays", "REAP-ZOMB-1/beside-a-command", "REAP-ZOMB-2/gone", "REAP-ZOMB-4/many"}
	other := func(id string) bool { return !slices.Contains(want, id) }
	if !slices.Contains(failed, "REAP-ZOMB-1/stays") || slices.ContainsFunc(failed, other) {
		t.Errorf("charged to REAP-ZOMB-1: %v, want %v", failed, want)
	}
}

// A child that never starts is the fault of the operation that was to start it, not of the harness.
func TestChildThatNeverComesIsTheShellCommands(t *testing.T) {
	t.Parallel()
	adapter, err := served("starts-nothing")
	if err != nil {
		t.Fatal(err)
	}
	defer adapter.Close()
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "REAP-ZOMB-1"), Watchdog: briefly})
	if r := report.Cases[0]; r.Verdict != verdict.Fail || r.Failure.Clause != "REAP-RSC-1" {
		t.Error(trial.Explain(r))
	}
}
