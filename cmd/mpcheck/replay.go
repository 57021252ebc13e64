package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/replay"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

func replayCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:   "replay FILE|FOLDER|TOKEN...",
		Short: "Judge a recorded trace by the specification, or repeat a run of the simulator",
		Long: `Repeat a run of the simulator exactly, by the token that mpcheck explore, run or fuzz printed,
and judge it: by its case, where it is one's, and by the specification. Or judge a trace that
mpcheck run --traces recorded: is there a run of the specification that shows just this? Each
label that can't be is shown with those before it, with what is allowed there, what was seen,
the clauses of its operation, and the clauses of the operations through which the objects
concerned came to be as they are.

Several are judged one after the other, each after its name, with the counts at the end; a folder
stands for the files in it and below whose names end in .trace.

A token of another specification, or of a case that has changed since, may no longer be the same
run: the first label at which it differs is then shown.

Exit code: 0 the case passes and the trace is allowed; 1 it fails, or the trace is forbidden;
3 it can't be decided, or the run is not the token's; 2 wrong usage, a damaged token, or a file
that is no trace. Of several it is 1 where any is, else 2, else 3.`,
		Example: `  mpcheck run --traces out --select MBOX -- ./my-adapter
  mpcheck replay out/MBOX-READ-1_two-values.trace
  mpcheck replay out
  mpcheck explore --select SEND-Q-5 --mutant queue-is-stack     # prints a token
  mpcheck replay -v mpc3-...`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("replay takes a FILE, a trace that mpcheck run --traces DIR wrote, or DIR, or a TOKEN that mpcheck explore, run or fuzz printed")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return replayAll(cmd, args, whole)
		},
	}
	cmd.Flags().BoolVarP(&whole, "verbose", "v", false, "show the whole trace, and with each finding all clauses that took part")
	return cmd
}

func replayFile(cmd *cobra.Command, path string, whole bool) error {
	file, err := openInput(cmd.Context(), path)
	if err != nil {
		return usage("%w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return usage("%s is a folder: replay takes one of the traces in it, as in mpcheck replay %s", path, filepath.Join(path, "NAME.trace"))
	}
	// What a trace begins with is no token, so that both can be told from a few bytes.
	in := bufio.NewReader(file)
	if begin, _ := in.Peek(8); replay.IsToken(string(begin)) {
		return usage("%s has a token, not a trace: give the token itself, as in mpcheck replay \"$(cat %s)\"", path, shellWord(path))
	}
	trace, err := format.Read(in)
	if err != nil {
		if interrupted(err) {
			return err
		}
		return usage("%s: %s", shown(path), spec.Brief(err.Error(), spec.LineLength))
	}
	out := cmd.OutOrStdout()
	if h := trace.Header; h.Specification == "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: %s doesn't say with which specification it was recorded, this is %s: clauses may have changed\n", shown(path), spec.Digest())
	} else if h.Specification != spec.Digest() {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: %s was recorded with specification %s, this is %s: clauses may have changed\n", shown(path), shown(h.Specification), spec.Digest())
	}
	if trace.Truncated {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: the last line of %s was cut off; what is before it is judged\n", shown(path))
	}
	report, err := await(cmd.Context(), func() *traces.Report { return traces.CheckTrace(trace) })
	if err != nil {
		return err
	}
	return judged(out, trace.Labels, report, whole)
}

func replayToken(cmd *cobra.Command, text string, whole bool) error {
	token, err := replay.Parse(text)
	if err != nil {
		return usage("%w", err)
	}
	out := cmd.OutOrStdout()
	if token.Specification != spec.Digest() {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: the token is of %s; this is mpcheck %s, specification %s: the run may be another\n", shown(token.Origin()), cases.Version(), spec.Digest())
	}
	run, err := token.Replay(cmd.Context())
	if cmd.Context().Err() != nil {
		return &exitError{exitInterrupted, nil}
	}
	if err != nil {
		return &exitError{exitUndecided, fmt.Errorf("repeating the run: %w", err)}
	}
	if run.Differs != "" {
		return &exitError{exitUndecided, fmt.Errorf("this is not the run of the token, which is of %s: %s", token.Origin(), run.Differs)}
	}
	if token.Mutant != "" {
		fmt.Fprintf(out, "on the simulator with mutant %s\n", token.Mutant)
	}
	if run.Case == nil {
		fmt.Fprintln(out, token.Program)
		if run.Stuck != nil {
			fmt.Fprintf(out, "%s\n  %s\n\n", run.Stuck, strings.Join(run.Stuck.Waits, "\n  "))
		}
	} else {
		report.Text{W: out, Colour: colourful(out)}.Result(run.Case, *run.Result)
		fmt.Fprintln(out, "\nby the specification this run is")
	}
	err = judged(out, run.Labels, run.Report, whole)
	if run.Result == nil {
		return err
	}
	return worse(err, run.Result.Verdict)
}

// worse joins what the specification says of a run with the verdict of its case.
func worse(err error, v verdict.Verdict) error {
	var code *exitError
	errors.As(err, &code)
	switch {
	case v == verdict.Fail, code != nil && code.code == exitFound:
		return &exitError{exitFound, nil}
	case v >= verdict.Inconclusive:
		return &exitError{exitUndecided, nil}
	}
	return err
}

// judged shows a report; the error carries the exit code.
func judged(out io.Writer, labels []spec.Label, report *traces.Report, whole bool) error {
	if whole {
		for _, line := range traces.Render(labels, report) {
			fmt.Fprintln(out, line)
		}
		fmt.Fprintln(out)
	}
	text := report.Text(labels)
	if whole {
		text = report.Detailed(labels)
	}
	fmt.Fprint(out, text)
	switch report.Verdict {
	case traces.Forbidden:
		return &exitError{exitFound, nil}
	case traces.Undecided:
		return &exitError{exitUndecided, nil}
	}
	return nil
}

// maxShownToken is what fits into a command line with ease.
const maxShownToken = 8000

// veryRun makes the command that repeats a run of a case on the simulator, "" for other
// implementations, and where it would be too long to be copied.
func veryRun(ctx context.Context) func(spec.System, run.Setting) string {
	return func(sys spec.System, s run.Setting) string {
		token, err := replay.OfCase(ctx, sys, s)
		if err != nil {
			return ""
		}
		if text := token.String(); len(text) <= maxShownToken {
			return invocation() + " replay " + text
		}
		return ""
	}
}
