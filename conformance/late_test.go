package conformance_test

import (
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// A machine may be so busy that a call which may suspend all others is made only when the pause is over that
// somebody made meanwhile; then the harness speaks to nobody until the call has returned. What was to be done beside
// the call is then tried with more time, and no verdict depends on it.
func TestALateCallIsTriedAgain(t *testing.T) {
	t.Parallel()
	right, err := served("native")
	if err != nil {
		t.Fatal(err)
	}
	var late sync.Once
	awaited, paused := 0, make(chan bool)
	adapter := trial.Replacing(right, func(_ spec.Frame, c spec.Call) (spec.Return, bool) {
		switch wait, given := c.Key("wait"); c.Op {
		case "run-shell-command":
			if given && spec.Truth(wait) {
				late.Do(func() { <-paused })
			}
		case "child-await": // for three children, and then, after the pause, for the command
			if awaited++; awaited == 4 {
				close(paused)
			}
		}
		return spec.Return{}, false
	})
	report := trial.Execute(t, run.Config{TrustKit: true, Adapter: adapter, Cases: trial.Select(t, "REAP-FN-1/beside-a-command")})
	if r := report.Cases[0]; r.Verdict != verdict.Pass || awaited < 5 {
		t.Errorf("a call is late, and children are awaited %d times: %s", awaited, trial.Explain(r))
	}
}
