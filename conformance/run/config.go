package run

import (
	"context"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// DefaultSchedules is how many seeded schedules a case runs under on virtual time.
const DefaultSchedules = 32

// Config of a run. Adapter and Cases are needed.
type Config struct {
	Adapter spec.Adapter
	// Beside holds further adapters of the same implementation: [Execute] distributes the
	// cases among them and Adapter, each of which runs one case at a time.
	Beside []spec.Adapter
	Cases  []*cases.Case
	Seed   uint64
	// Schedules is the number of schedules per case on virtual time, 0 for
	// [DefaultSchedules]. A real adapter runs each case once.
	Schedules int
	// Repeat is how many times each case is run; the worst verdict counts. 0 means once.
	// On virtual time each time takes Schedules further seeds.
	Repeat int
	// Enumerate, where not nil, makes an enumerator of all schedules for a case; at most
	// Schedules of them are run.
	Enumerate func() Enumerator
	// Explore, where not nil, goes through the schedules of a case's code, on virtual time: those of Enumerate where that is not
	// nil too, else drawn by their seeds. It is faster than to run the case under each, which is done where it can't.
	Explore func(ctx context.Context, x *spec.Exploration) error
	// Watchdog limits one operation on a real clock; 0 means [spec.DefaultWatchdog].
	Watchdog time.Duration
	// Profile, where not nil, takes the place of the adapter's own claim.
	Profile []string
	// Strict judges every DOC clause.
	Strict bool
	// Sizes is "" for full ones on virtual time and those of a wire else.
	Sizes cases.Sizes
	// Known lists deviations that are known: a case of it that fails is known instead, one
	// that passes makes its entry stale.
	Known []verdict.Deviation
	// Flaky lists cases that may fail now and then: one that fails is repeated up to three
	// times, and passes if it ever does.
	Flaky []verdict.Deviation
	// Renew makes an adapter in place of one that a call never returned from; nil for none.
	Renew Factory
	// TrustKit leaves out the check of the adapter's kit: it is known to work, and what runs counts.
	TrustKit bool
	// FailFast begins no further case once one has failed or was an error.
	FailFast bool
	// Command makes the command that repeats a run from the flags that select it; nil for
	// mpcheck run with those flags.
	Command func(flags string) string
	// RepeatCase, where not nil, takes the place of Command: it makes the command that repeats the
	// case of that id so many times, where another program than mpcheck runs the cases.
	RepeatCase func(id string, times int) string
	// Replay, where not nil, is asked for the command that repeats the very run by which a case
	// came to its verdict, if that is inconclusive or worse; "" where there is none. sys is the
	// run's system, closed.
	Replay func(sys spec.System, s Setting) string
	// Journal makes a recorder for a run of a case, whose lines stand in the report of a
	// case that doesn't pass; nil for none.
	Journal func() Journal
	// Tape makes a recorder for a run of a case with that seed, of an adapter that shook hands
	// so; nil for none. done, where not nil, is told how the run ended.
	Tape func(h spec.Handshake, id string, seed uint64) (tape spec.Recorder, done func(verdict.Verdict))
	// Messages makes what is told each message of a run of a case with that seed, as of
	// [spec.SystemConfig]; nil for none. done is told how the run ended.
	Messages func(id string, seed uint64) (told func(sent bool, line []byte), done func(verdict.Verdict))
	// Progress, where not nil, is told when a case begins (result nil) and ends. done counts
	// the cases that have ended. It is called by one goroutine at a time.
	Progress func(k *cases.Case, done int, result *verdict.Result)
}

// complete fills in what follows from the handshake where the configuration is silent.
func (cfg Config) complete(h spec.Handshake) Config {
	if cfg.Profile == nil {
		cfg.Profile = h.Profile
	}
	if cfg.Sizes == "" {
		cfg.Sizes = cases.WireSizes
		if h.Clock == spec.Virtual {
			cfg.Sizes = cases.FullSizes
		}
	}
	if cfg.Watchdog == 0 {
		cfg.Watchdog = spec.DefaultWatchdog
	}
	return cfg
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

// Diagnosing is a journal that can say what is wrong with the run that it recorded, by whatever it judges runs with: the
// clauses that are broken there, the likeliest first, and lines for people. There are none where it finds nothing.
type Diagnosing interface {
	Journal
	Diagnose(h spec.Handshake) (clauses, lines []string)
}

// Selective is a journal that can tell which of its events matter: those of the decisive operation,
// those that own says are the clause's own, and what touched the same objects; at most so many.
type Selective interface {
	Journal
	Telling(decisive string, own func(op string) bool, most int) []string
}
