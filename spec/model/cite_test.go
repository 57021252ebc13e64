package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is narrowed are clauses of that very rule.
func TestNarrowingsAreOfTheirRules(t *testing.T) {
	for op, list := range narrowings {
		for _, n := range list {
			for _, id := range n.clauses {
				if !slices.Contains(ClausesOf(op), id) {
					t.Errorf("%s: its rule doesn't embody %s", op, id)
				}
			}
		}
	}
}

func TestClausesOfCall(t *testing.T) {
	for _, x := range []struct {
		call     spec.Call
		has, not string
	}{
		{spec.NewCall("process-send", nil, "p", 1), "SEND-LIM-1", "SEND-LIM-5"},
		{spec.NewCall("process-send", nil, "p", 1), "SEND-DEAD-1", "SEND-DEAD-2"},
		{spec.NewCall("process-send", []any{key.Limit(2)}, "p", 1), "SEND-LIM-5", "SEND-TMO-2"},
		{spec.NewCall("process-send", []any{key.Limit(2), key.Timeout(0)}, "p", 1), "SEND-TMO-2", "SEND-LIM-1"},
		{spec.NewCall("mailbox-read", nil, "m"), "MBOX-READ-2", "MBOX-READ-3"},
		{spec.NewCall("mailbox-read", []any{nil, 1}, "m"), "MBOX-READ-3", "MBOX-READ-2"},
		{spec.NewCall("ensure-process-cleanup", []any{key.Force(true)}, "f"), "CLEAN-DUP-7", "CLEAN-DUP-5"},
		{spec.NewCall("reap-os-subprocess", nil), "REAP-SEL-1", "REAP-NOHANG-2"},
		{spec.NewCall("reap-os-subprocess", []any{key.Wait(false), key.Pid(7)}), "REAP-SEL-3", "REAP-SEL-1"},
		{spec.NewCall("mailbox-peek", nil, "m"), "MBOX-PEEK-1", "MBOX-READ-1"},
	} {
		got := ClausesOfCall(x.call)
		if !slices.Contains(got, x.has) || slices.Contains(got, x.not) {
			t.Errorf("%s: got %v, want %s and not %s", x.call, got, x.has, x.not)
		}
	}
}
