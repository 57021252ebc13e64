package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// pieces are what a spoilt file gets in odd places.
var pieces = []string{
	"null", "{}", "[]", "-1", "1e999", "99999999999999999999999", "0.5", `""`, `"\u0000"`, `"\ud800"`, "\x00", "\xff", "\n", `\`, `"`, ",", "}", "]",
	strings.Repeat("[", 500), strings.Repeat(`{"dotted":[1,`, 100), `{"callback":99}`, `{"callback":-1}`, `{"callback":1}`, `{"ref":"^"}`, `{"ref":"p1","type":"mailbox"}`,
	`{"key":"default"}`, `{"int":"123456789012345678901234567890"}`, `{"ratio":"1/0"}`, `{"double":"nan"}`, `"` + strings.Repeat("long ", 20_000) + `"`,
}

// values are what may stand there, but hardly means anything.
var values = []string{
	"null", "true", "0", "1", "-1", "2", "1000000", "9007199254740991", `""`, `"text"`, "[]", "[1]", `[[1,[2]],"x"]`, `{"callback":1}`, `{"callback":2}`, `{"ref":"^"}`,
	`{"ref":"^+1"}`, `{"ref":"p1","type":"process"}`, `{"ref":"1"}`, `{"ref":"2"}`, `{"ref":"3"}`, `{"key":"any"}`, `{"double":"1e300"}`, `{"double":"-1"}`, `{"sym":"X"}`,
	`"mailbox-read"`, `"process-kill"`, `"process-send"`, `"reap-os-subprocess"`, `"unwind-protect"`, `"call"`, `"return"`, `"enter"`, `"leave"`, `"gone"`,
}

// spoil changes a few places of a text: what a bad disk, a careless editor or somebody with a
// grudge would do. Donor is another text of which lines may come.
func spoil(r *rand.Rand, text, donor []byte) []byte {
	text = bytes.Clone(text)
	at := func() int { return r.IntN(len(text) + 1) }
	for range 1 + r.IntN(3) {
		switch r.IntN(16) {
		case 0: // a bit
			if len(text) > 0 {
				text[r.IntN(len(text))] ^= 1 << r.IntN(8)
			}
		case 1: // a range is lost
			i := at()
			text = append(text[:i:i], text[min(len(text), i+1+r.IntN(40)):]...)
		case 2: // a range stands twice
			i := at()
			j := min(len(text), i+1+r.IntN(200))
			text = append(text[:j:j], text[i:]...)
		case 3: // something odd
			i := at()
			text = append(text[:i:i], append([]byte(pieces[r.IntN(len(pieces))]), text[i:]...)...)
		case 4, 5, 6, 7: // in the place of a value
			i := at()
			colon := bytes.IndexByte(text[i:], ':')
			if colon >= 0 {
				i += colon + 1
				end := i + max(bytes.IndexAny(text[i:], ",}]\n"), 0)
				text = append(text[:i:i], append([]byte(values[r.IntN(len(values))]), text[end:]...)...)
			}
		case 8: // the end is lost
			text = text[:at()]
		default: // lines change places, are lost, come from elsewhere
			lines := bytes.SplitAfter(text, []byte("\n"))
			others := bytes.SplitAfter(donor, []byte("\n"))
			i, j := r.IntN(len(lines)), r.IntN(len(lines))
			switch r.IntN(3) {
			case 0:
				lines[i], lines[j] = lines[j], lines[i]
			case 1:
				lines[i] = nil
			default:
				lines[i] = others[r.IntN(len(others))]
			}
			text = bytes.Join(lines, nil)
		}
	}
	return text
}

