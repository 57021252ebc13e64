package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// An Outcome is what became of a mutant.
type Outcome string

// The outcomes.
const (
	Killed   Outcome = "killed"   // a case failed, the specification forbids what a program showed, or a test of the package failed
	Errors   Outcome = "errors"   // run or fuzz could not judge it - it crashes, or the kit fails -, and no test of the package failed
	Survived Outcome = "survived" // nothing noticed it
	NotBuilt Outcome = "not built"
)

// A Result is one mutant judged.
type Result struct {
	Key     string  `json:"key"`
	Outcome Outcome `json:"outcome"`
	// By says what noticed it: a case with the clause that it charged, fuzz with those that its
	// first finding names, or a test of the package. Else what is known of why not.
	By      string  `json:"by,omitempty"`
	Seconds float64 `json:"seconds"`
	// Source is the digest of the file that it changes, Judge that of what judged it: a mutant that
	// was killed stays so while its file is the same; a survivor is judged again by a better judge.
	Source string `json:"source"`
	Judge  string `json:"judge"`
}

// results keeps what was judged in a file, a line each. It is safe for concurrent use.
type results struct {
	mu    sync.Mutex
	file  *os.File
	byKey map[string]Result
}

// openResults reads the results so far, if any, and appends to them from then on. A last line that
// was cut off counts as none.
func openResults(path string) (*results, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	r := &results{file: file, byKey: map[string]Result{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var one Result
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil || one.Key == "" {
			continue // Interrupted while it was written.
		}
		r.byKey[one.Key] = one
	}
	if err := lines.Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("reading %s: %w", path, err), file.Close())
	}
	if _, err := file.WriteString("\n"); err != nil { // ends a line that was cut off
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

func (r *results) Close() error { return r.file.Close() }

func (r *results) get(key string) (Result, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one, ok := r.byKey[key]
	return one, ok
}

func (r *results) add(one Result) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byKey[one.Key] = one
	text, err := json.Marshal(one)
	if err != nil {
		return err
	}
	_, err = r.file.Write(append(text, '\n'))
	return err
}
