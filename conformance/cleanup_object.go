package conformance

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Forms and dependents made of objects that have an identity: conses and strings that are equal
// are the same form all the same, and a list of fresh conses is a list.
var cleanupObjectCases = []Case{
	{
		ID:    "CLEAN-FORM-2/fresh-conses",
		Needs: cleanupNeeds,
		Story: "Lists that are made of fresh conses, wholly or in part, are registered as cleanup: each calls its function with the process and the elements of its cdr.",
		Run: func(c *C) {
			child := c.life("child")
			f := c.Lister(child.log)
			forms := []spec.Value{
				c.made("list", f, 1, 2),
				c.made("cons", f, c.made("list", 3, 4)),
				c.made("cons", f, list(5, 6)),
				c.made("cons", f, c.made("cons", 7, list(8))),
				c.made("list", f),
			}
			for i, form := range forms {
				child.ensure(form, key.Priority(i))
			}
			log := child.over()
			for _, arguments := range [][]any{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {}} {
				c.Expect(log).To(containing(list(append([]any{child.Process}, arguments...)...), 1), "the elements of the cdr follow the process")
			}
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
		ID:      "CLEAN-SIG-1/unknown-keyword",
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the three keywords are accepted",
		Story:   "A keyword that is none of :priority, :force and :process is an error, and the form it was given with doesn't run; who ignores it registers the form, once.",
		Run: func(c *C) {
			child, accepted := c.life("child"), 0
			c.Control("the three keywords are accepted", func() {
				child.ensure(c.Logger(child.log, "known"), key.Priority(1), key.Force(true))
			})
			for _, keys := range [][]any{{}, {key.Priority(2)}, {key.Priority(2), key.Force(true)}} {
				unknown := append(keys, spec.Key{Name: "no-such-keyword", Value: spec.True{}}, of(child.Process))
				if r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "unknown"), unknown...); r.Status != spec.Signalled {
					accepted++
				}
			}
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", "known")
			c.Expect(spec.Int(times(log, "unknown"))).To(BeEql(spec.Int(accepted)), "a registration that was refused registers nothing, another its form")
		},
	},
	{
		ID:      "CLEAN-RUN-2/error-in-a-form",
		Clauses: []string{"CLEAN-RUN-1"},
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the form before has run",
		Story:   "Of four forms the second and the last signal an error: whatever becomes of the later ones, none runs twice, and the first has run.",
		Run: func(c *C) {
			child, began := c.life("child"), c.Cell(nil)
			marks := func(mark string, at int, raises bool) {
				child.ensure(c.Func(func(p *P, _ []spec.Value) any {
					p.LogAppend(child.log, mark)
					p.CellSet(began, true)
					if raises {
						p.Try().SignalError("in a form")
					}
					return nil
				}), key.Priority(at))
			}
			marks("first", 1, false)
			marks("second", 2, true)
			marks("third", 3, false)
			marks("fourth", 4, true)
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(began, true), "the forms begin to run")
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(nth(entries(log), 0)).For("CLEAN-ORDER-1").To(BeEqual("first"), "forms run in ascending priority")
			c.Step("the form before has run")
			for _, mark := range []string{"first", "second", "third", "fourth"} {
				c.Expect(log).NotTo(containing(mark, 2), "the form that leaves %q in the log runs once, whatever another does", mark)
			}
			c.usable()
		},
	},
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
