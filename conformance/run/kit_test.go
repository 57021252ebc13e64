package run_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// kitFaults are ways in which an operation of the kit can be at fault.
var kitFaults = map[string]func(f spec.Frame, call spec.Call) spec.Return{
	"signals":        func(spec.Frame, spec.Call) spec.Return { return spec.Signal("simple-error", "the kit is broken") },
	"does nothing":   func(spec.Frame, spec.Call) spec.Return { return spec.Values(spec.Nil{}) },
	"no values":      func(spec.Frame, spec.Call) spec.Return { return spec.Return{} },
	"another value":  func(spec.Frame, spec.Call) spec.Return { return spec.Values(spec.Keyword("wrong")) },
	"says t":         func(spec.Frame, spec.Call) spec.Return { return spec.Values(spec.True{}) },
	"never returns":  func(f spec.Frame, _ spec.Call) spec.Return { return trial.Forever(f) },
	"is absent":      func(spec.Frame, spec.Call) spec.Return { return spec.Return{Status: spec.Absent} },
	"loses a value":  func(f spec.Frame, call spec.Call) spec.Return { return loses(f.Do(call)) },
	"takes no value": func(f spec.Frame, call spec.Call) spec.Return { return f.Do(withoutLast(call)) },
}

// loses takes the last entry of a list, and makes nil of another value.
func loses(r spec.Return) spec.Return {
	if r.Status != spec.Returned || len(r.Values) == 0 {
		return r
	}
	if items, ok := spec.Items(r.Primary()); ok && len(items) > 0 {
		return spec.Values(spec.NewList(items[:len(items)-1]...))
	}
	return spec.Values(spec.Nil{})
}

// withoutLast puts nil in the place of the last argument.
func withoutLast(call spec.Call) spec.Call {
	call.Args = slices.Clone(call.Args)
	if n := len(call.Args); n > 0 {
		call.Args[n-1] = spec.Nil{}
	}
	return call
}

// No fault of the kit convicts: a case that needs the operation is an error that names it, or
// what tells of it, and any other case is as ever.
func TestKitFaultsAreErrors(t *testing.T) {
	t.Parallel()
	right := refimpl.New(refimpl.Options{})
	// What is at fault shows in the one operation or the other.
	shows := map[string]string{
		"log-append": "log-read", "cell-set": "cell-get await", "make-cell": "cell-get await", "gate-open": "gate-wait",
		"make-gate": "gate-open gate-wait", "make-log": "log-append log-read", "make-function": "funcall", "signal-error": "handler-case",
		"eq": "new", "invoke-restart": "handler-bind",
	}
	for _, op := range spec.Ops {
		if !op.Is(spec.Kit) || op.Is(spec.ByHarness) || !right.Handshake().Offers(op.Name) {
			continue
		}
		for fault, answer := range kitFaults {
			t.Run(op.Name+" "+fault, func(t *testing.T) {
				t.Parallel()
				answered := func(f spec.Frame, call spec.Call) (spec.Return, bool) {
					if call.Op != op.Name {
						return spec.Return{}, false
					}
					return answer(f, call), true
				}
				adapter := trial.Replacing(right, answered)
				chosen := some(t)
				if op.Name == "pause" { // whether it waits can only be told on real time
					adapter, chosen = trial.Replacing(native.New(), answered), trial.Select(t, "CLEAN-FORM-5/nil")
				}
				report := trial.Execute(t, run.Config{Adapter: adapter, Cases: chosen, Sizes: cases.ExploreSizes, Schedules: 1, Watchdog: 5 * time.Second})
				named := append(strings.Fields(shows[op.Name]), op.Name)
				for _, r := range report.Cases {
					switch {
					case r.Verdict == verdict.Error && r.Kit != nil && slices.Contains(named, r.Kit.Operation) && strings.Contains(r.Message, "the adapter's kit is at fault"):
					case r.Verdict != trial.Good(r) && r.Verdict != verdict.NotApplicable:
						t.Errorf("want an error that names the kit's operation, or a pass: %s", trial.Explain(r))
					}
				}
				for _, fault := range report.Kit {
					if !slices.Contains(named, fault.Operation) {
						t.Errorf("the report says of the kit %v", fault)
					}
				}
			})
		}
	}
}

