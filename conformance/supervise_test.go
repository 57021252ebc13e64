package conformance_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// here is native in this process.
func here(t *testing.T) spec.Adapter {
	t.Helper()
	adapter, err := native.NewLiberal()
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

// An adapter in the test's own process claims children, as native does: it has none.
func TestNoChildrenInTheOwnProcess(t *testing.T) {
	report := trial.Execute(t, run.Config{Adapter: here(t), Cases: trial.Select(t, "REAP", "CLEAN-DUP-7")})
	applicable := 0
	for _, r := range report.Cases {
		switch posix := strings.HasPrefix(r.ID, "REAP"); {
		case posix && (r.Verdict != verdict.NotApplicable || !strings.Contains(r.Reason, "adapters/remote")):
			t.Errorf("want not applicable, and what to do: %s", trial.Explain(r))
		case !posix && r.Verdict != verdict.Pass:
			t.Errorf("want a pass: %s", trial.Explain(r))
		case !posix:
			applicable++
		}
	}
	if applicable == 0 || applicable == len(report.Cases) {
		t.Errorf("%d of %d cases are of other capabilities", applicable, len(report.Cases))
	}
}

// deaf never returns from an operation of the outermost frame, whatever the harness gives up.
type deaf struct {
	spec.ProcessFrame
	op    string
	until chan struct{}
}

func (f deaf) Do(call spec.Call) spec.Return {
	if call.Op == f.op {
		<-f.until
	}
	return f.ProcessFrame.Do(call)
}

// A call into a library that never returns is a failure of its case; what comes next runs on a fresh
// adapter.
func TestCallThatNeverReturnsIsAbandoned(t *testing.T) {
	t.Parallel()
	until := make(chan struct{})
	defer close(until)
	made := 0
	factory := func() (spec.Adapter, error) {
		made++
		return trial.Wrap(here(t), func(f spec.Frame, outermost bool) spec.Frame {
			if !outermost {
				return f
			}
			return deaf{f.(spec.ProcessFrame), "mailbox-count", until}
		}), nil
	}
	plan, err := conformance.NewPlan(conformance.WithTimeout(200 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	adapter, session, err := plan.Open(factory)
	if err != nil {
		t.Fatal(err)
	}
	hung, passed := 0, 0
	for _, k := range trial.Select(t, "MBOX-MAKE-1/count", "MBOX-PRED-1/counts", "CLEAN-DUP-7/raise") {
		r := session.Run(t.Context(), k)
		switch {
		case r.Verdict == verdict.Fail && strings.Contains(r.Message, "mailbox-count"):
			hung++
			if !strings.Contains(r.Seen, "abandoned") {
				t.Errorf("it isn't said what became of the call: %s", trial.Explain(r))
			}
		case r.Verdict == verdict.Inconclusive && strings.Contains(r.Reason, "mailbox-count"):
		case r.Verdict == verdict.Pass:
			passed++
		default:
			t.Errorf("%s", trial.Explain(r))
		}
	}
	if hung == 0 || passed == 0 || made < 2 || session.Abandoned() == 0 {
		t.Errorf("%d hung, %d passed, %d adapters made, %d systems abandoned", hung, passed, made, session.Abandoned())
	}
	if err := adapter.Close(); err != nil {
		t.Error(err)
	}
}

// ticking leaves a goroutine behind that waits for a ticker, and one that ends after a while.
type ticking struct{ spec.Adapter }

func (a ticking) Close() error {
	go func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for range ticker.C {
		}
	}()
	go time.Sleep(10 * time.Second)
	return a.Adapter.Close()
}

// What an adapter leaves in a bubble is named once.
func TestBubbleNamesWhatIsLeft(t *testing.T) {
	results := conformance.JudgedInBubble(t, func() (spec.Adapter, error) { return ticking{here(t)}, nil },
		trial.Select(t, "CLEAN-DUP-7/raise", "SEND-Q-2"))
	for i, r := range results {
		named := r.Verdict == verdict.Error && strings.Contains(r.Message, "1 goroutine left") && strings.Contains(r.Message, "ticking.Close")
		if first := i == 0; named != first {
			t.Errorf("%s should name the goroutine: %v; it is %s", r.ID, first, trial.Explain(r))
		}
		if i > 0 && r.Verdict != verdict.Pass {
			t.Errorf("the verdict doesn't stand: %s", trial.Explain(r))
		}
	}
}

// The goroutines of one bubble are not those of another, nor of nobody.
func TestBubbleKnowsItsOwnGoroutines(t *testing.T) {
	stop := make(chan struct{})
	var other sync.WaitGroup
	other.Go(func() { <-stop })
	defer other.Wait()
	defer close(stop)
	for range 3 {
		t.Run("", func(t *testing.T) {
			results := conformance.JudgedInBubble(t, func() (spec.Adapter, error) { return here(t), nil }, trial.Select(t, "CLEAN-DUP-7/raise"))
			if results[0].Verdict != verdict.Pass {
				t.Error(trial.Explain(results[0]))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {}) // bubbles still work after those that broke
}
