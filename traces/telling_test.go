package traces

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// A failure shows what decided, however long was polled meanwhile, and not the polling.
func TestTellingFindsWhatDecided(t *testing.T) {
	var j Journal
	process, form, cell := spec.Ref{ID: "process-1", Type: "process"}, spec.Ref{ID: "function-2", Type: "function"}, spec.Ref{ID: "cell-3", Type: "cell"}
	other := spec.Ref{ID: "process-9", Type: "process"}
	say := func(op string, outcome spec.Return, args ...any) {
		j.Record(spec.Label{Kind: spec.CallLabel, Call: spec.NewCall(op, args)})
		j.Record(spec.Label{Kind: spec.ReturnLabel, Return: outcome})
	}
	j.Record(spec.Label{Kind: spec.EnterLabel})
	say("ensure-process-cleanup", spec.Values(spec.True{}), form)
	say("process-kill", spec.Values(spec.Nil{}), other) // another's
	say("process-kill", spec.Values(spec.Nil{}), process)
	for range 20 {
		say("process-alive-p", spec.Values(spec.True{}), process)
	}
	for range firstEvents {
		say("cell-get", spec.Values(spec.Nil{}), cell)
	}
	say("process-join", spec.Values(spec.Nil{}), process)
	j.Record(spec.Label{Kind: spec.LeaveLabel})
	lines := j.Telling("process-join", func(op string) bool { return op == "ensure-process-cleanup" }, 25)
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"(ensure-process-cleanup #<function function-2>)", "(process-kill #<process process-1>)", "(process-join #<process process-1>)",
		"(process-alive-p ...) => t  (20 times)",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q should be told once:\n%s", want, text)
		}
	}
	for _, unwanted := range []string{"process-9", "(cell-get #<cell cell-3>)"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q is told:\n%s", unwanted, text)
		}
	}
	if short := j.Telling("process-join", func(string) bool { return false }, 2); !strings.Contains(strings.Join(short, "\n"), "(process-join ...)") {
		t.Errorf("the decisive operation is cut: %q", short)
	}
}

// Of a run of any length the lines are as they were: the beginning, how much is left out, the end.
func TestJournalOfALongRun(t *testing.T) {
	var j Journal
	const n = firstEvents + latestEvents + 500
	for i := range n {
		j.Record(spec.Label{Kind: spec.CallLabel, Call: spec.NewCall("pause", nil, i)})
	}
	lines := j.Lines()
	if len(lines) != firstLabels+1+latestLabels || !strings.Contains(lines[firstLabels], "4100 events left out") {
		t.Errorf("%d lines, of which the middle is %q", len(lines), lines[firstLabels])
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, "4499") {
		t.Errorf("the last line is %q", last)
	}
}
