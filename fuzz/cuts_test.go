package fuzz

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Times are scaled once: a cut of a cut has those of the first.
func TestCutsKeepTheirTimes(t *testing.T) {
	p := InRealTime(&program.Program{Blocks: [][]program.Step{
		{{Name: "f", Call: spec.NewCall("make-function", nil, spec.Callback(1))}, {Call: spec.NewCall("process-run-function", nil, "p", nil, program.Named("f"))},
			{Call: spec.NewCall("pause", nil, 1)}, {Call: spec.NewCall("mailbox-read", []any{nil, nil}, program.Named("f"))}},
		{{Call: spec.NewCall("pause", nil, 2)}},
	}})
	want := p.String()
	if !strings.Contains(want, "2.0d-2") {
		t.Fatalf("not scaled:\n%s", want)
	}
	for range 3 {
		p = ending(p)
	}
	if got := p.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	run, err := OnReal(refimpl.New(refimpl.Options{}), 1, 0)(context.Background(), p)
	if err != nil || run != nil {
		t.Errorf("%v, %v", run, err)
	}
}

// What the test runs itself waits for nothing without end: code that a function stands for, or a symbol, or that was sent. What a
// process runs may.
func TestCodeOfTheTestEnds(t *testing.T) {
	waits := []program.Step{{Call: spec.NewCall("mailbox-read", []any{nil, nil}, program.Named("box"))}}
	p := InRealTime(&program.Program{Blocks: [][]program.Step{
		{
			{Name: "box", Call: spec.NewCall("make-mailbox", nil)},
			{Name: "f", Call: spec.NewCall("make-function", nil, spec.Callback(1))},
			{Name: "g", Call: spec.NewCall("make-function", nil, spec.Callback(2))},
			{Name: "named", Call: spec.NewCall("defun", nil, spec.Symbol{Name: "F"}, spec.Callback(3))},
			{Name: "sent", Call: spec.NewCall("make-function", nil, spec.Callback(4))},
			{Call: spec.NewCall("process-run-function", nil, "p", nil, program.Named("g"))},
			{Call: spec.NewCall("funcall", nil, program.Named("f"))},
			{Call: spec.NewCall("funcall", nil, spec.Symbol{Name: "F"})},
			{Call: spec.NewCall("mailbox-send", nil, program.Named("box"), spec.NewList(program.Named("sent"), spec.Int(1)))},
			{Call: spec.NewCall("process-all-events", nil)},
		},
		slices.Clone(waits), slices.Clone(waits), slices.Clone(waits), slices.Clone(waits),
	}})
	for block, ends := range []bool{1: true, 2: false, 3: true, 4: true} {
		if block > 0 && spec.Truth(p.Blocks[block][0].Call.Arg(2)) != ends {
			t.Errorf("the wait of block %d has an end: %v", block, !ends)
		}
	}
}

// What is made for nothing goes at once: on real time each cut costs several runs.
func TestFirstCutIsWhatNothingRefersTo(t *testing.T) {
	p := &program.Program{Blocks: [][]program.Step{
		{
			{Name: "unused", Call: spec.NewCall("make-function", nil, spec.Callback(1))},
			{Name: "alone", Call: spec.NewCall("new", nil, spec.Keyword("list"), 1)},
			{Name: "whole", Call: spec.NewCall("new", nil, spec.Keyword("list"), program.Named("alone"))},
			{Name: "m", Call: spec.NewCall("make-mailbox", nil)},
			{Call: spec.NewCall("mailbox-send", nil, program.Named("m"), 1)},
		},
		{{Call: spec.NewCall("pause", nil, 1)}},
	}}
	const want = "test:\n  m = (make-mailbox)\n  (mailbox-send m 1)\n"
	if got := cuts(p); !slices.ContainsFunc(got, func(c *program.Program) bool { return c.String() == want }) || got[0].String() != want {
		t.Errorf("the first of %d:\n%s", len(got), got[0])
	}
}
