package conformance_test

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// thing is a value of the facts below: a literal, or an object that `new` makes.
type thing struct {
	value spec.Value // nil where it is made
	kind  string
	parts []thing
}

func literal(v any) thing                    { return thing{value: spec.Of(v)} }
func made(kind string, parts ...thing) thing { return thing{kind: kind, parts: parts} }
func numbers(n ...int) (out []thing)         { return things(n...) }
func things[T any](values ...T) (out []thing) {
	for _, v := range values {
		out = append(out, literal(v))
	}
	return out
}

// fact is what Common Lisp's equal and eql say of two objects, and eq where the language says it: it doesn't of numbers
// and characters. The same thing is one object, given twice.
type fact struct {
	a, b       thing
	same       bool
	eql, equal bool
}

func differ(a, b thing) fact        { return fact{a: a, b: b} }
func look(a, b thing) fact          { return fact{a: a, b: b, equal: true} } // equal, and not the same object
func alike(a, b thing) fact         { return fact{a: a, b: b, eql: true, equal: true} }
func itself(a thing) fact           { return fact{a: a, same: true, eql: true, equal: true} }
func symbol(name string) spec.Value { return spec.Symbol{Package: "CL-USER", Name: name} }

var (
	dotted = func(tail any, items ...any) spec.Value {
		list := spec.List{Dotted: spec.Of(tail)}
		for _, item := range items {
			list.Items = append(list.Items, spec.Of(item))
		}
		return list
	}
	listed = func(items ...any) spec.Value {
		var values []spec.Value
		for _, item := range items {
			values = append(values, spec.Of(item))
		}
		return spec.NewList(values...)
	}
	huge = func() spec.Value { v, _ := spec.ParseInt("123456789012345678901234567890"); return v }()
)

var facts = []fact{
	// Numbers: type and value decide, eql and equal alike.
	alike(literal(1), literal(1)),
	differ(literal(1), literal(2)),
	differ(literal(1), literal(-1)),
	alike(literal(0), literal(0)),
	alike(literal(huge), literal(huge)),
	differ(literal(huge), literal(1)),
	differ(literal(1), literal(spec.Single(1))),
	differ(literal(1), literal(spec.Double(1))),
	differ(literal(spec.Single(1)), literal(spec.Double(1))),
	alike(literal(spec.Single(1.5)), literal(spec.Single(1.5))),
	alike(literal(spec.Double(1.5)), literal(spec.Double(1.5))),
	differ(literal(spec.Double(0.1)), literal(spec.Single(0.1))),
	differ(literal(spec.Double(0)), literal(spec.Double(math.Copysign(0, -1)))),
	differ(literal(spec.Single(0)), literal(spec.Single(math.Copysign(0, -1)))),
	differ(literal(0), literal(spec.Double(0))),
	alike(literal(spec.NewRatio(1, 3)), literal(spec.NewRatio(2, 6))),
	alike(literal(spec.NewRatio(4, 2)), literal(2)),
	differ(literal(spec.NewRatio(1, 2)), literal(spec.Double(0.5))),
	differ(literal(spec.NewRatio(1, 3)), literal(spec.NewRatio(-1, 3))),
	// Characters: case counts, and no character is a string.
	alike(literal(spec.Char('a')), literal(spec.Char('a'))),
	differ(literal(spec.Char('a')), literal(spec.Char('A'))),
	differ(literal(spec.Char('a')), literal("a")),
	differ(literal(spec.Char('1')), literal(1)),
	// Symbols: interned ones are one object.
	alike(literal(spec.Nil{}), literal(spec.Nil{})),
	alike(literal(spec.True{}), literal(spec.True{})),
	differ(literal(spec.Nil{}), literal(spec.True{})),
	alike(literal(spec.Keyword("x")), literal(spec.Keyword("x"))),
	differ(literal(spec.Keyword("x")), literal(spec.Keyword("y"))),
	alike(literal(symbol("F")), literal(symbol("F"))),
	differ(literal(symbol("F")), literal(symbol("G"))),
	differ(literal(symbol("X")), literal(spec.Keyword("x"))),
	differ(literal(symbol("F")), literal("F")),
	differ(literal(spec.Nil{}), literal("nil")),
	differ(literal(spec.Nil{}), literal(0)),
	differ(literal(spec.Nil{}), literal("")),
	itself(made("symbol")),
	differ(made("symbol"), made("symbol")),
	// Strings: equal by their characters, and by no others.
	look(literal("a"), literal("a")),
	look(literal(""), literal("")),
	differ(literal("a"), literal("A")),
	differ(literal("a"), literal("b")),
	differ(literal("a"), literal("ab")),
	differ(literal("a"), literal("a ")),
	look(literal("λ"), literal("λ")),
	look(made("string", literal("text")), made("string", literal("text"))),
	look(made("string", literal("text")), literal("text")),
	itself(made("string", literal("text"))),
	differ(made("string", literal("text")), made("string", literal("Text"))),
	differ(literal("1"), literal(1)),
	// Conses: equal by their parts, which are compared by equal.
	look(literal(listed(1, 2)), literal(listed(1, 2))),
	differ(literal(listed(1, 2)), literal(listed(2, 1))),
	differ(literal(listed(1, 2)), literal(listed(1, 2, 3))),
	differ(literal(listed(1)), literal(listed(1, spec.Nil{}))),
	differ(literal(listed(1)), literal(1)),
	differ(literal(listed(spec.Nil{})), literal(spec.Nil{})),
	differ(literal(listed(1)), literal(listed(spec.Double(1)))),
	look(literal(listed("a", listed("b"))), literal(listed("a", listed("b")))),
	differ(literal(listed("a", listed("b"))), literal(listed("a", "b"))),
	differ(literal(listed("a")), literal(listed("A"))),
	look(literal(dotted(2, 1)), literal(dotted(2, 1))),
	differ(literal(dotted(2, 1)), literal(listed(1, 2))),
	look(made("cons", numbers(1, 2)...), literal(dotted(2, 1))),
	look(made("cons", literal(1), literal(spec.Nil{})), literal(listed(1))),
	look(made("cons", literal(1), made("cons", numbers(2, 3)...)), literal(dotted(3, 1, 2))),
	look(made("list", numbers(1, 2)...), literal(listed(1, 2))),
	look(made("list", numbers(1, 2)...), made("list", numbers(1, 2)...)),
	look(made("list", numbers(1, 2)...), made("cons", literal(1), made("list", literal(2)))),
	differ(made("list", numbers(1, 2)...), made("list", numbers(1, 3)...)),
	itself(made("list", numbers(1, 2)...)),
	look(made("list", made("string", literal("a"))), literal(listed("a"))),
	differ(made("list", made("vector", literal(1))), made("list", made("vector", literal(1)))),
	alike(made("list"), literal(spec.Nil{})),
	// All else is equal to itself alone.
	itself(made("vector", numbers(1, 2)...)),
	differ(made("vector", numbers(1, 2)...), made("vector", numbers(1, 2)...)),
	differ(made("vector", numbers(1, 2)...), literal(listed(1, 2))),
	differ(made("vector", things(spec.Char('a'))...), literal("a")),
	differ(made("vector"), literal("")),
	itself(made("structure", literal(1))),
	differ(made("structure", literal(1)), made("structure", literal(1))),
	itself(made("hash-table")),
	differ(made("hash-table"), made("hash-table")),
	itself(made("function")),
	differ(made("function"), made("function")),
	itself(made("object")),
	differ(made("object"), made("object")),
	differ(made("object"), literal(spec.Nil{})),
}

