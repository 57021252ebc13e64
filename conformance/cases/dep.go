package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const aliveStep = "the dependent is informed once the process has ended"

// The names of the example.
var (
	addDependent    = spec.Symbol{Name: "ADD-PROCESS-DEPENDENT"}
	deleteDependent = spec.Symbol{Name: "DELETE-PROCESS-DEPENDENT"}
	informDependent = spec.Symbol{Name: "INFORM-DEPENDENT-OF-DEAD-PROCESS"}
)

// The seed's example: what it defines is made of ensure-process-cleanup alone.
var _ = chapter([]Case{
	{
		ID:      "DEP-5/fresh-objects",
		Clauses: []string{"DEP-2"},
		Needs:   cleanupNeeds,
		Story:   "Dependents that are equal, made anew as lists, conses and strings, are one; those that are not are each informed.",
		Run: func(c *C) {
			same := []any{c.made("list", 1, 2), c.made("list", 1, 2), c.made("cons", 1, 3), c.made("cons", 1, 3), c.made("string", "text"), c.made("string", "text")}
			other := []any{c.made("cons", 1, 4), c.made("string", "Text")}
			child := c.dependents(append(same, other...)...)
			log := child.over()
			for i := 0; i < len(same); i += 2 {
				told := times(log, list(same[i], child.Process)) + times(log, list(same[i+1], child.Process))
				c.Expect(spec.Bool(told > 0)).For("DEP-2").To(BeTrue(), "the dependent %s is informed", spec.Of(same[i]))
				c.Expect(spec.Int(told)).To(BeEql(1), "dependents that are equal are one")
			}
			c.informed(log, "DEP-5", child.Process, other...)
		},
	},
	{
		ID:      "DEP-1/nothing-while-it-lives",
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: aliveStep,
		Story:   "A process adds a dependent to itself: nobody is informed while it lives, and the dependent is once it has ended.",
		Run: func(c *C) {
			child := c.dependents(spec.Keyword("dependent"))
			c.Settle()
			c.Expect(c.LogRead(child.log)).To(BeNil(), "a dependent is not informed of a process that lives")
			c.Control(aliveStep, func() {
				c.Expect(child.over()).To(containing(list(spec.Keyword("dependent"), child.Process), 1),
					"the end of the process informs the dependent")
			})
		},
	},
	{
		ID:    "DEP-2/five-dependents",
		Needs: cleanupNeeds,
		Story: "A symbol, a string, a cons, a structure and nil are added to a process as dependents: its end informs each of them.",
		Run: func(c *C) {
			dependents := []any{spec.Symbol{Name: "SOMEBODY"}, c.made("string", "text"), c.made("cons", 1, 2), c.made("structure", 1), nil}
			dependents = dependents[c.Size(0, 0, 2):]
			child := c.dependents(dependents...)
			c.informed(child.over(), "DEP-2", child.Process, dependents...)
		},
	},
	{
		ID:    "DEP-3/arguments",
		Needs: cleanupNeeds,
		Story: "The notification has the dependent itself as first argument and the process that ended as second.",
		Run: func(c *C) {
			dependent := c.made("structure", 1)
			child := c.dependents(dependent)
			log := child.over()
			c.Expect(log).For("DEP-2").NotTo(BeNil(), "the dependent is informed")
			c.Expect(log).To(BeEqual(list(list(dependent, child.Process))), "the dependent comes first, the process second")
		},
	},
	{
		ID:    "DEP-4/added-twice",
		Needs: cleanupNeeds,
		Story: "One dependent is added twice: it is informed once.",
		Run: func(c *C) {
			dependent := c.made("structure", 1)
			child := c.dependents(dependent, dependent)
			log := child.over()
			c.Expect(log).For("DEP-2").To(containing(list(dependent, child.Process), 1), "the dependent is informed")
			c.Expect(log).NotTo(containing(list(dependent, child.Process), 2), "the dependent is informed once")
		},
	},
	{
		ID:    "DEP-5/equal-lists",
		Needs: cleanupNeeds,
		Story: "Two lists that are equal are added as dependents, and two strings: one notification for each pair.",
		Run: func(c *C) {
			dependents := []any{list(1), list(1), "text", "text"}
			child := c.dependents(dependents...)
			log := child.over()
			for _, dependent := range []any{list(1), "text"} {
				notice := list(dependent, child.Process)
				c.Expect(log).For("DEP-2").To(containing(notice, 1), "the dependent %s is informed", spec.Of(dependent))
				c.Expect(log).NotTo(containing(notice, 2), "dependents that are equal are one")
			}
		},
	},
	{
		ID:    "DEP-5/fresh-structures",
		Needs: cleanupNeeds,
		Story: "Two structures and two vectors of equal contents are added as dependents: each is informed.",
		Run: func(c *C) {
			dependents := []any{c.made("structure", 1), c.made("structure", 1), c.made("vector", 1), c.made("vector", 1)}
			child := c.dependents(dependents...)
			c.informed(child.over(), "DEP-5", child.Process, dependents...)
		},
	},
	{
		ID:    "DEP-6/of-another",
		Needs: cleanupNeeds,
		Story: "Two processes have a dependent each: the end of one informs its own dependent and not that of the other.",
		Run: func(c *C) {
			ends := c.lifeOf("child", func(p *P, l *life) {
				p.defineDependents(l.log, spec.Keyword("of-the-one"), spec.Keyword("of-the-other"))
				p.Funcall(addDependent, spec.Keyword("of-the-one"))
			}, nil)
			lives := c.lifeOf("other", func(p *P, _ *life) { p.Funcall(addDependent, spec.Keyword("of-the-other")) }, nil)
			log := ends.over()
			c.informed(log, "DEP-2", ends.Process, spec.Keyword("of-the-one"))
			c.Expect(log).To(BeEqual(list(list(spec.Keyword("of-the-one"), ends.Process))),
				"the dependent of a process that lives is not informed of the end of another")
			c.Open(lives.Gated)
		},
	},
	{
		ID:    "DEP-7/order",
		Needs: cleanupNeeds,
		Story: "Three dependents of a process are informed in an order that is recorded.",
		Run: func(c *C) {
			child := c.dependents(0, 1, 2)
			log := child.over()
			c.informed(log, "DEP-2", child.Process, 0, 1, 2)
			var order []spec.Value
			for _, notice := range entries(log) {
				order = append(order, entries(notice)[0])
			}
			c.Observe("DEP-7", orderOfThree(spec.NewList(order...), "order-added", "reverse-order-added", "another-order"))
		},
	},
	{
		ID:    "DEP-8/return",
		Needs: cleanupNeeds,
		Story: "A process with a dependent returns: the dependent is informed.",
		Run: func(c *C) {
			child := c.dependents(1)
			c.informed(child.over(), "DEP-8", child.Process, 1)
		},
	},
	{
		ID:    "DEP-8/current-process-kill",
		Needs: exitNeeds,
		Story: "A process with a dependent calls current-process-kill: the dependent is informed.",
		Run: func(c *C) {
			child := c.dependentsThen(killSelf, 1)
			c.informed(child.over(), "DEP-8", child.Process, 1)
		},
	},
	{
		ID:    "DEP-8/process-kill",
		Needs: killNeeds,
		Story: "A process with a dependent is killed while it waits: the dependent is informed.",
		Run: func(c *C) {
			child := c.victim("child")
			c.defineDependents(child.log, 1)
			// The example adds for the current process; this is what it registers.
			c.For("CLEAN-FORM-3").EnsureProcessCleanup(list(deleteDependent, 1), key.Priority(0), of(child.Process))
			c.informed(child.overBy(child.kill), "DEP-8", child.Process, 1)
		},
	},
	{
		ID:    "DEP-8/unhandled-error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "An error that nobody handles ends a process with a dependent, if it does: the dependent is informed.",
		Run: func(c *C) {
			child := c.dependentsThen(func(p *P, _ *life) { p.SignalError("nobody handles this") }, 1)
			child.endsByError("CLEAN-RUN-5")
			c.Settle()
			c.informed(c.LogRead(child.log).Primary(), "DEP-8", child.Process, 1)
		},
	},
	{
		ID:    "DEP-9/called-directly",
		Needs: currentNeeds,
		Story: "delete-process-dependent is called directly, then the process ends: who is informed when is recorded.",
		Run: func(c *C) {
			directly := c.Log()
			child := c.dependentsThen(func(p *P, l *life) {
				p.Funcall(deleteDependent, p.GetCurrentProcess().Primary(), 1)
				p.LogAppend(directly, p.LogRead(l.log).Primary())
			}, 1)
			log, now := child.over(), entries(c.LogRead(directly).Primary())
			notice := list(1, child.Process)
			c.Expect(log).For("CLEAN-RUN-1").To(containing(notice, 2), "nothing takes the cleanup away: with the direct call there are two notifications")
			if len(now) == 1 && times(now[0], notice) == 1 {
				c.Observe("DEP-9", "informs-now-and-at-end")
			} else {
				c.Observe("DEP-9", spec.Other)
			}
		},
	},
})

