package run

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
)

// A hung is a kind of hang that a case has met: an operation in its manner, or a clause.
type hung struct {
	kind, in string // as of [cases.KnownHang]
	confirm  bool
	trying   chan struct{} // closed when it is known whether it is confirmed
	met      int           // how often it was met since
}

// hangsOfRun are the kinds of hangs that a run knows of; its sessions share them.
type hangsOfRun struct {
	mu    sync.Mutex
	known map[string]*hung
}

// confirmed returns the first of the kinds that is confirmed, nil where none is.
func (h *hangsOfRun) confirmed(kinds ...string) *hung {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.first(kinds)
}

// first is what confirmed returns; mu is held.
func (h *hangsOfRun) first(kinds []string) *hung {
	for _, kind := range kinds {
		if known := h.known[kind]; known != nil && known.confirm {
			return known
		}
	}
	return nil
}

// Confirmed implements [cases.KnownHangs]. A case never waits longer than half the limit.
func (h *hangsOfRun) Confirmed(limit time.Duration, kinds ...string) *cases.KnownHang {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.first(kinds)
	if known == nil {
		return nil
	}
	return &cases.KnownHang{Kind: known.kind, In: known.in, Patience: min(max(cases.MostPatience>>min(known.met, 8), leastPatience), limit/2)}
}

// Meets implements [cases.KnownHangs].
func (h *hangsOfRun) Meets(known *cases.KnownHang) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if hung := h.known[known.Kind]; hung != nil {
		hung.met++
	}
}

// meets is Meets, for a kind that claim has found.
func (h *hangsOfRun) meets(known *hung) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known.met++
}

// leastPatience is what a case gets however many have met the hang before it.
const leastPatience = time.Second / 4

// Any implements [cases.KnownHangs].
func (h *hangsOfRun) Any() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, known := range h.known {
		if known.confirm {
			return true
		}
	}
	return false
}

// alike returns a confirmed hang of an operation that one of the kinds is about, in whatever
// manner it was called; nil where there is none.
func (h *hangsOfRun) alike(kinds []string) *hung {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, known := range h.known {
		for _, kind := range kinds {
			if known.confirm && !strings.HasPrefix(kind, "what ") && cases.OperationOf(kind) == cases.OperationOf(known.kind) {
				return known
			}
		}
	}
	return nil
}

// join adds the manners of an operation in which it hung too, once, in that case: they are not
// found out again either.
func (h *hangsOfRun) join(known *hung, kinds []string, in string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, kind := range kinds {
		if cases.OperationOf(kind) == cases.OperationOf(known.kind) && h.known[kind] == nil {
			h.known[kind] = &hung{kind: kind, in: in, confirm: true}
		}
	}
}

// claim is asked before a case is repeated that hung. It returns a hang that is confirmed, of one
// of the kinds or of the same operation, where there is one now: it waits for other cases that are
// being repeated for one of these kinds. Else the caller has the kinds until it tells by settle
// what came of them.
func (h *hangsOfRun) claim(kinds []string, in string) *hung {
	for {
		if known := h.confirmed(kinds...); known != nil {
			return known
		}
		if known := h.alike(kinds); known != nil {
			h.join(known, kinds, in)
			return known
		}
		var busy chan struct{}
		h.mu.Lock()
		if known := h.first(kinds); known != nil { // it was confirmed meanwhile
			h.mu.Unlock()
			return known
		}
		for _, kind := range kinds {
			if known := h.known[kind]; known != nil {
				busy = known.trying
			}
		}
		if busy == nil {
			if h.known == nil {
				h.known = map[string]*hung{}
			}
			trying := make(chan struct{})
			for _, kind := range kinds {
				h.known[kind] = &hung{kind: kind, in: in, trying: trying}
			}
			h.mu.Unlock()
			return nil
		}
		h.mu.Unlock()
		<-busy
	}
}

// narrowest is by what a kind goes among those that are confirmed with it: of what clauses promise the first, which is the
// narrowest.
func narrowest(kind string, among []string) string {
	promise := func(kind string) bool { return strings.HasPrefix(kind, "what ") }
	if i := slices.IndexFunc(among, promise); i >= 0 && promise(kind) {
		return among[i]
	}
	return kind
}

// settle says that the kinds claimed are confirmed, or forgets them.
func (h *hangsOfRun) settle(kinds []string, confirmed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var over []chan struct{}
	for _, kind := range kinds {
		known := h.known[kind]
		if known == nil || known.trying == nil {
			continue
		}
		over = append(over, known.trying)
		known.trying = nil
		if known.confirm = confirmed; !confirmed {
			delete(h.known, kind)
			continue
		}
		known.kind = narrowest(kind, kinds)
	}
	// Kinds that were claimed together share one: whoever waits goes on once the last of them is settled.
	for _, known := range h.known {
		over = slices.DeleteFunc(over, func(trying chan struct{}) bool { return trying == known.trying })
	}
	for i, trying := range over {
		if !slices.Contains(over[:i], trying) {
			close(trying)
		}
	}
}
