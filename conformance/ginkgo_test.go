package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/internal/trial"
)

// ginkgoRun runs the suite of this package by the ginkgo command, with flags for each, and
// returns what it wrote and whether it passed.
func ginkgoRun(t *testing.T, flags []string, suite ...string) (string, bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", slices.Concat([]string{"tool", "ginkgo", "--no-color", "-v"}, flags, []string{self, "--"}, suite)...)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func TestGinkgoOutcomes(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "known.txt")
	if err := os.WriteFile(list, []byte("REAP-NOHANG-3/any  as ever\nREAP-NOHANG-3/that-child  no more\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		flags  []string
		suite  []string
		passes bool
		says   []string
	}{
		{"labels select exactly", []string{"--label-filter=CLEAN-DUP-7 && MUST"}, []string{"--adapter", "refimpl"}, true,
			[]string{"CLEAN-DUP-7/raise [CLEAN-DUP-7, ", "0 Failed"}},
		{"known is skipped, stale fails", nil, []string{"--select", "REAP-NOHANG-3/*", "--known", list, self, "serve", "refimpl", "no-hang-names-child"}, false,
			[]string{"[SKIPPED] known REAP-NOHANG-3/any: as ever", "[FAILED] stale REAP-NOHANG-3/that-child: ", "[FAILED] fail REAP-NOHANG-3/own-group: ",
				"repeat    mpcheck run --select REAP-NOHANG-3/own-group"}},
		{"nothing judged is not green", nil, []string{"--adapter", "claims-nothing", "--select", "CLEAN-DUP-7/raise"}, false,
			[]string{"[SKIPPED] not-applicable CLEAN-DUP-7/raise: ", "nothing was judged"}},
		{"an empty selection fails", nil, []string{"--select", "CLEAN-DUP-7/no*"}, false, []string{"no case matches"}},
		{"an unknown clause fails", nil, []string{"--select", "CLEAN-DUP-77"}, false, []string{`unknown clause or family "CLEAN-DUP-77"`}},
		{"an unknown adapter fails", nil, []string{"--adapter", "nonsense", "--select", "CLEAN-DUP-7/raise"}, false, []string{"error making the adapter", `"nonsense"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, passed := ginkgoRun(t, test.flags, test.suite...)
			if passed != test.passes {
				t.Errorf("passed: %v\n%s", passed, out)
			}
			for _, text := range test.says {
				if !strings.Contains(out, text) {
					t.Errorf("doesn't say %q:\n%s", text, out)
				}
			}
		})
	}
}

// In a parallel run each process has an adapter of its own; the verdicts come together.
func TestGinkgoParallelWritesOneReport(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.json")
	out, passed := ginkgoRun(t, []string{"--procs=2"}, slices.Concat(few, []string{"--adapter", "native", "--json", path})...)
	if !passed {
		t.Errorf("failed:\n%s", out)
	}
	want := trial.Select(t, "CLEAN-DUP-7", "SEND-LIM-5", "REAP-NOHANG-3")
	verdicts := reported(t, path)
	for _, k := range want {
		if verdicts[k.ID] != "pass" && verdicts[k.ID] != "observed" {
			t.Errorf("%s is %q in the report", k.ID, verdicts[k.ID])
		}
	}
}
