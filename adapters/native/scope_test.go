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
		p := c.spawn(func(c *scene) {
			c.WithInterruptsBlocked(c.code(func(c *scene, _ []spec.Value) {
				c.WithInterruptsBlocked(c.code(func(*scene, []spec.Value) {}))
				log.add("%s", c.CurrentProcessKill().Condition.Type)
				c.Await(spec.CellIs(flag, true), nil)
				log.add("within")
			}))
			log.add("%s", c.MakeLog())
		})
		settle()
		c.ProcessKill(p)
		settle()
		c.is(c.ProcessAliveP(p), "t")
		log.are(t, "simple-error")
		c.CellSet(flag, true)
		c.is(c.ProcessJoin(p), "t")
		log.are(t, "simple-error", "within", "gone")
	})
}

// While other threads are disabled the others begin nothing and end no wait; a kill of oneself ends the process with the scope.
func TestOthersStandStill(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		gate, flag := c.MakeGate().Primary(), c.MakeCell(nil).Primary()
		other := c.spawn(func(c *scene) {
			c.GateWait(gate)
			log.add("other")
		})
		settle()
		p := c.spawn(func(c *scene) {
			c.WithOtherThreadsDisabled(c.code(func(c *scene, _ []spec.Value) {
				c.GateOpen(gate)
				log.add("%s", c.CurrentProcessKill())
				c.Pause(1)
				log.add("within")
			}))
			c.CellSet(flag, true)
		})
		c.is(c.ProcessJoin(p), "t")
		c.is(c.ProcessJoin(other), "t")
		c.is(c.CellGet(flag), "nil")
		log.are(t, "nil", "within", "other")
	})
}

// They end no wait either where one that is stopped would.
func TestOthersTakeNothing(t *testing.T) {
	bubble(t, func(c *scene) {
		c.sys.decide.waitsEnd = true
		box := c.MakeMailbox().Primary()
		reader := c.spawn(func(c *scene) { c.is(c.MailboxRead(box), "1, t") })
		settle()
		c.WithOtherThreadsDisabled(c.code(func(c *scene, _ []spec.Value) {
			c.MailboxSend(box, 1)
			settle()
			c.is(c.MailboxCount(box), "1")
		}))
		c.is(c.ProcessJoin(reader), "t")
		c.is(c.MailboxCount(box), "0")
	})
}
