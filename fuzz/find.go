package fuzz

import (
	"context"
	"time"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Search invents programs and runs each under a few schedules until the specification forbids
// a run.
type Search struct {
	Adapter spec.Adapter
	// Seed is of the programs and the schedules.
	Seed uint64
	// Families of the programs; nil is a choice of two for each.
	Families []Family
	// Schedules is how often each program is run; 0 is 4 on virtual time and 1 on real.
	Schedules int
	// Programs bounds how many are tried; 0 is no bound.
	Programs int
	// Uniform prefers no operation to another; else [Weights] do.
	Uniform bool
	// Coverage is what the adapter's simulator collects; nil where nobody sees inside it. The
	// next program rather calls what it lacks, or what no program has called.
	Coverage *refimpl.Coverage
	// Progress, where not nil, is told after each program what was done so far.
	Progress func(Tally)
}

// watchdog is the limit of real time for one operation. Many programs have one that waits for
// ever, which is no failure.
const watchdog = time.Second

// Tally counts what a search has done.
type Tally struct {
	Programs, Runs, Undecided int
	// Returned are the operations that returned in any run.
	Returned map[string]bool
}

// An Inventor makes programs, each of what the earlier ones have covered.
type Inventor struct {
	Seed     uint64
	Families []Family
	Uniform  bool
	Coverage *refimpl.Coverage // or nil

	n      uint64
	called map[string]bool
}

// Next makes the next program.
func (v *Inventor) Next() *program.Program {
	var w *Weights
	if !v.Uniform {
		w = &Weights{}
		if v.Coverage != nil {
			w.Learn(v.Coverage)
		} else {
			w.LearnCalled(v.called)
		}
	}
	p := Generate(spec.Seeded(v.Seed<<20+v.n), w, v.Families...)
	v.n++
	if v.called == nil {
		v.called = map[string]bool{}
	}
	calledBy(p, v.called)
	return p
}

// Find returns the first failure, not yet shrunk; nil when the bound or ctx ended the search.
// The error is the adapter's.
func (s *Search) Find(ctx context.Context) (*Failure, Tally, error) {
	t := Tally{Returned: map[string]bool{}}
	programs := &Inventor{Seed: s.Seed, Families: s.Families, Uniform: s.Uniform, Coverage: s.Coverage}
	virtual := s.Adapter.Handshake().Clock == spec.Virtual
	schedules := s.Schedules
	if schedules == 0 {
		schedules = 1
		if virtual {
			schedules = 4
		}
	}
	for (s.Programs == 0 || t.Programs < s.Programs) && ctx.Err() == nil {
		p := programs.Next()
		if !virtual {
			p = InRealTime(p)
		}
		t.Programs++
		for k := range schedules {
			cfg := spec.SystemConfig{Seed: uint64(k), Watchdog: watchdog}
			run, err := Execute(ctx, s.Adapter, p, cfg)
			if ctx.Err() != nil {
				return nil, t, nil
			}
			if err != nil {
				return &Failure{Run: &Run{Program: p, Report: &traces.Report{}}}, t, err
			}
			t.Runs++
			t.note(run.Labels)
			switch run.Report.Verdict {
			case traces.Forbidden:
				return &Failure{Run: run, Seed: uint64(k)}, t, nil
			case traces.Undecided:
				t.Undecided++
			}
		}
		if s.Progress != nil {
			s.Progress(t)
		}
	}
	return nil, t, nil
}

// note adds the operations that returned in a run.
func (t *Tally) note(labels []spec.Label) {
	open := map[int]string{}
	for _, l := range labels {
		switch l.Kind {
		case spec.CallLabel:
			open[l.Frame] = l.Call.Op
		case spec.ReturnLabel:
			if l.Return.Status == spec.Returned {
				t.Returned[open[l.Frame]] = true
			}
		}
	}
}
