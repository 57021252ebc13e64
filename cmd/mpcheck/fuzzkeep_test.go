package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

func failureOf(number int, op string, clauses ...string) *fuzz.Failure {
	return &fuzz.Failure{Number: number, Run: &fuzz.Run{Report: &traces.Report{Findings: []traces.Finding{{Op: op, Clauses: clauses}}}}}
}

// What is known by its operation or the clause named first is counted and passed over; of the rest one of each kind is kept, the first.
func TestFindingsAreKeptByKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "known.txt")
	if err := os.WriteFile(path, []byte("# a list\n\nMBOX-SEND-1   ticket 4711\nos-wait  it counts twice\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := fuzzFlags{known: path, keepGoing: true}
	k, err := f.keep()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []*fuzz.Failure{
		failureOf(9, "mailbox-read", "MBOX-READ-1"), failureOf(2, "mailbox-read", "MBOX-SEND-1"), failureOf(4, "mailbox-read", "MBOX-READ-1"),
		failureOf(5, "os-wait"), failureOf(6, "process-join"), failureOf(7, "mailbox-send", "MBOX-SEND-1", "MBOX-READ-1"),
	} {
		if !k.pass(x) {
			t.Errorf("program %d ended the search", x.Number)
		}
	}
	var text strings.Builder
	k.text(&text)
	const want = "known, MBOX-SEND-1: 2 programs (ticket 4711)\nknown, os-wait: 1 program (it counts twice)\nfound, MBOX-READ-1: 2 programs\nfound, process-join: 1 program\n"
	if text.String() != want {
		t.Errorf("got\n%swant\n%s", text.String(), want)
	}
	if in := k.inOrder(); len(in) != 2 || in[0].Number != 4 || in[1].Number != 6 {
		t.Errorf("kept %v", in)
	}
	one := fuzzFlags{known: path}
	if k, err := one.keep(); err != nil || k.pass(failureOf(1, "process-join")) || !k.pass(failureOf(1, "os-wait")) {
		t.Errorf("without --keep-going: %v", err)
	}
}

// Of what is wrong in one run the first is shown, unless all is asked for.
func TestFirstFindingOfARun(t *testing.T) {
	run := &fuzz.Run{
		Labels: []spec.Label{{Kind: spec.QuietLabel}, {Kind: spec.QuietLabel}, {Kind: spec.QuietLabel}},
		Report: &traces.Report{Verdict: traces.Forbidden, Findings: []traces.Finding{{Step: 0, Seen: "this"}, {Step: 1, Seen: "that"}, {Step: 2, Seen: "more"}}},
	}
	first, all := (&fuzzFlags{}).reportText(run), (&fuzzFlags{verbose: true}).reportText(run)
	if !strings.Contains(first, "this") || strings.Contains(first, "seen     that") || !strings.Contains(first, "\n2 labels more may follow from that: -v shows all\n") {
		t.Errorf("the first:\n%s", first)
	}
	if !strings.Contains(all, "this") || !strings.Contains(all, "more") || strings.Contains(all, "-v") {
		t.Errorf("all:\n%s", all)
	}
	if len(run.Report.Findings) != 3 {
		t.Error("the report was changed")
	}
}