// some are cases of all kinds, few enough to run often.
func some(t *testing.T) []*cases.Case {
	t.Helper()
	return slices.Concat(trial.Select(t, "PROC-CREATE-1"), trial.Select(t, "CLEAN-DUP-7/raise", "CLEAN-RUN-1", "CLEAN-FORM-3", "CLEAN-FORM-5/nil"),
		trial.Select(t, "SEND-DEAD-2", "SEND-Q-3", "SEND-LIM-5", "SEND-Q-2/identity", "DEP-3", "MBOX-READ-2", "MBOX-SEND-3", "PROC-EXIT-5"), trial.Select(t, "REAP-NOHANG-3/any", "REAP-CONC-1"))
}

// Where one fault is in several operations each of them is found: none is left out for the sake of another.
func TestKitFaultHidesNoOther(t *testing.T) {
	t.Parallel()
	faulty := []string{"unwind-protect", "handler-case", "handler-bind", "with-continue-restart", "funcall"}
	adapter := trial.Replacing(refimpl.New(refimpl.Options{}), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
		return spec.Values(spec.Nil{}), slices.Contains(faulty, call.Op)
	})
	check, err := run.CheckKit(context.Background(), adapter, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range faulty {
		if !slices.ContainsFunc(check.Faults, func(f cases.KitFault) bool { return f.Operation == op }) {
			t.Errorf("nothing runs the code that it is given, and %s is not found at fault: %+v", op, check)
		}
	}
}

// On real time an operation of the kit that hangs costs one wait, and the rest is checked still.
func TestKitThatHangsIsCheckedToItsEnd(t *testing.T) {
	t.Parallel()
	adapter := trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
		if call.Op == "log-read" {
			return trial.Forever(f), true
		}
		return spec.Return{}, false
	})
	defer adapter.Close()
	check, err := run.CheckKit(context.Background(), adapter, 100*time.Millisecond)
	if err != nil || len(check.Faults) != 1 || check.Faults[0].Operation != "log-read" || !slices.Contains(check.Checked, "funcall") {
		t.Errorf("%v, %+v", err, check)
	}
	if got := fmt.Sprint(check.Skipped); got != "[log-append]" {
		t.Errorf("skipped %s, want the step that takes log-read", got)
	}
}

// An operation of the kit that works when it is checked, and later hangs in some process, is found
// out by what is open: nobody is charged with what did not come about.
func TestKitThatHangsLaterIsAnError(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"log-append", "gate-wait", "cell-set"} {
		// As many calls go well as the self-check makes of other processes, and a few more.
		const well = 4
		n := 0
		var mu sync.Mutex
		adapter := trial.Wrap(native.New(), func(f spec.Frame, outermost bool) spec.Frame {
			return trial.Answering(f, func(f spec.Frame, call spec.Call) (spec.Return, bool) {
				mu.Lock()
				defer mu.Unlock()
				if call.Op == op && !outermost {
					n++
				}
				if call.Op == op && !outermost && n > well {
					mu.Unlock()
					defer mu.Lock()
					return trial.Forever(f), true
				}
				return spec.Return{}, false
			})
		})
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "CLEAN-DUP-7", "CLEAN-RUN-1/return", "PROC-CREATE-3"), Watchdog: briefly})
		failed := 0
		for _, r := range report.Cases {
			switch {
			case r.Verdict == verdict.Error && r.Kit != nil && r.Kit.Operation == op:
				failed++
			case r.Verdict != verdict.Pass:
				t.Errorf("%s: %s", op, trial.Explain(r))
			}
		}
		if failed == 0 {
			t.Errorf("%s never hung", op)
		}
	}
}

// Where an operation of the kit hangs, one of the system under test that hangs may do so for the same reason, as where a
// process that ended keeps a lock: no clause is charged with it.
func TestHangBesideAKitThatHangsChargesNobody(t *testing.T) {
	t.Parallel()
	adapter := trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
		if call.Op == "funcall" || call.Op == "mailbox-count" {
			return trial.Forever(f), true
		}
		return spec.Return{}, false
	})
	defer adapter.Close()
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "MBOX-MAKE-1/count"), Watchdog: briefly})
	if r := report.Cases[0]; r.Verdict != verdict.Error || r.Failure != nil || r.Kit == nil || r.Kit.Operation != "funcall" {
		t.Error(trial.Explain(r))
	}
}
