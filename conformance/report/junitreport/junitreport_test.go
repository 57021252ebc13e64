package junitreport_test

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report/junitreport"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// An entry of a list that names no case is a failure, and says what became of that case.
func TestEntryWithoutACase(t *testing.T) {
	const id = "MBOX-READ-1/never-was"
	var text strings.Builder
	if err := junitreport.Write(&text, &verdict.Report{Stale: []verdict.Stale{{ID: id, Reason: "ticket 4711"}}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<failure", id, cases.NoCase(id)[:10], "ticket 4711"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}
