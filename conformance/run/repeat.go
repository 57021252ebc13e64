package run

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// judged runs a case under one schedule. One that failed only because real time ran out is
// repeated, alone, with three times the limit, unless it is known what hangs there.
func (s *Session) judged(ctx context.Context, k *cases.Case, seed uint64, enumerator Enumerator) (result attempt) {
	s.shared.turns.beside(func() {
		result = s.runOnce(ctx, k, seed, s.setting(k, seed, enumerator != nil), choices(enumerator))
	})
	if !result.hangs() || ctx.Err() != nil {
		return result
	}
	result.Hang.Runs, result.Hang.Waited = 1, []float64{s.cfg.Watchdog.Seconds()}
	if s.shared.settled.Load() {
		return result.undecided("it was not repeated: the run had found what it looked for")
	}
	return s.confirm(ctx, k, seed, result)
}

// hangs tells whether only the running out of time speaks for a failure, or for the error of a case that was over but for the
// end of the test's process. What an adapter said of its own end decides a verdict however often the case is run.
func (r *attempt) hangs() bool {
	if r.Hang == nil || r.Hang.In != "" {
		return false
	}
	if r.Failure == nil {
		return r.Verdict == verdict.Error
	}
	return r.Failure.Timed && r.Verdict != verdict.Error
}

// undecided makes a result of a hang inconclusive.
func (r attempt) undecided(reason string) attempt {
	r.Verdict, r.Reason = verdict.Inconclusive, r.Message+": "+reason
	r.Message = ""
	return r
}

// confirm repeats a case that hung. A hang of the same kind that is confirmed, before or while
// this waits its turn, is not found out again: one wait alone convicts nobody.
func (s *Session) confirm(ctx context.Context, k *cases.Case, seed uint64, first attempt) attempt {
	hangs := &s.shared.hangs
	if known := hangs.claim(first.Hang.Kinds, k.ID); known != nil {
		hangs.meets(known)
		first.Hang.In = known.in
		return first.undecided("not waited for again: " + cases.HungIn(known.kind, known.in))
	}
	patient := s.setting(k, seed, false)
	patient.Watchdog *= 3
	var second attempt
	s.shared.turns.apart(func() { second = s.runOnce(ctx, k, seed, patient, nil) })
	confirmed := second.hangs()
	kinds := first.Hang.Kinds
	if confirmed {
		// Both runs met these. Where they have none in common, each may be what hangs.
		if common := slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return !slices.Contains(second.Hang.Kinds, kind) }); len(common) > 0 {
			hangs.settle(slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return slices.Contains(common, kind) }), false)
			kinds = common
		}
	}
	hangs.settle(kinds, confirmed)
	switch {
	case confirmed:
		second.Hang.Runs, second.Hang.Confirmed = 2, true
		second.Hang.Waited = append(first.Hang.Waited, patient.Watchdog.Seconds())
		return second
	case (second.Verdict == verdict.Pass || second.Verdict == verdict.Observed) && second.Failure == nil && ctx.Err() == nil:
		return s.again(ctx, k, seed, first)
	}
	return second
}

// How often a hang is tried again that was not confirmed: a wake-up that is lost one time in
// twenty shows. No repetition begins once these seconds are over, nor after the second hang.
const (
	moreRepeats = 20
	moreSeconds = 10
)

// again repeats a case beside other cases that hung once and, repeated alone, did not. That says
// how often it hangs, and convicts nobody.
func (s *Session) again(ctx context.Context, k *cases.Case, seed uint64, first attempt) attempt {
	h := *first.Hang
	h.Runs = 2
	began := time.Now()
	for range moreRepeats {
		if ctx.Err() != nil || s.shared.settled.Load() || len(h.Waited) > 1 || time.Since(began) > moreSeconds*time.Second {
			break
		}
		s.shared.turns.beside(func() {
			one := s.runOnce(ctx, k, seed, s.setting(k, seed, false), nil)
			h.Runs++
			if one.hangs() {
				h.Waited = append(h.Waited, s.cfg.Watchdog.Seconds())
			}
		})
	}
	first.Hang = &h
	first.Repro = s.command(k, seed, moreRepeats)
	return first.undecided(fmt.Sprintf("within %v it hung in %d of %d runs; alone, with three times the limit, it did not. "+
		"A wake-up that is lost now and then looks like this, and so does a slow machine", s.cfg.Watchdog, len(h.Waited), h.Runs))
}

// checkKit finds the operations of the kit that are at fault. Where the adapter serves no system
// at all each case says so.
func (s *Session) checkKit(ctx context.Context) {
	if s.cfg.TrustKit {
		return
	}
	check, _ := CheckKit(ctx, s.cfg.Adapter, s.cfg.Watchdog)
	s.shared.kit = check.Faults
	if check.Childless {
		s.shared.childless = "there are neither helper children nor launched images in the test's own process: have the adapter run in one of its own (package adapters/remote, docs/adapters.md)"
	}
}
