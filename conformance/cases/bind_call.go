package cases

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
)

// Forms of *process-initial-bindings* that call a function of the case's own: its code runs within process-run-function.
var _ = chapter([]Case{
	{
		ID:    "BIND-3/function-of-ones-own",
		Needs: append([]string{"let"}, bindNeeds...),
		Story: "An entry is (V . (F W 1)), where F is a function that was defined: it is called with the value of W, which is bound to 7 around the call, and with 1, sees W as 7 too, and V is what it returns.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v, w := c.variable("V", 1), c.variable("W", 5)
			calls := c.Log()
			name := c.defines("MPCHECK-F", func(p *P, args []spec.Value) any {
				p.LogAppend(calls, list(spec.NewList(args...), valueOfSymbol(p, w)))
				return 20
			})
			c.withEntries(func() {
				c.Let(list(pair(w, 7)), c.Code(func(p *P) { p.expectIn(list(20), "a form that calls a function is what that returns", v) }))
			}, pair(v, list(name, w, 1)))
			c.Expect(c.LogRead(calls)).For("BIND-4").To(containing(list(list(7, 1), 7), 1), "the function is called where the caller stands, with its arguments evaluated there")
		},
	},
	{
		ID:    "BIND-4/creation-index",
		Needs: bindNeeds,
		Story: "An entry is (SEQ . (NEXT-SEQ)), where NEXT-SEQ counts its calls: of several processes, which read SEQ when all have been made, the last first, each has the count of its own creation, and the counts increase in that order.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			seq := c.variable("SEQ", 0)
			counted := c.Log()
			next := c.defines("MPCHECK-NEXT-SEQ", func(p *P, _ []spec.Value) any {
				p.LogAppend(counted, true)
				return len(entries(p.LogRead(counted).Primary())) // who else counts meanwhile makes it no smaller
			})
			var gates []spec.Value
			var read, indices []spec.Ref
			var counts []int
			c.withEntries(func() {
				for range c.Size(3, 3, 2) {
					counts = append(counts, len(entries(c.LogRead(counted).Primary())))
					gate, index, done := c.MakeGate().Primary(), c.Cell(nil), c.Cell(nil)
					gates, indices, read = append(gates, gate), append(indices, index), append(read, done)
					c.For("BIND-3").ProcessRunFunction(c.name("child"), nil, c.Func(func(p *P, _ []spec.Value) any {
						p.GateWait(gate)
						p.CellSet(index, valueOfSymbol(p, seq))
						p.CellSet(done, true)
						return nil
					}))
				}
				counts = append(counts, len(entries(c.LogRead(counted).Primary())))
			}, pair(seq, list(next)))
			for n := range slices.Backward(gates) { // the order in which they go on is another
				c.GateOpen(gates[n])
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(read[n], true), "each process goes on")
			}
			c.Expect(c.LogRead(counted)).For("BIND-3").NotTo(BeNil(), "a form may call a function, whenever that is")
			for n, index := range indices {
				c.Expect(spec.Bool(counts[n] < counts[n+1])).To(BeTrue(), "the form of process %d is evaluated at the call that makes it", n+1)
				c.Expect(c.CellGet(index)).To(between(counts[n]+1, counts[n+1]), "process %d reads the index of its own creation", n+1)
			}
		},
	},
	{
		ID:    "BIND-8/error-in-function",
		Needs: bindNeeds,
		Story: "The form of an entry calls a function that signals an error: a handler around process-run-function gets it, and no process runs.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			c.formsCall(v)
			ran, handled := c.Log(), c.Cell(nil)
			fails := c.defines("MPCHECK-FAILS", func(p *P, _ []spec.Value) any { p.SignalError("in a form"); return nil })
			c.withEntries(func() {
				c.HandlerCase(c.Code(func(p *P) {
					p.Try().ProcessRunFunction(p.c.name("child"), nil, p.Func(func(p *P, _ []spec.Value) any {
						p.LogAppend(ran, valueOfSymbol(p, v))
						return nil
					}))
				}), c.Code(func(p *P) { p.CellSet(handled, true) }))
			}, pair(v, list(fails)))
			c.Expect(c.CellGet(handled)).To(BeTrue(), "the error of the function reaches who calls process-run-function")
			c.Settle()
			c.Expect(c.LogRead(ran)).To(BeNil(), "no process runs with whatever the form was worth")
		},
	},
})

// formsCall checks that a form may call a function that was defined, whenever that is.
func (c *C) formsCall(v spec.Symbol) {
	c.withEntries(func() {
		seen := c.answersIn(func(p *P) []any { return []any{valueOfSymbol(p, v)} })
		c.Expect(seen).For("BIND-3").To(BeEqual(list(20)), "a form that calls a function is what that returns")
	}, pair(v, list(c.defines("MPCHECK-TWENTY", func(*P, []spec.Value) any { return 20 }))))
}

// defines names a function, by a symbol.
func (c *C) defines(name string, fn func(p *P, args []spec.Value) any) spec.Symbol {
	symbol := spec.Symbol{Name: name}
	c.Defun(symbol, c.register(func(f spec.Frame, args []spec.Value) []spec.Value {
		return []spec.Value{spec.Of(fn(c.frame(f), args))}
	}))
	return symbol
}

// between matches an integer that is not less than one and not more than another.
func between(least, most int) types.GomegaMatcher {
	return onValue(fmt.Sprintf("an integer from %d to %d", least, most), func(v spec.Value) bool {
		n, ok := v.(spec.Int)
		return ok && int(n) >= least && int(n) <= most
	})
}
