package traces

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// The oracle's general files: its own, and those that read a trace in terms of the specification. What is special to
// an area has a room of its own, as traces/queues.
var general = []string{".", "internal/script"}

// special is what the specification and the script have for mailboxes alone.
var special = []string{"KindMailbox", "OwnMailbox", "MailboxOf", "Queue", "IsOwn"}

// named are the operations and clauses that a general file names all the same, and why.
var named = map[string]string{
	"eq":    "of the kit: stands in for a call that is judged apart",
	"pause": "of the kit: stands in for one that waits",
}

// What there is to know of an operation its row says: the oracle's general files name none, nor a clause, nor an area.
func TestOracleKnowsNoArea(t *testing.T) {
	seen := map[string]bool{}
	for _, folder := range general {
		for name, file := range sources(t, folder) {
			for _, what := range areaNames(file) {
				if seen[what] = true; named[what] == "" {
					t.Errorf("%s names %s", name, what)
				}
			}
		}
	}
	for what := range named {
		if !seen[what] {
			t.Errorf("nothing names %s any more", what)
		}
	}
}

// What is special to mailboxes is in traces/queues, and only one file hands that room to the oracle.
func TestOracleKnowsNoMailboxes(t *testing.T) {
	var handing []string
	for name, file := range sources(t, ".") {
		for _, i := range file.Imports {
			if strings.HasSuffix(i.Path.Value, `traces/queues"`) {
				handing = append(handing, name)
			}
		}
		for _, what := range specialNames(file) {
			t.Errorf("%s names %s", name, what)
		}
	}
	if !slices.Equal(handing, []string{"areas.go"}) {
		t.Errorf("traces/queues is imported by %v, want areas.go alone", handing)
	}
}

// sources are the files of a folder that are no tests, by their names.
func sources(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(names), err)
	}
	out := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if out[name], err = parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// areaNames are the operations, clauses and areas that are named in a file's strings.
func areaNames(file *ast.File) (out []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return true
		}
		area, _, _ := strings.Cut(text, "-")
		if spec.LookupOp(text) != nil || slices.Contains(spec.Areas, area) {
			out = append(out, text)
		}
		return true
	})
	return out
}

// specialNames are what a file names that is of mailboxes alone.
func specialNames(file *ast.File) (out []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING && strings.Contains(n.Value, "mailbox") {
				out = append(out, n.Value)
			}
		case *ast.SelectorExpr:
			if slices.Contains(special, n.Sel.Name) {
				out = append(out, n.Sel.Name)
			}
		}
		return true
	})
	return out
}

// The tests find what they look for.
func TestNamesAreFound(t *testing.T) {
	text := `package p
func f(op string) bool { return op == "process-send" || op == "eq" || op == "a mailbox" || op == "REAP-STAT-5" || op == "REAP" || op == "READ" || s.MailboxOf(p) != 0 }`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := areaNames(file); !slices.Equal(found, []string{"process-send", "eq", "REAP-STAT-5", "REAP"}) {
		t.Errorf("found %v", found)
	}
	if found := specialNames(file); !slices.Equal(found, []string{`"a mailbox"`, "MailboxOf"}) {
		t.Errorf("found %v", found)
	}
}
