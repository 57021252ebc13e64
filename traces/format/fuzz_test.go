package format_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// Whatever is read is either refused or judged: nothing panics, and what is written again is
// what was read.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"trace":1,"adapter":"a","clock":"virtual","specification":""}` + "\n" +
		`{"label":"enter","at":0,"frame":0,"callback":0,"process":{"ref":"1"}}` + "\n" +
		`{"label":"call","at":0,"frame":0,"op":"make-mailbox"}` + "\n" +
		`{"label":"return","at":0,"frame":0,"values":[{"ref":"2","type":"mailbox"}]}` + "\n" +
		`{"label":"call","at":0,"frame":0,"op":"mailbox-read","args":[{"ref":"2"},null,0]}` + "\n" +
		`{"label":"return","at":0,"frame":0,"values":[null,null]}` + "\n" + `{"label":"quiet","at":0}` + "\n"))
	golden, err := filepath.Glob("../testdata/*/*.trace")
	if err != nil || len(golden) == 0 {
		f.Fatal(golden, err)
	}
	for _, name := range golden {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tr, err := format.Read(bytes.NewReader(text))
		if err != nil || tr.Truncated {
			return
		}
		o := traces.OptionsOf(tr.Header)
		o.Budget = 2000
		traces.Check(tr.Labels, o)
		var written bytes.Buffer
		if err := tr.Write(&written); err != nil {
			t.Fatal(err)
		}
		again, err := format.Read(&written)
		if err != nil || len(again.Labels) != len(tr.Labels) {
			t.Fatalf("written again: %v", err)
		}
	})
}
