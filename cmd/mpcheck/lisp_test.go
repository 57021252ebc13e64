package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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

// An author's own cleanups, which are as short as the starting adapter says: a form that leaves by an error ends them, and not the adapter.
func TestAnAuthorsCleanups(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("adapters in processes of their own need Linux")
	}
	needs(t, "sbcl")
	folder := filepath.Join(t.TempDir(), "mine")
	said(t, "init", "--lang", "lisp", folder)
	path := filepath.Join(folder, "adapter.lisp")
	laid, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begun, served := strings.CutSuffix(string(laid), "(serve)\n")
	if !served {
		t.Fatalf("what is laid doesn't end with (serve):\n%s", laid)
	}
	const own = `
(defvar *forms* (make-hash-table :test 'eq :synchronized t))
(define-operation "ensure-process-cleanup" :composed (form) (priority force process)
  (declare (ignore priority force))
  (push form (gethash (or process (self)) *forms*))
  nil)
(defun run-cleanups (life)
  (declare (ignore life))
  (dolist (form (gethash (self) *forms*)) (funcall form (self))))
(serve)
`
	if err := os.WriteFile(path, []byte(begun+own), 0o666); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "report.json")
	said(t, "run", "--json", report, "--select", "CLEAN-ERR-1/error", "--select", "CLEAN-FORM-1", "--", "sbcl", "--script", path)
	if n := applicable(t, report); n < 2 {
		t.Errorf("%d cases were judged, want at least 2", n)
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
