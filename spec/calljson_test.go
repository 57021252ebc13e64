package spec

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCallJSON(t *testing.T) {
	for _, test := range []struct {
		call         Call
		text, former string // former is "" where the form has always been that
	}{
		{NewCall("make-log", nil), `{"op":"make-log","args":[],"keys":[]}`, `{"op":"make-log"}`},
		{
			NewCall("process-send", []any{Key{"limit", Int(4)}, Key{"timeout", NewRatio(1, 2)}}, Ref{ID: "p1"}, "<&>"),
			`{"op":"process-send","args":[{"ref":"p1"},"<&>"],"keys":[["limit",4],["timeout",{"ratio":"1/2"}]]}`,
			`{"op":"process-send","args":[{"ref":"p1"},"<&>"],"keys":[{"name":"limit","value":4},{"value":{"ratio":"1/2"},"name":"timeout"}]}`,
		},
	} {
		text, err := AppendCall([]byte{'{'}, test.call)
		if err != nil || string(text)+"}" != test.text {
			t.Errorf("%s is written as %s, %v; want %s", test.call, text, err, test.text)
		}
		for _, text := range []string{test.text, test.former} {
			var got Call
			if err := json.Unmarshal([]byte(text), &got); err != nil || got.String() != test.call.String() {
				t.Errorf("%s is read as %s, %v", text, got, err)
			}
		}
		var in CallJSON
		if err := json.Unmarshal([]byte(test.text), &in); err != nil {
			t.Fatal(err)
		}
		if got, err := in.Call(DecodeValue, false); err != nil || got.String() != test.call.String() {
			t.Errorf("%s is read as %s, %v", test.text, got, err)
		}
	}
}

// Where the former form is none, and where nothing is one.
func TestCallJSONRefuses(t *testing.T) {
	former := `{"op":"make-mailbox","args":[],"keys":[{"name":"size","value":1}]}`
	var in CallJSON
	if err := json.Unmarshal([]byte(former), &in); err != nil {
		t.Fatal(err)
	}
	if got, err := in.Call(DecodeValue, false); err == nil {
		t.Errorf("the wire has no such keyword, read as %s", got)
	}
	for text, want := range map[string]string{
		`{"op":"eq","args":[false]}`:                             "args: value 0: false is no Lisp value",
		`{"op":"eq","keys":[["a"]]}`:                             `want each of keys as ["name",value]`,
		`{"op":"eq","keys":[["a",1,2]]}`:                         `want each of keys as ["name",value]`,
		`{"op":"eq","keys":[[1,2]]}`:                             `want each of keys as ["name",value]`,
		`{"op":"eq","keys":[["a",false]]}`:                       "keyword :a: false is no Lisp value",
		`{"op":"eq","keys":[{"name":"a"}]}`:                      "keyword :a: no value",
		`{"op":"eq","keys":[{"name":"a","value":1,"values":2}]}`: `unknown field "values"`,
		`{"op":"eq","key":[]}`:                                   `unknown field "key"`,
	} {
		var c Call
		if err := json.Unmarshal([]byte(text), &c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := json.Marshal(NewCall("eq", nil, String("\xff"))); err == nil || !strings.Contains(err.Error(), "not UTF-8") {
		t.Errorf("half a character is written: %v", err)
	}
}

func TestStatusesAreRead(t *testing.T) {
	for s := Returned; s <= Aborted; s++ {
		if got, err := ParseStatus(s.String()); err != nil || got != s {
			t.Errorf("%s is read as %s, %v", s, got, err)
		}
	}
	if _, err := ParseStatus("lost"); err == nil || !strings.Contains(err.Error(), `(returned, signalled, gone, absent or aborted), got "lost"`) {
		t.Errorf("no status: %v", err)
	}
}
