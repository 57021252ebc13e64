package smoke

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

func integer(text string) spec.Value {
	v, err := spec.ParseInt(text)
	if err != nil {
		panic(err)
	}
	return v
}

// literal is a value of each kind there is, by the name of its kind.
type literal struct {
	kind  string
	value spec.Value
}

// allLiterals are all kinds that docs/protocol.md has, at their edges.
func allLiterals() []literal {
	deep := spec.Of(1)
	for range 100 {
		deep = spec.NewList(deep)
	}
	return []literal{
		{"nil", spec.Nil{}}, {"t", spec.True{}},
		{"integer", spec.Of(0)}, {"integer", spec.Of(-12)}, {"integer", integer("9007199254740991")},
		{"integer from 2^53 on", integer("9007199254740992")}, {"integer from 2^53 on", integer("-9007199254740993")},
		{"integer of more than 64 bits", integer("123456789012345678901234567890")},
		{"ratio", spec.NewRatio(1, 5)}, {"ratio", spec.NewRatio(-7, 3)},
		{"single float", spec.Single(0.5)}, {"single float", spec.Single(-1.25e10)},
		{"double float", spec.Double(0.5)}, {"double float", spec.Double(0.1)}, {"double float", spec.Double(1e300)}, {"double float", spec.Double(3)},
		{"string", spec.Of("")}, {"string", spec.Of("text")}, {"string with a quote, a backslash and two lines", spec.Of("a\"b\\c\nd\te")},
		{"string beyond ASCII", spec.Of("hé ☃ λ")}, {"string beyond the basic plane", spec.Of("𝄞 and 😀")}, {"string with U+0001", spec.Of("a\x01b")},
		{"string of 100,000 characters", spec.Of(strings.Repeat("0123456789", 10_000))},
		{"character", spec.Char('x')}, {"character", spec.Char(' ')}, {"character beyond ASCII", spec.Char('λ')},
		{"symbol with a package", spec.Symbol{Package: "CL-USER", Name: "MPCHECK-SMOKE"}},
		{"symbol with small letters", spec.Symbol{Package: "CL-USER", Name: "Mpcheck Smoke"}},
		{"keyword", spec.Keyword("default")}, {"keyword", spec.Keyword("no-such-keyword-yet")},
		{"pathname", spec.Pathname("/tmp/x")},
		{"list", spec.Of([]any{1, "two", nil, true})}, {"nested list", spec.Of([]any{1, []any{2, []any{}, []any{nil}}})}, {"list nested 100 deep", deep},
		{"dotted list", spec.List{Items: []spec.Value{spec.Of(1), spec.Of(2)}, Dotted: spec.Of(3)}},
		{"list of all kinds", spec.NewList(spec.NewRatio(1, 2), spec.Single(1.5), spec.Double(2.5), spec.Char('c'), spec.Keyword("k"), spec.Pathname("/y"))},
	}
}

// sameLiteral compares two values as they are written, so that a NaN is itself and kinds of floats
// differ.
func sameLiteral(a, b spec.Value) bool {
	one, err := spec.EncodeValue(a)
	other, err2 := spec.EncodeValue(b)
	return err == nil && err2 == nil && string(one) == string(other)
}

func literals(c *check, t *talk) string {
	by := ""
	switch {
	case c.lacks("make-cell", "cell-get") == "":
		by = "make-cell and cell-get"
	case c.lacks("make-log", "log-append", "log-read") == "":
		by = "log-append and log-read"
	default:
		return leftOut + "the adapter claims neither cells nor logs"
	}
	e := t.open()
	n := 0
	for _, l := range allLiterals() {
		var sent string
		var came spec.Return
		if by == "make-cell and cell-get" {
			cell := t.ref(e.Frame, "make-cell", l.value)
			sent = t.last
			for i := len(t.lines) - 1; i >= 0; i-- { // the line that made the cell, not the last one
				if strings.Contains(t.lines[i], `"make-cell"`) {
					sent = strings.TrimPrefix(t.lines[i], "-> ")
					break
				}
			}
			came = t.do(e.Frame, "cell-get", cell)
		} else {
			log := t.ref(e.Frame, "make-log")
			t.do(e.Frame, "log-append", log, l.value)
			sent = t.last
			came = t.do(e.Frame, "log-read", log)
			if list, ok := came.Primary().(spec.List); ok && len(list.Items) == 1 {
				came = spec.Values(list.Items[0])
			}
		}
		if !sameLiteral(came.Primary(), l.value) {
			shown, _ := spec.EncodeValue(came.Primary())
			want, _ := spec.EncodeValue(l.value)
			t.fail(sent, string(shown), "the %s as it was sent, %s", l.kind, brief(string(want)))
		}
		n++
	}
	t.leave(e)
	t.finish()
	return fmt.Sprintf("%d by %s", n, by)
}

func identity(c *check, t *talk) string {
	if why := c.lacks("make-cell", "cell-get"); why != "" {
		return why
	}
	e := t.open()
	made := func() spec.Ref {
		if c.hello.Offers("new") {
			return t.ref(e.Frame, "new", spec.Keyword("cons"), 1, 2)
		}
		return t.ref(e.Frame, "make-cell", 1)
	}
	one := made()
	first := t.last
	other := made()
	if one.ID == other.ID {
		t.fail(first, "two objects that are both named "+one.ID, "a name of its own for each object")
	}
	cell := t.ref(e.Frame, "make-cell", one)
	for range 3 {
		if got := t.do(e.Frame, "cell-get", cell).Primary(); !spec.Eql(got, one) {
			t.fail(t.last, got.String(), "the object that is in the cell, by the name that it has: %s", one)
		}
	}
	nest := t.ref(e.Frame, "make-cell", spec.NewList(one, spec.NewList(other, one)))
	if got, want := t.do(e.Frame, "cell-get", nest).Primary(), spec.NewList(one, spec.NewList(other, one)); !spec.Equal(got, want) {
		t.fail(t.last, got.String(), "the objects in the list, by the names that they have: %s", want)
	}
	if c.hello.Offers("get-current-process") {
		for range 2 {
			if got := t.do(e.Frame, "get-current-process").Primary(); !spec.Eql(got, e.Process) {
				t.fail(t.last, got.String(), "the process by the name that it was entered with: %s", e.Process)
			}
		}
	}
	if c.hello.Offers("eq") {
		for _, pair := range []struct {
			a, b spec.Value
			same bool
			what string
		}{
			{one, one, true, "an object and itself"}, {one, other, false, "two objects"},
			{spec.Keyword("a"), spec.Keyword("a"), true, "a keyword and itself"}, {spec.Keyword("a"), spec.Keyword("b"), false, "two keywords"},
			{spec.Symbol{Package: "CL-USER", Name: "MPCHECK-SMOKE"}, spec.Symbol{Package: "CL-USER", Name: "MPCHECK-SMOKE"}, true, "a symbol of a package and itself: symbols are interned"},
			{spec.Nil{}, spec.Nil{}, true, "nil and itself"},
		} {
			if got := t.do(e.Frame, "eq", pair.a, pair.b).Primary(); spec.Truth(got) != pair.same {
				t.fail(t.last, got.String(), "%s, for %s", spec.Bool(pair.same), pair.what)
			}
		}
	}
	t.leave(e)
	t.finish()
	return ""
}
