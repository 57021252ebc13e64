package remote

import (
	"strings"
	"sync"
)

// tailSize is how many bytes of an adapter's output are kept for errors to quote.
const tailSize = 8 << 10

// tailLines is how many lines at most an error quotes.
const tailLines = 20

// tail keeps the last bytes written to it. It is safe for concurrent use; the zero tail is
// ready.
type tail struct {
	mu      sync.Mutex
	kept    []byte
	dropped bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.dropped = true
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(p), nil
}

// quote returns the last lines, indented for an error message, "" where there are none.
func (t *tail) quote() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimRight(string(t.kept), "\r\n"), "\n")
	if t.dropped && len(lines) > 1 {
		lines = lines[1:] // cut off at its beginning
	}
	lines = lines[max(0, len(lines)-tailLines):]
	if len(lines) == 1 && lines[0] == "" {
		return ""
	}
	return "    " + strings.Join(lines, "\n    ")
}
