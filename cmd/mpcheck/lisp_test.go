package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
)

// The adapters for LispWorks and Allegro CL can't be run on those here. SBCL stands in, with packages that export what they use, by the
// documented lambda lists: there they pass smoke, and no case accuses them. What that proves and what not is said at their heads.
func TestStandIns(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("adapters in processes of their own need Linux")
	}
	if !tier.Whole() {
		t.Skip("a quarter of a minute of SBCL: make subjects has it")
	}
	needs(t, "sbcl")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		name  string
		areas []string
		least int // cases that pass or are observed
	}{
		{"lispworks", []string{"CLEAN-DUP", "SEND-LIM", "MBOX-READ", "EVENT"}, 50},
		{"allegro", []string{"PROC-KILL", "PROC-INT", "MBOX-READ", "REAP-NOHANG"}, 20},
	} {
		t.Run(s.name, func(t *testing.T) {
			adapter := []string{"--", "sbcl", "--script", filepath.Join(root, "adapters", "lisp", "stubs", s.name+".lisp")}
			report := filepath.Join(t.TempDir(), "report.json")
			run := []string{"run", "--jobs", "2", "--timeout", "60s", "--json", report}
			for _, area := range s.areas {
				run = append(run, "--select", area)
			}
			for _, args := range [][]string{append([]string{"smoke"}, adapter...), append(run, adapter...)} {
				said(t, args...)
			}
			if n := applicable(t, report); n < s.least {
				t.Errorf("%d cases were judged, want at least %d", n, s.least)
			}
		})
	}
}

// applicable counts the cases of a report that were applicable.
func applicable(t *testing.T, path string) (n int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Cases []struct{ Verdict string } }
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Cases {
		if c.Verdict == "pass" || c.Verdict == "observed" {
			n++
		}
	}
	return n
}
