package child

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// Harness and child are one program, but of two tables: each command has somebody who carries it out.
func TestEveryCommandIsCarriedOut(t *testing.T) {
	for _, row := range spec.ChildCommands {
		if (childCommands[row.Name] == nil) != (row.Name == spec.TellKill) {
			t.Errorf(":%s: the child obeys it: %v; want all but :kill, which the harness carries out", row.Name, childCommands[row.Name] != nil)
		}
	}
	for name := range childCommands {
		if spec.LookupChildWord(spec.ChildCommands, spec.Keyword(name)) == nil {
			t.Errorf("a child would obey :%s, which is in no table", name)
		}
	}
}
