package cases

import (
	"cmp"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// poem is what programs copy: lines of several lengths, none, and a last one without an end.
const poem = "one\ntwo words\n\n\tthree  blanks \nlast"

// Where programs read from and write to, through run.
var _ = chapter([]Case{
	{
		ID:    "EXT-IO-1/null",
		Needs: runNeeds,
		Story: "With input nil a program that reads to the end of its input reads nothing, and ends.",
		Run: func(c *C) {
			c.readsNothing(runBy)
			c.For("EXT-IO-1").Runs(c.Prepared(does("copy"), exits(3)), 3, nil, apart()...)
		},
	},
	{
		ID:      "EXT-IO-1/not-the-lisps",
		Needs:   runNeeds,
		Expects: Absence,
		Witness: "with input t the program reads it",
		Story:   "With input nil a program reads nothing of the input that the Lisp was started with.",
		Run: func(c *C) {
			c.Control("with input t the program reads it", func() { c.readsTheLisps(runBy) })
			c.standard("input", "mine\n")
			program := c.For("EXT-IO-1").Runs(c.Prepared(does("read"), exits(7)), 7, nil, apart()...)
			c.Expect(c.inputOf(program)).To(BeEqual(""), "a null stream is at its end")
		},
	},
	{
		ID:    "EXT-IO-2/discarded",
		Needs: runNeeds,
		Story: "With output and error nil a program writes more than a pipe holds to each, and run returns.",
		Run:   func(c *C) { c.discards(runBy) },
	},
	{
		ID:      "EXT-IO-2/not-the-lisps",
		Needs:   runNeeds,
		Expects: Absence,
		Witness: "with output and error t it shows",
		Story:   "With output and error nil nothing of what a program writes shows where the Lisp's own output goes.",
		Run: func(c *C) {
			c.Control("with output and error t it shows", func() { c.writesTheLisps(runBy) })
			out, err := c.standard("output"), c.standard("error")
			c.Runs(c.Prepared(does("echo", "discarded\n"), does("echo", "discarded too\n", spec.Keyword("stderr")), exits(7)), 7, nil, apart()...)
			c.Settle()
			for _, f := range []File{out, err} {
				c.Expect(spec.Bool(strings.Contains(c.textOf(f), "discarded"))).To(BeNil(), "what the program writes is discarded")
			}
		},
	},
	{
		ID:    "EXT-IO-3/input",
		Needs: runNeeds,
		Story: "With input t a program reads what the Lisp was started with as its input.",
		Run:   func(c *C) { c.readsTheLisps(runBy) },
	},
	{
		ID:    "EXT-IO-3/output-and-error",
		Needs: runNeeds,
		Story: "With output and error t what a program writes goes where the Lisp was started to write to, each to its own.",
		Run:   func(c *C) { c.writesTheLisps(runBy) },
	},
	{
		ID:    "EXT-IO-3/not-the-binding",
		Needs: append([]string{"with-captured-output"}, runNeeds...),
		Story: "With output t what a program writes goes where the Lisp was started to write to, whatever the Lisp's output is bound to.",
		Run: func(c *C) {
			out := c.standard("output")
			program := c.Prepared(does("echo", "started\n"), exits(7))
			c.WithCapturedOutput(c.Code(func(p *P) { p.Run(program.Path, nil, redirected(nil, true, nil)...) }))
			c.Until("EXT-IO-3", "the output shows where the Lisp was started to write to", func() bool { return strings.Contains(c.textOf(out), "started\n") })
		},
	},
	{
		ID:    "EXT-IO-4/string-streams",
		Needs: runNeeds,
		Story: "A program copies its input, a string stream, to its output, another: once run has returned all is there, of what can be split anywhere too.",
		Run: func(c *C) {
			for _, text := range []string{poem, "", "\n"} {
				c.copiesStrings(text)
			}
		},
	},
	{
		ID:    "EXT-IO-4/large",
		Needs: runNeeds,
		Story: "What a program copies from one string stream to another is more than the pipes hold.",
		Run:   func(c *C) { c.copiesStrings(numbered(c.Size(1<<20, 1<<18, 70_000))) },
	},
	{
		ID:    "EXT-IO-4/file-streams",
		Needs: runNeeds,
		Story: "A program copies its input, a stream on a file, to its output, a stream on another.",
		Run:   func(c *C) { c.copiesFileStreams(runBy) },
	},
	{
		ID:      "EXT-IO-4/created-streams",
		Needs:   append([]string{"run"}, streamNeeds...),
		Clauses: []string{"EXT-STRM-1", "EXT-STRM-2"},
		Witness: "Lisp reads such a stream",
		Story:   "A program that is run copies its input, the stream from which a program that was started is read, to its output, the stream by which another is written to.",
		Run: func(c *C) {
			text := numbered(c.Size(40_000, 40_000, 1000)) // what a pipe holds
			written := func() spec.Value {
				from := c.Starts(c.Prepared(does("echo", text), exits(3)), nil, redirected(nil, stream, nil)...)
				c.ShowsExit(from, 3)
				return c.outputStream(from)
			}
			c.Control("Lisp reads such a stream", func() { c.readsText("EXT-STRM-2", written(), text) })
			to := c.Starts(c.Prepared(does("read"), exits(5)), nil, redirected(stream, nil, nil)...)
			in := c.inputStream(to)
			c.For("EXT-IO-4").Runs(c.Prepared(does("copy"), exits(7)), 7, nil, redirected(written(), in, nil)...)
			c.Try().StreamClose(in) // whether run has closed it is left open
			c.For("EXT-STRM-1").ShowsExit(to, 5)
			seen, _ := c.inputOf(to).(spec.String)
			c.sameText("EXT-IO-4", string(seen), text, "the program reads from the one stream and writes to the other")
		},
	},
	{
		ID:    "EXT-IO-4/error",
		Needs: runNeeds,
		Story: "Output and error are a string stream each: a program writes more than a pipe holds to one, then to the other, and both have all.",
		Run: func(c *C) {
			text := numbered(c.Size(1<<18, 1<<17, 70_000))
			for _, first := range []string{"stdout", "stderr"} {
				other := map[string]string{"stdout": "stderr", "stderr": "stdout"}[first]
				written := map[string]string{first: text + "end\n", other: "other\n"}
				out, err := c.MakeStringOutputStream().Primary(), c.MakeStringOutputStream().Primary()
				c.For("EXT-IO-4").Runs(c.Prepared(does("echo", text, spec.Keyword(first)), does("echo", "other\n", spec.Keyword(other)), does("echo", "end\n", spec.Keyword(first)), exits(7)),
					7, nil, redirected(nil, out, err)...)
				c.wasWritten("EXT-IO-4", out, written["stdout"])
				c.wasWritten("EXT-IO-4", err, written["stderr"])
			}
		},
	},
	{
		ID:    "EXT-IO-6/input",
		Needs: runNeeds,
		Story: "A program reads a file whose name is given as a string and as a pathname, and the null device.",
		Run: func(c *C) {
			c.readsFiles(runBy)
			program := c.For("EXT-IO-6").Runs(c.Prepared(does("read"), exits(7)), 7, nil, redirected("/dev/null", nil, nil)...)
			c.Expect(c.inputOf(program)).To(BeEqual(""), "the program reads the device, which is empty")
		},
	},
	{
		ID:    "EXT-IO-6/output",
		Needs: runNeeds,
		Story: "A program writes output and error to fresh files, whose names are given as strings and as pathnames.",
		Run:   func(c *C) { c.writesFiles(runBy) },
	},
	{
		ID:    "EXT-IO-6/large",
		Needs: runNeeds,
		Story: "A program copies a large file to another.",
		Run: func(c *C) {
			text := numbered(c.Size(1<<20, 1<<18, 70_000))
			from, to := c.NewFile(text), c.NewFile()
			c.For("EXT-IO-6").Runs(c.Prepared(does("copy"), exits(7)), 7, nil, redirected(from.Path, to.Path, nil)...)
			to.holds(c.P, "EXT-IO-6", text, "the output is redirected to the file")
			from.holds(c.P, "EXT-IO-6", text, "what is read stays as it is")
		},
	},
	{
		ID:      "EXT-IO-7/file",
		Needs:   runNeeds,
		Witness: "both alone",
		Story:   "With error :output what a program writes to both is in the file that output goes to, nothing over anything else.",
		Run:     func(c *C) { c.errorInFile(runBy) },
	},
	{
		ID:    "EXT-IO-7/stream",
		Needs: runNeeds,
		Story: "With error :output what a program writes to both is in the stream that output goes to.",
		Run: func(c *C) {
			c.copiesStrings(poem) // output alone
			out := c.MakeStringOutputStream().Primary()
			c.For("EXT-IO-7").Runs(c.Prepared(append(writesBoth, exits(7))...), 7, nil, redirected(nil, out, spec.Keyword("output"))...)
			text, _ := c.GetOutputStreamString(out).Primary().(spec.String)
			c.Expect(spec.Bool(hasBoth(string(text)))).To(BeTrue(), "output and error go to one place: it has %q", text)
		},
	},
	{
		ID:    "EXT-IO-7/nil",
		Needs: runNeeds,
		Story: "With output nil and error :output a program writes more than a pipe holds to each, and run returns.",
		Run:   func(c *C) { c.discardsBoth(runBy) },
	},
	{
		ID:      "EXT-IO-7/created-stream",
		Clauses: []string{"EXT-STRM-2"},
		Needs:   []string{"start", "process-output-stream", "process-status"},
		Witness: "output alone",
		Story:   "With error :output what a program writes to both is to be read from the stream that start made for output.",
		Run: func(c *C) {
			c.Control("output alone", func() {
				program := c.Starts(c.Prepared(does("echo", "o\n"), does("echo", "e\n", spec.Keyword("stderr")), exits(7)), nil, redirected(nil, stream, nil)...)
				c.ChildAwait(program.ref, spec.Keyword("ended"))
				c.readsLines("EXT-STRM-2", c.outputStream(program), "o")
			})
			program := c.Starts(c.Prepared(does("echo", "o\n"), does("echo", "e\n", spec.Keyword("stderr")), exits(7)), nil, redirected(nil, stream, spec.Keyword("output"))...)
			out := c.For("EXT-STRM-2").ProcessOutputStream(program.Process).Primary()
			c.lull()
			lines := []spec.Value{c.For("EXT-IO-7").StreamReadLine(out).Primary(), c.For("EXT-IO-7").StreamReadLine(out).Primary()}
			c.Expect(lines).To(BeAll([]spec.Value{spec.String("o"), spec.String("e")}), "output and error go to one place")
			c.ShowsExit(program, 7)
		},
	},
})

// A way is run or start.
type way struct {
	// does has a program run to its end, which comes with code 7.
	does func(p *P, program Program, keys ...any) Program
	// clause is charged in the place of the one about redirection or environment where only start gets it wrong, "" for none.
	clause string
	// late is true where contents may show a while after the end.
	late bool
}

var runBy = way{does: func(p *P, program Program, keys ...any) Program { return p.Runs(program, 7, nil, keys...) }}

var startedBy = way{clause: "EXT-START-3", late: true, does: func(p *P, program Program, keys ...any) Program {
	program = p.Starts(program, nil, keys...)
	p.ShowsExit(program, 7)
	return program
}}

// run has a program run; clause is about what is tried by it.
func (by way) run(c *C, clause string, program Program, keys ...any) Program {
	return by.does(c.For(by.charged(clause)), program, keys...)
}

func (by way) charged(clause string) string { return cmp.Or(by.clause, clause) }

// holds expects what a file holds once a program has ended.
func (by way) holds(c *C, clause string, f File, want string) {
	const why = "what the program writes is redirected to the file"
	if by.late {
		f.comesToHold(c.P, by.charged(clause), want, why)
	} else {
		f.holds(c.P, clause, want, why)
	}
}

// asRun tries something through run, and then through start, which does all else as run does. Where there is no run
// start is held to the sentences themselves.
func (c *C) asRun(try func(by way)) {
	by := startedBy
	if c.Offers("run") {
		try(runBy)
	} else {
		by.clause = ""
	}
	try(by)
}

// readsNothing has a program read to the end of its input, which is nil.
func (c *C) readsNothing(by way) {
	program := by.run(c, "EXT-IO-1", c.Prepared(does("read"), exits(7)), apart()...)
	c.Expect(c.inputOf(program)).For(by.charged("EXT-IO-1")).To(BeEqual(""), "a null stream is at its end")
}

// discards has a program write more than a pipe holds to output and error, which are nil.
func (c *C) discards(by way) {
	volume := c.Size(1<<20, 1<<20, 70_000)
	for _, first := range []string{"stdout", "stderr"} {
		other := map[string]string{"stdout": "stderr", "stderr": "stdout"}[first]
		by.run(c, "EXT-IO-2", c.Prepared(does("flood", volume, spec.Keyword(first)), does("flood", volume, spec.Keyword(other)), exits(7)), apart()...)
	}
}

// readsTheLisps has a program read with input t.
func (c *C) readsTheLisps(by way) {
	c.standard("input", poem)
	program := by.run(c, "EXT-IO-3", c.Prepared(does("read"), exits(7)), redirected(true, nil, nil)...)
	c.Expect(c.inputOf(program)).For(by.charged("EXT-IO-3")).To(BeEqual(poem), "the program reads what the Lisp was started with")
}

// writesTheLisps has a program write with output and error t. What the implementation itself writes there may stand around it.
func (c *C) writesTheLisps(by way) {
	out, err := c.standard("output"), c.standard("error")
	by.run(c, "EXT-IO-3", c.Prepared(does("echo", "to output\n"), does("echo", "to error\n", spec.Keyword("stderr")), exits(7)), redirected(nil, true, true)...)
	c.Until(by.charged("EXT-IO-3"), "output and error show where the Lisp was started to write to", func() bool {
		return strings.Contains(c.textOf(out), "to output\n") && strings.Contains(c.textOf(err), "to error\n")
	})
	c.Expect(spec.Bool(strings.Contains(c.textOf(out), "to error"))).For(by.charged("EXT-IO-3")).To(BeNil(), "the error output goes where the Lisp's does")
	c.Expect(spec.Bool(strings.Contains(c.textOf(err), "to output"))).For(by.charged("EXT-IO-3")).To(BeNil(), "the output goes where the Lisp's does")
}

// copiesStrings runs a program that copies one string stream to another.
func (c *C) copiesStrings(text string) {
	in, out := c.MakeStringInputStream(text).Primary(), c.MakeStringOutputStream().Primary()
	c.For("EXT-IO-4").Runs(c.Prepared(does("copy"), exits(7)), 7, nil, redirected(in, out, nil)...)
	c.wasWritten("EXT-IO-4", out, text)
}

// wasWritten expects that a string stream was written this text.
func (p *P) wasWritten(clause string, to spec.Value, want string) {
	text, _ := p.For(clause).GetOutputStreamString(to).Primary().(spec.String)
	p.sameText(clause, string(text), want, "what the program writes is in the stream")
}

// copiesFileStreams has a program copy one file to another, both given as streams.
func (c *C) copiesFileStreams(by way) {
	const clause = "EXT-IO-4"
	for _, text := range []string{poem, numbered(c.Size(1<<17, 1<<17, 5000))} {
		from, to := c.NewFile(text), c.NewFile()
		in := c.OpenFileStream(from.Path, spec.Keyword("input")).Primary()
		out := c.OpenFileStream(to.Path, spec.Keyword("output")).Primary()
		by.run(c, clause, c.Prepared(does("copy"), exits(7)), redirected(in, out, nil)...)
		c.Try().StreamWrite(out, "") // where it is not closed it is there for others again
		c.Try().StreamClose(out)     // whether it is closed is left open (EXT-IO-5), and so is whether it holds something back until then
		to.comesToHold(c.P, by.charged(clause), text, "what the program writes is in the stream's file")
		c.Try().StreamClose(in)
	}
}

// readsFiles has programs read files.
func (c *C) readsFiles(by way) {
	f := c.NewFile(poem)
	names := []spec.Value{f.Path, spec.Pathname(f.Path)}
	if by.late { // each program that is started multiplies the schedules
		names = names[:c.Size(len(names), len(names), 1)]
	}
	for _, name := range names {
		program := by.run(c, "EXT-IO-6", c.Prepared(does("read"), exits(7)), redirected(name, nil, nil)...)
		c.Expect(c.inputOf(program)).For(by.charged("EXT-IO-6")).To(BeEqual(poem), "the program reads the file")
	}
}

// writesFiles has programs write files.
func (c *C) writesFiles(by way) {
	out, err, both := c.NewFile(), c.NewFile(), c.NewFile()
	by.run(c, "EXT-IO-6", c.Prepared(does("echo", poem), does("echo", "to error\n", spec.Keyword("stderr")), exits(7)), redirected(nil, out.Path, spec.Pathname(err.Path))...)
	by.holds(c, "EXT-IO-6", out, poem)
	by.holds(c, "EXT-IO-6", err, "to error\n")
	by.run(c, "EXT-IO-6", c.Prepared(does("echo", poem), exits(7)), redirected(nil, spec.Pathname(both.Path), nil)...)
	by.holds(c, "EXT-IO-6", both, poem)
}

// writesBoth are the steps of a program that writes to output and error in turn.
var writesBoth = []deed{
	does("echo", "out1\n"), does("echo", "err1\n", spec.Keyword("stderr")), does("echo", "out2\n"), does("echo", "err2\n", spec.Keyword("stderr")),
}

const whole = "out1\nerr1\nout2\nerr2\n"

// hasBoth tells whether a text is all that such a program writes. In which order output and error arrive, to each other, nobody says.
func hasBoth(text string) bool {
	ordered := func(first, second string) bool {
		i, j := strings.Index(text, first), strings.Index(text, second)
		return i >= 0 && i < j
	}
	return len(text) == len(whole) && ordered("out1\n", "out2\n") && ordered("err1\n", "err2\n")
}

// errorInFile has a program write output and error to one file, once it is shown that each alone gets there.
func (c *C) errorInFile(by way) {
	c.Control("both alone", func() {
		out, err := c.NewFile(), c.NewFile()
		by.run(c, "EXT-IO-6", c.Prepared(append(writesBoth, exits(7))...), redirected(nil, out.Path, err.Path)...)
		by.holds(c, "EXT-IO-6", out, "out1\nout2\n")
		by.holds(c, "EXT-IO-6", err, "err1\nerr2\n")
	})
	f := c.NewFile()
	by.run(c, "EXT-IO-7", c.Prepared(append(writesBoth, exits(7))...), redirected(nil, f.Path, spec.Keyword("output"))...)
	if by.late {
		c.Until(by.charged("EXT-IO-7"), "what the program writes to output and error is in one file", func() bool { return hasBoth(c.textOf(f)) })
	}
	c.Expect(spec.Bool(hasBoth(c.textOf(f)))).For(by.charged("EXT-IO-7")).To(BeTrue(), "output and error go to one place: it has %q", c.textOf(f))
}
