package spec

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain λ ☃ \uFFFD":   "plain λ ☃ \uFFFD",
		"a\nFAIL b\r\t":      `a\nFAIL b\r\t`,
		"\x1b[31m\x00\x7f":   `\x1b[31m\x00\x7f`,
		"\u009b31m":          `\u009b31m`,
		"a\u202eb\u2066c":    `a\u202eb\u2066c`,
		"\u200e\u061c\u2028": `\u200e\u061c\u2028`,
		"\xff\xc3":           `\xff\xc3`,
		"\U000e0001":         `\U000e0001`,
		`a\n`:                `a\n`,
	} {
		got := Printable(in)
		if got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
		if again := Printable(got); again != got {
			t.Errorf("%q is not left as it is: %q", got, again)
		}
	}
}

func TestBrief(t *testing.T) {
	if got := Brief(strings.Repeat("é", 1<<20), 3); got != "ééé... (2097152 bytes)" {
		t.Errorf("%.80q", got)
	}
	if got := Brief("ééé", 3); got != "ééé" {
		t.Errorf("%q", got)
	}
	if got := BriefList(make([]string, 100_000), ",", 2); got != ",,and 99998 more" {
		t.Errorf("%.80q", got)
	}
	if got := BriefLines("a\r\nb\x1b\nc\nd\n", 2); got != "a\nb\\x1b\n... (4 lines)" {
		t.Errorf("%q", got)
	}
}

// What is written as JSON has nothing that can't be seen, and is read back as it was.
func TestPrintableJSON(t *testing.T) {
	in := map[string]string{"k\u202e": "a\n\x1b\x7f\u0085\u2028\U000e0001<λ>"}
	var b strings.Builder
	if err := WriteJSON(&b, in); err != nil {
		t.Fatal(err)
	}
	if s := strings.ReplaceAll(b.String(), "\n", ""); !utf8.ValidString(s) || Printable(s) != s || !strings.Contains(s, "<λ>") {
		t.Errorf("%q", s)
	}
	var out map[string]string
	if err := json.Unmarshal([]byte(b.String()), &out); err != nil || !reflect.DeepEqual(in, out) {
		t.Errorf("%v %q", err, out)
	}
}
