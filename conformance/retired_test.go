package conformance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// retire has a case retired that there never was, for a test.
func retire(t *testing.T, r cases.Retirement) {
	t.Helper()
	before := cases.Retirements
	cases.Retirements = append(slices.Clone(before), r)
	t.Cleanup(func() { cases.Retirements = before })
}

// Whoever still names a retired case is told what became of it, by every door.
func TestRetiredCasesAreExplained(t *testing.T) {
	const id, by = "MBOX-READ-1/of-old", "MBOX-READ-1/two-values"
	retire(t, cases.Retirement{ID: id, Version: "v2.0.0", By: []string{by}, Why: "it showed the same"})
	const want = "it was retired in v2.0.0: it showed the same; in its place: " + by
	says := func(door, got string) {
		t.Helper()
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", door, got, want)
		}
	}
	_, err := cases.Select(cases.All(), []string{id}, nil)
	says("select", fmt.Sprint(err))
	_, err = run.Setting{Case: id}.Find()
	says("token", fmt.Sprint(err))
	lists := &verdict.Report{Stale: []verdict.Stale{{ID: id, Reason: "ticket 4711"}}}
	var text strings.Builder
	report.Text{W: &text}.Report(lists, nil)
	says("text", text.String())
	if got := cases.Successors(id); !slices.Equal(got, []string{by}) {
		t.Errorf("successors: %v", got)
	}
	if got := cases.Successors("MBOX-READ-1/never-was"); got != nil {
		t.Errorf("successors of nothing: %v", got)
	}
	earlier := &verdict.Report{Cases: []verdict.Result{{ID: id, Verdict: verdict.Fail}, {ID: by, Verdict: verdict.Error}}}
	if got := earlier.NotPassed(); !slices.Equal(got, []string{by}) {
		t.Errorf("not passed: %v", got)
	}
}

func TestReportsNameTheSuite(t *testing.T) {
	plan, err := conformance.NewPlan(conformance.WithSelect("MBOX-READ-1"))
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Report(spec.Handshake{}, nil).Suite
	if want := (verdict.Suite{Version: cases.Version(), Clauses: len(spec.Clauses().Clauses), Catalogue: spec.Digest()}); got != want || got.Catalogue == "" || got.Version == "" {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
