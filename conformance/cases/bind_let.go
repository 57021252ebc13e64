package cases

import "github.com/mpcheck/mpcheck/spec"

// Dynamic bindings by let, and what the documents leave open of bindings.
var _ = chapter([]Case{
	{
		ID:    "BIND-11/not-inherited",
		Needs: append([]string{"let"}, bindNeeds...),
		Story: "W is 0 globally, not listed, and bound to 1 around the call: the process that is made there sees 0.",
		Run: func(c *C) {
			w := c.variable("W", 0)
			c.Let(list(pair(w, 1)), c.Code(func(p *P) {
				p.Expect(p.SymbolValue(w)).To(BeEql(1), "who binds the variable sees the binding")
				p.expectIn(list(0), "a binding of the creator is not one of the new process", w)
			}))
			c.Expect(c.SymbolValue(w)).To(BeEql(0), "after the let the variable is as before")
		},
	},
	{
		ID:    "BIND-11/set-in-let",
		Needs: append([]string{"let"}, bindNeeds...),
		Story: "A process binds W to 1, sets it to 2, and leaves the let by an error: inside W is 2, and then, as for others all along, the global value.",
		Run: func(c *C) {
			w := c.variable("W", 0)
			c.HandlerCase(c.Code(func(p *P) {
				p.Let(list(pair(w, 1)), p.Code(func(p *P) {
					p.SetSymbolValue(w, 2)
					p.Expect(p.SymbolValue(w)).To(BeEql(2), "who sets the variable sees what it is set to")
					p.expectIn(list(0), "what is set is the binding, which is not another process's", w)
					p.SignalError("out")
				}))
			}), c.Code(func(*P) {}))
			c.Expect(c.SymbolValue(w)).To(BeEql(0), "whoever leaves the let leaves its binding")
		},
	},
	{
		ID:    "BIND-11/seen-from-outside",
		Needs: append([]string{"let", "symeval-in-process"}, bindNeeds...),
		Story: "A process waits in a let that binds W to 1: symeval-in-process gives 1 for it, and the global value for one that has no binding.",
		Run: func(c *C) {
			w := c.variable("W", 0)
			gate, inside := c.MakeGate().Primary(), c.Cell(nil)
			binds := c.Spawn("binds", func(p *P) {
				p.Let(list(pair(w, 1)), p.Code(func(p *P) {
					p.CellSet(inside, true)
					p.GateWait(gate)
				}))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(inside, true), "the process binds the variable")
			other := c.Gated("other")
			c.Expect(c.SymevalInProcess(w, binds)).To(BeEql(1), "the binding of the process")
			c.Expect(c.SymevalInProcess(w, other.Process)).To(BeEql(0), "without a binding the global value")
			c.Expect(c.SymbolValue(w)).To(BeEql(0), "here it is bound by nobody")
		},
	},
	{
		ID:    "BIND-13/duplicates",
		Needs: bindNeeds,
		Story: "A symbol is listed with 1 and with 2: which of them a process has is recorded.",
		Run: func(c *C) {
			v := c.variable("V", 0)
			c.seenOfList(map[string]string{"1": "first-duplicate-wins", "2": "last-duplicate-wins"}, v, pair(v, 1), pair(v, 2))
		},
	},
	{
		ID:    "BIND-13/reads-another",
		Needs: bindNeeds,
		Story: "V is listed with 1, where it is 0 in the caller, and behind it W with the form V: which value that sees is recorded.",
		Run: func(c *C) {
			v, w := c.variable("V", 0), c.variable("W", 5)
			c.seenOfList(map[string]string{"0": "form-sees-callers-value", "1": "form-sees-new-value"}, w, pair(v, 1), pair(w, v))
		},
	},
	{
		ID:    "BIND-13/bad-car",
		Needs: bindNeeds,
		Story: "The car of an entry is a keyword, or a number: whether that is an error is recorded.",
		Run: func(c *C) {
			v := c.variable("V", 0)
			for _, car := range []any{spec.Keyword("constant"), 7} {
				c.seenOfList(nil, v, pair(car, 1))
			}
		},
	},
	{
		ID:    "BIND-14/standard-variables",
		Needs: bindNeeds,
		Story: "Whether *package*, *readtable* and *standard-output* in a new process have their global values is recorded.",
		Run: func(c *C) {
			for _, name := range []string{"*PACKAGE*", "*READTABLE*", "*STANDARD-OUTPUT*"} {
				symbol := common(name)
				global := c.Try().GlobalValue(symbol)
				seen := c.answersIn(func(p *P) []any { return []any{valueOfSymbol(p, symbol)} })
				value := spec.Value(noValue)
				if global.Status == spec.Returned {
					value = global.Primary()
				}
				if items := entries(seen); len(items) == 1 && spec.Equal(items[0], value) {
					c.Observe("BIND-14", "global-value")
				} else {
					c.Observe("BIND-14", "own-entry")
				}
			}
		},
	},
})

// seenOfList records of BIND-13 what becomes of a list that has such entries in front: which value a symbol has, by its
// printed form, or that the call is an error.
func (c *C) seenOfList(behaviours map[string]string, symbol spec.Value, front ...spec.Value) {
	log, done := c.Log(), c.Cell(nil)
	var made spec.Return
	function := c.Func(func(p *P, _ []spec.Value) any {
		p.LogAppend(log, valueOfSymbol(p, symbol))
		p.CellSet(done, true)
		return nil
	})
	c.withEntries(func() { made = c.Try().ProcessRunFunction(c.name("child"), nil, function) }, front...)
	if made.Status == spec.Signalled {
		c.Observe("BIND-13", map[bool]string{true: "bad-car-error", false: spec.Other}[behaviours == nil])
		return
	}
	c.Await(spec.CellIs(done, true), settleSeconds)
	key := spec.Other
	if items := entries(c.LogRead(log).Primary()); len(items) == 1 && behaviours != nil {
		key = behaviours[items[0].String()]
	}
	c.Observe("BIND-13", key)
}
