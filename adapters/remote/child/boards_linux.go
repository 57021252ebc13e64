package child

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// boards are what code of several images shares. Safe for concurrent use; the zero value has none.
type boards struct {
	mu    sync.Mutex
	made  int
	known map[string]*board // by the id of its reference
}

// A board has entries in the order in which they were posted. The mu of its boards guards it.
type board struct {
	system  string
	entries []spec.Value
	// changed is closed and replaced whenever an entry is posted, and closed when the system ends.
	changed chan struct{}
	ended   bool
}

// make executes (make-board).
func (b *boards) make(system string) spec.Return {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil {
		b.known = map[string]*board{}
	}
	b.made++
	id := "board-" + strconv.Itoa(b.made)
	b.known[id] = &board{system: system, changed: make(chan struct{})}
	return spec.Values(spec.Ref{ID: id, Type: "board"})
}

// of finds a board of a system that has not ended; mu is held.
func (b *boards) of(system string, call spec.Call) (*board, spec.Return) {
	ref, _ := call.Arg(0).(spec.Ref)
	if found := b.known[ref.ID]; found != nil && found.system == system {
		return found, spec.Return{}
	}
	return nil, spec.Signal("type-error", "%v is no board of this system: want what make-board returned", call.Arg(0))
}

// post executes (board-post board entry).
func (b *boards) post(system string, call spec.Call) spec.Return {
	b.mu.Lock()
	defer b.mu.Unlock()
	to, fault := b.of(system, call)
	switch {
	case to == nil:
		return fault
	case to.ended:
		return spec.Return{Status: spec.Aborted}
	}
	to.entries = append(to.entries, call.Arg(1))
	close(to.changed)
	to.changed = make(chan struct{})
	return spec.Values(spec.Nil{})
}

// read executes (board-read board).
func (b *boards) read(system string, call spec.Call) spec.Return {
	b.mu.Lock()
	defer b.mu.Unlock()
	from, fault := b.of(system, call)
	if from == nil {
		return fault
	}
	return spec.Values(spec.NewList(slices.Clone(from.entries)...))
}

// await executes (board-await board count timeout): are so many entries there before the timeout? A nil one is none.
func (b *boards) await(ctx context.Context, system string, call spec.Call) spec.Return {
	count, ok := call.Arg(1).(spec.Int)
	if !ok {
		return spec.Signal("type-error", "%v: %v is no number of entries", call, call.Arg(1))
	}
	var late <-chan time.Time
	if limit := call.Arg(2); spec.Truth(limit) {
		seconds, ok := spec.Seconds(limit)
		if !ok {
			return spec.Signal("type-error", "%v: %v is no number of seconds", call, limit)
		}
		timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
		defer timer.Stop()
		late = timer.C
	}
	for over := false; ; {
		b.mu.Lock()
		from, fault := b.of(system, call)
		if from == nil {
			b.mu.Unlock()
			return fault
		}
		come, ended, changed := len(from.entries) >= int(count), from.ended, from.changed
		b.mu.Unlock()
		switch {
		case come || over:
			return spec.Values(spec.Bool(come))
		case ended:
			return spec.Return{Status: spec.Aborted}
		}
		select {
		case <-changed:
		case <-late:
			over = true
		case <-ctx.Done():
			return spec.Return{Status: spec.Aborted}
		}
	}
}

// end has those who wait at the boards of a system give up.
func (b *boards) end(system string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, of := range b.known {
		if of.system == system && !of.ended {
			of.ended = true
			close(of.changed)
			of.entries = nil
		}
	}
}
