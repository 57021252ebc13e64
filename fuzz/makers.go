package fuzz

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// A maker makes a step that calls one operation.
type maker struct {
	op   string
	make func(g *generator) program.Step
	// worth, where not nil, is how much the operation can do where it stands: from 1 to
	// worthMuch.
	worth func(g *generator) int
	where place
}

// A place is where a step must not stand.
type place uint8

const (
	notNested place = 1 << iota // it runs code: programs nest one deep
	notTest                     // it would end the test
)

// fits tells whether the step may stand where the generator is.
func (m maker) fits(g *generator) bool {
	return !(m.where&notNested != 0 && g.nested || m.where&notTest != 0 && g.inTest)
}

const worthMuch = 3

// worthIf is much where something is there to be done.
func worthIf(there bool) int {
	if there {
		return worthMuch
	}
	return 1
}

// Operations lists those that programs may call, in alphabetical order: the families', and what
// every program has around them.
func Operations() []string {
	set := map[string]bool{}
	for _, op := range []string{
		"make-gate", "make-log", "make-cell", "make-mailbox", "make-function", "gate-wait", "gate-open", "pause",
		"process-run-function", "child-prepare", "run-shell-command", "log-read",
	} {
		set[op] = true
	}
	for _, all := range makers {
		for _, m := range all {
			set[m.op] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// send notes that something goes to a mailbox.
func (g *generator) send(m spec.Value) spec.Value {
	g.mail[m.(spec.Ref).ID]++
	return m
}

// mailbox names one; with weights rather one to which something is sent.
func (g *generator) mailbox() spec.Value {
	return g.rather("m", g.mailboxes, func(m string) bool { return g.mail[m] > 0 })
}

// process names one; with weights rather one that is not asked to end.
func (g *generator) process() spec.Value {
	return g.rather("p", g.processes, func(p string) bool { return !g.ending[p] })
}

// ended names a process; with weights rather one that is asked to end.
func (g *generator) ended() spec.Value {
	return g.rather("p", g.processes, func(p string) bool { return g.ending[p] })
}

// ends notes that a process or child is asked to end.
func (g *generator) ends(v spec.Value) spec.Value {
	g.ending[v.(spec.Ref).ID] = true
	return v
}

// child names a child, pid its process id.
func (g *generator) child() spec.Value {
	return g.rather("child", max(g.children, 1), func(c string) bool { return !g.ending[c] })
}

func (g *generator) pid() spec.Value {
	return g.rather("pid", max(g.children, 1), func(pid string) bool { return g.ending["child"+pid[len("pid"):]] })
}

// rather names one of n; with weights those that are good come first.
func (g *generator) rather(kind string, n int, good func(string) bool) spec.Value {
	if g.w == nil {
		return g.name(kind, n)
	}
	worths := make([]int, n)
	for i := range worths {
		worths[i] = worthIf(good(fmt.Sprintf("%s%d", kind, i)))
	}
	return program.Named(fmt.Sprintf("%s%d", kind, g.choose(worths)))
}

// anyMail tells whether something is sent to any of the mailboxes.
func anyMail(g *generator) int { return worthIf(len(g.mail) > 0) }

// anyEnds tells whether a process or child of a kind is asked to end.
func anyEnds(kind string) func(g *generator) int {
	return func(g *generator) int {
		for name := range g.ending {
			if len(name) > len(kind) && name[:len(kind)] == kind {
				return worthMuch
			}
		}
		return 1
	}
}

// on makes a step that calls an operation on one object.
func on(op string, object func(g *generator) spec.Value) func(g *generator) program.Step {
	return func(g *generator) program.Step { return call(op, nil, object(g)) }
}

// plain makes a step that calls an operation without arguments.
func plain(op string) maker {
	return maker{op: op, make: func(*generator) program.Step { return call(op, nil) }}
}

// ofMailbox is an operation that only asks something of a mailbox.
func ofMailbox(op string) maker { return maker{op: op, make: on(op, (*generator).mailbox)} }

// running is an operation that runs two blocks.
func running(op string) maker {
	return maker{op: op, where: notNested, make: func(g *generator) program.Step {
		body := g.code()
		return call(op, nil, body, g.code())
	}}
}

var makers map[Family][]maker

// The table refers to code that refers to it.
func init() {
	makers = map[Family][]maker{
		Mailboxes: mailboxMakers,
		Sends:     sendMakers,
		Cleanups:  cleanupMakers,
		Kills:     killMakers,
		Children:  childMakers,
		Lists:     listMakers,
	}
}

var mailboxMakers = []maker{
	{op: "mailbox-send", make: func(g *generator) program.Step {
		return call("mailbox-send", nil, g.send(g.name("m", g.mailboxes)), g.fresh())
	}, worth: func(*generator) int { return worthMuch }},
	{op: "mailbox-send-limited", make: func(g *generator) program.Step {
		return call("mailbox-send-limited", []any{g.timeout()}, g.send(g.name("m", g.mailboxes)), g.fresh(), 1+g.c.Intn(2))
	}, worth: func(*generator) int { return worthMuch }},
	{op: "mailbox-read", make: func(g *generator) program.Step {
		return call("mailbox-read", []any{nil, g.timeout()}, g.mailbox())
	}, worth: anyMail},
	{op: "mailbox-peek", make: on("mailbox-peek", (*generator).mailbox), worth: anyMail},
	ofMailbox("mailbox-count"),
	{op: "mailbox-wait", make: func(g *generator) program.Step {
		return call("mailbox-wait", []any{nil, g.timeout()}, g.mailbox())
	}, worth: anyMail},
	{op: "mailbox-wait-for-event", make: func(g *generator) program.Step {
		return call("mailbox-wait-for-event", []any{key.NoHangP(g.c.Intn(2) == 1)}, g.mailbox())
	}, worth: anyMail},
	ofMailbox("mailbox-empty-p"),
	ofMailbox("mailbox-not-empty-p"),
	ofMailbox("mailbox-size"),
	ofMailbox("mailbox-full-p"),
	ofMailbox("mailbox-reader-process"),
}

var sendMakers = []maker{
	{op: "process-send", make: func(g *generator) program.Step { return call("process-send", nil, g.process(), g.fresh()) }},
	{op: "process-send", make: func(g *generator) program.Step {
		return call("process-send", []any{key.Limit(1 + g.c.Intn(2)), key.Timeout(g.timeout())}, g.process(), g.fresh())
	}},
	{op: "process-send", make: func(g *generator) program.Step {
		return call("process-send", []any{key.ErrorIfDeadP(true)}, g.ended(), g.fresh())
	}, worth: anyEnds("p")},
	{op: "process-send", make: func(g *generator) program.Step {
		return call("process-send", []any{key.ChangePriority([]any{nil, 1, 2}[g.c.Intn(3)])}, g.process(), g.fresh())
	}},
	{op: "process-mailbox", make: on("process-mailbox", (*generator).process)},
	{op: "set-process-mailbox", make: func(g *generator) program.Step {
		return call("set-process-mailbox", nil, g.process(), g.name("m", g.mailboxes))
	}},
	{op: "process-wait-for-event", make: func(*generator) program.Step {
		return call("process-wait-for-event", []any{key.NoHangP(true)})
	}},
	{op: "process-wait-for-event", make: func(*generator) program.Step { return call("process-wait-for-event", nil) }},
	{op: "process-priority", make: on("process-priority", (*generator).process)},
	{op: "change-process-priority", make: func(g *generator) program.Step {
		return call("change-process-priority", nil, g.process(), g.c.Intn(3))
	}},
}

var cleanupMakers = []maker{
	{op: "ensure-process-cleanup", make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Force(g.c.Intn(2) == 1)}, g.name("form", 2))
	}},
	{op: "ensure-process-cleanup", make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Process(g.process())}, g.name("form", 2))
	}},
	{op: "ensure-process-cleanup", make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", nil, spec.NewList(g.name("form", 2), spec.Int(g.c.Intn(2))))
	}},
	plain("current-process-in-cleanup-p"),
	{op: "signal-error", where: notTest, make: func(*generator) program.Step { return call("signal-error", nil, "unhandled") }},
	running("unwind-protect"),
	running("handler-case"),
}

