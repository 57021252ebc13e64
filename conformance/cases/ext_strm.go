package cases

import (
	"github.com/mpcheck/mpcheck/spec"
)

var streamNeeds = []string{"start", "process-input-stream", "process-output-stream", "process-error-stream", "process-status"}

// streamsOf are the accessors of the streams that start makes.
var streamsOf = []struct {
	name, clause string
	asked        func(p *P, process spec.Value) spec.Return
}{
	{"input", "EXT-STRM-1", func(p *P, process spec.Value) spec.Return { return p.ProcessInputStream(process) }},
	{"output", "EXT-STRM-2", func(p *P, process spec.Value) spec.Return { return p.ProcessOutputStream(process) }},
	{"error", "EXT-STRM-3", func(p *P, process spec.Value) spec.Return { return p.ProcessErrorStream(process) }},
}

var _ = chapter([]Case{
	{
		ID:    "EXT-STRM-1/reads",
		Needs: streamNeeds,
		Story: "What is written to the stream for input a program reads; once that is closed it comes to the end.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("read", 4), does("read"), exits(7)), nil, redirected(stream, nil, nil)...)
			in := c.inputStream(program)
			c.For("EXT-STRM-1").StreamWrite(in, "one\n")
			c.readsOf(program, "one\n")
			c.For("EXT-STRM-1").StreamWrite(in, "two\nlast")
			c.For("EXT-STRM-1").StreamClose(in)
			c.For("EXT-STRM-1").ShowsExit(program, 7)
			c.Expect(c.inputOf(program)).To(BeEqual("one\ntwo\nlast"), "the program reads what was written to the stream")
		},
	},
	{
		ID:      "EXT-STRM-1/there-and-back",
		Clauses: []string{"EXT-STRM-2", "EXT-START-2"},
		Needs:   streamNeeds,
		Story:   "A program copies: each line that is written to the stream for input is to be read from that for output, and the end of the one is that of the other.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("read", 4), does("copy"), exits(7)), nil, redirected(stream, stream, nil)...)
			in, out := c.inputStream(program), c.outputStream(program)
			c.For("EXT-STRM-1").StreamWrite(in, "zero")
			c.readsOf(program, "zero")
			for _, line := range []string{"one", "two words", ""} {
				c.For("EXT-STRM-1").StreamWrite(in, line+"\n")
				c.Expect(c.For("EXT-STRM-2").StreamReadLine(out)).For("EXT-STRM-2").To(BeEqual(line), "the line comes back")
			}
			c.For("EXT-STRM-1").StreamClose(in)
			c.For("EXT-STRM-1").ShowsExit(program, 7)
			c.readsLines("EXT-STRM-2", out)
		},
	},
	{
		ID:    "EXT-STRM-1/end-beside-another",
		Needs: streamNeeds,
		Story: "Another program was started in the same way and goes on: a program comes to the end of its input all the same once its stream is closed.",
		Run: func(c *C) {
			one := c.Starts(c.Prepared(does("read"), exits(7)), nil, redirected(stream, nil, nil)...)
			other := c.Starts(c.Prepared(does("read"), exits(3)), nil, redirected(stream, nil, nil)...)
			c.For("EXT-STRM-1").StreamClose(c.inputStream(one))
			c.For("EXT-STRM-1").ShowsExit(one, 7)
			c.For("EXT-STRM-1").StreamClose(c.inputStream(other))
			c.For("EXT-STRM-1").ShowsExit(other, 3)
		},
	},
	{
		ID:    "EXT-STRM-2/lines",
		Needs: streamNeeds,
		Story: "What a program writes is to be read line by line, an unfinished one too, then comes the end, again and again.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("echo", "one\n\ntwo"), does("echo", " words\n."), exits(7)), nil, redirected(nil, stream, nil)...)
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			c.readsLines("EXT-STRM-2", c.outputStream(program), "one", "", "two words", ".") // the last is unfinished, and as short as can be
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-2/as-it-comes",
		Needs: streamNeeds,
		Story: "A line that a program writes is to be read while it goes on.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("echo", "one\n")), nil, redirected(nil, stream, nil)...)
			out := c.outputStream(program)
			c.Expect(c.For("EXT-STRM-2").StreamReadLine(out)).To(BeEqual("one"), "the line is there")
			c.Tell(program.Child, "echo", "two\n")
			c.Expect(c.For("EXT-STRM-2").StreamReadLine(out)).To(BeEqual("two"), "the line is there")
			c.Tell(program.Child, "exit", 7)
			c.readsLines("EXT-STRM-2", out)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-2/after-the-end",
		Needs: streamNeeds,
		Story: "What a program has written just before it exits is all to be read once process-status shows the end.",
		Run: func(c *C) {
			text := numbered(c.Size(40_000, 40_000, 3000)) // what a pipe holds
			program := c.Starts(c.Prepared(does("echo", text), exits(7)), nil, redirected(nil, stream, nil)...)
			c.ShowsExit(program, 7)
			c.Settle()
			c.readsText("EXT-STRM-2", c.outputStream(program), text)
		},
	},
	{
		ID:    "EXT-STRM-2/large",
		Needs: streamNeeds,
		Story: "What a program writes is more than a pipe holds, and all to be read.",
		Run: func(c *C) {
			text := c.overfull(1<<18, 1<<17)
			program := c.Starts(c.Prepared(does("echo", text), exits(7)), nil, redirected(nil, stream, nil)...)
			c.readsText("EXT-STRM-2", c.outputStream(program), text)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-2/grandchild",
		Needs: streamNeeds,
		Story: "A program hands its output on to one of its own, which lives longer: what that writes is to be read, and the end comes when both are gone.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(), nil, redirected(nil, stream, nil)...)
			out := c.outputStream(program)
			grandchild := Child{ref: c.Tell(program.Child, "spawn-grandchild").Primary()}
			c.ChildAwait(grandchild.ref, spec.Keyword("ready"))
			c.Tell(program.Child, "echo", "first\n")
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			c.Settle()
			c.Tell(grandchild, "echo", "second\n")
			for _, line := range []string{"first", "second"} {
				c.Expect(c.For("EXT-STRM-2").StreamReadLine(out)).To(BeEqual(line), "the end comes only when nobody can write any more")
			}
			c.Tell(grandchild, "exit", 0)
			c.readsLines("EXT-STRM-2", out)
		},
	},
	{
		ID:      "EXT-STRM-2/beside-a-failure",
		Clauses: []string{"EXT-STRM-3"},
		Needs:   streamNeeds,
		Story:   "A program goes on, and one that isn't there is started beside it, whatever comes of that: what the first one writes is to be read all the same.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("echo", "out1\nout2\n"), does("echo", "err1\nerr2\n", spec.Keyword("stderr"))), nil, redirected(nil, stream, stream)...)
			c.lull()
			out, err := c.outputStream(program), c.errorStream(program)
			reads := func(clause string, from spec.Value, line string) {
				c.Expect(c.For(clause).Try().StreamReadLine(from)).For(clause).To(ReturnFirst(line), "the line is to be read")
			}
			reads("EXT-STRM-2", out, "out1")
			reads("EXT-STRM-3", err, "err1")
			failed := c.Try().Start(c.noPrograms()[0], nil, apart()...)
			reads("EXT-STRM-2", out, "out2")
			reads("EXT-STRM-3", err, "err2")
			c.Tell(program.Child, "exit", 7)
			c.readsLines("EXT-STRM-2", out)
			c.readsLines("EXT-STRM-3", err)
			c.ShowsExit(program, 7)
			if failed.Status == spec.Returned && spec.Truth(failed.Primary()) {
				c.asksForEnd(Program{Process: failed.Primary()})
			}
		},
	},
	{
		ID:    "EXT-STRM-3/separate",
		Needs: streamNeeds,
		Story: "What a program writes to error is to be read from the stream for error, and nothing else is.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(append(writesBoth, exits(7))...), nil, redirected(nil, stream, stream)...)
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			out, err := c.outputStream(program), c.errorStream(program)
			c.Expect(c.Eq(out, err)).To(BeNil(), "they are two streams")
			c.readsLines("EXT-STRM-3", err, "err1", "err2")
			c.readsLines("EXT-STRM-2", out, "out1", "out2")
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-3/alone",
		Needs: streamNeeds,
		Story: "A stream is made for error alone: what a program writes there is to be read, more than a pipe holds too.",
		Run: func(c *C) {
			text := c.overfull(1<<17, 1<<17)
			program := c.Starts(c.Prepared(does("echo", "output\n"), does("echo", text, spec.Keyword("stderr")), exits(7)), nil, redirected(nil, nil, stream)...)
			c.readsText("EXT-STRM-3", c.errorStream(program), text)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-3/one-after-the-other",
		Needs: streamNeeds,
		Story: "A program writes a line to each of output and error, and ends: error is read first, and output is there all the same.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(does("echo", "out\n"), does("echo", "err\n", spec.Keyword("stderr")), exits(7)), nil, redirected(stream, stream, stream)...)
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			c.For("EXT-STRM-1").StreamClose(c.inputStream(program))
			c.readsLines("EXT-STRM-3", c.errorStream(program), "err")
			c.readsLines("EXT-STRM-2", c.outputStream(program), "out")
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-STRM-4/not-made",
		Needs: streamNeeds,
		Story: "What the accessors answer where the argument was not :stream is recorded.",
		Run: func(c *C) {
			f := c.NewFile()
			for _, program := range []Program{c.Started(), c.Starts(c.Prepared(), nil, redirected(nil, f.Path, nil)...)} {
				for _, of := range streamsOf {
					switch r := of.asked(c.Try(), program.Process); {
					case r.Status == spec.Signalled:
						c.Observe("EXT-STRM-4", "error")
					case !spec.Truth(r.Primary()):
						c.Observe("EXT-STRM-4", "nil")
					default:
						c.Observe("EXT-STRM-4", spec.Other)
					}
				}
				c.Tell(program.Child, "exit", 7)
				c.ShowsExit(program, 7)
			}
		},
	},
	{
		ID:      "EXT-STRM-5/same",
		Clauses: []string{"EXT-START-2", "EXT-START-4"},
		Needs:   streamNeeds,
		Story:   "Each accessor returns the same stream each time: while the program runs, and after its end.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(), nil, redirected(stream, stream, stream)...)
			var first []spec.Value
			for i, of := range streamsOf {
				first = append(first, c.streamOf(program, i))
				c.Expect(c.Eq(first[i], c.streamOf(program, i))).To(BeTrue(), "it is the same stream each time: that for %s", of.name)
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			for i, of := range streamsOf {
				again := of.asked(c.For("EXT-START-4"), program.Process).Primary()
				c.Expect(c.Eq(first[i], again)).To(BeTrue(), "it is the same stream after the end: that for %s", of.name)
			}
		},
	},
	{
		ID:    "EXT-STRM-6/error-to-output",
		Needs: streamNeeds,
		Story: "What process-error-stream answers with error :output is recorded.",
		Run: func(c *C) {
			program := c.Starts(c.Prepared(exits(7)), nil, redirected(nil, stream, spec.Keyword("output"))...)
			out := c.outputStream(program)
			switch r := c.Try().ProcessErrorStream(program.Process); {
			case r.Status == spec.Signalled:
				c.Observe("EXT-STRM-6", "error")
			case !spec.Truth(r.Primary()):
				c.Observe("EXT-STRM-6", "nil")
			case spec.Truth(c.Eq(r.Primary(), out).Primary()):
				c.Observe("EXT-STRM-6", "output-stream")
			default:
				c.Observe("EXT-STRM-6", spec.Other)
			}
			c.ShowsExit(program, 7)
		},
	},
})

