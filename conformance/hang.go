package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Hang says of a case how long was waited in vain, and for what.
type Hang struct {
	// Operation is what hung and in what manner it was called, as in "mailbox-read with timeout";
	// where none was open that could be it, "what CLAUSE promises".
	Operation string `json:"operation"`
	// Waited are the seconds of each wait, one a run that hung.
	Waited []float64 `json:"waited"`
	// Runs is how many runs there were, hung or not.
	Runs int `json:"runs"`
	// Confirmed is true where the case hung again alone, with three times the limit.
	Confirmed bool `json:"confirmed"`
	// In is the case in which such a hang was confirmed before: this one was not waited for as
	// long, or not repeated. It is "" else.
	In string `json:"in,omitempty"`

	kinds []string // all that may be hanging
	text  string   // who hangs in what
}

// A hung is a kind of hang that a case has met: an operation in its manner, or a clause.
type hung struct {
	kind, in string
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
	for _, kind := range kinds {
		if k := h.known[kind]; k != nil && k.confirm {
			return k
		}
	}
	return nil
}

// any tells whether any kind is confirmed.
func (h *hangsOfRun) any() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, k := range h.known {
		if k.confirm {
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
	for _, k := range h.known {
		for _, kind := range kinds {
			if k.confirm && !strings.HasPrefix(kind, "what ") && operationOf(kind) == operationOf(k.kind) {
				return k
			}
		}
	}
	return nil
}

// join adds the manners of an operation in which it hung too, once, in that case: they are not
// found out again either.
func (h *hangsOfRun) join(k *hung, kinds []string, in string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, kind := range kinds {
		if operationOf(kind) == operationOf(k.kind) && h.known[kind] == nil {
			h.known[kind] = &hung{kind: kind, in: in, confirm: true}
		}
	}
}

// operationOf is the operation of a manner in which it is called.
func operationOf(manner string) string {
	name, _, _ := strings.Cut(manner, " ")
	return name
}

// claim is asked before a case is repeated that hung. It returns a hang that is confirmed, of one
// of the kinds or of the same operation, where there is one now: it waits for other cases that are
// being repeated for one of these kinds. Else the caller has the kinds until it tells by settle
// what came of them.
func (h *hangsOfRun) claim(kinds []string, in string) *hung {
	for {
		if k := h.confirmed(kinds...); k != nil {
			return k
		}
		if k := h.alike(kinds); k != nil {
			h.join(k, kinds, in)
			return k
		}
		var busy chan struct{}
		h.mu.Lock()
		for _, kind := range kinds {
			if k := h.known[kind]; k != nil {
				busy = k.trying
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

// settle says that the kinds claimed are confirmed, or forgets them.
func (h *hangsOfRun) settle(kinds []string, confirmed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var over []chan struct{}
	for _, kind := range kinds {
		k := h.known[kind]
		if k == nil || k.trying == nil {
			continue
		}
		over = append(over, k.trying)
		k.trying = nil
		if k.confirm = confirmed; !confirmed {
			delete(h.known, kind)
		}
	}
	// Kinds that were claimed together share one: whoever waits goes on once the last of them is settled.
	for _, k := range h.known {
		over = slices.DeleteFunc(over, func(trying chan struct{}) bool { return trying == k.trying })
	}
	for i, trying := range over {
		if !slices.Contains(over[:i], trying) {
			close(trying)
		}
	}
}

// The patience with what is known to hang: the first cases that meet it get the most.
const (
	mostPatience  = 2 * time.Second
	leastPatience = time.Second / 4
)

// patience is how long to wait for a kind that is confirmed, never longer than half the limit.
func (h *hangsOfRun) patience(k *hung, limit time.Duration) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return min(max(mostPatience>>min(k.met, 8), leastPatience), limit/2)
}

func (h *hangsOfRun) meets(k *hung) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k.met++
}

// promised is the kind of a hang where nothing is open that could be it.
func promised(clause string) string { return "what " + clause + " promises" }

// hungIn says of a kind that it hung.
func hungIn(kind, in string) string {
	if strings.HasPrefix(kind, "what ") {
		return kind + " did not come in " + in
	}
	return kind + " hung in " + in
}

// hang describes what the case waits for at this moment; mu is held. awaited is the clause that
// says that something comes about, "" where the test's own operation does not return.
func (c *C) hang(awaited string) *Hang {
	h := &Hang{text: c.inTheWay()}
	if awaited == "" {
		if o := c.innermost(); o != nil && o.tested() {
			h.kinds = append(h.kinds, o.call.Manner())
		}
	}
	if len(h.kinds) == 0 {
		for _, o := range c.elsewhere() {
			h.kinds = append(h.kinds, o.call.Manner())
		}
	}
	if awaited != "" {
		h.kinds = append(h.kinds, promised(awaited))
	} else if len(h.kinds) == 0 {
		h.kinds = append(h.kinds, promised(c.theCase.Clause()))
	}
	h.Operation = h.kinds[0]
	return h
}

// hangCause is the cause of a verdict that rests on a hang; mu is held.
func (c *C) hangCause(h *Hang) *Cause {
	outcome := "does not return"
	if strings.HasPrefix(h.Operation, "what ") {
		outcome = "does not come"
	}
	return &Cause{h.Operation, outcome, c.calls.issued}
}

// cutShort gives the case up because it meets a hang that is confirmed: it is not waited for.
func (c *C) cutShort(k *hung) {
	c.mu.Lock()
	if over := c.over(); over {
		c.mu.Unlock()
		return
	}
	c.hung = c.hang("")
	c.hung.Operation, c.hung.In, c.hung.Runs = k.kind, k.in, 1
	c.inconclusive = notWaitedFor(c.hung)
	// What hangs will hardly come back; nobody waits for that.
	c.discarding = time.AfterFunc(discardGrace, func() {
		if d, ok := c.sys.(spec.Discarder); ok {
			d.Discard()
		}
	})
	c.mu.Unlock()
	c.hangs.meets(k)
	c.sys.Abort()
}

// discardGrace is what a system gets to end of itself once a case was cut short.
const discardGrace = 200 * time.Millisecond

func notWaitedFor(h *Hang) string {
	text := "not waited for: " + hungIn(h.Operation, h.In)
	if h.text != "" {
		text += "; here " + h.text
	}
	return text
}

// watchKnown looks, while an operation of the outermost frame is open, whether the case meets a
// hang that is confirmed. The function that it returns ends that.
func (c *C) watchKnown() (stop func()) {
	if c.hangs == nil || c.handshake.Clock != spec.Real || !c.hangs.any() {
		return func() {}
	}
	const often = 25 * time.Millisecond
	began := time.Now()
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if k := c.meetsKnown(began); k != nil {
					c.cutShort(k)
					return
				}
			}
		}
	}()
	return func() { close(done) }
}