var killMakers = []maker{
	{op: "process-kill", make: func(g *generator) program.Step { return call("process-kill", nil, g.ends(g.process())) }},
	plain("current-process-kill"),
	{op: "process-terminate", make: func(g *generator) program.Step {
		if timeout := g.timeout(); timeout != nil {
			return call("process-terminate", []any{key.JoinTimeout(timeout)}, g.ends(g.process()))
		}
		return call("process-terminate", nil, g.ends(g.process()))
	}},
	{op: "process-join", make: func(g *generator) program.Step {
		return call("process-join", []any{key.Timeout(g.c.Intn(2))}, g.ended())
	}, worth: anyEnds("p")},
	{op: "process-alive-p", make: on("process-alive-p", (*generator).ended), worth: anyEnds("p")},
	{op: "log-append", make: func(g *generator) program.Step { return call("log-append", nil, program.Named("log"), 100+g.fresh()) }},
	{op: "cell-set", make: func(g *generator) program.Step {
		g.set = true
		return call("cell-set", nil, program.Named("cell"), 1)
	}},
	{op: "process-wait", where: notTest, make: func(g *generator) program.Step {
		return call("process-wait", nil, "waiting", cellIsSet())
	}, worth: func(g *generator) int { return worthIf(g.set) }},
	{op: "process-wait-with-timeout", make: func(g *generator) program.Step {
		return call("process-wait-with-timeout", nil, "waiting", g.c.Intn(2), cellIsSet())
	}, worth: func(g *generator) int { return worthIf(g.set) }},
	running("unwind-protect"),
}

