package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// reportOf is a report with cases of these verdicts, some of which end in what is charged.
func reportOf(verdicts map[string]verdict.Verdict) *verdict.Report {
	r := &verdict.Report{Format: 1}
	for id, v := range verdicts {
		id, charged, _ := strings.Cut(id, " ")
		result := verdict.Result{ID: id, Verdict: v}
		if charged != "" {
			result.Failure = &cases.Failure{Clause: charged}
		}
		r.Cases = append(r.Cases, result)
	}
	slices.SortFunc(r.Cases, func(a, b verdict.Result) int { return strings.Compare(a.ID, b.ID) })
	return r
}

// retire has a case retired that there never was, for a test.
func retire(t *testing.T, r cases.Retirement) {
	t.Helper()
	before := cases.Retirements
	cases.Retirements = append(slices.Clone(before), r)
	t.Cleanup(func() { cases.Retirements = before })
}

func ids(changes []Change) string {
	var all []string
	for _, c := range changes {
		all = append(all, c.ID)
	}
	return strings.Join(all, " ")
}

// Every pair of verdicts has its place, and only what got worse makes the exit code 1.
func TestDiffOfEveryPairOfVerdicts(t *testing.T) {
	const id = "MBOX-READ-1/two-values"
	all := []verdict.Verdict{verdict.NotApplicable, verdict.Observed, verdict.Pass, verdict.Known, verdict.Inconclusive, verdict.Error, verdict.Fail}
	want := map[string]string{ // OLD by row, NEW by column, in the order of all
		"not-applicable": "= c c k w w w",
		"observed":       "w = c k w w w",
		"pass":           "w c = k w w w",
		"known":          "c b b = w w w",
		"inconclusive":   "c b b k = w w",
		"error":          "c b b k b = w",
		"fail":           "c b b k b b =",
	}
	for _, old := range all {
		for i, now := range all {
			d := Diff(reportOf(map[string]verdict.Verdict{id: old}), reportOf(map[string]verdict.Verdict{id: now}))
			got := "="
			for letter, changes := range map[string][]Change{"w": d.Worse, "b": d.Better, "k": d.Excused, "c": d.Changed, "o": d.Otherwise, "+": d.Added, "-": d.Gone} {
				if len(changes) > 0 {
					got = strings.Trim(got+letter, "=")
				}
			}
			place := strings.Fields(want[old.String()])[i]
			if got != place {
				t.Errorf("%s, then %s: %s, want %s", old, now, got, place)
			}
			if code := d.ExitCode(); code == 1 != (place == "w") || code > 1 {
				t.Errorf("%s, then %s: exit code %d", old, now, code)
			}
		}
	}
}

