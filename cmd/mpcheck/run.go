package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

type runFlags struct {
	adapter   string
	sel, skip []string
	profile   []string
	strict    bool
	seed      uint64
	schedules string
	timeout   time.Duration
	json      string
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [flags] [-- COMMAND ARGS...]",
		Short: "Run the cases against an implementation",
		Long: `Run the conformance cases against an implementation: a built-in one (--adapter) or a
program of yours that speaks the protocol of docs/protocol.md (after --).

A PATTERN for --select and --skip is an area (CLEAN), a clause id (CLEAN-DUP-7: every case
that witnesses it) or a case id (CLEAN-DUP-7/raise), with * and ? as in file names.

Exit code: 0 passed; 1 a case failed; 3 an error, an inconclusive case, or nothing that
could be judged; 2 wrong usage; 130 interrupted.`,
		Example: `  mpcheck run
  mpcheck run --select CLEAN --select 'SEND-LIM-*'
  mpcheck run --adapter refimpl --schedules all
  mpcheck run --json out.json -- ./my-adapter`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 {
				return usage("unexpected argument %q: the adapter's command follows --, as in mpcheck run -- ./my-adapter", args[0])
			}
			return f.run(cmd, args)
		},
		Args: cobra.ArbitraryArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.adapter, "adapter", "native", "built-in implementation: "+strings.Join(adapterNames(), ", "))
	flags.StringArrayVar(&f.sel, "select", nil, "run only cases that match `PATTERN` (repeatable)")
	flags.StringArrayVar(&f.skip, "skip", nil, "leave out cases that match `PATTERN` (repeatable)")
	flags.StringArrayVar(&f.profile, "profile", nil, "judge DOC clauses by this `PROFILE`, as lispworks-8 or lispworks-8:MBOX, instead of what the adapter claims (repeatable)")
	flags.BoolVar(&f.strict, "strict", false, "judge every DOC clause")
	flags.Uint64Var(&f.seed, "seed", 1, "first seed of the schedules and of what a case shuffles")
	flags.StringVar(&f.schedules, "schedules", strconv.Itoa(conformance.DefaultSchedules), "`K` schedules per case on virtual time, or all of them")
	flags.DurationVar(&f.timeout, "timeout", spec.DefaultWatchdog, "limit for one operation in real time")
	flags.StringVar(&f.json, "json", "", "write the report as JSON to `FILE`, - for standard output")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command, command []string) (err error) {
	ctx, stderr := cmd.Context(), cmd.ErrOrStderr()
	cases, err := conformance.Select(conformance.Cases(), f.sel, f.skip)
	if err != nil {
		return usage("%w", err)
	}
	cfg, err := f.config(cases, command)
	if err != nil {
		return err
	}
	if cmd.Flags().Changed("adapter") && len(command) > 0 {
		return usage("--adapter %s and a command after -- exclude each other", f.adapter)
	}
	output, err := createReport(f.json)
	if err != nil {
		return usage("%w", err)
	}
	defer output.abandon()

	adapter, err := openAdapter(ctx, f.adapter, command)
	if err != nil {
		if ctx.Err() != nil {
			return &exitError{exitInterrupted, output.write(conformance.NotRun(cfg), cmd.OutOrStdout())}
		}
		return err
	}
	defer func() {
		if closeErr := adapter.Close(); err == nil && closeErr != nil {
			err = &exitError{exitUndecided, fmt.Errorf("ending the adapter: %w", closeErr)}
		}
	}()
	cfg.Adapter = adapter
	p := newProgress(stderr, len(cases))
	cfg.Progress = p.show
	report, err := conformance.Run(ctx, cfg)
	p.clear()
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	if err := output.write(report, cmd.OutOrStdout()); err != nil {
		return &exitError{exitUndecided, err}
	}
	text := cmd.OutOrStdout()
	if f.json == "-" {
		text = stderr
	}
	conformance.Text{W: text, Colour: isTerminal(text) && os.Getenv("NO_COLOR") == ""}.Report(report, cases)
	switch code := report.ExitCode(); {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case len(cases) == 0:
		return &exitError{code, fmt.Errorf("no case matches: nothing was judged")}
	case code != 0:
		return &exitError{code, nil}
	}
	return nil
}

func (f *runFlags) config(cases []*conformance.Case, command []string) (conformance.Config, error) {
	cfg := conformance.Config{
		Cases: cases, Seed: f.seed, Watchdog: f.timeout, Strict: f.strict, Profile: f.profile,
		Journal: func() conformance.Journal { return &traces.Journal{} },
		Repeat:  f.repeat(command),
	}
	for _, p := range f.profile {
		if err := spec.CheckProfile(p); err != nil {
			return cfg, usage("%w", err)
		}
	}
	if f.timeout <= 0 {
		return cfg, usage("--timeout %v: want a positive duration such as 20s", f.timeout)
	}
	if f.schedules == "all" {
		cfg.Schedules = math.MaxInt
		cfg.Sizes = conformance.ExploreSizes
		cfg.Enumerate = func() conformance.Enumerator { return refimpl.NewDepthFirst() }
		if len(command) > 0 || f.adapter != "refimpl" {
			return cfg, usage("--schedules all needs a scheduler of ours: use it with --adapter refimpl")
		}
		return cfg, nil
	}
	n, err := strconv.Atoi(f.schedules)
	if err != nil || n < 1 {
		return cfg, usage("--schedules %s: want a positive number, or all", f.schedules)
	}
	cfg.Schedules = n
	return cfg, nil
}

// repeat gives the command line that repeats a run with other flags.
func (f *runFlags) repeat(command []string) func(flags string) string {
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

func shellWord(w string) string {
	if w != "" && strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%") == "" {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// reportFile is a report to be written when the run is over. Whether it can be is found
// out before: the old file, if any, stays until the new one is complete.
type reportFile struct {
	path string
	temp *os.File
}

func createReport(path string) (*reportFile, error) {
	r := &reportFile{path: path}
	if path == "" || path == "-" {
		return r, nil
	}
	var err error
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() {
		r.temp, err = os.OpenFile(path, os.O_WRONLY, 0) // a device or pipe is written in place
	} else {
		r.temp, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	}
	if err != nil {
		return nil, fmt.Errorf("--json %s can't be written: %w", path, err)
	}
	return r, nil
}

func (r *reportFile) write(report *conformance.Report, stdout io.Writer) error {
	switch {
	case r.path == "-":
		return report.WriteJSON(stdout)
	case r.temp == nil:
		return nil
	}
	err := report.WriteJSON(r.temp)
	if closeErr := r.temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil && r.temp.Name() != r.path {
		if err = os.Chmod(r.temp.Name(), 0o644); err == nil {
			err = os.Rename(r.temp.Name(), r.path)
		}
	}
	if err != nil {
		return fmt.Errorf("writing the report %s: %w", r.path, err)
	}
	r.temp = nil
	return nil
}

// abandon removes what was not written to its end.
func (r *reportFile) abandon() {
	if r.temp != nil && r.temp.Name() != r.path {
		r.temp.Close()
		os.Remove(r.temp.Name())
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress shows on a terminal which case runs, on one line that it takes back.
type progress struct {
	w     io.Writer
	total int
	shown bool
}

func newProgress(w io.Writer, total int) *progress {
	if !isTerminal(w) {
		return &progress{total: total}
	}
	return &progress{w: w, total: total}
}

func (p *progress) show(k *conformance.Case, done int, result *conformance.Result) {
	if p.w == nil || result != nil {
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K[%d/%d] %s", done+1, p.total, k.ID)
	p.shown = true
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
