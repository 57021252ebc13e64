package cases_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Files of cases, one for each chapter of the catalogue.
var chapters = []string{
	"process.go", "process_join.go", "process_kill.go", "process_list.go", "process_designator.go", "process_wait.go", "bind.go", "initial.go", "cleanup.go", "cleanup_duplicate.go", "cleanup_form.go", "cleanup_object.go", "cleanup_order.go",
	"cleanup_phase.go", "cleanup_process.go", "dependent.go", "send.go", "send_target.go", "send_limit.go", "send_timeout.go", "send_dead.go", "mailbox.go", "mailbox_room.go", "mailbox_ask.go", "mailbox_wait.go", "event.go", "reap.go", "reap_zombie.go", "reap_select.go", "reap_wait.go",
	"reap_exit.go", "reap_nohang.go", "reap_status.go", "reap_function.go", "reap_shell.go", "external.go",
}

// faults lists what a file of cases must not contain: ways around the adapter's clock and
// scheduler, under which a case would mean something else on the simulator.
func faults(file *ast.File) []string {
	var out []string
	for _, imp := range file.Imports {
		path, _ := strconv.Unquote(imp.Path.Value)
		if slices.Contains([]string{"time", "sync", "sync/atomic", "context", "os", "os/exec", "runtime"}, path) || strings.Contains(path, "ginkgo") {
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

func TestCaseFilesUseNoClockOfTheirOwn(t *testing.T) {
	checked := 0
	for _, name := range chapters {
		if _, err := os.Stat(name); os.IsNotExist(err) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range faults(file) {
			t.Errorf("%s %s", name, f)
		}
		checked++
	}
	if checked < 3 {
		t.Errorf("only %d files of cases were found", checked)
	}
}

// Every variable that holds cases is in a file that is checked.
func TestCasesAreInCaseFiles(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") || slices.Contains(chapters, e.Name()) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if array, ok := lit.Type.(*ast.ArrayType); ok && fmt.Sprint(array.Elt) == "Case" {
					t.Errorf("%s holds cases but is not a chapter's file", e.Name())
				}
			}
			return true
		})
	}
}

func TestFaultsAreSeen(t *testing.T) {
	const bad = `package p
import ("time"; . "github.com/onsi/gomega"; "github.com/onsi/ginkgo/v2")
func f() { go f(); defer func() { recover() }(); Eventually(nil); time.Sleep(1); ginkgo.GinkgoRecover(); var _ chan int }`
	file, err := parser.ParseFile(token.NewFileSet(), "bad.go", bad, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(faults(file), "; ")
	for _, want := range []string{"imports time", "with a dot", "ginkgo", "goroutine", "uses recover", "uses Eventually", "uses GinkgoRecover", "channel"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not seen in: %s", want, got)
		}
	}
}
