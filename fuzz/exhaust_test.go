package fuzz

import (
	"context"
	"testing"

	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// All schedules of the smallest programs: on the mutant some are forbidden, and the first is a run
// that can be repeated; on the simulator none is.
func TestExhaust(t *testing.T) {
	t.Parallel()
	const most = 5_000
	complete := 0
	for _, b := range planted {
		p := smallest(t, b.mutant)
		x, err := Exhaust(context.Background(), p, b.mutant, most, 100_000)
		if err != nil {
			t.Fatal(err)
		}
		if x.Forbidden == nil || x.Forbidden.Report.Verdict != traces.Forbidden {
			t.Errorf("%s: %v in %d schedules, and no run that is forbidden", b.mutant, x.Verdicts, x.Schedules.Executions)
		}
		x, err = Exhaust(context.Background(), p, "", most, 100_000)
		if err != nil {
			t.Fatal(err)
		}
		if n := x.Verdicts[traces.Forbidden] + x.Verdicts[traces.Undecided]; n > 0 || x.Forbidden != nil {
			t.Errorf("%s: on the simulator itself %v", b.mutant, x.Verdicts)
		}
		if x.Schedules.Complete && x.States.Complete {
			complete++
		}
	}
	t.Logf("%d of %d programs to the end", complete, len(planted))
	if complete < len(planted)/2 {
		t.Errorf("only %d of %d programs were run under all schedules", complete, len(planted))
	}
}

func TestExhaustShowsDeadlocks(t *testing.T) {
	p, err := program.Parse([]byte(`{"blocks": [[
		{"name": "m", "call": {"op": "make-mailbox"}},
		{"call": {"op": "mailbox-read", "args": [{"ref": "m"}]}}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	x, err := Exhaust(context.Background(), p, "", 1, 100) // and there is just one schedule
	if err != nil {
		t.Fatal(err)
	}
	if x.Schedules.Deadlocks != 1 || len(x.Waits) != 1 || x.Schedules.Executions != 1 || !x.Schedules.Complete || x.States.Deadlocks != 1 {
		t.Errorf("a read from an empty mailbox that nobody sends to: %+v", x)
	}
}
