package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
)

func listCommand() *cobra.Command {
	var sel []string
	var json, liberties bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the cases and the clauses they witness",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if liberties {
				if json || len(sel) > 0 {
					return usage("--liberties lists what native may be served with, not cases: use it alone")
				}
				listLiberties(cmd.OutOrStdout())
				return nil
			}
			chosen, err := cases.Select(cases.All(), sel, nil)
			if err != nil {
				return usage("%w", err)
			}
			if json {
				kit, err := kitOf(cmd.Context(), chosen)
				if err != nil {
					return &exitError{exitUndecided, err}
				}
				return report.WriteListing(cmd.OutOrStdout(), chosen, kit)
			}
			report.Text{W: cmd.OutOrStdout()}.List(chosen)
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&sel, "select", nil, "list only cases that match `PATTERN` (repeatable); mpcheck run --help says what it may be")
	cmd.Flags().BoolVar(&json, "json", false, "as JSON, with every clause of the catalogue")
	cmd.Flags().BoolVar(&liberties, "liberties", false, "list instead what mpcheck serve --liberty may take: each liberty, and what it shows of which clause")
	return cmd
}

// suggestion names clauses of the same family as an id that doesn't exist.
func suggestion(id string) string {
	if r := cases.Retired(id); r != nil {
		return ": " + r.String()
	}
	near := cases.Near(id)
	if near == nil {
		return nearOperations(id)
	}
	return ": there are " + strings.Join(near, ", ")
}
