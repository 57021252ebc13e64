package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// poor is a frame whose operating system refuses to start children.
type poor struct{ spec.Frame }

func (p poor) Process() spec.Value { return spec.ProcessOf(p.Frame) }

func (p poor) Do(call spec.Call) spec.Return {
	if call.Op == "run-shell-command" {
		return spec.Signal(spec.OutOfResources, "starting /bin/sh: resource temporarily unavailable")
	}
	return p.Frame.Do(call)
}

// A case that needs more than the machine gives is not applicable, and says what there was too
// little of.
func TestMachineThatGivesTooLittle(t *testing.T) {
	adapter := trial.Wrap(refimpl.New(refimpl.Options{}), func(f spec.Frame, _ bool) spec.Frame { return poor{f} })
	chosen, err := cases.Select(cases.All(), []string{"REAP-NOHANG-3"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := run.Execute(context.Background(), run.Config{Adapter: adapter, Cases: chosen, Schedules: 1, TrustKit: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Cases {
		if r.Verdict != verdict.NotApplicable || !strings.Contains(r.Reason, "starting /bin/sh: resource temporarily unavailable") {
			t.Errorf("%s: %v %s%s", r.ID, r.Verdict, r.Reason, r.Message)
		}
	}
}

// Where the harness has no place for programs the cases that start some are not applicable, and those of shell commands go on.
func TestMachineThatRunsNoPrograms(t *testing.T) {
	adapter := trial.Wrap(refimpl.New(refimpl.Options{}), func(f spec.Frame, _ bool) spec.Frame { return nowhere{f} })
	chosen, err := cases.Select(cases.All(), []string{"EXT-RUN-1", "REAP-NOHANG-3"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := run.Execute(context.Background(), run.Config{Adapter: adapter, Cases: chosen, Schedules: 1, TrustKit: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Cases {
		if starts := strings.HasPrefix(r.ID, "EXT-"); starts && (r.Verdict != verdict.NotApplicable || !strings.Contains(r.Reason, "set TMPDIR")) || !starts && r.Verdict != verdict.Pass {
			t.Errorf("%s: %v %s%s", r.ID, r.Verdict, r.Reason, r.Message)
		}
	}
}

// nowhere is a frame whose harness finds no folder in which programs run.
type nowhere struct{ spec.Frame }

func (n nowhere) Process() spec.Value { return spec.ProcessOf(n.Frame) }

func (n nowhere) Do(call spec.Call) spec.Return {
	r := n.Frame.Do(call)
	if call.Op == "child-prepare" && r.Status == spec.Returned {
		r.Values = []spec.Value{r.Nth(0), r.Nth(1), spec.Nil{}}
	}
	return r
}

// A list may have any number of lines: its faults are told by the first ones, and counted.
func TestLongList(t *testing.T) {
	var list strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&list, "MBOX-READ-%d/no-such  it never was\n", i)
	}
	entries, err := verdict.ReadDeviations(strings.NewReader(list.String()), "long")
	if err != nil || len(entries) != 200_000 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	got := run.NotRun(run.Config{Known: entries})
	var text strings.Builder
	report.Text{W: &text}.Report(got, nil)
	if len(got.Stale) != 200_000 || !strings.Contains(text.String(), "and 199950 more") || text.Len() > 20_000 {
		t.Errorf("%d stale entries in a text of %d bytes", len(got.Stale), text.Len())
	}
	_, err = verdict.ReadDeviations(strings.NewReader(strings.ReplaceAll(list.String(), "MBOX", "mbox\x1b")), "long")
	if err == nil || !strings.Contains(err.Error(), "and 199980 more") || len(err.Error()) > 20_000 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("the faults of a long list: %.300v", err)
	}
}

// What a test of somebody's fails with has the texts of an adapter as they may be shown.
func TestExplainIsPrintable(t *testing.T) {
	k := cases.All()[0]
	const evil = "x\x1b[2J\u202e\nFAIL forged"
	text := report.Explain(k, verdict.Result{ID: k.ID, Verdict: verdict.Error, Message: evil, Seen: evil, Trace: []string{evil}, Repro: evil})
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); spec.Printable(line) != line || strings.HasPrefix(line, "FAIL") {
			t.Errorf("%q", line)
		}
	}
}
