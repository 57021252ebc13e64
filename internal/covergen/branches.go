package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

func unreachedBranches(covered *refimpl.Coverage) []places.Branch {
	return places.Load().Unreached(covered.Branches(), covered.Clauses())
}

// byFile counts the branches of each file.
func byFile(b *strings.Builder, of ...*refimpl.Coverage) {
	b.WriteString("\n| branches in | there are | by the cases | by exploring | by fuzzing |\n|---|---|---|---|---|\n")
	var files []string
	total := map[string]int{}
	for _, branch := range places.Load().Branches {
		if total[branch.File]++; total[branch.File] == 1 {
			files = append(files, branch.File)
		}
	}
	for _, file := range files {
		fmt.Fprintf(b, "| %s | %d |", path.Base(file), total[file])
		for _, covered := range of {
			missing := 0
			for _, branch := range unreachedBranches(covered) {
				if branch.File == file {
					missing++
				}
			}
			fmt.Fprintf(b, " %d |", total[file]-missing)
		}
		b.WriteByte('\n')
	}
}

// unbrokenClauses lists the clauses that are cited and that no mutant violates.
func unbrokenClauses() (out []string) {
	for _, id := range model.RuledClauses() {
		if !slices.ContainsFunc(model.Mutants, func(m model.MutantInfo) bool { return slices.Contains(m.Clauses, id) }) {
			out = append(out, id)
		}
	}
	return out
}

// unbroken is why no mutant violates a clause, "" where nobody knows.
func unbroken(id string) string { return cases.WhyUnbroken(spec.Clauses().Lookup(id)) }
