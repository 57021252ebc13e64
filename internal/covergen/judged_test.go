package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// A report takes the place of the one before of the same implementation, and the table shows its verdicts, what was seen of
// what is left open, and nothing of what doesn't apply.
func TestReportsAreTakenOver(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(root, judgedFile)), 0o755); err != nil {
		t.Fatal(err)
	}
	taken := func(name string, duplicate verdict.Verdict) {
		t.Helper()
		pass, observed, not := verdict.Pass, verdict.Observed, verdict.NotApplicable
		path := filepath.Join(t.TempDir(), name+".json")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		err = (&verdict.Report{
			Format: 1,
			Clauses: []verdict.ClauseResult{
				{ID: "CLEAN-DUP-1", Level: spec.Must, Verdict: &duplicate}, {ID: "CLEAN-DUP-3", Level: spec.Must, Verdict: &pass},
				{ID: "CLEAN-DUP-9", Level: spec.Silent, Verdict: &observed}, {ID: "CLEAN-FOR-1", Level: spec.Must, Verdict: &not},
			},
			Fingerprint: verdict.Fingerprint{{Clause: "CLEAN-DUP-9", Behaviours: []verdict.Seen{{Behaviour: "nil", Count: 2}, {Behaviour: "true", Count: 1}}}},
		}).WriteJSON(file)
		if file.Close(); err != nil {
			t.Fatal(err)
		}
		if err := take(root, []string{path}); err != nil {
			t.Fatal(err)
		}
	}
	taken("ALisp", verdict.Fail)
	taken("native", verdict.Pass)
	taken("ALisp", verdict.Known)
	all, err := readJudged(root)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	clauseByClause(&b, judged{Clauses: map[string]string{"CLEAN-DUP-1": "pass"}}, all)
	for _, row := range []string{
		"| clause | level | cases | simulator | native | ALisp |",
		"| pass | pass | known |",
		"| - | nil, true | nil, true |",
		"| - | pass | pass |",
	} {
		if !strings.Contains(b.String(), row+"\n") {
			t.Errorf("no row ends with %s", row)
		}
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "| CLEAN-FOR-1 ") && !strings.HasSuffix(line, "| - | - | - |\n") {
			t.Errorf("what doesn't apply is shown: %s", line)
		}
	}
}
