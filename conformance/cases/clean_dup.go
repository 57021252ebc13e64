package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Sameness of forms, and what a second registration of the same form does.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-DUP-1/fresh-lists",
		Needs: cleanupNeeds,
		Story: "Two lists that are equal and not eq are registered: the form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			f := c.Logger(child.log, "form")
			form := func() spec.Value { return list(f, 1, list("deep", spec.Keyword("key"))) }
			child.ensure(form(), key.Priority(1))
			c.For("CLEAN-DUP-3").EnsureProcessCleanup(form(), key.Priority(1), of(child.Process))
			c.expectOne(child.over(), "CLEAN-DUP-1")
		},
	},
	{
		ID:    "CLEAN-DUP-2/equalp",
		Needs: cleanupNeeds,
		Story: "Lists of one function and \"a\", \"A\", 1, 1.0, 2 and two fresh vectors of equal contents are seven forms: each runs.",
		Run: func(c *C) {
			child := c.life("child")
			f := c.Lister(child.log)
			vector := func() spec.Value { return c.New(spec.Keyword("vector"), 1).Primary() }
			args := []any{"a", "A", 1, spec.Single(1), 2, vector(), vector()}
			child.ensure(list(f, args[0]), key.Priority(1))
			for i, arg := range args[1:] {
				c.EnsureProcessCleanup(list(f, arg), key.Priority(1+(i+1)/2), of(child.Process))
			}
			log := child.over()
			c.Expect(log).For("CLEAN-FORM-2").To(containing(list(child.Process, "a"), 1), "a list calls its function with the process and its cdr")
			for _, arg := range args {
				c.Expect(log).To(containing(list(child.Process, arg), 1), "forms that are not equal are different forms")
			}
			c.Expect(spec.Int(len(entries(log)))).For("CLEAN-RUN-2").To(BeEql(len(args)), "each form runs once")
		},
	},
	{
		ID:    "CLEAN-DUP-2/closures",
		Needs: cleanupNeeds,
		Story: "Two closures of the same code over different values are two forms: each runs.",
		Run: func(c *C) {
			child := c.life("child")
			for _, captured := range []string{"one", "two"} {
				child.marks(captured, 1)
			}
			c.ranOnce(child.over(), "CLEAN-DUP-2", "one", "two")
		},
	},
	{
		ID:    "CLEAN-DUP-3/same-priority",
		Needs: cleanupNeeds,
		Story: "A form is registered twice with the same priority: the second call returns nil, and the form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			child.ensure(form, key.Priority(3))
			again := c.EnsureProcessCleanup(form, key.Priority(3), of(child.Process))
			c.Expect(again).To(BeNil(), "a registration that changes nothing returns nil")
			c.expectOne(child.over(), "CLEAN-DUP-3")
		},
	},
	{
		ID:    "CLEAN-DUP-4/forced",
		Needs: cleanupNeeds,
		Story: "A form is registered twice with the same priority, the second time with :force t: nil is returned, and the form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			child.ensure(form, key.Priority(3))
			again := c.EnsureProcessCleanup(form, key.Priority(3), key.Force(true), of(child.Process))
			c.Expect(again).To(BeNil(), "a registration that changes nothing returns nil")
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs")
			c.Expect(log).To(BeEqual(list("form")), "a forced registration of the same priority changes nothing")
		},
	},
	{
		ID:    "CLEAN-DUP-5/higher",
		Needs: cleanupNeeds,
		Story: "A form is registered again with a higher priority and without :force: an error is signalled in the caller.",
		Run:   func(c *C) { conflict(c, c.life("child"), 4, "CLEAN-DUP-5") },
	},
	{
		ID:    "CLEAN-DUP-5/lower",
		Needs: cleanupNeeds,
		Story: "A form is registered again with a lower priority and without :force: an error is signalled in the caller.",
		Run:   func(c *C) { conflict(c, c.life("child"), 2, "CLEAN-DUP-5") },
	},
	{
		ID:    "CLEAN-DUP-6/higher",
		Needs: cleanupNeeds,
		Story: "After the error for a higher priority the form runs once, at its old place between two others.",
		Run:   func(c *C) { asBefore(c, 5) },
	},
	{
		ID:    "CLEAN-DUP-6/lower",
		Needs: cleanupNeeds,
		Story: "After the error for a lower priority the form runs once, at its old place between two others.",
		Run:   func(c *C) { asBefore(c, 1) },
	},
	{
		ID:      "CLEAN-DUP-7/raise",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanupNeeds,
		Story:   "A cleanup registered at priority 2 is forced to 4: it runs once, after the form at 3 and before the one at 5.",
		Run:     forcedMove(2, 4, "first", "middle", "moved", "last"),
	},
	{
		ID:      "CLEAN-DUP-7/lower",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanupNeeds,
		Story:   "A cleanup registered at priority 4 is forced to 2: it runs once, after the form at 1 and before the one at 3.",
		Run:     forcedMove(4, 2, "first", "moved", "middle", "last"),
	},
	{
		ID:      "CLEAN-DUP-7/below-zero",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanupNeeds,
		Story:   "A cleanup registered at priority 2 is forced to -2: it runs once, before the form at 1.",
		Run:     forcedMove(2, -2, "moved", "first", "middle", "last"),
	},
	{
		ID:    "CLEAN-DUP-8/absent",
		Needs: cleanupNeeds,
		Story: "Another priority is an error without :force, and none with :force t: force defaults to nil.",
		Run:   func(c *C) { notForced(c) },
	},
	{
		ID:    "CLEAN-DUP-8/nil",
		Needs: cleanupNeeds,
		Story: "Another priority is an error with :force nil, and none with :force t.",
		Run:   func(c *C) { notForced(c, key.Force(false)) },
	},
	{
		ID:    "CLEAN-DUP-9/value",
		Needs: cleanupNeeds,
		Story: "What a registration that added or replaced returns is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			for _, keys := range [][]any{{key.Priority(1)}, {key.Priority(2), key.Force(true)}} {
				r := c.EnsureProcessCleanup(form, append(keys, of(child.Process))...)
				switch {
				case len(r.Values) == 0:
					c.Observe("CLEAN-DUP-9", "no-values")
				case !spec.Truth(r.Primary()):
					c.Observe("CLEAN-DUP-9", "nil")
				case spec.Eql(r.Primary(), spec.True{}):
					c.Observe("CLEAN-DUP-9", "true")
				default:
					c.Observe("CLEAN-DUP-9", "another-value")
				}
			}
		},
	},
	{
		ID:    "CLEAN-DUP-10/place-among-equals",
		Needs: cleanupNeeds,
		Story: "A form is forced to a priority that two others have: its place among them is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			moved := c.Logger(child.log, "moved")
			child.ensure(moved, key.Priority(1))
			child.marks("a", 3)
			child.marks("b", 3)
			child.ensure(moved, key.Force(true), key.Priority(3))
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", "a", "b")
			switch places := entries(log); {
			case times(log, "moved") != 1 || len(places) != 3:
				c.Observe("CLEAN-DUP-10", spec.Other)
			case spec.Equal(places[0], spec.String("moved")):
				c.Observe("CLEAN-DUP-10", "before-equals")
			case spec.Equal(places[2], spec.String("moved")):
				c.Observe("CLEAN-DUP-10", "after-equals")
			default:
				c.Observe("CLEAN-DUP-10", "between-equals")
			}
		},
	},
	{
		ID:    "CLEAN-DUP-11/function",
		Needs: cleanupNeeds,
		Story: "One function object is registered twice: it runs once.",
		Run: func(c *C) {
			child := c.life("child")
			form := c.Logger(child.log, "form")
			child.ensure(form, key.Priority(1))
			child.ensure(form, key.Priority(1))
			c.expectOne(child.over(), "CLEAN-DUP-11")
		},
	},
	{
		ID:    "CLEAN-DUP-1/fresh-objects",
		Needs: cleanupNeeds,
		Story: "Forms that are equal because their conses and strings have equal contents are registered twice each, made anew: each runs once.",
		Run: func(c *C) {
			for _, make := range equalForms(c) {
				child := c.life("child")
				f := c.define("MPCHECK-CLEANUP", child.log, "form")
				child.ensure(make[0](f), key.Priority(1))
				again := c.Try().EnsureProcessCleanup(make[1](f), key.Priority(1), of(child.Process))
				c.Expect(again).For("CLEAN-DUP-3").To(BeNil(), "a registration that changes nothing returns nil")
				c.expectOne(child.over(), "CLEAN-DUP-1")
			}
		},
	},
	{
		ID:    "CLEAN-DUP-2/fresh-objects",
		Needs: cleanupNeeds,
		Story: "Forms whose conses and strings differ somewhere - in an element, in depth, in length, in what stands after the dot, in case - are different forms: each runs.",
		Run: func(c *C) {
			child := c.life("child")
			f := c.Logger(child.log, "form")
			arguments := []spec.Value{
				c.made("cons", 1, 2), c.made("cons", 1, 3), c.made("cons", 2, 2), c.made("list", 1, 2), c.made("list", 1, 2, 3),
				c.made("cons", 1, c.made("cons", 2, 3)), c.made("cons", c.made("cons", 1, 2), 3),
				spec.List{Items: []spec.Value{spec.Int(1), spec.Int(2)}, Dotted: spec.Int(4)},
				c.made("string", "a"), c.made("string", "A"), c.made("string", "ab"), c.made("vector", 1), c.made("vector", 1),
			}
			child.ensure(list(f, "the first"), key.Priority(0))
			for i, argument := range arguments {
				c.EnsureProcessCleanup(list(f, argument), key.Priority(1+i), of(child.Process)) // an error where it is taken for another
			}
			c.Expect(spec.Int(times(child.over(), "form"))).To(BeEql(1+len(arguments)), "forms that are not equal are different forms")
		},
	},
})

