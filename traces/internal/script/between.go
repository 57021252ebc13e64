package script

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Code that comes between whatever a process does: on the same thread, in a frame of its own.

// comesBetween notes what a call is given of such code: as its row has it, and in property lists, whatever may be in these.
func (r *reader) comesBetween(call spec.Call) {
	op := spec.LookupOp(call.Op)
	if op == nil {
		return
	}
	for n, v := range call.Args {
		switch p := op.Positional(n); {
		case p == nil:
		case p.Role == spec.Between:
			r.between = append(r.between, v)
		case p.Type == "plist":
			items, _ := spec.Items(v)
			r.between = append(r.between, items...)
		}
	}
	for _, k := range call.Keys {
		if p := op.Keyword(k.Name); p != nil && p.Role == spec.Between {
			r.between = append(r.between, k.Value)
		}
	}
	name, isSymbol := call.Arg(0).(spec.Symbol)
	if code, ok := call.Arg(1).(spec.Callback); ok && isSymbol {
		r.named[code] = name
	}
}

// bindBetween finds the code that comes between, once it is known what made each function.
func (r *reader) bindBetween() {
	for _, v := range r.between {
		for code, function := range r.functions {
			if ref, ok := v.(spec.Ref); ok && ref.ID == function {
				r.b.Between[code] = true
			}
		}
	}
	for code, name := range r.named {
		if slices.Contains(r.between, name) {
			r.b.Between[code] = true
		}
	}
}
