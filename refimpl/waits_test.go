package refimpl_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// deadlock runs a scene that must come to a deadlock of so many under some schedule, and returns
// who waits for whom then.
func deadlock(t *testing.T, processes int, scene func(sys spec.System, api spec.API)) spec.WaitGraph {
	t.Helper()
	d := refimpl.NewDepthFirst()
	for more := true; more; more = d.Next() {
		sys := open(t, spec.SystemConfig{Choices: d})
		err := sys.Run(func(f spec.Frame) { scene(sys, spec.API{Frame: f}) })
		sys.Close()
		var stuck *spec.Stuck
		if errors.As(err, &stuck) && len(stuck.Graph) == processes {
			if !slices.Equal(stuck.Waits, stuck.Graph.Lines()) {
				t.Errorf("Waits is %q, the graph\n%s", stuck.Waits, strings.Join(stuck.Graph.Lines(), "\n"))
			}
			return stuck.Graph
		}
	}
	t.Fatal("no schedule came to a deadlock")
	return nil
}

func expectCycle(t *testing.T, g spec.WaitGraph, only bool, names ...string) {
	t.Helper()
	cycle, gotOnly := g.Cycle()
	for i := range cycle {
		cycle[i], _, _ = strings.Cut(cycle[i], " (")
	}
	if !slices.Equal(cycle, names) || gotOnly != only {
		t.Errorf("got the cycle %q (only %v), want %q (only %v) in\n%s", cycle, gotOnly, names, only, strings.Join(g.Lines(), "\n"))
	}
}

func TestProcessThatJoinsItself(t *testing.T) {
	g := deadlock(t, 1, func(_ spec.System, api spec.API) {
		api.ProcessJoin(api.GetCurrentProcess().Primary())
	})
	expectCycle(t, g, true, "mpcheck test")
	if len(g) != 1 || g[0].Op != "process-join" {
		t.Errorf("got %+v", g)
	}
}

func TestProcessesThatJoinEachOther(t *testing.T) {
	g := deadlock(t, 3, func(sys spec.System, api spec.API) {
		gate := api.MakeGate().Primary()
		var second spec.Value
		joins := func(whom *spec.Value) spec.Value {
			return function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				spec.API{Frame: f}.GateWait(gate)
				spec.API{Frame: f}.ProcessJoin(*whom)
				return nil
			})
		}
		first := api.ProcessRunFunction("first", nil, joins(&second)).Primary()
		second = api.ProcessRunFunction("second", nil, joins(&first)).Primary()
		api.GateOpen(gate)
		api.MailboxRead(api.MakeMailbox().Primary())
	})
	expectCycle(t, g, true, "first", "second")
	lines := strings.Join(g.Lines(), "\n")
	for _, want := range []string{"first (#<process", "only second (#<process", "waits for an object in #<mailbox", "anybody could end that", "a cycle: first"} {
		if !strings.Contains(lines, want) {
			t.Errorf("lacks %q:\n%s", want, lines)
		}
	}
}

// Two that send to each other's full mailbox, which each could read: others could as well.
func TestProcessesThatSendToEachOther(t *testing.T) {
	g := deadlock(t, 3, func(sys spec.System, api spec.API) {
		gate := api.MakeGate().Primary()
		small := func() spec.Value {
			return spec.NewList(spec.Keyword("mailbox"), api.MakeMailbox(key.Size(1)).Primary())
		}
		var second spec.Value
		sends := func(whom *spec.Value) spec.Value {
			return function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				spec.API{Frame: f}.GateWait(gate)
				for range 2 {
					spec.API{Frame: f}.ProcessSend(*whom, 1, key.Limit(1))
				}
				return nil
			})
		}
		first := api.ProcessRunFunction("first", small(), sends(&second)).Primary()
		second = api.ProcessRunFunction("second", small(), sends(&first)).Primary()
		api.GateOpen(gate)
		api.GateWait(api.MakeGate().Primary())
	})
	expectCycle(t, g, false, "first", "second")
	if dot := g.DOT(); !strings.Contains(dot, `" [shape=box]`) || !strings.Contains(dot, "[style=dashed]") {
		t.Errorf("got\n%s", dot)
	}
}

// Who reads an empty mailbox when nobody else is left is in no cycle: there is nobody.
func TestReadOfAMailboxThatNobodySendsTo(t *testing.T) {
	g := deadlock(t, 1, func(_ spec.System, api spec.API) {
		api.MailboxRead(api.MakeMailbox().Primary())
	})
	expectCycle(t, g, false)
	if len(g) != 1 || !g[0].Only || g[0].By != nil || !strings.HasPrefix(g[0].On, "#<mailbox") {
		t.Errorf("got %+v", g)
	}
	if lines := g.Lines(); !strings.HasSuffix(lines[0], "nobody is left who could end that") {
		t.Errorf("got %q", lines)
	}
}
