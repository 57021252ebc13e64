// Package trial is for tests that put cases to adapters, right ones and wrong ones.
package trial

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// Execute puts the cases of a configuration, or all where it names none, to its adapter. What can't be run
// at all fails the test.
func Execute(t testing.TB, cfg run.Config) *verdict.Report {
	t.Helper()
	cfg.Journal = func() run.Journal { return &traces.Journal{} }
	return Judge(t, cfg)
}

// Judge is Execute for thousands of runs of which the verdicts are asked alone: nothing is recorded, so that
// what fails is not told step by step, nor judged by the oracle too.
func Judge(t testing.TB, cfg run.Config) *verdict.Report {
	t.Helper()
	if cfg.Cases == nil {
		cfg.Cases = cases.All()
	}
	report, err := run.Execute(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Select are the cases that match one of the patterns, at least one.
func Select(t testing.TB, patterns ...string) []*cases.Case {
	t.Helper()
	chosen, err := cases.Select(cases.All(), patterns, nil)
	if err != nil || len(chosen) == 0 {
		t.Fatalf("%v selects %v, %v", patterns, chosen, err)
	}
	return chosen
}

// Good is the verdict of a case that found nothing wrong: it passes, or has recorded what the
// documents leave open.
func Good(r verdict.Result) verdict.Verdict {
	for _, id := range r.Clauses {
		if spec.Clauses().Lookup(id).Level != spec.Silent {
			return verdict.Pass
		}
	}
	return verdict.Observed
}

// Explain is all that a test needs to tell of a result. What a trace shows last says most: the end comes first of it.
func Explain(r verdict.Result) string {
	const last = 30
	lines := []string{r.ID, r.Verdict.String(), r.Message, r.Reason, "allowed: " + r.Allowed, "seen: " + r.Seen}
	end := max(0, len(r.Trace)-last)
	lines = append(lines, r.Trace[end:]...)
	if end > 0 {
		lines = append(lines, fmt.Sprintf("before that, %d lines:", end))
		lines = append(lines, r.Trace[:end]...)
	}
	return strings.Join(lines, "\n")
}