// both calls f with the two things of a fact as a frame has them.
func (f fact) both(api spec.API) (a, b spec.Value) {
	a = f.a.in(api)
	if f.same {
		return a, a
	}
	return a, f.b.in(api)
}

func (t thing) in(api spec.API) spec.Value {
	if t.value != nil {
		return t.value
	}
	var parts []any
	for _, p := range t.parts {
		parts = append(parts, p.in(api))
	}
	return api.New(spec.Keyword(t.kind), parts...).Primary()
}

// lisp is an expression that makes the thing.
func (t thing) lisp() string {
	var parts []string
	for _, p := range t.parts {
		parts = append(parts, p.lisp())
	}
	all := strings.Join(parts, " ")
	switch v := t.value.(type) {
	case nil:
	case spec.List:
		return "(copy-tree '" + v.String() + ")"
	case spec.String:
		return "(copy-seq " + v.String() + ")"
	case spec.Double:
		return fmt.Sprintf("%gd0", float64(v))
	case spec.Single:
		return fmt.Sprintf("%gf0", float32(v))
	default:
		return "'" + v.String()
	}
	switch t.kind {
	case "symbol":
		return `(make-symbol "A")`
	case "string":
		return all
	case "structure":
		return "(make-thing :slot " + all + ")"
	case "hash-table":
		return "(make-hash-table)"
	case "function":
		return "(closure (list nil))"
	case "object":
		return "(make-instance 'object)"
	}
	return "(" + t.kind + " " + all + ")"
}

func (f fact) String() string {
	if f.same {
		return "twice " + f.a.lisp()
	}
	return f.a.lisp() + " " + f.b.lisp()
}

// compares tells whether eq says something of a fact: it may tell numbers and characters from themselves.
func (f fact) compares() bool {
	switch f.a.value.(type) {
	case spec.Int, spec.BigInt, spec.Ratio, spec.Single, spec.Double, spec.Char:
		return false
	}
	return true
}