func TestDiffSetsNewCasesApart(t *testing.T) {
	retire(t, cases.Retirement{ID: "MBOX-READ-1/of-old", Version: "v2.0.0", By: []string{"MBOX-READ-1/two-values"}, Why: "it showed the same"})
	retire(t, cases.Retirement{ID: "MBOX-READ-1/of-no-use", Version: "v2.0.0", Why: "nothing said so"})
	before := reportOf(map[string]verdict.Verdict{
		"MBOX-READ-1/of-old": verdict.Pass, "MBOX-READ-1/of-no-use": verdict.Fail, "SEND-Q-5/one-sender": verdict.Pass, "A-1/unknown": verdict.Pass,
		"CLEAN-DUP-7/raise CLEAN-DUP-7": verdict.Fail,
	})
	after := reportOf(map[string]verdict.Verdict{
		"MBOX-READ-1/two-values": verdict.Fail, "SEND-Q-5/four-senders": verdict.Fail, "A-1/unknown": verdict.Pass, "CLEAN-DUP-7/raise PROC-JOIN-1": verdict.Fail,
	})
	d := Diff(before, after)
	for name, x := range map[string]struct {
		got  []Change
		want string
	}{
		"worse":     {d.Worse, "MBOX-READ-1/two-values"},
		"added":     {d.Added, "SEND-Q-5/four-senders"},
		"gone":      {d.Gone, "MBOX-READ-1/of-no-use SEND-Q-5/one-sender"},
		"otherwise": {d.Otherwise, "CLEAN-DUP-7/raise"},
	} {
		if got := ids(x.got); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	if d.Compared != 3 || d.Worse[0].Was != "MBOX-READ-1/of-old" {
		t.Errorf("%d compared; worse %+v", d.Compared, d.Worse)
	}
	var text bytes.Buffer
	d.Text(&text, false)
	for _, want := range []string{
		"WORSE: 1 case\n", "was pass as MBOX-READ-1/of-old", "new, in OLD there is no such case: 1 case\n",
		"it was retired in v2.0.0: nothing said so; nothing takes its place", "charged to PROC-JOIN-1", "3 cases compared: 1 worse",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	// New cases that fail accuse nothing.
	delete2 := reportOf(map[string]verdict.Verdict{"A-1/unknown": verdict.Pass})
	if code := Diff(delete2, after).ExitCode(); code != 0 {
		t.Errorf("new cases that fail: exit code %d", code)
	}
}

func TestDiffTellsWhatWasCompared(t *testing.T) {
	one, other := reportOf(map[string]verdict.Verdict{"A-1/a": verdict.Pass}), reportOf(map[string]verdict.Verdict{"A-1/b": verdict.Pass})
	if code := Diff(one, other).ExitCode(); code != 3 {
		t.Errorf("nothing in common: exit code %d", code)
	}
	part := reportOf(map[string]verdict.Verdict{"A-1/a": verdict.Pass})
	part.Partial = true
	if code := Diff(one, part).ExitCode(); code != 3 {
		t.Errorf("a partial report: exit code %d", code)
	}
	one.Adapter = spec.Handshake{Name: "mine\nFAIL  A-1/b", Operations: map[string]spec.Claim{"await": spec.Native, "process-send": spec.Native}}
	one.Suite = verdict.Suite{Version: "v1.0.0", Catalogue: "0123"}
	later := reportOf(map[string]verdict.Verdict{"A-1/a": verdict.Pass})
	later.Adapter = spec.Handshake{Name: "mine", Operations: map[string]spec.Claim{"await": spec.Native, "pause": spec.Native}}
	later.Suite = verdict.Suite{Version: "v1.1.0", Catalogue: "4567"}
	one.Fingerprint = verdict.Fingerprint{{Clause: "SEND-MB-5", Scope: spec.WholeOf, Behaviours: []verdict.Seen{{Behaviour: "mailbox-from-birth", Count: 1}}}}
	later.Fingerprint = verdict.Fingerprint{{Clause: "SEND-MB-5", Scope: spec.WholeOf, Behaviours: []verdict.Seen{{Behaviour: "no-mailbox-before-use", Count: 2}}}}
	d := Diff(one, later)
	var text bytes.Buffer
	d.Text(&text, false)
	for _, want := range []string{
		"suite     v1.1.0, was v1.0.0\n", "catalogue 4567, was 0123\n", "claimed now: pause\n", "no longer claimed: process-send\n",
		"left open, SEND-MB-5: no-mailbox-before-use, was mailbox-from-birth\n", `was mine\nFAIL  A-1/b`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	var data bytes.Buffer
	if err := d.WriteJSON(&data); err != nil {
		t.Fatal(err)
	}
	var read Difference
	if err := json.Unmarshal(data.Bytes(), &read); err != nil || !reflect.DeepEqual(&read, d) {
		t.Errorf("read back: %v\n%+v\n%+v", err, read, d)
	}
}

// A report is somebody else's file: its names are escaped and cut as everywhere, a backslash is itself.
func TestDiffTextCutsAndEscapesNames(t *testing.T) {
	long := strings.Repeat("n", 1<<20)
	one := reportOf(map[string]verdict.Verdict{`A-1/back\slash`: verdict.Pass, "A-1/" + long: verdict.Pass})
	later := reportOf(map[string]verdict.Verdict{`A-1/back\slash`: verdict.Fail, "A-1/" + long + " B-1\u202e": verdict.Fail})
	later.Adapter = spec.Handshake{Name: long, Operations: map[string]spec.Claim{"p\nFAIL": spec.Native}}
	var text bytes.Buffer
	Diff(one, later).Text(&text, true)
	if text.Len() > 10_000 || !strings.Contains(text.String(), "nnn... (1048580 bytes)") {
		t.Errorf("a name of 1 MB makes %d bytes of text", text.Len())
	}
	for _, want := range []string{`A-1/back\slash `, `B-1\u202e`, `claimed now: p\nFAIL`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%.3000s", want, text.String())
		}
	}
}
