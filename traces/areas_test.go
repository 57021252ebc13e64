package traces

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// mailboxAreas are those whose operations are on mailboxes, and special what the specification and the script have for
// these alone.
var (
	mailboxAreas = []string{"MBOX", "SEND", "EVENT"}
	special      = []string{"KindMailbox", "OwnMailbox", "MailboxOf", "Queue", "IsOwn"}
)

// What is special to mailboxes is in traces/queues: the oracle's own files name none of their operations, nor what
// else is theirs alone, and only one file hands that room to the oracle.
func TestOracleKnowsNoMailboxes(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var handing []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			if strings.HasSuffix(i.Path.Value, `traces/queues"`) {
				handing = append(handing, name)
			}
		}
		for _, what := range mailboxNames(file) {
			t.Errorf("%s names %s", name, what)
		}
	}
	if !slices.Equal(handing, []string{"areas.go"}) {
		t.Errorf("traces/queues is imported by %v, want areas.go alone", handing)
	}
}

// mailboxNames are the operations on mailboxes that a file names, and what is special to them.
func mailboxNames(file *ast.File) (out []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			name, err := strconv.Unquote(n.Value)
			if n.Kind != token.STRING || err != nil {
				break
			}
			op := spec.LookupOp(name)
			if op != nil && slices.Contains(mailboxAreas, op.Area) || strings.Contains(name, "mailbox") || slices.Contains(mailboxAreas, name) {
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

// The test finds what it looks for.
func TestMailboxNamesAreFound(t *testing.T) {
	text := `package p
func f(op string) bool { return op == "process-send" || op == "mailbox-read" || op == "eq" || s.MailboxOf(p) != 0 }`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := mailboxNames(file); !slices.Equal(found, []string{`"process-send"`, `"mailbox-read"`, "MailboxOf"}) {
		t.Errorf("found %v", found)
	}
}
