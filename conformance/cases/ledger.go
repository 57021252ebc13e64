package cases

import (
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Ledger is the harness's own book of results: who was told what. Any callback may write
// to it; it is read at the end, as a set. It is no act of the system under test.
type Ledger struct {
	mu      sync.Mutex
	entries map[string][]spec.Value
	book    spec.Notebook // nil for none
}

// Add notes a value under a heading.
func (l *Ledger) Add(heading string, v spec.Value) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.entries == nil {
		l.entries = map[string][]spec.Value{}
	}
	l.entries[heading] = append(l.entries[heading], v)
	if l.book != nil {
		l.book.Add(heading, v)
	}
}

// Under returns what was noted under a heading, in an order that doesn't tell when: that of [spec.Sorted].
func (l *Ledger) Under(heading string) []spec.Value {
	l.mu.Lock()
	defer l.mu.Unlock()
	values := spec.Sorted(l.entries[heading])
	if l.book != nil {
		l.book.Under(heading, values)
	}
	return values
}
