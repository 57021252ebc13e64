package cases

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Not every function that starts programs takes an environment.
var (
	bindingNeeds        = append([]string{"run :environment", "run :replace-environment-p"}, runNeeds...)
	startedBindingNeeds = append([]string{"start :environment", "start :replace-environment-p"}, startNeeds...)
)

// bindings are variables whose values something might quote, cut or split.
var bindings = []string{
	"FOO", "a=b 'q' x", "X", "a", "QUOTES", `"'` + "`", "LINES", "one\n two\n", "DOLLAR", "$HOME", "STAR", "*", "EQUALS", "=", "BACKSLASH", `\`, "EMPTY", "", "BLANKS", " a  b ", "CONTROL", "\x01\x1b[0m\x7f", "foo", "lower",
}

// ofShells are variables that a replaced environment may have of itself: the library's, and a shell's (EXT-ENV-4).
var ofShells = []string{"PATH", "PWD", "SHLVL", "_"}

var _ = chapter([]Case{
	{
		ID:    "EXT-ENV-1/exact",
		Needs: bindingNeeds,
		Story: "Each variable of the alist has exactly its value in the program: with equals signs, quotes, line ends, or nothing.",
		Run:   func(c *C) { c.seesBindings(runBy) },
	},
	{
		ID:    "EXT-ENV-1/path",
		Needs: bindingNeeds,
		Story: "PATH is one of the variables: the program has the value given, whether the environment is extended or replaced.",
		Run: func(c *C) {
			old := valueIn(c.environmentOf(runBy.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart()...)), "PATH")
			for _, replace := range []bool{false, true} {
				program := runBy.run(c, "EXT-ENV-1", c.Prepared(exits(7)), apart(key.Environment(pairs("PATH", "/foo", "MPCHECK_FOO", "/foo")), key.ReplaceEnvironmentP(replace))...)
				environment := c.environmentOf(program)
				c.Expect(valueIn(environment, "MPCHECK_FOO")).To(BeEqual("/foo"), "the variable has the value that was given")
				seen, clause := valueIn(environment, "PATH"), "EXT-ENV-1"
				if !replace && spec.Truth(old) && spec.Equal(seen, old) {
					clause = "EXT-ENV-3"
				}
				c.Expect(seen).For(clause).To(BeEqual("/foo"), "the variable has the value that was given")
			}
		},
	},
	{
		ID:    "EXT-ENV-2/extends",
		Needs: bindingNeeds,
		Story: "With an alist, and replace-environment-p not given or nil, a program has all that it has without the alist.",
		Run:   func(c *C) { c.extends(runBy) },
	},
	{
		ID:      "EXT-ENV-2/own-unchanged",
		Needs:   bindingNeeds,
		Expects: Absence,
		Witness: "the variable is there",
		Story:   "A program had a variable that the Lisp doesn't have: the next has the Lisp's environment again.",
		Run: func(c *C) {
			before := c.environmentOf(runBy.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart()...))
			c.Control("the variable is there", func() {
				program := runBy.run(c, "EXT-ENV-1", c.Prepared(exits(7)), apart(key.Environment(pairs("MPCHECK_FOO", "a")))...)
				c.Expect(valueIn(c.environmentOf(program), "MPCHECK_FOO")).For("EXT-ENV-1").To(BeEqual("a"), "the variable has the value that was given")
			})
			after := c.environmentOf(runBy.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart(key.Environment(nil))...))
			c.Expect(valueIn(after, "MPCHECK_FOO")).To(BeNil(), "the alist extends the environment of one program")
			c.hasAll("EXT-ENV-2", after, before)
		},
	},
	{
		ID:    "EXT-ENV-3/overrides",
		Needs: bindingNeeds,
		Story: "A variable of the alist that the Lisp has too has the new value in the program, which asks for the first of that name.",
		Run:   func(c *C) { c.overrides(runBy) },
	},
	{
		ID:      "EXT-ENV-4/replaces",
		Clauses: []string{"EXT-ENV-1"},
		Needs:   bindingNeeds,
		Expects: Absence,
		Witness: "extended, the environment has more",
		Story:   "With replace-environment-p t a program has the variables of the alist, and none that the Lisp has.",
		Run:     func(c *C) { c.replaces(runBy) },
	},
	{
		ID:    "EXT-ENV-5/odd",
		Needs: bindingNeeds,
		Story: "What becomes of a name that is a symbol, a value that is no string, and a name that comes twice is recorded.",
		Run: func(c *C) {
			asked := func(alist spec.Value) (environment []string, taken bool) {
				program := c.Prepared(exits(7))
				r := c.Try().Run(program.Path, nil, apart(key.Environment(alist))...)
				if r.Status == spec.Signalled {
					return nil, false
				}
				return c.environmentOf(c.ran(program)), true
			}
			observe := func(taken bool, what string, as string) {
				if !taken {
					as = what + "-error"
				}
				c.Observe("EXT-ENV-5", as)
			}
			environment, taken := asked(spec.NewList(spec.List{Items: []spec.Value{spec.Keyword("mpcheck_foo")}, Dotted: spec.String("a")}))
			as := spec.Other
			if slices.ContainsFunc(environment, func(entry string) bool { return strings.EqualFold(entry, "MPCHECK_FOO=a") }) {
				as = "name-converted"
			}
			observe(taken, "name", as)
			environment, taken = asked(spec.NewList(spec.List{Items: []spec.Value{spec.String("MPCHECK_FOO")}, Dotted: spec.Int(3)}))
			as = spec.Other
			if spec.Equal(valueIn(environment, "MPCHECK_FOO"), spec.String("3")) {
				as = "value-converted"
			}
			observe(taken, "value", as)
			environment, taken = asked(pairs("MPCHECK_FOO", "a", "MPCHECK_FOO", "b"))
			switch valueIn(environment, "MPCHECK_FOO") {
			case spec.String("a"):
				as = "repeated-first-wins"
			case spec.String("b"):
				as = "repeated-last-wins"
			default:
				as = spec.Other
			}
			observe(taken, "repeated", as)
		},
	},
})

// seesBindings has a program run with variables that the alist gives.
func (c *C) seesBindings(by way) {
	for _, replace := range []bool{false, true} {
		program := by.run(c, "EXT-ENV-1", c.Prepared(exits(7)), apart(key.Environment(pairs(bindings...)), key.ReplaceEnvironmentP(replace))...)
		environment := c.environmentOf(program)
		for pair := range slices.Chunk(bindings, 2) {
			c.Expect(valueIn(environment, pair[0])).For(by.charged("EXT-ENV-1")).To(BeEqual(pair[1]), "the variable %s has exactly the value that was given", pair[0])
		}
	}
}

// inherited is the environment that a program has without an alist; nothing can be said where that is empty.
func (c *C) inherited(by way) []string {
	environment := c.environmentOf(by.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart()...))
	if len(own(environment)) > 0 {
		return environment
	}
	if c.Offers("run-shell-command") {
		other := c.StartChild()
		has := own(c.environmentOf(Program{Child: other}))
		c.Tell(other, "exit", 0)
		c.Expect(spec.Bool(len(has) > 0)).For(by.charged("EXT-ENV-2")).To(BeNil(), "the Lisp has an environment, as a command shows, and the program has none of it")
	}
	c.Inconclusive("the implementation was started without an environment, or hands on none")
	return environment
}

// own are the entries that neither the library nor a shell makes.
func own(environment []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(ofShells, name)
	})
}

// hasAll expects that an environment has all entries of another, but for those of shells. What their values are stays out of reports.
func (c *C) hasAll(clause string, environment, of []string) {
	for _, entry := range own(of) {
		name, value, _ := strings.Cut(entry, "=")
		same := spec.Equal(valueIn(environment, name), spec.String(value))
		c.Expect(spec.Bool(same)).For(clause).To(BeTrue(), "the variable %s of the current environment is there, with its value", name)
	}
}

// extends has programs run with an extended environment.
func (c *C) extends(by way) {
	inherited := c.inherited(by)
	for _, keys := range [][]any{nil, {key.ReplaceEnvironmentP(nil)}} {
		program := by.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart(append(keys, key.Environment(pairs("MPCHECK_FOO", "a")))...)...)
		environment := c.environmentOf(program)
		c.hasAll(by.charged("EXT-ENV-2"), environment, inherited)
		c.Expect(valueIn(environment, "MPCHECK_FOO")).For(by.charged("EXT-ENV-1")).To(BeEqual("a"), "the variable has the value that was given")
	}
}

// overrides has a program run with a variable that the Lisp has too.
func (c *C) overrides(by way) {
	inherited := c.inherited(by)
	name, _, _ := strings.Cut(own(inherited)[0], "=")
	if spec.Truth(valueIn(inherited, "HOME")) {
		name = "HOME"
	}
	environment := c.environmentOf(by.run(c, "EXT-ENV-3", c.Prepared(exits(7)), apart(key.Environment(pairs(name, "/x", "MPCHECK_FOO", "/x")))...))
	c.Expect(valueIn(environment, "MPCHECK_FOO")).For(by.charged("EXT-ENV-1")).To(BeEqual("/x"), "the variable has the value that was given")
	c.Expect(valueIn(environment, name)).For(by.charged("EXT-ENV-3")).To(BeEqual("/x"), "the variable %s has the value that was given", name)
	others := slices.DeleteFunc(slices.Clone(inherited), func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
	c.hasAll(by.charged("EXT-ENV-2"), environment, others)
}

// replaces has programs run with a replaced environment.
func (c *C) replaces(by way) {
	var inherited []string
	c.Control("extended, the environment has more", func() {
		inherited = c.inherited(by)
		extended := c.environmentOf(by.run(c, "EXT-ENV-2", c.Prepared(exits(7)), apart(key.Environment(pairs("MPCHECK_FOO", "a")))...))
		c.hasAll(by.charged("EXT-ENV-2"), extended, inherited)
	})
	environments := [][]string{{"MPCHECK_FOO", "a", "MPCHECK_BAR", "b=c"}, nil, {"MPCHECK_FOO", "a"}}
	for _, given := range environments[:c.Size(3, 3, 2)] {
		environment := c.environmentOf(by.run(c, "EXT-ENV-4", c.Prepared(exits(7)), apart(key.Environment(pairs(given...)), key.ReplaceEnvironmentP(true))...))
		var names []string
		for pair := range slices.Chunk(given, 2) {
			names = append(names, pair[0])
			c.Expect(valueIn(environment, pair[0])).For(by.charged("EXT-ENV-1")).To(BeEqual(pair[1]), "the variable has the value that was given")
		}
		for _, entry := range own(environment) {
			name, _, _ := strings.Cut(entry, "=")
			c.Expect(spec.Bool(slices.Contains(names, name))).For(by.charged("EXT-ENV-4")).To(BeTrue(), "the environment is the given one and no more: it has %s", name)
		}
	}
}
