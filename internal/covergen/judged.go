package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// judgedFile has what real implementations were judged to be, by make verdicts: they aren't on every machine.
const judgedFile = "internal/covergen/judged.json"

// judged is an implementation, and what a run said of each clause.
type judged struct {
	Name    string            `json:"name"`
	Clauses map[string]string `json:"clauses"`
}

// reduced is what a report says of clauses: the verdict, or what was seen of that which the documents leave open.
func reduced(name string, r *verdict.Report) judged {
	j := judged{Name: name, Clauses: map[string]string{}}
	for _, c := range r.Clauses {
		if c.Verdict != nil && *c.Verdict != verdict.NotApplicable {
			j.Clauses[c.ID] = c.Verdict.String()
		}
	}
	for _, c := range r.Fingerprint {
		if j.Clauses[c.Clause] != verdict.Observed.String() {
			continue
		}
		var seen []string
		for _, b := range c.Behaviours {
			seen = append(seen, b.Behaviour)
		}
		j.Clauses[c.Clause] = strings.Join(seen, ", ")
	}
	return j
}

// take reads reports of mpcheck run --json, each named after its implementation, and puts what they say into judgedFile, in
// the place of what it says of them.
func take(root string, reports []string) error {
	all, err := readJudged(root)
	if err != nil {
		return err
	}
	for _, path := range reports {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		r, err := verdict.ReadReport(file)
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		all = append(slices.DeleteFunc(all, func(j judged) bool { return j.Name == name }), reduced(name, r))
	}
	slices.SortFunc(all, func(a, b judged) int {
		native := func(j judged) int { return len(j.Name) - len(strings.TrimPrefix(j.Name, "native")) }
		return cmp.Or(cmp.Compare(native(b), native(a)), cmp.Compare(a.Name, b.Name))
	})
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, judgedFile), append(text, '\n'), 0o644)
}

func readJudged(root string) (all []judged, err error) {
	text, err := os.ReadFile(filepath.Join(root, judgedFile))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	return all, err
}

// clauseByClause is a table of all clauses that say something of an implementation.
func clauseByClause(b *strings.Builder, simulator judged, others []judged) {
	b.WriteString(`
## Clause by clause

What a run of the cases says: the verdict of each clause, or, where the documents leave it open, what was seen. The
simulator goes every way that is open. A dash: no case of it applies to that implementation. The columns after the simulator are of the last
` + "`make verdicts`" + `; of real implementations [subjects.md](subjects.md) says more.

| clause | level | cases | simulator |`)
	for _, j := range others {
		fmt.Fprintf(b, " %s |", j.Name)
	}
	b.WriteString("\n|---|---|---|---|" + strings.Repeat("---|", len(others)) + "\n")
	of := map[string]int{}
	for _, k := range cases.All() {
		for _, id := range k.Witnesses() {
			of[id]++
		}
	}
	for _, c := range spec.Clauses().Clauses {
		if c.Level == spec.Note {
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %d |", c.ID, c.Level, of[c.ID])
		for _, j := range append([]judged{simulator}, others...) {
			fmt.Fprintf(b, " %s |", cmp.Or(j.Clauses[c.ID], "-"))
		}
		b.WriteString("\n")
	}
	b.WriteString("\nNot testable:\n\n")
	for _, c := range spec.Clauses().Clauses {
		if reason := cases.NotTestable[c.ID]; reason != "" {
			fmt.Fprintf(b, "* %s, %s: %s\n", c.ID, c.Level, reason)
		}
	}
}
