package conformance

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

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
	kit      []KitFault
	// childless says why there are no helper children, "" where there are.
	childless string
}

// NewSession refuses a handshake that isn't valid, and lists that contradict each other.
func NewSession(cfg Config) (*Session, error) {
	h := cfg.Adapter.Handshake()
	if err := errors.Join(h.Validate(), CheckLists(cfg.Known, cfg.Flaky)); err != nil {
		return nil, err
	}
	cfg.Adapter = supervise(cfg.Adapter, cfg.renew)
	s := &Session{cfg, h, &shared{}}
	s.complete()
	return s, nil
}

// complete fills in what follows from the handshake where the configuration is silent.
func (s *Session) complete() {
	cfg := &s.cfg
	if cfg.Profile == nil {
		cfg.Profile = s.handshake.Profile
	}
	if cfg.Sizes == "" {
		cfg.Sizes = WireSizes
		if s.handshake.Clock == spec.Virtual {
			cfg.Sizes = FullSizes
		}
	}
	if cfg.Watchdog == 0 {
		cfg.Watchdog = spec.DefaultWatchdog
	}
}

// beside makes a session of the same run on another adapter of the same implementation.
func (s *Session) beside(adapter spec.Adapter) (*Session, error) {
	other := &Session{s.cfg, adapter.Handshake(), s.shared}
	other.cfg.Adapter = supervise(adapter, s.cfg.renew)
	same := other.handshake
	same.PID = s.handshake.PID
	if !reflect.DeepEqual(same, s.handshake) {
		return nil, errBeside
	}
	return other, nil
}

// Handshake is what the adapter said of itself.
func (s *Session) Handshake() spec.Handshake { return s.handshake }

// Report makes the report of a run with these results, which stand in any order; those of
// the same case after the first mean nothing. It is partial where cases are missing.
func (s *Session) Report(results []Result) *Report {
	cfg := s.cfg
	report := &Report{
		Format: 1, Suite: suite(), Adapter: s.handshake, Seed: cfg.Seed,
		Sizes: cfg.Sizes, Profile: append([]string{}, cfg.Profile...), Cases: []Result{}, strict: cfg.Strict,
	}
	for _, k := range cfg.Cases {
		if i := slices.IndexFunc(results, func(r Result) bool { return r.ID == k.ID }); i >= 0 {
			report.Cases = append(report.Cases, results[i])
		}
	}
	report.Partial = len(report.Cases) < len(cfg.Cases)
	report.Stale = cfg.stale(report.Cases)
	report.rollUp()
	return report
}

// flakyRepeats is how often a case that is listed as flaky is repeated when it fails.
const flakyRepeats = 3

// Run gives the verdict of a case: the worst over its schedules and repetitions, with what
// the lists say of it. When ctx ends before the case does the verdict means nothing.
func (s *Session) Run(ctx context.Context, k *Case) Result {
	s.shared.checking.Do(func() { s.checkKit(ctx) })
	began := time.Now()
	result := Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []Observation{}, Seed: s.cfg.Seed}
	if missing := s.missing(k); missing != "" {
		result.Reason = missing
		return result
	}
	schedules := s.schedules()
	for n := range max(s.cfg.Repeat, 1) {
		first := s.cfg.Seed + uint64(n*schedules)
		one := s.schedulesFrom(ctx, k, first, schedules)
		one = s.flaky(ctx, k, one, func() Result { return s.schedulesFrom(ctx, k, first, schedules) })
		observed, runs := merge(result.Observed, one.Observed), result.Schedules+one.Schedules
		flaky := result.Flaky || one.Flaky
		if n == 0 || one.Verdict > result.Verdict {
			result = one
		}
		result.Observed, result.Schedules, result.Flaky = observed, runs, flaky
		if ctx.Err() != nil || result.Verdict == Fail || result.Exhaustive || result.Hang != nil {
			break
		}
	}
	result.excuse(s.cfg.Known)
	if result.replay != nil {
		result.Replay = result.replay()
	}
	result.Seconds = time.Since(began).Seconds()
	return result
}

