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
// that its effects show. The program depends on choices and weights alone; without weights
// every operation of a family is as likely as another.
func Generate(choices spec.Choices, w *Weights, families ...Family) *program.Program {
	var p program.Program
	f := gofuzz.New().RandSource(source{choices}).Funcs(func(p *program.Program, c gofuzz.Continue) {
		(&generator{c: c, w: w, families: families}).fill(p)
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
	Objects   Family = "objects"
	Programs  Family = "programs"
	Bindings  Family = "bindings"
	Events    Family = "events"
	Foreign   Family = "foreign threads"
)

// Families lists all.
var Families = []Family{Mailboxes, Sends, Cleanups, Kills, Children, Lists, Objects, Programs, Bindings, Events, Foreign}

// A generator fills one program.
type generator struct {
	c         gofuzz.Continue
	w         *Weights
	families  []Family
	p         *program.Program
	processes int
	mailboxes int
	children  int
	programs  int
	spares    int             // programs that are there to be run
	streams   map[string]bool // those that lead to programs and from them
	value     int             // the last value sent: each is sent once
	nested    bool
	depth     int // how deep the code nests that is being made
	inTest    bool
	inForm    bool
	formFails bool // a cleanup form signals an error

	// What the program does so far, in whatever order its processes come to it: what a next
	// operation could have to do with.
	mail   map[string]int  // objects sent to a mailbox
	ending map[string]bool // processes asked to end, children told to
	set    bool            // the cell has been set
	events bool            // something was sent that can be handled
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

// The blocks that every program has beside the test's: two cleanup forms, which may interrupt a process too, and a status hook.
const (
	hookBlock         = 3
	firstProcessBlock = 4
)

func (g *generator) fill(p *program.Program) {
	g.p, g.mail, g.ending, g.streams = p, map[string]int{}, map[string]bool{}, map[string]bool{}
	if len(g.families) == 0 {
		g.families = []Family{g.family(), g.family()}
	}
	g.processes, g.mailboxes = 1+g.c.Intn(3), 1+g.c.Intn(2)
	p.Blocks = make([][]program.Step, firstProcessBlock+g.processes)
	g.setUp()
	for n := range g.processes {
		steps := []program.Step{call("gate-wait", nil, program.Named("gate"))}
		for range 1 + g.c.Intn(4) {
			steps = append(steps, g.step())
		}
		p.Blocks[firstProcessBlock+n] = steps
	}
	g.inTest = true
	for range g.c.Intn(4) {
		g.test("", g.step())
	}
	g.tearDown()
}

func (g *generator) family() Family {
	worths := make([]int, len(Families))
	for i, f := range Families {
		worths[i] = g.w.family(f)
	}
	return Families[g.choose(worths)]
}

// choose picks an index by weights, of which there are at most 256 in all: a choice is a byte.
func (g *generator) choose(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := g.c.Intn(total)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	panic("the weights have another sum")
}

func (g *generator) setUp() {
	g.test("gate", call("make-gate", nil))
	g.test("log", call("make-log", nil))
	g.test("cell", call("make-cell", nil, 0))
	for n := range g.mailboxes {
		more := []any{key.Size(1 + g.c.Intn(2))}
		if g.has(Objects) {
			more = append(more, key.Name("post"))
		}
		g.test(fmt.Sprintf("m%d", n), call("make-mailbox", more))
	}
	if g.has(Cleanups) || g.has(Objects) || g.has(Events) || g.has(Kills) || g.has(Foreign) {
		for n := 1; n < hookBlock; n++ {
			g.test(fmt.Sprintf("form%d", n-1), call("make-function", nil, spec.Callback(n)))
			g.p.Blocks[n] = []program.Step{call("log-append", nil, program.Named("log"), n)}
			if g.c.Intn(4) == 3 {
				g.nested, g.inForm = true, true
				g.p.Blocks[n] = append(g.p.Blocks[n], g.step())
				g.nested, g.inForm = false, false
			}
		}
	}
	if g.has(Objects) {
		g.setUpObjects()
	}
	if g.has(Bindings) {
		g.setUpBindings()
	}
	if g.has(Events) {
		g.setUpEvents()
	}
	if g.has(Foreign) {
		g.setUpForeign()
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
	if g.has(Programs) {
		g.setUpPrograms()
	}
	for n := range g.processes {
		if g.has(Objects) && g.c.Intn(2) == 1 {
			g.test(fmt.Sprintf("f%d", n), call("defun", nil, spec.Symbol{Name: fmt.Sprintf("F%d", n)}, spec.Callback(firstProcessBlock+n)))
		} else {
			g.test(fmt.Sprintf("f%d", n), call("make-function", nil, spec.Callback(firstProcessBlock+n)))
		}
		var keywords spec.Value = spec.Nil{}
		if g.has(Sends) && g.c.Intn(2) == 1 { // a small one: that of a process may be large
			keywords = spec.NewList(spec.Keyword("mailbox"), g.name("m", g.mailboxes))
		} else if g.has(Events) {
			keywords = g.methods()
		}
		if g.has(Lists) && g.c.Intn(2) == 1 {
			items, _ := spec.Items(keywords)
			keywords = spec.NewList(append(items, spec.Keyword("internal-server"), spec.Bool(g.c.Intn(2) == 1), spec.Keyword("priority"), spec.Int(g.c.Intn(3)))...)
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
	g.tearDownPrograms()
	for n := range g.mailboxes {
		for range 2 {
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(fmt.Sprintf("m%d", n))))
		}
		g.test("", call("mailbox-count", nil, program.Named(fmt.Sprintf("m%d", n))))
	}
	if g.has(Sends) || g.has(Events) {
		for n := range g.processes {
			box := fmt.Sprintf("own%d", n)
			g.test(box, call("process-mailbox", nil, program.Named(fmt.Sprintf("p%d", n))))
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(box)))
			g.test("", call("mailbox-read", []any{nil, 0}, program.Named(box)))
		}
	}
	if g.has(Cleanups) || g.has(Kills) || g.has(Objects) || g.has(Programs) || g.has(Events) || g.has(Foreign) {
		g.test("", call("log-read", nil, program.Named("log")))
	}
	if g.has(Foreign) {
		g.tearDownForeign()
	}
	if g.has(Lists) {
		g.test("", call("list-all-processes", nil))
		g.test("", call("processes-count", nil))
	}
}

// step makes one step of the program's families.
func (g *generator) step() program.Step {
	all := makers[g.families[g.c.Intn(len(g.families))]]
	worths := make([]int, len(all))
	for i, m := range all {
		if m.fits(g) {
			worths[i] = g.w.maker(g, m)
		}
	}
	return all[g.choose(worths)].make(g)
}

// code makes a block of one or two steps for an operation that runs code.
func (g *generator) code() spec.Value {
	n := len(g.p.Blocks)
	g.p.Blocks = append(g.p.Blocks, nil)
	outer := g.nested
	g.nested = true
	g.depth++
	var steps []program.Step
	for range 1 + g.c.Intn(2) {
		steps = append(steps, g.step())
	}
	g.nested = outer
	g.depth--
	g.p.Blocks[n] = steps
	return spec.Callback(n)
}

func (g *generator) fresh() int {
	g.value++
	return g.value
}

func (g *generator) timeout() any { return []any{nil, 0, 1}[g.c.Intn(3)] }