// conflict registers a form at 3 and again with another priority, which must be an error.
func conflict(c *C, child *life, at int, clause string) {
	form := c.Logger(child.log, "form")
	child.ensure(form, key.Priority(3))
	r := c.Try().EnsureProcessCleanup(form, key.Priority(at), of(child.Process))
	c.Expect(r).For(clause).To(SignalError(), "another priority without :force is an error")
}

func asBefore(c *C, at int) {
	child := c.life("child")
	child.marks("last", 6)
	child.marks("first", 2)
	child.marks("next", 4)
	conflict(c, child, at, "CLEAN-DUP-5")
	c.ranInOrder(child.over(), "form", "first", "form", "next", "last")
}

// forcedMove registers a form among markers at 1, 3 and 5, moves it by force, and ends
// the process. Twice in the log means that the old entry stayed; the old place, that the
// new one was ignored.
func forcedMove(from, to int, order ...any) func(c *C) {
	return func(c *C) {
		child := c.life("child")
		moved := c.Logger(child.log, "moved")
		child.marks("last", 5)
		child.ensure(moved, key.Priority(from))
		child.marks("first", 1)
		child.marks("middle", 3)
		c.EnsureProcessCleanup(moved, key.Force(true), key.Priority(to), of(child.Process))
		c.Step("the form is registered anew by force")
		c.ranInOrder(child.over(), "moved", order...)
	}
}

