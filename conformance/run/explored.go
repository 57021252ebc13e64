package run

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// An exploration goes through the schedules of a case's code without running it under each. What it finds is run as any case
// is: the first run of each class, by its schedule. Those runs give the verdict.

// explores tells whether the cases of the session are explored so. Where each run is to be recorded each is run.
func (s *Session) explores() bool {
	return s.cfg.Explore != nil && s.handshake.Clock == spec.Virtual && s.cfg.Tape == nil && s.cfg.Messages == nil
}

// explored runs a case under the schedules that an exploration finds. Where that can't be, it is run under each.
func (s *Session) explored(ctx context.Context, k *cases.Case, first uint64, count int) attempt {
	enumerated := s.cfg.Enumerate != nil
	var drew atomic.Bool // what is drawn at random, beside the schedule, differs from seed to seed
	var shown []attempt
	worst := -1
	x := &spec.Exploration{
		Most: count,
		Seed: func(n int) uint64 { return mixSeed(first+uint64(n), k.ID) },
		Code: func(sys spec.System) func(spec.Frame) {
			setting := s.setting(k, first, enumerated)
			return k.Code(cases.Stage{
				System: sys, Handshake: s.handshake, Choices: drawn{spec.Seeded(mixSeed(setting.Shuffle, k.ID)), &drew},
				Watchdog: setting.Watchdog, Sizes: setting.Sizes, Kit: s.shared.kit,
			})
		},
		Show: func(n int, schedule spec.Choices) bool {
			if drew.Load() && !enumerated || ctx.Err() != nil {
				return false
			}
			one := s.runOnce(ctx, k, first+uint64(n), s.setting(k, first+uint64(n), enumerated), schedule)
			shown = append(shown, one)
			if worst < 0 || one.Verdict > shown[worst].Verdict {
				worst = len(shown) - 1
			}
			return one.Verdict < verdict.Error
		},
	}
	err := s.cfg.Explore(ctx, x)
	draws := drew.Load() && !enumerated
	if err == nil && worst < 0 && !draws {
		err = errors.New("the exploration has come to the end of no run")
	}
	switch {
	case ctx.Err() != nil && worst < 0:
		return s.under(ctx, k, first, 1)
	case err != nil && ctx.Err() == nil, draws:
		result := s.under(ctx, k, first, count)
		if err != nil {
			result.Note = fmt.Sprintf("it was run under each schedule, which takes long: %v", err)
		}
		return result
	}
	result := shown[worst]
	result.Observed = []cases.Observation{}
	for i, one := range shown {
		for _, o := range one.Observed {
			o.Count *= x.Classes[i]
			result.Observed = verdict.Merge(result.Observed, []cases.Observation{o})
		}
	}
	result.Schedules, result.Exhaustive, result.States = x.Runs, x.Complete, x.States
	return result
}

// drawn are choices that say whether any was drawn.
type drawn struct {
	spec.Choices
	any *atomic.Bool // code may be run by several goroutines
}

// Choose implements [spec.Choices].
func (d drawn) Choose(n int) int {
	d.any.Store(true)
	return d.Choices.Choose(n)
}
