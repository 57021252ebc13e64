package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What the documents leave open of redirections.
var _ = chapter([]Case{
	{
		ID:    "EXT-IO-5/started",
		Needs: []string{"start", "process-status"},
		Story: "What start makes of string streams, and when data appears in them, is recorded.",
		Run: func(c *C) {
			in, out := c.MakeStringInputStream("in\n").Primary(), c.MakeStringOutputStream().Primary()
			program := c.Prepared(does("echo", "early\n"))
			r := c.Try().Start(program.Path, nil, redirected(nil, out, nil)...)
			if c.streamTaken(r) {
				program.Process = r.Primary()
				program = c.For("EXT-START-1").isThere(program, "EXT-START-1", spec.NewCall("start", nil, program.Path, nil))
				c.Settle()
				text := written(c.P, out)
				if strings.Contains(text, "early") {
					c.Observe("EXT-IO-5", "data-while-running")
				}
				c.Tell(program.Child, "exit", 7)
				c.ShowsExit(program, 7)
				if text == "" {
					c.Settle()
					if strings.Contains(written(c.P, out), "early") {
						c.Observe("EXT-IO-5", "data-after-end")
					} else {
						c.Observe("EXT-IO-5", spec.Other)
					}
				}
			}
			program = c.Prepared(does("read", 3), exits(7))
			if r := c.Try().Start(program.Path, nil, redirected(in, nil, nil)...); c.streamTaken(r) {
				program.Process = r.Primary()
				c.ShowsExit(program, 7)
				if !spec.Equal(c.inputOf(program), spec.String("in\n")) {
					c.Observe("EXT-IO-5", spec.Other)
				}
			}
		},
	},
	{
		ID:    "EXT-IO-5/closed",
		Needs: runNeeds,
		Story: "Whether run leaves a stream open that it was given is recorded.",
		Run: func(c *C) {
			out := c.MakeStringOutputStream().Primary()
			c.Runs(c.Prepared(does("echo", "x\n"), exits(7)), 7, nil, redirected(nil, out, nil)...)
			if c.Try().StreamWrite(out, "y\n").Status == spec.Signalled {
				c.Observe("EXT-IO-5", "stream-closed")
			} else {
				c.Observe("EXT-IO-5", "stream-left-open")
			}
		},
	},
	{
		ID:    "EXT-IO-5/encoding",
		Needs: runNeeds,
		Story: "How the characters that a program reads and writes are encoded is recorded.",
		Run: func(c *C) {
			const letters = "\u00e9\u4e16\n"
			out := c.MakeStringOutputStream().Primary()
			c.Runs(c.Prepared(does("echo", letters), exits(7)), 7, nil, redirected(nil, out, nil)...)
			if written(c.P, out) == letters {
				c.Observe("EXT-IO-5", "utf-8")
			} else {
				c.Observe("EXT-IO-5", "another-encoding")
			}
		},
	},
	{
		ID:    "EXT-IO-8/elsewhere",
		Needs: runNeeds,
		Story: "What run makes of :output for input, and for output, is recorded.",
		Run: func(c *C) {
			for _, redirection := range []string{"input", "output"} {
				keys := redirected(spec.Keyword("output"), nil, nil)
				if redirection == "output" {
					keys = redirected(nil, spec.Keyword("output"), nil)
				}
				if c.Try().Run(c.Prepared(exits(7)).Path, nil, keys...).Status == spec.Signalled {
					c.Observe("EXT-IO-8", redirection+"-error")
				} else {
					c.Observe("EXT-IO-8", redirection+"-accepted")
				}
			}
		},
	},
	{
		ID:    "EXT-IO-9/run",
		Needs: runNeeds,
		Story: "What run does with input, output and error that are not given is recorded.",
		Run: func(c *C) {
			c.readsNothing(runBy)
			c.readsTheLisps(runBy)
			c.standard("input", "given\n")
			out, err := c.standard("output"), c.standard("error")
			program := c.Runs(c.Prepared(does("read"), exits(7)), 7, nil, key.Output(nil), key.Error(nil))
			switch c.inputOf(program) {
			case spec.String(""):
				c.Observe("EXT-IO-9", "input-nil")
			case spec.String("given\n"):
				c.Observe("EXT-IO-9", "input-t")
			default:
				c.Observe("EXT-IO-9", spec.Other)
			}
			c.Runs(c.Prepared(does("echo", "output not given\n"), exits(7)), 7, nil, key.Input(nil), key.Error(nil))
			with := c.NewFile()
			c.Runs(c.Prepared(does("echo", "error not given\n", spec.Keyword("stderr")), exits(7)), 7, nil, key.Input(nil), key.Output(with.Path))
			c.Settle()
			if strings.Contains(c.textOf(out), "output not given") {
				c.Observe("EXT-IO-9", "output-t")
			} else {
				c.Observe("EXT-IO-9", "output-nil")
			}
			switch {
			case strings.Contains(c.textOf(with), "error not given"):
				c.Observe("EXT-IO-9", "error-output")
			case strings.Contains(c.textOf(err), "error not given"):
				c.Observe("EXT-IO-9", "error-t")
			default:
				c.Observe("EXT-IO-9", "error-nil")
			}
		},
	},
	{
		ID:    "EXT-IO-9/start",
		Needs: streamNeeds,
		Story: "Whether start makes streams for input, output and error that are not given is recorded.",
		Run: func(c *C) {
			program := c.Prepared()
			c.standard("input", "")
			program = c.Starts(program, nil)
			for _, of := range streamsOf {
				if isStream(of.asked(c.Try(), program.Process)) {
					c.Observe("EXT-IO-9", of.name+"-stream")
				}
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
})

// streamTaken records whether start took a stream that is on no file.
func (c *C) streamTaken(r spec.Return) bool {
	taken := r.Status == spec.Returned && spec.Truth(r.Primary())
	if taken {
		c.Observe("EXT-IO-5", "stream-supported")
	} else {
		c.Observe("EXT-IO-5", "stream-error")
	}
	return taken
}

// written is what a string stream holds since the last time, "" where it can't be asked.
func written(p *P, out spec.Value) string {
	text, _ := p.Try().GetOutputStreamString(out).Primary().(spec.String)
	return string(text)
}

// isStream tells whether an operation answered with a stream.
func isStream(r spec.Return) bool {
	ref, ok := r.Primary().(spec.Ref)
	return r.Status == spec.Returned && ok && ref.Type == "stream"
}
