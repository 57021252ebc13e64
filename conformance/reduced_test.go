package conformance_test

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// An outcomeTape writes down what the test's process saw, without what depends on the order in
// which things were numbered.
type outcomeTape struct{ text strings.Builder }

var numbered = regexp.MustCompile(`#<(\w+) \d+>|\b1\d{3}\b|--token \d+`)

func (o *outcomeTape) Record(l spec.Label) {
	if l.Frame == 0 && l.Kind == spec.ReturnLabel {
		o.text.WriteString(numbered.ReplaceAllString(l.Return.String(), "#$1") + "\n")
	}
}
func (o *outcomeTape) Lines() []string { return nil }

// An exploration is what can be seen of a case's runs, and the classes of the runs: of those that
// differ only in the order of acts which don't matter to each other, as far as they come before
// the end.
type exploration struct {
	seen    map[string]bool
	classes map[uint64]bool
	runs    int
}

// mostCompared bounds the runs of a case that are compared: all runs of the others are compared by count and
// outcome alone (make soundness).
const mostCompared = 300

// explored is nil where a case has more runs than are compared.
func explored(t *testing.T, sim *refimpl.Simulator, k *conformance.Case, enumerator conformance.Enumerator) *exploration {
	t.Helper()
	x := &exploration{seen: map[string]bool{}, classes: map[uint64]bool{}}
	w := &watch{enumerator: enumerator, classes: x.classes}
	w.strategy, _ = enumerator.(refimpl.Strategy)
	for more := true; more; more = enumerator.Next() {
		x.runs++
		w.acts = w.acts[:0]
		var tape *outcomeTape
		report, err := conformance.Execute(context.Background(), conformance.Config{
			Seed: 1, Schedules: 1, Sizes: conformance.ExploreSizes, Cases: []*conformance.Case{k},
			Adapter: sim, TrustKit: true,
			Enumerate: func() conformance.Enumerator { return w },
			Journal:   func() conformance.Journal { tape = &outcomeTape{}; return tape },
		})
		if err != nil {
			t.Fatal(err)
		}
		r := report.Cases[0]
		x.seen[fmt.Sprint(r.Verdict, r.Observed, "\n", tape.text.String())] = true
		if x.runs > mostCompared {
			return nil
		}
	}
	return x
}

// A watch lets one run through, keeps the enumerator for the next, and notes the class of the run.
type watch struct {
	enumerator conformance.Enumerator
	strategy   refimpl.Strategy // enumerator, where it is one
	acts       []model.Act
	classes    map[uint64]bool
}

func (w *watch) Choose(n int) int { return w.enumerator.Choose(n) }
func (w *watch) Next() bool       { return false }

func (w *watch) Pick(s *model.State, acts []model.Act) int {
	n := 0
	if w.strategy != nil {
		n = w.strategy.Pick(s, acts)
	} else {
		n = spec.Pick(w.enumerator, len(acts))
	}
	w.acts = append(w.acts, acts[n])
	return n
}

func (w *watch) End(s *model.State, acts []model.Act) {
	if w.strategy != nil {
		w.strategy.End(s, acts)
	}
	w.classes[class(w.acts, s.TestProcess())] = true
}

var classSeed = maphash.MakeSeed()

// class identifies a run but for the order of acts that don't matter to each other: each act that
// comes before the test's last one, with how many acts of each process or child come before it.
func class(acts []model.Act, test model.ID) (sum uint64) {
	type point struct { // its frame and object follow from what came before, their numbers don't
		kind   model.ActKind
		choice uint16
		thread model.ID
		before string
	}
	clocks := make([]map[model.ID]int, len(acts))
	last := -1
	for i, a := range acts {
		clocks[i] = map[model.ID]int{}
		for j, b := range acts[:i] {
			if refimpl.Thread(b) != refimpl.Thread(a) && !model.Dependent(b, a) {
				continue
			}
			for t, n := range clocks[j] {
				clocks[i][t] = max(clocks[i][t], n)
			}
		}
		clocks[i][refimpl.Thread(a)]++
		if refimpl.Thread(a) == test {
			last = i
		}
	}
	for i, a := range acts {
		if t := refimpl.Thread(a); last >= 0 && clocks[i][t] <= clocks[last][t] {
			sum += maphash.Comparable(classSeed, point{a.Kind, a.Choice, t, fmt.Sprint(clocks[i])})
		}
	}
	return sum
}

// Leaving out the orders that don't matter loses nothing that can be seen, and no class of runs.
func TestReducedExplorationSeesTheSame(t *testing.T) {
	cases := conformance.Cases()
	naive, reduced, pruned, classes, many := 0, 0, 0, 0, 0
	for i, k := range cases {
		if testing.Short() && i%20 != 0 {
			continue
		}
		dpor := refimpl.NewDPOR()
		sim := refimpl.New(refimpl.Options{})
		all, few := explored(t, sim, k, refimpl.NewDepthFirst()), explored(t, sim, k, dpor)
		if all == nil || few == nil {
			t.Logf("%s has more than %d runs", k.ID, mostCompared)
			many++
			continue
		}
		naive, reduced, pruned, classes = naive+all.runs, reduced+few.runs, pruned+dpor.Pruned, classes+len(all.classes)
		if !maps.Equal(all.seen, few.seen) {
			missing := slices.DeleteFunc(slices.Sorted(maps.Keys(all.seen)), func(s string) bool { return few.seen[s] })
			t.Errorf("%s: %d outcomes in %d runs, %d of them in %d; missing:\n%.600s", k.ID, len(all.seen), all.runs, len(few.seen), few.runs, strings.Join(missing, "\n"))
		}
		if !maps.Equal(all.classes, few.classes) {
			t.Errorf("%s: %d classes of runs, reduced to %d", k.ID, len(all.classes), len(few.classes))
		}
		if n := few.runs - dpor.Pruned; n != len(all.classes) {
			t.Errorf("%s: %d runs for %d classes: one each was enough", k.ID, n, len(all.classes))
		}
	}
	if many*10 > len(cases) {
		t.Errorf("%d of %d cases have more than %d runs: too few are compared", many, len(cases), mostCompared)
	}
	t.Logf("%d runs of %d classes, reduced to %d, of which %d turned out to repeat another", naive, classes, reduced, pruned)
}
