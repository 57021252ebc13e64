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
	for _, file := range []string{"system.go", "../kit/wait.go"} {
		text, err := os.ReadFile(filepath.Join(nativeDir, file))
		if err != nil {
			t.Fatal(err)
		}
		wrong := map[string]string{filepath.Join(nativeDir, file): string(text) + "\nfunc f() { missing() }\n"}
		if compiled.check(wrong) == nil {
			t.Errorf("what is not there is not missed in %s", file)
		}
	}
}

// compiler checks the types of the kit and of native as the go command would build them here.
type compiler struct {
	packages []source // the kit first, which native imports
	exports  map[string]string
	fset     *token.FileSet
}

// source is a package: its files below a folder.
type source struct {
	dir   string
	files []string
}

const kitPath = "github.com/mpcheck/mpcheck/adapters/kit"

func newCompiler(t *testing.T) *compiler {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", nativeDir).Output()
	if err != nil {
		t.Fatal(err)
	}
	c := &compiler{fset: token.NewFileSet(), exports: map[string]string{}}
	for _, l := range strings.Fields(string(out)) {
		path, file, _ := strings.Cut(l, "=")
		c.exports[path] = file
	}
	for _, dir := range []string{filepath.Join(nativeDir, "../kit"), nativeDir} {
		out, err = exec.Command("go", "list", "-f", `{{join .GoFiles "\n"}}`, "./"+dir).Output()
		if err != nil {
			t.Fatal(err)
		}
		c.packages = append(c.packages, source{dir, strings.Fields(string(out))})
	}
	return c
}

// overlaid imports the kit as it was changed, and all else as it was built.
type overlaid struct {
	types.Importer
	kit *types.Package
}

func (o *overlaid) Import(path string) (*types.Package, error) {
	if path == kitPath {
		return o.kit, nil
	}
	return o.Importer.Import(path)
}

// check is the first error of them with some files changed.
func (c *compiler) check(texts map[string]string) error {
	imports := &overlaid{Importer: importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(c.exports[path]) })}
	for _, p := range c.packages {
		var parsed []*ast.File
		for _, name := range p.files {
			path := filepath.Join(p.dir, name)
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
		checked, err := (&types.Config{Importer: imports}).Check(filepath.Base(p.dir), c.fset, parsed, nil)
		if err != nil {
			return err
		}
		if imports.kit == nil {
			imports.kit = checked
		}
	}
	return nil
}
