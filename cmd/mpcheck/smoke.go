package main

import (
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/smoke"
)

func smokeCommand() *cobra.Command {
	var json string
	var limit time.Duration
	var whole bool
	cmd := &cobra.Command{
		Use:   "smoke [flags] -- COMMAND ARGS...",
		Short: "Is this adapter's plumbing sound, step by step?",
		Long: `Ask an adapter, step by step, whether it keeps the rules of docs/protocol.md: its handshake, frames
and frames within frames, every kind of literal, identity of objects, enter that overtakes an
answer, ping and abort while an operation waits, kills in a loop while every line is checked, an
unknown operation, a line that is no message, each operation of its kit, bye, the end of its
input. It judges nothing of the implementation: for that, once this passes, there is mpcheck run.

A step that fails says what was sent, what came, and what should have come, with the lines
before it.

Exit code: 0 all steps are ok or left out, since the adapter doesn't claim what they take; 1 a
step failed; 3 none could be done; 2 wrong usage; 130 interrupted.`,
		Example: `  mpcheck smoke -- ./my-adapter
  mpcheck smoke -v -- sbcl --script adapters/lisp/adapter.lisp`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, command []string) error {
			if len(command) == 0 || cmd.ArgsLenAtDash() != 0 {
				return usage("the adapter's command follows --, as in mpcheck smoke -- ./my-adapter")
			}
			if limit <= 0 {
				return usage("--timeout %v: want a positive duration such as 10s", limit)
			}
			if _, err := roomFor(1); err != nil {
				return err
			}
			output, err := createReport(cmd.Context(), "--json", json)
			if err != nil {
				return err
			}
			defer output.abandon()
			var people io.Writer = cmd.OutOrStdout()
			if output.stdout {
				people = cmd.ErrOrStderr()
			}
			report := smoke.Check(cmd.Context(), smoke.Options{
				Command: command, Limit: limit,
				Start:    func() (smoke.Process, error) { return remote.StartRaw(remote.Options{Command: command}) },
				Progress: func(r smoke.Result) { r.Text(people, whole) },
			})
			report.Summary(people)
			if err := output.write(cmd.OutOrStdout(), report.WriteJSON); err != nil {
				return err
			}
			switch code := report.ExitCode(); {
			case cmd.Context().Err() != nil:
				return &exitError{exitInterrupted, nil}
			case code != 0:
				return &exitError{code, nil}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&json, "json", "", "write the result as JSON to `FILE`, - for standard output")
	cmd.Flags().DurationVar(&limit, "timeout", smoke.DefaultLimit, "how long the adapter has for each answer")
	cmd.Flags().BoolVarP(&whole, "verbose", "v", false, "show more of the conversation before a fault")
	return cmd
}
