package spec

import (
	"maps"
	"slices"
	"strings"
)

// The vocabulary of the operations table: all that a call can be made of. Whoever writes or
// generates calls can be asked which words he never uses.

// ObjectKinds are those of which the operation new makes objects that [Equal] or a cleanup form
// may tell apart, or not.
var ObjectKinds = []string{"cons", "list", "string", "vector", "structure"}

// literals are the kinds of values that are passed as they are.
var literals = []string{
	"nil", "t", "integer", "big integer", "ratio", "single float", "double float", "character", "string", "symbol", "keyword",
	"pathname", "list", "dotted list",
}

// designators are the ways in which an argument of a type may be given, by type.
var designators = map[string][]string{
	"function":   {"function", "symbol"},
	"designator": {"process", "function", "string", "symbol"},
	"form":       {"function", "symbol", "list of function", "list of symbol", "fresh list of function", "list with fresh cons", "list with fresh string", "list with dotted list"},
	"seconds":    {"integer", "ratio", "double float"},
}

// Vocabulary lists the words of the table, each with the operation that it belongs to or "": the
// operations; their keywords, those of a property list among them, and optional arguments; the
// ways to give a function, a process, a form, a time; the kinds of predicates, of objects made by
// new, and of literals.
func Vocabulary() map[string]*Op {
	words := map[string]*Op{}
	types := map[string]bool{}
	for _, op := range Ops {
		words[op.Name] = op
		for _, p := range op.Keys {
			words[op.Name+" :"+p.Name] = op
		}
		for _, extra := range op.Extras {
			words[extra] = op
		}
		for _, p := range op.Optional {
			words[op.Name+" &optional "+p.Name] = op
		}
		for _, p := range op.params() {
			types[p.kind()] = true
		}
	}
	for kind := range types {
		for _, way := range designators[kind] {
			words[kind+" as "+way] = nil
		}
	}
	for _, kind := range PredicateKinds {
		words["predicate :"+kind] = nil
	}
	for _, kind := range ObjectKinds {
		words["new :"+kind] = LookupOp("new")
	}
	for _, kind := range literals {
		words["literal "+kind] = nil
	}
	return words
}

func (op *Op) params() []Param { return slices.Concat(op.Required, op.Optional, op.Keys) }

// kind is the type of what is passed, where that is given in several ways.
func (p Param) kind() string {
	if p.Name == "designator" {
		return p.Name
	}
	return p.Type
}

// Usage collects the words that runs use. The zero value is that of no run. It is a [Recorder] of
// one run at a time.
type Usage struct {
	words map[string]bool
	made  map[string]string // kinds of objects that new made, by Ref.ID
	open  map[int]Call
}

// Begin begins a run: what was made before means nothing in it.
func (u *Usage) Begin() { u.made, u.open = map[string]string{}, map[int]Call{} }

// Record implements [Recorder].
func (u *Usage) Record(l Label) {
	if u.words == nil {
		u.words = map[string]bool{}
	}
	switch l.Kind {
	case CallLabel:
		u.open[l.Frame] = l.Call
		u.call(l.Call)
	case ReturnLabel:
		c := u.open[l.Frame]
		ref, ok := l.Return.Primary().(Ref)
		if kind, isKeyword := c.Arg(0).(Symbol); ok && isKeyword && c.Op == "new" {
			u.made[ref.ID] = kind.Name
		}
	}
}

// Words lists what was used, in alphabetical order.
func (u *Usage) Words() []string { return slices.Sorted(maps.Keys(u.words)) }

func (u *Usage) call(c Call) {
	op := LookupOp(c.Op)
	if op == nil {
		return
	}
	u.words[op.Name] = true
	for i, v := range c.Args {
		switch {
		case i < len(op.Required):
			u.value(op.Required[i], v)
		case i < len(op.Required)+len(op.Optional):
			p := op.Optional[i-len(op.Required)]
			u.words[op.Name+" &optional "+p.Name] = true
			u.value(p, v)
		default:
			u.literal(v)
		}
	}
	for _, k := range c.Keys {
		if i := slices.IndexFunc(op.Keys, func(p Param) bool { return p.Name == k.Name }); i >= 0 {
			u.words[op.Name+" :"+k.Name] = true
			u.value(op.Keys[i], k.Value)
		}
	}
	for extra := range op.extrasOf(c) {
		u.words[extra] = true
	}
	if kind, ok := c.Arg(0).(Symbol); ok && op.Name == "new" {
		u.words["new :"+kind.Name] = true
	}
}

func (u *Usage) value(p Param, v Value) {
	switch kind := p.kind(); kind {
	case "predicate":
		if parsed, err := ParsePredicate(v); err == nil {
			u.predicate(parsed)
		}
		return
	case "form":
		for _, way := range u.formWays(v) {
			u.words["form as "+way] = true
		}
	default:
		if way := u.way(v); slices.Contains(designators[kind], way) {
			u.words[kind+" as "+way] = true
		}
	}
	u.literal(v)
}

func (u *Usage) predicate(p Predicate) {
	u.words["predicate :"+p.Kind] = true
	if p.Value != nil {
		u.literal(p.Value)
	}
	for _, part := range p.Parts {
		u.predicate(part)
	}
}

// way says how an argument is given: the kind of the object or literal.
func (u *Usage) way(v Value) string {
	if ref, ok := v.(Ref); ok {
		if kind := u.made[ref.ID]; kind != "" {
			return kind
		}
		return ref.Type
	}
	return literalOf(v)
}

// formWays says what kind of form a value is, and what its list is made of.
func (u *Usage) formWays(v Value) []string {
	items, ok := Items(v)
	if !ok || len(items) == 0 {
		if way := u.way(v); way == "cons" || way == "list" {
			return []string{"fresh list of function"}
		} else {
			return []string{way}
		}
	}
	out := []string{"list of " + u.way(items[0])}
	for _, item := range items[1:] {
		switch way := u.way(item); way {
		case "cons", "list":
			if _, fresh := item.(Ref); fresh {
				out = append(out, "list with fresh cons")
			}
		case "string":
			if _, fresh := item.(Ref); fresh {
				out = append(out, "list with fresh string")
			}
		case "dotted list":
			out = append(out, "list with dotted list")
		}
	}
	return out
}

// literal notes a value that is passed as it is, and those in a list.
func (u *Usage) literal(v Value) {
	if kind := literalOf(v); kind != "" {
		u.words["literal "+kind] = true
	}
	if l, ok := v.(List); ok {
		for _, item := range l.Items {
			u.literal(item)
		}
	}
}

// literalOf is the kind of a literal, "" for a reference or a callback.
func literalOf(v Value) string {
	switch v := v.(type) {
	case Nil:
		return "nil"
	case True:
		return "t"
	case Int:
		return "integer"
	case BigInt:
		return "big integer"
	case Ratio:
		return "ratio"
	case Single:
		return "single float"
	case Double:
		return "double float"
	case Char:
		return "character"
	case String:
		return "string"
	case Pathname:
		return "pathname"
	case Symbol:
		if strings.EqualFold(v.Package, "keyword") {
			return "keyword"
		}
		return "symbol"
	case List:
		if v.Dotted != nil {
			return "dotted list"
		}
		return "list"
	}
	return ""
}
