package conformance_test

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// What the oracle says first of a trace that a mutant left names few clauses, and a right one first.
func TestFindingsNameTheRightClause(t *testing.T) {
	var counts []int
	runs, right, among := 0, 0, 0
	wrong := map[model.Mutant]int{}
	freq := map[string]int{}
	for _, k := range conformance.Cases() {
		var c refimpl.Coverage
		conformance.Execute(context.Background(), conformance.Config{Seed: 1, Schedules: 1, TrustKit: true, Sizes: conformance.ExploreSizes, Cases: []*conformance.Case{k}, Adapter: refimpl.New(refimpl.Options{Coverage: &c})})
		for _, id := range c.Clauses() {
			freq[id]++
		}
	}
	for _, m := range model.Mutants {
		if os.Getenv("ONLY") != "" && !strings.HasPrefix(m.Clauses[0], os.Getenv("ONLY")) {
			continue
		}
		of, good := 0, 0
		for _, k := range conformance.Cases() {
			if !slices.ContainsFunc(k.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) }) {
				continue
			}
			taped(t, k, m.Mutant, 2, func(verdict conformance.Verdict, r *traces.Report, _ []spec.Label) {
				if verdict != conformance.Fail || r.Verdict != traces.Forbidden {
					return
				}
				f := r.Findings[0]
				if os.Getenv("PRIOR") != "" {
					w, _ := strconv.Atoi(os.Getenv("PRIOR"))
					all := slices.Concat(f.Clauses, f.Through)
					score := map[string]float64{}
					for i, id := range all {
						score[id] = float64(freq[id])
						if i >= len(f.Clauses) {
							score[id] += float64(w)
						}
					}
					slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(score[a], score[b]) })
					f.Clauses = all[:min(3, len(all))]
				}
				of++
				counts = append(counts, len(f.Clauses))
				if len(f.Clauses) > 0 && slices.Contains(m.Clauses, f.Clauses[0]) {
					good++
				}
				if slices.ContainsFunc(f.Clauses, func(id string) bool { return slices.Contains(m.Clauses, id) }) {
					among++
				}
				if bad := len(f.Clauses) == 0 || !slices.Contains(m.Clauses, f.Clauses[0]); bad && of-good < 3 {
					t.Logf("%s in %s: %v, through %v: right %v; %s, allowed %q", m.Mutant, k.ID, f.Clauses, f.Through, m.Clauses, f.Seen, f.Allowed)
				}
			})
		}
		runs, right = runs+of, right+good
		if good < of {
			wrong[m.Mutant] = of - good
		}
	}
	slices.Sort(counts)
	t.Logf("%d findings; median of clauses %d; a right one first %d, among them %d; wrong by mutant: %v", runs, counts[len(counts)/2], right, among, wrong)
}
