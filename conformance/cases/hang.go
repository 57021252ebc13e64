package cases

import (
	"fmt"
	"slices"
	"strings"
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

	// Kinds are all that may be hanging: operations in their manners, "what CLAUSE promises".
	Kinds []string `json:"-"`
	text  string   // who hangs in what
}

// KnownHangs is what a run knows to hang. It is safe for concurrent use.
type KnownHangs interface {
	// Any tells whether anything is known to.
	Any() bool
	// Confirmed returns the first of the kinds that is, nil where none is. limit is the watchdog of the case
	// that asks.
	Confirmed(limit time.Duration, kinds ...string) *KnownHang
	// Meets notes that a case has met it, and gave up.
	Meets(known *KnownHang)
}

// KnownHang is a kind of hang that is confirmed. A case that meets it does not wait for the watchdog.
type KnownHang struct {
	// Kind is an operation in its manner, or "what CLAUSE promises".
	Kind string
	// In is the case in which it was confirmed.
	In string
	// Patience is how long to wait for it still: [MostPatience] at most, less where many have met it.
	Patience time.Duration
}

// MostPatience is what the first case gets that meets a hang which is confirmed.
const MostPatience = 2 * time.Second

// OperationOf is the operation of a manner in which it is called, as of [spec.Call.Manner].
func OperationOf(manner string) string {
	name, _, _ := strings.Cut(manner, " ")
	return name
}

// Cause is the cause of a verdict that rests on the hang. issued counts the operations as of
// [Cause.After].
func (h *Hang) Cause(issued int) *Cause {
	outcome := "does not return"
	if strings.HasPrefix(h.Operation, "what ") {
		outcome = "does not come"
	}
	return &Cause{h.Operation, outcome, issued}
}

// promised is the kind of a hang where nothing is open that could be it.
func promised(clause string) string { return "what " + clause + " promises" }

// HungIn says of a kind that it hung.
func HungIn(kind, in string) string {
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
			h.Kinds = append(h.Kinds, o.call.Manner())
		}
	}
	if len(h.Kinds) == 0 {
		for _, o := range c.elsewhere() {
			h.Kinds = append(h.Kinds, o.call.Manner())
		}
	}
	if awaited != "" {
		h.Kinds = append(h.Kinds, promised(awaited))
	} else if len(h.Kinds) == 0 {
		h.Kinds = append(h.Kinds, promised(c.theCase.Clause()))
	}
	h.Operation = h.Kinds[0]
	return h
}

// narrow puts what a narrower clause promises before what the awaited one does.
func (h *Hang) narrow(awaited, narrower string) {
	h.Kinds = slices.Insert(h.Kinds, slices.Index(h.Kinds, promised(awaited)), promised(narrower))
	h.Operation = h.Kinds[0]
}

// endOfTest is the kind of a hang where the function of the test's process has returned and the process doesn't end.
const endOfTest = "what ends the test's process"

// cutShort gives the case up because it meets a hang that is confirmed: it is not waited for.
func (c *C) cutShort(known *KnownHang) {
	c.mu.Lock()
	if over := c.over(); over {
		c.mu.Unlock()
		return
	}
	c.shown.Hung = c.hang("")
	c.shown.Hung.Operation, c.shown.Hung.In, c.shown.Hung.Runs = known.Kind, known.In, 1
	c.shown.Inconclusive = notWaitedFor(c.shown.Hung)
	// What hangs will hardly come back; nobody waits for that.
	c.discarding = time.AfterFunc(discardGrace, func() {
		if d, ok := c.sys.(spec.Discarder); ok {
			d.Discard()
		}
	})
	c.mu.Unlock()
	c.hangs.Meets(known)
	c.sys.Abort()
}

// discardGrace is what a system gets to end of itself once a case was cut short.
const discardGrace = 200 * time.Millisecond

func notWaitedFor(h *Hang) string {
	text := "not waited for: " + HungIn(h.Operation, h.In)
	if h.text != "" {
		text += "; here " + h.text
	}
	return text
}

// watchKnown looks, while an operation of the outermost frame is open, whether the case meets a
// hang that is confirmed. The function that it returns ends that.
func (c *C) watchKnown() (stop func()) {
	if c.hangs == nil || c.handshake.Clock != spec.Real || !c.hangs.Any() {
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
				if known := c.meetsKnown(began); known != nil {
					c.cutShort(known)
					return
				}
			}
		}
	}()
	return func() { close(done) }
}

// meetsKnown returns the confirmed kind of a hang that the case has met, nil for none: the
// operation of the test itself, or, where the test waits since began, one of another process.
func (c *C) meetsKnown(began time.Time) *KnownHang {
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
		known := c.hangs.Confirmed(c.limit(), o.call.Manner())
		if known != nil && time.Since(o.since) > known.Patience+o.call.Requested() && (o == mine || time.Since(began) > known.Patience) {
			return known
		}
	}
	return nil
}

// limit is the watchdog of the run.
func (c *C) limit() time.Duration { return time.Duration(c.watchdog * float64(time.Second)) }

// patienceFor is how many seconds something that a clause promises is awaited: less where that is
// known to come never.
func (c *C) patienceFor(clause string) (seconds float64, known *KnownHang) {
	if c.hangs != nil && c.handshake.Clock == spec.Real {
		if met := c.hangs.Confirmed(c.limit(), promised(clause)); met != nil {
			return met.Patience.Seconds(), met
		}
	}
	return c.watchdog, nil
}

// neverCame ends the case: what a clause promises did not come about within the limit.
func (p *P) neverCame(clause, what string, known *KnownHang) {
	c := p.c
	if known != nil {
		c.cutShort(known)
		panic(unwind{})
	}
	c.mu.Lock()
	fault := c.kitHangs()
	h := c.hang(clause)
	issued := c.calls.issued
	c.mu.Unlock()
	if fault != nil {
		c.breaks(fault)
	}
	if narrow := p.narrowed(clause); narrow != clause {
		h.narrow(clause, narrow)
		clause = narrow
	}
	cause := h.Cause(issued)
	message := "awaited in vain: " + what
	if h.text != "" {
		message += "; " + h.text
	}
	seen := fmt.Sprintf("it did not come about within %g s", c.watchdog)
	c.end(func() {
		c.shown.Hung = h
		c.shown.Failure = &Failure{Clause: clause, Step: c.step, Allowed: what, Seen: seen, Message: message,
			Cause: cause, Timed: c.handshake.Clock == spec.Real}
	})
}
