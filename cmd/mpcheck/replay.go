package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

func replayCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Judge a recorded trace by the specification",
		Long: `Judge a trace that mpcheck run --traces recorded: is there a run of the specification that
shows just this? Each label that can't be is shown with those before it, with what is allowed
there, what was seen, the clauses of its operation, and the clauses of the operations through
which the objects concerned came to be as they are.

Exit code: 0 the trace is allowed; 1 it is forbidden; 3 it can't be decided; 2 wrong usage, or
a file that is no trace.`,
		Example: `  mpcheck run --traces traces --select MBOX -- ./my-adapter
  mpcheck replay traces/MBOX-READ-1_order.trace`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("replay takes one FILE, a trace that mpcheck run --traces DIR wrote")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return replayFile(cmd, args[0], whole) },
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
	report := trace.Check()
	if whole {
		for _, line := range traces.Render(trace.Labels, report) {
			fmt.Fprintln(out, line)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, report.Text(trace.Labels))
	switch report.Verdict {
	case traces.Forbidden:
		return &exitError{exitFound, nil}
	case traces.Undecided:
		return &exitError{exitUndecided, nil}
	}
	return nil
}
