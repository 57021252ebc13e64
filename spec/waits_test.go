package spec_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestWaitGraphFindsCycles(t *testing.T) {
	join := func(p string, by ...string) spec.Wait {
		return spec.Wait{Process: p, Op: "process-join", For: "an end", By: by, Only: true}
	}
	send := func(p, by string) spec.Wait {
		return spec.Wait{Process: p, Op: "process-send", For: "room", On: "box of " + by, By: []string{by}}
	}
	read := spec.Wait{Process: "r", Op: "mailbox-read", For: "an object", On: "box"}
	for _, x := range []struct {
		graph spec.WaitGraph
		cycle string
		only  bool
	}{
		{nil, "", false},
		{spec.WaitGraph{read}, "", false},
		{spec.WaitGraph{join("a", "a")}, "a", true},
		{spec.WaitGraph{join("x", "a"), join("a", "b"), join("b", "a")}, "a b", true},
		{spec.WaitGraph{join("a", "b"), join("b", "c"), read}, "", false},
		{spec.WaitGraph{send("a", "b"), send("b", "a")}, "a b", false},
		{spec.WaitGraph{send("a", "b"), send("b", "a"), join("c", "d"), join("d", "c")}, "c d", true},
		{spec.WaitGraph{join("a", "b", "c"), join("b"), join("c", "a")}, "a c", true},
	} {
		cycle, only := x.graph.Cycle()
		if strings.Join(cycle, " ") != x.cycle || only != x.only {
			t.Errorf("%v: got cycle %v, only %v", x.graph, cycle, only)
		}
	}
}

func TestWaitGraphForPeople(t *testing.T) {
	g := spec.WaitGraph{
		{Process: "a", Op: "process-join", For: "b to die", By: []string{"b"}, Only: true},
		{Process: "b", Op: "process-send", For: "room", On: `the "box"`, By: []string{"a"}},
		{Process: "c", Op: "gate-wait", For: "a gate", On: "gate"},
		{Process: "d", Op: "signal-error", For: "a person", Only: true},
	}
	want := []string{
		"a in process-join waits for b to die: only b can end that",
		"b in process-send waits for room: a is to end that, anybody could",
		"c in gate-wait waits for a gate: anybody could end that",
		"d in signal-error waits for a person: nobody is left who could end that",
		"a cycle of those that are to end each other's waits: a -> b -> a",
	}
	if got := g.Lines(); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	dot := `digraph waits {
  "a" -> "b" [label="process-join"];
  "the \"box\"" [shape=box];
  "b" -> "the \"box\"" [label="process-send"];
  "the \"box\"" -> "a" [style=dashed];
  "gate" [shape=box];
  "c" -> "gate" [label="gate-wait"];
  "gate" -> "anybody" [style=dotted];
  "d";
  "anybody" [shape=plaintext];
}
`
	if got := g.DOT(); got != dot {
		t.Errorf("got\n%s", got)
	}
}
