package conformance_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// tape keeps every label of one run.
type tape struct{ spec.Tape }

func (t *tape) Lines() []string { return nil }

// A judged run is one of a case on the simulator, with what the oracle says of it.
type judged struct {
	on     model.MutantInfo // which is broken so; no mutant where it is ""
	k      *cases.Case
	said   verdict.Verdict
	report *traces.Report
	labels []spec.Label
}

// taped runs a case on the simulator. That the kit works is another test's business.
func taped(on model.MutantInfo, k *cases.Case, seed int) judged {
	var kept *tape
	cfg := run.Config{
		Seed: uint64(seed), Schedules: 1, Sizes: cases.ExploreSizes, Cases: []*cases.Case{k}, TrustKit: true,
		Adapter: refimpl.New(refimpl.Options{Mutant: on.Mutant, StepLimit: 20_000}),
		Journal: func() run.Journal { kept = &tape{}; return kept },
	}
	report, err := run.Execute(context.Background(), cfg)
	if err != nil {
		panic(err)
	}
	return judged{on: on, k: k, said: report.Cases[0].Verdict, labels: kept.Stop()}
}

// judge asks the oracle of the run.
func (j *judged) judge() {
	j.report = traces.Check(j.labels, traces.CheckOptions{Virtual: true, AdapterPID: model.AdapterPID, UsualSizes: true, Budget: 200_000})
}

// failedByMutants are the runs of each mutant, two of each case, or in the whole ten, that speaks of a clause which it violates, that the case
// failed, in order. Every test that asks for them looks at the same ones.
var failedByMutants = sync.OnceValue(func() []judged {
	of := make([][]judged, len(model.Mutants))
	var next atomic.Int32
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(of); i = int(next.Add(1)) - 1 {
				of[i] = failedBy(model.Mutants[i])
			}
		})
	}
	workers.Wait()
	return slices.Concat(of...)
})

func failedBy(m model.MutantInfo) (failed []judged) {
	for _, k := range cases.All() {
		if !slices.ContainsFunc(k.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) }) {
			continue
		}
		for seed := range tier.Of(1, 1, 10) {
			if x := taped(m, k, seed); x.said == verdict.Fail {
				x.judge()
				x.labels = nil
				failed = append(failed, x)
			}
		}
	}
	return failed
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
	t.Parallel()
	seeds := tier.Of(2, 3, 100)
	states, runs := 0, 0
	for _, k := range cases.All() {
		for seed := range seeds {
			x := taped(model.MutantInfo{}, k, seed)
			x.judge()
			runs++
			states += x.report.States
			r := x.report
			if r.Verdict == traces.Allowed {
				continue
			}
			t.Errorf("%s: %s %s %+v", k.ID, r.Verdict, r.Why, r.Findings)
			if testing.Verbose() && len(r.Findings) > 0 {
				t.Log(r.Findings[0].Step, "\n"+render(x.labels[:r.Findings[0].Step+1]))
			}
		}
	}
	t.Logf("%d runs, %d states", runs, states)
}

// Runs in which the first thing that is wrong is another sentence's than the case's: of a mutant, or of one in one case.
var otherwiseNamed = map[string]string{
	"foreign-cleanups-late CLEAN-FOR-4/second-call": "the call returns while a form of the cleanups runs, and not before all: that it waits for code of its process is PROC-CUR-4",
	"quits-at-once INIT-STOP-1/killed":              "a process that waits is gone before anything tells that the program has quit: what ends it then would be its terminator",
	"listed-twice":                                  "PROC-COUNT-1 compares with the length of a list, and the list is what is wrong (PROC-LIST-1)",
	"send-to-sender":                                "the sender's own mailbox has what it sent to another: seen from there nobody sent it",
	"send-makes-mailbox-each-time":                  "the second send doesn't use the mailbox that is there (SEND-MB-2), and its object isn't where the first one is",
	"method-is-not-removed":                         "that the removed method is called shows where there should be a kill (PROC-TERM-1)",
	"element-without-arguments":                     "the process is one that initialize-multiprocessing makes while it waits: no operation's outcome says what it should begin with",
	"list-of-before":                                "the same",
	"keywords-reach-function":                       "the same, where the process is such a one",
	"saves-running":                                 "the program that saves ends, which shows before anything is launched",
	"make-mailbox-once":                             "the mailbox that make-mailbox returns is an old one: that is MBOX-MAKE-1, before any send",
}

// What a case fails on a mutant of the simulator the oracle rejects, and by a clause of the case, or one that
// the mutant violates.
func TestOracleRejectsMutants(t *testing.T) {
	t.Parallel()
	named := 0
	for _, x := range failedByMutants() {
		m, k, r := x.on, x.k, x.report
		if r.Verdict != traces.Forbidden {
			t.Errorf("%s fails with %s, and the oracle says: %s %s", k.ID, m.Mutant, r.Verdict, r.Why)
			continue
		}
		if slices.ContainsFunc(r.Findings, func(f traces.Finding) bool {
			return names(f, k) || slices.ContainsFunc(f.Clauses, func(id string) bool { return slices.Contains(m.Clauses, id) })
		}) {
			named++
		} else if otherwiseNamed[string(m.Mutant)] == "" && otherwiseNamed[string(m.Mutant)+" "+k.ID] == "" {
			t.Errorf("%s fails with %s, and the oracle names none of its clauses or the mutant's: %+v", k.ID, m.Mutant, r.Findings[0])
		}
	}
	failed := len(failedByMutants())
	t.Logf("%d failing runs, rejected, %d of them by a clause of the case", failed, named)
	if failed < 1000 {
		t.Errorf("only %d runs failed", failed)
	}
}

func names(f traces.Finding, k *cases.Case) bool {
	return slices.ContainsFunc(slices.Concat(f.Clauses, f.Through), func(id string) bool { return slices.Contains(k.Witnesses(), id) })
}