// notForced shows that :force t makes the difference, in the same system.
func notForced(c *C, force ...any) {
	child := c.life("child")
	form := c.Logger(child.log, "form")
	child.ensure(form, key.Priority(1))
	r := c.Try().EnsureProcessCleanup(form, append(force, key.Priority(2), of(child.Process))...)
	c.Expect(r).To(SignalError(), "without :force, or with :force nil, another priority is an error")
	forced := c.Try().EnsureProcessCleanup(form, key.Force(true), key.Priority(2), of(child.Process))
	c.Expect(forced).For("CLEAN-DUP-7").NotTo(SignalError(), "with :force t it is none")
}

// equalForms lists forms of a function, each made in two ways that are equal.
func equalForms(c *C) [][2]func(f spec.Value) spec.Value {
	both := func(make func(f spec.Value) spec.Value) [2]func(f spec.Value) spec.Value {
		return [2]func(f spec.Value) spec.Value{make, make}
	}
	forms := [][2]func(f spec.Value) spec.Value{
		both(func(f spec.Value) spec.Value { return c.made("list", f, 1, 2) }),
		both(func(f spec.Value) spec.Value { return list(f, c.made("string", "text")) }),
		both(func(f spec.Value) spec.Value { return list(f, c.made("cons", 1, 2)) }),
		both(func(f spec.Value) spec.Value {
			return list(f, c.made("cons", c.made("list", "deep", 1), c.made("string", "end")))
		}),
		both(func(f spec.Value) spec.Value { return c.made("cons", f, c.made("cons", c.made("string", "a"), nil)) }),
		{
			func(f spec.Value) spec.Value { return c.made("list", f, 1, "text") },
			func(f spec.Value) spec.Value { return list(f, 1, "text") },
		},
		{
			func(f spec.Value) spec.Value { return list(f, c.made("string", "text"), c.made("cons", 1, 2)) },
			func(f spec.Value) spec.Value {
				return list(f, "text", spec.List{Items: []spec.Value{spec.Int(1)}, Dotted: spec.Int(2)})
			},
		},
	}
	return forms[:c.Size(len(forms), len(forms), 3)]
}
