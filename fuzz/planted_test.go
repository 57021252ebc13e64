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
	operations int // of what is left, of which no cut and no two can go
}{
	{"a late insertion after a limited send returned false", "gives-up-but-adds", 5},
	{"two first sends each make a mailbox", "first-sends-race", 3},
	{"a cleanup lost when registration races the end", "lost-in-race", 3},
	{"a forced move that keeps the old entry", "forced-move-keeps-old-entry", 2},
	{"one child reported to two reapers", "reported-twice", 3},
	{"(nil, pid) for a killed child", "signalled-is-nil", 2},

	{"a mailbox that is a stack", "queue-is-stack", 3},
	{"a read that leaves the object", "read-leaves", 3},
	{"a peek that removes it", "peek-removes", 3},
	{"two readers of one object", "readers-share", 4},
	{"cleanups in the wrong order", "descending-order", 3},
	{"a kill that is ignored", "kill-ignored", 2},
}

// Each is found from scratch and cut down to the very program in testdata, which fails on the
// mutant and on it alone.
func TestPlantedBugsAreFoundAndCutDown(t *testing.T) {
	for i, b := range planted {
		if testing.Short() && i%6 != 0 {
			continue
		}
		t.Run(string(b.mutant), func(t *testing.T) {
			t.Parallel()
			var covered refimpl.Coverage
			ctx, sim := context.Background(), refimpl.New(refimpl.Options{Mutant: b.mutant, Coverage: &covered})
			found, tally, err := (&Search{Adapter: sim, Programs: 20_000, Coverage: &covered}).Find(ctx)
			if err != nil || found == nil {
				t.Fatalf("%s: not found in %+v: %v", b.bug, tally, err)
			}
			small := Shrink(ctx, found, OnSimulator(sim, 40))
			small = ShrinkSchedule(ctx, small, sim)
			t.Logf("%s: found in %d programs, cut from %d to %d operations", b.bug, tally.Programs, found.Program.Operations(), small.Program.Operations())
			text, err := small.Program.Encode()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "smallest", string(b.mutant)+".json")
			if *update {
				if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			// Files may have an earlier form: what counts is the program.
			if want, err := smallest(t, b.mutant).Encode(); err != nil || string(want) != string(text) {
				t.Errorf("the smallest program is not that of %s (%v):\n%s%s", path, err, small.Program, small.Report.Text(small.Labels))
			}
			if n := small.Program.Operations(); n != b.operations || n > 8 {
				t.Errorf("%d operations are left, want %d:\n%s%s", n, b.operations, small.Program, small.Report.Text(small.Labels))
			}
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
		f, err := OnSimulator(refimpl.New(refimpl.Options{Mutant: b.mutant}), 100)(context.Background(), p)
		if err != nil || f == nil {
			t.Errorf("%s no longer shows: %v", b.mutant, err)
		}
		sim := refimpl.New(refimpl.Options{})
		for seed := range uint64(100) {
			run, err := Execute(context.Background(), sim, p, spec.SystemConfig{Seed: seed})
			if err != nil || run.Report.Verdict != traces.Allowed {
				t.Fatalf("%s on the simulator: %v\n%s", b.mutant, err, run.Report.Text(run.Labels))
			}
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
