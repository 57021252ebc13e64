package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// ifOptions are what an if-option of output is given, as for open: none at all is its default.
var ifOptions = []string{"error", "supersede", "append", "create", "nil", "default"}

var _ = chapter([]Case{
	{
		ID:    "EXT-IF-1/output-exists",
		Needs: runNeeds,
		Story: "What each value of if-output-exists does to a file that output goes to, and what none does, is recorded.",
		Run: func(c *C) {
			c.ifExists(func(f File, program Program, option ifOption) spec.Return {
				return c.Try().Run(program.Path, nil, redirected(nil, f.Path, nil, option(key.IfOutputExists)...)...)
			})
		},
	},
	{
		ID:    "EXT-IF-1/error-exists",
		Needs: runNeeds,
		Story: "What each value of if-error-exists does to a file that error goes to, and what none does, is recorded.",
		Run: func(c *C) {
			c.ifExists(func(f File, program Program, option ifOption) spec.Return {
				return c.Try().Run(program.Path, nil, redirected(nil, nil, f.Path, option(key.IfErrorExists)...)...)
			})
		},
	},
	{
		ID:    "EXT-IF-1/started",
		Needs: startNeeds,
		Story: "What each value of if-output-exists does under start, and what none does, is recorded.",
		Run: func(c *C) {
			c.ifExists(func(f File, program Program, option ifOption) spec.Return {
				return c.startedIf(program, redirected(nil, f.Path, nil, option(key.IfOutputExists)...))
			})
		},
	},
	{
		ID:    "EXT-IF-1/started-error-exists",
		Needs: startNeeds,
		Story: "What each value of if-error-exists does under start, and what none does, is recorded.",
		Run: func(c *C) {
			c.ifExists(func(f File, program Program, option ifOption) spec.Return {
				return c.startedIf(program, redirected(nil, nil, f.Path, option(key.IfErrorExists)...))
			})
		},
	},
	{
		ID:    "EXT-IF-1/input-missing",
		Needs: runNeeds,
		Story: "What each value of if-input-does-not-exist does where there is no such file, and what none does, is recorded.",
		Run: func(c *C) {
			c.ifMissing(func(program Program, keys []any) spec.Return { return c.Try().Run(program.Path, nil, keys...) })
		},
	},
	{
		ID:    "EXT-IF-1/started-input-missing",
		Needs: startNeeds,
		Story: "What each value of if-input-does-not-exist does under start, and what none does, is recorded.",
		Run:   func(c *C) { c.ifMissing(c.startedIf) },
	},
})

// ifOption makes keywords of an option's name: the value that is tried, or none.
type ifOption func(as func(value any) spec.Key) []any

// ifExists has programs write to a file that exists, with each value of an option.
func (c *C) ifExists(asked func(f File, program Program, option ifOption) spec.Return) {
	for _, name := range ifOptions {
		f, program := c.NewFile("old\n"), c.Prepared(does("echo", "new\n"), does("echo", "new\n", spec.Keyword("stderr")), exits(7))
		r := asked(f, program, func(as func(value any) spec.Key) []any { return given(name, as) })
		as, text := spec.Other, c.textOf(f)
		switch {
		case r.Status == spec.Signalled && text == "old\n":
			as = "error"
		case r.Status == spec.Returned && !spec.Truth(r.Primary()) && text == "old\n":
			as = "nil"
		case r.Status == spec.Returned && text == "old\nnew\n":
			as = "append"
		case r.Status == spec.Returned && text == "new\n":
			as = "supersede"
		}
		c.observeIf(name, as)
	}
}

// given is an option with a value; none for its default.
func given(name string, as func(value any) spec.Key) []any {
	switch name {
	case "default":
		return nil
	case "nil":
		return []any{as(nil)}
	}
	return []any{as(spec.Keyword(name))}
}

// observeIf records what an option did, in the words of open.
func (c *C) observeIf(name, as string) {
	switch {
	case as == spec.Other:
		c.Observe("EXT-IF-1", spec.Other)
	case name == "default":
		c.Observe("EXT-IF-1", "default-"+as)
	case name == "nil":
		c.Observe("EXT-IF-1", map[string]string{"error": "nil-is-error", "nil": "nil-gives-nil"}[as])
	case name == as:
		c.Observe("EXT-IF-1", name+"-as-open")
	case as == "error":
		c.Observe("EXT-IF-1", "option-refused")
	default:
		c.Observe("EXT-IF-1", spec.Other)
	}
}

// startedIf starts a program, if an option lets it, and waits for its end.
func (c *C) startedIf(program Program, keys []any) spec.Return {
	r := c.Try().Start(program.Path, nil, keys...)
	if r.Status == spec.Returned && spec.Truth(r.Primary()) {
		c.asksForEnd(Program{Process: r.Primary()})
	}
	return r
}

// ifMissing has programs read a file that there is not, with each value of the option.
func (c *C) ifMissing(asked func(program Program, keys []any) spec.Return) {
	for _, name := range []string{"error", "create", "nil", "default"} {
		f := c.NewFile()
		r := asked(c.Prepared(does("read"), exits(7)), redirected(f.Path, nil, nil, given(name, key.IfInputDoesNotExist)...))
		created := spec.Truth(c.FileText(f.ref).Primary())
		as := spec.Other
		switch {
		case r.Status == spec.Signalled && !created:
			as = "error"
		case r.Status == spec.Returned && !spec.Truth(r.Primary()) && !created:
			as = "nil"
		case r.Status == spec.Returned && created:
			as = "create"
		}
		c.observeIf(name, as)
	}
}
