package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// named is a report of an adapter of that name.
func named(name string, verdicts map[string]verdict.Verdict) *verdict.Report {
	r := reportOf(verdicts)
	r.Adapter = spec.Handshake{Name: name, Version: "1"}
	return r
}

func shownAs(t *testing.T, m *Matrix) (text, markdown string) {
	t.Helper()
	var a, b bytes.Buffer
	m.Text(&a)
	m.Markdown(&b)
	return a.String(), b.String()
}

// Cases are counted by area and verdict; what isn't applicable counts nowhere, and passes that are composed apart.
func TestMatrixCountsVerdicts(t *testing.T) {
	a := named("a", map[string]verdict.Verdict{
		"MBOX-READ-1/x": verdict.Pass, "MBOX-READ-2/x": verdict.Pass, "MBOX-READ-3/x": verdict.NotApplicable, "EXT-SIG-1/x": verdict.Error,
	})
	a.Find("MBOX-READ-2/x").Composed = true
	m := NewMatrix(a, named("b", map[string]verdict.Verdict{"MBOX-READ-1/x": verdict.Observed, "EXT-SIG-1/x": verdict.NotApplicable}))
	text, markdown := shownAs(t, m)
	for _, want := range []string{"MBOX  2 pass (1 composed)  1 observed", "EXT   1 error              -"} {
		if !strings.Contains(text, want) {
			t.Errorf("no line has %q:\n%s", want, text)
		}
	}
	for _, want := range []string{"| area | a 1 | b 1 |\n|---|---|---|\n", "| MBOX | 2 pass (1 composed) | 1 observed |\n"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("no line has %q:\n%s", want, markdown)
		}
	}
	var b bytes.Buffer
	var back Matrix
	if err := m.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || !reflect.DeepEqual(back, *m) {
		t.Errorf("%v: %+v comes back as %+v", err, *m, back)
	}
}

// What did not pass stands under the clause that is charged, in the order of the catalogue, and cases that one event decided in one
// subject are together; an error charges none and comes last.
func TestMatrixGroupsByClauseAndCause(t *testing.T) {
	a := named("a", map[string]verdict.Verdict{
		"SEND-Q-5/x MBOX-READ-1": verdict.Fail, "SEND-Q-5/y MBOX-READ-1": verdict.Fail, "MBOX-READ-1/z MBOX-READ-1": verdict.Fail,
		"PROC-CUR-1/x": verdict.Error, "EXT-SIG-4/x": verdict.Known,
	})
	for _, id := range []string{"SEND-Q-5/x", "SEND-Q-5/y"} {
		a.Find(id).Cause = &cases.Cause{Operation: "mailbox-read", Outcome: "nil"}
	}
	a.Find("MBOX-READ-1/z").Cause = &cases.Cause{Operation: "mailbox-read", Outcome: "hangs"}
	a.Find("EXT-SIG-4/x").Reason = "the reason"
	b := named("a", map[string]verdict.Verdict{"EXT-SIG-4/x": verdict.Known})
	b.Find("EXT-SIG-4/x").Composed = true
	m := NewMatrix(a, b)
	type blame struct{ clause, subject, cases string }
	var got []blame
	for _, d := range m.Deviations {
		for _, c := range d.Causes {
			got = append(got, blame{d.Clause, c.Subject, strings.Join(c.Cases, " ")})
		}
	}
	want := []blame{
		{"MBOX-READ-1", "a 1 (1)", "MBOX-READ-1/z"}, {"MBOX-READ-1", "a 1 (1)", "SEND-Q-5/x SEND-Q-5/y"},
		{"EXT-SIG-4", "a 1 (1)", "EXT-SIG-4/x"}, {"EXT-SIG-4", "a 1 (2)", "EXT-SIG-4/x"}, {"", "a 1 (1)", "PROC-CUR-1/x"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	text, markdown := shownAs(t, m)
	for _, want := range []string{"    known of a 1 (1): EXT-SIG-4/x\n      the reason\n", "    known* of a 1 (2): EXT-SIG-4/x\n", "  MBOX-READ-1, DOC: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no line has %q:\n%s", want, text)
		}
	}
	if want := "  * known of a 1 (1), EXT-SIG-4/x: the reason\n"; !strings.Contains(markdown, want) {
		t.Errorf("no line has %q:\n%s", want, markdown)
	}
}

// What was seen of SILENT clauses is in the order of the catalogue, marked where all of it is composed.
func TestMatrixHasBehaviours(t *testing.T) {
	seen := func(id string, composed bool, behaviours ...string) *verdict.Report {
		r := named(id, map[string]verdict.Verdict{"CLEAN-DUP-9/x": verdict.Observed, "CLEAN-DUP-9/y": verdict.Observed})
		for i, b := range behaviours {
			r.Cases[i].Observed = []cases.Observation{{Clause: "CLEAN-DUP-9", Behaviour: b, Count: 1}}
			r.Cases[i].Composed = composed || i > 0
		}
		return r
	}
	m := NewMatrix(seen("a", false, "true", "nil"), seen("b", true, "nil", "nil"), seen("c", true))
	want := []BehaviourRow{{"CLEAN-DUP-9", []Behaviour{{[]string{"nil", "true"}, false}, {[]string{"nil"}, true}, {[]string{}, false}}}}
	if !reflect.DeepEqual(m.Behaviours, want) {
		t.Errorf("%+v, not %+v", m.Behaviours, want)
	}
	text, markdown := shownAs(t, m)
	if want := "CLEAN-DUP-9  nil, true  nil*  -\n"; !strings.Contains(text, want) {
		t.Errorf("no line has %q:\n%s", want, text)
	}
	if want := `| CLEAN-DUP-9 | nil, true | nil\* | - |`; !strings.Contains(markdown, want) {
		t.Errorf("no line has %q:\n%s", want, markdown)
	}
}

// Names of others can't break a table, nor its columns.
func TestMatrixHoldsWhateverANameIs(t *testing.T) {
	m := NewMatrix(named("a|b\n*c*", map[string]verdict.Verdict{"MBOX-READ-1/x": verdict.Pass}), named("", nil), named(strings.Repeat("long", 1000), nil))
	text, markdown := shownAs(t, m)
	for _, line := range strings.Split(text+markdown, "\n") {
		if len(line) > 2000 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}
	if !strings.Contains(markdown, `| area | a\|b\n\*c\* 1 | 1 |`) {
		t.Errorf("a name spoils the table:\n%.200s", markdown)
	}
}
