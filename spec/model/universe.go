package model

import (
	"encoding/binary"
	"strconv"

	"github.com/mpcheck/mpcheck/spec"
)

// ID names an object of the model: a process, frame, mailbox, child, log... IDs are given
// by a [Universe] from who makes the object and by which of its calls, so that the same
// object has the same ID whatever else happened in between. 0 is no object.
type ID uint32

// Term is an interned value. 0 is no value.
type Term uint32

// The terms every universe begins with.
const (
	NoTerm Term = iota
	NilTerm
	TrueTerm
)

// Universe interns values, runs of bytes, conditions and object names for any number of states. It only
// grows and is never undone. It is used by one goroutine at a time.
type Universe struct {
	values     []spec.Value
	plain      map[spec.Value]Term
	small      []Term            // of numbers that follow each other, by the number
	numbers    map[spec.Int]Term // of others
	composed   map[string]Term   // by appendKey
	key        []byte            // room for one
	conditions []*spec.Condition
	byText     map[spec.Condition]uint32
	names      map[objectName]ID
	kinds      []Kind
	refs       map[string]ID
	references []Term                  // of the references to objects, NoTerm where not interned yet
	predicates map[Term]spec.Predicate // those that were evaluated, parsed
	looked     []looked                // at each value: whether it has an object made by new in it
	runs       []runBytes
	runOf      map[string]run
	steps      map[Term]step // of children, read
}

type objectName struct {
	maker ID
	nth   uint32
	kind  Kind
}

// NewUniverse returns an empty universe.
func NewUniverse() *Universe {
	u := &Universe{
		values:     []spec.Value{nil},
		plain:      map[spec.Value]Term{},
		numbers:    map[spec.Int]Term{},
		composed:   map[string]Term{},
		conditions: []*spec.Condition{nil},
		byText:     map[spec.Condition]uint32{},
		names:      map[objectName]ID{},
		kinds:      []Kind{kindWorld},
		refs:       map[string]ID{},
		predicates: map[Term]spec.Predicate{},
		runs:       []runBytes{{}},
		runOf:      map[string]run{},
		steps:      map[Term]step{},
	}
	u.Intern(spec.Nil{})
	u.Intern(spec.True{})
	return u
}

// Reset makes the universe as new, but for the memory that it has.
func (u *Universe) Reset() {
	clear(u.values)
	u.values, u.conditions, u.kinds, u.references = u.values[:1], u.conditions[:1], u.kinds[:1], u.references[:0]
	clear(u.plain)
	u.small = u.small[:0]
	clear(u.numbers)
	clear(u.composed)
	clear(u.byText)
	clear(u.names)
	clear(u.refs)
	clear(u.predicates)
	u.looked = u.looked[:0]
	clear(u.runs)
	u.runs = u.runs[:1]
	clear(u.runOf)
	clear(u.steps)
	u.Intern(spec.Nil{})
	u.Intern(spec.True{})
}

// Size is the number of objects that have names.
func (u *Universe) Size() int { return len(u.kinds) }

// Intern returns the term of v. Values that are cl:equal have the same term and no others
// do: sameness of cleanup forms is sameness of terms.
func (u *Universe) Intern(v spec.Value) Term {
	switch v := v.(type) {
	case nil:
		return NilTerm
	case spec.Int:
		return u.internInt(v)
	case spec.List, spec.Single, spec.Double:
		// Lists are not comparable in Go, and floats not by what eql means.
		u.key = appendKey(u.key[:0], v)
		if t, ok := u.composed[string(u.key)]; ok {
			return t
		}
		t := u.add(v)
		u.composed[string(u.key)] = t
		return t
	case spec.Ref:
		v.Type = "" // the ID alone decides
		return u.internPlain(v)
	}
	return u.internPlain(v)
}

// internInt interns a number, of all values the most frequent. Numbers up to about twice as many as
// there are have their place in a table.
func (u *Universe) internInt(v spec.Int) Term {
	if 0 <= v && v < spec.Int(len(u.small)) && u.small[v] != NoTerm {
		return u.small[v]
	}
	t, ok := u.numbers[v]
	if ok {
		return t
	}
	t = u.add(v)
	if v < 0 || v >= spec.Int(2*len(u.values)+64) {
		u.numbers[v] = t
		return t
	}
	for v >= spec.Int(len(u.small)) {
		u.small = append(u.small, NoTerm)
	}
	u.small[v] = t
	return t
}

