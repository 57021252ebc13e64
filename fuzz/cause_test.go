package fuzz

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

func TestFollows(t *testing.T) {
	of := func(clauses []string, ops ...string) *Failure {
		p := &program.Program{Blocks: [][]program.Step{{{Call: spec.NewCall("make-mailbox", nil)}, {Call: spec.NewCall("pause", nil, 1)}}}}
		for _, op := range ops {
			p.Blocks[0] = append(p.Blocks[0], program.Step{Call: spec.NewCall(op, nil)})
		}
		return &Failure{Run: &Run{Program: p, Report: &traces.Report{Findings: []traces.Finding{{Clauses: clauses}}}}}
	}
	for name, x := range map[string]struct {
		later, earlier *Failure
		want           bool
	}{
		"a clause of both":         {of([]string{"MBOX-READ-1"}, "mailbox-read"), of([]string{"MBOX-READ-1"}, "mailbox-peek"), true},
		"one that binds nobody":    {of([]string{"MBOX-ARG-1"}, "mailbox-read"), of([]string{"MBOX-ARG-1"}, "mailbox-peek"), false},
		"all that the other needs": {of(nil, "process-kill", "mailbox-read"), of([]string{"PROC-KILL-1"}, "process-kill"), true},
		"a part of it":             {of(nil, "process-kill"), of(nil, "process-kill", "mailbox-read"), false},
		"another operation":        {of(nil, "process-join"), of(nil, "process-kill"), false},
		"none":                     {of(nil, "process-join"), of(nil), false},
	} {
		if got := x.later.Follows(x.earlier); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A cut may not slip from what was found to something else that is wrong too: the answer of a registration
// shares clauses with the code that runs because of it.
func TestSameIsTheSamePlace(t *testing.T) {
	at := func(l spec.Label, op string, clauses ...string) *Failure {
		return &Failure{Run: &Run{Labels: []spec.Label{l}, Report: &traces.Report{Findings: []traces.Finding{{Op: op, Clauses: clauses}}}}}
	}
	ensures := spec.Label{Kind: spec.ReturnLabel, Call: spec.NewCall("ensure-process-cleanup", nil)}
	begins, ends := spec.Label{Kind: spec.EnterLabel}, spec.Label{Kind: spec.LeaveLabel}
	ran := at(begins, "", "CLEAN-RUN-2", "CLEAN-FORM-4")
	for name, x := range map[string]struct {
		other *Failure
		want  bool
	}{
		"code begins":             {at(begins, "pause", "CLEAN-RUN-2"), true},
		"by another rule":         {at(begins, "", "PROC-KILL-1"), false},
		"an answer":               {at(ensures, "ensure-process-cleanup", "CLEAN-FORM-4"), false},
		"a frame ends":            {at(ends, "", "CLEAN-RUN-2"), false},
		"another that names none": {at(begins, ""), false},
	} {
		if got := ran.same(x.other); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
