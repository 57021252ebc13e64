package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What a form is, and how it is called. Conses and strings that are equal are the same form all the same, and a list of fresh conses is a list.
var _ = chapter([]Case{
	{
		ID:    "CLEAN-FORM-1/one-argument",
		Needs: cleanupNeeds,
		Story: "A function registered as cleanup is called with one argument, the process that ended.",
		Run: func(c *C) {
			child, log := c.plainly(func(p *P, l *life) spec.Value { return p.Lister(l.log) })
			c.Expect(log).To(BeEqual(list(list(child.Process))), "the function gets the process and nothing else")
		},
	},
	{
		ID:    "CLEAN-FORM-2/spread",
		Needs: cleanupNeeds,
		Story: "A list of a function, 1 and 2 registered as cleanup calls the function with the process, 1 and 2.",
		Run: func(c *C) {
			child, log := c.plainly(func(p *P, l *life) spec.Value { return list(p.Lister(l.log), 1, 2) })
			c.Expect(log).To(BeEqual(list(list(child.Process, 1, 2))), "the elements of the cdr follow the process")
		},
	},
	{
		ID:    "CLEAN-FORM-2/function-alone",
		Needs: cleanupNeeds,
		Story: "A list of a function alone registered as cleanup calls the function with the process.",
		Run: func(c *C) {
			child, log := c.plainly(func(p *P, l *life) spec.Value { return list(p.Lister(l.log)) })
			c.Expect(log).To(BeEqual(list(list(child.Process))), "an empty cdr adds no argument")
		},
	},
	{
		ID:    "CLEAN-FORM-3/symbol",
		Needs: cleanupNeeds,
		Story: "A list that begins with a symbol naming a function calls that function.",
		Run: func(c *C) {
			_, log := c.plainly(func(p *P, l *life) spec.Value { return list(p.define("MPCHECK-CLEANUP", l.log, "called"), "x") })
			c.Expect(log).To(BeEqual(list("called")), "the function that the symbol names is called")
		},
	},
	{
		ID:    "CLEAN-FORM-4/bare-symbol",
		Needs: cleanupNeeds,
		Story: "A symbol that names a function is registered as cleanup: what comes of it is recorded; another cleanup runs if it was refused at once.",
		Run: func(c *C) {
			child := c.life("child")
			name := c.define("MPCHECK-CLEANUP", child.log, "called")
			r := child.doubtful(name)
			child.marks("other", 2)
			if r.Status == spec.Signalled {
				c.Observe("CLEAN-FORM-4", "error-at-registration")
				c.ranOnce(child.over(), "CLEAN-RUN-1", "other")
				return
			}
			if log := child.settled(); times(log, "called") > 0 {
				c.Observe("CLEAN-FORM-4", "called-with-process")
			} else {
				c.Observe("CLEAN-FORM-4", "error-at-run-time")
			}
		},
	},
	{
		ID:    "CLEAN-FORM-5/nil",
		Needs: cleanupNeeds,
		Story: "nil is registered as cleanup: what comes of it is recorded.",
		Run:   func(c *C) { doubtfulForm(c, func(*life) spec.Value { return spec.Nil{} }) },
	},
	{
		ID:    "CLEAN-FORM-5/number",
		Needs: cleanupNeeds,
		Story: "A number is registered as cleanup: what comes of it is recorded.",
		Run:   func(c *C) { doubtfulForm(c, func(*life) spec.Value { return spec.Int(7) }) },
	},
	{
		ID:    "CLEAN-FORM-5/lambda-list",
		Needs: cleanupNeeds,
		Story: "The list (lambda (p) (f p)) is registered as cleanup: what comes of it is recorded.",
		Run: func(c *C) {
			doubtfulForm(c, func(l *life) spec.Value {
				f, p := c.define("MPCHECK-CLEANUP", l.log, "called"), spec.Symbol{Name: "P"}
				return list(spec.Symbol{Package: "COMMON-LISP", Name: "LAMBDA"}, list(p), list(f, p))
			})
		},
	},
	{
		ID:    "CLEAN-FORM-5/unbound-symbol",
		Needs: cleanupNeeds,
		Story: "A list that begins with a symbol which names no function is registered as cleanup: what comes of it is recorded.",
		Run: func(c *C) {
			doubtfulForm(c, func(*life) spec.Value { return list(spec.Symbol{Name: "MPCHECK-NAMES-NO-FUNCTION"}, 1) })
		},
	},
	{
		ID:    "CLEAN-FORM-6/redefined",
		Needs: cleanupNeeds,
		Story: "A symbol is given another function after a list that begins with it was registered: which of the two runs is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			name := c.define("MPCHECK-CLEANUP", child.log, "old")
			child.ensure(list(name), key.Priority(1))
			c.define("MPCHECK-CLEANUP", child.log, "new")
			switch log := child.over(); {
			case spec.Equal(log, list("old")):
				c.Observe("CLEAN-FORM-6", "resolved-at-registration")
			case spec.Equal(log, list("new")):
				c.Observe("CLEAN-FORM-6", "resolved-at-run-time")
			default:
				c.Observe("CLEAN-FORM-6", spec.Other)
			}
		},
	},
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
			child.ensure(list(f, "plain")) // if lists are taken at all, it is their priorities that are refused
			for i, form := range forms {
				child.ensure(form, key.Priority(i))
			}
			log := child.over()
			for _, arguments := range [][]any{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {}} {
				c.Expect(log).To(containing(list(append([]any{child.Process}, arguments...)...), 1), "the elements of the cdr follow the process")
			}
		},
	},
})

