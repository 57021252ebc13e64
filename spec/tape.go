package spec

import (
	"slices"
	"sync"
)

// Tape is a [Recorder] that keeps all labels of a run until it is stopped. The zero value is an empty
// tape; it may be used from any goroutine.
type Tape struct {
	mu      sync.Mutex
	labels  []Label
	stopped bool
}

// Record implements [Recorder].
func (t *Tape) Record(l Label) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.stopped {
		t.labels = append(t.labels, l)
	}
}

// Labels is a copy of what was recorded until now.
func (t *Tape) Labels() []Label {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.labels)
}

// Stop lets the tape record no more and returns what it has, which is the caller's.
func (t *Tape) Stop() []Label {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	return t.labels
}
