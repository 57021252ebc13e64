package run_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/report/junitreport"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// moody is an adapter whose systems are in turn those of its parts, on a clock that says of
// itself that it is real: a run can't be repeated exactly.
type moody struct {
	spec.Adapter
	parts []spec.Adapter
	next  atomic.Int32
}

// newMoody begins with the first part: the kit is trusted.
func newMoody(parts ...spec.Adapter) *moody {
	m := &moody{Adapter: parts[0], parts: parts}
	return m
}

func (m *moody) Handshake() spec.Handshake {
	h := m.Adapter.Handshake()
	h.Name, h.Clock = "moody", spec.Real
	return h
}

func (m *moody) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	i := max(0, int(m.next.Add(1)-1)) % len(m.parts)
	return m.parts[i].Open(ctx, cfg)
}

var (
	right = refimpl.New(refimpl.Options{})
	wrong = refimpl.New(refimpl.Options{Mutant: "no-hang-names-child"})
)

const anyChild = "REAP-NOHANG-3/any"

func TestFlakyCasePassesIfItEverDoes(t *testing.T) {
	flaky := []verdict.Deviation{{ID: anyChild, Reason: "now and then"}}
	for _, test := range []struct {
		adapter *moody
		flaky   []verdict.Deviation
		verdict verdict.Verdict
		isFlaky bool
	}{
		{newMoody(wrong, wrong, wrong, right), flaky, verdict.Pass, true},
		{newMoody(right, wrong), flaky, verdict.Pass, false},
		{newMoody(wrong), flaky, verdict.Fail, false},
		{newMoody(wrong, right), nil, verdict.Fail, false},
	} {
		report := trial.Execute(t, run.Config{Adapter: test.adapter, Cases: trial.Select(t, anyChild), Flaky: test.flaky, TrustKit: true})
		if r := report.Cases[0]; r.Verdict != test.verdict || r.Flaky != test.isFlaky {
			t.Errorf("got %s, flaky %v, after %d runs; want %s, %v", r.Verdict, r.Flaky, test.adapter.next.Load(), test.verdict, test.isFlaky)
		}
	}
}

func TestRepeatCountsTheWorst(t *testing.T) {
	report := trial.Execute(t, run.Config{Adapter: newMoody(right, right, wrong), Cases: trial.Select(t, anyChild), TrustKit: true, Repeat: 2})
	if r := report.Cases[0]; r.Verdict != verdict.Pass || r.Schedules != 2 {
		t.Errorf("twice: %s", trial.Explain(r))
	}
	report = trial.Execute(t, run.Config{Adapter: newMoody(right, right, wrong), Cases: trial.Select(t, anyChild), TrustKit: true, Repeat: 4})
	if r := report.Cases[0]; r.Verdict != verdict.Fail || r.Schedules != 3 {
		t.Errorf("four times: %s", trial.Explain(r))
	}
}

func TestKnownExcusesFailuresAlone(t *testing.T) {
	known := []verdict.Deviation{{ID: anyChild, Reason: "as ever"}}
	report := trial.Execute(t, run.Config{Adapter: wrong, Cases: trial.Select(t, anyChild), Known: known})
	if r := report.Cases[0]; r.Verdict != verdict.Known || r.Reason != "as ever" || len(report.Stale) > 0 || report.ExitCode() != 3 {
		t.Errorf("a failure: %v, exit %d: %s", report.Stale, report.ExitCode(), trial.Explain(r))
	}
	report = trial.Execute(t, run.Config{Adapter: right, Cases: trial.Select(t, anyChild), Known: known})
	if !slices.Equal(report.Stale, []verdict.Stale{{ID: anyChild, Reason: "as ever"}}) || report.ExitCode() != 1 {
		t.Errorf("a pass: stale %v, exit %d", report.Stale, report.ExitCode())
	}
	report = trial.Execute(t, run.Config{Adapter: broken{right}, Cases: trial.Select(t, anyChild), Known: known})
	if r := report.Cases[0]; r.Verdict != verdict.Error || len(report.Stale) > 0 {
		t.Errorf("an error: %s", trial.Explain(r))
	}
	if _, err := run.Execute(context.Background(), run.Config{Adapter: right, Known: known, Flaky: known}); err == nil {
		t.Error("a case that is known and flaky is accepted")
	}
}

// broken is an adapter that opens no system.
type broken struct{ spec.Adapter }

func (broken) Open(context.Context, spec.SystemConfig) (spec.System, error) {
	return nil, context.DeadlineExceeded
}

func TestReportKeepsTheOrderOfTheTable(t *testing.T) {
	cases := trial.Select(t, "CLEAN-DUP-7", "SEND-LIM-5", "REAP-NOHANG-3")
	alone := trial.Execute(t, run.Config{Adapter: right, Cases: cases, Seed: 3})
	beside := trial.Execute(t, run.Config{Adapter: right, Beside: []spec.Adapter{right, right}, Cases: cases, Seed: 3})
	for i, r := range alone.Cases {
		other := beside.Cases[i]
		if r.ID != cases[i].ID || other.ID != r.ID || other.Verdict != r.Verdict || other.Seed != r.Seed || other.Schedules != r.Schedules {
			t.Errorf("case %d: %s alone, %s beside others", i, trial.Explain(r), trial.Explain(other))
		}
	}
}

func TestFailFastBeginsNoFurtherCase(t *testing.T) {
	cases := trial.Select(t, "REAP-NOHANG-3/*")
	report := trial.Execute(t, run.Config{Adapter: wrong, Cases: cases, FailFast: true})
	if len(report.Cases) != 1 || !report.Partial || report.ExitCode() != 1 {
		t.Errorf("%d cases, partial %v, exit %d", len(report.Cases), report.Partial, report.ExitCode())
	}
	known := []verdict.Deviation{{ID: cases[0].ID, Reason: "known"}, {ID: cases[2].ID, Reason: "known"}}
	report = trial.Execute(t, run.Config{Adapter: wrong, Cases: cases, FailFast: true, Known: known})
	if len(report.Cases) != len(cases) || report.Partial {
		t.Errorf("known failures stop the run: %d cases, partial %v", len(report.Cases), report.Partial)
	}
}

func TestReportSurvivesJSON(t *testing.T) {
	report := trial.Execute(t, run.Config{Adapter: wrong, Cases: trial.Select(t, "REAP-NOHANG-3/*")})
	var text, again bytes.Buffer
	if err := report.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	read, err := verdict.ReadReport(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := read.WriteJSON(&again); err != nil || again.String() != text.String() {
		t.Errorf("%v; wrote\n%s\nread and wrote\n%s", err, text.String(), again.String())
	}
	if got := read.NotPassed(); !slices.Contains(got, anyChild) {
		t.Errorf("not passed: %v", got)
	}
}

func TestJUnitIsWellFormedWhateverWasSeen(t *testing.T) {
	report := trial.Execute(t, run.Config{Adapter: wrong, Cases: trial.Select(t, anyChild)})
	report.Cases[0].Seen = "]]> \x00 \x1b[1m \xff <&>"
	report.Cases[0].Message = "\x01"
	var text bytes.Buffer
	if err := junitreport.Write(&text, report); err != nil {
		t.Fatal(err)
	}
	var any struct{}
	if err := xml.NewDecoder(strings.NewReader(text.String())).Decode(&any); err != nil {
		t.Errorf("%v in\n%s", err, text.String())
	}
}
