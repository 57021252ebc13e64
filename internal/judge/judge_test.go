package judge

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// With this variable the test binary is an mpcheck, which has seen what the variable says.
const pretend = "JUDGE_TEST_MPCHECK"

func TestMain(m *testing.M) {
	if verdicts := os.Getenv(pretend); verdicts != "" {
		os.Exit(mpcheck(verdicts, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// The traces of a case: one that the specification allows, and one that it doesn't.
const (
	allowed   = "../../traces/testdata/accepted/SEND-LIM-2_growth.trace"
	forbidden = "../../traces/testdata/rejected/queue-is-stack.trace"
)

// mpcheck writes a report and traces, as run would. Verdicts are words as CASE=VERDICT=TRACE.
// fuzz finds something with seed 1, and nothing with any other.
func mpcheck(verdicts string, args []string) int {
	value := func(flag string) string { return args[slices.Index(args, flag)+1] }
	if args[0] == "fuzz" {
		if value("--seed") == "1" {
			fmt.Println("Lisp: 3 programs, 3 runs, 0 undecided\nfound")
			return 1
		}
		fmt.Println("Lisp: 40 programs, 40 runs, 0 undecided")
		return 0
	}
	if i := slices.Index(args, "--select"); i >= 0 { // a case that is run alone
		if strings.Contains(verdicts, args[i+1]+"=error=again") {
			return 1
		}
		return 0
	}
	var r report
	for _, word := range strings.Fields(verdicts) {
		parts := strings.Split(word, "=")
		if parts[1] == "stale" {
			r.Stale = append(r.Stale, struct{ ID, Reason string }{parts[0], "a reason"})
			continue
		}
		k := reportCase{ID: parts[0], Verdict: parts[1], Seen: "nil"}
		if parts[1] == "observed" {
			k.Observed = []struct{ Clause, Behaviour string }{{"SEND-ARG-1", "error"}}
		}
		r.Cases = append(r.Cases, k)
		if parts[1] == "error" {
			continue
		}
		text, err := os.ReadFile(parts[2])
		if err == nil {
			err = os.WriteFile(filepath.Join(value("--traces"), strings.ReplaceAll(parts[0], "/", "_")+".trace"), text, 0o644)
		}
		if err != nil {
			fmt.Println(err)
			return 9
		}
	}
	text, err := json.Marshal(r)
	if err == nil {
		err = os.WriteFile(value("--json"), text, 0o644)
	}
	if err != nil {
		return 9
	}
	return 1
}

func judged(t *testing.T, fuzz time.Duration, list string, verdicts ...string) (Finding, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	subject := Subject{Name: "Lisp", Command: []string{"lisp"}, Env: []string{pretend + "=" + strings.Join(verdicts, " ")}}
	if list != "" {
		subject.Forbidden = filepath.Join(t.TempDir(), "forbidden.txt")
		if err := os.WriteFile(subject.Forbidden, []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reports := t.TempDir()
	f, err := subject.Judge(t.Context(), Options{Program: self, Fuzz: fuzz, Seed: 1, Keep: t.TempDir(), Reports: reports})
	if _, absent := os.Stat(filepath.Join(reports, "Lisp.json")); (absent == nil) != (f.Cases > 0) {
		t.Errorf("of %d cases the report is kept: %v", f.Cases, absent)
	}
	return f, err
}

// Each verdict of a case, and of its trace, counts as what it is.
func TestVerdicts(t *testing.T) {
	for name, test := range map[string]struct {
		list, verdict string
		want          Finding // without the texts
		accused       string
	}{
		"passes":             {"", "SEND-Q-5/a=pass=" + allowed, Finding{Cases: 1, Traces: 1}, ""},
		"observed":           {"", "SEND-Q-5/a=observed=" + allowed, Finding{Cases: 1, Traces: 1}, ""},
		"forbidden":          {"", "SEND-Q-5/a=pass=" + forbidden, Finding{Cases: 1, Traces: 1}, "SEND-Q-5/a: its trace is forbidden"},
		"observed, too":      {"", "SEND-Q-5/a=observed=" + forbidden, Finding{Cases: 1, Traces: 1}, "SEND-Q-5/a: its trace is forbidden"},
		"listed":             {"SEND-Q-5/a a reason\n", "SEND-Q-5/a=pass=" + forbidden, Finding{Cases: 1, Traces: 1, Known: 1}, ""},
		"listed, another":    {"SEND-Q-5/b a reason\n", "SEND-Q-5/a=pass=" + forbidden, Finding{Cases: 1, Traces: 1}, "SEND-Q-5/a: its trace is forbidden"},
		"listed, stale":      {"SEND-Q-5/a a reason\n", "SEND-Q-5/a=pass=" + allowed, Finding{Cases: 1, Traces: 1}, "SEND-Q-5/a: its trace is allowed now"},
		"fails":              {"", "SEND-Q-5/a=fail=" + forbidden, Finding{Cases: 1}, "SEND-Q-5/a: fail"},
		"breaks":             {"", "SEND-Q-5/a=error=" + forbidden, Finding{Cases: 1}, "SEND-Q-5/a: error"},
		"known":              {"", "SEND-Q-5/a=known=" + forbidden, Finding{Cases: 1, Known: 1}, ""},
		"stale":              {"", "SEND-Q-5/a=pass=" + allowed + " SEND-Q-5/b=stale", Finding{Cases: 1, Traces: 1}, "SEND-Q-5/b is stale"},
		"not applicable too": {"", "SEND-Q-5/a=pass=" + allowed + " B/b=not-applicable=" + allowed, Finding{Cases: 1, Traces: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := judged(t, 0, test.list, test.verdict)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Join(f.Accused, "\n")
			if (text != "") != (test.accused != "") || !strings.Contains(text, test.accused) {
				t.Errorf("accused of %q, not %q", text, test.accused)
			}
			if f.Judged["SEND"] != f.Cases || len(f.Judged) != 1 {
				t.Errorf("%v are judged", f.Judged)
			}
			if f.Accused, f.Shown, f.Judged = nil, nil, nil; !reflect.DeepEqual(f, test.want) {
				t.Errorf("%+v, not %+v", f, test.want)
			}
		})
	}
}

// What a case saw of what is left open is told, whatever else it saw.
func TestShown(t *testing.T) {
	f, err := judged(t, 0, "", "SEND-ARG-1/a=observed="+allowed, "SEND-Q-5/a=pass="+allowed)
	if err != nil || len(f.Shown) != 1 || !f.Shown["SEND-ARG-1 error"] {
		t.Errorf("%v is shown: %v", f.Shown, err)
	}
}

// What is inconclusive accuses nobody, and is told.
func TestInconclusive(t *testing.T) {
	f, err := judged(t, 0, "", "SEND-Q-5/a=inconclusive="+allowed)
	if err != nil || len(f.Accused) > 0 || len(f.Unsure) != 1 || f.Traces != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// What accuses is kept, and fuzzing goes on with another seed after it has found something.
func TestKept(t *testing.T) {
	f, err := judged(t, 5*time.Second, "", "SEND-Q-5/a=pass="+forbidden)
	if err != nil {
		t.Fatal(err)
	}
	if f.Programs != 43 || len(f.Accused) != 2 {
		t.Fatalf("%+v", f)
	}
	for _, line := range f.Accused {
		path := line[strings.LastIndex(line, "(")+1 : len(line)-1]
		if text, err := os.ReadFile(path); err != nil || len(text) == 0 {
			t.Errorf("%q is not kept: %v", line, err)
		}
	}
}

// A report of nothing is no clean bill.
func TestNothingJudged(t *testing.T) {
	if f, err := judged(t, 0, "", "SEND-Q-5/b=stale"); err == nil {
		t.Errorf("%+v", f)
	}
	subject := Subject{Name: "Lisp", Command: []string{"lisp"}}
	if _, err := subject.Judge(context.Background(), Options{Program: "no-such-program", Keep: t.TempDir()}); err == nil {
		t.Error("a program that isn't there has judged")
	}
}

// Where a subject's process ends now and then, an error that is none when its case is run alone is unsure; of others, and where
// it is one again, it accuses.
func TestErrorsOfTheUnsteady(t *testing.T) {
	for _, x := range []struct {
		unsteady        bool
		verdict         string
		accused, unsure int
	}{
		{false, "SEND-Q-5/a=error=once", 1, 0},
		{true, "SEND-Q-5/a=error=once", 0, 1},
		{true, "SEND-Q-5/a=error=again", 1, 0},
	} {
		t.Setenv(pretend, x.verdict)
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		f, err := Subject{Name: "Lisp", Command: []string{"lisp"}, Unsteady: x.unsteady}.Judge(t.Context(), Options{Program: program})
		if err != nil || len(f.Accused) != x.accused || len(f.Unsure) != x.unsure {
			t.Errorf("%+v: %v, accused %v, unsure %v", x, err, f.Accused, f.Unsure)
		}
	}
}