// appendKey appends what tells values apart: the same for those that are cl:equal, and no beginning of another's. Of
// references the ID alone decides.
func appendKey(buf []byte, v spec.Value) []byte {
	text := func(kind byte, t string) []byte {
		return append(binary.AppendUvarint(append(buf, kind), uint64(len(t))), t...)
	}
	switch v := v.(type) {
	case nil:
		return append(buf, '-')
	case spec.Nil:
		return append(buf, 'n')
	case spec.True:
		return append(buf, 't')
	case spec.Callback:
		return binary.AppendVarint(append(buf, 'c'), int64(v))
	case spec.Symbol:
		buf = text('p', v.Package)
		return text('y', v.Name)
	case spec.Int:
		return binary.AppendVarint(append(buf, 'i'), int64(v))
	case spec.String:
		return text('s', string(v))
	case spec.Ref:
		return text('r', v.ID)
	case spec.List:
		buf = binary.AppendUvarint(append(buf, 'l'), uint64(len(v.Items)))
		for _, item := range v.Items {
			buf = appendKey(buf, item)
		}
		return appendKey(buf, v.Dotted)
	}
	data, err := spec.EncodeValue(v)
	if err != nil { // what isn't UTF-8
		return text('?', v.String())
	}
	return text('v', string(data))
}

func (u *Universe) internPlain(v spec.Value) Term {
	if t, ok := u.plain[v]; ok {
		return t
	}
	t := u.add(v)
	u.plain[v] = t
	return t
}

func (u *Universe) add(v spec.Value) Term {
	u.values = append(u.values, v)
	return Term(len(u.values) - 1)
}

// Value returns the value of t. References come back with the type of their object.
func (u *Universe) Value(t Term) spec.Value {
	if t == NoTerm {
		return spec.Nil{}
	}
	v := u.values[t]
	if r, ok := v.(spec.Ref); ok {
		if id, known := u.refs[r.ID]; known {
			r.Type = u.kinds[id].String()
		}
		return r
	}
	return v
}

// Ref returns the reference to an object.
func (u *Universe) Ref(id ID) spec.Value {
	return spec.Ref{ID: strconv.Itoa(int(id)), Type: u.kinds[id].String()}
}

// RefTerm returns the interned reference to an object, NilTerm for no object.
func (u *Universe) RefTerm(id ID) Term {
	if id == 0 {
		return NilTerm
	}
	for int(id) >= len(u.references) {
		u.references = append(u.references, NoTerm)
	}
	if u.references[id] == NoTerm {
		u.references[id] = u.Intern(u.Ref(id))
	}
	return u.references[id]
}

// Object returns the object that v refers to, if v is a reference to one of that kind.
func (u *Universe) Object(v spec.Value, kind Kind) (ID, bool) {
	r, ok := v.(spec.Ref)
	if !ok {
		return 0, false
	}
	id, ok := u.refs[r.ID]
	return id, ok && u.kinds[id] == kind
}

// OwnMailbox returns the ID of the nth mailbox, from 0, that is made for a process because it
// has none, by whoever needs it.
func (u *Universe) OwnMailbox(p ID, nth uint32) ID { return u.Name(p, 1<<31|nth, KindMailbox) }

// Name returns the ID of the object of that kind which the nth call, from 1, of a process
// makes; of the nth frame, from 0, that it enters.
func (u *Universe) Name(maker ID, nth uint32, kind Kind) ID {
	key := objectName{maker, nth, kind}
	if id, ok := u.names[key]; ok {
		return id
	}
	id := ID(len(u.kinds))
	u.kinds = append(u.kinds, kind)
	u.names[key] = id
	u.refs[strconv.Itoa(int(id))] = id
	return id
}

// KindOf returns the kind of an object.
func (u *Universe) KindOf(id ID) Kind { return u.kinds[id] }

func (u *Universe) condition(c spec.Condition) uint32 {
	if n, ok := u.byText[c]; ok {
		return n
	}
	n := uint32(len(u.conditions))
	u.conditions = append(u.conditions, &c)
	u.byText[c] = n
	return n
}
