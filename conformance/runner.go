package conformance

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Version of the suite.
const Version = "0.1.0"

// DefaultSchedules is how many seeded schedules a case runs under on virtual time.
const DefaultSchedules = 32

// Config of a run.
type Config struct {
	Adapter spec.Adapter
	Cases   []*Case
	Seed    uint64
	// Schedules is the number of schedules per case on virtual time, 0 for
	// [DefaultSchedules]. A real adapter runs each case once.
	Schedules int
	// Enumerate, where not nil, makes an enumerator of all schedules for a case; at most
	// Schedules of them are run.
	Enumerate func() Enumerator
	// Watchdog limits one operation on a real clock; 0 means [spec.DefaultWatchdog].
	Watchdog time.Duration
	// Profile, where not nil, takes the place of the adapter's own claim.
	Profile []string
	// Strict judges every DOC clause.
	Strict bool
	// Sizes is "" for full ones on virtual time and those of a wire else.
	Sizes Sizes
	// Repeat makes the command that repeats a run from the flags that select it; nil for
	// mpcheck run with those flags.
	Repeat func(flags string) string
	// Journal makes a recorder for a run of a case, whose lines stand in the report of a
	// case that doesn't pass; nil for none.
	Journal func() Journal
	// Progress, where not nil, is told when a case begins (result nil) and ends.
	Progress func(k *Case, done int, result *Result)
}

// Enumerator is a [spec.Choices] that visits every run of a program, one after the other.
type Enumerator interface {
	spec.Choices
	// Next moves to the next run; false means that all were visited.
	Next() bool
}

// Journal is a recorder that can say what it recorded, a line an event.
type Journal interface {
	spec.Recorder
	Lines() []string
}

// Run puts the cases to the adapter, one after another, and reports. When ctx ends the
// report is partial: it has the cases that were finished. The error is about the
// adapter as a whole: a refused handshake.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	h := cfg.Adapter.Handshake()
	if err := h.Validate(); err != nil {
		return nil, err
	}
	r := &runner{Config: cfg, handshake: h}
	if r.Profile == nil {
		r.Profile = h.Profile
	}
	if r.Sizes == "" {
		r.Sizes = WireSizes
		if h.Clock == spec.Virtual {
			r.Sizes = FullSizes
		}
	}
	if r.Watchdog == 0 {
		r.Watchdog = spec.DefaultWatchdog
	}
	report := newReport(r.Config, h)
	for i, k := range cfg.Cases {
		if ctx.Err() != nil {
			break
		}
		r.progress(k, i, nil)
		result := r.run(ctx, k)
		if ctx.Err() != nil {
			break // the case was cut short: it has no verdict
		}
		report.Cases = append(report.Cases, result)
		r.progress(k, i+1, &result)
	}
	report.Partial = len(report.Cases) < len(cfg.Cases)
	report.rollUp()
	return report, nil
}

// NotRun is the report of a run that was cut short before there was an adapter.
func NotRun(cfg Config) *Report {
	report := newReport(cfg, spec.Handshake{})
	report.Partial = true
	report.rollUp()
	return report
}

func newReport(cfg Config, h spec.Handshake) *Report {
	return &Report{
		Format: 1, Suite: Suite{Version, len(spec.Clauses().Clauses)}, Adapter: h, Seed: cfg.Seed,
		Sizes: cfg.Sizes, Profile: append([]string{}, cfg.Profile...), Stale: []Stale{}, Cases: []Result{},
	}
}

type runner struct {
	Config
	handshake spec.Handshake
}

func (r *runner) progress(k *Case, done int, result *Result) {
	if r.Progress != nil {
		r.Progress(k, done, result)
	}
}

// run gives the verdict of a case: the worst over its schedules.
func (r *runner) run(ctx context.Context, k *Case) Result {
	began := time.Now()
	result := Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []Observation{}, Seed: r.Seed}
	if missing := r.missing(k); missing != "" {
		result.Reason = missing
		return result
	}
	schedules := 1
	if r.handshake.Clock == spec.Virtual {
		if schedules = r.Schedules; schedules == 0 {
			schedules = DefaultSchedules
		}
	}
	var enumerator Enumerator
	if r.Enumerate != nil && r.handshake.Clock == spec.Virtual {
		enumerator = r.Enumerate()
	}
	for n := range schedules {
		if ctx.Err() != nil {
			break
		}
		seed := r.Seed + uint64(n)
		one := r.runOnce(ctx, k, seed, enumerator, r.Watchdog)
		if one.Failure != nil && one.Failure.Timed {
			one = r.again(ctx, k, seed, one)
		}
		observed := merge(result.Observed, one.seen)
		if n == 0 || one.Verdict > result.Verdict {
			result = one.Result
		}
		result.Observed, result.Schedules = observed, n+1
		if result.Verdict == Fail || result.Verdict == Error {
			break
		}
		if enumerator != nil && !enumerator.Next() {
			result.Exhaustive = true
			break
		}
	}
	result.Seconds = time.Since(began).Seconds()
	return result
}

