// Command covergen measures how much of the specification is reached, and writes it to
// docs/coverage.md, and how usual each clause is to spec/model/usual_gen.go. Everything runs on the simulator from fixed seeds, so that the page changes
// only where cases, rules or the generator do. Run it by `make generate`. What reports named after the folder say of
// other implementations is taken over into the page and kept: `make verdicts`.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// How much is run: enough for all that is going to be reached, in seconds.
const (
	schedules = 8
	explored  = 20_000
	programs  = 1000
	seeds     = 20
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if len(os.Args) > 2 {
		if err := take(root, os.Args[2:]); err != nil {
			log.Fatal(err)
		}
	}
	text, err := page(context.Background(), root)
	if err != nil {
		log.Fatal(err)
	}
	write(filepath.Join(root, "docs", "coverage.md"), text)
	table, err := usual(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	write(filepath.Join(root, "spec", "model", "usual_gen.go"), table)
}

func write(path, text string) {
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}

const head = `<!-- Written by internal/covergen: run make generate. -->

# Coverage of the specification

How much of the executable specification (` + "`spec/model`" + `) takes part when something is run on the
simulator. A *branch* is a place in a rule, or in a decision that a rule makes, that cites the clauses which it embodies;
it took part where it acted, or held an operation back, and with it these clauses. An *act* is a step that the
rules allow: ` + "`effect OPERATION`" + `, ` + "`time-up OPERATION`" + ` where the operation gives up because its time
is over, or a step of a process, a child or the clock. That something took part does not mean that
it was judged: ` + "`mpcheck mutants`" + ` says whether a broken rule is noticed.

`

func page(ctx context.Context, root string) (string, error) {
	others, err := readJudged(root)
	if err != nil {
		return "", err
	}
	seeded, report, err := simulated(ctx, run.Config{Seed: 1, Schedules: schedules})
	if err != nil {
		return "", err
	}
	all, _, err := simulated(ctx, run.Config{
		Seed: 1, Schedules: explored, Sizes: cases.ExploreSizes,
		Enumerate: func() run.Enumerator { return refimpl.NewDPOR() },
	})
	if err != nil {
		return "", err
	}
	invented, err := fuzzed(ctx, 1, programs, false)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(head)
	branches := places.Load().Branches
	fmt.Fprintf(&b, "| by | branches of %d | clauses of %d | acts of %d |\n|---|---|---|---|\n", len(branches), len(model.RuledClauses()), len(model.ActClasses()))
	for _, row := range []struct {
		by      string
		covered *refimpl.Coverage
	}{
		{fmt.Sprintf("the cases, %d schedules each", schedules), seeded},
		{"exploring the cases, every schedule that makes a difference", all},
		{fmt.Sprintf("fuzzing, %d programs, a schedule each", programs), invented},
	} {
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", row.by, len(branches)-len(unreachedBranches(row.covered)), len(row.covered.Clauses()), len(row.covered.Acts()))
	}
	byFile(&b, seeded, all, invented)
	unreached(&b, all, invented)
	if err := weights(ctx, &b); err != nil {
		return "", err
	}
	areas(&b)
	clauseByClause(&b, reduced("simulator", report), others)
	return b.String(), nil
}

// cases runs every case on the simulator.
func simulated(ctx context.Context, cfg run.Config) (*refimpl.Coverage, *verdict.Report, error) {
	covered := refimpl.Coverage{Branched: true}
	cfg.TrustKit = true
	cfg.Cases, cfg.Adapter = cases.All(), refimpl.New(refimpl.Options{Coverage: &covered})
	report, err := run.Execute(ctx, cfg)
	if err == nil && report.ExitCode() != 0 {
		err = fmt.Errorf("cases failed on the simulator, mpcheck explore says which: %v", report.Summary)
	}
	return &covered, report, err
}

func fuzzed(ctx context.Context, seed uint64, programs int, uniform bool) (*refimpl.Coverage, error) {
	covered := refimpl.Coverage{Branched: true}
	err := fuzz.Cover(ctx, &fuzz.Inventor{Seed: seed, Uniform: uniform, Coverage: &covered}, programs)
	return &covered, err
}

// unreached lists what exploring and fuzzing did not reach.
func unreached(b *strings.Builder, explored, invented *refimpl.Coverage) {
	b.WriteString("\n## Not reached\n\n")
	acts, clauses := explored.Unreached()
	fmt.Fprintf(b, "By exploring the cases: clauses %s; acts:\n\n", listed(clauses))
	for _, a := range acts {
		fmt.Fprintf(b, "* `%s`: %s\n", a, cmp.Or(cases.Unreached[a.String()], "no reason is known"))
	}
	b.WriteString("\nand branches:\n\n")
	fuzzed := unreachedBranches(invented)
	for _, branch := range unreachedBranches(explored) {
		reason := cases.UnreachedBranches[branch.String()]
		if reason == "" && !slices.ContainsFunc(fuzzed, func(f places.Branch) bool { return f.Place == branch.Place }) {
			reason = "fuzzing reaches it"
		}
		fmt.Fprintf(b, "* `%s` in %s: %s\n", branch, path.Base(branch.File), cmp.Or(reason, "no reason is known"))
	}
	b.WriteString("\nCited by branches that no mutant breaks:\n\n")
	for _, id := range unbrokenClauses() {
		fmt.Fprintf(b, "* %s: %s\n", id, cmp.Or(unbroken(id), "no reason is known"))
	}
	acts, clauses = invented.Unreached()
	fmt.Fprintf(b, "\nBy fuzzing: clauses %s; acts of operations that no program calls, most of them the kit's:\n\n", listed(clauses))
	called := fuzz.Operations()
	var uncalled, rest []string
	for _, a := range acts {
		switch text := "`" + a.String() + "`"; {
		case cases.Unreached[a.String()] != "":
		case a.Op != "" && !slices.Contains(called, a.Op):
			uncalled = append(uncalled, text)
		default:
			rest = append(rest, text)
		}
	}
	fmt.Fprintf(b, "%s.\n\nOther acts: %s.\n", listed(uncalled), listed(rest))
}

func listed(words []string) string { return cmp.Or(strings.Join(words, ", "), "none") }

// weights compares programs that prefer what is not covered yet with those that prefer nothing.
func weights(ctx context.Context, b *strings.Builder) error {
	fmt.Fprintf(b, `
## Weights

The same number of programs, a schedule each, that prefer what can do something where it stands and
what is not covered yet, and of programs that prefer nothing; the mean of %d seeds.

| programs | clauses | evenly | acts | evenly |
|---|---|---|---|---|
`, seeds)
	for _, n := range []int{10, 20, 40, 80} {
		var clauses, acts [2]int
		for seed := range uint64(seeds) {
			for i, uniform := range []bool{false, true} {
				covered, err := fuzzed(ctx, seed, n, uniform)
				if err != nil {
					return err
				}
				clauses[i] += len(covered.Clauses())
				acts[i] += len(covered.Acts())
			}
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s | %s |\n", n, mean(clauses[0]), mean(clauses[1]), mean(acts[0]), mean(acts[1]))
	}
	return nil
}

// mean is a sum over all seeds divided by their number, to a tenth.
func mean(sum int) string {
	tenths := (sum*10 + seeds/2) / seeds
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// areas counts, by area, the clauses with a rule and with a case.
func areas(b *strings.Builder) {
	b.WriteString(`
## The catalogue

Clauses of each area: how many a rule of the specification embodies, and how many a case witnesses.
Without a rule a clause is about what the specification does not model: other parts of the manual,
or the text of documents (NOTE).

| area | clauses | with a rule | without | of them NOTE | with a case |
|---|---|---|---|---|---|
`)
	ruled := model.RuledClauses()
	witnessed := map[string]bool{}
	for _, k := range cases.All() {
		for _, id := range k.Witnesses() {
			witnessed[id] = true
		}
	}
	for _, area := range spec.Areas {
		var clauses, rules, notes, cases int
		for _, c := range spec.Clauses().Clauses {
			if c.Area() != area {
				continue
			}
			clauses++
			switch {
			case slices.Contains(ruled, c.ID):
				rules++
			case c.Level == spec.Note:
				notes++
			}
			if witnessed[c.ID] {
				cases++
			}
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", area, clauses, rules, clauses-rules, notes, cases)
	}
}
