package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestCurrentProcessKill(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p := c.spawn(func(c *scene) {
			c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) {
				log.add("cleanup %s", c.CurrentProcessKill())
				log.add("cleanup %s", c.CurrentProcessInCleanupP())
			}))
			c.UnwindProtect(
				c.code(func(c *scene, _ []spec.Value) {
					c.UnwindProtect(
						c.code(func(c *scene, _ []spec.Value) {
							log.add("%s", c.CurrentProcessKill())
							log.add("%s", c.GetCurrentProcess())
						}),
						c.code(func(c *scene, _ []spec.Value) { log.add("inner %s", c.CurrentProcessInCleanupP()) }))
				}),
				c.code(func(c *scene, _ []spec.Value) { log.add("outer %s", c.Eq(1, 1)) }))
			log.add("%s", c.Eq(1, 1))
		})
		c.is(c.ProcessJoin(p), "t")
		log.are(t, "gone", "gone", "inner nil", "outer t", "gone", "cleanup nil", "cleanup t")
	})
}

func TestKillOfTheOutermostProcess(t *testing.T) {
	bubble(t, func(c *scene) {
		c.spawn(func(c *scene) {
			c.EnsureProcessCleanup(c.function(func(*scene, []spec.Value) {}))
		})
		c.is(c.CurrentProcessKill(), "gone")
		c.is(c.GetCurrentProcess(), "gone")
	})
}

// Cleanup 1 blocks; a second kill during the phase changes nothing (PROC-KILL-5).
func TestKillDuringCleanups(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.gated()
		hold := c.ref(c.MakeGate())
		for i := range 3 {
			c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) {
				log.add("%d %s", i, c.GateWait(hold))
			}), key.Process(p), key.Priority(i))
		}
		c.GateOpen(gate)
		settle()
		c.is(c.ProcessKill(p), "t")
		settle()
		c.ends(p, hold)
		log.are(t, "0 nil", "1 nil", "2 nil")
		c.is(c.ProcessKill(p), "t")
		c.fails(c.ProcessKill("p"), "type-error")
	})
}

// A kill reaches a process before it begins, by itself, and in an unwind-protect form.
func TestKills(t *testing.T) {
	t.Run("itself", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p := c.spawn(func(c *scene) {
				log.add("%s", c.ProcessKill(c.must(c.GetCurrentProcess())))
				log.add("%s", c.MakeLog())
			})
			c.is(c.ProcessJoin(p), "t")
			log.are(t, "gone", "gone")
		})
	})
	t.Run("before it begins", func(t *testing.T) {
		bubble(t, func(c *scene) {
			// The goroutine may or may not have begun; killed is killed either way.
			var log notes
			for range 50 {
				p := c.spawn(func(c *scene) {
					if c.GateWait(c.ref(c.MakeGate())).Status == spec.Returned {
						log.add("it went on")
					}
				})
				c.ProcessKill(p)
				c.is(c.ProcessJoin(p), "t")
			}
			log.are(t)
		})
	})
	t.Run("an unwinding form is cut short", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			never := c.ref(c.MakeGate())
			p := c.spawn(func(c *scene) {
				c.UnwindProtect(
					c.code(func(c *scene, _ []spec.Value) { log.add("body %s", c.GateWait(never)) }),
					c.code(func(c *scene, _ []spec.Value) { log.add("form %s", c.GateWait(never)) }))
			})
			settle()
			c.ProcessKill(p)
			settle()
			c.ProcessKill(p)
			c.is(c.ProcessJoin(p), "t")
			log.are(t, "body gone", "form gone")
		})
	})
}

func TestUnhandledError(t *testing.T) {
	t.Run("in a process", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p := c.spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.function(func(*scene, []spec.Value) { log.add("cleanup") }))
				log.add("%s", c.SignalError("boom"))
			})
			c.is(c.ProcessJoin(p), "t")
			log.are(t, "gone", "cleanup")
		})
	})
	t.Run("in a cleanup form", func(t *testing.T) {
		bubble(t, func(c *scene) {
			var log notes
			p, gate := c.gated()
			for i := range 2 {
				c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) {
					log.add("%d %s", i, c.SignalError("boom"))
				}), key.Process(p))
			}
			c.ends(p, gate)
			log.are(t, "0 gone", "1 gone")
		})
	})
}
