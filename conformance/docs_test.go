package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The examples of docs/adapters.md for go test, as somebody else's module has them, over the built-in
// adapter.
func TestExamplesOfTheDocsRun(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile(filepath.Join(root, "docs", "adapters.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(docs), "\n## From go test\n")
	section, _, ends := strings.Cut(section, "\n## ")
	if !found || !ends {
		t.Fatal("docs/adapters.md has no section From go test")
	}
	var code []string
	for block := range strings.SplitSeq(section, "\n\n") {
		if strings.HasPrefix(block, "    func ") || strings.HasPrefix(block, "    import ") {
			code = append(code, strings.ReplaceAll("\n"+block, "\n    ", "\n"))
		}
	}
	if len(code) < 3 {
		t.Fatalf("%d pieces of code in the section", len(code))
	}
	program := `package myactors_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"` + module + `/adapters/native"
	"` + module + `/adapters/remote"
	"` + module + `/adapters/wire"
	"` + module + `/conformance"
	"` + module + `/spec"
	"` + module + `/traces"
)

type actors struct{}

var myactors actors

func (actors) NewAdapter() spec.Adapter { return native.New() }

func TestElsewhere(t *testing.T) { conformance.Run(t, newAdapter) }
` + strings.Join(code, "\n")
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(mod), "\n")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/myactors\n" + requires +
			"\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + root + "\n",
		"actors_test.go": program,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	pattern := "TestConformance/^(CLEAN-DUP-7|REAP-NOHANG-3)$|TestElsewhere/^REAP-NOHANG-3$"
	cmd := exec.Command("go", "test", "-mod=mod", "-v", "-run", pattern, ".")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v in\n%s", err, out)
	}
	for _, want := range []string{
		// Cases about children aren't applicable in the test's own process, and are in one of their own.
		"--- PASS: TestConformance/CLEAN-DUP-7/", "--- SKIP: TestConformance/REAP-NOHANG-3/any", "--- PASS: TestElsewhere/REAP-NOHANG-3/any",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// The changelog says a thing once: two branches that each add lines make it say both twice, if they are put together by lines.
func TestChangelogSaysThingsOnce(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for i, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "* ") && !strings.HasPrefix(line, "## ") {
			continue
		}
		if at := said[line]; at > 0 {
			t.Errorf("CHANGELOG.md:%d: line %d again: %s", i+1, at, line)
		}
		said[line] = i + 1
	}
}
