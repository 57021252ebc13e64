package cases

import "github.com/mpcheck/mpcheck/spec"

// What general-handle-event makes of an object.
var _ = chapter([]Case{
	{
		ID:    "EVENT-GHE-0/loop",
		Needs: []string{"process-run-function", "process-send", "process-wait-for-event", "general-handle-event"},
		Story: "A process that waits for an event and hands it to general-handle-event, over and over, does what is sent to it: two lists are applied, in their order.",
		Run: func(c *C) {
			n := c.noter()
			target := c.GatedThen("target", func(p *P) {
				for i := range 2 {
					p.GeneralHandleEvent(p.For("EVENT-PWE-1").ProcessWaitForEvent().Primary())
					p.CellSet(n.handled, i+1)
				}
			})
			c.Open(target)
			c.sendsTrue("SEND-RET-2", target.Process, spec.NewList(n.notes, spec.Int(1)))
			c.AwaitFor("EVENT-PWE-1", spec.CellIs(n.handled, 1), "the first object is handled")
			c.sendsTrue("SEND-RET-2", target.Process, spec.NewList(n.notes, spec.Int(2)))
			c.AwaitFor("EVENT-PWE-1", spec.CellIs(n.handled, 2), "the second one is handled")
			n.hasFor("EVENT-GHE-1", "what is sent is done", call{1}, call{2})
		},
	},
	{
		ID:    "EVENT-GHE-1/applies",
		Needs: []string{"general-handle-event"},
		Story: "Of lists the car is applied to the cdr: a function or the symbol that names it, to two arguments or none; also of a list made by new.",
		Run: func(c *C) {
			n := c.noter()
			name := n.named("MPCHECK-EVENT")
			list := c.New(spec.Keyword("list"), n.notes, 3, "text").Primary()
			for _, event := range []any{
				spec.NewList(n.notes, spec.Int(1), spec.Int(2)), spec.NewList(n.notes), spec.NewList(name, spec.Int(1)), spec.NewList(n.notes, spec.NewList(n.notes)), list,
			} {
				c.For("EVENT-GHE-1").GeneralHandleEvent(event)
			}
			n.has("the car is applied to the cdr", call{1, 2}, call{}, call{"by name", 1}, call{spec.NewList(n.notes)}, call{3, "text"})
		},
	},
	{
		ID:    "EVENT-GHE-2/calls",
		Needs: []string{"general-handle-event"},
		Story: "A function is called, once and with no arguments.",
		Run: func(c *C) {
			n := c.noter()
			c.For("EVENT-GHE-2").GeneralHandleEvent(n.notes)
			n.has("the function is called without arguments", call{})
		},
	},
	{
		ID:      "EVENT-GHE-3/symbols",
		Needs:   []string{"general-handle-event"},
		Expects: Absence,
		Witness: "a symbol that names a function is called",
		Story:   "A symbol that names a function is called, without arguments; of one that names none nothing happens, and there is no error.",
		Run: func(c *C) {
			n := c.noter()
			name := n.named("MPCHECK-EVENT")
			c.Control("a symbol that names a function is called", func() {
				c.For("EVENT-GHE-3").GeneralHandleEvent(name)
				n.has("the function that it names is called", call{"by name"})
			})
			for _, symbol := range []spec.Value{spec.Symbol{Name: "MPCHECK-UNBOUND"}, spec.Keyword("mpcheck-unbound")} {
				c.For("EVENT-GHE-3").GeneralHandleEvent(symbol)
			}
			n.has("a symbol that names no function does nothing", call{"by name"})
		},
	},
	{
		ID:      "EVENT-GHE-4/nothing",
		Needs:   []string{"general-handle-event"},
		Expects: Absence,
		Witness: handledStep,
		Story:   "Of a number, a string, a structure and a vector nothing happens, and there is no error.",
		Run: func(c *C) {
			n := c.noter()
			n.control()
			for _, event := range []any{42, "x", spec.Double(1.5), c.New(spec.Keyword("structure"), n.notes).Primary(), c.New(spec.Keyword("vector"), n.notes).Primary()} {
				c.For("EVENT-GHE-4").GeneralHandleEvent(event)
			}
			n.has("nothing happens", call{})
		},
	},
	{
		ID:      "EVENT-GHE-5/method",
		Clauses: []string{"EVENT-PAE-1"},
		Needs:   []string{"general-handle-event", "define-event-handler", "process-all-events", "process-send", "get-current-process"},
		Story:   "An object whose class has a method is handled by that, by general-handle-event and, where it was sent, by process-all-events; an object of another class is not.",
		Run: func(c *C) {
			n := c.noter()
			object := func() spec.Value { return c.New(spec.Keyword("object")).Primary() }
			first, second := object(), object()
			c.DefineEventHandler(spec.Keyword("object"), n.notes)
			c.For("EVENT-GHE-5").GeneralHandleEvent(first)
			n.hasFor("EVENT-GHE-5", "the method gets the object", call{first})
			c.For("EVENT-GHE-4").GeneralHandleEvent(c.New(spec.Keyword("structure"), 1).Primary())
			c.sendsTrue("SEND-Q-6", c.GetCurrentProcess().Primary(), second)
			c.Expect(c.For("EVENT-PAE-1").ProcessAllEvents()).For("EVENT-PAE-1").To(BeTrue(), "there was an event")
			n.hasFor("EVENT-GHE-5", "the method is run for what was sent", call{first}, call{second})
		},
	},
	{
		ID:      "EVENT-GHE-6/nil",
		Needs:   []string{"general-handle-event"},
		Expects: Absence,
		Witness: handledStep,
		Story:   "Of nil nothing happens, and there is no error: it is not applied as a list would be.",
		Run: func(c *C) {
			n := c.noter()
			n.control()
			c.For("EVENT-GHE-6").GeneralHandleEvent(nil)
			n.has("nothing happens", call{})
		},
	},
	{
		ID:    "EVENT-GHE-7/observed",
		Needs: []string{"general-handle-event"},
		Story: "Records what general-handle-event returns where it calls a function that returns 7, and what becomes of an error in such a function and of a list that is none.",
		Run: func(c *C) {
			seven := c.Func(func(*P, []spec.Value) any { return 7 })
			value := c.For("EVENT-GHE-2").GeneralHandleEvent(seven)
			if behaviour := called(value, "", "returns-nil", "returns-another-value"); spec.Eql(value.Primary(), spec.Int(7)) {
				c.Observe("EVENT-GHE-7", "returns-handlers-value")
			} else {
				c.Observe("EVENT-GHE-7", behaviour)
			}
			handled := c.Cell(nil)
			c.HandlerCase(c.Code(func(p *P) {
				p.Try().GeneralHandleEvent(p.Func(func(p *P, _ []spec.Value) any { p.SignalError("in a handler"); return nil }))
			}), c.Code(func(p *P) { p.CellSet(handled, true) }))
			c.Observe("EVENT-GHE-7", called(c.CellGet(handled), "", spec.Other, "error-reaches-caller"))
			dotted := spec.List{Items: []spec.Value{seven}, Dotted: spec.Int(1)}
			c.Observe("EVENT-GHE-7", called(c.Try().GeneralHandleEvent(dotted), "error-reaches-caller", "returns-nil", "returns-another-value"))
		},
	},
})

