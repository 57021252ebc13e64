package fuzz

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Foreign threads, which call code in, and foreign code that does so on whatever process.

const foreignThreads = 2

func (g *generator) setUpForeign() {
	for n := range foreignThreads {
		g.test(fmt.Sprintf("foreign%d", n), call("make-foreign-thread", nil))
	}
}

func (g *generator) tearDownForeign() {
	for n := range foreignThreads {
		g.test("", call("foreign-thread-log", nil, program.Named(fmt.Sprintf("foreign%d", n))))
	}
}

func (g *generator) foreign() spec.Value { return g.name("foreign", foreignThreads) }

var foreignMakers = []maker{
	{op: "call-on-foreign-thread", where: notTest | notNested, make: func(g *generator) program.Step {
		thread := g.foreign()
		return call("call-on-foreign-thread", nil, thread, g.code())
	}, worth: func(*generator) int { return worthMuch }},
	{op: "call-foreign", where: notTest | notDeep, make: func(g *generator) program.Step { return call("call-foreign", nil, g.code()) }},
	{op: "foreign-thread-note", make: func(g *generator) program.Step {
		return call("foreign-thread-note", nil, g.foreign(), g.fresh())
	}},
	{op: "foreign-thread-log", make: on("foreign-thread-log", (*generator).foreign)},
	{op: "ensure-process-cleanup", where: ownForm, make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2))}, g.name("form", 2))
	}, worth: func(*generator) int { return worthMuch }},
	plain("get-current-process"),
	plain("current-process-in-cleanup-p"),
	{op: "current-process-kill", where: notTest, make: func(*generator) program.Step { return call("current-process-kill", nil) }},
}
