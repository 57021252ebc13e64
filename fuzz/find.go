package fuzz

import (
	"cmp"
	"context"
	"sync"
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
	// Beside holds further adapters of the same implementation: programs are distributed among
	// them and Adapter, each of which runs one at a time. On real time a program mostly waits.
	Beside []spec.Adapter
	// Seed is of the programs and the schedules.
	Seed uint64
	// Families of the programs; nil is a choice of two for each.
	Families []Family
	// Without are claims that no program makes use of, operations or what is claimed apart of them; see [Offered].
	Without []string
	// Schedules is how often each program is run; 0 is 4 on virtual time and 1 on real.
	Schedules int
	// Programs bounds how many are tried; 0 is no bound.
	Programs int
	// Limit is that of real time for one operation of the test, and for nothing to happen where
	// something could; 0 is [HangLimit].
	Limit time.Duration
	// Pass, where not nil, is asked of each failure whether it is passed over: it is known, or kept
	// by whoever is asked, and the search goes on. It is called by one goroutine at a time.
	Pass func(*Failure) bool
	// Uniform prefers no operation to another; else [Weights] do.
	Uniform bool
	// Coverage is what the adapter's simulator collects; nil where nobody sees inside it. The
	// next program rather calls what it lacks, or what no program has called. With it there is
	// nothing beside: what the next program is depends on what the one before has reached.
	Coverage *refimpl.Coverage
	// Progress, where not nil, is told after each program what was done so far. It is called by
	// one goroutine at a time.
	Progress func(Tally)
}

// HangLimit is how long nothing must happen, although the specification says that something could
// go on, before a program is said to hang. It convicts when the program has hung again, repeated
// alone and given three times as long. It is also the limit of real time for one operation of the test, of
// which a right implementation needs little: it doesn't wait without end ([InRealTime]), and a child
// starts within it on a busy machine.
const HangLimit = 5 * time.Second

// hangRepeats is how often a program that hung is repeated.
const hangRepeats = 30

// Tally counts what a search has done.
type Tally struct {
	Programs, Runs, Undecided int
	// Passed counts the programs whose failure was passed over.
	Passed int
	// Hung counts the programs that hung once and not again when they were repeated alone: nothing
	// can be said of them.
	Hung int
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

// Find returns the first failure, not yet shrunk; nil when the bound or ctx ended the search. On
// virtual time it is the same whatever runs side by side: of those found the one with the lowest
// number. The error is the adapter's.
func (s *Search) Find(ctx context.Context) (*Failure, Tally, error) {
	h := &hunt{
		Search: s, tally: Tally{Returned: map[string]bool{}},
		programs: &Inventor{Seed: s.Seed, Families: s.Families, Uniform: s.Uniform, Coverage: s.Coverage},
	}
	var running sync.WaitGroup
	adapters := []spec.Adapter{s.Adapter}
	if s.Coverage == nil {
		adapters = append(adapters, s.Beside...)
	}
	for _, a := range adapters {
		running.Go(func() {
			for p, n := h.take(ctx); p != nil; p, n = h.take(ctx) {
				h.try(ctx, a, p, n)
			}
		})
	}
	running.Wait()
	return h.found, h.tally, h.err
}

// A hunt is a search under way.
type hunt struct {
	*Search

	alone    sync.RWMutex // held for writing by who repeats a program alone
	mu       sync.Mutex
	programs *Inventor
	next     int // programs begun
	tally    Tally
	found    *Failure
	err      error
}

func (s *Search) limit() time.Duration { return cmp.Or(s.Limit, HangLimit) }

// take hands out the next program and its number, from 0; nil for none. Once something was found
// none that comes later matters.
func (h *hunt) take(ctx context.Context) (*program.Program, int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.found != nil || h.err != nil || h.Programs != 0 && h.next >= h.Programs || ctx.Err() != nil {
		return nil, 0
	}
	h.next++
	return h.programs.Next(), h.next - 1
}

// try runs one program.
func (h *hunt) try(ctx context.Context, a spec.Adapter, p *program.Program, number int) {
	virtual := a.Handshake().Clock == spec.Virtual
	schedules := h.Schedules
	if schedules == 0 {
		schedules = 1
		if virtual {
			schedules = 4
		}
	}
	p = Offered(p, leaves(a.Handshake(), h.Without))
	if !virtual {
		p = InRealTime(p)
	}
	for k := range schedules {
		h.alone.RLock()
		run, err := ExecuteUntilQuiet(ctx, a, p, spec.SystemConfig{Seed: uint64(k), Watchdog: h.limit()}, h.limit())
		h.alone.RUnlock()
		if err == nil && run.Hung {
			run, err = h.hangsAgain(ctx, a, run)
		}
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

// hangsAgain repeats a program that hung, alone and with more patience, and returns the run that
// hung again; else the last one.
func (h *hunt) hangsAgain(ctx context.Context, a spec.Adapter, hung *Run) (run *Run, err error) {
	h.alone.Lock()
	defer h.alone.Unlock()
	run = hung
	for n := range hangRepeats {
		again, err := ExecuteUntilQuiet(ctx, a, hung.Program, spec.SystemConfig{Seed: uint64(n), Watchdog: 3 * h.limit()}, 3*h.limit())
		if err != nil || ctx.Err() != nil {
			return run, err
		}
		if run = again; run.Report.Verdict == traces.Forbidden {
			return run, nil
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tally.Hung++
	return run, nil
}

// note counts a run and keeps what is wrong with it; false ends the program.
func (h *hunt) note(number int, seed uint64, p *program.Program, run *Run, err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	earliest := h.found == nil || number+1 < h.found.Number
	if err != nil {
		if earliest {
			h.err, h.found = err, &Failure{Run: &Run{Program: p, Report: &traces.Report{}}, Number: number + 1}
		}
		return false
	}
	h.tally.Runs++
	h.tally.note(run.Labels)
	switch run.Report.Verdict {
	case traces.Forbidden:
		h.tally.Programs++
		f := &Failure{Run: run, Seed: seed, Number: number + 1}
		if h.Pass != nil && h.Pass(f) {
			h.tally.Passed++
		} else if earliest {
			h.err, h.found = nil, f
		}
		return false
	case traces.Undecided:
		h.tally.Undecided++
	}
	return true
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
