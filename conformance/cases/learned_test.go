package cases_test

import (
	"context"
	"flag"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// What is learned of a case is compared with what running it shows: of all cases and mutants it takes minutes.
var wholeLearned = flag.Bool("learned", false, "compare all runs of all cases and mutants with what is learned of them")

// once lets a case run by one schedule.
type once struct{ spec.Choices }

func (once) Next() bool { return false }

// learned is what an explorer sees of a case: outcomes as an exploration has them, verdicts by real runs of each class.
func learned(t *testing.T, k *cases.Case, e refimpl.Explorer, most int) (seen map[string]bool, x *spec.Exploration) {
	t.Helper()
	sim := refimpl.New(refimpl.Options{Mutant: e.Mutant})
	var schedule spec.Choices
	session, err := run.NewSession(run.Config{
		Seed: 1, Schedules: 1, Sizes: cases.ExploreSizes, Cases: []*cases.Case{k}, Adapter: sim, TrustKit: true,
		Enumerate: func() run.Enumerator { return once{schedule} },
	})
	if err != nil {
		t.Fatal(err)
	}
	seen = map[string]bool{}
	var tape string
	x = &spec.Exploration{
		Most: most,
		Code: func(sys spec.System) func(spec.Frame) {
			return k.Code(cases.Stage{System: sys, Handshake: sim.Handshake(), Choices: session.Shuffles(k), Watchdog: spec.DefaultWatchdog, Sizes: cases.ExploreSizes})
		},
	}
	var judged []string
	x.Show = func(_ int, by spec.Choices) bool {
		schedule = by
		r := session.Run(context.Background(), k)
		judged = append(judged, shownBy(r))
		seen[judged[len(judged)-1]+tape] = true
		return true
	}
	e.Ends = func(l *refimpl.Learned, end refimpl.End, class int) {
		if tape = taped(l, end); class < len(judged) {
			seen[judged[class]+tape] = true
		}
	}
	if err := e.Explore(t.Context(), x); err != nil {
		t.Errorf("%s on %q: %v", k.ID, e.Mutant, err)
	}
	return seen, x
}

// taped is what an outcomeTape has of the run.
func taped(l *refimpl.Learned, end refimpl.End) string {
	var text strings.Builder
	for _, r := range l.Answers() {
		if r.Status != spec.Gone {
			text.WriteString(unnumbered(r.String()) + "\n")
		}
	}
	if (end == refimpl.Deadlocked || l.Aborted()) && !l.Left() {
		text.WriteString(spec.Return{Status: spec.Aborted}.String() + "\n")
	}
	return text.String()
}

var ways = map[string]refimpl.Explorer{
	"every schedule": {Way: refimpl.EverySchedule}, "every state": {Way: refimpl.EveryState}, "every order": {Way: refimpl.EveryOrder},
	"every order, three workers": {Way: refimpl.EveryOrder, Workers: 3},
}

// compareLearned compares all that was seen of a case by running it with what is learned of it.
func compareLearned(t *testing.T, k *cases.Case, mutant model.Mutant, all *exploration, most int) {
	t.Helper()
	for name, e := range ways {
		way := e.Way
		if way != refimpl.EverySchedule && !all.exhaustive || e.Workers > 0 && !*wholeLearned {
			continue
		}
		e.Mutant = mutant
		seen, x := learned(t, k, e, most)
		if way == refimpl.EverySchedule && (x.Runs != all.runs || x.Complete != all.exhaustive) {
			t.Errorf("%s on %q: %d runs, complete %v; learned %d, complete %v", k.ID, mutant, all.runs, all.exhaustive, x.Runs, x.Complete)
		}
		if maps.Equal(seen, all.seen) {
			continue
		}
		without := func(a, b map[string]bool) string {
			return strings.Join(slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(s string) bool { return b[s] }), "\n---\n")
		}
		t.Errorf("%s on %q, %s: %d outcomes, learned %d\nonly run:\n%.600s\nonly learned:\n%.600s",
			k.ID, mutant, name, len(all.seen), len(seen), without(all.seen, seen), without(seen, all.seen))
	}
}

// What is learned of the cases is what they do, however the search goes.
func TestLearnedCasesSeeTheSame(t *testing.T) {
	t.Parallel()
	compared := 0
	for i, k := range cases.All() {
		if testing.Short() && i%20 != 0 || !*wholeLearned && i%4 != 0 {
			continue
		}
		all := depthFirst()[i]
		if *wholeLearned {
			all = exploredOn(refimpl.New(refimpl.Options{}), k, refimpl.NewDepthFirst(), mostExplored, verdict.Fail)
		}
		if !all.exhaustive || all.runs > mostSeen() {
			continue
		}
		compared++
		compareLearned(t, k, "", all, mostExplored)
	}
	t.Logf("%d cases compared", compared)
}

// So it is on simulators that break a rule, where cases fail, hang and give up.
func TestLearnedMutantsSeeTheSame(t *testing.T) {
	t.Parallel()
	for i, m := range model.Mutants {
		if (testing.Short() || !*wholeLearned) && i%32 != 0 {
			continue
		}
		sim := refimpl.New(refimpl.Options{Mutant: m.Mutant})
		compared, failed, most := 0, 0, min(mostSeen(), 2000)
		for _, k := range cases.All() {
			if !slices.Contains(m.Clauses, k.Clause()) || compared == 3 && !*wholeLearned {
				continue
			}
			compared++
			all := exploredOn(sim, k, refimpl.NewDepthFirst(), most, verdict.Fail)
			compareLearned(t, k, m.Mutant, all, most)
			if all.worst.Verdict == verdict.Fail {
				failed++
			}
		}
		if compared > 0 && failed == 0 {
			t.Logf("%s: none of %d cases fails", m.Mutant, compared)
		}
	}
}
