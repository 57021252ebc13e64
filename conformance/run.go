package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Run runs the cases as subtests of an implementer's go test, one for each case and named
// after it, so that -run TestX/CLEAN-DUP-7 runs those of a clause:
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, func() (spec.Adapter, error) { return myactors.NewAdapter(), nil })
//	}
//
// A subtest fails where the verdict is fail, error or inconclusive, and where an entry of
// known deviations is stale; it is skipped where the verdict is known or not-applicable. The
// test itself fails where the selection is empty, a list names a case that there isn't, or
// nothing that was run could be judged.
//
// The adapter, made once - or as often as [WithJobs] says - and closed at the end, lives in this
// process unless it is one of package adapters/remote, which makes children applicable too; see also
// [InBubble]. An operation that does not return within the limit of [WithTimeout] is a failure of
// its case; where the call can't be given up its goroutine stays, and what comes next runs on a
// fresh adapter, for which the factory is called again.
//
// Run must be called on the test's own goroutine.
func Run(t *testing.T, factory Factory, opts ...Option) {
	t.Helper()
	plan, err := NewPlan(opts...)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Config.RepeatCase == nil && plan.Config.Command == nil {
		plan.Config.RepeatCase = goTest(t.Name())
	}
	r := &running{t: t, plan: plan, progress: newProgress(len(plan.Config.Cases))}
	// In a cleanup: parallel subtests begin when the test's function has returned.
	t.Cleanup(r.conclude)
	if plan.bubble {
		for _, k := range plan.Config.Cases {
			r.run(k, func(t *testing.T) verdict.Result { return plan.inBubble(t, factory, k) })
		}
		return
	}
	sessions, err := r.open(factory)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range plan.Config.Cases {
		r.run(k, func(t *testing.T) verdict.Result {
			s := <-sessions
			defer func() { sessions <- s }()
			return s.Run(t.Context(), k)
		})
	}
}

// running is a call of [Run]. mu guards what is below it.
type running struct {
	t        *testing.T
	plan     *Plan
	progress *progress

	mu      sync.Mutex
	results []verdict.Result
}

// run runs a case as a subtest.
func (r *running) run(k *cases.Case, judge func(t *testing.T) verdict.Result) {
	r.t.Run(k.ID, func(t *testing.T) {
		if r.plan.jobs > 1 {
			t.Parallel()
		}
		r.progress.begins(k)
		result := judge(t)
		r.keep(result)
		tell(t, r.plan, k, result)
	})
}

func (r *running) keep(result verdict.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, result)
	r.progress.ended(result)
	if r.plan.results != nil {
		r.plan.results(result)
	}
}

// open makes the sessions, which are closed at the end.
func (r *running) open(factory Factory) (chan *run.Session, error) {
	jobs := max(1, r.plan.jobs)
	sessions := make(chan *run.Session, jobs)
	var first *run.Session
	for range jobs {
		make := func() (adapter closer, s *run.Session, err error) { return r.plan.Open(factory) }
		if first != nil {
			make = func() (closer, *run.Session, error) { return r.plan.beside(first, factory) }
		}
		adapter, s, err := make()
		if adapter != nil {
			r.t.Cleanup(func() {
				if s != nil && s.Abandoned() > 0 {
					r.t.Logf("%s abandoned: a call in each never returned, and its goroutine stays until this process ends", spec.Plural(s.Abandoned(), "system"))
				}
				if err := adapter.Close(); err != nil {
					r.t.Errorf("ending the adapter: %v", err)
				}
			})
		}
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = s
		}
		sessions <- s
	}
	return sessions, nil
}

type closer interface{ Close() error }

// conclude says what is to be said of all cases together.
func (r *running) conclude() {
	r.progress.clear()
	for _, s := range verdict.StaleEntries(r.plan.Config.Known, r.plan.Config.Flaky, r.plan.Config.Cases, nil) {
		r.t.Errorf("stale %s: it is listed (%s), but %s", s.ID, s.Reason, cases.NoCase(s.ID))
	}
	judged := func(r verdict.Result) bool { return r.Verdict != verdict.NotApplicable && r.Verdict != verdict.Known }
	if len(r.results) > 0 && !slices.ContainsFunc(r.results, judged) {
		r.t.Errorf("nothing was judged: of %d cases none is other than not applicable or known", len(r.results))
	}
}

// goTest makes the commands that repeat a case which is a subtest of the test of that name.
func goTest(name string) func(id string, times int) string {
	return func(id string, times int) string {
		var pattern []string
		for _, part := range strings.Split(name+"/"+id, "/") {
			pattern = append(pattern, "^"+regexp.QuoteMeta(part)+"$")
		}
		return fmt.Sprintf("go test -count=%d -run '%s' .", times, strings.ReplaceAll(strings.Join(pattern, "/"), "'", `'\''`))
	}
}

// tell gives a subtest the outcome that a verdict means.
func tell(t *testing.T, plan *Plan, k *cases.Case, r verdict.Result) {
	t.Helper()
	switch outcome, text := plan.Outcome(k, r); {
	case outcome == Failed:
		t.Error(text)
	case outcome == Skipped:
		t.Skip(text)
	case text != "":
		t.Log(text)
	}
}
