package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every planted bug fits the source, and says which clauses it should be named by.
func TestBugsFitTheSource(t *testing.T) {
	names := map[string]bool{}
	for _, b := range bugs {
		if names[b.Name] || len(b.Clauses) == 0 || b.What == "" {
			t.Errorf("bug %q stands twice, or says not what it is or how it should be named", b.Name)
		}
		names[b.Name] = true
		if _, err := b.texts(nativeDir); err != nil {
			t.Error(err)
		}
	}
	if len(bugs) < 22 {
		t.Errorf("only %d bugs", len(bugs))
	}
}

const nativeDir = "../../adapters/native"

// A bug whose texts still stand in the source may use what has gone from it.
func TestBugsCompile(t *testing.T) {
	compiled := newCompiler(t)
	for _, b := range append([]Bug{{Name: "none at all"}}, bugs...) {
		texts, err := b.texts(nativeDir)
		if err != nil {
			continue // TestBugsFitTheSource says so
		}
		if err := compiled.check(texts); err != nil {
			t.Errorf("bug %s: %v", b.Name, err)
		}
	}
	wrong := map[string]string{filepath.Join(nativeDir, "wait.go"): "package native\n\nfunc f() { missing() }\n"}
	if compiled.check(wrong) == nil {
		t.Error("what is not there is not missed")
	}
}

// compiler checks the types of native as the go command would build it here.
type compiler struct {
	files   []string
	imports types.Importer
	fset    *token.FileSet
}

func newCompiler(t *testing.T) *compiler {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", nativeDir).Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for _, l := range strings.Fields(string(out)) {
		path, file, _ := strings.Cut(l, "=")
		exports[path] = file
	}
	out, err = exec.Command("go", "list", "-f", `{{join .GoFiles "\n"}}`, nativeDir).Output()
	if err != nil {
		t.Fatal(err)
	}
	c := &compiler{files: strings.Fields(string(out)), fset: token.NewFileSet()}
	c.imports = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	return c
}

// check is the first error of native with some of its files changed.
func (c *compiler) check(texts map[string]string) error {
	var parsed []*ast.File
	for _, name := range c.files {
		path := filepath.Join(nativeDir, name)
		var src any
		if text, ok := texts[path]; ok {
			src = text
		}
		f, err := parser.ParseFile(c.fset, path, src, 0)
		if err != nil {
			return err
		}
		parsed = append(parsed, f)
	}
	_, err := (&types.Config{Importer: c.imports}).Check("native", c.fset, parsed, nil)
	return err
}
