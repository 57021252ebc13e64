package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sample = `package p

func f(n int, s string) (bool, error) {
	if n > 0 && !g() {
		return true, h()
	}
	switch s {
	case "word":
		n = 7
		g()
	}
	x := "a message"
	_ = x
	return n == 1, nil
}

func beside(err error) (bool, some, error) { return true, some{}, err }
`

// Each kind of change is made at each place of its kind, and nowhere else.
func TestMutantsOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.go")
	if err := os.WriteFile(path, []byte(sample), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := mutantsIn(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		got = append(got, m.Kind+": "+m.Original+" => "+m.Replacement)
		text, err := m.Text()
		if err != nil || text == sample {
			t.Errorf("%s changes nothing: %v", m.Key(), err)
		}
	}
	want := []string{
		"condition: n > 0 && !g() => !(n > 0 && !g())",
		"comparison: > => >=", "constant: 0 => 1", "comparison: && => ||", "comparison: ! => ",
		"constant: true => false", "return: h() => *new(error)",
		`constant: "word" => "another word"`, "statement: n = 7 => ", "constant: 7 => 8", "statement: g() => ",
		"statement: _ = x => ", "comparison: == => !=", "constant: 1 => 2",
		"return: err => *new(error)",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Keys are what results and the list of survivors are kept by.
func TestKeysAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range ofNative(t) {
		if seen[m.Key()] {
			t.Errorf("twice: %s", m.Key())
		}
		seen[m.Key()] = true
	}
	if len(seen) < 1000 {
		t.Errorf("only %d mutants", len(seen))
	}
}

func ofNative(t *testing.T) []Mutant {
	t.Helper()
	all, err := mutantsOf("../..", "adapters/native", "adapters/kit")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSurvivorsAreUpToDate(t *testing.T) {
	list, err := readSurvivors("survivors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range list.unknown(ofNative(t)) {
		t.Errorf("there is no such mutant any more: %s", key)
	}
}

func TestSurvivorsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"a.go f return 1: x => y":                                     "want KEY -- REASON",
		"a.go f return 1: x => y -- because":                          "want KEY -- REASON",
		"a.go f return 1: x => y -- luck: none":                       "want KEY -- REASON",
		"k -- allowed: one\n\n# words\nk -- equivalent: another":      "stands twice",
		"a.go f return 1: a -- b => y -- equivalent: nobody can tell": "",
	} {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := readSurvivors(path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// A sample doesn't depend on what else there is.
func TestSampleIsSteady(t *testing.T) {
	all := ofNative(t)
	every := func(Mutant) bool { return true }
	few := sampled(all, 7, 50, every)
	fewer := sampled(all[:len(all)/2], 7, 50, every)
	for _, m := range few {
		inHalf := slices.ContainsFunc(all[:len(all)/2], func(o Mutant) bool { return o.Key() == m.Key() })
		if inHalf && !slices.ContainsFunc(fewer, func(o Mutant) bool { return o.Key() == m.Key() }) {
			t.Errorf("%s is in the sample of all and not in that of half", m.Key())
		}
	}
	if slices.EqualFunc(few, sampled(all, 8, 50, every), func(a, b Mutant) bool { return a.Key() == b.Key() }) {
		t.Error("another seed gives the same sample")
	}
}

func TestResultsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dir", "results")
	r, err := openResults(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []Result{{Key: "a", Outcome: Survived}, {Key: "b", Outcome: Killed}, {Key: "a", Outcome: Killed}} {
		if err := r.add(one); err != nil {
			t.Fatal(err)
		}
	}
	r.Close()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	file.WriteString(`{"key":"c","outco`) // interrupted
	file.Close()
	for range 2 {
		if r, err = openResults(path); err != nil {
			t.Fatal(err)
		}
		if err := r.add(Result{Key: "d", Outcome: Errors}); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	if r, err = openResults(path); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for key, want := range map[string]Outcome{"a": Killed, "b": Killed, "c": "", "d": Errors} {
		if got, _ := r.get(key); got.Outcome != want {
			t.Errorf("%s is %q, want %q", key, got.Outcome, want)
		}
	}
}

func TestSummary(t *testing.T) {
	mutant := func(file string) Mutant { return Mutant{File: file, Kind: statement, N: 1} }
	all := []Mutant{mutant("a"), mutant("b"), mutant("c")}
	key := func(i int) string { return all[i].Key() }
	for name, x := range map[string]struct {
		results []Result
		list    survivors
		right   bool
	}{
		"killed":            {[]Result{{Key: key(0), Outcome: Killed}}, survivors{}, true},
		"not listed":        {[]Result{{Key: key(0), Outcome: Survived}}, survivors{}, false},
		"listed":            {[]Result{{Key: key(0), Outcome: Survived}}, survivors{key(0): "equivalent: x"}, true},
		"by its own tests":  {[]Result{{Key: key(0), Outcome: Killed, By: ownTests + ": TestX"}}, survivors{key(0): "contract: x"}, false},
		"stale":             {[]Result{{Key: key(0), Outcome: Killed}}, survivors{key(0): "equivalent: x"}, false},
		"seen now and then": {[]Result{{Key: key(0), Outcome: Killed}}, survivors{key(0): "race: x"}, true},
		"no such mutant":    {nil, survivors{"z": "equivalent: x"}, false},
		"too many real":     {[]Result{{Key: key(0), Outcome: Survived}}, survivors{key(0): "deviation: x"}, false},
	} {
		known := &results{byKey: map[string]Result{}}
		for _, r := range x.results {
			known.byKey[r.Key] = r
		}
		var out strings.Builder
		if got := summary(&out, all, all, known, x.list); got != x.right {
			t.Errorf("%s: %v\n%s", name, got, out.String())
		}
	}
}

// What a case is called says nothing about what it charged.
func TestChargedIsNotTheCase(t *testing.T) {
	for by, want := range map[string]string{
		"fail of REAP-ZOMB-1/stays: REAP-EXIT-1 gone: at once": "REAP-EXIT-1",
		"fuzz: clauses MBOX-LIM-4 MBOX-LIM-1":                  "MBOX-LIM-4",
	} {
		got := words(charged(by))
		if !slices.Contains(got, want) || slices.Contains(got, "REAP-ZOMB-1") {
			t.Errorf("%q is charged with %v, want %s", by, got, want)
		}
	}
}

// Of what a test run says the test that failed is named first, and how it crashed where none did.
func TestComplaint(t *testing.T) {
	for said, want := range map[string]string{
		"=== RUN\n    --- FAIL: TestX (0.00s)\n        x.go:1: no\npanic: y":    "TestX (0.00s)",
		"fatal error: all goroutines are asleep\n":                              "fatal error: all goroutines are asleep",
		"panic: test timed out after 1m0s\n\trunning tests:\n\t\tTestX (58s)\n": "panic: test timed out after 1m0s in TestX (58s)",
		"x\nsignal: killed": "they ended early: signal: killed",
	} {
		if got := complaint(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
