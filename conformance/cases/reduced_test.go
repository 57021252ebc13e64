package cases_test

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"regexp"
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

// An outcomeTape is a journal that also writes down what the test's process saw, without what depends
// on the order in which things were numbered.
type outcomeTape struct {
	traces.Journal
	text strings.Builder
}

// numbered is what carries the number of an object: a reference, a pid, a token, the name of a file or of a program.
var numbered = regexp.MustCompile(`#<([\w-]+) \d+>|\b1\d{3}\b|\b13\d{4}\b|--token \d+|/mpcheck/(\w+)-\d+`)

// unnumbered is a text without what depends on the order in which things were numbered. A case sees few texts,
// and each in many runs.
func unnumbered(text string) string {
	if known, ok := unnumberedTexts.Load(text); ok {
		return known.(string)
	}
	without := numbered.ReplaceAllString(text, "#$1$2")
	unnumberedTexts.Store(text, without)
	return without
}

var unnumberedTexts sync.Map // of texts

func (o *outcomeTape) Record(l spec.Label) {
	o.Journal.Record(l)
	if l.Frame == 0 && l.Kind == spec.ReturnLabel {
		o.text.WriteString(unnumbered(l.Return.String()) + "\n")
	}
}

func (o *outcomeTape) outcome() string { return o.text.String() }

// An exploration is all runs of a case that an enumerator finds on the simulator: the worst of them, and
// of the first ones what can be seen, and the classes of the runs: of those that differ only in the order
// of acts which don't matter to each other, as far as they come before the end.
type exploration struct {
	worst      verdict.Result
	runs       int
	pruned     int  // of them those that turned out to repeat another
	exhaustive bool // these are all there are

	seen    map[string]bool
	classes map[uint64]bool
}

const (
	// mostExplored bounds the runs of a case.
	mostExplored = 20_000
	// mostCompared bounds the runs of a case of which what was seen and the class are kept: others are not compared.
	mostCompared = 300
)

// mostSeen is of how many runs it is kept what was seen.
func mostSeen() int {
	if *wholeLearned {
		return mostExplored
	}
	return mostCompared
}

// Every test that asks for all runs of the cases looks at the same ones.
var (
	depthFirst = sync.OnceValue(func() []*exploration {
		limit := func(i int) int {
			if compared(i) {
				return mostCompared + 1
			}
			return 0
		}
		return explored(func() run.Enumerator { return refimpl.NewDepthFirst() }, limit, nil)
	})
	// reducedCoverage is what was reached by the reduced exploration.
	reducedCoverage = refimpl.Coverage{Branched: true}
	reduced         = sync.OnceValue(func() []*exploration {
		return explored(func() run.Enumerator { return refimpl.NewDPOR() }, func(int) int { return mostExplored }, &reducedCoverage)
	})
)

// compared tells whether the runs of case i are compared.
func compared(i int) bool { return *wholeLearned || i%tier.Of(20, 8, 1) == 0 }

// explored explores each case, with at most so many runs.
func explored(enumerator func() run.Enumerator, limit func(i int) int, coverage *refimpl.Coverage) []*exploration {
	all := cases.All()
	out := make([]*exploration, len(all))
	var next atomic.Int32
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			sim := refimpl.New(refimpl.Options{Coverage: coverage})
			for i := int(next.Add(1)) - 1; i < len(all); i = int(next.Add(1)) - 1 {
				out[i] = exploredCase(sim, all[i], enumerator(), limit(i))
			}
		})
	}
	workers.Wait()
	return out
}

// exploredCase runs a case until it fails.
func exploredCase(sim spec.Adapter, k *cases.Case, enumerator run.Enumerator, limit int) *exploration {
	return exploredOn(sim, k, enumerator, limit, verdict.Known)
}

// exploredOn runs a case as long as it does no worse than that.
func exploredOn(sim spec.Adapter, k *cases.Case, enumerator run.Enumerator, limit int, worst verdict.Verdict) *exploration {
	x := &exploration{seen: map[string]bool{}, classes: map[uint64]bool{}}
	w := &watch{enumerator: enumerator, classes: x.classes}
	w.strategy, _ = enumerator.(refimpl.Strategy)
	var tape *outcomeTape
	session, err := run.NewSession(run.Config{
		Seed: 1, Schedules: 1, Sizes: cases.ExploreSizes, Cases: []*cases.Case{k},
		Adapter: sim, TrustKit: true,
		Enumerate: func() run.Enumerator { return w },
		Journal:   func() run.Journal { tape = &outcomeTape{}; return tape },
	})
	if err != nil {
		panic(err)
	}
	for x.runs < limit && !x.exhaustive {
		x.runs++
		w.counted = x.runs <= mostSeen()
		w.begin()
		r := session.Run(context.Background(), k)
		if x.runs == 1 || r.Verdict > x.worst.Verdict {
			x.worst = r
		}
		if w.counted {
			x.seen[shownBy(r)+tape.outcome()] = true
		}
		if r.Verdict > worst && r.Verdict >= verdict.Error {
			break
		}
		x.exhaustive = !enumerator.Next()
	}
	if d, ok := enumerator.(*refimpl.DPOR); ok {
		x.pruned = d.Pruned
	}
	return x
}

// shownBy is what a run has shown; the order in which something was observed is no part of it.
func shownBy(r verdict.Result) string {
	observed := slices.Clone(r.Observed)
	slices.SortFunc(observed, func(a, b cases.Observation) int {
		return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Behaviour, b.Behaviour))
	})
	return fmt.Sprint(r.Verdict, observed, "\n")
}

