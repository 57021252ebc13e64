package kit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

// scene is a process of a test: its operations, and the test that it belongs to.
type scene struct {
	spec.API
	t   *testing.T
	sys *System
}

// bubble runs a test as the outermost frame of a fresh system in a synctest bubble, where
// time is virtual and synctest.Wait exact. The bubble fails where a goroutine is left.
func bubble(t *testing.T, test func(c *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { live(t, test) })
}

// live is bubble in real time.
func live(t *testing.T, test func(c *scene)) {
	t.Helper()
	s := open(t, spec.SystemConfig{})
	if err := s.Run(func(f spec.Frame) { test(&scene{spec.API{Frame: f}, t, s}) }); err != nil {
		t.Errorf("run: %v", err)
	}
	if left := closed(t, s); left != (spec.Leftover{}) {
		t.Errorf("the test left %+v", left)
	}
}

// adapterOf makes the adapter of an implementation, of the toy where none is given.
func adapterOf(t *testing.T, given ...Implementation) spec.Adapter {
	t.Helper()
	i := toy
	if len(given) > 0 {
		i = given[0]
	}
	a, err := New(i)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func open(t *testing.T, cfg spec.SystemConfig) *System {
	t.Helper()
	s, err := adapterOf(t).Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s.(*System)
}

func closed(t *testing.T, s *System) spec.Leftover {
	t.Helper()
	left, err := s.Close()
	if err != nil {
		t.Errorf("close: %v", err)
	}
	return left
}

// is checks an outcome by its text in Lisp syntax.
func (c *scene) is(got spec.Return, want string) {
	c.t.Helper()
	if got.String() != want {
		c.t.Errorf("got %s, want %s", got, want)
	}
}

// fails checks that an operation signalled an error of that type.
func (c *scene) fails(got spec.Return, kind string) {
	c.t.Helper()
	if got.Status != spec.Signalled || got.Condition.Type != kind {
		c.t.Errorf("got %s, want a %s", got, kind)
	}
}

// must is the primary value of an operation that has to return, unless its process was
// killed.
func (c *scene) must(got spec.Return) spec.Value {
	c.t.Helper()
	if got.Status != spec.Returned && got.Status != spec.Gone {
		c.t.Errorf("got %s, want a value", got)
	}
	return got.Primary()
}

func (c *scene) ref(got spec.Return) spec.Ref {
	c.t.Helper()
	ref, ok := c.must(got).(spec.Ref)
	if !ok && got.Status != spec.Gone {
		c.t.Errorf("got %s, want a reference", got)
	}
	return ref
}

// code registers Go code as a callback.
func (c *scene) code(fn func(c *scene, args []spec.Value)) spec.Callback {
	return c.values(func(c *scene, args []spec.Value) []spec.Value { fn(c, args); return nil })
}

func (c *scene) values(fn func(c *scene, args []spec.Value) []spec.Value) spec.Callback {
	return c.sys.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
		return fn(&scene{spec.API{Frame: f}, c.t, c.sys}, args)
	})
}

// function makes a Lisp function of Go code.
func (c *scene) function(fn func(c *scene, args []spec.Value)) spec.Ref {
	c.t.Helper()
	return c.ref(c.MakeFunction(c.code(fn)))
}

// spawn runs Go code in a new process.
func (c *scene) spawn(fn func(c *scene)) spec.Ref {
	c.t.Helper()
	return c.ref(c.ProcessRunFunction("p", spec.Nil{}, c.function(func(c *scene, _ []spec.Value) { fn(c) })))
}

// gated makes a process that waits for a gate, and returns both.
func (c *scene) gated() (process, gate spec.Ref) {
	c.t.Helper()
	gate = c.ref(c.MakeGate())
	return c.spawn(func(c *scene) { c.GateWait(gate) }), gate
}

// ends opens the gate of a gated process and waits for its death.
func (c *scene) ends(process, gate spec.Ref) {
	c.t.Helper()
	c.GateOpen(gate)
	c.is(c.ProcessJoin(process), "t")
}

// notes is a Go list that processes append to.
type notes struct {
	sync.Mutex
	list []string
}

func (n *notes) add(format string, args ...any) {
	n.Lock()
	defer n.Unlock()
	n.list = append(n.list, fmt.Sprintf(format, args...))
}

func (n *notes) are(t *testing.T, want ...string) {
	t.Helper()
	n.Lock()
	defer n.Unlock()
	if !slices.Equal(n.list, want) {
		t.Errorf("noted %q, want %q", n.list, want)
	}
}

// settle lets everything in the bubble run until it blocks.
func settle() { synctest.Wait() }
