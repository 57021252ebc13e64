package child

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// Harness and child are one program, but of two tables: each command has somebody who carries it out.
func TestEveryCommandIsCarriedOut(t *testing.T) {
	harness := []string{spec.TellKill, spec.TellArgv, spec.TellEnviron, spec.TellInput}
	for _, row := range spec.ChildCommands {
		if (childCommands[row.Name] == nil) != slices.Contains(harness, row.Name) {
			t.Errorf(":%s: the child obeys it: %v; want all but %q, which the harness carries out", row.Name, childCommands[row.Name] != nil, harness)
		}
		if row.Planned() && childCommands[row.Name] == nil {
			t.Errorf(":%s may be planned, and no child obeys it", row.Name)
		}
	}
	for name := range plannedSteps {
		if childCommands[name] == nil {
			t.Errorf("a step :%s is planned otherwise than it is told, which it never is", name)
		}
	}
	for name := range childCommands {
		if spec.LookupChildWord(spec.ChildCommands, spec.Keyword(name)) == nil {
			t.Errorf("a child would obey :%s, which is in no table", name)
		}
	}
}
