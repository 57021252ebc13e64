package cases

import "github.com/mpcheck/mpcheck/spec"

// The end of multiprocessing, and of the program.
var _ = chapter([]Case{
	{
		ID:    "INIT-STOP-1/quit",
		Needs: append([]string{"quit", "ensure-process-cleanup"}, initNeeds...),
		Story: "A process with a cleanup waits; another one quits: the cleanup has run once the program has ended.",
		Run: func(c *C) {
			board := c.quits()
			c.Expect(boolean(c.has(board, "cleanup"))).To(BeTrue(), "the processes that are left are terminated, then killed, so that their cleanups get a chance")
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
			c.Until("INIT-STOP-2", "the call returns, or the program ends", func() bool { return c.has(board, "returned") || l.HasEnded() })
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
	{
		ID:    "CLEAN-RUN-4/quit",
		Needs: append([]string{"quit", "ensure-process-cleanup"}, initNeeds...),
		Story: "A process with a cleanup waits; another one quits: the cleanup runs, or it doesn't.",
		Run: func(c *C) {
			c.observeWhether("CLEAN-RUN-4", boolean(c.has(c.quits(), "cleanup")), "run-at-exit", "not-run-at-exit")
		},
	},
	{
		ID:    "PROC-CUR-2/off",
		Needs: append([]string{"process-run-function", "get-current-process"}, imageNeeds...),
		Story: "In a Lisp in which multiprocessing is off, code that is typed in has no current process. Where it has one, and process-run-function makes a process, multiprocessing is on.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Types(func(p *P) {
				current := spec.Truth(p.GetCurrentProcess().Primary())
				made := !current || p.Try().ProcessRunFunction("Child", nil, p.Posts(board, "runs")).Status == spec.Returned
				p.BoardPost(board, list("typed", current, made))
			})
			typed := entries(c.mark("INIT-REPL-1", board, "typed", "code that is typed in is evaluated"))
			if spec.Truth(typed[0]) && spec.Truth(typed[1]) {
				c.NotApplicable("there multiprocessing is never off: processes can be made in a Lisp as it comes")
			}
			c.Expect(typed[0]).To(BeNil(), "while multiprocessing is off there is no current process")
		},
	},
	{
		ID:    "PROC-CREATE-8/off",
		Needs: append([]string{"process-run-function"}, initNeeds...),
		Story: "In a Lisp in which multiprocessing is off, code that is typed in calls process-run-function, and later initialize-multiprocessing.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Types(func(p *P) {
				p.mustBeOff()
				r := p.Try().ProcessRunFunction("Child", nil, p.Posts(board, "runs"))
				p.BoardPost(board, list("made", r.Status == spec.Returned))
			})
			made := c.mark("INIT-REPL-1", board, "made", "code that is typed in is evaluated")
			if !spec.Truth(entries(made)[0]) {
				c.Observe("PROC-CREATE-8", "error")
				return
			}
			c.Settle()
			if c.has(board, "runs") {
				c.Observe("PROC-CREATE-8", "starts-multiprocessing")
				return
			}
			l.Types(func(p *P) { p.initializes(board) })
			c.Settle()
			if c.has(board, "runs") {
				c.Observe("PROC-CREATE-8", "begins-later")
				return
			}
			c.Observe("PROC-CREATE-8", spec.Other)
		},
	},
})

// quits has a process with a cleanup wait in an image, and another one quit. It returns the board, once the program has ended.
func (c *C) quits() spec.Value {
	board, ready := c.Board(), c.Board()
	l := c.Fresh()
	l.Starts(board, func(p *P) []any {
		waits := p.FuncAnywhere(func(p *P) {
			p.turn(0)
			p.EnsureProcessCleanup(p.FuncAnywhere(func(p *P) { p.BoardPost(board, list("cleanup")) }))
			p.BoardPost(board, list("waits"))
			p.BoardPost(ready, true)
			p.GateWait(p.MakeGate().Primary())
		})
		quits := p.FuncAnywhere(func(p *P) {
			p.turn(1)
			p.passes(ready)
			p.Quit()
		})
		return []any{element("Waits", waits), element("Quits", quits)}
	})
	c.mark("INIT-START-1", board, "waits", "the process that is listed runs")
	c.lull()
	c.Until("INIT-STOP-1", "the program ends", l.HasEnded)
	return board
}
