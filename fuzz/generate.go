package fuzz

import (
	"fmt"
	"slices"

	gofuzz "github.com/google/gofuzz"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Generate makes a program of one or two families out of choices: one byte a choice where they
// are [Bytes]. What can be asked of a program's end - reads, joins, logs - is asked of it, so
// that its effects show.
func Generate(choices spec.Choices, families ...Family) *program.Program {
	var p program.Program
	f := gofuzz.New().RandSource(source{choices}).Funcs(func(p *program.Program, c gofuzz.Continue) {
		(&generator{c: c, families: families}).fill(p)
	})
	f.Fuzz(&p)
	return &p
}

// source makes random numbers of choices: a byte each, where Intn uses it.
type source struct{ choices spec.Choices }

func (s source) Int63() int64 { return int64(s.choices.Choose(256)) << 32 }
func (source) Seed(int64)     {}

// Family is a set of operations that have to do with each other.
type Family string

// The families.
const (
	Mailboxes Family = "mailboxes"
	Sends     Family = "sends"
	Cleanups  Family = "cleanups"
	Kills     Family = "kills"
	Children  Family = "children"
	Lists     Family = "lists"
)

// Families lists all.
var Families = []Family{Mailboxes, Sends, Cleanups, Kills, Children, Lists}

// A generator fills one program.
type generator struct {
	c         gofuzz.Continue
	families  []Family
	p         *program.Program
	processes int
	mailboxes int
	children  int
	value     int // the last value sent: each is sent once
}

func (g *generator) has(f Family) bool { return slices.Contains(g.families, f) }

func (g *generator) name(kind string, n int) spec.Value {
	return program.Named(fmt.Sprintf("%s%d", kind, g.c.Intn(n)))
}

func call(op string, more []any, required ...any) program.Step {
	return program.Step{Call: spec.NewCall(op, more, required...)}
}

func (g *generator) test(name string, s program.Step) {
	s.Name = name
	g.p.Blocks[0] = append(g.p.Blocks[0], s)
}

// The blocks that every program has beside the test's: two cleanup forms.
const firstProcessBlock = 3

func (g *generator) fill(p *program.Program) {
	g.p = p
	if len(g.families) == 0 {
		g.families = []Family{Families[g.c.Intn(len(Families))], Families[g.c.Intn(len(Families))]}
	}
	g.processes, g.mailboxes = 1+g.c.Intn(3), 1+g.c.Intn(2)
	p.Blocks = make([][]program.Step, firstProcessBlock+g.processes)
	g.setUp()
	for n := range g.processes {
		g.p.Blocks[firstProcessBlock+n] = []program.Step{call("gate-wait", nil, program.Named("gate"))}
		for range 1 + g.c.Intn(4) {
			g.p.Blocks[firstProcessBlock+n] = append(g.p.Blocks[firstProcessBlock+n], g.step())
		}
	}
	for range g.c.Intn(4) {
		g.test("", g.step())
	}
	g.tearDown()
}

func (g *generator) setUp() {
	g.test("gate", call("make-gate", nil))
	g.test("log", call("make-log", nil))
	for n := range g.mailboxes {
		g.test(fmt.Sprintf("m%d", n), call("make-mailbox", []any{key.Size(1 + g.c.Intn(2))}))
	}
	if g.has(Cleanups) {
		for n := 1; n < firstProcessBlock; n++ {
			g.test(fmt.Sprintf("form%d", n-1), call("make-function", nil, spec.Callback(n)))
			g.p.Blocks[n] = []program.Step{call("log-append", nil, program.Named("log"), n)}
		}
	}
	if g.has(Children) {
		g.children = 1 + g.c.Intn(2)
		for n := range g.children {
			child := fmt.Sprintf("child%d", n)
			g.test(child, call("child-prepare", nil))
			g.test(fmt.Sprintf("started%d", n), call("run-shell-command", []any{key.Wait(false)}, program.Named(child+".1")))
			g.test(fmt.Sprintf("pid%d", n), call("child-await", nil, program.Named(child), spec.Keyword("ready")))
		}
	}
	for n := range g.processes {
		g.test(fmt.Sprintf("f%d", n), call("make-function", nil, spec.Callback(firstProcessBlock+n)))
		var keywords spec.Value = spec.Nil{}
		if g.has(Sends) && g.c.Intn(2) == 1 { // a small one: that of a process may be large
			keywords = spec.NewList(spec.Keyword("mailbox"), g.name("m", g.mailboxes))
		}
		g.test(fmt.Sprintf("p%d", n), call("process-run-function", nil, fmt.Sprintf("p%d", n), keywords, program.Named(fmt.Sprintf("f%d", n))))
	}
	g.test("", call("gate-open", nil, program.Named("gate")))
}

func (g *generator) tearDown() {
	g.test("", call("pause", nil, 5))
	for n := range g.children {
		child := program.Named(fmt.Sprintf("child%d", n))
		g.test("", call("child-tell", nil, child, spec.Keyword("exit"), n))
		g.test("", call("child-await", nil, child, spec.Keyword("ended")))
		g.test("", call("reap-os-subprocess", []any{key.Wait(false)}))
	}
	for n := range g.mailboxes {
		for range 2 {
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(fmt.Sprintf("m%d", n))))
		}
		g.test("", call("mailbox-count", nil, program.Named(fmt.Sprintf("m%d", n))))
	}
	if g.has(Sends) {
		for n := range g.processes {
			box := fmt.Sprintf("own%d", n)
			g.test(box, call("process-mailbox", nil, program.Named(fmt.Sprintf("p%d", n))))
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(box)))
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(box)))
		}
	}
	if g.has(Cleanups) || g.has(Kills) {
		g.test("", call("log-read", nil, program.Named("log")))
	}
	if g.has(Lists) {
		g.test("", call("list-all-processes", nil))
		g.test("", call("processes-count", nil))
	}
}

