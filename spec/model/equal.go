package model

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// cl:equal looks into conses and strings, also those that `new` made; all else is told
// apart by identity (CLEAN-DUP-1, -2). Terms of literals are equal where the literals are, so
// that only references need a look.

// content returns the value with the conses and strings that it refers to written out.
func (s *State) content(v spec.Value) spec.Value {
	switch v := v.(type) {
	case spec.Ref:
		kind, parts := s.parts(v)
		switch {
		case kind == "string" && len(parts) == 1:
			return s.content(parts[0]) // the text may be that of a string that was made before
		case kind == "cons" && len(parts) == 2:
			return s.cons(s.content(parts[0]), s.content(parts[1]))
		case kind == "list":
			return s.content(spec.NewList(parts...))
		}
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = s.content(item)
		}
		if v.Dotted == nil {
			return spec.List{Items: items}
		}
		list := s.content(v.Dotted)
		for i := len(items) - 1; i >= 0; i-- {
			list = s.cons(items[i], list)
		}
		return list
	}
	return v
}

// isEmptyList tells whether `new` of such a type and parts makes no object: a list of no elements is nil.
func (u *Universe) isEmptyList(kind, parts Term) bool {
	symbol, _ := u.Value(kind).(spec.Symbol)
	return parts == NilTerm && strings.EqualFold(symbol.Name, "list")
}

// cons is the list of a head and a tail.
func (s *State) cons(head, tail spec.Value) spec.Value {
	list := spec.List{Items: []spec.Value{head}}
	switch tail := tail.(type) {
	case spec.Nil:
	case spec.List:
		list.Items, list.Dotted = append(list.Items, tail.Items...), tail.Dotted
	default:
		list.Dotted = tail
	}
	return list
}

// parts returns what an object was made of by `new`, "" for any other value.
func (s *State) parts(v spec.Value) (kind string, parts []spec.Value) {
	id, ok := s.u.Object(v, KindObject)
	if !ok || !s.exists(id) {
		return "", nil
	}
	symbol, _ := s.u.Value(Term(s.get(id, objectType))).(spec.Symbol)
	parts, _ = spec.Items(s.u.Value(Term(s.get(id, objectParts))))
	return strings.ToLower(symbol.Name), parts
}

func (s *State) equal(a, b Term) bool {
	if a == b || !s.u.hasObjects(a) && !s.u.hasObjects(b) {
		return a == b
	}
	return spec.Equal(s.content(s.u.Value(a)), s.content(s.u.Value(b)))
}

// looked is what is known of a value.
type looked uint8

const (
	notLooked looked = iota
	hasObjects
	hasNone
)

// hasObjects tells whether a value refers to something that `new` made.
func (u *Universe) hasObjects(t Term) bool {
	for int(t) >= len(u.looked) {
		u.looked = append(u.looked, notLooked)
	}
	if u.looked[t] == notLooked {
		u.looked[t] = hasNone
		if u.refersToObject(u.Value(t)) {
			u.looked[t] = hasObjects
		}
	}
	return u.looked[t] == hasObjects
}

func (u *Universe) refersToObject(v spec.Value) bool {
	switch v := v.(type) {
	case spec.Ref:
		_, ok := u.Object(v, KindObject)
		return ok
	case spec.List:
		for _, item := range v.Items {
			if u.refersToObject(item) {
				return true
			}
		}
		return v.Dotted != nil && u.refersToObject(v.Dotted)
	}
	return false
}
