package fuzz

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Values of symbols, and the bindings with which processes begin.

var (
	variables       = []spec.Value{spec.Symbol{Name: "V"}, spec.Symbol{Name: "W"}}
	initialBindings = spec.Symbol{Package: "MP", Name: "*PROCESS-INITIAL-BINDINGS*"}
	defaultPriority = spec.Symbol{Package: "MP", Name: "*DEFAULT-PROCESS-PRIORITY*"}
	tellsInForm     = spec.Symbol{Name: "TELLS"} // names the function, for forms
)

// setUpBindings gives the variables values or not, lists them or not, and names a function that tells them.
func (g *generator) setUpBindings() {
	g.test("", call("defvar", []any{g.c.Intn(2)}, variables[0]))
	g.test("", call("set-global-value", nil, initialBindings, g.bindingList()))
	n := len(g.p.Blocks)
	g.p.Blocks = append(g.p.Blocks, []program.Step{
		call("symbol-value", nil, variables[0]),
		call("set-symbol-value", nil, g.variable(), g.fresh()),
		call("symbol-value", nil, variables[1]),
	})
	g.test("tells", call("make-function", nil, spec.Callback(n)))
	g.test("", call("defun", nil, tellsInForm, spec.Callback(n)))
}

func (g *generator) variable() spec.Value { return variables[g.c.Intn(len(variables))] }

// bindingList is a value of *process-initial-bindings*.
func (g *generator) bindingList() spec.Value {
	var entries []spec.Value
	for range g.c.Intn(3) {
		entries = append(entries, entryOf(g.variable(), g.bindingForm()))
	}
	return spec.NewList(entries...)
}

// bindingForm is a form to be evaluated.
func (g *generator) bindingForm() spec.Value {
	switch g.c.Intn(4) {
	case 0:
		return spec.Int(10 + g.c.Intn(2))
	case 1:
		return spec.NewList(spec.Symbol{Package: "COMMON-LISP", Name: "LIST"}, g.variable(), spec.Int(1))
	case 2:
		switch g.c.Intn(4) {
		case 0:
			return spec.NewList(spec.Symbol{Package: "COMMON-LISP", Name: "ERROR"}, spec.String("in a form"))
		case 1:
			return spec.NewList(tellsInForm, g.variable())
		}
	}
	return g.variable()
}

// entryOf is the cons of a symbol and something else.
func entryOf(symbol, cdr spec.Value) spec.Value {
	switch l := cdr.(type) {
	case spec.Nil:
		return spec.NewList(symbol)
	case spec.List:
		return spec.List{Items: append([]spec.Value{symbol}, l.Items...), Dotted: l.Dotted}
	}
	if !spec.Truth(cdr) {
		return spec.NewList(symbol)
	}
	return spec.List{Items: []spec.Value{symbol}, Dotted: cdr}
}

var bindingMakers = []maker{
	{op: "symbol-value", make: on("symbol-value", (*generator).variable)},
	{op: "set-symbol-value", make: func(g *generator) program.Step {
		return call("set-symbol-value", nil, g.variable(), g.fresh())
	}},
	{op: "global-value", make: on("global-value", (*generator).variable)},
	{op: "set-global-value", make: func(g *generator) program.Step {
		switch g.c.Intn(4) {
		case 0:
			return call("set-global-value", nil, initialBindings, g.bindingList())
		case 1:
			return call("set-global-value", nil, defaultPriority, 1+g.c.Intn(2))
		}
		return call("set-global-value", nil, g.variable(), g.fresh())
	}},
	{op: "defvar", make: func(g *generator) program.Step {
		if g.c.Intn(2) == 0 {
			return call("defvar", nil, g.variable())
		}
		return call("defvar", []any{g.fresh()}, g.variable())
	}},
	{op: "let", where: notNested, make: func(g *generator) program.Step {
		bound := entryOf(g.variable(), spec.Int(g.fresh()))
		switch g.c.Intn(4) {
		case 0:
			bound = entryOf(initialBindings, g.bindingList())
		case 1:
			bound = entryOf(defaultPriority, spec.Int(1+g.c.Intn(2)))
		}
		return call("let", nil, spec.NewList(bound), g.code())
	}},
	{op: "symeval-in-process", make: func(g *generator) program.Step {
		return call("symeval-in-process", nil, g.variable(), g.process())
	}},
	{op: "process-run-function", make: func(g *generator) program.Step {
		return call("process-run-function", nil, fmt.Sprintf("teller%d", g.fresh()), nil, program.Named("tells"))
	}, worth: func(*generator) int { return worthMuch }},
	{op: "process-priority", make: on("process-priority", (*generator).process)},
}
