package fuzz

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Programs that prefer what is not covered yet cover more of the specification than as many
// that prefer nothing. Of so few programs chance has its part: it takes many seeds to tell. They run
// on the simulator, a schedule each, and nobody judges them.
func TestWeightsCoverMore(t *testing.T) {
	t.Parallel()
	const seeds = 100
	counts := []int{10, 20, 40, 80} // a search of so many programs begins with those of a shorter one
	acts, clauses := make([][2]int, len(counts)), make([][2]int, len(counts))
	for seed := range uint64(seeds) {
		for i, uniform := range []bool{false, true} {
			var covered refimpl.Coverage
			search := &Inventor{Seed: seed, Uniform: uniform, Coverage: &covered}
			ran := 0
			for n, programs := range counts {
				if err := Cover(context.Background(), search, programs-ran); err != nil {
					t.Fatal(err)
				}
				ran = programs
				acts[n][i] += len(covered.Acts())
				clauses[n][i] += len(covered.Clauses())
			}
		}
	}
	for n, programs := range counts {
		acts, clauses := acts[n], clauses[n]
		t.Logf("%d programs, %d seeds: acts %.1f, without weights %.1f; clauses %.1f, without %.1f", programs, seeds,
			float64(acts[0])/seeds, float64(acts[1])/seeds, float64(clauses[0])/seeds, float64(clauses[1])/seeds)
		if acts[0] <= acts[1] || clauses[0] < clauses[1] {
			t.Errorf("%d programs: acts %v, clauses %v in all, with and without weights", programs, acts, clauses)
		}
	}
}

// A program is a function of choices and weights; those of a search repeat with its seed.
func TestInventedProgramsRepeat(t *testing.T) {
	text := func(p *program.Program) string { return p.String() }
	for _, uniform := range []bool{false, true} {
		a, b := &Inventor{Seed: 3, Uniform: uniform}, &Inventor{Seed: 3, Uniform: uniform}
		for n := range 50 {
			if x, y := text(a.Next()), text(b.Next()); x != y {
				t.Fatalf("program %d differs:\n%s\n%s", n, x, y)
			}
		}
	}
	if text(Generate(spec.Seeded(1), nil)) == text(Generate(spec.Seeded(1), &Weights{})) {
		t.Error("weights make no difference")
	}
}

// The weights of a family fit a byte whatever is unseen and stands anywhere, so that go test
// -fuzz can choose each operation; and programs call what Operations lists.
func TestEveryOperationCanBeChosen(t *testing.T) {
	for _, f := range Families {
		total := 0
		for _, m := range makers[f] {
			total += boostUnseen * worthMuch
			if !slices.Contains(Operations(), m.op) || spec.LookupOp(m.op) == nil {
				t.Errorf("%s: %s is no operation", f, m.op)
			}
		}
		if total > 256 {
			t.Errorf("the weights of %s may come to %d", f, total)
		}
	}
	called := map[string]bool{}
	for seed := range uint64(500) {
		calledBy(Generate(spec.Seeded(seed), nil), called)
	}
	for _, op := range Operations() {
		if !called[op] {
			t.Errorf("no program of 500 calls %s", op)
		}
		delete(called, op)
	}
	if len(called) > 0 {
		t.Errorf("programs call %v, which Operations doesn't list", called)
	}
}