// defineDependents compiles the two definitions of the example, the first one repaired
// (A36), and an inform-dependent-of-dead-process that notes its arguments:
//
//	(defun add-process-dependent (dependent)
//	  (ensure-process-cleanup `(delete-process-dependent ,dependent)))
//	(defun delete-process-dependent (process dependent)
//	  (inform-dependent-of-dead-process dependent process))
func (p *P) defineDependents(log spec.Ref, dependents ...any) {
	added := spec.Of(dependents)
	applied := onValue("a process and a dependent", func(v spec.Value) bool {
		args := entries(v)
		return len(args) == 2 && isProcess(args[0]) && times(added, args[1]) > 0
	})
	c := p.c
	defun := func(name spec.Symbol, body func(p *P, args []spec.Value)) {
		p.Defun(name, c.register(func(f spec.Frame, args []spec.Value) []spec.Value {
			body(c.frame(f), args)
			return nil
		}))
	}
	defun(addDependent, func(p *P, args []spec.Value) {
		p.For("CLEAN-FORM-3").EnsureProcessCleanup(list(deleteDependent, args[0]))
	})
	defun(deleteDependent, func(p *P, args []spec.Value) {
		p.Expect(spec.NewList(args...)).For("CLEAN-FORM-2").To(applied, "delete-process-dependent gets a process and what was added")
		p.Funcall(informDependent, args[1], args[0])
	})
	defun(informDependent, func(p *P, args []spec.Value) { p.LogAppend(log, spec.NewList(args...)) })
}

