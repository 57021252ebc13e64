package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// initialize-multiprocessing.
var _ = chapter([]Case{
	{
		ID:    "INIT-START-1/initial-process",
		Needs: initNeeds,
		Story: "In a Lisp in which multiprocessing is off, code that is typed in lists a process and calls initialize-multiprocessing: the process runs, and is the current one.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} })
			runs := c.mark("INIT-START-1", board, "runs", "the process that is listed runs")
			c.Expect(entries(runs)[0]).NotTo(BeNil(), "its code has a current process")
		},
	},
	{
		ID:      "INIT-START-2/waits",
		Needs:   initNeeds,
		Expects: Absence,
		Witness: "the listed process runs",
		Story:   "While the process that is listed waits, the call of initialize-multiprocessing that has made it has not returned.",
		Run: func(c *C) {
			board, gate := c.Board(), c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("Server", p.FuncAnywhere(func(p *P) {
					p.BoardPost(board, list("runs"))
					p.passes(gate)
				}))}
			})
			c.Control("the listed process runs", func() { c.mark("INIT-START-1", board, "runs", "the process that is listed runs") })
			c.Settle()
			c.Expect(boolean(c.has(board, "returned"))).To(BeNil(), "the call returns once multiprocessing has ended")
			c.Expect(boolean(c.has(board, "signalled"))).To(BeNil(), "the call signals no error while multiprocessing runs")
			c.letPass(gate)
		},
	},
	{
		ID:    "INIT-START-3/nil",
		Needs: initNeeds,
		Story: "The process that is listed returns; where the call of initialize-multiprocessing returns then, it returns nil.",
		Run: func(c *C) {
			board := c.Board()
			l := c.Fresh()
			l.Starts(board, func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} })
			if !c.endsSomehow(l, board) {
				c.NotApplicable("multiprocessing ends in another way than by the end of the process that was listed")
			}
			returned := posts(entries(c.BoardRead(board).Primary()), "returned")
			if len(returned) == 0 {
				c.NotApplicable("the program ends, and the call doesn't return")
			}
			c.Expect(returned[0]).To(BeEqual([]any{nil}), "initialize-multiprocessing returns nil")
		},
	},
	{
		ID:    "INIT-START-4/environment",
		Needs: []string{"process-run-function"},
		Story: "Where multiprocessing runs already process-run-function makes a process that runs, without any other call.",
		Run: func(c *C) {
			begun := c.Cell(nil)
			function := c.Func(func(p *P, _ []spec.Value) any { p.CellSet(begun, true); return nil })
			c.For("INIT-START-4").ProcessRunFunction(c.name("child"), nil, function)
			c.AwaitThat(spec.CellIs(begun, true), "the process runs")
		},
	},
	{
		ID:    "INIT-START-5/again",
		Needs: initNeeds,
		Story: "A process calls initialize-multiprocessing while multiprocessing runs: it signals an error, returns, or waits.",
		Run: func(c *C) {
			board, second, gate := c.Board(), c.Board(), c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("Server", p.FuncAnywhere(func(p *P) {
					p.BoardPost(board, list("runs"))
					p.initializes(second)
					p.passes(gate)
				}))}
			})
			c.mark("INIT-START-1", board, "runs", "the process that is listed runs")
			c.Settle()
			switch {
			case c.has(second, "signalled"):
				c.Observe("INIT-START-5", "error")
			case c.has(second, "returned"):
				c.Observe("INIT-START-5", "returns-at-once")
			default:
				c.Observe("INIT-START-5", "waits-until-end")
			}
		},
	},
	{
		ID:    "INIT-START-6/main",
		Needs: initNeeds,
		Story: "initialize-multiprocessing is given a name, keywords and a function: this runs in a process.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, nobody,
				func(*P) any { return "Main" }, func(*P) any { return nil }, func(p *P) any { return p.Posts(board, "runs") })
			c.Expect(entries(c.mark("INIT-START-6", board, "runs", "the function runs"))[0]).NotTo(BeNil(), "it has a current process")
		},
	},
	{
		ID:    "INIT-START-7/typed",
		Needs: saveNeeds,
		Story: "An image is saved with :environment nil; in a Lisp that is launched of it initialize-multiprocessing is called: the process that was listed runs.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} }, key.Environment(nil))
			l := c.Of(path)
			l.Types(func(p *P) { p.For("INIT-START-7").InitializeMultiprocessing() })
			l.serves("INIT-START-7", "INIT-IP-4", board, "the process that was listed runs")
		},
	},
})

// boolean is nil or t.
func boolean(v bool) spec.Value { return spec.Of(v) }

// endsSomehow waits for the end of a call of initialize-multiprocessing, or of the program, and tells whether either came.
func (c *C) endsSomehow(l *Lisp, board spec.Value) bool {
	for waited := 0.0; waited < c.watchdog; waited += settleSeconds {
		if c.has(board, "returned") || c.has(board, "signalled") || spec.Truth(c.ImageWait(l.lisp, settleSeconds).Primary()) {
			return true
		}
	}
	return c.has(board, "returned")
}
