package replay

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

// strategies are those of mpcheck explore.
var strategies = map[string]struct {
	depth     int
	enumerate func() run.Enumerator
}{
	"random": {},
	"pct":    {depth: 3},
	"dfs":    {enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() }},
	"dpor":   {enumerate: func() run.Enumerator { return refimpl.NewDPOR() }},
}

// explore runs a case on a mutant until it fails, and returns the result with its token.
func explore(t *testing.T, k *cases.Case, mutant model.Mutant, strategy string) (verdict.Result, string) {
	t.Helper()
	s := strategies[strategy]
	report, err := run.Execute(context.Background(), run.Config{
		Adapter: refimpl.New(refimpl.Options{Mutant: mutant, PCTDepth: s.depth, Record: true}),
		Cases:   []*cases.Case{k}, Seed: 7, Schedules: 500, Sizes: cases.ExploreSizes, Enumerate: s.enumerate,
		Replay: func(sys spec.System, setting run.Setting) string {
			token, err := OfCase(context.Background(), sys, setting)
			if err != nil {
				t.Errorf("%s with %s: %v", k.ID, mutant, err)
				return ""
			}
			return token.String()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return report.Cases[0], report.Cases[0].Replay
}

// A failure that any strategy finds on a mutant has a token, which repeats the same failure.
func TestTokensRepeatRunsOfCases(t *testing.T) {
	t.Parallel()
	failures, longest := 0, 0
	for i, m := range model.Mutants {
		if i%4 != 0 || testing.Short() && i%16 != 0 {
			continue
		}
		for _, k := range cases.All() {
			if k.Clause() != m.Clauses[0] {
				continue
			}
			for strategy := range strategies {
				result, token := explore(t, k, m.Mutant, strategy)
				if result.Verdict != verdict.Fail {
					continue
				}
				failures++
				longest = max(longest, len(token))
				run := again(t, token)
				if run.Differs != "" {
					t.Errorf("%s with %s by %s: %s", k.ID, m.Mutant, strategy, run.Differs)
				}
				if got := run.Result; got.Verdict != result.Verdict || !reflect.DeepEqual(got.Failure, result.Failure) {
					t.Errorf("%s with %s by %s: found %+v, repeated %+v", k.ID, m.Mutant, strategy, result.Failure, got.Failure)
				}
				if run.Report.Verdict != traces.Forbidden {
					t.Errorf("%s with %s by %s: the specification says %s", k.ID, m.Mutant, strategy, run.Report.Verdict)
				}
			}
			break
		}
	}
	t.Logf("%d failures repeated, the longest token has %d characters", failures, longest)
	if failures < 20 {
		t.Errorf("only %d failures were found", failures)
	}
}

// A token tells where another specification or another text of a case makes its run another.
func TestReplayNamesTheFirstDifference(t *testing.T) {
	i := slices.IndexFunc(cases.All(), func(k *cases.Case) bool { return k.ID == "MBOX-READ-1/two-values" })
	_, text := explore(t, cases.All()[i], "queue-is-stack", "random")
	if text == "" {
		_, text = explore(t, cases.All()[i], "read-leaves", "random")
	}
	token, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	token.Mutant = "" // as if the rule had been mended since
	run, err := token.Replay(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(run.Differs, "differs from label ") && !strings.Contains(run.Differs, "of the labels") {
		t.Errorf("got %q", run.Differs)
	}
	token.Case.Case = "MBOX-READ-1/of-old"
	if _, err := Parse(token.String()); err == nil || !strings.Contains(err.Error(), `no case "MBOX-READ-1/of-old" here`) {
		t.Errorf("got %v", err)
	}
}

func TestPrintsFindTheLabel(t *testing.T) {
	labels := func(n, other int) []spec.Label {
		var out []spec.Label
		for i := range n {
			l := spec.Label{Kind: spec.CallLabel, Call: spec.NewCall("pause", nil, i)}
			if i == other {
				l.Call = spec.NewCall("pause", nil, -1)
			}
			out = append(out, l)
		}
		return out
	}
	for _, x := range []struct {
		count, other int
		want         string
	}{
		{10, -1, ""},
		{10, 3, "from label 3 on"},
		{150, 149, "in one of its last labels"},
		{1000, 500, "labels 496 to 511"},
	} {
		got := printsOf(labels(x.count, -1)).differs(labels(x.count, x.other))
		if got == "" != (x.want == "") || !strings.Contains(got, x.want) {
			t.Errorf("%d labels, another at %d: got %q, want %q", x.count, x.other, got, x.want)
		}
	}
	if got := printsOf(labels(10, -1)).differs(labels(4, -1)); got != "it ends after 4 labels of 10" {
		t.Errorf("got %q", got)
	}
	if got := printsOf(nil).differs(nil); got != "" {
		t.Errorf("got %q", got)
	}
}