// What an adapter takes for the same form, and for the same object, is what Common Lisp does: cleanup forms that are equal
// are one (CLEAN-DUP-1, -2, -3).
func TestAdaptersCompareAsCommonLispDoes(t *testing.T) {
	hereAndElsewhere(t, "refimpl", compared)
	hereAndElsewhere(t, "native", compared)
}

func compared(t *testing.T, adapter spec.Adapter) {
	system, err := adapter.Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	err = system.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		name := symbol("CLEANS-NOTHING")
		api.Defun(name, system.Register(func(spec.Frame, []spec.Value) []spec.Value { return nil }))
		for i, fact := range facts {
			a, b := fact.both(api)
			if got := spec.Truth(api.Eq(a, b).Primary()); got != fact.eql && fact.compares() {
				t.Errorf("eq is %v: %s", got, fact)
			}
			// Each fact has a number of its own in its forms: those of others are none of its concern.
			first := api.EnsureProcessCleanup(spec.NewList(name, spec.Int(i), a), spec.Key{Name: "priority", Value: spec.Int(7)})
			if first.Status != spec.Returned {
				t.Errorf("a form with %s: %s", fact, first)
				continue
			}
			again := api.EnsureProcessCleanup(spec.NewList(name, spec.Int(i), b), spec.Key{Name: "priority", Value: spec.Int(8)})
			if got := again.Status == spec.Signalled; got != fact.equal { // the same form with another priority is an error (CLEAN-DUP-5)
				t.Errorf("equal is %v: %s (%s)", got, fact, again)
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// The values of the contract are compared so in Go, of whatever facts are about literals, and by the laws: eql and equal are
// equivalences, and what is eql is equal.
func TestValuesCompareAsCommonLispDoes(t *testing.T) {
	var values []spec.Value
	for _, fact := range facts {
		if fact.a.value == nil || fact.b.value == nil {
			continue
		}
		if spec.Eql(fact.a.value, fact.b.value) != fact.eql || spec.Equal(fact.a.value, fact.b.value) != fact.equal {
			t.Errorf("eql is %v, equal %v: %s", spec.Eql(fact.a.value, fact.b.value), spec.Equal(fact.a.value, fact.b.value), fact)
		}
		values = append(values, fact.a.value, fact.b.value, spec.NewList(fact.a.value, fact.b.value), spec.NewList(fact.b.value))
	}
	for _, a := range values {
		if !spec.Equal(a, a) {
			t.Errorf("%s is not equal to itself", a)
		}
		for _, b := range values {
			if spec.Eql(a, b) && !spec.Equal(a, b) || spec.Eql(a, b) != spec.Eql(b, a) || spec.Equal(a, b) != spec.Equal(b, a) {
				t.Errorf("%s and %s: eql %v, %v, equal %v, %v", a, b, spec.Eql(a, b), spec.Eql(b, a), spec.Equal(a, b), spec.Equal(b, a))
			}
			if !spec.Equal(a, b) {
				continue
			}
			for _, c := range values {
				if spec.Equal(b, c) != spec.Equal(a, c) {
					t.Errorf("%s is equal to %s, which is equal to %s: %v", a, b, c, spec.Equal(b, c))
				}
			}
		}
	}
}

// A Lisp says the same of each fact, where there is one.
func TestFactsHoldInALisp(t *testing.T) {
	path, err := exec.LookPath("sbcl")
	if err != nil {
		t.Skip("there is no sbcl on this machine")
	}
	var script strings.Builder
	script.WriteString("(setf *read-default-float-format* 'single-float)\n(defstruct thing slot)\n(defclass object () ())\n(declaim (notinline closure))\n(defun closure (x) (lambda () x))\n")
	for _, fact := range facts {
		b := fact.b.lisp()
		if fact.same {
			b = "a"
		}
		fmt.Fprintf(&script, "(let* ((a %s) (b %s)) (format t \"~a ~a ~a~%%\" (if (eq a b) 1 0) (if (eql a b) 1 0) (if (equal a b) 1 0)))\n", fact.a.lisp(), b)
	}
	command := exec.Command(path, "--script", "/dev/stdin")
	command.Stdin = strings.NewReader(script.String())
	out, err := command.CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(facts) {
		t.Fatalf("%v: %s", err, out)
	}
	for i, fact := range facts {
		bit := func(b bool) string { return map[bool]string{false: "0", true: "1"}[b] }
		got, want := strings.Fields(lines[i]), []string{bit(fact.eql), bit(fact.eql), bit(fact.equal)}
		if len(got) != len(want) || got[0] != want[0] && fact.compares() || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("eq, eql and equal are %v, not %v: %s", got, want, fact)
		}
	}
}
