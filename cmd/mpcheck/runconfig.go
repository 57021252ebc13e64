package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// config reads the flags into a configuration without an adapter. All that is wrong with
// them is found here, before anything is started.
func (f *runFlags) config(ctx context.Context, command []string) (run.Config, error) {
	cfg := run.Config{
		Seed: f.seed, Repeat: f.repeat, Watchdog: f.timeout, Strict: f.strict, Profile: f.profile, FailFast: f.failFast,
		Journal: func() run.Journal { return &traces.Journal{} },
		Command: f.again(command),
	}
	if len(command) == 0 {
		if err := checkAdapter(f.adapter); err != nil {
			return cfg, err
		}
	}
	for _, p := range f.profile {
		if err := spec.CheckProfile(p); err != nil {
			return cfg, usage("%w", err)
		}
	}
	if f.timeout <= 0 {
		return cfg, usage("--timeout %v: want a positive duration such as 20s", f.timeout)
	}
	if err := checkStartTimeout(f.startTimeout); err != nil {
		return cfg, err
	}
	if f.repeat < 1 {
		return cfg, usage("--repeat %d: want a positive number", f.repeat)
	}
	if err := f.setSchedules(&cfg, command); err != nil {
		return cfg, err
	}
	if err := f.setLists(ctx, &cfg); err != nil {
		return cfg, err
	}
	var err error
	cfg.Cases, err = f.cases(ctx)
	return cfg, err
}

// cases are those that the patterns select and, with --rerun, did not pass before.
func (f *runFlags) cases(ctx context.Context) ([]*cases.Case, error) {
	chosen, err := cases.Select(cases.All(), f.sel, f.skip)
	if err != nil {
		return nil, usage("%w", err)
	}
	if f.rerun == "" {
		return chosen, nil
	}
	file, err := openInput(ctx, f.rerun)
	if err != nil {
		return nil, usage("--rerun: %w", err)
	}
	defer file.Close()
	earlier, err := verdict.ReadReport(file)
	if err != nil {
		return nil, usage("--rerun %s: %w", f.rerun, err)
	}
	ids := earlier.NotPassed()
	return slices.DeleteFunc(chosen, func(k *cases.Case) bool { return !slices.Contains(ids, k.ID) }), nil
}

func (f *runFlags) setSchedules(cfg *run.Config, command []string) error {
	if f.schedules == "all" {
		cfg.Schedules = math.MaxInt
		cfg.Sizes = cases.ExploreSizes
		cfg.Enumerate = func() run.Enumerator { return refimpl.NewDepthFirst() }
		cfg.Explore = refimpl.Explorer{}.Explore
		if len(command) > 0 || f.adapter != "refimpl" {
			return usage("--schedules all needs a scheduler of ours: use it with --adapter refimpl")
		}
		return nil
	}
	n, err := strconv.Atoi(f.schedules)
	if err != nil || n < 1 {
		return usage("--schedules %s: want a positive number, or all", f.schedules)
	}
	cfg.Schedules = n
	if len(command) > 0 || f.adapter != "refimpl" {
		cfg.Sizes = cases.WireSizes // on a virtual clock too
	}
	return nil
}

// setLists reads the lists of known deviations and of flaky cases.
func (f *runFlags) setLists(ctx context.Context, cfg *run.Config) error {
	for _, list := range []struct {
		flag, path string
		into       *[]verdict.Deviation
	}{{"--known", f.known, &cfg.Known}, {"--flaky", f.flaky, &cfg.Flaky}} {
		if list.path == "" {
			continue
		}
		file, err := openInput(ctx, list.path)
		if err != nil {
			return usage("%s: %w", list.flag, err)
		}
		*list.into, err = verdict.ReadDeviations(file, list.path)
		file.Close()
		if err != nil {
			return usage("%w", err)
		}
	}
	if err := verdict.CheckLists(cfg.Known, cfg.Flaky); err != nil {
		return usage("%w", err)
	}
	return nil
}

// jobsFor is how many adapters run cases side by side. On real time most of a case is
// waiting, so that more of them than processors pay; a program of somebody's may be big.
func (f *runFlags) jobsFor(command []string, cases int) int {
	n := f.jobs
	switch cpus := runtime.NumCPU(); {
	case f.connect != "":
		n = 1
	case n > 0:
	case len(command) > 0:
		n = min(2, cpus)
	case f.adapter == "refimpl":
		n = cpus
	default:
		n = min(8, 2*cpus)
	}
	return max(1, min(n, cases))
}

// again gives the command line that repeats a run with other flags.
func (f *runFlags) again(command []string) func(flags string) string {
	return func(flags string) string {
		words := []string{invocation(), "run", flags}
		for _, p := range f.profile {
			words = append(words, "--profile", p)
		}
		if f.strict {
			words = append(words, "--strict")
		}
		if f.timeout != spec.DefaultWatchdog {
			words = append(words, "--timeout", f.timeout.String())
		}
		switch {
		case f.connect != "":
			return strings.Join(append(words, "--connect", shellWord(f.connect)), " ")
		case f.wire == "stdio":
			words = append(words, "--wire", f.wire)
		}
		if len(command) == 0 {
			return strings.Join(append(words, "--adapter", f.adapter), " ")
		}
		words = append(words, "--")
		for _, w := range command {
			words = append(words, shellWord(w))
		}
		return strings.Join(words, " ")
	}
}

// invocation is how this program was started: go run leaves nothing to start again.
func invocation() string {
	if self, err := os.Executable(); err == nil && strings.Contains(filepath.ToSlash(self), "/go-build") {
		return "go run ./cmd/mpcheck"
	}
	return "mpcheck"
}

// words is a command as a shell reads it, with a blank before each word.
func words(command []string) string {
	var b strings.Builder
	for _, w := range command {
		b.WriteString(" " + shellWord(w))
	}
	return b.String()
}

func shellWord(w string) string {
	if w != "" && strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%") == "" {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// plural writes a count of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
