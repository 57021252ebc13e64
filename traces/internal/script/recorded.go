package script

import "github.com/mpcheck/mpcheck/spec"

// Wait functions that record: how often one is evaluated is left open, and with it what a log holds that one writes to.

// records notes the logs that the wait functions of a call write to, and who waits.
func (r *reader) records(o opened) {
	op := spec.LookupOp(o.call.Op)
	if op == nil {
		return
	}
	for n, v := range o.call.Args {
		if p := o.call.Positional(n); p != nil && p.Type == "predicate" {
			r.b.recordsIn(v, o.process)
		}
	}
	for _, k := range o.call.Keys {
		if p := op.Keyword(k.Name); p != nil && p.Type == "predicate" {
			r.b.recordsIn(k.Value, o.process)
		}
	}
}

func (b *Binding) recordsIn(v spec.Value, waiter string) {
	p, err := spec.ParsePredicate(v)
	if err != nil {
		return
	}
	var look func(p spec.Predicate)
	look = func(p spec.Predicate) {
		if p.Kind == "recording" {
			if b.recorded[p.Ref.ID] == nil {
				b.recorded[p.Ref.ID] = map[string]bool{}
			}
			b.recorded[p.Ref.ID][waiter] = true
		}
		for _, part := range p.Parts {
			look(part)
		}
	}
	look(p)
}

// tellsRecorded tells whether a call asks what such a log holds, and is told of nobody who waits but those that do.
func (b *Binding) tellsRecorded(call spec.Call, told []spec.Value) bool {
	ref, _ := call.Arg(0).(spec.Ref)
	waiters := b.recorded[ref.ID]
	if waiters == nil {
		return false
	}
	for _, v := range told {
		notes, _ := spec.Items(v)
		for _, note := range notes {
			seen, _ := spec.Items(note)
			if len(seen) != 2 { // somebody else wrote it
				continue
			}
			if who, ok := seen[0].(spec.Ref); ok && who.Type == "process" && !waiters[who.ID] {
				return false
			}
		}
	}
	return true
}