func cellIsSet() spec.Value { return spec.CellIs(spec.Ref{ID: "cell"}, 1) }

var childMakers = []maker{
	{op: "child-tell", make: func(g *generator) program.Step {
		return call("child-tell", nil, g.ends(g.child()), spec.Keyword("exit"), g.c.Intn(4))
	}},
	{op: "child-tell", make: func(g *generator) program.Step {
		return call("child-tell", nil, g.ends(g.child()), spec.Keyword("die"), []int{9, 15}[g.c.Intn(2)])
	}},
	{op: "reap-os-subprocess", make: func(*generator) program.Step {
		return call("reap-os-subprocess", []any{key.Wait(false)})
	}, worth: anyEnds("child")},
	{op: "reap-os-subprocess", make: func(g *generator) program.Step {
		return call("reap-os-subprocess", []any{key.Pid(g.pid()), key.Wait(g.c.Intn(2) == 1)})
	}, worth: anyEnds("child")},
	{op: "os-wait", make: func(g *generator) program.Step {
		return call("os-wait", []any{true, g.pid()})
	}, worth: anyEnds("child")},
	{op: "child-await", make: func(g *generator) program.Step {
		return call("child-await", nil, g.name("child", max(g.children, 1)), spec.Keyword("ended"))
	}, worth: anyEnds("child")},
}

var listMakers = []maker{
	plain("list-all-processes"),
	plain("processes-count"),
	{op: "get-process", make: func(g *generator) program.Step {
		return call("get-process", nil, fmt.Sprintf("p%d", g.c.Intn(g.processes)))
	}},
	{op: "find-process-from-name", make: func(g *generator) program.Step {
		return call("find-process-from-name", nil, fmt.Sprintf("p%d", g.c.Intn(g.processes)))
	}},
	plain("get-current-process"),
	{op: "process-name", make: on("process-name", (*generator).process)},
}
