package conformance_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// tape keeps every label of one run.
type tape struct{ labels []spec.Label }

func (t *tape) Record(l spec.Label) { t.labels = append(t.labels, l) }
func (t *tape) Lines() []string     { return nil }

// taped runs a case on the simulator and judges each of its runs.
func taped(t *testing.T, k *conformance.Case, mutant model.Mutant, seeds int, each func(verdict conformance.Verdict, r *traces.Report, labels []spec.Label)) {
	t.Helper()
	for seed := range seeds {
		var kept *tape
		cfg := conformance.Config{
			Seed: uint64(seed), Schedules: 1, Sizes: conformance.ExploreSizes, Cases: []*conformance.Case{k},
			Adapter: refimpl.New(refimpl.Options{Mutant: mutant, StepLimit: 20_000}),
			Journal: func() conformance.Journal { kept = &tape{}; return kept },
		}
		report, err := conformance.Execute(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		each(report.Cases[0].Verdict, traces.Check(kept.labels, traces.CheckOptions{Virtual: true, AdapterPID: model.AdapterPID, Budget: 200_000}), kept.labels)
	}
}

func render(labels []spec.Label) string {
	var j traces.Journal
	for _, l := range labels {
		j.Record(l)
	}
	return strings.Join(j.Lines(), "\n")
}

// The specification and the oracle are two folds over one relation: what a case sees on the
// simulator the oracle accepts.
func TestOracleAcceptsTheSimulator(t *testing.T) {
	seeds := 10
	if testing.Short() {
		seeds = 2
	}
	states, runs := 0, 0
	for _, k := range conformance.Cases() {
		taped(t, k, "", seeds, func(verdict conformance.Verdict, r *traces.Report, labels []spec.Label) {
			runs++
			states += r.States
			if r.Verdict == traces.Allowed {
				return
			}
			t.Errorf("%s: %s %s %+v", k.ID, r.Verdict, r.Why, r.Findings)
			if testing.Verbose() && len(r.Findings) > 0 {
				t.Log(r.Findings[0].Step, "\n"+render(labels[:r.Findings[0].Step+1]))
			}
		})
	}
	t.Logf("%d runs, %d states", runs, states)
}

// What a case fails on a mutant of the simulator the oracle rejects, and by a clause of the
// case.
func TestOracleRejectsMutants(t *testing.T) {
	failed, rejected, named, undecided := 0, 0, 0, 0
	missed := map[model.Mutant][]string{}
	for _, m := range model.Mutants {
		for _, k := range conformance.Cases() {
			near := false
			for _, id := range k.Witnesses() {
				near = near || slices.Contains(m.Clauses, id)
			}
			if !near {
				continue
			}
			taped(t, k, m.Mutant, 3, func(verdict conformance.Verdict, r *traces.Report, labels []spec.Label) {
				if verdict != conformance.Fail {
					return
				}
				failed++
				switch r.Verdict {
				case traces.Forbidden:
					rejected++
					for _, f := range r.Findings {
						if slices.ContainsFunc(slices.Concat(f.Clauses, f.Through), func(id string) bool { return slices.Contains(k.Witnesses(), id) }) {
							named++
							break
						}
					}
				case traces.Undecided:
					undecided++
					t.Logf("%s %s: %s", m.Mutant, k.ID, r.Why)
				default:
					if !slices.Contains(missed[m.Mutant], k.ID) {
						missed[m.Mutant] = append(missed[m.Mutant], k.ID)
					}
				}
			})
		}
	}
	for m, cases := range missed {
		t.Logf("accepted: %s %v", m, cases)
	}
	t.Logf("%d failing runs, %d rejected, %d by a clause of the case, %d undecided, %d mutants with an accepted run", failed, rejected, named, undecided, len(missed))
}
