package kit

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// What a reference of the kit's may denote. The monitor guards what changes.
type (
	// A Function is code that Lisp can call.
	Function struct{ Code spec.Callback }
	// A Datum is an object made by the operation new: its kind, as "cons", and its parts.
	Datum struct {
		Kind  string
		Parts []spec.Value
	}
	log  struct{ entries []spec.Value }
	cell struct{ value spec.Value }
	gate struct {
		open    bool
		waiters Waiters
	}
)

// SetPrefix has names of objects begin so from now on, where several programs make objects of one case. It is called before anything
// runs.
func (s *System) SetPrefix(prefix string) { s.prefix = prefix }

// Name makes the reference by which an object is known in its system, for as long as that is open.
func (s *System) Name(kind string, object any) spec.Ref {
	s.made++
	ref := spec.Ref{ID: fmt.Sprintf("%s%s-%d", s.prefix, kind, s.made), Type: kind}
	s.objects[ref.ID] = object
	return ref
}

// Rename has a reference denote another object.
func (s *System) Rename(ref spec.Ref, object any) { s.objects[ref.ID] = object }

// Object is what a value denotes as a reference, nil for none.
func (s *System) Object(v spec.Value) any {
	ref, _ := v.(spec.Ref)
	return s.objects[ref.ID]
}

// Lookup is the object of type T that v denotes, or a type error that says what is wanted: a KIND.
func Lookup[T any](s *System, kind string, v spec.Value) (T, error) {
	object, ok := s.Object(v).(T)
	if !ok {
		return object, TypeError("the argument", v, "a "+kind)
	}
	return object, nil
}

// On makes an operation of a function whose first argument denotes a T, a KIND.
func On[T any](kind string, perform func(f *Frame, object T, c spec.Call) ([]spec.Value, error)) Operation {
	return func(f *Frame, c spec.Call) ([]spec.Value, error) {
		object, err := Lookup[T](f.sys, kind, c.Args[0])
		if err != nil {
			return nil, err
		}
		return perform(f, object, c)
	}
}

// FunctionOf returns the code of a function designator: a function, or a symbol that
// names one now.
func (s *System) FunctionOf(v spec.Value) (spec.Callback, error) {
	if name, ok := v.(spec.Symbol); ok {
		code, ok := s.functions[name]
		if !ok {
			return 0, &spec.Condition{Type: "undefined-function", Message: v.String() + " names no function"}
		}
		return code, nil
	}
	fn, err := Lookup[Function](s, "function", v)
	return fn.Code, err
}

// Functions are the names that have code, each with it: not a copy.
func (s *System) Functions() map[spec.Symbol]spec.Callback { return s.functions }

// CodeOf returns the code that an operation of the kit runs: a callback or a function
// designator.
func (s *System) CodeOf(v spec.Value) (spec.Callback, error) {
	if code, ok := v.(spec.Callback); ok {
		if code < 1 || int(code) > len(s.callbacks) && code <= OwnCode {
			return 0, ProgramError("%s isn't registered", code)
		}
		return code, nil
	}
	return s.FunctionOf(v)
}

// OwnCode is what numbers of code that the kit has itself, for functions that new makes, are above: callbacks of a
// harness keep their numbers.
const OwnCode spec.Callback = 1 << 30

// Func is the code of that number, which [System.CodeOf] or [System.FunctionOf] has answered.
func (s *System) Func(code spec.Callback) spec.Func {
	if code > OwnCode {
		return func(spec.Frame, []spec.Value) []spec.Value { return One(spec.Nil{}) }
	}
	return s.callbacks[code-1]
}

// Text is the characters of a string, literal or made by new.
func (s *System) Text(v spec.Value) (string, bool) {
	switch v := v.(type) {
	case spec.String:
		return string(v), true
	case spec.Ref:
		if d, ok := s.Object(v).(Datum); ok && d.Kind == "string" {
			return string(d.Parts[0].(spec.String)), true
		}
	}
	return "", false
}

// Structure shows a cons made by new as the list that it begins; all else is itself. The
// elements are not looked into.
func (s *System) Structure(v spec.Value) spec.Value {
	d, ok := s.Object(v).(Datum)
	if !ok || d.Kind != "cons" {
		return v
	}
	list := spec.List{Items: []spec.Value{d.Parts[0]}}
	switch rest := s.Structure(d.Parts[1]).(type) {
	case spec.Nil:
	case spec.List:
		list.Items = append(list.Items, rest.Items...)
		list.Dotted = rest.Dotted
	default:
		list.Dotted = rest
	}
	return list
}

// Equal is cl:equal, which looks into conses and strings made by new too (CLEAN-DUP-1, -2).
func (s *System) Equal(a, b spec.Value) bool { return spec.Equal(s.content(a), s.content(b)) }

func (s *System) content(v spec.Value) spec.Value {
	if text, ok := s.Text(v); ok {
		return spec.String(text)
	}
	list, ok := s.Structure(v).(spec.List)
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
func newObject(f *Frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	kind, ok := c.Args[0].(spec.Symbol)
	if !ok || kind.Package != "KEYWORD" {
		return nil, TypeError("the type", c.Args[0], "a keyword")
	}
	parts := c.Args[1:]
	switch name := strings.ToLower(kind.Name); name {
	case "cons":
		pair := []spec.Value{c.Arg(1), c.Arg(2)}
		if len(parts) > 2 {
			return nil, ProgramError("new :cons takes two arguments, not %d", len(parts))
		}
		return One(s.Name(name, Datum{name, pair})), nil
	case "list":
		var list spec.Value = spec.Nil{}
		for i := len(parts) - 1; i >= 0; i-- {
			list = s.Name("cons", Datum{"cons", []spec.Value{parts[i], list}})
		}
		return One(list), nil
	case "string":
		text := ""
		if len(parts) > 0 {
			if text, ok = s.Text(parts[0]); !ok || len(parts) > 1 {
				return nil, TypeError("the text", spec.NewList(parts...), "one string")
			}
		}
		return One(s.Name(name, Datum{name, []spec.Value{spec.String(text)}})), nil
	case "function":
		return One(s.Name(name, Function{OwnCode + spec.Callback(s.made+1)})), nil
	case "vector", "structure", "hash-table", "symbol", "pathname", "object":
		return One(s.Name(name, Datum{name, parts})), nil
	}
	return nil, TypeError("the type", kind,
		":cons, :list, :string, :vector, :structure, :hash-table, :function, :symbol, :pathname or :object")
}