// graft changes a few values within JSON - of a program, or of one line of a trace - and leaves it
// JSON: lists lose elements or have them twice, values become others or change places.
func graft(r *rand.Rand, text []byte, byLine bool) []byte {
	if byLine {
		lines := bytes.SplitAfter(text, []byte("\n"))
		for range 1 + r.IntN(3) {
			i := r.IntN(len(lines))
			if whole := graft(r, lines[i], false); len(lines[i]) > 1 {
				lines[i] = append(whole, '\n')
			}
		}
		return bytes.Join(lines, nil)
	}
	var tree any
	if json.Unmarshal(text, &tree) != nil {
		return text
	}
	var places []func(any)
	var leaves []any
	var walk func(v any, put func(any))
	walk = func(v any, put func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], func(x any) { v[name] = x })
			}
			if len(v) == 1 || v["type"] != nil { // a value that is tagged
				places, leaves = append(places, put), append(leaves, v)
			}
		case []any:
			list := v
			for i := range list {
				walk(list[i], func(x any) { list[i] = x })
			}
			if n := len(list); n > 0 {
				i := r.IntN(n)
				places = append(places, func(any) { put(slices.Delete(slices.Clone(list), i, i+1)) }, func(any) { put(slices.Insert(slices.Clone(list), i, list[r.IntN(n)])) })
				leaves = append(leaves, list[i], list[i])
			}
		default:
			places, leaves = append(places, put), append(leaves, v)
		}
	}
	walk(tree, func(x any) { tree = x })
	if len(places) == 0 {
		return text
	}
	for range 1 + r.IntN(2) {
		var value any
		if r.IntN(2) == 0 {
			value = leaves[r.IntN(len(leaves))]
		} else {
			_ = json.Unmarshal([]byte(values[r.IntN(len(values))]), &value)
		}
		places[r.IntN(len(places))](value)
	}
	out, err := json.Marshal(tree)
	if err != nil {
		return text
	}
	return out
}

func texts(t *testing.T, patterns ...string) [][]byte {
	t.Helper()
	var out [][]byte
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %d files", pattern, err, len(paths))
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, text)
		}
	}
	return out
}

// Spoilt traces and programs are judged or refused: no panic, and none takes more than 2 GB. A file
// that takes a minute counts as one that hangs. A sample, or with MPCHECK_WHOLE set 4,000.
func TestSpoiltFiles(t *testing.T) {
	number := tier.Of(160, 160, 4000)
	recorded := texts(t, "../../traces/testdata/accepted/*.trace", "../../traces/testdata/rejected/*.trace", "../../traces/testdata/undecided/*.trace")
	programs := texts(t, "../../fuzz/testdata/smallest/*.json")
	programs = append(programs, []byte(`{"blocks": [[{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 1}]}}],
 [{"call": {"op": "handler-case", "args": [{"callback": 1}, {"callback": 1}]}}]]}`))
	read, refused := 0, 0
	var slowest time.Duration
	for n := range number {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		from := recorded
		if n%2 == 1 {
			from = programs
		}
		var text []byte
		if n%4 > 1 {
			text = graft(r, from[r.IntN(len(from))], n%2 == 0)
		} else {
			text = spoil(r, from[r.IntN(len(from))], from[r.IntN(len(from))])
		}
		began := time.Now()
		done := make(chan any, 1)
		go func() {
			defer func() { done <- recover() }()
			var err error
			if n%2 == 0 {
				err = judgeText(text)
			} else {
				err = exploreText(text)
			}
			if err == nil {
				read++
			} else {
				refused++
			}
		}()
		select {
		case panicked := <-done:
			if panicked != nil {
				t.Errorf("file %d: %v:\n%.2000s", n, panicked, text)
			}
		case <-time.After(time.Minute):
			t.Fatalf("file %d hangs:\n%.2000s", n, text)
		}
		slowest = max(slowest, time.Since(began))
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.Sys > 2<<30 {
		t.Errorf("%d MB were taken", memory.Sys>>20)
	}
	t.Logf("%d were read, %d refused; the slowest took %.1f s; %d MB", read, refused, slowest.Seconds(), memory.Sys>>20)
	if read < number/20 || refused < number/20 {
		t.Errorf("%d were read and %d refused: it shows little", read, refused)
	}
}

func judgeText(text []byte) error {
	trace, err := format.Read(bytes.NewReader(text))
	if err != nil {
		return err
	}
	report := traces.CheckTrace(trace)
	if got := report.Text(trace.Labels); !strings.HasPrefix(got, string(report.Verdict)) {
		return fmt.Errorf("a report begins with %.40q", got)
	}
	return nil
}

func exploreText(text []byte) error {
	p, err := program.Parse(text)
	if err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	_ = p.String()
	_, err = fuzz.Exhaust(context.Background(), p, "", 40, 2000)
	return err
}
