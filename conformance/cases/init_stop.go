package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// The end of multiprocessing, and of the program.
var _ = chapter([]Case{
	{
		ID:    "INIT-STOP-1/quit",
		Needs: append([]string{"quit", "ensure-process-cleanup"}, initNeeds...),
		Story: "A process with a cleanup waits; another one quits: the cleanup has run once the program has ended.",
		Run: func(c *C) {
			board := c.quits(cleansUp)
			c.Expect(boolean(c.has(board, "cleanup"))).To(BeTrue(), "the processes that are left are terminated, then killed, so that their cleanups get a chance")
		},
	},
	{
		ID:    "INIT-STOP-1/terminator",
		Needs: append([]string{"quit", "current-process-set-terminate-method"}, initNeeds...),
		Story: "A process with a remote terminator, which lets it return, waits; another one quits: the terminator has been called once the program has ended.",
		Run: func(c *C) {
			board := c.quits(func(p *P, board, gate spec.Value) {
				told := p.FuncAnywhereOf(func(p *P, _ []spec.Value) {
					p.BoardPost(board, list("terminator"))
					p.GateOpen(gate)
				})
				p.CurrentProcessSetTerminateMethod(key.RemoteTerminator(told))
			})
			c.Expect(boolean(c.has(board, "terminator"))).To(BeTrue(), "the processes that are left are first terminated, so that their terminate methods get a chance")
		},
	},
	{
		ID:    "INIT-STOP-1/killed",
		Needs: append([]string{"quit", "current-process-set-terminate-method", "ensure-process-cleanup"}, initNeeds...),
		Story: "A process with a cleanup, and with a remote terminator which does nothing to it, waits; another one quits: the process is killed, and its cleanup has run once the program has ended.",
		Run: func(c *C) {
			board := c.quits(func(p *P, board, gate spec.Value) {
				p.CurrentProcessSetTerminateMethod(key.RemoteTerminator(p.FuncAnywhereOf(func(*P, []spec.Value) {})))
				cleansUp(p, board, gate)
			})
			c.Expect(boolean(c.has(board, "cleanup"))).To(BeTrue(), "a process that its terminate method doesn't end is killed, so that its cleanups get a chance")
		},
	},
	{
		ID:    "INIT-STOP-2/nothing-left",
		Needs: initNeeds,
		Story: "The only process that is listed returns at once: initialize-multiprocessing returns, or the program ends.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Starts(board, func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} })
			c.mark("INIT-START-1", board, "runs", "the process that is listed runs")
			l.Types(func(p *P) { p.BoardPost(board, list("listens", spec.Truth(p.GetCurrentProcess().Primary()))) })
			c.Until("INIT-STOP-2", "the call returns, or the program ends", func() bool {
				if told := posts(entries(c.BoardRead(board).Primary()), "listens"); len(told) > 0 && spec.Truth(entries(told[0])[0]) {
					c.NotApplicable("there is a default listener beside the process that is listed")
				}
				return c.has(board, "returned") || l.HasEnded()
			})
		},
	},
	{
		ID:    "INIT-STOP-3/events",
		Needs: append([]string{"quit"}, initNeeds...),
		Story: "The only process that is listed returns; where multiprocessing hasn't ended then, it quits in another image.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Starts(board, func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} })
			c.mark("INIT-START-1", board, "runs", "the process that is listed runs")
			c.Settle()
			if c.has(board, "returned") || l.HasEnded() {
				c.Observe("INIT-STOP-3", "last-process-gone")
				return
			}
			other := c.Fresh()
			other.Starts(c.Board(), func(p *P) []any { return []any{element("Server", p.FuncAnywhere(func(p *P) { p.Quit() }))} })
			c.Until("INIT-STOP-1", "the program ends that quits", other.HasEnded)
			c.Observe("INIT-STOP-3", "quit")
		},
	},
})

// cleansUp registers a cleanup, which posts that it runs.
func cleansUp(p *P, board, _ spec.Value) {
	p.EnsureProcessCleanup(p.FuncAnywhere(func(p *P) { p.BoardPost(board, list("cleanup")) }))
}

// quits has a process prepare for its end and wait at a gate in an image, and another one quit. It returns the board, once the program has
// ended.
func (c *C) quits(prepares func(p *P, board, gate spec.Value)) spec.Value {
	board, ready := c.Board(), c.Board()
	l := c.Fresh()
	l.Starts(board, func(p *P) []any {
		waits := p.FuncAnywhere(func(p *P) {
			p.turn(0)
			gate := p.MakeGate().Primary()
			prepares(p, board, gate)
			p.BoardPost(board, list("waits"))
			p.BoardPost(ready, true)
			p.GateWait(gate)
		})
		quits := p.FuncAnywhere(func(p *P) {
			p.turn(1)
			p.passes(ready)
			p.BoardPost(board, list("quits"))
			p.Quit(key.Status(0))
		})
		return []any{element("Waits", waits), element("Quits", quits)}
	})
	c.mark("INIT-START-1", board, "waits", "the process that is listed runs")
	c.mark("INIT-IP-3", board, "quits", "the process that is listed last runs too")
	c.lull()
	c.Until("INIT-STOP-1", "the program ends", l.HasEnded)
	return board
}
