package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

type runFlags struct {
	adapter      string
	sel, skip    []string
	known, flaky string
	rerun        string
	profile      []string
	strict       bool
	seed         uint64
	schedules    string
	repeat       int
	jobs         int
	timeout      time.Duration
	startTimeout time.Duration
	failFast     bool
	verbose      bool
	json, junit  string
	traces, log  string
	transport
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [flags] [-- COMMAND ARGS...]",
		Short: "Run the cases against an implementation",
		Long: `Run the conformance cases against an implementation: a built-in one (--adapter) or a
program of yours that speaks the protocol of docs/protocol.md (after --).

A PATTERN for --select and --skip is an area (CLEAN), a family (CLEAN-DUP), a clause id
(CLEAN-DUP-7: every case that witnesses it) or a case id (CLEAN-DUP-7/raise), with * and ? as in
file names.

A list for --known or --flaky has a line an entry: the exact id of a case, then the reason.
A known deviation still runs; when it fails its verdict is known, and once it passes its
entry is stale, which fails the run. A flaky case that fails is repeated up to three times.

The last line counts the SILENT clauses - what the documents leave open - of which a behaviour
was seen; -v and --json list the behaviours of each, or why none was seen.

Exit code: 0 passed; 1 a case failed, or an entry of a list is stale; 3 an error, an
inconclusive case, or nothing that could be judged; 2 wrong usage; 130 interrupted.`,
		Example: `  mpcheck run
  mpcheck run --select CLEAN --select 'SEND-LIM-*'
  mpcheck run --adapter refimpl --schedules all
  mpcheck run --json out.json -- ./my-adapter
  mpcheck run --rerun out.json -v -- ./my-adapter
  mpcheck run --known known.txt --junit out.xml -- ./my-adapter
  mpcheck run --connect unix:/tmp/adapter.sock --select MBOX-READ-1`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 {
				return usage("unexpected argument %q: the adapter's command follows --, as in mpcheck run -- ./my-adapter", args[0])
			}
			if cmd.Flags().Changed("adapter") && len(args) > 0 {
				return usage("--adapter %s and a command after -- exclude each other", f.adapter)
			}
			if cmd.Flags().Changed("jobs") && f.jobs < 1 {
				return usage("--jobs %d: want a positive number", f.jobs)
			}
			if err := f.transport.check(args, cmd.Flags().Changed("adapter")); err != nil {
				return err
			}
			return f.run(cmd, args)
		},
		Args: cobra.ArbitraryArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.adapter, "adapter", "native", "built-in implementation: "+strings.Join(adapterNames(), ", "))
	flags.StringArrayVar(&f.sel, "select", nil, "run only cases that match `PATTERN` (repeatable)")
	flags.StringArrayVar(&f.skip, "skip", nil, "leave out cases that match `PATTERN` (repeatable)")
	flags.StringVar(&f.known, "known", "", "`FILE` of known deviations")
	flags.StringVar(&f.flaky, "flaky", "", "`FILE` of cases that may fail now and then")
	flags.StringVar(&f.rerun, "rerun", "", "run only cases that did not pass in `REPORT`, which --json wrote")
	flags.StringArrayVar(&f.profile, "profile", nil, "judge DOC clauses by this `PROFILE`, as lispworks-8 or lispworks-8:MBOX, instead of what the adapter claims (repeatable)")
	flags.BoolVar(&f.strict, "strict", false, "judge every DOC clause")
	flags.Uint64Var(&f.seed, "seed", 1, "first seed of the schedules and of what a case shuffles")
	flags.StringVar(&f.schedules, "schedules", strconv.Itoa(run.DefaultSchedules), "`K` schedules per case on virtual time, or all of them")
	flags.IntVar(&f.repeat, "repeat", 1, "run each case `N` times; the worst verdict counts")
	flags.IntVar(&f.jobs, "jobs", 0, "`N` adapters side by side (default: the simulator as many as there are processors, other built-in ones twice as many but at most 8, a command after -- at most 2)")
	flags.DurationVar(&f.timeout, "timeout", spec.DefaultWatchdog, "limit for one operation in real time")
	startTimeout(flags, &f.startTimeout)
	flags.BoolVar(&f.failFast, "fail-fast", false, "begin no further case after a fail or an error")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "write a line for each case as it ends, and what was seen of each clause that the documents leave open")
	flags.StringVar(&f.json, "json", "", "write the report as JSON to `FILE`, - for standard output")
	flags.StringVar(&f.junit, "junit", "", "write the report as JUnit XML to `FILE`, - for standard output")
	flags.StringVar(&f.traces, "traces", "", "record each run of a case in a file of its own in `DIR`; of the schedules of virtual time the first and those that don't pass")
	flags.StringVar(&f.wire, "wire", "descriptors", "`WAY` of the messages: descriptors, which MPCHECK_IN and MPCHECK_OUT name, or stdio, for an adapter that can use no others")
	flags.StringVar(&f.connect, "connect", "", "judge an adapter that runs already and listens at this `ADDRESS`, as unix:/tmp/adapter.sock")
	flags.StringVar(&f.log, "log", "", "keep the messages of each run of a case in a file of its own in `DIR`; of the schedules of virtual time those of the first and of those that don't pass")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command, command []string) (err error) {
	ctx, stdout, stderr := cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	cfg, err := f.config(ctx, command)
	if err != nil {
		return err
	}
	output, err := createReports(ctx, f.json, f.junit)
	if err != nil {
		return err
	}
	defer output.abandon()

	tapes, err := newTapes(f.traces)
	if err != nil {
		return err
	}
	defer tapes.close()
	cfg.Tape, cfg.Replay = tapes.hook(f.seed), veryRun(ctx)

	logs, err := newLogs(f.log, tapes.folder)
	if err != nil {
		return err
	}
	defer logs.close()
	if f.log != "" && len(command) == 0 && f.adapter == "refimpl" {
		return usage("--log: the simulator is in this process, so that there are no messages; have it served, as in mpcheck run --log %s -- mpcheck serve --adapter refimpl", shellWord(f.log))
	}
	cfg.Messages = logs.hook()

	adapters, err := f.open(ctx, command, len(cfg.Cases), stderr)
	if err != nil {
		report := run.NotRun(cfg)
		if ctx.Err() != nil {
			if err := output.write(report, stdout); err != nil {
				return err
			}
			return &exitError{exitInterrupted, nil}
		}
		return f.noRun(output, report, stdout, err)
	}
	defer func() {
		if closeErr := closeAdapters(adapters); err == nil && closeErr != nil {
			err = &exitError{exitUndecided, fmt.Errorf("ending the adapter: %w", closeErr)}
		}
	}()
	cfg.Adapter, cfg.Beside = adapters[0], adapters[1:]
	var people io.Writer = stdout
	if output.toStdout() {
		people = stderr
	}
	text := report.Text{W: people, Colour: colourful(people)}
	p := newProgress(stderr, len(cfg.Cases))
	if f.verbose {
		cfg.Progress = p.cases(&text)
	} else {
		cfg.Progress = p.cases(nil)
	}
	report, err := run.Execute(ctx, cfg)
	p.clear()
	if err != nil {
		return f.noRun(output, run.NotRun(cfg), stdout, &exitError{exitUndecided, err})
	}
	written := output.write(report, stdout)
	if f.verbose {
		text.Fingerprint(report)
	}
	text.Report(report, cfg.Cases)
	if n := report.Summary[verdict.Error.String()]; n > 0 && len(command) > 0 {
		fmt.Fprintf(people, "An error is the adapter's, not of what is judged: %s smoke --%s asks how it speaks, step by step\n", invocation(), words(command))
	}
	if err := errors.Join(tapes.failure(), logs.failure()); err != nil {
		return &exitError{exitUndecided, errors.Join(err, written)}
	}
	if written != nil {
		return written
	}
	return f.exit(ctx, report, cfg.Cases)
}

// noRun writes the report of a run that could not even begin: the one of an earlier run must not
// be taken for it. The error is why, with its exit code.
func (f *runFlags) noRun(output *reports, report *verdict.Report, stdout io.Writer, why error) error {
	report.Error = spec.BriefLines(why.Error(), errorLines)
	if err := output.write(report, stdout); err != nil {
		return &exitError{exitUndecided, errors.Join(why, err)}
	}
	return why
}

// errorLines is how many lines of an error a report has.
const errorLines = 100

// exit gives the exit code of a run, as an error that may say something.
func (f *runFlags) exit(ctx context.Context, report *verdict.Report, cases []*cases.Case) error {
	switch code := report.ExitCode(); {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case len(cases) == 0 && f.rerun != "":
		return &exitError{code, fmt.Errorf("no case that is selected did not pass in %s: nothing was judged", f.rerun)}
	case len(cases) == 0:
		return &exitError{code, errors.New("no case matches: nothing was judged")}
	case code != 0:
		return &exitError{code, nil}
	}
	return nil
}