// meetsKnown returns the confirmed kind of a hang that the case has met, nil for none: the
// operation of the test itself, or, where the test waits since began, one of another process.
func (c *C) meetsKnown(began time.Time) *hung {
	if c.hangs == nil {
		return nil
	}
	c.mu.Lock()
	mine := c.innermost()
	open := []*opened{mine}
	if mine == nil || !mine.tested() {
		open = c.elsewhere()
	}
	c.mu.Unlock()
	for _, o := range open {
		if k := c.hangs.confirmed(o.call.Manner()); k != nil {
			patience := c.hangs.patience(k, c.limit())
			if time.Since(o.since) > patience+o.call.Requested() && (o == mine || time.Since(began) > patience) {
				return k
			}
		}
	}
	return nil
}

// limit is the watchdog of the run.
func (c *C) limit() time.Duration { return time.Duration(c.watchdog * float64(time.Second)) }

// patienceFor is how many seconds something that a clause promises is awaited: less where that is
// known to come never.
func (c *C) patienceFor(clause string) (seconds float64, known *hung) {
	if c.hangs != nil && c.handshake.Clock == spec.Real {
		if k := c.hangs.confirmed(promised(clause)); k != nil {
			return c.hangs.patience(k, c.limit()).Seconds(), k
		}
	}
	return c.watchdog, nil
}

// neverCame ends the case: what a clause promises did not come about within the limit.
func (c *C) neverCame(clause, what string, known *hung) {
	if known != nil {
		c.cutShort(known)
		panic(unwind{})
	}
	c.mu.Lock()
	fault := c.kitHangs()
	h := c.hang(clause)
	cause := c.hangCause(h)
	c.mu.Unlock()
	if fault != nil {
		c.breaks(fault)
	}
	message := "awaited in vain: " + what
	if h.text != "" {
		message += "; " + h.text
	}
	seen := fmt.Sprintf("it did not come about within %g s", c.watchdog)
	c.end(func() {
		c.hung = h
		c.failure = &failure{Failure: Failure{Clause: clause, Step: c.step, Allowed: what, Seen: seen, Message: message,
			Cause: cause, Timed: c.handshake.Clock == spec.Real}}
	})
}
