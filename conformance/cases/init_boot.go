package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// How an executable starts multiprocessing.
var _ = chapter([]Case{
	{
		ID:      "INIT-BOOT-1/argument",
		Clauses: []string{"INIT-START-7"},
		Needs:   saveNeeds,
		Story:   "An image is saved with :environment nil. Launched with -multiprocessing on its command line it starts multiprocessing: the process that was listed runs, which without the argument it doesn't.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(serverOn(board), key.Environment(nil))
			c.withoutArgument(path, board)
			c.Of(path, "-multiprocessing").serves("INIT-BOOT-1", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-2/restart-function",
		Needs: saveNeeds,
		Story: "An image that was saved with initialize-multiprocessing as its restart function, or where that isn't offered with :multiprocessing t, starts multiprocessing when it is launched: the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(serverOn(board), c.restartsMultiprocessing()...)
			c.Of(path).serves("INIT-BOOT-2", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-3/delivery",
		Needs: deliverNeeds,
		Story: "A delivery that was made with :multiprocessing t starts multiprocessing when it is launched: the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.delivered(serverOn(board), tellsDelivered(board), key.Multiprocessing(true))
			c.Of(path).serves("INIT-BOOT-3", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-4/in-a-process",
		Needs: deliverNeeds,
		Story: "The function of a delivery that was made with :multiprocessing t is called by itself, in a process.",
		Run: func(c *C) {
			board := c.Board()
			path := c.delivered(serverOn(board), tellsDelivered(board), key.Multiprocessing(true))
			c.Of(path)
			c.Expect(c.mark("INIT-BOOT-4", board, "delivered", "the function of the delivery runs")).To(BeEqual([]any{true}), "it has a current process")
		},
	},
	{
		ID:    "INIT-BOOT-5/library",
		Needs: append([]string{"build-library"}, initNeeds...),
		Story: "A dynamic library is loaded by a host in C: multiprocessing starts with no call about it, and the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.Saved(func(p *P, path spec.Value) {
				p.SetGlobalValue(initialProcesses, spec.Of(serverOn(board)(p)))
				p.BuildLibrary(path)
			})
			c.Of(path).serves("INIT-BOOT-5", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-6/modes",
		Needs: append([]string{"deliver"}, saveNeeds...),
		Story: "The same element is listed, and multiprocessing started in three ways: each time its process runs.",
		Run: func(c *C) {
			argument, restart, delivery := c.Board(), c.Board(), c.Board()
			asked := c.Of(c.savedWith(serverOn(argument), key.Environment(nil)), "-multiprocessing")
			asked.serves("INIT-BOOT-1", "INIT-BOOT-6", argument, "the process that was listed runs, by -multiprocessing")
			saved := c.Of(c.savedWith(serverOn(restart), c.restartsMultiprocessing()...))
			saved.serves("INIT-BOOT-2", "INIT-BOOT-6", restart, "the process that was listed runs, by what was said when it was saved")
			delivered := c.Of(c.delivered(serverOn(delivery), tellsDelivered(delivery), key.Multiprocessing(true)))
			delivered.serves("INIT-BOOT-3", "INIT-BOOT-6", delivery, "the process that was listed runs, of a delivery")
		},
	},
	{
		ID:    "INIT-BOOT-7/keyword",
		Needs: append([]string{"save-image :multiprocessing"}, saveNeeds...),
		Story: "An image that was saved with :multiprocessing t starts multiprocessing when it is launched: the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(serverOn(board), key.Environment(nil), key.Multiprocessing(true))
			c.Of(path).serves("INIT-BOOT-7", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-8/nil",
		Needs: append([]string{"process-run-function"}, deliverNeeds...),
		Story: "In a delivery that was made without :multiprocessing process-run-function fails, or is absent.",
		Run: func(c *C) {
			board, gate := c.Board(), c.Board()
			path := c.delivered(serverOn(board), func(p *P) {
				function := p.Posts(board, "made")
				if p.Frame.(checked).Frame.Do(spec.NewCall("process-run-function", nil, "Child", nil, function)).Status == spec.Returned {
					p.BoardPost(board, list("returned"))
				}
				p.BoardPost(board, list("over"))
				p.passes(gate)
			})
			c.Of(path)
			c.mark("INIT-BOOT-8", board, "over", "the function of the delivery runs")
			c.Settle()
			c.Expect(boolean(c.has(board, "returned") && c.has(board, "made"))).To(BeNil(), "multiprocessing can't be used: no process runs")
			c.letPass(gate)
		},
	},
	{
		ID:    "INIT-BOOT-8/manual",
		Needs: deliverNeeds,
		Story: "The function of a delivery that was made with :multiprocessing :manual calls initialize-multiprocessing: the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.delivered(serverOn(board), func(p *P) { p.InitializeMultiprocessing() }, key.Multiprocessing(spec.Keyword("manual")))
			c.Of(path).serves("INIT-BOOT-8", "INIT-BOOT-6", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-BOOT-9/two-modes",
		Needs: saveNeeds,
		Story: "An image that was saved so as to start multiprocessing is launched with -multiprocessing.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(serverOn(board), c.restartsMultiprocessing()...)
			c.Of(path, "-multiprocessing").serves("INIT-BOOT-2", "INIT-BOOT-6", board, "the process that was listed runs")
			c.Settle()
			if len(c.whoRan(board)) == 1 {
				c.Observe("INIT-BOOT-9", "started-once")
				return
			}
			c.Observe("INIT-BOOT-9", spec.Other)
		},
	},
})

var deliverNeeds = append([]string{"deliver"}, initNeeds...)

// restartsMultiprocessing are keywords by which an image that is saved starts multiprocessing, and not the environment: by the
// restart function of 7.0, or else by the keyword of 8.0, either of which will do.
func (c *C) restartsMultiprocessing() []any {
	switch {
	case c.Offers("save-image :restart-function"):
		return []any{key.RestartFunction(initializing), key.Environment(nil)}
	case c.Offers("save-image :multiprocessing"):
		return []any{key.Multiprocessing(true), key.Environment(nil)}
	}
	c.NotApplicable("neither save-image :restart-function nor save-image :multiprocessing is claimed")
	return nil
}

// serverOn lists one process, which posts that it runs.
func serverOn(board spec.Value) func(p *P) []any {
	return func(p *P) []any { return []any{element("Server", p.Posts(board, "runs", 0))} }
}

// tellsDelivered is the function of a delivery, which tells whether it is called in a process.
func tellsDelivered(board spec.Value) func(p *P) {
	return func(p *P) {
		p.turn(1)
		p.tells(board, "delivered")
	}
}

// delivered has a fresh image deliver a function, and returns the path.
func (c *C) delivered(elements func(p *P) []any, function func(p *P), keys ...any) spec.Value {
	return c.Saved(func(p *P, path spec.Value) {
		p.SetGlobalValue(initialProcesses, spec.Of(elements(p)))
		p.Deliver(p.FuncAnywhere(function), path, 0, keys...)
	})
}

// withoutArgument launches an image that nothing says should start multiprocessing. Where it does so all the same, that it
// does with an argument says nothing.
func (c *C) withoutArgument(path, board spec.Value) {
	l := c.Of(path)
	l.Types(func(p *P) { p.BoardPost(board, list("typed")) })
	c.Until("INIT-REPL-1", "code that is typed in is evaluated, or the process that is listed runs", func() bool {
		return c.has(board, "typed") || c.has(board, "runs")
	})
	c.Settle()
	if c.has(board, "runs") {
		c.Inconclusive("the image starts multiprocessing without being asked")
	}
}
