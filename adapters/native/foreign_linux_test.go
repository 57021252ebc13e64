//go:build cgo

package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func init() {
	blocking["call-foreign"] = func(c *scene) spec.Return { return c.CallForeign(c.Code(stands)) }
}

// A foreign thread has a process for each call, and its cleanups run between the return of the callable and that to C.
func TestForeignThread(t *testing.T) {
	live(t, func(c *scene) {
		thread := c.Ref(c.MakeForeignThread())
		c.Is(c.ForeignThreadLog(thread), "nil")
		me := func(c *scene, _ []spec.Value) []spec.Value { return []spec.Value{c.Must(c.GetCurrentProcess())} }
		first := c.Must(c.CallOnForeignThread(thread, c.Values(func(c *scene, args []spec.Value) []spec.Value {
			c.EnsureProcessCleanup(c.Function(func(c *scene, args []spec.Value) {
				if args[0] != c.Must(c.GetCurrentProcess()) {
					t.Errorf("a form gets %v", args[0])
				}
				c.ForeignThreadNote(thread, 3)
			}))
			c.CallForeign(c.Code(func(c *scene, _ []spec.Value) { c.ForeignThreadNote(thread, 1) }))
			c.ForeignThreadNote(thread, 2)
			return me(c, args)
		})))
		c.Is(c.ForeignThreadLog(thread), "(:call 1 2 3 :back)")
		c.Is(c.ProcessAliveP(first), "nil")
		if second := c.Must(c.CallOnForeignThread(thread, c.Values(me))); spec.Eql(first, second) {
			t.Error("the next call has the same process")
		}
		c.Fails(c.ForeignThreadNote(thread, -1), "type-error")
	})
}

// A kill reaches who waits for a foreign thread, whose call goes on; and a process of a foreign thread, whose call then returns nil.
func TestForeignThreadKilled(t *testing.T) {
	live(t, func(c *scene) {
		thread, gate, inside := c.Ref(c.MakeForeignThread()), c.Ref(c.MakeGate()), c.Ref(c.MakeCell(nil))
		caller := c.Spawn(func(c *scene) {
			c.CallOnForeignThread(thread, c.Code(func(c *scene, _ []spec.Value) {
				c.CellSet(inside, true)
				c.GateWait(gate)
			}))
		})
		c.Await(spec.CellIs(inside, true), nil)
		c.ProcessKill(caller)
		c.Is(c.ProcessJoin(caller), "t")
		c.Is(c.ForeignThreadLog(thread), "(:call)")
		c.GateOpen(gate)
		c.Is(c.CallOnForeignThread(thread, c.Values(func(c *scene, _ []spec.Value) []spec.Value {
			c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { c.ForeignThreadNote(thread, 1) }))
			c.ProcessKill(c.Must(c.GetCurrentProcess()))
			return []spec.Value{spec.Int(7)}
		})), "nil")
		c.Is(c.ForeignThreadLog(thread), "(:call :back :call 1 :back)")
	})
}

// A system that closes ends what foreign threads are in.
func TestForeignThreadClosed(t *testing.T) {
	s := open(t, spec.SystemConfig{})
	if err := s.Run(func(f spec.Frame) {
		c := on(f, t, s)
		thread, inside := c.Ref(c.MakeForeignThread()), c.Ref(c.MakeCell(nil))
		c.Spawn(func(c *scene) {
			c.CallOnForeignThread(thread, c.Code(func(c *scene, _ []spec.Value) {
				c.CellSet(inside, true)
				c.GateWait(c.Ref(c.MakeGate()))
			}))
		})
		c.Await(spec.CellIs(inside, true), nil)
	}); err != nil {
		t.Error(err)
	}
	if left := closed(t, s); left != (spec.Leftover{Processes: 2}) {
		t.Errorf("the test left %+v", left)
	}
}
