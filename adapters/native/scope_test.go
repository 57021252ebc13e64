package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// A kill is held until the outermost scope ends, also where an inner one has ended before.
func TestBlockedInterruptsHoldKills(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		flag := c.MakeCell(nil).Primary().(spec.Ref)
		p := c.Spawn(func(c *scene) {
			c.WithInterruptsBlocked(c.Code(func(c *scene, _ []spec.Value) {
				c.WithInterruptsBlocked(c.Code(func(*scene, []spec.Value) {}))
				log.Add("%s", c.CurrentProcessKill().Condition.Type)
				c.Await(spec.CellIs(flag, true), nil)
				log.Add("within")
			}))
			log.Add("%s", c.MakeLog())
		})
		settle()
		c.ProcessKill(p)
		settle()
		c.Is(c.ProcessAliveP(p), "t")
		log.Are(t, "simple-error")
		c.CellSet(flag, true)
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "simple-error", "within", "gone")
	})
}

// While other threads are disabled the others begin nothing and end no wait; a kill of oneself ends the process with the scope.
func TestOthersStandStill(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		gate, flag := c.MakeGate().Primary(), c.MakeCell(nil).Primary()
		other := c.Spawn(func(c *scene) {
			c.GateWait(gate)
			log.Add("other")
		})
		settle()
		p := c.Spawn(func(c *scene) {
			c.WithOtherThreadsDisabled(c.Code(func(c *scene, _ []spec.Value) {
				c.GateOpen(gate)
				log.Add("%s", c.CurrentProcessKill())
				c.Pause(1)
				log.Add("within")
			}))
			c.CellSet(flag, true)
		})
		c.Is(c.ProcessJoin(p), "t")
		c.Is(c.ProcessJoin(other), "t")
		c.Is(c.CellGet(flag), "nil")
		log.Are(t, "nil", "within", "other")
	})
}

// They end no wait either where one that is stopped would.
func TestOthersTakeNothing(t *testing.T) {
	bubble(t, func(c *scene) {
		c.sys.decide.waitsEnd = true
		box := c.MakeMailbox().Primary()
		reader := c.Spawn(func(c *scene) { c.Is(c.MailboxRead(box), "1, t") })
		settle()
		c.WithOtherThreadsDisabled(c.Code(func(c *scene, _ []spec.Value) {
			c.MailboxSend(box, 1)
			settle()
			c.Is(c.MailboxCount(box), "1")
		}))
		c.Is(c.ProcessJoin(reader), "t")
		c.Is(c.MailboxCount(box), "0")
	})
}
