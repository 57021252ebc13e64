package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/format"
)

// tapes writes the traces of a run into a directory. What fails is said at the end: no case is
// stopped by a full disk.
type tapes struct {
	dir string
	*folder

	mu    sync.Mutex
	first error
}

// newTapes makes sure that files can be written in a directory, and that no other run does; ""
// is none. The error carries an exit code.
func newTapes(dir string) (*tapes, error) {
	t := &tapes{dir: dir}
	if dir == "" {
		return t, nil
	}
	var err error
	t.folder, err = claimFolder("--traces", dir)
	return t, err
}

// hook is what [conformance.Config] calls for each run, nil without a directory. On virtual
// time only the first schedule and those that don't pass are kept.
func (t *tapes) hook(firstSeed uint64) func(spec.Handshake, string, uint64) (spec.Recorder, func(verdict.Verdict)) {
	if t.dir == "" {
		return nil
	}
	var mu sync.Mutex
	runs := map[string]int{}
	return func(h spec.Handshake, id string, seed uint64) (spec.Recorder, func(verdict.Verdict)) {
		mu.Lock()
		runs[id]++
		n := runs[id]
		mu.Unlock()
		name := strings.ReplaceAll(id, "/", "_")
		if n > 1 {
			name += fmt.Sprintf("-%d", n)
		}
		file, err := os.Create(filepath.Join(t.dir, name+".trace"))
		if err != nil {
			t.fail(err)
			return discard{}, nil
		}
		w := format.NewWriter(file, format.NewHeader(h, id, seed))
		return w, func(v verdict.Verdict) {
			err := w.Err()
			if closeErr := file.Close(); err == nil {
				err = closeErr
			}
			if err != nil {
				t.fail(err)
				removeFile(file.Name()) // half a trace would be judged as if that were all
			}
			if h.Clock == spec.Virtual && n > 1 && v < verdict.Inconclusive {
				removeFile(file.Name())
			}
		}
	}
}

func (t *tapes) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first == nil && err != nil {
		t.first = fmt.Errorf("recording traces: %w", err)
	}
}

func (t *tapes) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first
}

type discard struct{}

func (discard) Record(spec.Label) {}
