package fuzz

import (
	"context"
	"time"

	"github.com/mpcheck/mpcheck/spec"
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
	// Progress, where not nil, is told after each program what was done so far.
	Progress func(Tally)
}

// watchdog is the limit of real time for one operation. Many programs have one that waits for
// ever, which is no failure.
const watchdog = time.Second

// Tally counts what a search has done.
type Tally struct {
	Programs, Runs, Undecided int
}

// Find returns the first failure, not yet shrunk; nil when the bound or ctx ended the search.
// The error is the adapter's.
func (s *Search) Find(ctx context.Context) (*Failure, Tally, error) {
	var t Tally
	virtual := s.Adapter.Handshake().Clock == spec.Virtual
	schedules := s.Schedules
	if schedules == 0 {
		schedules = 1
		if virtual {
			schedules = 4
		}
	}
	for n := uint64(0); (s.Programs == 0 || t.Programs < s.Programs) && ctx.Err() == nil; n++ {
		p := Generate(spec.Seeded(s.Seed<<20+n), s.Families...)
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
