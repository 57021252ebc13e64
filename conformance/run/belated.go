package run

import (
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// A belated recorder is known before its tape is: an adapter is given it when a system is opened, which
// may be by another process than before, and the tape says by which.
type belated struct {
	mu   sync.Mutex
	tape spec.Recorder
	kept []spec.Label
}

func (b *belated) Record(l spec.Label) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tape == nil {
		b.kept = append(b.kept, l)
		return
	}
	b.tape.Record(l)
}

// on has the tape record, first of all what came before it.
func (b *belated) on(tape spec.Recorder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.kept {
		tape.Record(l)
	}
	b.tape, b.kept = tape, nil
}
