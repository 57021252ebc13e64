package traces

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/format"
)

var recordOpen = flag.Bool("record-open", false, "write the golden traces of what the documents leave open anew")

// A showing is a trace in which something that the documents leave open is decided.
type showing struct {
	shows string // CLAUSE/behaviour, several of them with spaces between
	story string
	play  func(s *stage)
	// twin spoils the trace: it then has what no clause leaves open. nil where there is none.
	twin func(s *stage)
}

func showings() []showing {
	return slices.Concat(createShowings, processShowings, bindingShowings, cleanupShowings, formShowings, mailboxShowings, sendShowings, eventShowings, reapShowings, programShowings, processObjectShowings, foreignShowings, imageShowings)
}

// unshown are the behaviours of clauses with a rule that no trace can show, and why.
var unshown = map[string]string{
	"PROC-LIST-3/fresh-list":             "a list crosses the wire as its elements: whether it is new can't be seen",
	"PROC-LIST-3/shared-list":            "the same",
	"CLEAN-FORM-6/mutation-seen":         "no operation changes a list",
	"CLEAN-FORM-6/mutation-not-seen":     "the same",
	"EXT-START-5/unreferenced-collected": "whether an object is lost no trace tells",
	"EXT-START-5/unreferenced-left":      "the same",
	"INIT-REPL-3/standard-streams":       "no operation asks for the streams of a process",
	"INIT-REPL-3/own-streams":            "the same",
	"INIT-STOP-3/explicit-stop":          "no operation stops multiprocessing, and not the program",
	"CLEAN-RUN-4/run-at-breakdown":       "no operation breaks the program down",
	"CLEAN-RUN-4/not-run-at-breakdown":   "the same",
}

// ruleless are the SILENT clauses that no rule embodies: because these operations have none, or of
// another reason.
var ruleless = map[string]string{
	"PROC-PRI-6":  "who of those that can run does so first is no label's",
	"PROC-EXIT-3": "no operation asks for the values of a process",
	"DEP-9":       "a dependent is told by code of the case, and no operation takes one away",
}

func TestEveryListedBehaviourIsAccepted(t *testing.T) {
	shown := map[string]string{}
	files, err := filepath.Glob(filepath.Join("testdata", "accepted", "*.trace"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		trace := readGolden(t, path)
		for _, what := range trace.Header.Shows {
			shown[what] = path
		}
	}
	ruled := model.RuledClauses()
	listed := map[string]bool{}
	for _, clause := range spec.Clauses().Clauses {
		if clause.Level != spec.Silent {
			continue
		}
		has := slices.Contains(ruled, clause.ID)
		if has == (ruleless[clause.ID] != "") {
			t.Errorf("%s has a rule: %v; among those without one its reason is %q", clause.ID, has, ruleless[clause.ID])
		}
		for _, op := range strings.Fields(ruleless[clause.ID]) {
			if model.HasRule(op) && spec.LookupOp(strings.Fields(ruleless[clause.ID])[0]) != nil {
				t.Errorf("%s is without a rule because of %s, which has one", clause.ID, op)
			}
		}
		listed[clause.ID] = true
		for _, b := range clause.Behaviours {
			what := clause.ID + "/" + b.Key
			listed[what] = true
			reason, excused := unshown[what]
			switch path := shown[what]; {
			case excused && (reason == "" || path != "" || !has):
				t.Errorf("%s is excused (%q): it has a rule: %v, and is shown by %q", what, reason, has, path)
			case has && !excused && path == "":
				t.Errorf("no golden trace shows %s: %s", what, b.Text)
			}
		}
	}
	for _, list := range []map[string]string{unshown, ruleless, shown} {
		for what := range list {
			if !listed[what] {
				t.Errorf("%s is nothing that the catalogue leaves open", what)
			}
		}
	}
}

// The golden traces of what is left open are those that are written down here.
func TestShowingsAreGolden(t *testing.T) {
	for i, one := range showings() {
		names := strings.Fields(one.shows)
		name := "open_" + strings.ReplaceAll(names[0], "/", "_")
		if slices.ContainsFunc(showings()[:i], func(o showing) bool { return strings.Fields(o.shows)[0] == names[0] }) {
			t.Errorf("%s is shown twice", names[0])
		}
		golden(t, filepath.Join("testdata", "accepted", name+".trace"), one.story, Allowed, names, one.play)
		if one.twin != nil {
			golden(t, filepath.Join("testdata", "rejected", name+".trace"), "Not so: "+one.story, Forbidden, nil, one.twin)
		}
	}
}

func golden(t *testing.T, path, story string, expect Verdict, shows []string, play func(*stage)) {
	t.Helper()
	s := newStage()
	play(s)
	s.leaves(0)
	trace := &format.Trace{Labels: s.labels, Header: format.Header{
		Format: format.Version, Story: story, Shows: shows, Adapter: "by hand", Clock: spec.Real, PID: model.AdapterPID,
		Profile: s.profile, Expect: expect,
	}}
	if s.virtual {
		trace.Header.Clock = spec.Virtual
	}
	if r := CheckTrace(trace); r.Verdict != expect {
		t.Errorf("%s: %s\n%s", path, r.Text(trace.Labels), strings.Join(Render(trace.Labels, nil), "\n"))
		return
	}
	if *recordOpen {
		if err := os.WriteFile(path, written(t, trace), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Some of the files are of an earlier format: what counts is what is read.
	if on := readGolden(t, path); !bytes.Equal(written(t, on), written(t, trace)) {
		t.Errorf("%s is not what is written down here (-record-open writes it)", path)
	}
}

func readGolden(t *testing.T, path string) *format.Trace {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	trace, err := format.Read(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return trace
}

// written is a trace as its file has it.
func written(t *testing.T, trace *format.Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := trace.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
