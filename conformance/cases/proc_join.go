package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// process-join.
var _ = chapter([]Case{
	{
		ID:    "PROC-JOIN-1/timeout-then-death",
		Needs: []string{"process-run-function", "process-join"},
		Story: "Joining a process that waits gives nil after its timeout; once the process may go on, joining it gives t.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(0.2))).To(BeNil(), "the timeout passes first")
			c.Open(child)
			c.Expect(c.ProcessJoin(child.Process)).To(BeTrue(), "the process dies; no timeout is no limit")
		},
	},
	{
		ID:    "PROC-JOIN-1/killed",
		Needs: []string{"process-run-function", "process-join", "process-kill"},
		Story: "Joining a process that waits and is killed meanwhile by a third gives t; a timeout of nil is no limit, and one far off is not reached.",
		Run: func(c *C) {
			child := c.victim("child")
			c.Spawn("killer", func(p *P) { p.For("PROC-KILL-1").ProcessKill(child.Process) })
			c.AwaitFor("PROC-KILL-1", child.left, "the killed process unwinds")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(nil))).To(BeTrue(), "the process dies")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(1000))).To(BeTrue(), "the process dies in time")
		},
	},
	{
		ID:    "PROC-JOIN-2/dead",
		Needs: []string{"process-run-function", "process-join"},
		Story: "A process that has been joined is joined again, with and without a timeout: t at once.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Open(child)
			c.Expect(c.ProcessJoin(child.Process)).For("PROC-JOIN-1").To(BeTrue(), "the process dies")
			c.Settle()
			c.Expect(c.ProcessJoin(child.Process)).To(BeTrue(), "the process is dead")
			c.Expect(c.ProcessJoin(child.Process, key.Timeout(0))).To(BeTrue(), "the process is dead, so that no time is needed")
		},
	},
	{
		ID:    "PROC-JOIN-4/several",
		Needs: []string{"process-run-function", "process-join"},
		Story: "Several processes join one, the second with a timeout far off: its death wakes them all.",
		Run: func(c *C) {
			child := c.Gated("child")
			var joins []spec.Ref
			for _, keys := range [][]any{{}, {key.Timeout(1000)}, {}}[:c.Size(3, 3, 2)] {
				joins = append(joins, c.answers("joiner", func(p *P) spec.Return { return p.ProcessJoin(child.Process, keys...) }))
				c.lull()
			}
			c.Open(child)
			for _, join := range joins {
				c.Expect(c.answered("PROC-JOIN-4", join, "each join returns")).For("PROC-JOIN-1").To(BeTrue(), "the process died")
			}
		},
	},
	{
		ID:    "PROC-JOIN-5/in-cleanups",
		Needs: append([]string{"process-join"}, cleanupNeeds...),
		Story: "A process is joined while one of its cleanups waits: whether the join returns before the cleanups have finished is recorded.",
		Run: func(c *C) {
			child, gate := c.inCleanups("child")
			if spec.Truth(c.ProcessJoin(child.Process, key.Timeout(0.2)).Primary()) {
				c.Observe("PROC-JOIN-5", "returns-before-cleanups-finish")
			} else {
				c.Observe("PROC-JOIN-5", "returns-after-cleanups")
			}
			c.GateOpen(gate)
		},
	},
	{
		ID:    "PROC-JOIN-3/observed",
		Needs: []string{"process-run-function", "process-join", "process-kill", "get-current-process"},
		Story: "Records what a process gets that joins itself, with a time-out far off, and what a negative time-out does.",
		Run: func(c *C) {
			begun, answer := c.Cell(nil), c.Cell(none)
			child := c.Spawn("child", func(p *P) {
				me := p.GetCurrentProcess().Primary()
				p.CellSet(begun, true)
				r := p.Try().ProcessJoin(me, key.Timeout(1000))
				p.CellSet(answer, spec.Keyword(called(r, "error", "nil", "t")))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the child begins")
			c.Await(spec.CellNot(answer, none), settleSeconds)
			switch c.CellGet(answer).Primary() {
			case none:
				c.Observe("PROC-JOIN-3", "self-waits-for-kill")
				c.For("PROC-KILL-1").ProcessKill(child)
			case spec.Keyword("error"):
				c.Observe("PROC-JOIN-3", "self-error")
			case spec.Keyword("nil"):
				c.Observe("PROC-JOIN-3", "self-nil")
			default:
				c.Observe("PROC-JOIN-3", spec.Other)
			}
			r := c.Try().ProcessJoin(c.Gated("other").Process, key.Timeout(-1))
			c.Observe("PROC-JOIN-3", called(r, "negative-timeout-error", "negative-timeout-nil", spec.Other))
		},
	},
})
