package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
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

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CLAUSE|CASE|OPERATION|FAMILY|kit",
		Short: "Say what a clause demands, where that stands, and what checks it; or what an operation is",
		Long: `Say all there is to say of a clause: what it demands, where that stands, what it leaves open,
and the cases, mutants and liberties that are about it. Of a case, its story and its clause; of a
family such as CLEAN-DUP, its clauses. Of an operation, how it is called and claimed, what it means, its
clauses and cases, and a call of it with its answer, as they stand on the wire. Of kit, each operation
that cases are built with.`,
		Example: "  mpcheck explain REAP-NOHANG-3\n  mpcheck explain CLEAN-DUP-7/raise\n  mpcheck explain CLEAN-DUP\n  mpcheck explain unwind-protect\n  mpcheck explain kit",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("explain takes one clause or case id or operation, as in mpcheck explain CLEAN-DUP-7")
			}
			id, text := args[0], report.Text{W: cmd.OutOrStdout()}
			if op := spec.LookupOp(id); op != nil {
				return explainOperation(cmd, op)
			}
			if id == "kit" {
				explainKit(cmd.OutOrStdout())
				return nil
			}
			if slices.Contains(cases.Families(), id) {
				explainFamily(cmd.OutOrStdout(), id)
				return nil
			}
			if i := slices.IndexFunc(cases.All(), func(k *cases.Case) bool { return k.ID == id }); i >= 0 {
				k := cases.All()[i]
				text.List([]*cases.Case{k})
				id = k.Clause()
			}
			clause := spec.Clauses().Lookup(id)
			if clause == nil {
				return usage("unknown clause, case or operation %q%s", id, suggestion(id))
			}
			text.Explain(clause, besideOf(clause))
			return nil
		},
		Args: cobra.ArbitraryArgs,
	}
}

// besideOf finds what is known of a clause beside the catalogue.
func besideOf(clause *spec.Clause) report.Beside {
	where := places.Load()
	texts := func(list []places.Place) (out []string) {
		for _, p := range list {
			out = append(out, p.String())
		}
		return out
	}
	b := report.Beside{Liberties: libertiesOf(clause), Rule: texts(where.Cites[clause.ID]), Native: texts(where.Native[clause.ID])}
	for _, m := range model.Mutants {
		if slices.Contains(m.Clauses, clause.ID) {
			b.Mutants = append(b.Mutants, fmt.Sprintf("%s: %s", m.Mutant, m.What))
			if at := where.Mutants[string(m.Mutant)]; len(at) > 0 {
				b.Mutants[len(b.Mutants)-1] += "\n" + at[0].String()
			}
		}
	}
	b.Case = func(id string) string {
		if at := where.Cases[id]; len(at) > 0 {
			return at[0].String()
		}
		return ""
	}
	return b
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