// dependents makes a child that adds those dependents to itself. What they are told is in
// its log: lists of a dependent and a process.
func (c *C) dependents(dependents ...any) *life { return c.dependentsThen(nil, dependents...) }

func (c *C) dependentsThen(after part, dependents ...any) *life {
	return c.lifeOf("child", func(p *P, l *life) {
		p.defineDependents(l.log, dependents...)
		for _, dependent := range dependents {
			p.Funcall(addDependent, dependent)
		}
	}, after)
}

// informed checks that each dependent was told, once, of the end of the process; that it was
// not is charged to clause.
func (c *C) informed(log spec.Value, clause string, process spec.Value, dependents ...any) {
	for _, dependent := range dependents {
		notice := list(dependent, process)
		c.Expect(log).For(clause).To(containing(notice, 1), "the dependent %s is informed of the end of its process", spec.Of(dependent))
		c.Expect(log).For("CLEAN-RUN-2").NotTo(containing(notice, 2), "the dependent %s is informed once", spec.Of(dependent))
	}
}

// made is a fresh object with identity.
func (c *C) made(kind string, parts ...any) spec.Value {
	values := make([]any, len(parts))
	for i, part := range parts {
		values[i] = spec.Of(part)
	}
	return c.New(spec.Keyword(kind), values...).Primary()
}
