package fuzz

import (
	"context"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Search invents programs and runs each under a few schedules until the specification forbids
// a run.
type Search struct {
	Adapter spec.Adapter
	// Beside holds further adapters of the same implementation: programs are distributed among
	// them and Adapter, each of which runs one at a time. On real time a program mostly waits.
	Beside []spec.Adapter
	// Seed is of the programs and the schedules.
	Seed uint64
	// Families of the programs; nil is a choice of two for each.
	Families []Family
	// Schedules is how often each program is run; 0 is 4 on virtual time and 1 on real.
	Schedules int
	// Programs bounds how many are tried; 0 is no bound.
	Programs int
	// Progress, where not nil, is told after each program what was done so far. It is called by
	// one goroutine at a time.
	Progress func(Tally)
}

// watchdog is the limit of real time for one operation of the test, of which a right
// implementation needs little: it doesn't wait without end ([InRealTime]), and a child starts
// within it on a busy machine.
const watchdog = 5 * time.Second

// Tally counts what a search has done.
type Tally struct {
	Programs, Runs, Undecided int
}

// Find returns the first failure, not yet shrunk; nil when the bound or ctx ended the search. On
// virtual time it is the same whatever runs side by side: of those found the one with the lowest
// number. The error is the adapter's.
func (s *Search) Find(ctx context.Context) (*Failure, Tally, error) {
	h := &hunt{Search: s}
	var running sync.WaitGroup
	for _, a := range append([]spec.Adapter{s.Adapter}, s.Beside...) {
		running.Go(func() {
			for n, more := h.take(ctx); more; n, more = h.take(ctx) {
				h.try(ctx, a, n)
			}
		})
	}
	running.Wait()
	return h.found, h.tally, h.err
}

// A hunt is a search under way.
type hunt struct {
	*Search

	mu    sync.Mutex
	next  int // programs begun
	tally Tally
	found *Failure
	err   error
}

// take hands out the number of the next program, from 0. Once something was found none that
// comes later matters.
func (h *hunt) take(ctx context.Context) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.found != nil || h.err != nil || h.Programs != 0 && h.next >= h.Programs || ctx.Err() != nil {
		return 0, false
	}
	h.next++
	return h.next - 1, true
}

// try runs one program.
func (h *hunt) try(ctx context.Context, a spec.Adapter, number int) {
	virtual := a.Handshake().Clock == spec.Virtual
	schedules := h.Schedules
	if schedules == 0 {
		schedules = 1
		if virtual {
			schedules = 4
		}
	}
	p := Generate(spec.Seeded(h.Seed<<20+uint64(number)), h.Families...)
	if !virtual {
		p = InRealTime(p)
	}
	for k := range schedules {
		run, err := Execute(ctx, a, p, spec.SystemConfig{Seed: uint64(k), Watchdog: watchdog})
		if ctx.Err() != nil || !h.note(number, uint64(k), p, run, err) {
			return
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tally.Programs++
	if h.Progress != nil {
		h.Progress(h.tally)
	}
}

// note counts a run and keeps what is wrong with it; false ends the program.
func (h *hunt) note(number int, seed uint64, p *program.Program, run *Run, err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	earliest := h.found == nil || number+1 < h.found.Number
	if err != nil {
		if h.err == nil && earliest {
			h.err, h.found = err, &Failure{Run: &Run{Program: p, Report: &traces.Report{}}, Number: number + 1}
		}
		return false
	}
	h.tally.Runs++
	switch run.Report.Verdict {
	case traces.Forbidden:
		if h.err == nil && earliest {
			h.found = &Failure{Run: run, Seed: seed, Number: number + 1}
		}
		h.tally.Programs++
		return false
	case traces.Undecided:
		h.tally.Undecided++
	}
	return true
}
