package cases

import (
	"fmt"
	"slices"
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
	book      spec.Notebook // the system, where it is one
	choices   spec.Choices
	watchdog  float64 // seconds
	sizes     Sizes
	Ledger    *Ledger

	mu         sync.Mutex
	shown      Evidence
	step       string
	reached    map[string]bool
	blame      string // the clause that the code has named for a hang, "" for none
	names      int
	calls      ledgerOfCalls
	discarding *time.Timer // ends what runs the system, after it was cut short

	hangs KnownHangs // nil where nothing is cut short
	kit   []KitFault // operations of the kit that the self-check found at fault
}

// unwind is what a panic carries that ends the code of a frame: the process is gone, or
// the case is over.
type unwind struct{}

// guard runs the code of a frame. A panic that is not ours is a mistake in the case.
func (c *C) guard(code func()) {
	defer func() {
		switch r := recover().(type) {
		case nil, unwind:
		default:
			c.mu.Lock()
			if c.shown.Broken == nil {
				c.shown.Broken = fmt.Errorf("the code of case %s, or of the adapter below it, panicked: %v", c.theCase.ID, r)
				c.noteEnd()
			}
			c.mu.Unlock()
			c.sys.Abort()
		}
	}()
	code()
}

// register makes code callable by the system, which is to say whose it is: it is the code of a process. Only a status hook
// may be called by a foreign thread ([P.Hook]).
func (c *C) register(code spec.Func) spec.Callback {
	return c.registerForeign(func(f spec.Frame, args []spec.Value) []spec.Value {
		if spec.ProcessOf(f) == nil {
			c.breaks(spec.ErrNoProcess)
		}
		return code(f, args)
	})
}

// registerForeign is register of code that may belong to no process.
func (c *C) registerForeign(code spec.Func) spec.Callback {
	return c.sys.Register(func(f spec.Frame, args []spec.Value) (values []spec.Value) {
		c.guard(func() { values = code(f, args) })
		return values
	})
}

// end gives the case up and ends the code of the frame that calls it.
func (c *C) end(how func()) {
	c.mu.Lock()
	if !c.over() {
		how()
		c.noteEnd()
	}
	c.mu.Unlock()
	c.sys.Abort()
	panic(unwind{})
}

// Inconclusive ends the case: a precondition that is nobody's fault did not hold.
func (c *C) Inconclusive(format string, args ...any) {
	c.end(func() { c.shown.Inconclusive = fmt.Sprintf(format, args...) })
}

// NotApplicable ends the case: it says nothing about what this implementation chose to do
// where the documents leave it the choice.
func (c *C) NotApplicable(format string, args ...any) {
	c.end(func() { c.shown.Unfit = fmt.Sprintf(format, args...) })
}

// breaks ends the case: the harness, the kit or the case itself is at fault.
func (c *C) breaks(err error) { c.end(func() { c.shown.Broken = err }) }

// isOver is over where mu isn't held.
func (c *C) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over()
}

// over tells whether something has decided the case; mu is held.
func (c *C) over() bool { return c.shown.Decided() }

// Step marks a step of the case's story as reached. Failures name the latest.
func (c *C) Step(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = name
	c.reached[name] = true
	c.note("step " + name)
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
	c.note("observed " + clause + " " + behaviour)
	for i := range c.shown.Observed {
		if o := &c.shown.Observed[i]; o.Clause == clause && o.Behaviour == behaviour {
			o.Count++
			return
		}
	}
	c.shown.Observed = append(c.shown.Observed, Observation{clause, behaviour, 1})
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
	if c.book != nil {
		c.book.Under(namesGiven, slices.Repeat([]spec.Value{spec.Nil{}}, c.names))
		c.book.Add(namesGiven, spec.Nil{})
	}
	c.names++
	return fmt.Sprintf("%s-%d", what, c.names)
}

// namesGiven is the heading under which a notebook counts the names.
const namesGiven = "names"

// note tells the system, if it keeps a book, what the verdict may depend on; mu is held.
func (c *C) note(what string) {
	if c.book != nil {
		c.book.Note(what)
	}
}

// noteEnd notes what has decided the case, as far as it is the doing of the code that has found it: where a story has come to, and who
// hangs in what meanwhile, is others' too; mu is held.
func (c *C) noteEnd() {
	if c.book == nil {
		return
	}
	e := &c.shown
	what := fmt.Sprintf("ended: absent %q, unfit %q, inconclusive %q, broken %v", e.Absent, e.Unfit, e.Inconclusive, e.Broken)
	if f := e.Failure; f != nil {
		what += fmt.Sprintf(", failed %s, convicts %v: allowed %s, seen %s", f.Clause, f.Convicts, f.Allowed, f.Seen)
	}
	c.note(what)
}
