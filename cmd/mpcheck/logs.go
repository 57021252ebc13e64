package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/conformance"
)

// logs keeps the messages of each run of a case in a directory. What fails is said at the end.
type logs struct {
	dir string

	mu    sync.Mutex
	runs  map[string]int
	first error
}

// newLogs makes sure that there is a directory; "" is none.
func newLogs(dir string) (*logs, error) {
	if dir == "" {
		return &logs{}, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usage("--log: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return nil, usage("--log %s: files can't be written there: %w", dir, err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return &logs{dir: dir, runs: map[string]int{}}, nil
}

// hook is what [conformance.Config] calls for each run, nil without a directory.
func (l *logs) hook() func(string, uint64) (func(bool, []byte), func(conformance.Verdict)) {
	if l.dir == "" {
		return nil
	}
	return func(id string, _ uint64) (func(bool, []byte), func(conformance.Verdict)) {
		l.mu.Lock()
		l.runs[id]++
		n := l.runs[id]
		l.mu.Unlock()
		name := strings.ReplaceAll(id, "/", "_")
		if n > 1 {
			name += fmt.Sprintf("-%d", n)
		}
		file, err := os.Create(filepath.Join(l.dir, name+".log"))
		if err != nil {
			l.fail(err)
			return nil, func(conformance.Verdict) {}
		}
		m := &messages{began: time.Now(), out: bufio.NewWriter(file)}
		return m.told, func(v conformance.Verdict) {
			l.fail(m.end())
			l.fail(file.Close())
			if n > 1 && v < conformance.Known {
				os.Remove(file.Name())
			}
		}
	}
}

func (l *logs) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first == nil && err != nil {
		l.first = fmt.Errorf("keeping messages: %w", err)
	}
}

func (l *logs) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first
}

// messages writes a line a message: the seconds since the run began, the direction - the harness
// sends ->, the adapter <- -, and the message as it was.
type messages struct {
	began time.Time

	mu    sync.Mutex
	out   *bufio.Writer
	ended bool
}

func (m *messages) told(sent bool, line []byte) {
	direction := "<-"
	if sent {
		direction = "->"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended { // bufio remembers the first error
		fmt.Fprintf(m.out, "%10.6f %s %s\n", time.Since(m.began).Seconds(), direction, line)
	}
}

func (m *messages) end() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	return m.out.Flush()
}
