package kit

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/adapters/internal/scenes"
	"github.com/mpcheck/mpcheck/spec"
)

// scene is a process of a test: its operations, and the system that it is of.
type scene struct {
	scenes.Scene[*scene]
	sys *System
}

type notes = scenes.Notes

func on(f spec.Frame, t *testing.T, s *System) *scene {
	return &scene{scenes.In(f, t, s, func(f spec.Frame) *scene { return on(f, t, s) }), s}
}

// toys are the scenes of the toy.
var toys = scenes.Stage[*scene]{
	Open:  func(t *testing.T, cfg spec.SystemConfig) spec.System { return open(t, cfg) },
	Scene: func(f spec.Frame, t *testing.T, s spec.System) *scene { return on(f, t, s.(*System)) },
	EndOthers: func(c *scene) {
		for _, other := range slices.Clone(c.sys.threads[1:]) {
			c.ProcessKill(other.Ref())
			settle()
		}
	},
}

var (
	bubble = toys.Bubble
	closed = scenes.Closed
	settle = synctest.Wait // lets everything in the bubble run until it blocks
)

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
