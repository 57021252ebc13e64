package spec

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func mustInt(t *testing.T, text string) Value {
	t.Helper()
	v, err := ParseInt(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestValuesHaveOneForm(t *testing.T) {
	huge := mustInt(t, "123456789012345678901234567890")
	for _, test := range []struct {
		v          Value
		json, lisp string
	}{
		{Nil{}, `null`, "nil"},
		{True{}, `true`, "t"},
		{Int(-12), `-12`, "-12"},
		{Int(1 << 53), `{"int":"9007199254740992"}`, "9007199254740992"},
		{Int(math.MinInt64), `{"int":"-9223372036854775808"}`, "-9223372036854775808"},
		{huge, `{"int":"123456789012345678901234567890"}`, "123456789012345678901234567890"},
		{NewRatio(2, -10), `{"ratio":"-1/5"}`, "-1/5"},
		{NewRatio(10, 5), `2`, "2"},
		{Double(0.2), `{"double":"0.2"}`, "2.0d-1"},
		{Double(1), `{"double":"1"}`, "1.0d0"},
		{Single(1), `{"single":"1"}`, "1.0f0"},
		{Double(math.Inf(-1)), `{"double":"-inf"}`, "#<infinity -1d>"},
		{Double(math.NaN()), `{"double":"nan"}`, "#<nan d>"},
		{Char('λ'), `{"char":"λ"}`, `#\λ`},
		{String(`a "b" <&>` + "\n"), `"a \"b\" <&>\n"`, `"a \"b\" <&>\n"`},
		{Keyword("default"), `{"key":"default"}`, ":default"},
		{Symbol{"CL-USER", "F"}, `{"sym":"F","pkg":"CL-USER"}`, "CL-USER::F"},
		{Pathname("/x y"), `{"path":"/x y"}`, `#P"/x y"`},
		{Ref{"p1", "process"}, `{"ref":"p1","type":"process"}`, "#<process p1>"},
		{Callback(3), `{"callback":3}`, "#<callback 3>"},
		{NewList(Int(1), Nil{}, NewList(String("x"))), `[1,null,["x"]]`, `(1 nil ("x"))`},
		{List{[]Value{Int(1), Int(2)}, Int(3)}, `{"dotted":[1,2,3]}`, "(1 2 . 3)"},
	} {
		data, err := EncodeValue(test.v)
		if err != nil || string(data) != test.json {
			t.Errorf("%s encodes to %s, %v, want %s", test.lisp, data, err, test.json)
		}
		if got := test.v.String(); got != test.lisp {
			t.Errorf("%s prints as %s", test.lisp, got)
		}
		back, err := DecodeValue(data)
		if err != nil {
			t.Errorf("%s: %v", data, err)
			continue
		}
		again, _ := EncodeValue(back)
		if string(again) != test.json {
			t.Errorf("%s decodes to %s", test.json, again)
		}
	}
}

func TestDecodeRefusesWhatIsNoValue(t *testing.T) {
	for _, test := range []struct{ json, want string }{
		{``, "no value"}, {`false`, "send null"}, {`1.5`, "floats"}, {`1e5`, "floats"}, {`{"char":"ab"}`, "not one character"},
		{`{"ratio":"1/0"}`, "ratio"}, {`{"ratio":"0.5"}`, "ratio"}, {`{"ratio":"1e999999999/3"}`, "ratio"}, {`{"int":"x"}`, "integer"},
		{`{"dotted":[1]}`, "an element and a tail"}, {`{"dotted":[1,null]}`, "an atom"}, {`{"ref":""}`, "needs a name"},
		{`{}`, "unknown tagged"}, {`{"reff":"p"}`, "unknown field"}, {`[1,`, "malformed"}, {`"x`, "malformed"}, {`nul`, "malformed"},
		{strings.Repeat("[", 300) + strings.Repeat("]", 300), "nested deeper"}, {`{"double":"fast"}`, "double"},
	} {
		if v, err := DecodeValue([]byte(test.json)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.40s: got %v, %v, want an error with %q", test.json, v, err, test.want)
		}
	}
	if _, err := EncodeValue(String("\xff")); err == nil {
		t.Error("a string that is not UTF-8 is encoded")
	}
}

func TestEqualityIsThatOfCommonLisp(t *testing.T) {
	list := func(v ...Value) Value { return NewList(v...) }
	for _, test := range []struct {
		a, b       Value
		eql, equal bool
	}{
		{Int(1), Int(1), true, true},
		{Int(1), Double(1), false, false},
		{Single(1), Double(1), false, false},
		{Double(0), Double(math.Copysign(0, -1)), false, false},
		{Double(math.NaN()), Double(math.NaN()), true, true},
		{String("a"), String("a"), false, true},
		{String("a"), String("A"), false, false},
		{Char('a'), Char('A'), false, false},
		{list(Int(1), String("a")), list(Int(1), String("a")), false, true},
		{list(Int(1)), list(Double(1)), false, false},
		{list(Int(1)), list(Int(1), Nil{}), false, false},
		{List{[]Value{Int(1)}, Int(2)}, List{[]Value{Int(1)}, Int(2)}, false, true},
		{List{[]Value{Int(1)}, Int(2)}, list(Int(1)), false, false},
		{Ref{"a", "cons"}, Ref{"a", ""}, true, true},
		{Ref{"a", "cons"}, Ref{"b", "cons"}, false, false},
		{Nil{}, Nil{}, true, true},
		{Nil{}, Symbol{"", "nil"}, false, false},
		{list(Ref{"a", ""}), list(Ref{"a", "x"}), false, true},
		{String("a"), list(Int(1)), false, false},
		{Int(1), list(Int(1)), false, false},
		{NewRatio(1, 3), NewRatio(2, 6), true, true},
	} {
		if got := Eql(test.a, test.b); got != test.eql {
			t.Errorf("(eql %s %s) is %v", test.a, test.b, got)
		}
		if got := Equal(test.a, test.b); got != test.equal || Equal(test.b, test.a) != got {
			t.Errorf("(equal %s %s) is %v", test.a, test.b, got)
		}
	}
}

func FuzzDecodeValue(f *testing.F) {
	for _, seed := range []string{`[1,{"dotted":[1,2]}]`, `{"int":"99999999999999999999"}`, `{"ratio":"1/3"}`, `"\u0000"`, `{"sym":"A","pkg":"B"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := DecodeValue(data)
		if err != nil {
			return
		}
		once, err := EncodeValue(v)
		if err != nil || !json.Valid(once) {
			t.Fatalf("%q decodes to %s, which encodes to %q, %v", data, v, once, err)
		}
		again, err := DecodeValue(once)
		if err != nil || !Equal(v, again) && !strings.Contains(string(once), "nan") {
			t.Fatalf("%q encodes to %s and back to %v, %v", data, once, again, err)
		}
	})
}
