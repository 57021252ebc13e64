package native

import (
	"errors"
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// What *process-initial-bindings* lists: symbols with forms, which are evaluated when a process is made, where its maker stands
// (BIND-1 to -8).

// errOver is that of an evaluation which code of the user's has left for good.
var errOver = errors.New("left")

// firstBindings are those that a process begins with which the open operation makes. Code may run meanwhile; the monitor is held.
func (f *frame) firstBindings() ([]binding, error) {
	s, p := f.sys, f.proc
	var made []binding
	if s.decide.standardOwn {
		made = append(made, binding{spec.Symbol{Package: "COMMON-LISP", Name: "*PACKAGE*"}, spec.Keyword("own")})
	}
	list := p.value(initialBindings)
	if list == nil {
		return nil, unboundVariable(initialBindings)
	}
	entries, ok := spec.Items(s.Structure(list))
	if !ok {
		return nil, kit.TypeError("the value of *process-initial-bindings*", list, "a list")
	}
	for _, entry := range entries {
		symbol, form, err := s.bindingEntry(entry)
		if err != nil && s.decide.oddIgnored {
			continue
		}
		if err != nil {
			return nil, err
		}
		var value spec.Value
		if form != spec.Value(symbol) || p.readIn(made, symbol) != nil { // BIND-5
			if value, err = f.evaluate(form, made); err != nil {
				return nil, err
			}
		}
		switch i := slices.IndexFunc(made, func(b binding) bool { return b.symbol == symbol }); {
		case i < 0:
			made = append(made, binding{symbol, value})
		case s.decide.lastCounts:
			made[i].value = value
		}
	}
	return made, nil
}

// readIn is the value of a symbol in a form, nil for none.
func (p *process) readIn(made []binding, symbol spec.Symbol) spec.Value {
	if p.sys.decide.formsSeeNew {
		for _, b := range made {
			if b.symbol == symbol {
				return b.value
			}
		}
	}
	return p.value(symbol)
}

// evaluate is a simple evaluation: constants, symbols, calls of functions.
func (f *frame) evaluate(form spec.Value, made []binding) (spec.Value, error) {
	switch v := f.sys.Structure(form).(type) {
	case spec.Symbol:
		if v.Package == "KEYWORD" {
			return v, nil
		}
		value := f.proc.readIn(made, v)
		if value == nil {
			return nil, unboundVariable(v)
		}
		return value, nil
	case spec.List:
		return f.apply(v, made)
	}
	return form, nil
}

// apply calls a function of a form, whose arguments are forms: list, error, or one of the user's, which runs here.
func (f *frame) apply(call spec.List, made []binding) (spec.Value, error) {
	head, _ := call.Items[0].(spec.Symbol)
	system := head.Package == "COMMON-LISP" && (head.Name == "LIST" || head.Name == "ERROR" && len(call.Items) > 1)
	code, users := f.sys.Functions()[head]
	if !system && !users || call.Dotted != nil {
		return nil, &spec.Condition{Type: "undefined-function", Message: "nothing that can be called: " + call.String()}
	}
	var args []spec.Value
	for _, form := range call.Items[1:] {
		value, err := f.evaluate(form, made)
		if err != nil {
			return nil, err
		}
		args = append(args, value)
	}
	switch {
	case !system:
		values, complete := f.Call(code, args)
		if !complete {
			return nil, errOver
		}
		return spec.Values(values...).Primary(), nil
	case head.Name == "LIST":
		return spec.NewList(args...), nil
	}
	message, ok := f.sys.Text(args[0])
	if !ok {
		message = args[0].String()
	}
	return nil, kit.SimpleError("%s", message)
}
