package cases

import "github.com/mpcheck/mpcheck/spec"

// The bindings that a process begins with: *process-initial-bindings*, by its global value.
var _ = chapter([]Case{
	{
		ID:    "BIND-1/fresh-binding",
		Needs: bindNeeds,
		Story: "A variable whose global value is 1 is listed with 20: a new process has 20, sets it to 21 and sees that, and globally it is still 1.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			c.withEntries(func() {
				seen := c.answersIn(func(p *P) []any {
					first := valueOfSymbol(p, v)
					p.SetSymbolValue(v, 21)
					return []any{first, valueOfSymbol(p, v)}
				})
				c.Expect(seen).To(BeEqual(list(20, 21)), "the variable is bound in the process, to 20, and then to what the process sets it to")
				c.Expect(c.GlobalValue(v)).To(BeEql(1), "what a process sets its own binding to is not the global value")
				c.Expect(c.SymbolValue(v)).To(BeEql(1), "nor that of who made the process, which has no binding")
			}, pair(v, 20))
		},
	},
	{
		ID:    "BIND-2/dotted-pair",
		Needs: bindNeeds,
		Story: "An entry is the cons of a symbol and 20, printed (V . 20): in the process the symbol is 20.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			c.withEntries(func() { c.expectIn(list(20), "the cdr of the entry is the form", v) }, pair(v, 20))
		},
	},
	{
		ID:    "BIND-3/function-call",
		Needs: bindNeeds,
		Story: "An entry (V . (list 1 W)), where W is 2, gives the list (1 2), one (X . W) gives 2.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v, w, x := c.variable("V", 1), c.variable("W", 2), c.variable("X", 1)
			c.withEntries(func() {
				c.expectIn(list(list(1, 2), 2), "the form is evaluated: a function call, and a symbol", v, x)
			}, pair(v, list(common("LIST"), 1, w)), pair(x, w))
		},
	},
	{
		ID:    "BIND-3/constants",
		Needs: bindNeeds,
		Story: "Numbers, strings, characters, keywords, t and nil as forms are the values themselves.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			constants := []any{-7, "text", spec.Char('x'), spec.Keyword("k"), true, nil}
			var symbols, entries []spec.Value
			for i, constant := range constants {
				v := c.variable("V"+string(rune('A'+i)), 1)
				symbols, entries = append(symbols, v), append(entries, pair(v, constant))
			}
			c.withEntries(func() { c.expectIn(spec.Of(constants), "a constant is its own value", symbols...) }, entries...)
		},
	},
	{
		ID:    "BIND-4/at-the-call",
		Needs: append([]string{"let"}, bindNeeds...),
		Story: "An entry is (V . W), and W is bound to 7 around the call; before the process goes on W is set to 9 globally: in the process V is 7.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v, w := c.variable("V", 1), c.variable("W", 5)
			log, done, gate := c.Log(), c.Cell(nil), c.MakeGate().Primary()
			c.withEntries(func() {
				c.Let(list(pair(w, 7)), c.Code(func(p *P) {
					p.Spawn("child", func(p *P) {
						p.GateWait(gate)
						p.LogAppend(log, valueOfSymbol(p, v))
						p.CellSet(done, true)
					})
				}))
			}, pair(v, w))
			c.SetGlobalValue(w, 9)
			c.GateOpen(gate)
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(done, true), "the process goes on")
			c.Expect(c.LogRead(log)).To(BeEqual(list(7)), "the form was evaluated at the call, where the caller stands")
		},
	},
	{
		ID:      "BIND-5/copies",
		Needs:   append([]string{"let"}, bindNeeds...),
		Expects: Absence,
		Witness: "in a let the value is copied",
		Story:   "An entry (W . W) with W bound to 123 around the call: the process sees 123. With an entry (V . V), where V has no value in the caller, it has none in the process, and that is no error.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v, w := c.variable("V"), c.variable("W", 5)
			c.withEntries(func() {
				c.Control("in a let the value is copied", func() {
					c.Let(list(pair(w, 123)), c.Code(func(p *P) {
						p.expectIn(list(123), "the process has the value that the caller has", w)
					}))
				})
				c.expectIn(list(noValue), "a symbol that is unbound in the caller is unbound in the process", v)
			}, pair(v, v), pair(w, w))
		},
	},
	{
		ID:      "BIND-6/inside-and-after",
		Clauses: []string{"BIND-7"},
		Needs:   append([]string{"let"}, bindNeeds...),
		Story:   "The list is bound around a call, with an entry V and 20 in front: the process that is made there sees 20, one that is made afterwards the global value, 1.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			old := c.systemVariable(initialBindings, "BIND-7")
			c.Let(list(pair(initialBindings, inFront(old, pair(v, 20)))), c.Code(func(p *P) {
				p.expectIn(list(20), "a binding of the list counts for processes made inside it", v)
			}))
			c.expectIn(list(1), "a process made after the let does not see the entry", v)
			c.Expect(c.GlobalValue(initialBindings)).For("BIND-7").To(BeEqual(old), "the global value of the list is as it was")
		},
	},
	{
		ID:    "BIND-7/every-process",
		Needs: bindNeeds,
		Story: "An entry is put on the global value of the list: processes made afterwards, by the test and by a process that was there before, see it; once it is gone a new one does not.",
		Run: func(c *C) {
			c.listCounts("BIND-7")
			v := c.variable("V", 1)
			log, done := c.Log(), c.Cell(nil)
			maker := c.GatedThen("maker", func(p *P) {
				p.Spawn("made", func(p *P) {
					p.LogAppend(log, valueOfSymbol(p, v))
					p.CellSet(done, true)
				})
			})
			c.withEntries(func() {
				c.expectIn(list(20), "the new global value of the list counts", v)
				c.Expect(c.GlobalValue(v)).For("BIND-1").To(BeEql(1), "it is a binding that the process has, and not the global value")
				c.Open(maker)
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(done, true), "the process that was there makes another")
				c.lull()
				c.Expect(c.LogRead(log)).To(BeEqual(list(20)), "it counts whoever makes the process")
			}, pair(v, 20))
			c.expectIn(list(1), "the entry is no longer on the list", v)
		},
	},
	{
		ID:    "BIND-8/error-in-caller",
		Needs: bindNeeds,
		Story: "The form of an entry calls error: process-run-function signals it in the caller, and no process runs the function.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			ran := c.Log()
			c.withEntries(func() {
				seen := c.answersIn(func(p *P) []any { return []any{valueOfSymbol(p, v)} })
				c.Expect(seen).For("BIND-3").To(BeEqual(list(list(20))), "a form without an error is evaluated")
			}, pair(v, list(common("LIST"), 20)))
			c.withEntries(func() {
				r := c.Try().ProcessRunFunction(c.name("child"), nil, c.Func(func(p *P, _ []spec.Value) any {
					p.LogAppend(ran, valueOfSymbol(p, v))
					return nil
				}))
				c.Expect(r).To(SignalError(), "the caller gets the error of the form")
				c.Settle()
				c.Expect(c.LogRead(ran)).To(BeNil(), "no process runs with whatever the form was worth")
			}, pair(v, list(common("ERROR"), "x")))
		},
	},
	{
		ID:    "BIND-12/each-its-own",
		Needs: bindNeeds,
		Story: "Two processes set a listed variable, one to 30 and one to 40; once both have done so each reads its own value.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			gate, log := c.MakeGate().Primary(), c.Log()
			var read []spec.Ref
			c.withEntries(func() {
				for _, n := range []int{30, 40} {
					mine, done := c.Cell(nil), c.Cell(nil)
					read = append(read, done)
					c.Spawn("child", func(p *P) {
						p.SetSymbolValue(v, n)
						p.CellSet(mine, true)
						p.GateWait(gate)
						p.LogAppend(log, list(n, valueOfSymbol(p, v)))
						p.CellSet(done, true)
					})
					c.AwaitFor("PROC-CREATE-1", spec.CellIs(mine, true), "each process sets the variable")
				}
			}, pair(v, 20))
			c.GateOpen(gate)
			for _, cell := range read {
				c.AwaitFor("PROC-CREATE-1", spec.CellIs(cell, true), "each process goes on")
			}
			c.Expect(sorted(c.LogRead(log).Primary())).To(BeEqual(list(list(30, 30), list(40, 40))), "each process has a binding of its own")
			c.Expect(c.GlobalValue(v)).To(BeEql(1), "and the global value is another one")
		},
	},
	{
		ID:    "BIND-10/evaluated-inside",
		Needs: append(append([]string{"let"}, bindNeeds...), foreignNeeds...),
		Story: "V is listed with W, which is 2 globally and bound to 7 around the call of a foreign thread: inside V is 2. Globally V is 1.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v, w := c.variable("V", 1), c.variable("W", 2)
			thread, log := c.foreignThread(), c.Log()
			c.withEntries(func() {
				c.Let(list(pair(w, 7)), c.Code(func(p *P) {
					thread.calls(p, func(p *P) any { p.LogAppend(log, valueOfSymbol(p, v)); return nil })
				}))
			}, pair(v, w))
			c.Expect(c.LogRead(log)).To(BeEqual(list(2)), "the form is evaluated for the call, where nothing is bound yet")
		},
	},
	{
		ID:    "BIND-10/function-of-ones-own",
		Needs: append(append([]string{}, bindNeeds...), foreignNeeds...),
		Story: "The form of an entry for V calls a function. One foreign thread calls in, then another: for each the function is called, and inside V is what it returns.",
		Run: func(c *C) {
			c.listCounts("BIND-1")
			v := c.variable("V", 1)
			c.formsCall(v)
			calls, log := c.Log(), c.Log()
			name := c.defines("MPCHECK-F", func(p *P, _ []spec.Value) any {
				p.LogAppend(calls, true)
				return 20
			})
			c.withEntries(func() {
				for range 2 {
					c.foreignThread().calls(c.P, func(p *P) any { p.LogAppend(log, valueOfSymbol(p, v)); return nil })
				}
			}, pair(v, list(name)))
			c.Expect(c.LogRead(log)).To(BeEqual(list(20, 20)), "inside the variable is what the function returns")
			c.Expect(c.LogRead(calls)).To(containing(true, 2), "the function is called for each call of a foreign thread")
		},
	},
})

