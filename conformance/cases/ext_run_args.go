package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// unlikely are arguments that a shell, a printer or whatever else stands between would split, expand, quote or take for something else.
var unlikely = []any{
	"a b", " ", "$HOME", "`echo x`", "$(echo x)", "'", `"`, `\`, "", "*", "a\nb", "\n", "-x", "--", "-", "FOO=bar", "=", "~", "a;b", "a|b", "a&b", "#a", "!", "(a)", "a\tb", "\x01\x1b[0m\x7f",
}

var _ = chapter([]Case{
	{
		ID:    "EXT-RUN-5/given",
		Needs: runNeeds,
		Story: "A string with a blank, a number, a character and a pathname are an argument each.",
		Run: func(c *C) {
			c.getsArguments([]any{"a b", 3, spec.Char('x'), spec.Pathname("/a/b")}, "a b", "3", "x", "/a/b")
		},
	},
	{
		ID:    "EXT-RUN-5/started",
		Needs: startNeeds,
		Story: "To start, too, a string with a blank, a number, a character and a pathname are an argument each.",
		Run: func(c *C) {
			program := c.For("EXT-RUN-5").Starts(c.Prepared(exits(7)), []any{"a b", 3, spec.Char('x'), spec.Pathname("/a/b")}, apart()...)
			c.ShowsExit(program, 7)
			c.Expect(c.argumentsOf(program)).To(BeEqual([]any{"a b", "3", "x", "/a/b"}), "each argument is one of the program's")
		},
	},
	{
		ID:    "EXT-RUN-5/no-shell",
		Needs: runNeeds,
		Story: "Arguments that a shell would split, expand or take away are the program's as they are; and none are none.",
		Run: func(c *C) {
			c.getsArguments(unlikely, unlikely...)
			c.getsArguments(nil)
			c.getsArguments([]any{""}, "")
			for _, first := range []any{"FOO=bar", "-x", "--", "-"} { // some stop looking behind the first
				c.getsArguments([]any{first, "a"}, first, "a")
			}
		},
	},
	{
		ID:    "EXT-RUN-5/large",
		Needs: runNeeds,
		Story: "An argument of 100 KiB is one, and a thousand arguments are a thousand.",
		Run: func(c *C) {
			long := strings.Repeat("a b$c", c.Size(100<<10, 100<<10, 5000)/5)
			c.getsArguments([]any{long, "z"}, long, "z")
			var many []any
			for i := range c.Size(1000, 1000, 20) {
				many = append(many, spec.Int(i).String()+" x")
			}
			c.getsArguments(many, many...)
		},
	},
	{
		ID:    "EXT-RUN-5/other-letters",
		Needs: runNeeds,
		Story: "An argument with letters beyond ASCII is one; how they are encoded is another matter.",
		Run: func(c *C) {
			program := c.Runs(c.Prepared(exits(7)), 7, []any{"a\u00e9b\u4e16c", "z"}, apart()...)
			seen, _ := spec.Items(c.argumentsOf(program))
			c.Expect(spec.Int(len(seen))).To(BeEql(2), "each argument is one of the program's")
			text, _ := seen[0].(spec.String)
			ascii := strings.Map(func(r rune) rune {
				if r >= 0x80 || r == '?' {
					return -1
				}
				return r
			}, string(text))
			c.Expect(spec.String(ascii)).To(BeEqual("abc"), "what stands around other letters arrives as it is")
			if text != "a\u00e9b\u4e16c" {
				c.NotApplicable("the letters of %s arrive in an encoding that is not UTF-8", text)
			}
			c.Expect(seen[1]).To(BeEqual("z"), "the argument behind it arrives as it is")
		},
	},
	{
		ID:      "EXT-RUN-5/no-assignment",
		Needs:   runNeeds,
		Expects: Absence,
		Witness: "the program writes to the file",
		Story:   "The name of a program has an equals sign, and there is no such program: its argument is not run in its place.",
		Run: func(c *C) {
			f := c.NewFile()
			c.Control("the program writes to the file", func() {
				c.Runs(c.Prepared(does("echo", "run\n"), exits(7)), 7, nil, redirected(nil, f.Path, nil)...)
				f.holds(c.P, "EXT-IO-6", "run\n", "the output is redirected to the file")
			})
			argument, out := c.Prepared(does("echo", "run\n"), exits(7)), c.NewFile()
			c.Try().Run("/mpcheck=none/program", []any{argument.Path}, redirected(nil, out.Path, nil)...)
			c.Expect(spec.String(c.textOf(out))).To(BeEqual(""), "what is an argument is not run")
		},
	},
})

// getsArguments runs a program with arguments, and expects that it gets these.
func (c *C) getsArguments(given []any, want ...any) {
	seen := c.argumentsOf(c.For("EXT-RUN-5").Runs(c.Prepared(exits(7)), 7, given, apart()...))
	items, _ := spec.Items(seen)
	c.Expect(spec.Int(len(items))).For("EXT-RUN-5").To(BeEql(len(want)), "each argument is one of the program's: it got %s", briefly(seen.String()))
	for i := range want {
		text, _ := items[i].(spec.String)
		c.sameText("EXT-RUN-5", string(text), want[i].(string), "an argument is the program's as it is")
	}
}
