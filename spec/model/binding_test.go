package model

import "github.com/mpcheck/mpcheck/spec"

// bindingCall is one that has to do with the values of symbols.
func (d *driver) bindingCall(n int) spec.Call {
	x, y := spec.Symbol{Name: "X"}, spec.Symbol{Name: "Y"}
	list := func(head spec.Value, items ...spec.Value) spec.Value {
		return spec.List{Items: append([]spec.Value{head}, items...)}
	}
	entry := func(symbol, form spec.Value) spec.Value {
		if l, ok := form.(spec.List); ok {
			return list(symbol, l.Items...)
		}
		return spec.List{Items: []spec.Value{symbol}, Dotted: form}
	}
	symbol := []spec.Value{x, y, defaultPriorityVariable, spec.Symbol{Package: "COMMON-LISP", Name: "*PACKAGE*"}}[spec.Pick(d.choices, 4)]
	entries := []spec.Value{
		entry(x, spec.Int(n)), entry(x, x), entry(y, x), entry(spec.Keyword("k"), x), spec.Int(n),
		entry(y, list(spec.Symbol{Package: "COMMON-LISP", Name: "LIST"}, x, spec.Int(n))),
		entry(y, list(spec.Symbol{Package: "COMMON-LISP", Name: "ERROR"}, spec.String("e"))),
		entry(x, list(spec.Symbol{Name: "F"}, x)), entry(y, list(spec.Symbol{Name: "f"}, x)),
	}
	some := func() spec.Value { return entries[spec.Pick(d.choices, len(entries))] }
	switch spec.Pick(d.choices, 9) {
	case 0:
		return spec.NewCall("symbol-value", nil, symbol)
	case 1:
		return spec.NewCall("set-symbol-value", nil, symbol, n)
	case 2:
		return spec.NewCall("global-value", nil, symbol)
	case 3:
		return spec.NewCall("set-global-value", nil, symbol, n)
	case 4:
		return spec.NewCall("defvar", []any{n}, symbol)
	case 5:
		return spec.NewCall("let", nil, list(entry(symbol, spec.Int(n)), entry(x, spec.Int(1))), spec.Callback(1))
	case 6:
		return spec.NewCall("let", nil, list(entry(initialBindingsVariable, list(some(), some()))), spec.Callback(1))
	case 7:
		return spec.NewCall("set-global-value", nil, initialBindingsVariable, list(some(), some()))
	}
	return spec.NewCall("symeval-in-process", nil, symbol, d.ref(KindProcess))
}
