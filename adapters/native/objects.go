package native

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// What a reference may denote, beside processes and mailboxes.
type (
	function struct{ code spec.Callback }
	log      struct{ entries []spec.Value }
	cell     struct{ value spec.Value }
	gate     struct {
		open    bool
		waiters waiters
	}
	// datum is an object made by the operation new.
	datum struct {
		kind  string
		parts []spec.Value
	}
)

// name makes the reference by which an object is known in its system.
func (s *system) name(kind string, object any) spec.Ref {
	s.made++
	ref := spec.Ref{ID: fmt.Sprintf("%s%s-%d", s.prefix, kind, s.made), Type: kind}
	s.objects[ref.ID] = object
	return ref
}

// lookup returns what v denotes, or a type error.
func lookup[T any](s *system, kind string, v spec.Value) (T, error) {
	ref, _ := v.(spec.Ref)
	object, ok := s.objects[ref.ID].(T)
	if !ok {
		return object, typeError("the argument", v, "a "+kind)
	}
	return object, nil
}

func (s *system) processOf(v spec.Value) (*process, error) { return lookup[*process](s, "process", v) }
func (s *system) mailboxOf(v spec.Value) (*mailbox, error) { return lookup[*mailbox](s, "mailbox", v) }

// functionOf returns the code of a function designator: a function, or a symbol that
// names one now.
func (s *system) functionOf(v spec.Value) (spec.Callback, error) {
	if name, ok := v.(spec.Symbol); ok {
		code, ok := s.functions[name]
		if !ok {
			return 0, &spec.Condition{Type: "undefined-function", Message: v.String() + " names no function"}
		}
		return code, nil
	}
	fn, err := lookup[function](s, "function", v)
	return fn.code, err
}

// codeOf returns the code that an operation of the kit runs: a callback or a function
// designator.
func (s *system) codeOf(v spec.Value) (spec.Callback, error) {
	if code, ok := v.(spec.Callback); ok {
		if code < 1 || int(code) > len(s.callbacks) && code <= ownCode {
			return 0, programError("%s isn't registered", code)
		}
		return code, nil
	}
	return s.functionOf(v)
}

// ownCode is what numbers of code that native has itself, for functions that new makes, are above: callbacks of a
// harness keep their numbers, by which a saved image knows them.
const ownCode spec.Callback = 1 << 30

// funcOf is the code of that number.
func (s *system) funcOf(code spec.Callback) spec.Func {
	if code > ownCode {
		return func(spec.Frame, []spec.Value) []spec.Value { return one(spec.Nil{}) }
	}
	return s.callbacks[code-1]
}

// identity is what a function was called by, comparable.
func identity(v spec.Value) any {
	switch v := v.(type) {
	case spec.Ref:
		return v.ID
	case spec.Symbol:
		return v
	}
	return nil
}

// text returns the characters of a string, literal or made by new.
func (s *system) text(v spec.Value) (string, bool) {
	switch v := v.(type) {
	case spec.String:
		return string(v), true
	case spec.Ref:
		if d, ok := s.objects[v.ID].(datum); ok && d.kind == "string" {
			return string(d.parts[0].(spec.String)), true
		}
	}
	return "", false
}

// structure shows a cons made by new as the list that it begins; all else is itself. The
// elements are not looked into.
func (s *system) structure(v spec.Value) spec.Value {
	ref, ok := v.(spec.Ref)
	if !ok {
		return v
	}
	d, ok := s.objects[ref.ID].(datum)
	if !ok || d.kind != "cons" {
		return v
	}
	list := spec.List{Items: []spec.Value{d.parts[0]}}
	switch rest := s.structure(d.parts[1]).(type) {
	case spec.Nil:
	case spec.List:
		list.Items = append(list.Items, rest.Items...)
		list.Dotted = rest.Dotted
	default:
		list.Dotted = rest
	}
	return list
}

// equal is cl:equal, which looks into conses and strings made by new too (CLEAN-DUP-1, -2).
func (s *system) equal(a, b spec.Value) bool { return spec.Equal(s.content(a), s.content(b)) }

func (s *system) content(v spec.Value) spec.Value {
	if text, ok := s.text(v); ok {
		return spec.String(text)
	}
	list, ok := s.structure(v).(spec.List)
	if !ok {
		return v
	}
	items := make([]spec.Value, len(list.Items))
	for i, item := range list.Items {
		items[i] = s.content(item)
	}
	if list.Dotted != nil {
		list.Dotted = s.content(list.Dotted)
	}
	return spec.List{Items: items, Dotted: list.Dotted}
}

// newObject makes an object with identity. The arguments are its parts: two for :cons, the
// text for :string, elements for :vector and :list, slots for :structure; any for the
// rest. A :function made so returns nil.
func newObject(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	kind, ok := c.Args[0].(spec.Symbol)
	if !ok || kind.Package != "KEYWORD" {
		return nil, typeError("the type", c.Args[0], "a keyword")
	}
	parts := c.Args[1:]
	switch name := strings.ToLower(kind.Name); name {
	case "cons":
		pair := []spec.Value{c.Arg(1), c.Arg(2)}
		if len(parts) > 2 {
			return nil, programError("new :cons takes two arguments, not %d", len(parts))
		}
		return one(s.name(name, datum{name, pair})), nil
	case "list":
		var list spec.Value = spec.Nil{}
		for i := len(parts) - 1; i >= 0; i-- {
			list = s.name("cons", datum{"cons", []spec.Value{parts[i], list}})
		}
		return one(list), nil
	case "string":
		text := ""
		if len(parts) > 0 {
			if text, ok = s.text(parts[0]); !ok || len(parts) > 1 {
				return nil, typeError("the text", spec.NewList(parts...), "one string")
			}
		}
		return one(s.name(name, datum{name, []spec.Value{spec.String(text)}})), nil
	case "function":
		return one(s.name(name, function{ownCode + spec.Callback(s.made+1)})), nil
	case "vector", "structure", "hash-table", "symbol", "pathname", "object":
		return one(s.name(name, datum{name, parts})), nil
	}
	return nil, typeError("the type", kind,
		":cons, :list, :string, :vector, :structure, :hash-table, :function, :symbol, :pathname or :object")
}
