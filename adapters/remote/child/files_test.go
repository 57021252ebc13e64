//go:build linux

package child

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestFiles(t *testing.T) {
	b := newBench(t)
	made := b.do("file-prepare", "text")
	path := string(made.Nth(1).(spec.String))
	if text, err := os.ReadFile(path); err != nil || string(text) != "text" || !filepath.IsAbs(path) {
		t.Errorf("%s: %q, %v", path, text, err)
	}
	if err := os.WriteFile(path, []byte("new\xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.want("\"new\ufffd\"", "file-text", made.Primary())
	empty := b.do("file-prepare", "")
	b.want(`""`, "file-text", empty.Primary())
	none := b.do("file-prepare")
	b.want("nil", "file-text", none.Primary())
	if err := os.WriteFile(string(none.Nth(1).(spec.String)), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.want(`"x"`, "file-text", none.Primary())
	b.system = "s2"
	b.wantError("type-error", "no file of this system", "file-text", made.Primary())
	other := string(b.do("file-prepare", "").Nth(1).(spec.String))
	b.control.EndSystem("s1")
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s after its system: %v", filepath.Dir(path), err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("a file of another system: %v", err)
	}
}

// written is what a stream was written, without an adapter.
type written string

func (w *written) Since() (func() ([]byte, error), error) {
	from := len(*w)
	return func() ([]byte, error) { return []byte(*w)[from:], nil }, nil
}

func TestStandardFiles(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "input")
	input, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	out := written("before")
	b.control.SetStandard(Standard{Input: input, Output: &out, Why: "of this test"})
	for _, text := range []string{"one\n", "", "another"} {
		ref := b.do("standard-file", spec.Keyword("input"), text).Primary()
		if got, err := io.ReadAll(input); err != nil || string(got) != text {
			t.Errorf("the input is %q, %v; want %q", got, err, text)
		}
		b.want(spec.String(text).String(), "file-text", ref)
	}
	first := b.do("standard-file", spec.Keyword("output")).Primary()
	out += "one"
	second := b.do("standard-file", spec.Keyword("output")).Primary()
	out += "two"
	b.want(`"onetwo"`, "file-text", first)
	b.want(`"two"`, "file-text", second)
	b.wantError(spec.OutOfResources, "of this test", "standard-file", spec.Keyword("error"))
}
