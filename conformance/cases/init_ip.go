package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// *initial-processes*.
var _ = chapter([]Case{
	{
		ID:    "INIT-IP-1/names",
		Needs: initNeeds,
		Story: "Two elements of the form (name nil function): both functions run, each in a process of its name.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("First", p.Posts(board, "one", 0)), element("Second", p.Posts(board, "two", 1))}
			})
			c.Expect(c.mark("INIT-IP-1", board, "one", "the function of the first element runs")).To(BeEqual([]any{"First"}), "it runs in a process of its name")
			c.Expect(c.mark("INIT-IP-1", board, "two", "the function of the second element runs")).To(BeEqual([]any{"Second"}), "it runs in a process of its name")
		},
	},
	{
		ID:    "INIT-IP-1/arguments",
		Needs: initNeeds,
		Story: "What follows the function in an element are the arguments that it is called with.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("Server", p.FuncAnywhereOf(func(p *P, args []spec.Value) {
					p.BoardPost(board, list("called", spec.NewList(args...)))
				}), 1, "two")}
			})
			c.Expect(c.mark("INIT-IP-1", board, "called", "the function of the element runs")).To(BeEqual([]any{[]any{1, "two"}}), "it is called with its arguments")
		},
	},
	{
		ID:    "INIT-IP-2/once",
		Needs: initNeeds,
		Story: "Three elements: each function runs once.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("First", p.Posts(board, "one", 0)), element("Second", p.Posts(board, "two", 1)), element("Third", p.Posts(board, "three", 2))}
			})
			for _, mark := range []string{"one", "two", "three"} {
				c.mark("INIT-IP-3", board, mark, "the functions of all elements run")
			}
			c.Settle()
			posted := entries(c.BoardRead(board).Primary())
			for _, mark := range []string{"one", "two", "three"} {
				c.Expect(spec.Of(len(posts(posted, mark)))).To(BeEql(1), "each element is used once")
			}
		},
	},
	{
		ID:    "INIT-IP-2/order",
		Needs: append([]string{"symbol-value", "defvar"}, initNeeds...),
		Story: "A form on *process-initial-bindings* counts the processes as they are made: those of three elements have read numbers that increase, in whatever order they run.",
		Run: func(c *C) {
			if !spec.Clauses().Judged(spec.Clauses().Lookup("BIND-4"), c.handshake.Profile, false) {
				c.NotApplicable("no page that is claimed says when such a form is evaluated (BIND-4)")
			}
			board := c.Board()
			counter, next := spec.Symbol{Name: "*SEQ*"}, spec.Symbol{Name: "NEXT-SEQ"}
			l := c.Fresh()
			l.Starts(board, func(p *P) []any {
				count := p.Cell(0)
				p.Defun(next, p.c.anywhereOf(func(p *P) any {
					n, _ := p.CellGet(count).Primary().(spec.Int)
					p.CellSet(count, n+1)
					return n + 1
				}))
				p.Defvar(counter, 0)
				p.SetGlobalValue(initialBindings, []any{spec.NewList(counter, next)})
				runs := func(nth int) spec.Value {
					return p.FuncAnywhere(func(p *P) {
						p.turn(nth)
						p.BoardPost(board, list("runs", nth, p.SymbolValue(counter).Primary()))
					})
				}
				return []any{element("First", runs(0)), element("Second", runs(1)), element("Third", runs(2))}
			})
			c.BoardAwait(board, 1, c.watchdog)
			if ended := c.has(board, "returned") || l.HasEnded(); c.has(board, "signalled") || ended && len(c.whoRan(board)) == 0 {
				c.NotApplicable("such a form is an error")
			}
			of, seen := map[spec.Value]spec.Int{}, map[spec.Int]bool{}
			for _, e := range c.marks("INIT-IP-3", board, "runs", 3, "the functions of all elements run") {
				n, ok := entries(e)[1].(spec.Int)
				if !ok || n == 0 || seen[n] {
					c.NotApplicable("a process doesn't begin with what a form on *process-initial-bindings* counts")
				}
				of[entries(e)[0]], seen[n] = n, true
			}
			first, second, third := of[spec.Int(0)], of[spec.Int(1)], of[spec.Int(2)]
			c.Expect(boolean(first < second && second < third)).To(BeTrue(), "the elements are used in the order of the list")
		},
	},
	{
		ID:    "INIT-IP-3/all",
		Needs: append([]string{"list-all-processes"}, initNeeds...),
		Story: "Of three processes that are listed and wait, one lists all processes: the others are among them.",
		Run: func(c *C) {
			board, gate, mayList := c.Board(), c.Board(), c.Board()
			waits := func(p *P, nth int) spec.Value {
				return p.FuncAnywhere(func(p *P) {
					p.turn(nth)
					p.postWho(board, "runs")
					p.passes(gate)
				})
			}
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("First", waits(p, 0)), element("Second", waits(p, 1)), element("Third", p.FuncAnywhere(func(p *P) {
					p.turn(2)
					p.passes(mayList)
					var names []spec.Value
					for _, process := range entries(p.ListAllProcesses().Primary()) {
						names = append(names, p.ProcessName(process).Primary())
					}
					p.BoardPost(board, list("listed", spec.NewList(names...)))
				}))}
			})
			c.marks("INIT-IP-3", board, "runs", 2, "the processes of the other elements run")
			c.letPass(mayList)
			names := entries(c.mark("INIT-IP-3", board, "listed", "the process of the last element runs"))[0]
			for _, runs := range c.whoRan(board) { // whether it lists the caller is another question
				c.Expect(names).To(containing(entries(runs)[0], 1), "the process of each element is there")
			}
			c.letPass(gate)
		},
	},
	{
		ID:    "INIT-IP-4/current",
		Needs: initNeeds,
		Story: "The variable is set, and set again before initialize-multiprocessing is called: what it lists last runs, and nothing else.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				p.SetGlobalValue(initialProcesses, []any{element("Old", p.Posts(board, "old"))})
				return []any{element("New", p.Posts(board, "new"))}
			})
			c.marksElse("INIT-START-1", board, "new", 1, "the process that is listed runs", func() string {
				if c.has(board, "old") {
					return "INIT-IP-4"
				}
				return "INIT-START-1"
			})
			c.Settle()
			c.Expect(boolean(c.has(board, "old"))).To(BeNil(), "the value at the time of the call counts")
		},
	},
	{
		ID:    "INIT-IP-4/saved",
		Needs: saveNeeds,
		Story: "What the variable lists when an image is saved runs in a Lisp that is launched of it and starts multiprocessing.",
		Run: func(c *C) {
			board := c.Board()
			path := c.savedWith(func(p *P) []any { return []any{element("Server", p.Posts(board, "runs"))} }, c.restartsMultiprocessing()...)
			c.Of(path).serves("INIT-BOOT-2", "INIT-IP-4", board, "the process that was listed runs")
		},
	},
	{
		ID:    "INIT-IP-5/nil",
		Needs: append([]string{"global-value", "get-current-process"}, imageNeeds...),
		Story: "In a Lisp as it comes the variable is nil.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Types(func(p *P) { p.BoardPost(board, list("value", p.GlobalValue(initialProcesses).Primary())) })
			c.Expect(c.mark("INIT-REPL-1", board, "value", "code that is typed in is evaluated")).To(BeEqual([]any{nil}), "it lists nothing")
		},
	},
	{
		ID:    "INIT-IP-6/late",
		Needs: initNeeds,
		Story: "A process sets the variable once multiprocessing runs.",
		Run: func(c *C) {
			board, gate := c.Board(), c.Board()
			c.Fresh().Starts(board, func(p *P) []any {
				return []any{element("Server", p.FuncAnywhere(func(p *P) {
					p.SetGlobalValue(initialProcesses, []any{element("Late", p.Posts(board, "late"))})
					p.BoardPost(board, list("set"))
					p.passes(gate)
				}))}
			})
			c.mark("INIT-START-1", board, "set", "the process that is listed runs")
			c.Settle()
			if !c.has(board, "late") {
				c.Observe("INIT-IP-6", "late-change-no-effect")
				return
			}
			c.Observe("INIT-IP-6", spec.Other)
		},
	},
	{
		ID:    "INIT-IP-6/malformed",
		Needs: initNeeds,
		Story: "Of two elements the first is no argument list: the call signals an error, or the other one's process runs.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Starts(board, func(p *P) []any { return []any{1, element("Server", p.Posts(board, "runs"))} })
			c.Settle()
			switch {
			case c.has(board, "signalled"):
				c.Observe("INIT-IP-6", "malformed-error-at-start")
			case c.has(board, "runs"):
				c.Observe("INIT-IP-6", "malformed-element-skipped")
			default:
				c.Observe("INIT-IP-6", spec.Other)
			}
		},
	},
})

// whoRan are the names of processes that have posted that they run.
func (c *C) whoRan(board spec.Value) []spec.Value {
	return slices.Clone(posts(entries(c.BoardRead(board).Primary()), "runs"))
}
