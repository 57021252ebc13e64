//go:build cgo

package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func init() {
	blocking["call-foreign"] = func(c *scene) spec.Return { return c.CallForeign(c.code(stands)) }
}

// A foreign thread has a process for each call, and its cleanups run between the return of the callable and that to C.
func TestForeignThread(t *testing.T) {
	live(t, func(c *scene) {
		thread := c.ref(c.MakeForeignThread())
		c.is(c.ForeignThreadLog(thread), "nil")
		me := func(c *scene, _ []spec.Value) []spec.Value { return []spec.Value{c.must(c.GetCurrentProcess())} }
		first := c.must(c.CallOnForeignThread(thread, c.values(func(c *scene, args []spec.Value) []spec.Value {
			c.EnsureProcessCleanup(c.function(func(c *scene, args []spec.Value) {
				if args[0] != c.must(c.GetCurrentProcess()) {
					t.Errorf("a form gets %v", args[0])
				}
				c.ForeignThreadNote(thread, 3)
			}))
			c.CallForeign(c.code(func(c *scene, _ []spec.Value) { c.ForeignThreadNote(thread, 1) }))
			c.ForeignThreadNote(thread, 2)
			return me(c, args)
		})))
		c.is(c.ForeignThreadLog(thread), "(:call 1 2 3 :back)")
		c.is(c.ProcessAliveP(first), "nil")
		if second := c.must(c.CallOnForeignThread(thread, c.values(me))); spec.Eql(first, second) {
			t.Error("the next call has the same process")
		}
		c.fails(c.ForeignThreadNote(thread, -1), "type-error")
	})
}

// A kill reaches who waits for a foreign thread, whose call goes on; and a process of a foreign thread, whose call then returns nil.
func TestForeignThreadKilled(t *testing.T) {
	live(t, func(c *scene) {
		thread, gate, inside := c.ref(c.MakeForeignThread()), c.ref(c.MakeGate()), c.ref(c.MakeCell(nil))
		caller := c.spawn(func(c *scene) {
			c.CallOnForeignThread(thread, c.code(func(c *scene, _ []spec.Value) {
				c.CellSet(inside, true)
				c.GateWait(gate)
			}))
		})
		c.Await(spec.CellIs(inside, true), nil)
		c.ProcessKill(caller)
		c.is(c.ProcessJoin(caller), "t")
		c.is(c.ForeignThreadLog(thread), "(:call)")
		c.GateOpen(gate)
		c.is(c.CallOnForeignThread(thread, c.values(func(c *scene, _ []spec.Value) []spec.Value {
			c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) { c.ForeignThreadNote(thread, 1) }))
			c.ProcessKill(c.must(c.GetCurrentProcess()))
			return []spec.Value{spec.Int(7)}
		})), "nil")
		c.is(c.ForeignThreadLog(thread), "(:call :back :call 1 :back)")
	})
}

// A system that closes ends what foreign threads are in.
func TestForeignThreadClosed(t *testing.T) {
	s := open(t, spec.SystemConfig{})
	if err := s.Run(func(f spec.Frame) {
		c := &scene{spec.API{Frame: f}, t, s}
		thread, inside := c.ref(c.MakeForeignThread()), c.ref(c.MakeCell(nil))
		c.spawn(func(c *scene) {
			c.CallOnForeignThread(thread, c.code(func(c *scene, _ []spec.Value) {
				c.CellSet(inside, true)
				c.GateWait(c.ref(c.MakeGate()))
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
