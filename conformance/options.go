package conformance

import (
	"fmt"
	"os"
	"time"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Option configures [Run] and the suites of package ginkgosuite.
type Option func(*Plan) error

// WithSelect runs only the cases that match one of the patterns (see [Select]); repeated, it
// adds to them.
func WithSelect(patterns ...string) Option {
	return func(p *Plan) error { p.selected = append(p.selected, patterns...); return nil }
}

// WithSkip leaves out the cases that match one of the patterns.
func WithSkip(patterns ...string) Option {
	return func(p *Plan) error { p.skipped = append(p.skipped, patterns...); return nil }
}

// WithKnown reads a list of known deviations (see [ReadDeviations]): a case on it is skipped
// when it fails, and fails when it passes.
func WithKnown(file string) Option {
	return func(p *Plan) error { return readList(file, &p.Config.Known) }
}

// WithFlaky reads a list of cases that may fail now and then: one that fails is repeated up
// to three times, and passes if it ever does.
func WithFlaky(file string) Option {
	return func(p *Plan) error { return readList(file, &p.Config.Flaky) }
}

func readList(path string, into *[]verdict.Deviation) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	list, err := verdict.ReadDeviations(file, path)
	*into = append(*into, list...)
	return err
}

// WithProfile judges DOC clauses by these profiles instead of those that the adapter claims.
func WithProfile(profiles ...string) Option {
	return func(p *Plan) error {
		for _, name := range profiles {
			if err := spec.CheckProfile(name); err != nil {
				return err
			}
		}
		p.Config.Profile = append(p.Config.Profile, profiles...)
		return nil
	}
}

// WithStrict judges every DOC clause.
func WithStrict() Option {
	return func(p *Plan) error { p.Config.Strict = true; return nil }
}

// WithSeed sets the first seed of the schedules and of what a case shuffles; it is 1 without.
func WithSeed(seed uint64) Option {
	return func(p *Plan) error { p.Config.Seed = seed; return nil }
}

// WithSchedules sets how many schedules a case runs under where the adapter's scheduler
// takes a seed; it is [DefaultSchedules] without.
func WithSchedules(n int) Option {
	return func(p *Plan) error {
		if n < 1 {
			return fmt.Errorf("%d schedules: want a positive number", n)
		}
		p.Config.Schedules = n
		return nil
	}
}

// WithTimeout limits one operation on a real clock; it is [spec.DefaultWatchdog] without.
func WithTimeout(d time.Duration) Option {
	return func(p *Plan) error {
		if d <= 0 {
			return fmt.Errorf("timeout %v: want a positive duration", d)
		}
		p.Config.Watchdog = d
		return nil
	}
}

// WithJournal has every run of a case recorded, so that a failure can show its events.
// Package traces has a journal:
//
//	conformance.WithJournal(func() conformance.Journal { return &traces.Journal{} })
func WithJournal(journal func() Journal) Option {
	return func(p *Plan) error { p.Config.Journal = journal; return nil }
}

// WithCommand says how a person repeats a run: command makes a command line from the flags of
// mpcheck run that select it. Without, a report names that command without an adapter.
func WithCommand(command func(flags string) string) Option {
	return func(p *Plan) error { p.Config.Command = command; return nil }
}

// WithRepeat says how a person repeats a case in your own tests, so many times. [Run] and the suites of
// package ginkgosuite know that of themselves.
func WithRepeat(command func(id string, times int) string) Option {
	return func(p *Plan) error { p.Config.RepeatCase = command; return nil }
}

// WithJobs has that many cases run side by side, each on an adapter of its own: the factory is
// called as often, and each adapter must be independent of the others. It works with [Run] alone,
// where the subtests are parallel ones: -parallel limits them too.
func WithJobs(n int) Option {
	return func(p *Plan) error {
		if n < 1 {
			return fmt.Errorf("%d jobs: want a positive number", n)
		}
		p.jobs = n
		return nil
	}
}

// WithResults has each result told to a function of yours as its case ends, by one goroutine at a
// time.
func WithResults(told func(Result)) Option {
	return func(p *Plan) error { p.results = told; return nil }
}

// InBubble runs each case, with an adapter of its own, in a bubble of testing/synctest. Time
// is virtual there and quiescence exact: no case takes the time that it waits. It is for
// implementations in Go that live in the test's own process; all that an adapter starts must
// end when it is closed, and what its goroutines block on must be made by them or their
// system. Clauses that need more than the capability core aren't applicable: a bubble can't
// contain children of the operating system. It works with [Run] alone.
func InBubble() Option {
	return func(p *Plan) error { p.bubble = true; return nil }
}
