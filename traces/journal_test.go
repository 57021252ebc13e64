package traces

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestJournalNamesProcesses(t *testing.T) {
	var j Journal
	p := spec.Ref{ID: "p7", Type: "process"}
	create := spec.NewCall("process-run-function", nil, "reader-1", nil, spec.Ref{ID: "f", Type: "function"})
	for _, l := range []spec.Label{
		{Kind: spec.EnterLabel},
		{Kind: spec.CallLabel, Call: create},
		// The process begins, and acts, before the call that made it has returned.
		{Kind: spec.EnterLabel, Frame: 1, Process: p, Callback: 3, Args: []spec.Value{spec.Int(1)}},
		{Kind: spec.CallLabel, Frame: 1, Call: spec.NewCall("gate-wait", nil, spec.Ref{ID: "g", Type: "gate"})},
		{Kind: spec.ReturnLabel, Return: spec.Values(p)},
		{Kind: spec.GoneLabel, Frame: 1},
		{Kind: spec.LeaveLabel, Frame: 1},
	} {
		j.Record(l)
	}
	want := []string{
		"test begins callback 0",
		`test (process-run-function "reader-1" nil #<function f>)`,
		"process p7 begins callback 3 with (1)",
		"process p7 (gate-wait #<gate g>)",
		"test (process-run-function ...) => #<process p7>",
		"reader-1 (gate-wait ...) never returns: its process unwinds",
		"reader-1 ends",
	}
	var got []string
	for _, line := range j.Lines() {
		got = append(got, strings.Join(strings.Fields(line)[1:], " ")) // without the time
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestJournalKeepsBeginningAndEnd(t *testing.T) {
	for _, n := range []int{0, firstLabels, firstLabels + latestLabels, firstLabels + latestLabels + 1, 5000} {
		var j Journal
		for i := range n {
			j.Record(spec.Label{Kind: spec.CallLabel, Call: spec.NewCall("pause", nil, i)})
		}
		lines := j.Lines()
		kept := min(n, firstLabels+latestLabels)
		if n > kept {
			if want := fmt.Sprintf("... %d events left out ...", n-kept); lines[firstLabels] != want {
				t.Errorf("%d labels: got %q, want %q", n, lines[firstLabels], want)
			}
			lines = slices.Delete(lines, firstLabels, firstLabels+1)
		}
		if len(lines) != kept {
			t.Fatalf("%d labels: %d lines, want %d", n, len(lines), kept)
		}
		if n > 0 && !strings.HasSuffix(lines[kept-1], fmt.Sprintf("(pause %d)", n-1)) {
			t.Errorf("%d labels: the last line is %q", n, lines[kept-1])
		}
	}
}
