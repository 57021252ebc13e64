package traces

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

func written(t testing.TB, tr *Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tr.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample(t *testing.T, seed uint64) *Trace {
	return &Trace{
		Header: Header{Format: Format, Story: "a sample", Adapter: "refimpl", Clock: spec.Virtual, PID: model.AdapterPID, Specification: spec.Digest()},
		Labels: scramble(t, seed),
	}
}

func TestTracesReadBackAsTheyWere(t *testing.T) {
	for seed := range uint64(50) {
		want := sample(t, seed)
		text := written(t, want)
		got, err := Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if again := written(t, got); !bytes.Equal(again, text) {
			t.Fatalf("seed %d: written again it differs", seed)
		}
		if !reflect.DeepEqual(got.Header, want.Header) || len(got.Labels) != len(want.Labels) {
			t.Fatalf("seed %d: read %+v, written %+v", seed, got.Header, want.Header)
		}
		if a, b := got.Check(), want.Check(); a.Verdict != b.Verdict || a.Verdict != Allowed {
			t.Fatalf("seed %d: judged %s and %s", seed, a.Verdict, b.Verdict)
		}
	}
}

func TestACutLineLosesOnlyItself(t *testing.T) {
	text := written(t, sample(t, 1))
	whole, err := Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(text[:len(text)-9]))
	if err != nil || !got.Truncated || len(got.Labels) != len(whole.Labels)-1 {
		t.Errorf("%v, truncated %v, %d labels of %d", err, got.Truncated, len(got.Labels), len(whole.Labels))
	}
}

func TestBadTracesNameLineAndField(t *testing.T) {
	header := `{"trace":1,"adapter":"a","clock":"real","specification":""}` + "\n"
	enter := `{"label":"enter","at":0,"frame":0,"callback":0}` + "\n"
	for text, want := range map[string]string{
		"":                                 "empty",
		"{}\n":                             "line 1: field trace: format 0",
		"x\n":                              "line 1: this is no header",
		`{"trace":1,"clock":"sun"}` + "\n": "line 1: field clock",
		header + "{}\n":                    "line 2: field label",
		header + `{"label":"call"}` + "\n": "line 2: field frame",
		header + `{"label":"jump"}` + "\n": "line 2: field label",
		header + `{"label":"quiet","x":1}` + "\n":                                             `line 2: json: unknown field "x"`,
		header + enter + enter:                                                                "line 3: field frame: frame 0 begins a second time",
		header + `{"label":"enter","at":0,"frame":3,"callback":0}` + "\n":                     "line 2: field frame: frame 3 begins first",
		header + enter + `{"label":"return","at":0,"frame":0}` + "\n":                         "line 3: field frame: frame 0 has no open call",
		header + enter + `{"label":"call","at":0,"frame":0}` + "\n":                           "line 3: field op",
		header + enter + `{"label":"call","at":0,"frame":0,"op":"x","args":[{"a":1}]}` + "\n": "line 3: field args",
		header + enter + `{"label":"call","at":-1,"frame":0,"op":"x"}` + "\n":                 "line 3: field at",
		header + enter + `{"label":"enter","at":0,"frame":1}` + "\n":                          "line 3: field callback",
		header + enter[:len(enter)-1] + enter + enter:                                         "line 2: something follows",
		header + enter[:len(enter)-1] + "\v\n" + `{"label":"q`:                                "line 2: something follows",
		header + enter + `{"label":"leave","at":0,"frame":0}` + "\u00a0\n":                    "line 3: something follows",
		header + enter + "\n" + enter:                                                         "line 3: EOF",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// Blanks around an object mean nothing, however many.
func TestBlanksAroundALine(t *testing.T) {
	header, lines := `{"trace":1,"adapter":"a","clock":"real","specification":""}`, []string{
		`{"label":"enter","at":0,"frame":0,"callback":0}`,
		`{"label":"call","at":0,"frame":0,"op":"get-current-process"}`,
		`{"label":"return","at":0,"frame":0,"values":[{"ref":"1","type":"process"}]}`,
		`{"label":"leave","at":0,"frame":0}`,
	}
	for blanks := range 1200 {
		text := header + "\n"
		for i, line := range lines {
			if i == 1 {
				line = "\t " + line
			}
			text += line + strings.Repeat(" ", blanks*i%1200) + "\r\n"
		}
		tr, err := Read(strings.NewReader(text))
		if err != nil || len(tr.Labels) != len(lines) || tr.Labels[1].Call.Op != "get-current-process" {
			t.Fatalf("%d blanks: %v %v", blanks, err, tr)
		}
	}
}

func TestErrorsOfWritingAreKept(t *testing.T) {
	w := NewWriter(failing{}, Header{})
	w.Record(spec.Label{Kind: spec.QuietLabel})
	if w.Err() == nil {
		t.Error("a full disk went unnoticed")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// Whatever is read is either refused or judged: nothing panics, and what is written again is
// what was read.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"trace":1,"adapter":"a","clock":"virtual","specification":""}` + "\n" +
		`{"label":"enter","at":0,"frame":0,"callback":0,"process":{"ref":"1"}}` + "\n" +
		`{"label":"call","at":0,"frame":0,"op":"make-mailbox"}` + "\n" +
		`{"label":"return","at":0,"frame":0,"values":[{"ref":"2","type":"mailbox"}]}` + "\n" +
		`{"label":"call","at":0,"frame":0,"op":"mailbox-read","args":[{"ref":"2"},null,0]}` + "\n" +
		`{"label":"return","at":0,"frame":0,"values":[null,null]}` + "\n" + `{"label":"quiet","at":0}` + "\n"))
	golden, err := filepath.Glob("testdata/*/*.trace")
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
		tr, err := Read(bytes.NewReader(text))
		if err != nil || tr.Truncated {
			return
		}
		o := tr.Header.Options()
		o.Budget = 2000
		Check(tr.Labels, o)
		again, err := Read(bytes.NewReader(written(t, tr)))
		if err != nil || len(again.Labels) != len(tr.Labels) {
			t.Fatalf("written again: %v", err)
		}
	})
}
