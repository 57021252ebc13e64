package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// What the documents leave open of a creation.
var _ = chapter([]Case{
	{
		ID:    "PROC-CREATE-5/observed",
		Needs: []string{"process-run-function", "process-name", "get-process"},
		Story: "Records what a symbol, nil and a number do as names; a process that was there before is found as ever.",
		Run: func(c *C) {
			other := c.named("other")
			for _, name := range []any{spec.Symbol{Name: "MPCHECK-NAME"}, nil, 17} {
				made := c.Try().gatedNamed(name)
				if made == nil {
					c.Observe("PROC-CREATE-5", "error")
				} else {
					c.Observe("PROC-CREATE-5", nameMade(spec.Of(name), c.ProcessName(made).Primary()))
				}
				c.Expect(c.GetProcess(other.name)).For("PROC-NAME-1").To(BeEql(other.Process), "another process is found by its name")
			}
		},
	},
	{
		ID:    "PROC-CREATE-6/observed",
		Needs: []string{"process-run-function", "process-name", "list-all-processes"},
		Story: "Records whether a process can be made with the name of one that lives. Where it can, both are listed.",
		Run: func(c *C) {
			one := c.named("twin")
			other := c.Try().gatedNamed(one.name)
			if other == nil {
				c.Observe("PROC-CREATE-6", "second-call-errors")
				return
			}
			behaviour := "second-name-made-unique"
			if spec.Equal(c.ProcessName(other).Primary(), spec.String(one.name)) {
				behaviour = "both-exist"
			}
			c.Observe("PROC-CREATE-6", behaviour)
			listed := c.ListAllProcesses()
			for _, process := range []spec.Value{one.Process, other} {
				c.Expect(listed).For("PROC-LIST-1").To(containing(process, 1), "both processes live, so that both are listed")
			}
		},
	},
	{
		ID:    "PROC-CREATE-7/observed",
		Needs: []string{"process-run-function"},
		Story: "Records whether a process has begun, or is over, when its creator goes on: one of an instant function, and one that waits. Both functions run.",
		Run: func(c *C) {
			gate := c.MakeGate().Primary()
			for _, then := range []func(p *P){func(*P) {}, func(p *P) { p.GateWait(gate) }} {
				begun := c.Cell(nil)
				process := c.Spawn("process", func(p *P) {
					p.CellSet(begun, true)
					then(p)
				})
				switch {
				case !spec.Truth(c.CellGet(begun).Primary()):
					c.Observe("PROC-CREATE-7", "not-begun")
				case c.Offers("list-all-processes") && !c.listed(process):
					c.Observe("PROC-CREATE-7", "ended")
				default:
					c.Observe("PROC-CREATE-7", "begun")
				}
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the function runs")
			}
		},
	},
	{
		ID:    "PROC-CREATE-9/observed",
		Needs: []string{"process-run-function", "list-all-processes"},
		Story: "Records what an unknown keyword, a keyword list of odd length and a function that is none do. The creator can make processes as before.",
		Run: func(c *C) {
			unknown := list(spec.Keyword("mpcheck-unknown"), 1)
			c.observeOdd("unknown-keyword", func(function spec.Value) spec.Return {
				return c.Try().ProcessRunFunction(c.name("odd"), unknown, function)
			})
			c.observeOdd("odd-list", func(function spec.Value) spec.Return {
				return c.Try().ProcessRunFunction(c.name("odd"), list(spec.Keyword("mpcheck-unknown")), function)
			})
			c.observeOdd("uncallable", func(spec.Value) spec.Return {
				return c.Try().ProcessRunFunction(c.name("odd"), nil, 17)
			})
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

// gatedNamed makes a process of that name that waits for ever, and returns it once it has begun; nil where the
// call signals an error.
func (p *P) gatedNamed(name any, keywords ...any) spec.Value {
	ready, gate := p.Cell(nil), p.MakeGate().Primary()
	made := p.ProcessRunFunction(name, list(keywords...), p.Func(func(p *P, _ []spec.Value) any {
		p.CellSet(ready, true)
		p.GateWait(gate)
		return nil
	}))
	if made.Status == spec.Signalled {
		return nil
	}
	p.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process that was returned begins")
	return made.Primary()
}

// nameMade tells what became of a name that is no string.
func nameMade(given, name spec.Value) string {
	text, ok := name.(spec.String)
	switch {
	case spec.Eql(name, given):
		return "name-kept"
	case !ok:
		return spec.Other
	case strings.EqualFold(string(text), given.String()):
		return "name-as-string"
	}
	return "substitute-name"
}

// observeOdd makes a process of doubtful arguments and records what became of them: an error in the caller, one in the
// process, which doesn't call the function then, or none.
func (c *C) observeOdd(what string, create func(function spec.Value) spec.Return) {
	ran := c.Cell(nil)
	made := create(c.Func(func(p *P, _ []spec.Value) any { p.CellSet(ran, true); return nil }))
	switch {
	case made.Status == spec.Signalled:
		c.Observe("PROC-CREATE-9", what+"-error-in-caller")
	case c.endsOrSets(made.Primary(), ran):
		c.Observe("PROC-CREATE-9", what+"-ignored")
	default: // it died of the error, or waits in a debugger
		c.Observe("PROC-CREATE-9", what+"-error-in-process")
	}
	c.Gated("after")
}

// endsOrSets waits until a process has set a cell, which it tells, or is no longer listed, for a while.
func (c *C) endsOrSets(process spec.Value, cell spec.Ref) bool {
	const patience = 10
	for range patience {
		if spec.Truth(c.Await(spec.CellIs(cell, true), settleSeconds).Primary()) {
			return true
		}
		if !c.listed(process) {
			break
		}
	}
	return spec.Truth(c.CellGet(cell).Primary())
}
