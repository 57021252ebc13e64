package fuzz

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

var update = flag.Bool("update", false, "write the smallest programs anew")

// planted are bugs of the simulator that a search finds from scratch. The first six are those
// that every fuzzer of such systems should find.
var planted = []struct {
	bug        string
	mutant     model.Mutant
	operations int    // of the program in testdata
	seed       uint64 // one of those with which it is found soon: which they are depends on every draw
}{
	{"a late insertion after a limited send returned false", "gives-up-but-adds", 5, 8},
	{"two first sends each make a mailbox", "first-sends-race", 3, 0},
	{"a cleanup lost when registration races the end", "lost-in-race", 3, 1},
	{"a forced move that keeps the old entry", "forced-move-keeps-old-entry", 2, 8},
	{"one child reported to two reapers", "reported-twice", 3, 0},
	{"(nil, pid) for a killed child", "signalled-is-nil", 2, 0},

	{"a mailbox that is a stack", "queue-is-stack", 3, 0},
	{"a read that leaves the object", "read-leaves", 3, 0},
	{"a peek that removes it", "peek-removes", 3, 0},
	{"two readers of one object", "readers-share", 4, 83},
	{"cleanups in the wrong order", "descending-order", 3, 0},
	{"a kill that is ignored", "kill-ignored", 2, 0},
}

// Each is found from scratch and cut down to a program of a few operations, which fails on the mutant and on
// it alone. Which program it is depends on every draw of the generator, so that another operation makes it
// another; at times one is left of which no cut and no two can go, and which is larger than the smallest.
func TestPlantedBugsAreFoundAndCutDown(t *testing.T) {
	for i, b := range planted {
		if testing.Short() && i%6 != 0 {
			continue
		}
		t.Run(string(b.mutant), func(t *testing.T) {
			t.Parallel()
			var covered refimpl.Coverage
			ctx, sim := context.Background(), refimpl.New(refimpl.Options{Mutant: b.mutant, Coverage: &covered})
			found, tally, err := (&Search{Adapter: sim, Seed: b.seed, Programs: 20_000, Coverage: &covered}).Find(ctx)
			if err != nil || found == nil {
				t.Fatalf("%s: not found in %+v: %v", b.bug, tally, err)
			}
			small := Shrink(ctx, found, OnSimulator(sim, 40))
			small = ShrinkSchedule(ctx, small, sim)
			t.Logf("%s: found in %d programs, cut from %d to %d operations", b.bug, tally.Programs, found.Program.Operations(), small.Program.Operations())
			if *update {
				text, err := small.Program.Encode()
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join("testdata", "smallest", string(b.mutant)+".json"), append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if n := small.Program.Operations(); n > 2*b.operations || n > 8 {
				t.Errorf("%d operations are left, want at most %d:\n%s%s", n, min(8, 2*b.operations), small.Program, small.Report.Text(small.Labels))
			}
			shows(t, b.mutant, small.Program)
			allowed(t, small.Program)
		})
	}
}

// Programs that once showed something show it still on the mutant, and nothing on the
// simulator.
func TestSmallestPrograms(t *testing.T) {
	for _, b := range planted {
		p := smallest(t, b.mutant)
		empty := slices.IndexFunc(p.Blocks, func(steps []program.Step) bool { return len(steps) == 0 })
		if len(p.Reached().Blocks) != len(p.Blocks) || len(oneEmpty(p)) > 0 {
			t.Errorf("%s: a block that nothing runs, or block %d and another that do nothing:\n%s", b.mutant, empty, p)
		}
		if n := p.Operations(); n != b.operations {
			t.Errorf("%s: %d operations, want %d", b.mutant, n, b.operations)
		}
		shows(t, b.mutant, p)
		allowed(t, p)
	}
}

// shows fails where none of a hundred runs of a program on a mutant is forbidden.
func shows(t *testing.T, m model.Mutant, p *program.Program) {
	t.Helper()
	if f, err := OnSimulator(refimpl.New(refimpl.Options{Mutant: m}), 100)(context.Background(), p); err != nil || f == nil {
		t.Errorf("%s doesn't show: %v\n%s", m, err, p)
	}
}

// allowed fails where a run of a program on the specification itself is not allowed.
func allowed(t *testing.T, p *program.Program) {
	t.Helper()
	sim := refimpl.New(refimpl.Options{})
	var judged verdicts
	for seed := range uint64(100) {
		run, err := execute(context.Background(), sim, p, spec.SystemConfig{Seed: seed}, 0, true, judged.check)
		if err != nil || run.Report.Verdict != traces.Allowed {
			t.Fatalf("on the specification itself: %v\n%s", err, run.Report.Text(run.Labels))
		}
	}
}

// smallest reads the smallest program that shows a mutant.
func smallest(t *testing.T, m model.Mutant) *program.Program {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "smallest", string(m)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := program.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
