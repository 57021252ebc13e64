package native

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/adapters/internal/scenes"
	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// scene is a process of a test: its operations, and the system that it is of.
type scene struct {
	scenes.Scene[*scene]
	sys *system
}

type notes = scenes.Notes

func on(f spec.Frame, t *testing.T, s *system) *scene {
	return &scene{scenes.In(f, t, s, func(f spec.Frame) *scene { return on(f, t, s) }), s}
}

// natives are its scenes.
var natives = scenes.Stage[*scene]{
	Open:  func(t *testing.T, cfg spec.SystemConfig) spec.System { return open(t, cfg) },
	Scene: func(f spec.Frame, t *testing.T, s spec.System) *scene { return on(f, t, s.(*system)) },
	EndOthers: func(c *scene) {
		for _, q := range slices.Clone(c.sys.processes[1:]) {
			c.ProcessKill(q.ref)
			c.ProcessJoin(q.ref)
		}
	},
}

var (
	bubble = natives.Bubble
	live   = natives.Live
	closed = scenes.Closed
	settle = synctest.Wait // lets everything in the bubble run until it blocks
)

func open(t *testing.T, cfg spec.SystemConfig) *system {
	t.Helper()
	s, err := New().Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return systemOf(s.(*kit.System))
}

func noWait() spec.Key { return key.Wait(false) }
