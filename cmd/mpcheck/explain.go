package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CLAUSE|CASE|MUTANT|LIBERTY|OPERATION|FAMILY|kit",
		Short: "Say what a clause demands, where that stands, and what checks it; or what an operation is",
		Long: `Say all there is to say of a clause: what it demands, where that stands, what it leaves open,
and the cases, mutants and liberties that are about it. Of a case, its story and its clause; of a
mutant or a liberty, what it does and where that stands; of a family such as CLEAN-DUP, its clauses.
Of an operation, how it is called and claimed, what it means, its clauses and cases, and a call of it
with its answer, as they stand on the wire. Of kit, each operation that cases are built with.`,
		Example: "  mpcheck explain REAP-NOHANG-3\n  mpcheck explain CLEAN-DUP-7/raise\n  mpcheck explain forced-move-ignored\n  mpcheck explain CLEAN-DUP\n  mpcheck explain unwind-protect\n  mpcheck explain kit",
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
			if m, ok := model.MutantByID(id); ok {
				explainMutant(cmd.OutOrStdout(), m)
				return nil
			}
			if l, ok := native.LibertyByID(id); ok {
				explainLiberty(cmd.OutOrStdout(), l)
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
				return usage("unknown clause, case, mutant, liberty or operation %q%s", id, suggestion(id))
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
	b := report.Beside{Native: nativeOf(clause, where)}
	for _, branch := range where.Branches {
		if slices.Contains(branch.Clauses, clause.ID) {
			b.Rule = append(b.Rule, fmt.Sprintf("%s in %s", branch.Place, branch.In))
		}
	}
	standing := func(text string, at []places.Place) string {
		if len(at) > 0 {
			text += "\n" + at[0].String()
		}
		return text
	}
	for _, m := range model.Mutants {
		if slices.Contains(m.Clauses, clause.ID) {
			b.Mutants = append(b.Mutants, standing(fmt.Sprintf("%s: %s", m.Mutant, m.What), where.Mutants[string(m.Mutant)]))
		}
	}
	for _, l := range native.Liberties {
		if text, of := libertyOf(l, clause); of {
			b.Liberties = append(b.Liberties, standing(text, where.Liberties[l.ID]))
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

// nativeOf lists the places at which native names a clause or, where it names it nowhere, its functions for the
// operations that serve the clause.
func nativeOf(clause *spec.Clause, where *places.Index) (out []string) {
	for _, at := range where.Native[clause.ID] {
		out = append(out, at.String())
	}
	if out != nil || clause.Level == spec.Note {
		return out
	}
	for _, op := range serving(clause) {
		for _, at := range where.Operations[op.Name] {
			out = append(out, fmt.Sprintf("%s executes %s", at, op.Name))
		}
	}
	return out
}

// serving lists the operations that serve a clause: those whose rows name it most closely.
func serving(clause *spec.Clause) (ops []*spec.Op) {
	closest := 0
	for _, op := range spec.Ops {
		near := 0
		for _, pattern := range op.Clauses {
			begin, family := strings.CutSuffix(pattern, "*")
			if pattern == clause.ID || family && strings.HasPrefix(clause.ID, begin) {
				near = max(near, len(pattern))
			}
		}
		switch {
		case near == 0 || near < closest:
		case near > closest:
			ops, closest = []*spec.Op{op}, near
		default:
			ops = append(ops, op)
		}
	}
	return ops
}

// explainMutant writes what a mutant does, where, and which clauses it violates.
func explainMutant(w io.Writer, m model.MutantInfo) {
	fmt.Fprintf(w, "%s  a mutant: %s\n", m.Mutant, m.What)
	for _, at := range places.Load().Mutants[string(m.Mutant)] {
		fmt.Fprintf(w, "  %-10s %s\n", "stands", at)
	}
	for _, id := range m.Clauses {
		fmt.Fprintf(w, "  %-10s %s: %s\n", "violates", id, spec.Clauses().Lookup(id).Rule)
	}
	fmt.Fprintf(w, "  %-10s mpcheck explore --mutant %s --select %s\n", "try", m.Mutant, m.Clauses[0])
}

// explainLiberty writes what native does with a liberty, where, and which clauses leave it that.
func explainLiberty(w io.Writer, l native.Liberty) {
	fmt.Fprintf(w, "%s  a liberty: %s\n", l.ID, l.Story)
	for _, at := range places.Load().Liberties[l.ID] {
		fmt.Fprintf(w, "  %-10s %s\n", "stands", at)
	}
	for _, shown := range l.Shows {
		id, behaviour, _ := strings.Cut(shown, " ")
		if behaviour != "" {
			behaviour = " (" + behaviour + ")"
		}
		fmt.Fprintf(w, "  %-10s %s%s: %s\n", "left by", id, behaviour, spec.Clauses().Lookup(id).Rule)
	}
	fmt.Fprintf(w, "  %-10s mpcheck run -- mpcheck serve --liberty %s\n", "try", l.ID)
}