// A watch lets one run through, keeps the enumerator for the next, and notes the class of the run.
type watch struct {
	enumerator run.Enumerator
	strategy   refimpl.Strategy // enumerator, where it is one
	counted    bool             // this run is
	acts       []model.Act
	points     []point // of acts, or of before
	before     []model.Act
	classes    map[uint64]bool
}

func (w *watch) Choose(n int) int { return w.enumerator.Choose(n) }
func (w *watch) Next() bool       { return false }

func (w *watch) begin() {
	w.acts, w.before = w.before[:0], w.acts
	if len(w.points) != len(w.before) { // that run did not come to its end
		w.points = nil
	}
}

func (w *watch) Pick(s *model.State, acts []model.Act) int {
	n := 0
	if w.strategy != nil {
		n = w.strategy.Pick(s, acts)
	} else {
		n = spec.Pick(w.enumerator, len(acts))
	}
	if w.counted {
		w.acts = append(w.acts, acts[n])
	}
	return n
}

func (w *watch) End(s *model.State, acts []model.Act) {
	if w.strategy != nil {
		w.strategy.End(s, acts)
	}
	if w.counted {
		w.classes[w.class(s.TestProcess())] = true
	}
}

var classSeed = maphash.MakeSeed()

// A point is an act in a run: how many acts of each process or child come before it and with it, and
// a sum of that and of the act. Of an act its frame and object follow from what came before, their
// numbers don't.
type point struct {
	clock  []int // by place among the watch's threads
	thread int
	sum    uint64
}

// class identifies a run but for the order of acts that don't matter to each other: each act that
// comes before the test's last one, with how many acts of each process or child come before it.
func (w *watch) class(test model.ID) (sum uint64) {
	same := 0 // what the run before began with as well is known
	for same < min(len(w.acts), len(w.before), len(w.points)) && w.acts[same] == w.before[same] {
		same++
	}
	w.points = w.points[:same]
	var threads []model.ID
	place := func(t model.ID) int {
		i := slices.Index(threads, t)
		if i < 0 {
			i = len(threads)
			threads = append(threads, t)
		}
		return i
	}
	last := -1
	for i, a := range w.acts {
		t := place(refimpl.Thread(a))
		if refimpl.Thread(a) == test {
			last = i
		}
		if i < same {
			continue
		}
		p := point{thread: t, clock: make([]int, len(threads))}
		for j := i - 1; j >= 0; j-- {
			q := &w.points[j]
			if q.clock[q.thread] <= p.clock[q.thread] || q.thread != t && !model.Dependent(w.acts[j], a) {
				continue
			}
			for u, n := range q.clock {
				p.clock[u] = max(p.clock[u], n)
			}
		}
		p.clock[t]++
		type count struct {
			thread model.ID
			acts   int
		}
		var clock uint64
		for u, n := range p.clock {
			if n > 0 {
				clock += maphash.Comparable(classSeed, count{threads[u], n})
			}
		}
		type act struct {
			kind   model.ActKind
			choice uint16
			thread model.ID
			before uint64
		}
		p.sum = maphash.Comparable(classSeed, act{a.Kind, a.Choice, threads[t], clock})
		w.points = append(w.points, p)
	}
	if last < 0 {
		return 0
	}
	end := w.points[last].clock
	for _, p := range w.points {
		if p.thread < len(end) && p.clock[p.thread] <= end[p.thread] {
			sum += p.sum
		}
	}
	return sum
}

// Leaving out the orders that don't matter loses nothing that can be seen, and no class of runs.
func TestReducedExplorationSeesTheSame(t *testing.T) {
	t.Parallel()
	tried, runs, fewer, pruned, classes, many := 0, 0, 0, 0, 0, 0
	for i, k := range cases.All() {
		if !compared(i) {
			continue
		}
		tried++
		all, few := depthFirst()[i], reduced()[i]
		if max(all.runs, few.runs) > mostCompared {
			t.Logf("%s has more than %d runs", k.ID, mostCompared)
			many++
			continue
		}
		runs, fewer, pruned, classes = runs+all.runs, fewer+few.runs, pruned+few.pruned, classes+len(all.classes)
		if !maps.Equal(all.seen, few.seen) {
			missing := slices.DeleteFunc(slices.Sorted(maps.Keys(all.seen)), func(s string) bool { return few.seen[s] })
			t.Errorf("%s: %d outcomes in %d runs, %d of them in %d; missing:\n%.600s", k.ID, len(all.seen), all.runs, len(few.seen), few.runs, strings.Join(missing, "\n"))
		}
		if !maps.Equal(all.classes, few.classes) {
			t.Errorf("%s: %d classes of runs, reduced to %d", k.ID, len(all.classes), len(few.classes))
		}
		if n := few.runs - few.pruned; n != len(all.classes) {
			t.Errorf("%s: %d runs for %d classes: one each was enough", k.ID, n, len(all.classes))
		}
	}
	if many*6 > tried { // of the whole table it is about one in ten, of a sample somewhat more or less
		t.Errorf("%d of %d cases have more than %d runs: too few are compared", many, tried, mostCompared)
	}
	t.Logf("%d runs of %d classes, reduced to %d, of which %d turned out to repeat another", runs, classes, fewer, pruned)
}
