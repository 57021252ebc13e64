package conformance_test

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// What the oracle says first of a run that a mutant has failed names few clauses, and first one that the mutant violates.
func TestFindingsNameTheRightClause(t *testing.T) {
	t.Parallel()
	var counts []int
	runs, right, alone := 0, 0, 0
	wrong := map[model.Mutant]int{}
	for _, x := range failedByMutants() {
		if x.report.Verdict != traces.Forbidden {
			continue
		}
		m, k, f := x.on, x.k, x.report.Findings[0]
		violates := func(id string) bool { return slices.Contains(m.Clauses, id) }
		runs++
		counts = append(counts, len(f.Clauses))
		if len(f.Allowed) == 0 {
			t.Errorf("%s in %s: the finding says nothing of what is allowed", m.Mutant, k.ID)
		}
		if len(f.Like) == 0 {
			alone++
		}
		if len(f.Clauses) > 0 && violates(f.Clauses[0]) {
			right++
		} else if wrong[m.Mutant]++; testing.Verbose() && wrong[m.Mutant] == 1 {
			t.Logf("%s in %s: %v through %v: want %v; seen %s, allowed %q, like %v", m.Mutant, k.ID, f.Clauses, f.Through, m.Clauses, f.Seen, f.Allowed, f.Like)
		}
	}
	slices.Sort(counts)
	median := counts[len(counts)/2]
	t.Logf("%d findings, the first of each failing run: %d clauses in the median, one that the mutant violates first in %d; %d are like no known fault; wrong: %v", runs, median, right, alone, wrong)
	if median > 3 || counts[0] < 1 {
		t.Errorf("%d clauses in the median, at least %d: want one to three", median, counts[0])
	}
	if right*100 < 95*runs {
		t.Errorf("a right clause comes first in %d of %d findings, want 95 in a hundred", right, runs)
	}
}
