package spec

import (
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// The counts of the normative reference, per area: MUST, DOC, SILENT, NOTE.
var counts = map[string][4]int{
	"PROC": {10, 41, 22, 1}, "BIND": {2, 10, 2, 0}, "INIT": {17, 8, 7, 1}, "CLEAN": {32, 2, 17, 3},
	"DEP": {7, 0, 2, 0}, "SEND": {25, 4, 11, 1}, "MBOX": {0, 20, 9, 0}, "EVENT": {2, 15, 5, 0},
	"REAP": {23, 10, 9, 1}, "EXT": {36, 8, 23, 0},
}

func TestCatalogueIsComplete(t *testing.T) {
	got := map[string][4]int{}
	for _, c := range Clauses().Clauses {
		n := got[c.Area()]
		n[map[Level]int{Must: 0, Doc: 1, Silent: 2, Note: 3}[c.Level]]++
		got[c.Area()] = n
	}
	if !maps.Equal(got, counts) {
		t.Errorf("clauses per area and level: got %v, want %v", got, counts)
	}
	if n := len(Clauses().Clauses); n != 386 {
		t.Errorf("got %d clauses, want 386", n)
	}
}

func TestJudgedFollowsLevelAndProfile(t *testing.T) {
	c := Clauses()
	for _, test := range []struct {
		id      string
		profile []string
		strict  bool
		want    bool
	}{
		{"CLEAN-DUP-7", nil, false, true},
		{"MBOX-LIM-1", nil, false, false},
		{"MBOX-LIM-1", []string{"lispworks-8"}, false, true},
		{"MBOX-LIM-1", []string{"lispworks-8:MBOX"}, false, true},
		{"MBOX-LIM-1", []string{"lispworks-8:EVENT"}, false, false},
		{"MBOX-LIM-1", nil, true, true},
		{"SEND-LIM-6", []string{"lispworks-8"}, true, false},
		{"EXT-STAT-7", Profiles, false, false},
	} {
		if got := c.Judged(c.Lookup(test.id), test.profile, test.strict); got != test.want {
			t.Errorf("%s under %v, strict %v: judged %v, want %v", test.id, test.profile, test.strict, got, test.want)
		}
	}
}

// broken returns the embedded catalogue with CLEAN.json edited.
func broken(t *testing.T, old, new string) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	names, err := fs.Glob(clauseFiles, "clauses/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := clauseFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/CLEAN.json") {
			if !strings.Contains(string(data), old) {
				t.Fatalf("CLEAN.json doesn't contain %q", old)
			}
			data = []byte(strings.Replace(string(data), old, new, 1))
		}
		m[strings.TrimPrefix(name, "clauses/")] = &fstest.MapFile{Data: data}
	}
	return m
}

func TestLoadRefusesFaults(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{`"id": "CLEAN-REG-1"`, `"id": "CLEAN-SIG-1"`, "CLEAN.json: clause CLEAN-SIG-1 stands twice"},
		{`"level": "MUST"`, `"level": "OUGHT"`, `clause CLEAN-SIG-1: unknown level "OUGHT"`},
		{`"S1.2"`, `"LW-EPC"`, "a MUST clause needs a sentence of a seed"},
		{`"S1.2"`, `"S9.9"`, `unknown source "S9.9"`},
		{`"scope": "occurrence"`, `"scope": "sometimes"`, "needs a scope"},
		{`"capability": "core"`, `"capability": "kernel"`, `unknown capability "kernel"`},
		{`"key": "`, `"key": "Not Kebab `, "is not kebab-case"},
		{`"behaviours": [`, `"conduct": [`, `unknown field "conduct"`},
	} {
		_, err := LoadCatalogue(broken(t, test.old, test.new))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s -> %s: error %v, want it to contain %q", test.old, test.new, err, test.want)
		}
	}
}
