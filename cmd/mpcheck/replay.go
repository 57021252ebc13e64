package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

func replayCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:   "replay FILE|TOKEN",
		Short: "Judge a recorded trace by the specification, or repeat a run of the simulator",
		Long: `Repeat a run of the simulator exactly, by the token that mpcheck fuzz printed, and judge it;
or judge a trace that mpcheck run --traces recorded: is there a run of the specification that
shows just this? Each label that can't be is shown with those before it, with what is allowed
there, what was seen, the clauses of its operation, and the clauses of the operations through
which the objects concerned came to be as they are.

Exit code: 0 the trace is allowed; 1 it is forbidden; 3 it can't be decided; 2 wrong usage, or
a file that is no trace.`,
		Example: `  mpcheck run --traces traces --select MBOX -- ./my-adapter
  mpcheck replay traces/MBOX-READ-1_two-values.trace
  mpcheck fuzz --adapter refimpl --mutant queue-is-stack     # prints a token
  mpcheck replay -v mpc1-...`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("replay takes one FILE, a trace that mpcheck run --traces DIR wrote, or one TOKEN that mpcheck fuzz printed")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if fuzz.IsToken(args[0]) {
				return replayToken(cmd, args[0], whole)
			}
			return replayFile(cmd, args[0], whole)
		},
	}
	cmd.Flags().BoolVarP(&whole, "verbose", "v", false, "show the whole trace")
	return cmd
}

func replayFile(cmd *cobra.Command, path string, whole bool) error {
	file, err := os.Open(path)
	if err != nil {
		return usage("%w", err)
	}
	defer file.Close()
	trace, err := traces.Read(file)
	if err != nil {
		return usage("%s: %w", path, err)
	}
	out := cmd.OutOrStdout()
	if h := trace.Header; h.Specification != spec.Digest() {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: %s was recorded with specification %s, this is %s: clauses may have changed\n", path, h.Specification, spec.Digest())
	}
	if trace.Truncated {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: the last line of %s was cut off; what is before it is judged\n", path)
	}
	return judged(out, trace.Labels, trace.Check(), whole)
}

func replayToken(cmd *cobra.Command, text string, whole bool) error {
	token, err := fuzz.ParseToken(text)
	if err != nil {
		return usage("%w", err)
	}
	out := cmd.OutOrStdout()
	if token.Specification != spec.Digest() {
		fmt.Fprintf(cmd.ErrOrStderr(), "mpcheck: the token is of specification %s, this is %s: the run may be another\n", token.Specification, spec.Digest())
	}
	run, differs, err := token.Replay(cmd.Context())
	if err != nil {
		return &exitError{exitUndecided, fmt.Errorf("repeating the run: %w", err)}
	}
	fmt.Fprintln(out, token.Program)
	if differs != "" {
		return &exitError{exitUndecided, fmt.Errorf("this is not the run of the token: %s", differs)}
	}
	return judged(out, run.Labels, run.Report, whole)
}

// judged shows a report; the error carries the exit code.
func judged(out io.Writer, labels []spec.Label, report *traces.Report, whole bool) error {
	if whole {
		for _, line := range traces.Render(labels, report) {
			fmt.Fprintln(out, line)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, report.Text(labels))
	switch report.Verdict {
	case traces.Forbidden:
		return &exitError{exitFound, nil}
	case traces.Undecided:
		return &exitError{exitUndecided, nil}
	}
	return nil
}
