package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// C is a running case: the outermost frame's [P] and the case's own helpers. What the
// processes of a case share goes through logs, cells, gates and the ledger, never through
// Go variables that change.
type C struct {
	*P

	theCase   *Case
	handshake spec.Handshake
	sys       spec.System
	choices   spec.Choices
	watchdog  float64 // seconds
	sizes     Sizes
	Ledger    *Ledger

	mu           sync.Mutex
	step         string
	reached      map[string]bool
	failure      *failure
	absent       string
	unfit        string // why the case does not apply to what this run did
	completed    bool   // the case's function has returned
	blame        string // the clause that the code has named for a hang, "" for none
	inconclusive string
	broken       error
	composed     bool
	observed     []Observation
	names        int
	calls        ledgerOfCalls
	hung         *Hang       // what was waited for in vain
	discarding   *time.Timer // ends what runs the system, after it was cut short

	hangs *hangsOfRun // what the run knows to hang; nil where nothing is cut short
	kit   []KitFault  // operations of the kit that the self-check found at fault
}

type failure struct {
	Failure
	// convicts is true where it is a fail whatever the level of its clause: a hang, an untrue
	// claim.
	convicts bool
	// unwound is true where the process of the test was.
	unwound bool
}

// Observation is one choice that an implementation was seen to make where the documents
// are silent.
type Observation struct {
	Clause    string `json:"clause"`
	Behaviour string `json:"behaviour"`
	Count     int    `json:"count"`
}

// Sizes says at which volume a clause about volume is checked.
type Sizes string

// The sizes.
const (
	FullSizes    Sizes = "full"
	WireSizes    Sizes = "wire"
	ExploreSizes Sizes = "explore"
)

// unwind is what a panic carries that ends the code of a frame: the process is gone, or
// the case is over.
type unwind struct{}

// run runs the case on a fresh system and returns the system's error, if it is not one
// that the case caused.
func (c *C) run() error {
	err := c.sys.Run(func(f spec.Frame) {
		root := checked{Frame: f, c: c, root: true}
		c.calls.self = root.process()
		c.P = &P{spec.API{Frame: root}, c}
		c.guard(func() {
			c.theCase.Run(c)
			c.mu.Lock()
			c.completed = true
			c.mu.Unlock()
		})
	})
	var stuck *spec.Stuck
	if errors.As(err, &stuck) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.over() {
			c.stuck(stuck)
		}
		return nil
	}
	return err
}

// stuck fails the case for an operation that never returns; mu is held.
func (c *C) stuck(stuck *spec.Stuck) {
	if fault := c.kitHangs(); fault != nil {
		c.broken = fault
		return
	}
	h := c.hang("")
	message := stuck.Error()
	if h.text != "" {
		message = h.text
		if !stuck.Proven {
			message += ": that did not end before the watchdog ran out; the adapter still answers"
		}
	}
	clause, convicts := cmp.Or(c.blame, c.theCase.Clause()), true
	if o := c.innermost(); o != nil {
		clause = c.convictable(c.blame, o.call)
		if !o.tested() && isSilent(clause) {
			// What the test waits for is the doing of what it called last, or it is nobody's.
			clause = cmp.Or(sentence(c.calls.latest[c.calls.self].call, true), clause)
			convicts = !isSilent(clause)
		}
	}
	c.hung = h
	c.failure = &failure{convicts: convicts, Failure: Failure{
		Clause: clause, Step: c.step, Timed: !stuck.Proven,
		Allowed: "the operation returns", Seen: strings.Join(append([]string{stuck.Error()}, stuck.Waits...), "\n"),
		Message: message, Waits: stuck.Graph, Cause: c.hangCause(h),
	}}
}

// guard runs the code of a frame. A panic that is not ours is a mistake in the case.
func (c *C) guard(code func()) {
	defer func() {
		switch r := recover().(type) {
		case nil, unwind:
		default:
			c.mu.Lock()
			if c.broken == nil {
				c.broken = fmt.Errorf("the code of case %s, or of the adapter below it, panicked: %v", c.theCase.ID, r)
			}
			c.mu.Unlock()
			c.sys.Abort()
		}
	}()
	code()
}

// register makes code callable by the system. Whoever calls it, it is the code of a process: no
// operation that a case uses runs any on a foreign thread.
func (c *C) register(code spec.Func) spec.Callback {
	return c.sys.Register(func(f spec.Frame, args []spec.Value) (values []spec.Value) {
		c.guard(func() {
			if spec.ProcessOf(f) == nil {
				c.breaks(spec.ErrNoProcess)
			}
			values = code(f, args)
		})
		return values
	})
}

// end gives the case up and ends the code of the frame that calls it.
func (c *C) end(how func()) {
	c.mu.Lock()
	if !c.over() {
		how()
	}
	c.mu.Unlock()
	c.sys.Abort()
	panic(unwind{})
}

// Inconclusive ends the case: a precondition that is nobody's fault did not hold.
func (c *C) Inconclusive(format string, args ...any) {
	c.end(func() { c.inconclusive = fmt.Sprintf(format, args...) })
}

// NotApplicable ends the case: it says nothing about what this implementation chose to do
// where the documents leave it the choice.
func (c *C) NotApplicable(format string, args ...any) {
	c.end(func() { c.unfit = fmt.Sprintf(format, args...) })
}

// breaks ends the case: the harness, the kit or the case itself is at fault.
func (c *C) breaks(err error) { c.end(func() { c.broken = err }) }

// over tells whether something has decided the case; mu is held.
func (c *C) over() bool {
	return c.failure != nil || c.absent != "" || c.unfit != "" || c.inconclusive != "" || c.broken != nil
}

// Step marks a step of the case's story as reached. Failures name the latest.
func (c *C) Step(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = name
	c.reached[name] = true
}

// Control shows a presence before a case expects an absence, by the same operation in the
// same system, and marks step as reached when it has held.
func (c *C) Control(step string, presence func()) {
	presence()
	c.Step(step)
}

// Observe records which behaviour of a SILENT clause was seen; an unlisted one is other.
func (c *C) Observe(clause, behaviour string) {
	known := false
	if cl := spec.Clauses().Lookup(clause); cl != nil {
		for _, b := range cl.Behaviours {
			known = known || b.Key == behaviour
		}
	}
	if !known {
		behaviour = spec.Other
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.observed {
		if o := &c.observed[i]; o.Clause == clause && o.Behaviour == behaviour {
			o.Count++
			return
		}
	}
	c.observed = append(c.observed, Observation{clause, behaviour, 1})
}

// Handshake is what the adapter said of itself.
func (c *C) Handshake() spec.Handshake { return c.handshake }

// Offers tells whether the adapter claims an operation or extra.
func (c *C) Offers(claim string) bool { return c.handshake.Offers(claim) }

// Size picks the volume for a clause about volume: the full one on fast in-process
// adapters, one that a wire carries in seconds, one that a search can exhaust.
func (c *C) Size(full, wire, explore int) int {
	switch c.sizes {
	case WireSizes:
		return wire
	case ExploreSizes:
		return explore
	}
	return full
}

// Shuffled returns items in an order that the run's seed decides.
func Shuffled[T any](c *C, items ...T) []T {
	spec.Shuffle(c.choices, items)
	return items
}

// name makes a process name that no other process of the system has.
func (c *C) name(what string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names++
	return fmt.Sprintf("%s-%d", what, c.names)
}