// step makes one step of the program's families.
func (g *generator) step() program.Step {
	steps := makers[g.families[g.c.Intn(len(g.families))]]
	return steps[g.c.Intn(len(steps))](g)
}

func (g *generator) fresh() int {
	g.value++
	return g.value
}

func (g *generator) timeout() any { return []any{nil, 0, 1}[g.c.Intn(3)] }

var makers = map[Family][]func(g *generator) program.Step{
	Mailboxes: {
		func(g *generator) program.Step { return call("mailbox-send", nil, g.name("m", g.mailboxes), g.fresh()) },
		func(g *generator) program.Step {
			return call("mailbox-send-limited", []any{g.timeout()}, g.name("m", g.mailboxes), g.fresh(), 1+g.c.Intn(2))
		},
		func(g *generator) program.Step {
			return call("mailbox-read", []any{nil, g.timeout()}, g.name("m", g.mailboxes))
		},
		func(g *generator) program.Step { return call("mailbox-peek", nil, g.name("m", g.mailboxes)) },
		func(g *generator) program.Step { return call("mailbox-count", nil, g.name("m", g.mailboxes)) },
		func(g *generator) program.Step {
			return call("mailbox-wait", []any{nil, g.timeout()}, g.name("m", g.mailboxes))
		},
	},
	Sends: {
		func(g *generator) program.Step { return call("process-send", nil, g.name("p", g.processes), g.fresh()) },
		func(g *generator) program.Step {
			return call("process-send", []any{key.Limit(1 + g.c.Intn(2)), key.Timeout(g.timeout())}, g.name("p", g.processes), g.fresh())
		},
		func(g *generator) program.Step {
			return call("process-send", []any{key.ErrorIfDeadP(true)}, g.name("p", g.processes), g.fresh())
		},
		func(g *generator) program.Step { return call("process-mailbox", nil, g.name("p", g.processes)) },
		func(g *generator) program.Step { return call("process-wait-for-event", []any{key.NoHangP(true)}) },
		func(g *generator) program.Step { return call("process-wait-for-event", nil) },
	},
	Cleanups: {
		func(g *generator) program.Step {
			return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Force(g.c.Intn(2) == 1)}, g.name("form", 2))
		},
		func(g *generator) program.Step {
			return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Process(g.name("p", g.processes))}, g.name("form", 2))
		},
		func(g *generator) program.Step {
			return call("ensure-process-cleanup", nil, spec.NewList(g.name("form", 2), spec.Int(g.c.Intn(2))))
		},
		func(g *generator) program.Step { return call("current-process-in-cleanup-p", nil) },
	},
	Kills: {
		func(g *generator) program.Step { return call("process-kill", nil, g.name("p", g.processes)) },
		func(g *generator) program.Step { return call("current-process-kill", nil) },
		func(g *generator) program.Step {
			return call("process-join", []any{key.Timeout(g.c.Intn(2))}, g.name("p", g.processes))
		},
		func(g *generator) program.Step { return call("process-alive-p", nil, g.name("p", g.processes)) },
		func(g *generator) program.Step { return call("log-append", nil, program.Named("log"), 100+g.fresh()) },
	},
	Children: {
		func(g *generator) program.Step {
			return call("child-tell", nil, g.name("child", max(g.children, 1)), spec.Keyword("exit"), g.c.Intn(4))
		},
		func(g *generator) program.Step {
			return call("child-tell", nil, g.name("child", max(g.children, 1)), spec.Keyword("die"), []int{9, 15}[g.c.Intn(2)])
		},
		func(g *generator) program.Step { return call("reap-os-subprocess", []any{key.Wait(false)}) },
		func(g *generator) program.Step {
			return call("reap-os-subprocess", []any{key.Pid(g.name("pid", max(g.children, 1))), key.Wait(g.c.Intn(2) == 1)})
		},
		func(g *generator) program.Step {
			return call("child-await", nil, g.name("child", max(g.children, 1)), spec.Keyword("ended"))
		},
	},
	Lists: {
		func(g *generator) program.Step { return call("list-all-processes", nil) },
		func(g *generator) program.Step { return call("processes-count", nil) },
		func(g *generator) program.Step {
			return call("get-process", nil, fmt.Sprintf("p%d", g.c.Intn(g.processes)))
		},
		func(g *generator) program.Step { return call("get-current-process", nil) },
		func(g *generator) program.Step { return call("process-name", nil, g.name("p", g.processes)) },
	},
}
