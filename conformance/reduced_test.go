package conformance_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
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

// outcomes explores a case and returns what can be seen of it.
func outcomes(t *testing.T, k *conformance.Case, enumerator conformance.Enumerator) (seen map[string]bool, runs int) {
	t.Helper()
	seen = map[string]bool{}
	for more := true; more; more = enumerator.Next() {
		runs++
		var tape *outcomeTape
		once := &single{enumerator}
		report, err := conformance.Execute(context.Background(), conformance.Config{
			Seed: 1, Schedules: 1, Sizes: conformance.ExploreSizes, Cases: []*conformance.Case{k},
			Adapter:   refimpl.New(refimpl.Options{}),
			Enumerate: func() conformance.Enumerator { return once.as() },
			Journal:   func() conformance.Journal { tape = &outcomeTape{}; return tape },
		})
		if err != nil {
			t.Fatal(err)
		}
		r := report.Cases[0]
		seen[fmt.Sprint(r.Verdict, r.Observed, "\n", tape.text.String())] = true
		if runs > 30_000 {
			t.Fatalf("%s: more than %d runs", k.ID, runs)
		}
	}
	return seen, runs
}

// A single lets one run through and keeps the enumerator for the next.
type single struct{ conformance.Enumerator }

func (s *single) as() conformance.Enumerator {
	if strategy, ok := s.Enumerator.(refimpl.Strategy); ok {
		return &singleStrategy{strategy}
	}
	return s
}

func (s *single) Next() bool { return false }

type singleStrategy struct{ refimpl.Strategy }

func (s *singleStrategy) Next() bool { return false }

// Leaving out the orders that don't matter loses nothing that can be seen.
func TestReducedExplorationSeesTheSame(t *testing.T) {
	cases := conformance.Cases()
	naive, reduced := 0, 0
	for i, k := range cases {
		if testing.Short() && i%4 != 0 {
			continue
		}
		all, n := outcomes(t, k, refimpl.NewDepthFirst())
		few, m := outcomes(t, k, refimpl.NewDPOR())
		naive, reduced = naive+n, reduced+m
		if !maps.Equal(all, few) {
			missing := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(s string) bool { return few[s] })
			t.Errorf("%s: %d outcomes in %d runs, %d of them in %d; missing:\n%.600s", k.ID, len(all), n, len(few), m, strings.Join(missing, "\n"))
		}
	}
	t.Logf("%d runs, reduced to %d", naive, reduced)
}
