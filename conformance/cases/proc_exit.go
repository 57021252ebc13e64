package cases

import "github.com/mpcheck/mpcheck/spec"

// How a process ends of itself.
var _ = chapter([]Case{
	{
		ID:      "PROC-EXIT-1/return",
		Needs:   []string{"process-run-function", "list-all-processes"},
		Expects: Absence,
		Witness: "a process that waits is listed",
		Story:   "A process that waits is listed; one whose function has nothing to do leaves the list.",
		Run: func(c *C) {
			c.Control("a process that waits is listed", func() {
				c.Expect(spec.Bool(c.listed(c.Gated("waits").Process))).For("PROC-LIST-1").To(BeTrue(), "a process that waits is listed")
			})
			child := c.Spawn("child", func(*P) {})
			c.Until("PROC-EXIT-1", "the process whose function has returned is no longer listed", func() bool { return !c.listed(child) })
		},
	},
	{
		ID:    "PROC-EXIT-2/current-process-kill",
		Needs: exitNeeds,
		Story: "A process logs 1, calls current-process-kill and would log 2: it ends, and the log holds 1 alone.",
		Run: func(c *C) {
			mine := c.Log()
			child := c.lifeOf("child", nil, func(p *P, _ *life) {
				p.LogAppend(mine, 1)
				p.CurrentProcessKill()
				p.LogAppend(mine, 2)
			})
			child.over()
			c.Expect(c.LogRead(mine)).To(BeEqual(list(1)), "the call does not return")
		},
	},
	{
		ID:    "PROC-EXIT-2/in-handlers",
		Needs: exitNeeds,
		Story: "A process calls current-process-kill in handlers and bodies of handler-bind and handler-case, and in a form of unwind-protect: each time it ends, and no handler hears of that.",
		Run: func(c *C) {
			fails := func(p *P) { p.SignalError("handled") }
			for _, end := range []struct {
				in  string
				run func(p *P, dies, handler spec.Callback)
			}{
				{"handler of handler-bind", func(p *P, dies, _ spec.Callback) { p.HandlerBind(p.Code(fails), dies) }},
				{"handler of handler-case", func(p *P, dies, _ spec.Callback) { p.HandlerCase(p.Code(fails), dies) }},
				{"form of unwind-protect", func(p *P, dies, _ spec.Callback) { p.UnwindProtect(p.Code(func(*P) {}), dies) }},
				{"body of handler-bind", func(p *P, dies, handler spec.Callback) { p.HandlerBind(dies, handler) }},
				{"body of handler-case", func(p *P, dies, handler spec.Callback) { p.HandlerCase(dies, handler) }},
			} {
				mine := c.Log()
				child := c.lifeOf(end.in, nil, func(p *P, _ *life) {
					dies := p.Code(func(p *P) {
						p.LogAppend(mine, 1)
						p.CurrentProcessKill()
						p.LogAppend(mine, 2)
					})
					end.run(p, dies, p.Code(func(p *P) { p.LogAppend(mine, spec.Keyword("handler")) }))
					p.LogAppend(mine, 3)
				})
				child.over()
				c.Expect(c.LogRead(mine)).To(BeEqual(list(1)), "the call in the %s does not return, and no handler runs for it", end.in)
			}
		},
	},
	{
		ID:    "PROC-EXIT-5/nested",
		Needs: exitNeeds,
		Story: "A process calls current-process-kill inside two nested unwind-protects: their forms run, the inner one first.",
		Run: func(c *C) {
			trail, left := c.Log(), c.Cell(nil)
			child := c.lifeOf("child", nil, func(p *P, _ *life) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.UnwindProtect(p.Code(func(p *P) {
						p.CurrentProcessKill()
						p.LogAppend(trail, "returned")
					}), p.Code(func(p *P) { p.LogAppend(trail, "inner") }))
					p.LogAppend(trail, "went on")
				}), p.Code(func(p *P) {
					p.LogAppend(trail, "outer")
					p.CellSet(left, true)
				}))
			})
			child.over()
			c.AwaitThat(spec.CellIs(left, true), "the process unwinds, be it after its cleanups")
			log := c.LogRead(trail)
			c.Expect(log).For("PROC-EXIT-2").NotTo(containing("returned", 1), "the call does not return")
			c.Expect(log).To(BeEqual(list("inner", "outer")), "the throw runs the forms around the call, the innermost first")
		},
	},
	{
		ID:    "PROC-EXIT-6/in-cleanup",
		Needs: exitNeeds,
		Story: "A cleanup calls current-process-kill and then logs: its entry appears, and the later cleanup runs.",
		Run: func(c *C) {
			child, began := c.life("child"), c.Cell(nil)
			child.marks("later", 2)
			child.marksAfter("first", 1, func(p *P) {
				p.CellSet(began, true)
				p.CurrentProcessKill()
			})
			cleaned := c.Cleaned(child.Process)
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(began, true), "the first cleanup begins")
			c.AwaitThat(cleaned, "the cleanups run to their end")
			c.Settle()
			c.Expect(c.LogRead(child.log)).To(containing("first", 1), "the call returns")
			c.Expect(c.LogRead(child.log)).To(containing("later", 1), "the later cleanup runs")
		},
	},
	{
		ID:    "PROC-EXIT-4/unhandled-error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "The function of a process signals an error that nobody handles: whether it dies or waits is recorded; other processes live on.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.SignalError("nobody handles this") })
			child.marks("form", 1)
			// Whether the error was reported somewhere can't be seen from here.
			switch log := child.settled(); {
			case times(log, "form") > 0:
				c.Observe("PROC-EXIT-4", "dies-quietly")
			case c.listed(child.Process):
				c.Observe("PROC-EXIT-4", "waits-in-debugger")
			default:
				c.Observe("PROC-EXIT-4", spec.Other)
			}
			c.usable()
		},
	},
	{
		ID:    "PROC-EXIT-7/blocked",
		Needs: []string{"process-run-function", "with-interrupts-blocked", "current-process-kill"},
		Story: "A process calls current-process-kill where interrupts are blocked: an error is signalled, and the process lives on, also behind the scope.",
		Run: func(c *C) {
			tried, within, behind := c.Cell(none), c.Cell(nil), c.Cell(nil)
			c.Spawn("child", func(p *P) {
				p.WithInterruptsBlocked(p.Code(func(p *P) {
					p.CellSet(tried, spec.Keyword(called(p.Try().CurrentProcessKill(), "error", "returned", "returned")))
					p.CellSet(within, true)
				}))
				p.Settle()
				p.CellSet(behind, true)
			})
			c.AwaitFor("PROC-EXIT-7", spec.CellIs(within, true), "the process lives on")
			c.Expect(c.CellGet(tried)).To(BeEql(spec.Keyword("error")), "current-process-kill signals an error where interrupts are blocked")
			c.AwaitFor("PROC-EXIT-7", spec.CellIs(behind, true), "the process lives on behind the scope")
		},
	},
	{
		ID:    "PROC-EXIT-8/alone",
		Needs: []string{"process-run-function", "with-other-threads-disabled", "current-process-kill"},
		Story: "A process calls current-process-kill where other threads are disabled: the code behind the call runs within the scope, and none behind the scope.",
		Run: func(c *C) {
			log, left := c.Log(), c.Cell(nil)
			c.Spawn("child", func(p *P) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.WithOtherThreadsDisabled(p.Code(func(p *P) {
						p.For("PROC-EXIT-8").CurrentProcessKill()
						p.LogAppend(log, "within")
					}))
					p.Settle() // its end may come a little later
					p.LogAppend(log, "behind")
				}), p.Code(func(p *P) { p.CellSet(left, true) }))
			})
			c.AwaitFor("PROC-EXIT-5", spec.CellIs(left, true), "the process unwinds")
			c.Expect(c.LogRead(log)).To(BeEqual(list("within")), "it is only marked within the scope, and ends with it")
		},
	},
})
