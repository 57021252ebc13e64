package fuzz

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Events: what is sent to a process, and handled there.

// setUpEvents names an object whose class may get a method, and gives the first form a name.
func (g *generator) setUpEvents() {
	g.test("thing", call("new", nil, spec.Keyword("object"), 1))
	g.test("terminator", call("make-function", nil, spec.Callback(len(g.p.Blocks))))
	g.p.Blocks = append(g.p.Blocks, []program.Step{call("log-append", nil, program.Named("log"), 50)})
	if !g.has(Objects) {
		g.test("named", call("defun", nil, namedForm, spec.Callback(1)))
	}
}

// methods are keywords of a process that has a terminate method.
func (g *generator) methods() spec.Value {
	switch g.c.Intn(5) {
	case 4:
		return spec.NewList(spec.Keyword("local-terminator"), g.name("form", 2))
	case 0:
		return spec.NewList(spec.Keyword("remote-terminator"), program.Named("terminator"))
	case 1:
		return spec.NewList(spec.Keyword("terminate-by-send"), spec.True{})
	}
	return spec.Nil{}
}

// event is an object that can be handled: most are code, which runs then.
func (g *generator) event() spec.Value {
	f := g.name("form", 2)
	switch g.c.Intn(8) {
	case 0:
		return program.Named("named")
	case 1:
		return f
	case 2:
		return program.Named("thing")
	case 3:
		return []spec.Value{spec.Nil{}, spec.Int(g.fresh()), spec.Symbol{Name: "MPCHECK-UNBOUND"}, spec.List{Items: []spec.Value{f}, Dotted: spec.Int(1)}}[g.c.Intn(4)]
	case 4:
		return spec.NewList(program.Named("named"))
	}
	return spec.NewList(f, spec.Int(g.fresh()))
}

// Whatever sends code, or runs some, doesn't stand within code that may be sent: that would run for ever.
var eventMakers = []maker{
	{op: "process-send", where: notNested, make: func(g *generator) program.Step {
		g.events = true
		return call("process-send", nil, g.process(), g.event())
	}, worth: func(*generator) int { return worthMuch }},
	{op: "general-handle-event", where: notNested | notTest, make: func(g *generator) program.Step {
		return call("general-handle-event", nil, g.event())
	}},
	{op: "define-event-handler", make: func(g *generator) program.Step {
		return call("define-event-handler", nil, spec.Keyword("object"), g.name("form", 2))
	}},
	{op: "process-all-events", make: func(*generator) program.Step { return call("process-all-events", nil) }, worth: anyEvent},
	{op: "wait-processing-events", make: func(g *generator) program.Step {
		return call("wait-processing-events", nil, g.c.Intn(2))
	}, worth: anyEvent},
	{op: "wait-processing-events", where: notTest, make: func(g *generator) program.Step {
		return call("wait-processing-events", []any{key.WaitReason("waiting"), key.WaitFunction(cellIsSet())}, g.timeout())
	}, worth: anyEvent},
	{op: "current-process-set-terminate-method", make: func(g *generator) program.Step {
		if g.c.Intn(2) == 1 {
			return call("current-process-set-terminate-method", nil)
		}
		return call("current-process-set-terminate-method", []any{key.RemoteTerminator(program.Named("terminator"))})
	}},
	{op: "process-terminate", where: notForm, make: func(g *generator) program.Step { return call("process-terminate", nil, g.ends(g.process())) }},
	{op: "cell-set", make: func(g *generator) program.Step {
		g.set = true
		return call("cell-set", nil, program.Named("cell"), 1)
	}},
	{op: "process-wait-for-event", make: func(*generator) program.Step {
		return call("process-wait-for-event", []any{key.NoHangP(true)})
	}},
}

// anyEvent tells whether something is sent that can be handled.
func anyEvent(g *generator) int { return worthIf(g.events) }
