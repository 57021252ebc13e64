package verdict_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// onRealTime is the simulator under the clock that it hasn't.
type onRealTime struct{ spec.Adapter }

func (a onRealTime) Handshake() spec.Handshake {
	h := a.Adapter.Handshake()
	h.Clock, h.GranularityMS = spec.Real, 1
	return h
}

// sessionReport is a report of made-up results of all cases that the selection matches.
func sessionReport(t *testing.T, a spec.Adapter, sel string, results ...verdict.Result) *verdict.Report {
	t.Helper()
	chosen, err := cases.Select(cases.All(), []string{sel}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := run.NewSession(run.Config{Adapter: a, Cases: chosen})
	if err != nil {
		t.Fatal(err)
	}
	return s.Report(results)
}

func chosenOf(t *testing.T, r *verdict.Report, clause string) verdict.Chosen {
	t.Helper()
	i := slices.IndexFunc(r.Fingerprint, func(c verdict.Chosen) bool { return c.Clause == clause })
	if i < 0 {
		t.Fatalf("the fingerprint has no %s", clause)
	}
	return r.Fingerprint[i]
}

func TestFingerprintMergesWhatCasesObserved(t *testing.T) {
	sim := refimpl.New(refimpl.Options{})
	k := caseOf(t, "SEND-MB-5")
	results := []verdict.Result{
		{ID: k, Clauses: []string{"SEND-MB-5"}, Verdict: verdict.Observed, Observed: []cases.Observation{
			{Clause: "SEND-MB-5", Behaviour: "mailbox-from-birth", Count: 2},
			{Clause: "SEND-MB-5", Behaviour: spec.Other, Count: 1}}},
	}
	for _, test := range []struct {
		adapter spec.Adapter
		varies  bool
	}{{sim, false}, {onRealTime{sim}, true}} {
		report := sessionReport(t, test.adapter, k, results...)
		c := chosenOf(t, report, "SEND-MB-5")
		if want := []verdict.Seen{{"mailbox-from-birth", 2}, {spec.Other, 1}}; !slices.Equal(c.Behaviours, want) {
			t.Errorf("seen %v, want %v", c.Behaviours, want)
		}
		if !slices.Equal(c.Unseen, []string{"no-mailbox-before-use"}) || c.Reason != "" {
			t.Errorf("unseen %v, reason %q", c.Unseen, c.Reason)
		}
		if c.Varies != test.varies {
			t.Errorf("on a %s clock one decision that goes two ways varies: %v", test.adapter.Handshake().Clock, c.Varies)
		}
		if n := report.Fingerprint.Exercised(); n != 1 {
			t.Errorf("%d clauses exercised, want 1", n)
		}
	}
}

func TestFingerprintSaysWhyNothingWasSeen(t *testing.T) {
	sim := refimpl.New(refimpl.Options{})
	k := caseOf(t, "SEND-MB-5")
	of := func(v verdict.Verdict, reason string) verdict.Result {
		return verdict.Result{ID: k, Clauses: []string{"SEND-MB-5"}, Verdict: v, Reason: reason}
	}
	for _, test := range []struct {
		report *verdict.Report
		clause string
		want   string
	}{
		{sessionReport(t, sim, k, of(verdict.Observed, "")), "SEND-MB-5", "its cases recorded nothing: 1 observed"},
		{sessionReport(t, sim, k, of(verdict.NotApplicable, "no mailboxes")), "SEND-MB-5", "not applicable: no mailboxes"},
		{sessionReport(t, sim, "CLEAN-DUP-7/raise", verdict.Result{ID: "CLEAN-DUP-7/raise"}), "SEND-MB-5", "not selected"},
		{sessionReport(t, sim, k), "SEND-MB-5", "not run: not selected, or the run was cut short"},
		{sessionReport(t, sim, k), "PROC-EXIT-3", "not testable: " + cases.NotTestable["PROC-EXIT-3"]},
	} {
		if c := chosenOf(t, test.report, test.clause); c.Reason != test.want || len(c.Behaviours) > 0 {
			t.Errorf("%s: %q, want %q", test.clause, c.Reason, test.want)
		}
	}
}

// caseOf is a case that the clause is named in first.
func caseOf(t *testing.T, clause string) string {
	t.Helper()
	for _, k := range cases.All() {
		if k.Clause() == clause {
			return k.ID
		}
	}
	t.Fatalf("no case of %s", clause)
	return ""
}

// Every SILENT clause stands in it, and every one that has a case shows something of the
// simulator.
func TestFingerprintOfTheSimulator(t *testing.T) {
	got, err := run.Execute(context.Background(), run.Config{
		Adapter: refimpl.New(refimpl.Options{}), Seed: 1, Schedules: 4, Cases: cases.All()})
	if err != nil {
		t.Fatal(err)
	}
	for _, clause := range spec.Clauses().Clauses {
		if clause.Level != spec.Silent {
			continue
		}
		c := chosenOf(t, got, clause.ID)
		if (len(c.Behaviours) == 0) != (c.Reason != "") {
			t.Errorf("%s: seen %v, reason %q", c.Clause, c.Behaviours, c.Reason)
		}
		if strings.HasPrefix(c.Reason, "its cases recorded nothing") || c.Varies {
			t.Errorf("%s: reason %q, varies %v", c.Clause, c.Reason, c.Varies)
		}
	}
	var again verdict.Report
	text, err := json.Marshal(got)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil || again.Fingerprint.Exercised() != got.Fingerprint.Exercised() {
		t.Errorf("the JSON form has another fingerprint: %v", err)
	}
	var out strings.Builder
	report.Text{W: &out}.Fingerprint(got)
	for _, want := range []string{"\n  MBOX\n", "SEND-MB-5       ", "    not exercised, not testable: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the text has no %q:\n%s", want, out.String())
		}
	}
}
