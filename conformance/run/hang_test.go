package run_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

const briefly = 400 * time.Millisecond

// The text of a hang names who hangs in what, also where another process is in the way.
func TestHangNamesTheProcessInTheWay(t *testing.T) {
	t.Parallel()
	adapter := trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
		if call.Op == "mailbox-wait-for-event" {
			return trial.Forever(f), true
		}
		return spec.Return{}, false
	})
	defer adapter.Close()
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "EVENT-MWE-1/waits"), Watchdog: briefly})
	r := report.Cases[0]
	if r.Verdict != verdict.Fail || !strings.Contains(r.Message, `process "reader-1" #<process`) || !strings.Contains(r.Message, "hangs in (mailbox-wait-for-event #<mailbox") {
		t.Error(trial.Explain(r))
	}
	if r.Hang == nil || r.Hang.Operation != "mailbox-wait-for-event" || strings.Contains(r.Message, "(await") {
		t.Errorf("%+v in %s", r.Hang, trial.Explain(r))
	}
}

// counted counts the systems that are opened.
type counted struct {
	spec.Adapter
	opened atomic.Int32
}

func (c *counted) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	c.opened.Add(1)
	return c.Adapter.Open(ctx, cfg)
}

// now and then an operation hangs.
func hangsAt(op string, at func(n int32) bool) spec.Adapter {
	var n atomic.Int32
	return trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
		if call.Op == op && at(n.Add(1)) {
			return trial.Forever(f), true
		}
		return spec.Return{}, false
	})
}

func TestHangThatIsNotConfirmedIsTriedSomeMore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		at   func(n int32) bool
		hung int
		runs func(n int) bool
	}{
		{"once", func(n int32) bool { return n == 1 }, 1, func(n int) bool { return n > 5 }},
		{"each fourth time", func(n int32) bool { return n%4 == 1 }, 2, func(n int) bool { return n == 5 }},
	} {
		adapter := hangsAt("process-alive-p", test.at)
		// The case asks twice: of another process, then of its own.
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "PROC-ALIVE-2/in-cleanups"), Watchdog: briefly})
		r := report.Cases[0]
		if r.Verdict != verdict.Inconclusive || r.Hang == nil || r.Hang.Confirmed || len(r.Hang.Waited) != test.hung || !test.runs(r.Hang.Runs) {
			t.Errorf("%s: %+v in %s", test.name, r.Hang, trial.Explain(r))
			continue
		}
		if !strings.Contains(r.Reason, "hung in") || !strings.Contains(r.Repro, " --repeat ") || !strings.Contains(r.Reason, "process-alive-p") {
			t.Errorf("%s: %s; %s", test.name, r.Reason, r.Repro)
		}
		adapter.Close()
	}
}

// The first case fails; another, which runs beside it, hangs, and nobody wants to know any more.
func TestNothingIsRepeatedOnceTheRunIsSettled(t *testing.T) {
	t.Parallel()
	cases := trial.Select(t, "PROC-NAME-2", "PROC-ALIVE-1/return")
	if cases[0].ID != "PROC-ALIVE-1/return" {
		t.Fatalf("the cases are %v", cases)
	}
	make := func() *counted {
		return &counted{Adapter: trial.Replacing(native.New(), func(f spec.Frame, call spec.Call) (spec.Return, bool) {
			switch call.Op {
			case "process-name":
				return spec.Values(spec.Nil{}), true
			case "process-alive-p":
				return trial.Forever(f), true
			}
			return spec.Return{}, false
		})}
	}
	one, other := make(), make()
	report := trial.Execute(t, run.Config{Adapter: one, Beside: []spec.Adapter{other}, Cases: cases, FailFast: true, TrustKit: true, Watchdog: 2 * time.Second})
	if n := one.opened.Load() + other.opened.Load(); n != 2 { // each case once
		t.Errorf("%d systems were opened", n)
	}
	for _, r := range report.Cases {
		if r.ID == cases[0].ID && (r.Verdict != verdict.Inconclusive || !strings.Contains(r.Reason, "not repeated")) {
			t.Error(trial.Explain(r))
		}
	}
}

// An adapter that tells of its own crash has settled the verdict: nothing is repeated for what
// hung because of it.
func TestNothingIsRepeatedAfterACrash(t *testing.T) {
	adapter := &counted{Adapter: trial.Wrap(native.New(), func(f spec.Frame, outermost bool) spec.Frame {
		return trial.Answering(f, func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
			if call.Op == "get-current-process" && !outermost {
				panic("index out of range, in the adapter")
			}
			return spec.Return{}, false
		})
	})}
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "PROC-CREATE-1/new-process"), TrustKit: true, Watchdog: briefly})
	if r := report.Cases[0]; r.Verdict != verdict.Error || !strings.Contains(r.Message, "index out of range") || adapter.opened.Load() != 1 {
		t.Errorf("%d systems were opened: %s", adapter.opened.Load(), trial.Explain(r))
	}
}

// endless is a system whose run does not end.
type endless struct{ spec.System }

func (s endless) Run(test func(spec.Frame)) error {
	return s.System.Run(func(f spec.Frame) {
		test(f)
		trial.Forever(f)
	})
}

type neverEnding struct{ spec.Adapter }

func (a neverEnding) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	sys, err := a.Adapter.Open(ctx, cfg)
	return endless{sys}, err
}

// No clause says that the harness's own function, which has returned, comes to an end: that it doesn't is an error, of one
// kind whatever the case is about.
func TestEndThatHangsChargesNobody(t *testing.T) {
	t.Parallel()
	adapter := neverEnding{native.New()}
	defer adapter.Close()
	report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "PROC-CUR-1", "SEND-Q-2/identity"), TrustKit: true, Watchdog: briefly})
	confirmed := 0
	for _, r := range report.Cases {
		if r.Failure != nil || r.Hang == nil || r.Verdict != verdict.Error && r.Hang.Confirmed {
			t.Errorf("%+v in %s", r.Hang, trial.Explain(r))
		}
		if r.Hang != nil && r.Hang.Confirmed {
			confirmed++
		}
	}
	if confirmed != 1 || len(report.Groups) != 1 || len(report.Groups[0].Cases) != len(report.Cases) {
		t.Errorf("%d confirmed, and the groups are %+v", confirmed, report.Groups)
	}
}
