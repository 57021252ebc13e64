package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestCurrentProcessKill(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p := c.Spawn(func(c *scene) {
			c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) {
				log.Add("cleanup %s", c.CurrentProcessKill())
				log.Add("cleanup %s", c.CurrentProcessInCleanupP())
			}))
			c.UnwindProtect(
				c.Code(func(c *scene, _ []spec.Value) {
					c.UnwindProtect(
						c.Code(func(c *scene, _ []spec.Value) {
							log.Add("%s", c.CurrentProcessKill())
							log.Add("%s", c.GetCurrentProcess())
						}),
						c.Code(func(c *scene, _ []spec.Value) { log.Add("inner %s", c.CurrentProcessInCleanupP()) }))
				}),
				c.Code(func(c *scene, _ []spec.Value) { log.Add("outer %s", c.Eq(1, 1)) }))
			log.Add("%s", c.Eq(1, 1))
		})
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "gone", "gone", "inner nil", "outer t", "gone", "cleanup nil", "cleanup t")
	})
}

func TestKillOfTheOutermostProcess(t *testing.T) {
	bubble(t, func(c *scene) {
		c.Spawn(func(c *scene) {
			c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) {}))
		})
		c.Is(c.CurrentProcessKill(), "gone")
		c.Is(c.GetCurrentProcess(), "gone")
	})
}

// Cleanup 1 blocks; a second kill during the phase changes nothing (PROC-KILL-5).
func TestKillDuringCleanups(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.Gated()
		hold := c.Ref(c.MakeGate())
		for i := range 3 {
			c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) {
				log.Add("%d %s", i, c.GateWait(hold))
			}), key.Process(p), key.Priority(i))
		}
		c.GateOpen(gate)
		settle()
		c.Is(c.ProcessKill(p), "t")
		settle()
		c.Ends(p, hold)
		log.Are(t, "0 nil", "1 nil", "2 nil")
		c.Is(c.ProcessKill(p), "t")
		c.Fails(c.ProcessKill("p"), "type-error")
	})
}

// A kill reaches a process before it begins, by itself, and in an unwind-protect form.
func TestKills(t *testing.T) {
	t.Run("itself", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p := c.Spawn(func(c *scene) {
				log.Add("%s", c.ProcessKill(c.Must(c.GetCurrentProcess())))
				log.Add("%s", c.MakeLog())
			})
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "gone", "gone")
		})
	})
	t.Run("before it begins", func(t *testing.T) {
		bubble(t, func(c *scene) {
			// The goroutine may or may not have begun; killed is killed either way.
			var log notes
			for range 50 {
				p := c.Spawn(func(c *scene) {
					if c.GateWait(c.Ref(c.MakeGate())).Status == spec.Returned {
						log.Add("it went on")
					}
				})
				c.ProcessKill(p)
				c.Is(c.ProcessJoin(p), "t")
			}
			log.Are(t)
		})
	})
	t.Run("an unwinding form is cut short", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			never := c.Ref(c.MakeGate())
			p := c.Spawn(func(c *scene) {
				c.UnwindProtect(
					c.Code(func(c *scene, _ []spec.Value) { log.Add("body %s", c.GateWait(never)) }),
					c.Code(func(c *scene, _ []spec.Value) { log.Add("form %s", c.GateWait(never)) }))
			})
			settle()
			c.ProcessKill(p)
			settle()
			c.ProcessKill(p)
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "body gone", "form gone")
		})
	})
}

func TestUnhandledError(t *testing.T) {
	t.Run("in a process", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { log.Add("cleanup") }))
				log.Add("%s", c.SignalError("boom"))
			})
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "gone", "cleanup")
		})
	})
	t.Run("in a cleanup form", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p, gate := c.Gated()
			for i := range 2 {
				c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) {
					log.Add("%d %s", i, c.SignalError("boom"))
				}), key.Process(p))
			}
			c.Ends(p, gate)
			log.Are(t, "0 gone", "1 gone")
		})
	})
}