var bindNeeds = []string{
	"process-run-function", "symbol-value", "set-symbol-value", "global-value", "set-global-value", "defvar",
}

// The variables of the system that are looked at.
var (
	initialBindings = spec.Symbol{Package: "MP", Name: "*PROCESS-INITIAL-BINDINGS*"}
	defaultPriority = spec.Symbol{Package: "MP", Name: "*DEFAULT-PROCESS-PRIORITY*"}
)

// noValue stands in a log for the value of a symbol that has none.
var noValue = spec.Keyword("no-value")

func common(name string) spec.Symbol { return spec.Symbol{Package: "COMMON-LISP", Name: name} }

// pair is the cons of two values: an entry of an alist.
func pair(car, cdr any) spec.Value { return inFront(spec.Of(cdr), spec.Of(car)) }

// inFront is a list with elements before those of another.
func inFront(rest spec.Value, first ...spec.Value) spec.Value {
	l := spec.List{Items: first}
	switch rest := rest.(type) {
	case spec.Nil:
	case spec.List:
		l.Items, l.Dotted = append(l.Items, rest.Items...), rest.Dotted
	default:
		l.Dotted = rest
	}
	return l
}

// variable makes a special variable of the case's own, with a global value where one is given.
func (c *C) variable(name string, value ...any) spec.Symbol {
	symbol := spec.Symbol{Name: "*MPCHECK-" + name + "*"}
	c.For("BIND-1").Defvar(symbol, value...)
	return symbol
}

