package run

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Session puts single cases to an adapter and judges them: what every door opens on. Its
// methods may be called from one goroutine at a time.
type Session struct {
	cfg       Config
	handshake spec.Handshake
	// shared is what the sessions of one run have in common.
	shared *shared
}

// shared is what the sessions of one run have in common. It is safe for concurrent use.
type shared struct {
	turns turns
	hangs hangsOfRun
	// settled is true once nothing more is to be found out: a case that hung is not repeated.
	settled atomic.Bool

	checking sync.Once
	kit      []cases.KitFault
	// childless says why there are no helper children, "" where there are.
	childless string
}

// NewSession refuses a handshake that isn't valid, and lists that contradict each other.
func NewSession(cfg Config) (*Session, error) {
	h := cfg.Adapter.Handshake()
	if err := errors.Join(h.Validate(), verdict.CheckLists(cfg.Known, cfg.Flaky)); err != nil {
		return nil, err
	}
	cfg.Adapter = supervise(cfg.Adapter, cfg.Renew)
	return &Session{cfg.complete(h), h, &shared{}}, nil
}

// Beside makes a session of the same run on another adapter of the same implementation.
func (s *Session) Beside(adapter spec.Adapter) (*Session, error) {
	other := &Session{s.cfg, adapter.Handshake(), s.shared}
	other.cfg.Adapter = supervise(adapter, s.cfg.Renew)
	same := other.handshake
	same.PID = s.handshake.PID
	if !reflect.DeepEqual(same, s.handshake) {
		return nil, errBeside
	}
	return other, nil
}

// Adapter is the session's: one that watches that of the configuration, where there is something to watch.
// Closing it is the caller's.
func (s *Session) Adapter() spec.Adapter { return s.cfg.Adapter }

// Handshake is what the adapter said of itself.
func (s *Session) Handshake() spec.Handshake { return s.handshake }

// flakyRepeats is how often a case that is listed as flaky is repeated when it fails.
const flakyRepeats = 3

// Run gives the verdict of a case: the worst over its schedules and repetitions, with what
// the lists say of it. When ctx ends before the case does the verdict means nothing.
func (s *Session) Run(ctx context.Context, k *cases.Case) verdict.Result {
	s.shared.checking.Do(func() { s.checkKit(ctx) })
	began := time.Now()
	worst := attempt{Result: verdict.Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []cases.Observation{}, Seed: s.cfg.Seed}}
	if missing := s.missing(k); missing != "" {
		worst.Reason = missing
		return worst.Result
	}
	schedules := s.schedules()
	for n := range max(s.cfg.Repeat, 1) {
		first := s.cfg.Seed + uint64(n*schedules)
		one := s.schedulesFrom(ctx, k, first, schedules)
		one = s.flaky(ctx, k, one, func() attempt { return s.schedulesFrom(ctx, k, first, schedules) })
		observed, runs := verdict.Merge(worst.Observed, one.Observed), worst.Schedules+one.Schedules
		flaky := worst.Flaky || one.Flaky
		if n == 0 || one.Verdict > worst.Verdict {
			worst = one
		}
		worst.Observed, worst.Schedules, worst.Flaky = observed, runs, flaky
		if ctx.Err() != nil || worst.Verdict == verdict.Fail || worst.Exhaustive || worst.Hang != nil {
			break
		}
	}
	worst.Excuse(s.cfg.Known)
	if worst.replay != nil {
		worst.Replay = worst.replay()
	}
	worst.Seconds = time.Since(began).Seconds()
	return worst.Result
}

// flaky repeats a case that failed, where that is listed. On virtual time a repetition is
// the very same run, so that a failure stays one.
func (s *Session) flaky(ctx context.Context, k *cases.Case, first attempt, again func() attempt) attempt {
	if first.Verdict != verdict.Fail || verdict.Listed(s.cfg.Flaky, k.ID) == nil {
		return first
	}
	for range flakyRepeats {
		if ctx.Err() != nil {
			break
		}
		if one := again(); one.Verdict == verdict.Pass || one.Verdict == verdict.Observed && one.Failure == nil {
			one.Flaky = true
			return one
		}
	}
	return first
}

// schedules is how many a case runs under at a time.
func (s *Session) schedules() int {
	switch {
	case s.handshake.Clock != spec.Virtual:
		return 1
	case s.cfg.Schedules == 0:
		return DefaultSchedules
	}
	return s.cfg.Schedules
}

// schedulesFrom runs a case under so many schedules, or all there are where they are
// enumerated or explored.
func (s *Session) schedulesFrom(ctx context.Context, k *cases.Case, first uint64, count int) attempt {
	if s.explores() {
		return s.explored(ctx, k, first, count)
	}
	return s.under(ctx, k, first, count)
}

// under runs a case under each of so many schedules.
func (s *Session) under(ctx context.Context, k *cases.Case, first uint64, count int) attempt {
	var worst attempt
	var enumerator Enumerator
	if s.cfg.Enumerate != nil && s.handshake.Clock == spec.Virtual {
		enumerator = s.cfg.Enumerate()
	}
	for n := range count {
		if n > 0 && ctx.Err() != nil {
			break
		}
		one := s.judged(ctx, k, first+uint64(n), enumerator)
		observed := verdict.Merge(worst.Observed, one.Observed)
		if n == 0 || one.Verdict > worst.Verdict {
			worst = one
		}
		worst.Observed, worst.Schedules = observed, n+1
		if worst.Verdict >= verdict.Error {
			break
		}
		if enumerator != nil && !enumerator.Next() {
			worst.Exhaustive = true
			break
		}
	}
	if worst.Observed == nil {
		worst.Observed = []cases.Observation{}
	}
	return worst
}

// missing says why a case doesn't apply to the adapter, "" where it does.
func (s *Session) missing(k *cases.Case) string {
	for _, id := range k.Witnesses() {
		if c := spec.Clauses().Lookup(id).Capability; !s.handshake.Has(c) {
			return fmt.Sprintf("the adapter doesn't claim the capability %s", c)
		} else if c == spec.Posix && s.shared.childless != "" {
			return s.shared.childless
		}
	}
	for _, need := range k.Needs {
		if !s.handshake.Offers(need) {
			return "the adapter doesn't offer " + need
		}
		if need == "launch" && s.shared.childless != "" {
			return s.shared.childless
		}
	}
	return ""
}
