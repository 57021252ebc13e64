package spec

import "fmt"

// Predicate is a condition as data: what wait functions and await take. An adapter reads
// it with [ParsePredicate] from the list that a call carries:
//
//	(:always) (:never) (:cell-is CELL VALUE) (:cell-not CELL VALUE) (:has-mail MAILBOX)
//	(:and P...) (:or P...) (:recording LOG P)
//
// A recording predicate appends (current-process get-current-process) to LOG each time it
// is evaluated. Cell values are compared by [Eql], strings and lists by [Equal].
type Predicate struct {
	Kind  string
	Ref   Ref
	Value Value
	Parts []Predicate
}

// PredicateKinds are the kinds that there are.
var PredicateKinds = []string{"always", "never", "cell-is", "cell-not", "has-mail", "and", "or", "recording"}

// AsValue gives the list form.
func (p Predicate) AsValue() Value {
	items := []Value{Keyword(p.Kind)}
	switch p.Kind {
	case "cell-is", "cell-not":
		items = append(items, p.Ref, p.Value)
	case "has-mail", "recording":
		items = append(items, p.Ref)
	}
	for _, part := range p.Parts {
		items = append(items, part.AsValue())
	}
	return NewList(items...)
}

// Always, Never, CellIs, CellNot, HasMail, And, Or and Recording make predicates.
func Always() Value { return Predicate{Kind: "always"}.AsValue() }

// Never is the predicate that never holds.
func Never() Value { return Predicate{Kind: "never"}.AsValue() }

// CellIs holds while the cell holds value.
func CellIs(cell Ref, value any) Value {
	return Predicate{Kind: "cell-is", Ref: cell, Value: Of(value)}.AsValue()
}

// CellNot holds while the cell holds something else than value.
func CellNot(cell Ref, value any) Value {
	return Predicate{Kind: "cell-not", Ref: cell, Value: Of(value)}.AsValue()
}

// HasMail holds while the mailbox holds an object.
func HasMail(mailbox Ref) Value { return Predicate{Kind: "has-mail", Ref: mailbox}.AsValue() }

// And holds while all of the parts, made by these functions, hold.
func And(parts ...Value) Value { return NewList(append([]Value{Keyword("and")}, parts...)...) }

// Or holds while one of the parts holds.
func Or(parts ...Value) Value { return NewList(append([]Value{Keyword("or")}, parts...)...) }

// Recording holds while p does, and appends who evaluated it to log.
func Recording(log Ref, p Value) Value { return NewList(Keyword("recording"), log, p) }

// ParsePredicate reads the list form. The error says which part is malformed.
func ParsePredicate(v Value) (Predicate, error) {
	items, ok := Items(v)
	if !ok || len(items) == 0 {
		return Predicate{}, fmt.Errorf("%s is no predicate: want a list such as (:cell-is CELL VALUE)", v)
	}
	kind, ok := items[0].(Symbol)
	if !ok || kind.Package != "KEYWORD" {
		return Predicate{}, fmt.Errorf("%s is no predicate: it must begin with a keyword", v)
	}
	p := Predicate{Kind: kind.Name}
	rest := items[1:]
	take := func() (Value, bool) {
		if len(rest) == 0 {
			return nil, false
		}
		head := rest[0]
		rest = rest[1:]
		return head, true
	}
	switch p.Kind {
	case "always", "never", "and", "or":
	case "cell-is", "cell-not", "has-mail", "recording":
		head, _ := take()
		if p.Ref, ok = head.(Ref); !ok {
			return p, fmt.Errorf("%s: :%s needs a reference", v, p.Kind)
		}
		if p.Kind == "cell-is" || p.Kind == "cell-not" {
			if p.Value, ok = take(); !ok {
				return p, fmt.Errorf("%s: :%s needs a value", v, p.Kind)
			}
		}
	default:
		return p, fmt.Errorf("%s: unknown predicate :%s", v, p.Kind)
	}
	switch p.Kind {
	case "and", "or", "recording":
		for _, part := range rest {
			sub, err := ParsePredicate(part)
			if err != nil {
				return p, err
			}
			p.Parts = append(p.Parts, sub)
		}
		rest = nil
		if p.Kind == "recording" && len(p.Parts) != 1 {
			return p, fmt.Errorf("%s: :recording takes a log and one predicate", v)
		}
	}
	if len(rest) > 0 {
		return p, fmt.Errorf("%s: :%s has too many arguments", v, p.Kind)
	}
	return p, nil
}

// Host answers the questions of a predicate for the implementation that evaluates it.
type Host interface {
	// CellValue is what the cell holds; HasMail whether the mailbox holds an object.
	CellValue(cell Ref) (Value, error)
	HasMail(mailbox Ref) (bool, error)
	// Record notes the evaluation of a recording predicate in the log.
	Record(log Ref) error
}

// Eval evaluates p. Errors are the host's: an unknown cell or mailbox.
func (p Predicate) Eval(h Host) (bool, error) {
	switch p.Kind {
	case "always", "never":
		return p.Kind == "always", nil
	case "cell-is", "cell-not":
		v, err := h.CellValue(p.Ref)
		return Equal(v, p.Value) == (p.Kind == "cell-is"), err
	case "has-mail":
		return h.HasMail(p.Ref)
	case "recording":
		if err := h.Record(p.Ref); err != nil {
			return false, err
		}
		return p.Parts[0].Eval(h)
	}
	for _, part := range p.Parts {
		held, err := part.Eval(h)
		if err != nil || held == (p.Kind == "or") {
			return held, err
		}
	}
	return p.Kind == "and", nil
}
