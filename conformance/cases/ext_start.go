package cases

import "github.com/mpcheck/mpcheck/spec"

var startNeeds = []string{"start", "process-status"}

var _ = chapter([]Case{
	{
		ID:      "EXT-START-1/at-once",
		Clauses: []string{"EXT-STAT-2"},
		Needs:   startNeeds,
		Story:   "A program goes on until it is told to exit: start returns a process object, and the program runs.",
		Run: func(c *C) {
			program := c.Started()
			c.Expect(program.PID).NotTo(BeEql(c.lisp()), "the program is a process of its own")
			c.Expect(c.stateOf(program.PID)).To(BeEql(spec.Keyword("alive")), "the program runs")
			c.Expect(c.statusOf(program)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-START-2/answers",
		Clauses: []string{"EXT-STRM-1", "EXT-STRM-2", "EXT-STRM-3", "EXT-STAT-2"},
		Needs:   streamNeeds,
		Story:   "The object that start returns answers for the streams that were made, and for the status, while the program runs.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(), nil, redirected(stream, stream, stream)...)
			made := []spec.Value{c.inputStream(program), c.outputStream(program), c.errorStream(program)}
			for i, clause := range []string{"EXT-STRM-2", "EXT-STRM-3", "EXT-STRM-3"} {
				c.Expect(c.Eq(made[i], made[(i+1)%len(made)])).For(clause).To(BeNil(), "each redirection has its stream")
			}
			c.Expect(c.statusOf(program)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-START-2/each-its-own",
		Clauses: []string{"EXT-STAT-3"},
		Needs:   streamNeeds,
		Witness: "one answers",
		Story:   "Two programs run: each object answers for its own stream and status.",
		Run: func(c *C) {
			c.Control("one answers", func() {
				program := c.Starts(c.Prepared(does("echo", "one\n")), nil, redirected(nil, stream, nil)...)
				c.Expect(c.statusOf(program)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
				c.Tell(program.Child, "exit", 3)
				c.ShowsExit(program, 3)
				c.readsLines("EXT-STRM-2", c.outputStream(program), "one")
			})
			one := c.Starts(c.Prepared(does("echo", "one\n")), nil, redirected(nil, stream, nil)...)
			two := c.Starts(c.Prepared(does("echo", "two\n"), exits(5)), nil, redirected(nil, stream, nil)...)
			c.ShowsExit(two, 5)
			c.Expect(c.statusOf(one)).To(BeEql(running), "the status is that of its program")
			c.Tell(one.Child, "exit", 3)
			c.Expect(c.Shown(one)).To(ReturnFirst(exited, 3), "the status is that of its program")
			c.Expect(c.For("EXT-START-2").StreamReadLine(c.outputStream(one))).To(BeEqual("one"), "the stream is that of its program")
			c.Expect(c.For("EXT-START-2").StreamReadLine(c.outputStream(two))).To(BeEqual("two"), "the stream is that of its program")
		},
	},
	{
		ID:      "EXT-START-3/arguments",
		Clauses: []string{"EXT-RUN-5"},
		Needs:   startNeeds,
		Story:   "Start hands on strings as arguments, as run does: as they are.",
		Run: func(c *C) {
			clause := "EXT-RUN-5"
			if c.Offers("run") {
				c.getsArguments(unlikely, unlikely...)
				clause = "EXT-START-3"
			}
			program := c.Starts(c.Prepared(exits(7)), unlikely, apart()...)
			c.ShowsExit(program, 7)
			c.Expect(c.argumentsOf(program)).For(clause).To(BeEqual(unlikely), "each argument is one of the program's, as it is")
		},
	},
	{
		ID:      "EXT-START-3/null-input",
		Clauses: []string{"EXT-IO-1"},
		Needs:   startNeeds,
		Story:   "With input nil a program that was started reads nothing, and ends.",
		Run:     func(c *C) { c.asRun(c.readsNothing) },
	},
	{
		ID:      "EXT-START-3/discarded",
		Clauses: []string{"EXT-IO-2"},
		Needs:   startNeeds,
		Story:   "With output and error nil a program that was started writes more than a pipe holds to each, and ends.",
		Run:     func(c *C) { c.asRun(c.discards) },
	},
	{
		ID:      "EXT-START-3/the-lisps",
		Clauses: []string{"EXT-IO-3"},
		Needs:   startNeeds,
		Story:   "With t a program that was started reads and writes what the Lisp was started with.",
		Run: func(c *C) {
			c.asRun(c.readsTheLisps)
			c.asRun(c.writesTheLisps)
		},
	},
	{
		ID:      "EXT-START-3/files",
		Clauses: []string{"EXT-IO-6"},
		Needs:   startNeeds,
		Story:   "A program that was started reads and writes files whose names are given as strings and as pathnames.",
		Run: func(c *C) {
			c.asRun(c.readsFiles)
			c.asRun(c.writesFiles)
		},
	},
	{
		ID:    "EXT-START-3/file-streams",
		Needs: startNeeds,
		Story: "A program that was started copies its input, a stream on a file, to its output, a stream on another.",
		Run:   func(c *C) { c.asRun(c.copiesFileStreams) },
	},
	{
		ID:      "EXT-START-3/error-to-output",
		Clauses: []string{"EXT-IO-7"},
		Needs:   startNeeds,
		Story:   "With error :output what a program that was started writes to both comes to be in the file that output goes to.",
		Run:     func(c *C) { c.asRun(c.errorInFile) },
	},
	{
		ID:      "EXT-START-3/error-to-null",
		Clauses: []string{"EXT-IO-7"},
		Needs:   startNeeds,
		Story:   "With output nil and error :output a program that was started writes more than a pipe holds to each, and ends.",
		Run:     func(c *C) { c.asRun(c.discardsBoth) },
	},
	{
		ID:      "EXT-START-3/environment",
		Clauses: []string{"EXT-ENV-1"},
		Needs:   startedBindingNeeds,
		Story:   "Start gives a program the variables of the alist as run does.",
		Run:     func(c *C) { c.asRun(c.seesBindings) },
	},
	{
		ID:      "EXT-START-3/extended-environment",
		Clauses: []string{"EXT-ENV-1", "EXT-ENV-2"},
		Needs:   startedBindingNeeds,
		Story:   "Start extends the environment as run does.",
		Run:     func(c *C) { c.asRun(c.extends) },
	},
	{
		ID:      "EXT-START-3/overridden-variable",
		Clauses: []string{"EXT-ENV-2", "EXT-ENV-3"},
		Needs:   startedBindingNeeds,
		Story:   "Start overrides a variable that the Lisp has too as run does.",
		Run:     func(c *C) { c.asRun(c.overrides) },
	},
	{
		ID:      "EXT-START-3/replaced-environment",
		Clauses: []string{"EXT-ENV-4"},
		Needs:   startedBindingNeeds,
		Expects: Absence,
		Witness: "extended, the environment has more",
		Story:   "Start replaces the environment as run does.",
		Run:     func(c *C) { c.asRun(c.replaces) },
	},
	{
		ID:    "EXT-START-4/during-and-after",
		Needs: append([]string{"process-id", "signal-process"}, streamNeeds...),
		Story: "Each function takes what start returned: while the program runs and after it has ended.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(), nil, redirected(stream, stream, stream)...)
			c.Tell(program.Child, "report-signals")
			asked := func() {
				p := c.For("EXT-START-4")
				for _, of := range streamsOf {
					of.asked(p, program.Process)
				}
				c.statusOf(program)
			}
			asked()
			c.For("EXT-START-4").ProcessId(program.Process)
			c.For("EXT-START-4").SignalProcess(program.Process, sighup)
			c.arrives(program, "EXT-SIG-1", sighup)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			asked()
		},
	},
	{
		ID:    "EXT-START-5/many",
		Needs: startNeeds,
		Story: "Many programs run at once and exit with a code each: process-status shows each its own.",
		Run: func(c *C) {
			var all []Program
			for range c.Size(50, 20, 2) {
				all = append(all, c.Started())
			}
			all = Shuffled(c, all...)
			for i, program := range all {
				c.Expect(c.statusOf(program)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
				c.Tell(program.Child, "exit", 100+i)
			}
			for i, program := range all {
				c.ShowsExit(program, 100+i)
			}
			unasked := c.Started(exits(7))
			c.ChildAwait(unasked.ref, spec.Keyword("ended"))
			c.Settle()
			if c.stateOf(unasked.PID) == spec.Keyword("zombie") {
				c.Observe("EXT-START-5", "ended-left-until-asked")
			} else {
				c.Observe("EXT-START-5", "ended-collected-unasked")
			}
		},
	},
	{
		ID:      "EXT-START-6/other-arguments",
		Needs:   append([]string{"process-id", "signal-process"}, streamNeeds...),
		Witness: "they take what start returned",
		Story:   "What start has not returned is an error: to ask it for its status, id or streams, or to signal it.",
		Run: func(c *C) {
			c.Control("they take what start returned", func() {
				program := c.Started()
				c.statusOf(program)
				c.For("EXT-START-4").ProcessId(program.Process)
				c.Tell(program.Child, "exit", 7)
				c.ShowsExit(program, 7)
			})
			var refused []spec.Return
			for _, other := range []any{3, "x", nil, c.MakeStringOutputStream().Primary()} {
				refused = append(refused, c.Try().ProcessStatus(other), c.Try().ProcessId(other))
				if other != 3 { // who has that number should live on
					refused = append(refused, c.Try().SignalProcess(other, sigkill))
				}
				for _, of := range streamsOf {
					refused = append(refused, of.asked(c.Try(), spec.Of(other)))
				}
			}
			for _, r := range refused {
				c.Expect(r).To(SignalError(), "what start has not returned is an error")
			}
		},
	},
})

// discardsBoth has a program write more than a pipe holds to output and error, which go to one null stream.
func (c *C) discardsBoth(by way) {
	if !by.late { // each to its own: EXT-START-3/discarded has that of start
		c.discards(by)
	}
	volume := c.Size(1<<20, 1<<20, 70_000)
	by.run(c, "EXT-IO-7", c.Prepared(does("flood", volume), does("flood", volume, spec.Keyword("stderr")), exits(7)), redirected(nil, nil, spec.Keyword("output"))...)
}