// systemVariable is the global value of a variable of the system. Where it has none the implementation has no such variable, and
// the case is not applicable; another error is charged to clause.
func (c *C) systemVariable(symbol spec.Symbol, clause string) spec.Value {
	r := c.Try().GlobalValue(symbol)
	if r.Status == spec.Signalled && r.Condition.Type == "unbound-variable" {
		c.NotApplicable("%s has no value: the implementation has no such variable", symbol)
	}
	c.Expect(r).For(clause).NotTo(SignalError(), "%s has a value", symbol)
	return r.Primary()
}

// withEntries does something while the global value of the list has entries in front.
func (c *C) withEntries(do func(), entries ...spec.Value) {
	old := c.systemVariable(initialBindings, "BIND-1")
	c.For("BIND-1").SetGlobalValue(initialBindings, inFront(old, entries...))
	do()
	c.For("BIND-1").SetGlobalValue(initialBindings, old)
}

// listCounts checks that the list has to do with what processes begin with, by a constant, so that what a case goes on to say
// of it says what is wrong: clause, or BIND-2 where an entry counts once it is a list of two.
func (c *C) listCounts(clause string) {
	probe, me := c.variable("PROBE", 1), c.maker()
	seen := c.probes(probe, pair(probe, 20))
	c.Expect(seen).For("PROC-CREATE-1").NotTo(containing(me, 1), "the function runs in a process of its own")
	if times(seen, 20) == 0 && times(c.probes(probe, list(probe, 20)), 20) > 0 {
		clause = "BIND-2"
	}
	c.Expect(seen).For(clause).To(containing(20, 1), "a listed variable is bound in a new process")
	c.Expect(c.GlobalValue(probe)).For("BIND-1").To(BeEql(1), "it is a binding that the process has, and not the global value")
}

