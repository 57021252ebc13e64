package spec

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Value is a Lisp value as a case writes it and an adapter sends it. It is one of
// [Nil], [True], [Int], [BigInt], [Ratio], [Single], [Double], [Char], [String],
// [Symbol], [Pathname], [List], [Ref] and [Callback].
//
// All but Ref and Callback are literals: each time one is sent, the adapter makes a
// fresh object of that shape, so a literal has no identity. What needs identity is
// made in the adapter (operation `new`) and denoted by a Ref.
//
// Values are immutable and safe for concurrent use. String gives Lisp syntax, [Printable].
type Value interface {
	fmt.Stringer
	value()
}

type (
	// Nil is the symbol nil: false, and the empty list. Its JSON form is null.
	Nil struct{}
	// True is the symbol t. Every value but Nil counts as true; True is the plain one.
	True struct{}
	// Int is an integer that fits 64 bits; larger ones are BigInt.
	Int int64
	// BigInt is an integer outside the range of Int. Make it with [ParseInt].
	BigInt struct{ digits string }
	// Ratio is a rational that is no integer, in lowest terms. Make it with [NewRatio].
	Ratio struct{ num, den string }
	// Single and Double are floats of 32 and 64 bits; eql tells them apart.
	Single float32
	// Double is a float of 64 bits.
	Double float64
	// Char is one character.
	Char rune
	// String is a fresh string each time it is sent.
	String string
	// Symbol is a symbol of a package; keywords have the package KEYWORD.
	// Names are kept as written, in the case a reader would print.
	Symbol struct{ Package, Name string }
	// Pathname is a pathname, as its namestring.
	Pathname string
	// Ref denotes an object with identity that lives in the adapter, for as long as
	// its system is open. ID alone decides sameness; Type is for people and checks:
	// process, mailbox, function, cons, string, vector, structure, hash-table, log, cell, gate...
	Ref struct{ ID, Type string }
	// Callback is the number of a Go function registered with [System.Register]. Only
	// the operations that take code (make-function, defun, unwind-protect...) accept it.
	Callback int
)

// List is a list of at least one element; the empty list is Nil. Dotted is the tail of a
// dotted list, or nil for a proper one.
type List struct {
	Items  []Value
	Dotted Value
}

func (Nil) value()      {}
func (True) value()     {}
func (Int) value()      {}
func (BigInt) value()   {}
func (Ratio) value()    {}
func (Single) value()   {}
func (Double) value()   {}
func (Char) value()     {}
func (String) value()   {}
func (Symbol) value()   {}
func (Pathname) value() {}
func (Ref) value()      {}
func (Callback) value() {}
func (List) value()     {}

// NewList returns the list of items: Nil when there are none.
func NewList(items ...Value) Value {
	if len(items) == 0 {
		return Nil{}
	}
	return List{Items: items}
}

// Keyword returns the keyword symbol of that name, without its colon.
func Keyword(name string) Symbol { return Symbol{Package: "KEYWORD", Name: name} }

// ParseInt returns the integer that text denotes in decimal, as Int where it fits.
func ParseInt(text string) (Value, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("%q is not a decimal integer", text)
	}
	return integer(n), nil
}

func integer(n *big.Int) Value {
	if n.IsInt64() {
		return Int(n.Int64())
	}
	return BigInt{n.String()}
}

// NewRatio returns num/den in lowest terms, which is an integer where den divides num.
// den must not be zero.
func NewRatio(num, den int64) Value {
	return ratio(big.NewRat(num, den))
}

func ratio(r *big.Rat) Value {
	if r.IsInt() {
		return integer(r.Num())
	}
	return Ratio{r.Num().String(), r.Denom().String()}
}

// Seconds returns the length of v in seconds where v is a real number.
func Seconds(v Value) (float64, bool) {
	switch v := v.(type) {
	case Int:
		return float64(v), true
	case BigInt, Ratio:
		r, ok := new(big.Rat).SetString(v.String())
		if !ok {
			return 0, false
		}
		f, _ := r.Float64()
		return f, true
	case Single:
		return float64(v), true
	case Double:
		return float64(v), true
	}
	return 0, false
}

// Truth is the Lisp truth of v: everything but Nil is true.
func Truth(v Value) bool {
	_, isNil := v.(Nil)
	return v != nil && !isNil
}

// Bool returns True or Nil.
func Bool(b bool) Value {
	if b {
		return True{}
	}
	return Nil{}
}

