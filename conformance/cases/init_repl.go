package cases

import "github.com/mpcheck/mpcheck/spec"

// The read-eval-print loop, and the default listener.
var _ = chapter([]Case{
	{
		ID:    "INIT-REPL-1/listener",
		Needs: initNeeds,
		Story: "Where nothing is listed, code that is typed in after initialize-multiprocessing was called is still evaluated, in a process.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Types(func(p *P) {
				p.mustBeOff()
				p.SetGlobalValue(initialProcesses, nil)
				p.BoardPost(board, list("calls"))
				p.InitializeMultiprocessing()
			})
			c.mark("INIT-REPL-1", board, "calls", "code that is typed in is evaluated")
			l.Types(func(p *P) { p.BoardPost(board, list("evaluated", spec.Truth(p.GetCurrentProcess().Primary()))) })
			c.Expect(c.mark("INIT-REPL-1", board, "evaluated", "code that is typed in is evaluated")).To(BeEqual([]any{true}), "it is evaluated in a process")
		},
	},
	{
		ID:      "INIT-REPL-2/no-listener",
		Needs:   initNeeds,
		Expects: Absence,
		Witness: "code is typed in and evaluated",
		Story:   "Where a process is listed, which waits, code that is typed in after initialize-multiprocessing was called is not evaluated.",
		Run: func(c *C) {
			board, gate := c.Board(), c.Board()
			l := c.Fresh()
			l.Types(func(p *P) { p.BoardPost(board, list("before")) })
			c.Control("code is typed in and evaluated", func() { c.mark("INIT-REPL-1", board, "before", "code that is typed in is evaluated") })
			l.Starts(board, func(p *P) []any {
				return []any{element("Server", p.FuncAnywhere(func(p *P) {
					p.BoardPost(board, list("runs"))
					p.passes(gate)
				}))}
			})
			c.mark("INIT-START-1", board, "runs", "the process that is listed runs")
			l.Types(func(p *P) { p.BoardPost(board, list("after")) })
			c.Settle()
			c.Expect(boolean(c.has(board, "after"))).To(BeNil(), "no default listener is made")
			c.letPass(gate)
		},
	},
	{
		ID:    "INIT-REPL-3/listener",
		Needs: append([]string{"process-priority", "global-value", "list-all-processes"}, initNeeds...),
		Story: "The default listener tells its priority, and how many processes there are.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Starts(board, nobody)
			l.Types(func(p *P) {
				self := p.GetCurrentProcess().Primary()
				if !spec.Truth(self) {
					p.BoardPost(board, list("typed too early"))
					return
				}
				usual := spec.Eql(p.ProcessPriority(self).Primary(), p.GlobalValue(defaultPriority).Primary())
				alone := len(entries(p.ListAllProcesses().Primary())) == 1
				p.BoardPost(board, list("listener", usual, alone))
			})
			told := entries(c.mark("INIT-REPL-1", board, "listener", "code that is typed in is evaluated in a process"))
			c.observeWhether("INIT-REPL-3", told[0], "default-priority", "another-priority")
			c.observeWhether("INIT-REPL-3", told[1], "no-extra-processes", "extra-processes-appear")
		},
	},
})

// observeWhether observes one of two behaviours.
func (c *C) observeWhether(clause string, what spec.Value, yes, no string) {
	if spec.Truth(what) {
		c.Observe(clause, yes)
		return
	}
	c.Observe(clause, no)
}
