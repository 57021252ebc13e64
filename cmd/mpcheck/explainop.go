package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// explainOperation writes all that the table and the cases say of an operation.
func explainOperation(cmd *cobra.Command, op *spec.Op) error {
	w := cmd.OutOrStdout()
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-10s %s\n", word, text)
		}
	}
	kind := "an operation of the system under test"
	if op.Is(spec.Kit) {
		kind = "an operation of the adapter's kit, made from the host's own primitives"
	}
	if op.Is(spec.ByHarness) {
		kind = "executed by the harness itself, and by an adapter on a virtual clock"
	}
	fmt.Fprintf(w, "%s  %s\n", op.Name, kind)
	line("call", "("+strings.TrimSpace(op.Name+" "+strings.ReplaceAll(op.Lambda, "+", ""))+")")
	line("means", op.Says())
	line("class", map[spec.Class]string{
		spec.Atomic:   "atomic: it takes effect at one instant between call and return",
		spec.Interval: "interval: the answer holds what lived throughout, and nothing that was dead throughout",
		spec.Advisory: "advisory: its answer may be out of date at once; it is judged only where nothing overlaps",
	}[op.Class])
	for _, f := range []struct {
		flag spec.Flags
		text string
	}{
		{spec.MayWait, "it may block until another process or the clock acts"},
		{spec.StopsWorld, "it may suspend the whole implementation: while it is open the harness sends no ping"},
		{spec.RunsCode, "it runs callbacks on the calling process, in frames entered while it is open"},
	} {
		if op.Is(f.flag) {
			line("waits", f.text)
		}
	}
	if op.Is(spec.Kills) {
		line("kills", "it asks a process to end, which may be gone before anybody hears of it")
	}
	line("needs", "capability "+string(op.Capability))
	switch {
	case op.Is(spec.ByHarness):
		line("claim", "no handshake claims it")
	default:
		line("claim", fmt.Sprintf(`"%s":"native" in operations of the handshake, or "composed"; what isn't claimed is answered with {"status":"absent"}`, op.Name))
		for _, extra := range op.Extras {
			line("", fmt.Sprintf(`"%s" is claimed apart`, extra))
		}
	}
	for _, page := range op.Pages {
		line("source", page+": "+spec.Clauses().Describe(page))
	}
	for _, c := range clausesOf(op) {
		line("clause", c.ID+", "+string(c.Level)+": "+c.Rule)
	}
	var needing []string
	for _, k := range cases.All() {
		if slices.ContainsFunc(k.Needs, func(need string) bool { return need == op.Name || strings.HasPrefix(need, op.Name+" ") }) {
			needing = append(needing, k.ID)
		}
	}
	if op.Is(spec.Kit) && !op.Is(spec.ByHarness) {
		kit, err := kitOf(cmd.Context(), cases.All())
		if err != nil {
			return &exitError{exitUndecided, err}
		}
		for _, k := range cases.All() {
			if slices.Contains(kit[k.ID], op.Name) && !slices.Contains(needing, k.ID) {
				needing = append(needing, k.ID)
			}
		}
	}
	const most = 12
	switch n := len(needing); {
	case n == 0:
		line("cases", "none yet")
	case n > most:
		line("cases", fmt.Sprintf("%s, and %d more: mpcheck list --json has what each needs", strings.Join(needing[:most], ", "), n-most))
	default:
		line("cases", strings.Join(needing, ", "))
	}
	id, call, outcome, ok := example(cmd.Context(), op)
	if !ok {
		return nil
	}
	asked, err := wire.CallParams("s1", "f1", call)
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	answered, err := wire.ReturnResult(outcome)
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	line("example", call.String()+" => "+outcome.String())
	line("", "on the simulator, in "+id+"; on the wire")
	fmt.Fprintf(w, "      -> {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"call\",\"params\":%s}\n      <- {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":%s}\n", asked, answered)
	return nil
}

// clausesOf are those that an operation serves: the table has ids, and beginnings that end in *.
func clausesOf(op *spec.Op) []*spec.Clause {
	var of []*spec.Clause
	for _, c := range spec.Clauses().Clauses {
		if slices.ContainsFunc(op.Clauses, func(pattern string) bool {
			begin, family := strings.CutSuffix(pattern, "*")
			return pattern == c.ID || family && strings.HasPrefix(c.ID, begin)
		}) {
			of = append(of, c)
		}
	}
	return of
}

// explainFamily writes a line a clause.
func explainFamily(w io.Writer, family string) {
	for _, c := range spec.Clauses().Clauses {
		if strings.HasPrefix(c.ID, family+"-") {
			fmt.Fprintf(w, "%-16s %-6s %s\n", c.ID, c.Level, c.Rule)
		}
	}
}

// explainKit writes a line an operation of the kit.
func explainKit(w io.Writer) {
	for _, op := range spec.Ops {
		if op.Is(spec.Kit) && !op.Is(spec.ByHarness) {
			fmt.Fprintf(w, "(%s)\n    %s\n", strings.TrimSpace(op.Name+" "+strings.ReplaceAll(op.Lambda, "+", "")), op.Says())
		}
	}
}

// nearOperations names what a word that is no id may have meant.
func nearOperations(word string) string {
	best, most := "", 2
	for _, op := range spec.Ops {
		if d := distance(word, op.Name); d <= most {
			best, most = op.Name, d-1
		}
	}
	if best != "" {
		return fmt.Sprintf(": did you mean %s?", best)
	}
	return ": ids look like CLEAN-DUP-7; mpcheck list shows the cases, docs/operations.md the operations"
}

// distance counts the letters to be put in, taken out or changed. Words that are far apart in length
// are not looked at.
func distance(a, b string) int {
	if len(a) > len(b)+3 || len(b) > len(a)+3 {
		return 4
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0]++
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
