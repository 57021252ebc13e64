package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// logs keeps the messages of each run of a case in a directory. What fails is said at the end.
type logs struct {
	dir string
	*folder

	mu    sync.Mutex
	runs  map[string]int
	first error
}

// newLogs claims a directory, which may be that of the traces; "" is none. The error carries an exit
// code.
func newLogs(dir string, traces *folder) (*logs, error) {
	if dir == "" {
		return &logs{}, nil
	}
	f, err := claimFolder("--log", dir, traces)
	if err != nil {
		return nil, err
	}
	return &logs{dir: dir, folder: f, runs: map[string]int{}}, nil
}

// hook is what [conformance.Config] calls for each run, nil without a directory.
func (l *logs) hook() func(string, uint64) (func(bool, []byte), func(verdict.Verdict)) {
	if l.dir == "" {
		return nil
	}
	return func(id string, _ uint64) (func(bool, []byte), func(verdict.Verdict)) {
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
			return nil, func(verdict.Verdict) {}
		}
		m := &messages{began: time.Now(), out: bufio.NewWriter(file)}
		return m.told, func(v verdict.Verdict) {
			err := m.end()
			if closeErr := file.Close(); err == nil {
				err = closeErr
			}
			l.fail(err)
			if err != nil || n > 1 && v < verdict.Known {
				removeFile(file.Name())
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
// sends ->, the adapter <- -, and the message as it was, with escapes for what can't be seen.
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
		fmt.Fprintf(m.out, "%10.6f %s %s\n", time.Since(m.began).Seconds(), direction, visible(line))
	}
}

func (m *messages) end() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	return m.out.Flush()
}

// visible is a message as it may be shown: as JSON it means the same.
func visible(line []byte) []byte {
	if json.Valid(line) {
		return spec.PrintableJSON(line)
	}
	return []byte(spec.Printable(string(line)))
}
