package script

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// known tells whether the specification has a rule for an operation.
func known(op string) bool { return model.HasRule(op) }

// system are the operations that are given process ids of the operating system or commands, or return some; and special
// those with anything that is translated by its type.
var (
	system  = dealing("pid", "command", "program")
	special = dealing("pid", "command", "program", "path", "pathname", "redirection")
)

func dealing(types ...string) map[string]*spec.Op {
	out := map[string]*spec.Op{}
	for _, op := range spec.Ops {
		if slices.ContainsFunc(types, op.Deals) {
			out[op.Name] = op
		}
	}
	return out
}

// call translates a call into the objects of the specification.
func (b *Binding) call(c spec.Call) spec.Call {
	out := spec.Call{Op: c.Op, Args: b.Values(c.Args)}
	set := func(i int, v spec.Value) {
		if i < len(out.Args) {
			out.Args = slices.Clone(out.Args) // they may be the trace's own
			out.Args[i] = v
		}
	}
	if len(c.Keys) > 0 {
		out.Keys = make([]spec.Key, len(c.Keys))
	}
	for i, key := range c.Keys {
		out.Keys[i] = spec.Key{Name: key.Name, Value: b.Value(key.Value)}
	}
	if op := special[c.Op]; op != nil {
		for i := range out.Args {
			if v, special := b.special(c.Positional(i), c.Args[i]); special {
				set(i, v)
			}
		}
		for i, key := range c.Keys {
			if v, special := b.special(op.Keyword(key.Name), key.Value); special {
				out.Keys[i].Value = v
			}
		}
	}
	return out
}

// results translates what a call returned.
func (b *Binding) results(c spec.Call, values []spec.Value) []spec.Value {
	out, owned := b.Values(values), false
	set := func(i int, v spec.Value) {
		if !owned {
			out, owned = slices.Clone(out), true // they may be the trace's own
		}
		out[i] = v
	}
	op := spec.LookupOp(c.Op)
	switch {
	case op == nil:
	case op.Starts():
		if !c.Waits() { // beside the pid there may be streams
			for i, v := range values {
				set(i, b.pid(v))
			}
		}
	case special[c.Op] != nil:
		for i, r := range c.Results() {
			if i < len(out) {
				if v, special := b.special(&r, values[i]); special {
					set(i, v)
				}
			}
		}
	case len(out) > 0 && len(op.Results) > 0 && op.Results[0].Role == spec.Each:
		set(0, b.sorted(out[0]))
	}
	return out
}

// special translates what is a pid, a command or a path by its row.
func (b *Binding) special(p *spec.Param, v spec.Value) (spec.Value, bool) {
	switch {
	case p == nil:
	case p.Type == "pid":
		return b.pid(v), true
	case p.Type == "command":
		if text, ok := v.(spec.String); ok {
			return b.text(text), true
		}
	case p.Type == "program" || p.Type == "path" || p.Type == "pathname" || p.Type == "redirection":
		return b.located(v), true
	}
	return nil, false
}

// Objects lists the objects that a call returned, of operations that make or find one.
func (b *Binding) Objects(values []spec.Value) []model.ID {
	var out []model.ID
	for _, v := range values {
		for _, kind := range []model.Kind{model.KindMailbox, model.KindProcess, model.KindChild, model.KindStream, model.KindFile, model.KindProgram, model.KindImage, model.KindBoard} {
			if id, ok := b.Universe.Object(v, kind); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// Values translates a list, and returns the list itself where there is nothing to translate in it.
func (b *Binding) Values(values []spec.Value) []spec.Value {
	translated := values
	for i, v := range values {
		switch v.(type) {
		case spec.Ref, spec.List:
			if &translated[0] == &values[0] {
				translated = slices.Clone(values)
			}
			translated[i] = b.Value(v)
		}
	}
	return translated
}

// Value translates references, also inside lists.
func (b *Binding) Value(v spec.Value) spec.Value {
	switch v := v.(type) {
	case spec.Ref:
		if ours, ok := b.ours[v.ID]; ok {
			return ours
		}
		id, ok := b.Refs[v.ID]
		if !ok {
			return spec.Ref{ID: "unknown " + v.ID, Type: v.Type}
		}
		ours := b.Universe.Ref(id)
		b.ours[v.ID] = ours
		return ours
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = b.Value(item)
		}
		l := spec.List{Items: items}
		if v.Dotted != nil {
			l.Dotted = b.Value(v.Dotted)
		}
		return l
	}
	return v
}

// Back translates a value of the specification into the names of the trace; ids are process
// ids, where the operation deals in them.
func (b *Binding) Back(v spec.Value, ids bool) spec.Value {
	if b.names == nil {
		b.names, b.numbers = map[string]string{}, map[int64]int64{}
		for _, ref := range slices.Backward(slices.Sorted(maps.Keys(b.Refs))) {
			id := b.Refs[ref]
			if r, ok := b.Universe.Ref(id).(spec.Ref); ok {
				b.names[r.ID] = ref
			}
		}
		for _, theirs := range slices.Backward(slices.Sorted(maps.Keys(b.pids))) {
			b.numbers[b.pids[theirs]] = theirs // of several the least
		}
	}
	switch v := v.(type) {
	case spec.Ref:
		if name, ok := b.names[v.ID]; ok {
			v.ID = name
		}
		return v
	case spec.Int:
		if n, ok := b.numbers[int64(v)]; ok && ids {
			return spec.Int(n)
		}
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = b.Back(item, ids)
		}
		return spec.List{Items: items, Dotted: v.Dotted}
	}
	return v
}

// sorted puts a list of processes into the order in which the specification lists them: the
// documents name none (PROC-LIST-3).
func (b *Binding) sorted(v spec.Value) spec.Value {
	items, ok := spec.Items(v)
	if !ok {
		return v
	}
	order := func(v spec.Value) model.ID {
		id, _ := b.Universe.Object(v, model.KindProcess)
		return id
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(x, y spec.Value) int { return cmp.Compare(order(x), order(y)) })
	return spec.NewList(items...)
}

// pid translates a process id, or a group given as its negation. One that the trace does not
// explain is made different from all that it does.
func (b *Binding) pid(v spec.Value) spec.Value {
	n, ok := v.(spec.Int)
	if !ok || n >= -1 && n <= 1 {
		return v
	}
	sign, size := int64(1), int64(n)
	if n < 0 {
		sign, size = -1, -size
	}
	if bound, ok := b.pids[size]; ok {
		return spec.Int(sign * bound)
	}
	return spec.Int(sign * (size + 1<<40))
}

// text translates the command of a helper child, with exec before it or not.
func (b *Binding) text(text spec.String) spec.String {
	if bound, ok := b.texts[string(text)]; ok {
		return bound
	}
	if bound, ok := b.texts["exec "+string(text)]; ok {
		return spec.String(strings.TrimPrefix(string(bound), "exec "))
	}
	return text
}
