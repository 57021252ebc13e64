package fuzz

import (
	"fmt"
	"strconv"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// External programs: helper children that start and run begin. Each does a few things of itself and then obeys;
// one that is run ends of itself, since whoever runs it may hold up everybody.

// setUpPrograms starts programs, named tool0 and prog0, tool1 and prog1, with a file each, and prepares those that
// are there to be run, once each.
func (g *generator) setUpPrograms() {
	g.test("hook", call("make-function", nil, spec.Callback(hookBlock)))
	g.p.Blocks[hookBlock] = []program.Step{call("log-append", nil, program.Named("log"), "changed")}
	g.programs = 1 + g.c.Intn(2)
	for n := range g.programs {
		tool, file := fmt.Sprintf("tool%d", n), fmt.Sprintf("file%d", n)
		g.test(tool, call("child-prepare", nil))
		for range g.c.Intn(3) {
			g.plans(tool)
		}
		if g.c.Intn(4) > 0 {
			g.test(file, call("file-prepare", nil))
		} else {
			g.test(file, call("file-prepare", []any{"old\n"}))
		}
		path := program.Named(file + ".1")
		more := []any{
			key.Input(g.redirected("in", n, nil, path)), key.Output(g.redirected("out", n, nil, path)),
			key.Error(g.redirected("err", n, nil, spec.Keyword("output"))),
		}
		more = append(more, g.ifExists()...)
		more = append(more, g.environment()...)
		if g.c.Intn(2) == 1 {
			more = append(more, key.StatusHook(program.Named("hook")))
		}
		prog := fmt.Sprintf("prog%d", n)
		last := any(strconv.Itoa(n))
		if g.c.Intn(8) == 0 { // a host that takes strings alone refuses it, and most of the program is vain there
			last = n
		}
		g.test(prog, call("start", more, program.Named(tool+".2"), []any{"a b", last}))
		for _, s := range []struct{ name, op string }{
			{"in", "process-input-stream"}, {"out", "process-output-stream"}, {"err", "process-error-stream"},
		} {
			if name := fmt.Sprintf("%s%d", s.name, n); g.streams[name] {
				g.test(name, call(s.op, nil, program.Named(prog)))
			}
		}
	}
	g.test("source", call("make-string-input-stream", nil, "from a string\n"))
	g.test("sink", call("make-string-output-stream", nil))
	g.test("disk", call("file-prepare", nil))
	g.test("filed", call("open-file-stream", nil, program.Named("disk.1"), spec.Keyword("output")))
	for n := range 2 {
		spare := fmt.Sprintf("spare%d", n)
		g.test(spare, call("child-prepare", nil))
		g.plans(spare)
		g.test("", call("child-plan", nil, program.Named(spare), spec.Keyword("exit"), 5+n))
		g.spares++
	}
}

// ifExists chooses what becomes of files that are there, or aren't.
func (g *generator) ifExists() (more []any) {
	for _, option := range []func(any) spec.Key{key.IfOutputExists, key.IfErrorExists} {
		if n := g.c.Intn(4); n < 3 {
			more = append(more, option(spec.Keyword([]string{"supersede", "append", "error"}[n])))
		}
	}
	if g.c.Intn(2) == 1 {
		more = append(more, key.IfInputDoesNotExist(spec.Keyword([]string{"create", "error"}[g.c.Intn(2)])))
	}
	return more
}

// environment chooses variables, and whether they are all that there are.
func (g *generator) environment() (more []any) {
	if g.c.Intn(2) == 1 {
		more = append(more, key.Environment([]any{spec.List{Items: []spec.Value{spec.String("MPCHECK_X")}, Dotted: spec.String("a=b 'q'")}}))
	}
	if g.c.Intn(4) == 1 {
		more = append(more, key.ReplaceEnvironmentP(true))
	}
	return more
}

// plans has a program do something of itself.
func (g *generator) plans(tool string) {
	echo := []any{program.Named(tool), spec.Keyword("echo"), "a\nb\n"}
	switch g.c.Intn(4) {
	case 0:
		g.test("", call("child-plan", nil, append(echo, spec.Keyword("stderr"))...))
	case 1:
		g.test("", call("child-plan", nil, program.Named(tool), spec.Keyword([]string{"read", "copy"}[g.c.Intn(2)]), 2))
	default:
		g.test("", call("child-plan", nil, echo...))
	}
}

// redirected chooses where a stream of the nth program leads.
func (g *generator) redirected(name string, n int, others ...any) any {
	if g.c.Intn(2) == 1 {
		g.streams[fmt.Sprintf("%s%d", name, n)] = true
		return spec.Keyword("stream")
	}
	return others[g.c.Intn(len(others))]
}

func (g *generator) tearDownPrograms() {
	for n := range g.programs {
		tool, prog := program.Named(fmt.Sprintf("tool%d", n)), program.Named(fmt.Sprintf("prog%d", n))
		if in := fmt.Sprintf("in%d", n); g.streams[in] {
			g.test("", call("stream-close", nil, program.Named(in)))
		}
		g.test("", call("child-tell", nil, tool, spec.Keyword("exit"), n))
		g.test("", call("child-await", nil, tool, spec.Keyword("ended")))
		for range 2 {
			g.test("", call("process-status", nil, prog))
		}
		for _, name := range []string{"out", "err"} {
			if stream := fmt.Sprintf("%s%d", name, n); g.streams[stream] {
				g.test("", call("stream-read-line", nil, program.Named(stream)))
				g.test("", call("stream-read-line", nil, program.Named(stream)))
			}
		}
		g.test("", call("file-text", nil, program.Named(fmt.Sprintf("file%d", n))))
	}
}

// tool names a program's child, prog what start has returned of it.
func (g *generator) tool() spec.Value {
	return g.rather("tool", max(g.programs, 1), func(t string) bool { return !g.ending[t] })
}

func (g *generator) prog() spec.Value {
	return g.rather("prog", max(g.programs, 1), func(p string) bool { return g.ending["tool"+p[len("prog"):]] })
}

// stream names one that leads to a program or from it, or else makes a step that asks for one.
func (g *generator) stream(name, accessor string, use func(stream spec.Value) program.Step) program.Step {
	n := g.c.Intn(max(g.programs, 1))
	if s := fmt.Sprintf("%s%d", name, n); g.streams[s] {
		return use(program.Named(s))
	}
	return call(accessor, nil, program.Named(fmt.Sprintf("prog%d", n)))
}

var programMakers = []maker{
	{op: "process-status", make: on("process-status", (*generator).prog), worth: anyEnds("tool")},
	{op: "signal-process", make: func(g *generator) program.Step {
		signal := []any{9, 15, 18, 19, spec.Keyword("killed"), spec.Keyword("interrupt")}[g.c.Intn(6)]
		n := g.c.Intn(max(g.programs, 1))
		g.ends(program.Named(fmt.Sprintf("tool%d", n)))
		return call("signal-process", nil, program.Named(fmt.Sprintf("prog%d", n)), signal)
	}},
	{op: "child-tell", make: func(g *generator) program.Step {
		return call("child-tell", nil, g.ends(g.tool()), spec.Keyword("exit"), g.c.Intn(4))
	}},
	{op: "child-tell", make: func(g *generator) program.Step {
		return call("child-tell", nil, g.tool(), spec.Keyword("echo"), "c\n")
	}},
	{op: "child-await", make: func(g *generator) program.Step {
		return call("child-await", nil, g.tool(), spec.Keyword("ended"))
	}, worth: anyEnds("tool")},
	{op: "stream-read-line", make: func(g *generator) program.Step {
		from := []string{"out", "out", "err"}[g.c.Intn(3)]
		return g.stream(from, map[string]string{"out": "process-output-stream", "err": "process-error-stream"}[from],
			func(s spec.Value) program.Step { return call("stream-read-line", nil, s) })
	}, worth: func(*generator) int { return worthMuch }},
	{op: "stream-write", make: func(g *generator) program.Step {
		return g.stream("in", "process-input-stream", func(s spec.Value) program.Step { return call("stream-write", nil, s, "xy\n") })
	}, worth: func(*generator) int { return worthMuch }},
	{op: "stream-close", make: func(g *generator) program.Step {
		return g.stream("in", "process-input-stream", func(s spec.Value) program.Step { return call("stream-close", nil, s) })
	}},
	{op: "process-output-stream", make: on("process-output-stream", (*generator).prog)},
	{op: "process-input-stream", make: on("process-input-stream", (*generator).prog)},
	{op: "process-error-stream", make: on("process-error-stream", (*generator).prog)},
	{op: "process-id", make: on("process-id", (*generator).prog)},
	{op: "process-p", make: on("process-p", (*generator).prog)},
	{op: "run", make: func(g *generator) program.Step {
		if g.spares == 0 || g.inForm { // a form may run again: a child is started once
			return call("process-status", nil, g.prog())
		}
		g.spares--
		more := []any{
			key.Input([]any{nil, program.Named("source")}[g.c.Intn(2)]),
			key.Output([]any{nil, program.Named("sink"), program.Named("filed"), true}[g.c.Intn(4)]),
			key.Error([]any{nil, spec.Keyword("output")}[g.c.Intn(2)]),
		}
		more = append(more, g.ifExists()...)
		more = append(more, g.environment()...)
		return call("run", more, program.Named(fmt.Sprintf("spare%d.2", g.spares)), nil)
	}, worth: func(*generator) int { return worthMuch }},
	{op: "file-text", make: func(g *generator) program.Step {
		return call("file-text", nil, program.Named(fmt.Sprintf("file%d", g.c.Intn(max(g.programs, 1)))))
	}},
	{op: "get-output-stream-string", make: func(*generator) program.Step {
		return call("get-output-stream-string", nil, program.Named("sink"))
	}},
	{op: "with-captured-output", where: notNested, make: func(g *generator) program.Step {
		return call("with-captured-output", nil, g.code())
	}},
	{op: "standard-file", make: func(g *generator) program.Step {
		if g.c.Intn(2) == 1 {
			return call("standard-file", []any{"typed\n"}, spec.Keyword("input"))
		}
		return call("standard-file", nil, spec.Keyword("output"))
	}},
	plain("signal-mapping"),
	{op: "child-tell", make: func(g *generator) program.Step {
		return call("child-tell", nil, g.tool(), spec.Keyword([]string{"environ", "argv", "input"}[g.c.Intn(3)]))
	}},
	{op: "reap-os-subprocess", make: func(*generator) program.Step { // which has no business with them
		return call("reap-os-subprocess", []any{key.Wait(false)})
	}},
}
