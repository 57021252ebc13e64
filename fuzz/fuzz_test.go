package fuzz

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Every program that is generated is valid, and what the simulator does with it the oracle
// accepts.
func TestSimulatorAgainstOracle(t *testing.T) {
	t.Parallel()
	programs := uint64(tier.Of(300, 800, 6000))
	counts := map[traces.Verdict]int{}
	var covered refimpl.Coverage
	sim := refimpl.New(refimpl.Options{Coverage: &covered})
	for seed := range programs {
		against(t, sim, spec.Seeded(seed), seed, counts)
	}
	t.Logf("%v, %d clauses", counts, len(covered.Clauses()))
	if counts[traces.Undecided] > int(programs)/50 {
		t.Errorf("too many programs can't be decided: %v", counts)
	}
}

func against(t *testing.T, a spec.Adapter, choices spec.Choices, seed uint64, counts map[traces.Verdict]int) {
	t.Helper()
	p := Generate(choices, &Weights{})
	if err := p.Validate(); err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, p)
	}
	run, err := Execute(context.Background(), a, p, spec.SystemConfig{Seed: seed})
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, p)
	}
	counts[run.Report.Verdict]++
	if run.Report.Verdict == traces.Forbidden {
		t.Fatalf("seed %d:\n%s\n%s", seed, p, run.Report.Text(run.Labels))
	}
}

func FuzzSimulator(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7}, uint64(1))
	f.Fuzz(func(t *testing.T, program []byte, schedule uint64) {
		against(t, refimpl.New(refimpl.Options{}), &Bytes{List: program}, schedule, map[traces.Verdict]int{})
	})
}

// A program is data: as such it is handed on and read again.
func TestProgramsAreReadAsWritten(t *testing.T) {
	for seed := range uint64(300) {
		p := Generate(spec.Seeded(seed), nil, Bindings, inProcess[seed%7])
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		read, err := program.Parse(text)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if read.String() != p.String() {
			t.Errorf("seed %d: read as\n%swritten as\n%s", seed, read, p)
		}
	}
}