// plainly has a child register a form on itself without keywords, after a function beside it, and returns what the form has
// logged once the child has ended. That the function is refused is charged to CLEAN-PROC-1, and that it does not run to
// CLEAN-RUN-1: what goes wrong then is about the form.
func (c *C) plainly(form func(p *P, l *life) spec.Value) (child *life, log spec.Value) {
	beside := c.Log()
	child = c.lifeOf("child", func(p *P, l *life) {
		p.For("CLEAN-PROC-1").EnsureProcessCleanup(p.Logger(beside, "function"))
		p.EnsureProcessCleanup(form(p, l))
	}, nil)
	log = child.over()
	c.ranOnce(c.LogRead(beside).Primary(), "CLEAN-RUN-1", "function")
	return child, log
}

// define makes a symbol name a function that leaves a mark in a log.
func (p *P) define(name string, log spec.Ref, mark any) spec.Value {
	symbol := spec.Symbol{Name: name}
	p.Defun(symbol, p.Code(func(p *P) { p.LogAppend(log, mark) }))
	return symbol
}

// doubtful registers something at priority 1 that the implementation may refuse.
func (l *life) doubtful(form spec.Value) spec.Return {
	return l.c.Try().EnsureProcessCleanup(form, key.Priority(1), of(l.Process))
}

// settled ends the child and returns what its forms have logged, where one of them may
// leave abnormally: nothing says then that later ones run (CLEAN-ERR-1).
func (l *life) settled() spec.Value {
	l.c.Open(l.Gated)
	l.c.Settle()
	return l.c.LogRead(l.log).Primary()
}

// doubtfulForm records what comes of something that is hardly a form. Whether it was
// ignored or left by an error that nobody heard of can't be told.
func doubtfulForm(c *C, form func(l *life) spec.Value) {
	child := c.life("child")
	r := child.doubtful(form(child))
	child.marks("other", 2)
	switch log := child.settled(); {
	case r.Status == spec.Signalled:
		c.Observe("CLEAN-FORM-5", "error-at-registration")
		c.ranOnce(log, "CLEAN-RUN-1", "other")
	case times(log, "called") > 0:
		c.Observe("CLEAN-FORM-5", "lambda-list-called")
	case times(log, "other") > 0:
		c.Observe("CLEAN-FORM-5", "ignored")
	default:
		c.Observe("CLEAN-FORM-5", "error-at-run-time")
	}
	c.usable()
}
