package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of a package judge a change of it, which they don't see in the tree.
func TestOwnTestsJudge(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	write := func(in, name, text string) string {
		t.Helper()
		path := filepath.Join(in, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(root, "go.mod", "module example.org/p\n\ngo 1.24\n")
	source := write(root, "p.go", "package p\n\nfunc one() int { return 1 }\n")
	write(root, "p_test.go", "package p\n\nimport \"testing\"\n\nfunc TestOne(t *testing.T) {\n\tif one() != 1 {\n\t\tt.Fail()\n\t}\n}\n")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{source: write(dir, "p.go", "package p\n\nfunc one() int { return 2 }\n")}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := write(dir, overlayFile, string(replace))
	j := &judge{options: options{root: root, dir: "."}}
	if outcome, by, err := j.testsSay(t.Context(), "", dir); outcome != Survived || err != nil {
		t.Errorf("as it is: %s, %q, %v", outcome, by, err)
	}
	outcome, by, err := j.testsSay(t.Context(), overlay, dir)
	if outcome != Killed || !strings.HasPrefix(by, ownTests+": TestOne") || err != nil {
		t.Errorf("changed: %s, %q, %v", outcome, by, err)
	}
}

// A machine that is too slow for all tests together convicts nobody.
func TestSlowIsNoComplaint(t *testing.T) {
	for said, want := range map[string]bool{
		"panic: test timed out after 1m0s in TestX (0s)":   true,
		"panic: test timed out after 1m0s in TestX (14s)":  true,
		"panic: test timed out after 1m0s in TestX (44s)":  false,
		"panic: test timed out after 1m0s in TestX (1m0s)": false,
		"panic: test timed out after 1m0s":                 false,
		"TestX (0.00s)":                                    false,
	} {
		if got := slow(said); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
}
