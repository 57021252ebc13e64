package cases

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// sources parses the files of the package, its tests apart.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, e := range entries {
		name, isGo := strings.CutSuffix(e.Name(), ".go")
		if !isGo || strings.HasSuffix(name, "_test") {
			continue
		}
		if files[name], err = parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// idsIn are the ids of the cases that a file holds.
func idsIn(file *ast.File) (ids []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if key, ok := pair.Key.(*ast.Ident); !ok || key.Name != "ID" {
			return true
		}
		if text, ok := pair.Value.(*ast.BasicLit); ok {
			id, _ := strconv.Unquote(text.Value)
			ids = append(ids, id)
		}
		return true
	})
	return ids
}

// tested are the methods by which code issues operations of the system under test, but for those that have
// the name of a method of a whole system.
func tested() map[string]bool {
	methods := map[string]bool{}
	system := reflect.TypeFor[spec.System]()
	for _, op := range spec.Ops {
		if _, of := system.MethodByName(op.Method()); !of && !op.Is(spec.Kit) && !op.Is(spec.ByHarness) {
			methods[op.Method()] = true
		}
	}
	return methods
}

// plays tells whether code of a file runs in the processes of a case: it holds cases, or issues operations of the system
// under test. That is what tells chapters and scenery from the engine.
func plays(file *ast.File, operations map[string]bool) (is bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			method, ok := call.Fun.(*ast.SelectorExpr)
			is = is || ok && operations[method.Sel.Name]
		}
		return true
	})
	return is || len(idsIn(file)) > 0
}

// faults lists what such a file must not contain: ways around the adapter's clock and
// scheduler, and chance, under which a case would mean something else on the simulator.
func faults(file *ast.File) []string {
	var out []string
	for _, imp := range file.Imports {
		path, _ := strconv.Unquote(imp.Path.Value)
		if slices.Contains([]string{"time", "sync", "sync/atomic", "context", "os", "os/exec", "runtime", "math/rand", "math/rand/v2", "crypto/rand"}, path) || strings.Contains(path, "ginkgo") {
			out = append(out, "imports "+path)
		}
		if imp.Name != nil && imp.Name.Name == "." {
			out = append(out, "imports "+path+" with a dot")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			out = append(out, "starts a goroutine")
		case *ast.ChanType, *ast.SelectStmt:
			out = append(out, "uses a channel")
		case *ast.Ident:
			if slices.Contains([]string{"Eventually", "Consistently", "GinkgoRecover", "recover"}, n.Name) {
				out = append(out, "uses "+n.Name)
			}
		}
		return true
	})
	return out
}

func TestChaptersUseNoClockOfTheirOwn(t *testing.T) {
	operations := tested()
	chapters, scenery := 0, 0
	for name, file := range sources(t) {
		if !plays(file, operations) {
			continue
		}
		if len(idsIn(file)) > 0 {
			chapters++
		} else {
			scenery++
		}
		for _, f := range faults(file) {
			t.Errorf("%s.go %s", name, f)
		}
	}
	if chapters < 30 || scenery < 3 {
		t.Errorf("only %d chapters and %d files of scenery were found", chapters, scenery)
	}
}

// misplaced says what is wrong with the file in which a case stands: it is that of the case's family, or that of the area
// where the family has none. More words may follow the name of a family that has several files.
func misplaced(id, name string, names []string) string {
	clause, _, _ := strings.Cut(id, "/")
	family := strings.ToLower(strings.ReplaceAll(clause[:strings.LastIndex(clause, "-")], "-", "_"))
	area, _, _ := strings.Cut(family, "_")
	switch {
	case name == family, strings.HasPrefix(name, family+"_"):
		return ""
	case slices.Contains(names, family):
		return id + " stands in " + name + ".go; its family has a file, " + family + ".go"
	case name == area:
		return ""
	}
	return id + " stands in " + name + ".go; it belongs in " + area + ".go, or its family gets a file, " + family + ".go"
}

// Whoever knows the id of a case knows its file, and all that stands there is in the table.
func TestCasesStandInTheFileOfTheirFamily(t *testing.T) {
	files := sources(t)
	var names, stands []string
	for name := range files {
		names = append(names, name)
	}
	for name, file := range files {
		for _, id := range idsIn(file) {
			stands = append(stands, id)
			if fault := misplaced(id, name, names); fault != "" {
				t.Error(fault)
			}
		}
	}
	if len(stands) != len(All()) {
		t.Errorf("%d cases stand in files, %d in the table: a file declares its cases by chapter", len(stands), len(All()))
	}
}

func TestMisplacedCasesAreSeen(t *testing.T) {
	names := []string{"clean", "clean_dup", "clean_dup_more", "dep"}
	for where, right := range map[string]bool{
		"CLEAN-DUP-7/raise in clean_dup": true, "CLEAN-DUP-7/raise in clean_dup_more": true, "CLEAN-REG-1/x in clean": true, "DEP-5/x in dep": true,
		"CLEAN-DUP-7/raise in clean": false, "CLEAN-REG-1/x in clean_dup": false, "CLEAN-DUPE-1/x in clean_dup": false, "DEP-5/x in clean": false,
	} {
		id, name, _ := strings.Cut(where, " in ")
		if fault := misplaced(id, name, names); fault == "" != right {
			t.Errorf("%s: %q", where, fault)
		}
	}
}

func TestFaultsAreSeen(t *testing.T) {
	const bad = `package p
import ("time"; . "github.com/onsi/gomega"; "github.com/onsi/ginkgo/v2")
func f(p *P) { p.ProcessKill(nil); go f(p); defer func() { recover() }(); Eventually(nil); time.Sleep(1); ginkgo.GinkgoRecover(); var _ chan int }`
	file, err := parser.ParseFile(token.NewFileSet(), "bad.go", bad, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !plays(file, tested()) {
		t.Error("it is not seen that it issues an operation")
	}
	got := strings.Join(faults(file), "; ")
	for _, want := range []string{"imports time", "with a dot", "ginkgo", "goroutine", "uses recover", "uses Eventually", "uses GinkgoRecover", "channel"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not seen in: %s", want, got)
		}
	}
}
