package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

func diffCommand() *cobra.Command {
	var json string
	var whole bool
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what changed between two results of mpcheck run --json",
		Long: `Compare two reports that mpcheck run --json wrote: of two versions of an implementation, or of
two versions of mpcheck. What got worse is listed first: cases that are fail, error or
inconclusive now and were not, and cases that passed and are no longer judged. New cases stand
apart, whatever came of them, so that an upgrade of the suite accuses nothing that was green; a
case that was retired is compared by those that took its place. What is on a list of known
deviations now stands apart too.

Then follow other behaviours where the documents leave it open - those of a whole system; with
-v also those of single occurrences, which may differ from run to run - and what the adapter
claims now and did not, or did and does not.

Exit code: 0 nothing got worse; 1 something did; 3 that can't be said, since a report is partial
or they have no case in common; 2 wrong usage, or a file that is no report.`,
		Example: `  mpcheck run --json new.json -- ./my-adapter
  mpcheck diff last-release.json new.json
  mpcheck diff --json - old.json new.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("diff takes two reports that mpcheck run --json wrote: mpcheck diff OLD NEW")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var sides [2]*verdict.Report
			for i, path := range args {
				report, err := readReport(cmd.Context(), path)
				if err != nil {
					return err
				}
				sides[i] = report
			}
			output, err := createReport(cmd.Context(), "--json", json)
			if err != nil {
				return err
			}
			defer output.abandon()
			difference := report.Diff(sides[0], sides[1])
			if err := output.write(cmd.OutOrStdout(), difference.WriteJSON); err != nil {
				return err
			}
			var people io.Writer = cmd.OutOrStdout()
			if output.stdout {
				people = cmd.ErrOrStderr()
			}
			difference.Text(people, whole)
			if code := difference.ExitCode(); code != 0 {
				return &exitError{code, nil}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&json, "json", "", "write the difference as JSON to `FILE`, - for standard output")
	cmd.Flags().BoolVarP(&whole, "verbose", "v", false, "list every new case, and behaviours that may differ from call to call")
	return cmd
}

func readReport(ctx context.Context, path string) (*verdict.Report, error) {
	file, err := openInput(ctx, path)
	if err != nil {
		return nil, usage("%w", err)
	}
	defer file.Close()
	report, err := verdict.ReadReport(file)
	if err != nil {
		return nil, usage("%s: %w", shown(path), err)
	}
	return report, nil
}