// Of converts a Go value to a Lisp one, for readable cases: nil and false are Nil, true
// is True, integers Int, float64 Double, string String, []any and []Value a proper list,
// a Value itself. Anything else panics: it is a mistake of the case's author.
func Of(x any) Value {
	switch x := x.(type) {
	case nil:
		return Nil{}
	case Value:
		return x
	case bool:
		return Bool(x)
	case int:
		return Int(x)
	case int64:
		return Int(x)
	case float64:
		return Double(x)
	case string:
		return String(x)
	case []Value:
		return NewList(x...)
	case []any:
		items := make([]Value, len(x))
		for i, e := range x {
			items[i] = Of(e)
		}
		return NewList(items...)
	}
	panic(fmt.Sprintf("spec.Of: no Lisp value for Go type %T", x))
}

// Eql is cl:eql on literals and identity on references. Lists and strings are never
// eql: a literal has no identity.
func Eql(a, b Value) bool {
	switch a := a.(type) {
	case List, String, Pathname:
		return false
	case Ref:
		b, ok := b.(Ref)
		return ok && a.ID == b.ID
	case Single:
		b, ok := b.(Single)
		return ok && math.Float32bits(float32(a)) == math.Float32bits(float32(b))
	case Double:
		b, ok := b.(Double)
		return ok && math.Float64bits(float64(a)) == math.Float64bits(float64(b))
	}
	if _, ok := b.(List); ok {
		return false
	}
	return a == b
}

// Equal is cl:equal: lists by their elements, strings and pathnames by their content
// (case counts), all else as [Eql]. A reference to a string or cons is compared by
// identity here; only the adapter can look inside it.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case String, Pathname:
		if _, ok := b.(List); ok {
			return false
		}
		return a == b
	case List:
		b, ok := b.(List)
		if !ok || len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !Equal(a.Items[i], b.Items[i]) {
				return false
			}
		}
		if a.Dotted == nil || b.Dotted == nil {
			return a.Dotted == nil && b.Dotted == nil
		}
		return Equal(a.Dotted, b.Dotted)
	}
	return Eql(a, b)
}

// Items returns the elements of a proper list, none for Nil; ok is false for the rest.
func Items(v Value) (items []Value, ok bool) {
	switch v := v.(type) {
	case Nil:
		return nil, true
	case List:
		return v.Items, v.Dotted == nil
	}
	return nil, false
}

func (Nil) String() string        { return "nil" }
func (True) String() string       { return "t" }
func (v Int) String() string      { return strconv.FormatInt(int64(v), 10) }
func (v BigInt) String() string   { return v.digits }
func (v Ratio) String() string    { return v.num + "/" + v.den }
func (v Single) String() string   { return floatText(float64(v), 32, "f0") }
func (v Double) String() string   { return floatText(float64(v), 64, "d0") }
func (v Char) String() string     { return `#\` + Printable(string(rune(v))) }
func (v Pathname) String() string { return "#P" + String(v).String() }
func (v Callback) String() string { return fmt.Sprintf("#<callback %d>", int(v)) }

var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (v String) String() string {
	return `"` + Printable(quotes.Replace(string(v))) + `"`
}

func (v Symbol) String() string {
	if v.Package == "KEYWORD" {
		return ":" + Printable(v.Name)
	}
	if v.Package == "" {
		return Printable(v.Name)
	}
	return Printable(v.Package + "::" + v.Name)
}

func (v Ref) String() string {
	kind := v.Type
	if kind == "" {
		kind = "object"
	}
	return Printable("#<" + kind + " " + v.ID + ">")
}

func (v List) String() string {
	var b strings.Builder
	b.WriteByte('(')
	for i, item := range v.Items {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(item.String())
	}
	if v.Dotted != nil {
		b.WriteString(" . ")
		b.WriteString(v.Dotted.String())
	}
	b.WriteByte(')')
	return b.String()
}

func floatText(f float64, bits int, exponent string) string {
	switch {
	case math.IsNaN(f):
		return "#<nan " + exponent[:1] + ">"
	case math.IsInf(f, 0):
		return fmt.Sprintf("#<infinity %+d%s>", int(math.Copysign(1, f)), exponent[:1])
	}
	text := strconv.FormatFloat(f, 'e', -1, bits)
	mantissa, exp, _ := strings.Cut(text, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if n, _ := strconv.Atoi(exp); n != 0 {
		return mantissa + exponent[:1] + strconv.Itoa(n)
	}
	return mantissa + exponent
}

// Sorted returns a copy of values in an order that depends on nothing but them.
func Sorted(values []Value) []Value {
	out := slices.Clone(values)
	slices.SortStableFunc(out, func(a, b Value) int { return strings.Compare(a.String(), b.String()) })
	return out
}