// maker is who makes processes, where that can be told, else a value that nothing else is.
func (p *P) maker() spec.Value {
	if !p.c.Offers("get-current-process") {
		return p.New(spec.Keyword("object")).Primary()
	}
	return p.GetCurrentProcess().Primary()
}

// probes is what a new process sees of a symbol, and of who it is, with an entry in front of the list.
func (c *C) probes(symbol, entry spec.Value) (seen spec.Value) {
	c.withEntries(func() {
		seen = c.For("BIND-1").answersIn(func(p *P) []any { return []any{valueOfSymbol(p, symbol), p.maker()} })
	}, entry)
	return seen
}

// valueOfSymbol is the value that the code of a process sees.
func valueOfSymbol(p *P, symbol spec.Value) any {
	r := p.Try().SymbolValue(symbol)
	if r.Status == spec.Signalled {
		return noValue
	}
	return r.Primary()
}

// answersIn is what the function of a new process logs, which p makes.
func (p *P) answersIn(fn func(p *P) []any) spec.Value {
	log, done := p.Log(), p.Cell(nil)
	p.ProcessRunFunction(p.c.name("child"), nil, p.Func(func(p *P, _ []spec.Value) any {
		for _, v := range fn(p) {
			p.LogAppend(log, v)
		}
		p.CellSet(done, true)
		return nil
	}))
	p.AwaitFor("PROC-CREATE-1", spec.CellIs(done, true), "the process runs its function")
	p.lull()
	return p.LogRead(log).Primary()
}

// expectIn makes a process in which these symbols must have those values.
func (p *P) expectIn(values spec.Value, why string, symbols ...spec.Value) {
	seen := p.answersIn(func(p *P) (out []any) {
		for _, symbol := range symbols {
			out = append(out, valueOfSymbol(p, symbol))
		}
		return out
	})
	p.Expect(seen).To(BeEqual(values), "%s", why)
}
