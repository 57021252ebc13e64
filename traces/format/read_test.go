package format

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

func written(t testing.TB, tr *Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tr.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample is a trace of labels of all kinds, at random.
func sample(seed uint64) *Trace {
	choose := spec.Seeded(seed)
	return &Trace{
		Header: Header{Format: Version, Story: "a sample", Adapter: "by hand", Clock: spec.Virtual, PID: 1, Specification: spec.Digest()},
		Labels: labels(choose, 5+choose.Choose(60)),
	}
}

// labels are so many and one more, of frames that enter, call, return and leave as they may.
func labels(choose spec.Choices, n int) []spec.Label {
	out := []spec.Label{{Kind: spec.EnterLabel, Process: spec.Ref{ID: "0", Type: "process"}}}
	running, open, frames := []int{0}, map[int]bool{}, 1
	for i := range n {
		l := spec.Label{At: time.Duration(i) * time.Microsecond, Frame: running[choose.Choose(len(running))]}
		kind := choose.Choose(12)
		switch {
		case kind == 0:
			l = spec.Label{Kind: spec.QuietLabel, At: l.At}
		case kind == 1:
			l = spec.Label{Kind: spec.ClockLabel, At: l.At}
		case kind == 2:
			l.Kind, l.Frame, l.Callback, l.Args = spec.EnterLabel, frames, spec.Callback(choose.Choose(9)), values(choose, 3)
			l.Image = choose.Choose(2)
			if choose.Choose(2) == 0 {
				l.Process = spec.Ref{ID: fmt.Sprint(frames), Type: "process"}
			}
			running, frames = append(running, frames), frames+1
		case open[l.Frame] && kind == 3:
			l.Kind = spec.GoneLabel
		case open[l.Frame]:
			l.Kind, l.Return = spec.ReturnLabel, outcome(choose)
		case kind == 4 && len(running) > 1:
			l.Kind, l.Return.Values = spec.LeaveLabel, values(choose, 2)
			running = slices.DeleteFunc(running, func(f int) bool { return f == l.Frame })
		default:
			l.Call = spec.Call{Op: []string{"make-mailbox", "no-such-operation"}[choose.Choose(2)], Args: values(choose, 4)}
			for _, v := range values(choose, 2) {
				l.Call.Keys = append(l.Call.Keys, spec.Key{Name: fmt.Sprint("key", choose.Choose(3)), Value: v})
			}
		}
		if l.Kind <= spec.GoneLabel {
			open[l.Frame] = l.Kind == spec.CallLabel
		}
		out = append(out, l)
	}
	return out
}

func outcome(choose spec.Choices) spec.Return {
	switch choose.Choose(6) {
	case 0:
		return spec.Return{Status: spec.Absent}
	case 1:
		return spec.Return{Status: spec.Aborted}
	case 2:
		return spec.Return{Status: spec.Signalled, Condition: &spec.Condition{Type: "error", Message: "it's wrong", Continuable: choose.Choose(2) == 0}}
	}
	return spec.Return{Values: values(choose, 3)}
}

// values are fewer than n, nil for none.
func values(choose spec.Choices, n int) []spec.Value {
	var out []spec.Value
	for range choose.Choose(n) {
		out = append(out, value(choose, 2))
	}
	return out
}

func value(choose spec.Choices, depth int) spec.Value {
	some := []spec.Value{
		spec.Nil{}, spec.True{}, spec.Int(choose.Choose(5) - 2), spec.Int(1 << 60), spec.NewRatio(1, 3), spec.Double(0.1), spec.Single(2.5),
		spec.Char('é'), spec.String("a \"text\"\n"), spec.Keyword("exit"), spec.Symbol{Name: "s", Package: "P"}, spec.Pathname("/x"),
		spec.Ref{ID: fmt.Sprint(choose.Choose(3)), Type: "mailbox"}, spec.Callback(choose.Choose(3)),
	}
	if n := choose.Choose(len(some) + 1); n < len(some) || depth == 0 {
		return some[n%len(some)]
	}
	return spec.NewList(value(choose, depth-1), value(choose, depth-1))
}

func TestTracesReadBackAsTheyWere(t *testing.T) {
	for seed := range uint64(500) {
		want := sample(seed)
		text := written(t, want)
		got, err := Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if again := written(t, got); !bytes.Equal(again, text) {
			t.Fatalf("seed %d: written again it differs", seed)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: read %+v, written %+v", seed, got, want)
		}
	}
}

func TestACutLineLosesOnlyItself(t *testing.T) {
	text := written(t, sample(1))
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