// again repeats a case that failed only because real time ran out, with three times the
// limit. A pass then means that the first run showed nothing.
func (r *runner) again(ctx context.Context, k *Case, seed uint64, first outcome) outcome {
	second := r.runOnce(ctx, k, seed, nil, 3*r.Watchdog)
	if second.Verdict == Pass || second.Verdict == Observed {
		first.Verdict = Inconclusive
		first.Reason = fmt.Sprintf("%s within %v; repeated with three times the limit the case passed: the machine may be slow", first.Message, r.Watchdog)
		return first
	}
	return second
}

// missing says why a case doesn't apply to the adapter, "" where it does.
func (r *runner) missing(k *Case) string {
	for _, id := range k.Witnesses() {
		if c := spec.Clauses().Lookup(id).Capability; !r.handshake.Has(c) {
			return fmt.Sprintf("the adapter doesn't claim the capability %s", c)
		}
	}
	for _, need := range k.Needs {
		if !r.handshake.Offers(need) {
			return "the adapter doesn't offer " + need
		}
	}
	return ""
}

// outcome is the result of one run of a case, and what was observed in it.
type outcome struct {
	Result
	seen []Observation
}

func (r *runner) runOnce(ctx context.Context, k *Case, seed uint64, enumerator Enumerator, watchdog time.Duration) outcome {
	result := Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []Observation{}, Seed: seed}
	var journal Journal
	cfg := spec.SystemConfig{Seed: mixSeed(seed, k.ID), Watchdog: watchdog}
	if enumerator != nil {
		cfg.Choices = enumerator
	}
	if r.Journal != nil {
		journal = r.Journal()
		cfg.Recorder = journal
	}
	sys, err := r.Adapter.Open(ctx, cfg)
	if err != nil {
		result.Verdict, result.Message = Error, "opening a system: "+err.Error()
		return outcome{Result: result}
	}
	c := &C{
		kase: k, handshake: r.handshake, sys: sys, choices: spec.Seeded(cfg.Seed), watchdog: watchdog.Seconds(),
		sizes: r.Sizes, Ledger: &Ledger{}, reached: map[string]bool{},
	}
	stop := context.AfterFunc(ctx, sys.Abort)
	err = c.run()
	stop()
	_, closeErr := sys.Close()
	// A callback of a system that was given up may still be running.
	c.mu.Lock()
	defer c.mu.Unlock()
	verdict, message := judge(k, c, errors.Join(err, closeErr), r.Profile, r.Strict)
	result.Verdict, result.Composed = verdict, c.composed
	switch verdict {
	case Inconclusive, NotApplicable:
		result.Reason = message
	default:
		result.Message = message
	}
	if c.failure != nil {
		f := c.failure.Failure
		result.Failure = &f
		result.Allowed, result.Seen = f.Allowed, f.Seen
	}
	if verdict >= Inconclusive {
		result.Repro = r.repro(k, seed)
		if journal != nil {
			result.Trace = journal.Lines()
		}
	}
	return outcome{result, c.observed}
}

// repro is the command that repeats a run: on virtual time exactly.
func (r *runner) repro(k *Case, seed uint64) string {
	flags := fmt.Sprintf("--select %s --seed %d", k.ID, seed)
	switch {
	case r.handshake.Clock != spec.Virtual:
	case r.Enumerate != nil:
		flags += " --schedules all"
	default:
		flags += " --schedules 1"
	}
	if r.Repeat == nil {
		return "mpcheck run " + flags
	}
	return r.Repeat(flags)
}

// mixSeed gives each case its own stream of choices.
func mixSeed(seed uint64, id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() ^ seed*0x9e3779b97f4a7c15
}

func merge(into, from []Observation) []Observation {
	for _, o := range from {
		i := slices.IndexFunc(into, func(x Observation) bool { return x.Clause == o.Clause && x.Behaviour == o.Behaviour })
		if i < 0 {
			into = append(into, o)
		} else {
			into[i].Count += o.Count
		}
	}
	return into
}
