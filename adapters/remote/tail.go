package remote

import (
	"fmt"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Of an adapter's output the first and the last bytes are kept, for errors to quote. A Lisp says
// first what is wrong, and then shows its stack; others end with what is wrong.
const (
	headSize = 4 << 10
	tailSize = 8 << 10
)

// How many lines at most an error quotes.
const (
	headLines = 10
	tailLines = 20
)

// flood is more output than anybody writes who has something to say.
const flood = 16 << 20

// tail keeps the first and the last bytes written to it. It is safe for concurrent use; the zero
// tail is ready.
type tail struct {
	mu      sync.Mutex
	head    []byte
	kept    []byte // what came after head, the end of it
	written int64
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	t.written += int64(n)
	room := min(headSize-len(t.head), n)
	t.head, p = append(t.head, p[:room]...), p[room:]
	if len(p) > tailSize {
		p = p[len(p)-tailSize:]
	}
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return n, nil
}

// quote returns the first and the last lines, indented for an error message, "" where there are
// none. What is left out between them is counted.
func (t *tail) quote() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	dropped := t.written > int64(len(t.head)+len(t.kept))
	if dropped {
		first := spec.Lines(string(t.head), spec.LineLength)
		last := spec.Lines(strings.TrimRight(string(t.kept), "\r\n"), spec.LineLength)
		if len(first) > 1 {
			first = first[:len(first)-1] // its last is cut off
		}
		if len(last) > 1 {
			last = last[1:] // cut off at its beginning
		}
		lines = append(first[:min(len(first), headLines)], t.leftOut())
		lines = append(lines, last[max(0, len(last)-tailLines):]...)
	} else {
		lines = spec.Lines(strings.TrimRight(string(t.head)+string(t.kept), "\r\n"), spec.LineLength)
		if more := len(lines) - headLines - tailLines; more > 0 {
			last := lines[headLines+more:]
			lines = append(lines[:headLines:headLines], fmt.Sprintf("... (%d lines left out) ...", more))
			lines = append(lines, last...)
		}
	}
	if len(lines) == 1 && lines[0] == "" {
		return ""
	}
	return "    " + strings.Join(lines, "\n    ")
}

func (t *tail) leftOut() string {
	if t.written >= flood {
		return fmt.Sprintf("... (a flood: %d bytes in all) ...", t.written)
	}
	return fmt.Sprintf("... (%d bytes in all) ...", t.written)
}
