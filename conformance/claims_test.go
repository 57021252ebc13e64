package conformance_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// claiming is an adapter that claims less than it can.
type claiming struct {
	spec.Adapter
	lacks []string
}

func (a claiming) Handshake() spec.Handshake {
	h := a.Adapter.Handshake()
	h.Operations = maps.Clone(h.Operations)
	for _, claim := range a.lacks {
		delete(h.Operations, claim)
	}
	return h
}

// An image starts multiprocessing by its restart function, or by :multiprocessing t: one who has either is judged by that (A22), and
// one who has neither not at all.
func TestEitherKeywordStartsMultiprocessing(t *testing.T) {
	restart, keyword := "save-image :restart-function", "save-image :multiprocessing"
	starting := slices.DeleteFunc(slices.Clone(cases.All()), func(k *cases.Case) bool {
		return !slices.Contains([]string{"INIT-BOOT-2/restart-function", "INIT-BOOT-6/modes", "INIT-BOOT-9/two-modes", "INIT-IP-4/saved", "INIT-SCRIPT-1/end-to-end"}, k.ID)
	})
	if len(starting) != 5 {
		t.Fatalf("%d of the cases are there", len(starting))
	}
	for _, test := range []struct {
		lacks  []string
		mutant model.Mutant
		want   []verdict.Verdict // whichever the case's clause has
	}{
		{nil, "", []verdict.Verdict{verdict.Pass, verdict.Observed}},
		{[]string{restart}, "", []verdict.Verdict{verdict.Pass, verdict.Observed}},
		{[]string{restart}, "keyword-ignored", []verdict.Verdict{verdict.Fail, verdict.Pass}}, // with -multiprocessing it starts all the same
		{[]string{keyword}, "", []verdict.Verdict{verdict.Pass, verdict.Observed}},
		{[]string{restart, keyword}, "", []verdict.Verdict{verdict.NotApplicable}},
	} {
		failed := 0
		cfg := run.Config{Seed: 1, Schedules: 1, Sizes: cases.ExploreSizes, Cases: starting, TrustKit: true,
			Adapter: claiming{refimpl.New(refimpl.Options{Mutant: test.mutant}), test.lacks}}
		report, err := run.Execute(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range report.Cases {
			if r.Verdict == verdict.Fail {
				failed++
			}
			if !slices.Contains(test.want, r.Verdict) && !(test.mutant != "" && r.Verdict == verdict.Observed) {
				t.Errorf("without %v, mutant %q: %s is %v, want one of %v: %s", test.lacks, test.mutant, r.ID, r.Verdict, test.want, r.Reason)
			}
		}
		if test.mutant != "" && failed < 4 {
			t.Errorf("without %v, mutant %q: only %d cases fail", test.lacks, test.mutant, failed)
		}
	}
}

// Most libraries have mailboxes without sizes. Theirs are judged all the same, but by the cases whose sentence is about a size.
func TestMailboxesNeedNoSizes(t *testing.T) {
	report, err := run.Execute(context.Background(), run.Config{
		Seed: 1, Schedules: 4, Sizes: cases.ExploreSizes, Cases: trial.Select(t, "MBOX"), TrustKit: true,
		Adapter: claiming{refimpl.New(refimpl.Options{}), []string{"make-mailbox :size", "mailbox-size"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	about := []string{
		"MBOX-SIZE-1/at-least", "MBOX-SIZE-2/observed", "MBOX-MAKE-1/count", "MBOX-MAKE-3/observed", "MBOX-SEND-2/many",
		"MBOX-LIM-1/room", "MBOX-LIM-2/enlarged", "MBOX-LIM-3/successes", "MBOX-LIM-7/at-entry",
	}
	for _, r := range report.Cases {
		if left := r.Verdict == verdict.NotApplicable; left != slices.Contains(about, r.ID) || !left && r.Verdict != trial.Good(r) {
			t.Errorf("%s is %s: %s", r.ID, r.Verdict, r.Reason)
		}
	}
}
