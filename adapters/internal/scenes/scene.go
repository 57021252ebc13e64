// Package scenes is what tests of adapters in Go are written with, each in its adapter's own package: processes that check what their
// operations answer, and what every operation that waits has to do when its process is killed, the case is given up or the system
// closed. Tests alone import it.
package scenes

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// A Scene is a process of a test: its operations, and checks of what they answer. C is what the scenes of the package under test are,
// a pointer to a struct that embeds this one. Only the goroutine of the process uses it.
type Scene[C any] struct {
	spec.API
	T *testing.T

	sys spec.System
	of  func(spec.Frame) C
}

// In makes the scene of a frame of a system; of makes those of other frames.
func In[C any](f spec.Frame, t *testing.T, sys spec.System, of func(spec.Frame) C) Scene[C] {
	return Scene[C]{spec.API{Frame: f}, t, sys, of}
}

func (c *Scene[C]) scene() *Scene[C] { return c }

// Is checks an outcome by its text in Lisp syntax.
func (c *Scene[C]) Is(got spec.Return, want string) {
	c.T.Helper()
	if got.String() != want {
		c.T.Errorf("got %s, want %s", got, want)
	}
}

// Fails checks that an operation signalled an error of that type.
func (c *Scene[C]) Fails(got spec.Return, kind string) {
	c.T.Helper()
	if got.Status != spec.Signalled || got.Condition.Type != kind {
		c.T.Errorf("got %s, want a %s", got, kind)
	}
}

// Must is the primary value of an operation that has to return, unless its process was
// killed.
func (c *Scene[C]) Must(got spec.Return) spec.Value {
	c.T.Helper()
	if got.Status != spec.Returned && got.Status != spec.Gone {
		c.T.Errorf("got %s, want a value", got)
	}
	return got.Primary()
}

// Ref is that value, which has to be a reference.
func (c *Scene[C]) Ref(got spec.Return) spec.Ref {
	c.T.Helper()
	ref, ok := c.Must(got).(spec.Ref)
	if !ok && got.Status != spec.Gone {
		c.T.Errorf("got %s, want a reference", got)
	}
	return ref
}

// Code registers Go code as a callback.
func (c *Scene[C]) Code(fn func(c C, args []spec.Value)) spec.Callback {
	return c.Values(func(c C, args []spec.Value) []spec.Value { fn(c, args); return nil })
}

// Values registers Go code that returns values.
func (c *Scene[C]) Values(fn func(c C, args []spec.Value) []spec.Value) spec.Callback {
	return c.sys.Register(func(f spec.Frame, args []spec.Value) []spec.Value { return fn(c.of(f), args) })
}

// Function makes a Lisp function of Go code.
func (c *Scene[C]) Function(fn func(c C, args []spec.Value)) spec.Ref {
	c.T.Helper()
	return c.Ref(c.MakeFunction(c.Code(fn)))
}

// Spawn runs Go code in a new process.
func (c *Scene[C]) Spawn(fn func(c C)) spec.Ref {
	c.T.Helper()
	return c.Ref(c.ProcessRunFunction("p", spec.Nil{}, c.Function(func(c C, _ []spec.Value) { fn(c) })))
}

// Gated makes a process that waits for a gate, and returns both.
func (c *Scene[C]) Gated() (process, gate spec.Ref) {
	c.T.Helper()
	gate = c.Ref(c.MakeGate())
	fn := c.sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { spec.API{Frame: f}.GateWait(gate); return nil })
	return c.Ref(c.ProcessRunFunction("p", spec.Nil{}, c.Ref(c.MakeFunction(fn)))), gate
}

// Ends opens the gate of a gated process and waits for its death.
func (c *Scene[C]) Ends(process, gate spec.Ref) {
	c.T.Helper()
	c.GateOpen(gate)
	c.Is(c.ProcessJoin(process), "t")
}

// Notes is a list that processes append to. The zero value is an empty one; it is safe for concurrent use.
type Notes struct {
	mu   sync.Mutex
	list []string
}

// Add appends a note.
func (n *Notes) Add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, fmt.Sprintf(format, args...))
}

// List is what was noted so far.
func (n *Notes) List() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.list)
}

// Are checks what was noted so far.
func (n *Notes) Are(t *testing.T, want ...string) {
	t.Helper()
	if got := n.List(); !slices.Equal(got, want) {
		t.Errorf("noted %q, want %q", got, want)
	}
}

// AreSorted checks what was noted so far, whatever came first; want is sorted.
func (n *Notes) AreSorted(t *testing.T, want ...string) {
	t.Helper()
	if got := slices.Sorted(slices.Values(n.List())); !slices.Equal(got, want) {
		t.Errorf("noted %q, want %q", got, want)
	}
}