// flaky repeats a case that failed, where that is listed. On virtual time a repetition is
// the very same run, so that a failure stays one.
func (s *Session) flaky(ctx context.Context, k *Case, first Result, again func() Result) Result {
	if first.Verdict != Fail || reasonFor(s.cfg.Flaky, k.ID) == nil {
		return first
	}
	for range flakyRepeats {
		if ctx.Err() != nil {
			break
		}
		if one := again(); one.Verdict == Pass || one.Verdict == Observed && one.Failure == nil {
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
// enumerated.
func (s *Session) schedulesFrom(ctx context.Context, k *Case, first uint64, count int) Result {
	var result Result
	var enumerator Enumerator
	if s.cfg.Enumerate != nil && s.handshake.Clock == spec.Virtual {
		enumerator = s.cfg.Enumerate()
	}
	for n := range count {
		if n > 0 && ctx.Err() != nil {
			break
		}
		one := s.judged(ctx, k, first+uint64(n), enumerator)
		observed := merge(result.Observed, one.Observed)
		if n == 0 || one.Verdict > result.Verdict {
			result = one
		}
		result.Observed, result.Schedules = observed, n+1
		if result.Verdict >= Error {
			break
		}
		if enumerator != nil && !enumerator.Next() {
			result.Exhaustive = true
			break
		}
	}
	if result.Observed == nil {
		result.Observed = []Observation{}
	}
	return result
}

// missing says why a case doesn't apply to the adapter, "" where it does.
func (s *Session) missing(k *Case) string {
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
	}
	return ""
}

// runOnce runs a case on a fresh system. Without choices the adapter's scheduler has the seed.
func (s *Session) runOnce(ctx context.Context, k *Case, seed uint64, setting Setting, choices spec.Choices) (result Result) {
	result = Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []Observation{}, Seed: seed}
	var journal Journal
	cfg := spec.SystemConfig{Seed: mixSeed(seed, k.ID), Watchdog: setting.Watchdog, Choices: choices}
	if s.cfg.Journal != nil {
		journal = s.cfg.Journal()
		cfg.Recorder = journal
	}
	late := &belated{}
	if s.cfg.Tape != nil {
		cfg.Recorder = both(cfg.Recorder, late)
	}
	logged := func(Verdict) {}
	if s.cfg.Messages != nil {
		cfg.Messages, logged = s.cfg.Messages(k.ID, seed)
	}
	defer func() { logged(result.Verdict) }()
	sys, err := s.cfg.Adapter.Open(ctx, cfg)
	done := func(Verdict) {}
	if s.cfg.Tape != nil { // which says who serves, and only now that is known
		tape, end := s.cfg.Tape(s.current(), k.ID, seed)
		late.on(tape)
		if end != nil {
			done = end
		}
	}
	defer func() { done(result.Verdict) }()
	if err != nil {
		result.Verdict, result.Message = Error, "opening a system: "+err.Error()
		return result
	}
	c := &C{
		theCase: k, handshake: s.handshake, sys: sys, choices: spec.Seeded(mixSeed(setting.Shuffle, k.ID)), watchdog: setting.Watchdog.Seconds(),
		sizes: setting.Sizes, Ledger: &Ledger{}, reached: map[string]bool{},
	}
	c.handshake = s.current()
	c.hangs, c.kit = &s.shared.hangs, s.shared.kit
	stop := context.AfterFunc(ctx, sys.Abort)
	err = c.run()
	stop()
	_, closeErr := sys.Close()
	// A callback of a system that was given up may still be running.
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.discarding != nil {
		c.discarding.Stop()
	}
	verdict, message := judge(k, c, errors.Join(err, closeErr), setting.Profile, setting.Strict)
	result.Verdict, result.Composed = verdict, c.composed
	switch verdict {
	case Inconclusive, NotApplicable:
		result.Reason = message
	default:
		result.Message = message
	}
	if s.handshake.Clock == spec.Real {
		result.Hang = c.hung
	}
	var fault *KitFault
	if errors.As(c.broken, &fault) && verdict == Error {
		result.Kit = fault
	}
	result.Cause = c.causeOf(verdict)
	if c.failure != nil {
		f := c.failure.Failure
		if verdict != Error {
			result.Failure = &f
		}
		result.Allowed, result.Seen = f.Allowed, f.Seen
	}
	if verdict >= Inconclusive {
		result.Repro = s.repro(k, seed)
		if journal != nil {
			result.Trace = journal.Lines()
			result.Events = telling(journal, k, &result)
			result.Diagnosis = s.diagnose(journal, verdict, setting)
		}
		if s.cfg.Replay != nil {
			result.replay = func() string { return s.cfg.Replay(sys, setting) }
		}
	}
	result.Observed = append(result.Observed, c.observed...)
	return result
}

// diagnose asks the journal what is wrong with a run, nil where it can't say.
func (s *Session) diagnose(journal Journal, v Verdict, setting Setting) *Diagnosis {
	d, ok := journal.(Diagnosing)
	if !ok || v != Fail && v != Inconclusive {
		return nil
	}
	h := s.current()
	if h.Profile = setting.Profile; setting.Strict {
		h.Profile = spec.Profiles
	}
	clauses, lines := d.Diagnose(h)
	if len(clauses) == 0 {
		return nil
	}
	return &Diagnosis{clauses, lines}
}

// eventsTold is how many events of a run the text shows at most.
const eventsTold = 25

// telling are the events that matter for a result, nil where the journal can't say.
func telling(journal Journal, k *Case, r *Result) []string {
	selective, ok := journal.(Selective)
	if !ok {
		return nil
	}
	decisive, clauses := "", []string{k.Clause()}
	if r.Cause != nil && !strings.HasPrefix(r.Cause.Operation, "what ") {
		decisive = operationOf(r.Cause.Operation)
	}
	if r.Failure != nil {
		clauses = append(clauses, r.Failure.Clause)
	}
	return selective.Telling(decisive, func(name string) bool {
		op := spec.LookupOp(name)
		return op != nil && !op.Is(spec.Kit) && about(op, clauses...)
	}, eventsTold)
}

// current is the handshake with the process id of the moment: a pool may have replaced its
// process.
func (s *Session) current() spec.Handshake {
	h := s.handshake
	if h.Clock == spec.Real {
		h.PID = s.cfg.Adapter.Handshake().PID
	}
	return h
}

// both is a recorder that tells two; the first may be nil.
func both(first, second spec.Recorder) spec.Recorder {
	if first == nil {
		return second
	}
	return recorders{first, second}
}

type recorders [2]spec.Recorder

func (r recorders) Record(l spec.Label) {
	r[0].Record(l)
	r[1].Record(l)
}

// repro is the command that repeats a run: on virtual time exactly.
func (s *Session) repro(k *Case, seed uint64) string { return s.command(k, seed, 1) }

// command is the command that runs a case again, so many times.
func (s *Session) command(k *Case, seed uint64, times int) string {
	if s.cfg.RepeatCase != nil {
		return s.cfg.RepeatCase(k.ID, times)
	}
	flags := fmt.Sprintf("--select %s --seed %d", k.ID, seed)
	switch {
	case s.handshake.Clock != spec.Virtual:
	case s.cfg.Enumerate != nil:
		flags += " --schedules all"
	default:
		flags += " --schedules 1"
	}
	if times > 1 {
		flags += fmt.Sprintf(" --repeat %d", times)
	}
	if s.cfg.Command == nil {
		return "mpcheck run " + flags
	}
	return s.cfg.Command(flags)
}

// mixSeed gives each case its own stream of choices.
func mixSeed(seed uint64, id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() ^ seed*0x9e3779b97f4a7c15
}
