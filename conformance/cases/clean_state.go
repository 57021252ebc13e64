package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// The phase in which forms run, seen from outside.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-STATE-1/alive",
		Needs: append([]string{"process-alive-p"}, cleanupNeeds...),
		Story: "What process-alive-p says inside a form is recorded.",
		Run: func(c *C) {
			c.seenInside(c.life("child"), "alive", "not-alive", func(p *P, me spec.Value) spec.Return { return p.Try().ProcessAliveP(me) })
		},
	},
	{
		ID:    "CLEAN-STATE-1/listed",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "Whether list-all-processes has the process inside a form is recorded.",
		Run: func(c *C) {
			c.seenInside(c.life("child"), "listed", "not-listed", func(p *P, me spec.Value) spec.Return {
				r := p.Try().ListAllProcesses()
				if r.Status == spec.Signalled {
					return r
				}
				return spec.Values(spec.Bool(isIn(me, r.Primary())))
			})
		},
	},
	{
		ID:    "CLEAN-STATE-1/mail",
		Needs: append([]string{"process-send", "process-mailbox", "mailbox-read"}, cleanupNeeds...),
		Story: "An object was sent to a process before it ended: whether a form can still read it is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			c.ProcessSend(child.Process, "unread")
			c.seenInside(child, "mail-readable", "mail-gone", func(p *P, me spec.Value) spec.Return {
				box := p.Try().ProcessMailbox(me)
				if box.Status == spec.Signalled || !spec.Truth(box.Primary()) {
					return box
				}
				r := p.Try().MailboxRead(box.Primary(), nil, 0)
				return spec.Return{Status: r.Status, Values: []spec.Value{spec.Bool(spec.Equal(r.Primary(), spec.String("unread")))}}
			})
		},
	},
	{
		ID:    "CLEAN-STATE-1/bindings",
		Needs: append([]string{"ensure-process-cleanup"}, bindNeeds...),
		Story: "A process began with a binding of a variable: whether a form still sees it is recorded.",
		Run: func(c *C) {
			v := c.variable("V", 1)
			c.withEntries(func() {
				c.seenInside(c.life("child"), "bindings-in-force", "bindings-undone", func(p *P, _ spec.Value) spec.Return {
					r := p.Try().SymbolValue(v)
					return spec.Return{Status: r.Status, Values: []spec.Value{spec.Bool(spec.Eql(r.Primary(), spec.Int(20)))}}
				})
			}, pair(v, 20))
		},
	},
	{
		ID:      "CLEAN-STATE-2/killed-inside",
		Clauses: []string{"PROC-EXIT-6"},
		Needs:   exitNeeds,
		Story:   "Each of three forms calls current-process-kill: the call just returns, and the later forms run.",
		Run: func(c *C) {
			child, began := c.life("child"), c.Cell(nil)
			for i := range 3 {
				child.ensure(c.Func(func(p *P, _ []spec.Value) any {
					p.CellSet(began, true)
					p.CurrentProcessKill()
					p.LogAppend(child.log, i)
					return nil
				}), key.Priority(i))
			}
			cleaned := c.Cleaned(child.Process)
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(began, true), "a form begins")
			c.AwaitThat(cleaned, "the later forms run")
			c.Settle()
			c.Expect(sorted(c.LogRead(child.log).Primary())).To(BeEqual(list(0, 1, 2)), "the call returns inside a form")
		},
	},
})

// seenInside records which of two keys of CLEAN-STATE-1 fits what a form sees.
func (c *C) seenInside(child *life, yes, no string, ask func(p *P, me spec.Value) spec.Return) {
	child.ensure(c.Func(func(p *P, args []spec.Value) any {
		r := ask(p, nth(args, 0))
		p.LogAppend(child.log, map[bool]any{true: "error", false: truth(r)}[r.Status == spec.Signalled])
		return nil
	}), key.Priority(1))
	switch log := child.over(); {
	case times(log, true) > 0:
		c.Observe("CLEAN-STATE-1", yes)
	case times(log, nil) > 0:
		c.Observe("CLEAN-STATE-1", no)
	default:
		c.Observe("CLEAN-STATE-1", "error")
	}
}
