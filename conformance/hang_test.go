package conformance_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
)

const briefly = 400 * time.Millisecond

// What hangs is found out once. The cases that meet it later are told apart from it, and grouped
// with it; a wait that was cut short convicts none of them.
func TestKnownHangIsNotFoundOutAgain(t *testing.T) {
	t.Parallel()
	adapter, err := served("hangs-in process-join")
	if err != nil {
		t.Fatal(err)
	}
	defer adapter.Close()
	got := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "PROC-JOIN-1", "PROC-JOIN-2", "PROC-JOIN-5", "SEND-DEAD-1/killed", "PROC-CUR-1"), Watchdog: briefly})
	var confirmed []string
	for _, r := range got.Cases {
		switch {
		case slices.Contains(cases.Lookup(r.ID).Witnesses(), "PROC-CUR-1"):
			if r.Verdict != verdict.Pass {
				t.Errorf("a case that joins nobody: %s", trial.Explain(r))
			}
		case r.Verdict == verdict.Fail:
			confirmed = append(confirmed, r.ID)
			if r.Hang == nil || !r.Hang.Confirmed || !slices.Equal(r.Hang.Waited, []float64{0.4, 1.2}) || !strings.Contains(r.Message, "the test's process hangs in (process-join ") {
				t.Errorf("%+v in %s", r.Hang, trial.Explain(r))
			}
		case r.Verdict != verdict.Inconclusive || r.Hang == nil || r.Hang.In == "" || r.Hang.Confirmed || !strings.Contains(r.Reason, "not waited for") || !strings.Contains(r.Reason, "process-join") || !strings.Contains(r.Reason, "hung in "+r.Hang.In):
			t.Errorf("a case that met a known hang: %+v in %s", r.Hang, trial.Explain(r))
		}
	}
	if len(confirmed) != 1 {
		t.Fatalf("confirmed in %v: once is enough", confirmed)
	}
	for _, g := range got.Groups {
		if !strings.HasPrefix(g.Operation, "process-join") || g.Outcome != "does not return" {
			t.Errorf("a group of another kind: %+v", g)
		}
		if slices.Contains(g.Cases, confirmed[0]) && g.Cases[0] != confirmed[0] {
			t.Errorf("the case that shows it comes first: %+v", g)
		}
	}
	var text strings.Builder
	report.Text{W: &text}.Report(got, cases.All())
	if want := "waited for process-join"; !strings.Contains(text.String(), want) || !strings.Contains(text.String(), "0.4 s, then 1.2 s alone") {
		t.Errorf("the text doesn't say how long was waited for what:\n%s", text.String())
	}
}
