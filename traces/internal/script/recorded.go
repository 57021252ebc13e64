package script

import "github.com/mpcheck/mpcheck/spec"

// Wait functions that record: how often one is evaluated is left open, and with it what a log holds that one writes to.

// records notes the logs that the wait functions of a call write to.
func (r *reader) records(call spec.Call) {
	for n, v := range call.Args {
		if p := call.Positional(n); p != nil && p.Type == "predicate" {
			r.b.recordsIn(v)
		}
	}
	op := spec.LookupOp(call.Op)
	for _, k := range call.Keys {
		if op == nil {
			break
		}
		if p := op.Keyword(k.Name); p != nil && p.Type == "predicate" {
			r.b.recordsIn(k.Value)
		}
	}
}

func (b *Binding) recordsIn(v spec.Value) {
	p, err := spec.ParsePredicate(v)
	if err != nil {
		return
	}
	var look func(p spec.Predicate)
	look = func(p spec.Predicate) {
		if p.Kind == "recording" {
			b.recorded[p.Ref.ID] = true
		}
		for _, part := range p.Parts {
			look(part)
		}
	}
	look(p)
}

// tellsRecorded tells whether a call asks what such a log holds.
func (b *Binding) tellsRecorded(call spec.Call) bool {
	ref, ok := call.Arg(0).(spec.Ref)
	return ok && b.recorded[ref.ID]
}