// inputStream, outputStream and errorStream are those that start has made for a program.
func (p *P) inputStream(program Program) spec.Value  { return p.streamOf(program, 0) }
func (p *P) outputStream(program Program) spec.Value { return p.streamOf(program, 1) }
func (p *P) errorStream(program Program) spec.Value  { return p.streamOf(program, 2) }

// streamOf asks for one of streamsOf. That it may be asked for after the end is a sentence of its own.
func (p *P) streamOf(program Program, which int) spec.Value {
	of := streamsOf[which]
	clause := of.clause
	r := of.asked(p.For(clause).Try(), program.Process)
	if r.Status == spec.Signalled && p.stateOf(program.PID) != spec.Keyword("alive") {
		clause = "EXT-START-4"
	}
	p.Expect(spec.Bool(isStream(r))).For(clause).To(BeTrue(), "start has made a stream, which is returned: %s", r)
	return r.Primary()
}

// readsOf waits until a program has read that text.
func (p *P) readsOf(program Program, text string) {
	p.Until("EXT-STRM-1", "the program reads what was written to the stream", func() bool {
		return spec.Equal(p.inputOf(program), spec.String(text))
	})
}

// readsLines expects that a stream has exactly these lines left, and then is at its end, for good.
func (p *P) readsLines(clause string, from spec.Value, lines ...string) {
	for _, line := range lines {
		p.Expect(p.For(clause).StreamReadLine(from)).For(clause).To(BeEqual(line), "what the program has written is to be read, in order")
	}
	for range 2 {
		p.Expect(p.For(clause).StreamReadLine(from)).For(clause).To(BeNil(), "there is nothing more: the stream is at its end")
	}
}

// readsText expects that a stream has exactly this text of whole lines left.
func (p *P) readsText(clause string, from spec.Value, want string) {
	seen := ""
	for len(seen) <= len(want) {
		line, ok := p.For(clause).StreamReadLine(from).Primary().(spec.String)
		if !ok {
			break
		}
		seen += string(line) + "\n"
	}
	p.sameText(clause, seen, want, "what the program has written is to be read")
}
