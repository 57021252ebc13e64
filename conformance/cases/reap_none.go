package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:      "REAP-NONE-1/wait-t",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "Without children the call returns nil and nil at once with wait t as well, for every pid.",
		Run: func(c *C) {
			c.nothingToReap()
			c.NoneLeft(key.Wait(true))
			child := c.reporting()
			for _, pid := range []any{-1, 0, child.PID} {
				c.NoneLeft(key.Pid(pid), key.Wait(true))
			}
		},
	},
	{
		ID:      "REAP-NONE-2/strangers",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "The pid of a process that is no child - an unused number, process 1, the Lisp's parent, a live grandchild - gives nil and nil at once, although a child runs.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			child := c.StartChild()
			grandchild := c.grandchild(child)
			strangers := []spec.Value{spec.Int(unusedPID), c.parentOf(c.lisp()), grandchild.PID}
			if !spec.Eql(c.lisp(), spec.Int(1)) {
				strangers = append(strangers, spec.Int(1))
			}
			for _, pid := range strangers {
				c.Ignores("REAP-NONE-2", key.Pid(pid), key.Wait(false))
				c.Ignores("REAP-NONE-2", key.Pid(pid), key.Wait(true))
			}
			c.Tell(grandchild, "kill", sigkill)
			child = c.End(child, 5)
			c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
		},
	},
	{
		ID:      "REAP-NONE-2/orphan",
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: reapedStep,
		Story:   "A grandchild whose parent has ended is no child of the Lisp, unless the operating system has made it one.",
		Run: func(c *C) {
			c.nothingToReap()
			c.reporting()
			child := c.StartChild()
			orphan := c.grandchild(child)
			child = c.End(child, 5)
			if spec.Eql(c.parentOf(orphan.PID), c.lisp()) {
				orphan = c.End(orphan, 7)
				c.Reports("REAP-SEL-3", []Child{orphan}, key.Pid(orphan.PID), key.Wait(false))
			} else {
				c.Ignores("REAP-NONE-2", key.Pid(orphan.PID), key.Wait(false))
				c.Ignores("REAP-NONE-2", key.Pid(orphan.PID), key.Wait(true))
				c.Tell(orphan, "exit", 7)
				c.ChildAwait(orphan.ref, spec.Keyword("ended"))
				c.Ignores("REAP-NONE-2", key.Pid(orphan.PID), key.Wait(false))
			}
			c.Reports("REAP-NOHANG-2", []Child{child}, key.Pid(child.PID), key.Wait(false))
		},
	},
})

// grandchild has a child start a child of its own.
func (p *P) grandchild(child Child) Child {
	ref := p.Tell(child, "spawn-grandchild").Primary()
	return Child{PID: p.ChildAwait(ref, spec.Keyword("ready")).Primary(), ref: ref}
}
