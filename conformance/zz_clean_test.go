package conformance_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
)

func TestZZ(t *testing.T) {
	sel := strings.Fields(os.Getenv("SEL"))
	if len(sel) == 0 {
		t.Skip()
	}
	cases, err := conformance.Select(conformance.Cases(), sel, nil)
	if err != nil {
		t.Fatal(err)
	}
	report := run(t, conformance.Config{
		Cases: cases, Adapter: refimpl.New(refimpl.Options{}), Schedules: 20000, Sizes: conformance.ExploreSizes,
		Enumerate: func() conformance.Enumerator { return refimpl.NewDepthFirst() },
	})
	for _, r := range report.Cases {
		if r.Verdict != good(r) || !r.Exhaustive {
			t.Errorf("exhaustive %v after %d schedules: %s", r.Exhaustive, r.Schedules, explain(r))
		}
		t.Logf("%-40s %6d schedules %v", r.ID, r.Schedules, r.Observed)
	}
}

func TestZZMutants(t *testing.T) {
	sel := strings.Fields(os.Getenv("MSEL"))
	if len(sel) == 0 {
		t.Skip()
	}
	for _, m := range model.Mutants {
		mine := false
		for _, c := range m.Clauses {
			area, _, _ := strings.Cut(c, "-")
			mine = mine || area == "PROC" || area == "CLEAN" || area == "DEP"
		}
		if !mine || sel[0] != "all" && !slices.Contains(sel, string(m.Mutant)) {
			continue
		}
		t.Run(string(m.Mutant), func(t *testing.T) {
			report := run(t, conformance.Config{Adapter: refimpl.New(refimpl.Options{Mutant: m.Mutant})})
			var killers, false_ []string
			for _, r := range report.Cases {
				if r.Verdict == conformance.Fail && slices.Contains(m.Clauses, r.Failure.Clause) {
					killers = append(killers, r.ID)
				} else if r.Verdict != good(r) {
					charged := ""
					if r.Failure != nil {
						charged = r.Failure.Clause
					}
					false_ = append(false_, r.ID+" ["+charged+": "+r.Message+" | "+r.Seen+" | "+r.Reason+"]")
				}
			}
			if len(killers) == 0 {
				t.Errorf("SURVIVES %v", m.Clauses)
			}
			t.Logf("killed by %v", killers)
			for _, f := range false_ {
				t.Errorf("  FALSE %.300s", f)
			}
		})
	}
}