const handledStep = "a function that is an event is called"

// A noter notes with which arguments a function was called.
type noter struct {
	c       *C
	log     spec.Ref
	handled spec.Ref   // a cell for how many events a loop has handled
	notes   spec.Value // the function
}

// call are the arguments of one.
type call []any

func (c *C) noter() *noter {
	n := &noter{c: c, log: c.Log(), handled: c.Cell(0)}
	n.notes = c.Func(func(p *P, args []spec.Value) any {
		p.LogAppend(n.log, spec.NewList(args...))
		return nil
	})
	return n
}

// named gives a function a name that notes calls by it.
func (n *noter) named(name string) spec.Symbol {
	symbol := spec.Symbol{Name: name}
	c, log := n.c, n.log
	c.Defun(symbol, c.register(func(f spec.Frame, args []spec.Value) []spec.Value {
		c.frame(f).LogAppend(log, spec.NewList(append([]spec.Value{spec.String("by name")}, args...)...))
		return nil
	}))
	return symbol
}

// control has a function handled, which is called.
func (n *noter) control() {
	n.c.Control(handledStep, func() {
		n.c.For("EVENT-GHE-2").GeneralHandleEvent(n.notes)
		n.hasFor("EVENT-GHE-2", "the function is called", call{})
	})
}

// has expects that these are all calls, in this order.
func (n *noter) has(why string, calls ...call) { n.hasFor(n.c.theCase.Clause(), why, calls...) }

func (n *noter) hasFor(clause, why string, calls ...call) {
	want := []any{}
	for _, args := range calls {
		want = append(want, []any(args))
	}
	n.c.Expect(n.c.LogRead(n.log)).For(clause).To(BeEqual(want), "%s", why)
}
