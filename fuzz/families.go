package fuzz

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// The operations of each family. One stands several times where it is called in several ways.

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
	{op: "ensure-process-cleanup", where: ownForm, make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Force(g.c.Intn(2) == 1)}, g.name("form", 2))
	}},
	{op: "ensure-process-cleanup", make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Process(g.process())}, g.name("form", 2))
	}},
	{op: "ensure-process-cleanup", where: ownForm, make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", nil, spec.NewList(g.name("form", 2), spec.Int(g.c.Intn(2))))
	}},
	plain("current-process-in-cleanup-p"),
	{op: "signal-error", where: notTest, make: func(g *generator) program.Step {
		g.formFails = g.formFails || g.inForm
		return call("signal-error", nil, "unhandled")
	}},
	running("unwind-protect"),
	running("handler-case"),
}

var killMakers = []maker{
	{op: "process-kill", make: func(g *generator) program.Step { return call("process-kill", nil, g.ends(g.process())) }},
	plain("current-process-kill"),
	{op: "process-stop", make: on("process-stop", (*generator).process)},
	{op: "process-unstop", make: on("process-unstop", (*generator).process)},
	interrupting,
	{op: "with-interrupts-blocked", where: notNested, make: func(g *generator) program.Step {
		return call("with-interrupts-blocked", nil, g.brief())
	}},
	{op: "process-terminate", where: notForm, make: func(g *generator) program.Step {
		if timeout := g.timeout(); timeout != nil {
			return call("process-terminate", []any{key.JoinTimeout(timeout)}, g.ends(g.process()))
		}
		return call("process-terminate", nil, g.ends(g.process()))
	}},
	{op: "process-terminate", where: notForm, make: func(g *generator) program.Step {
		return call("process-terminate", []any{key.ForceTimeout(g.c.Intn(2))}, g.ends(g.process()))
	}},
	{op: "current-process-set-terminate-method", make: func(g *generator) program.Step {
		if g.c.Intn(3) == 2 {
			return call("current-process-set-terminate-method", []any{key.LocalTerminator(g.name("form", 2))})
		}
		return call("current-process-set-terminate-method", []any{key.TerminateBySend(g.c.Intn(3) > 0)})
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

var interrupting = maker{op: "process-interrupt", where: notForm, make: func(g *generator) program.Step {
	return call("process-interrupt", nil, g.process(), g.name("form", 2), g.fresh())
}}

// brief makes a block that doesn't wait: in a scope which no kill reaches nobody could end that.
func (g *generator) brief() spec.Value {
	n := len(g.p.Blocks)
	steps := []program.Step{call("log-append", nil, program.Named("log"), 200+g.fresh())}
	switch g.c.Intn(3) {
	case 0:
		steps = append(steps, interrupting.make(g))
	case 1:
		steps = append(steps, call("process-kill", nil, g.ends(g.process())))
	}
	g.p.Blocks = append(g.p.Blocks, append(steps, call("log-append", nil, program.Named("log"), 200+g.fresh())))
	return spec.Callback(n)
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
	{op: "run-shell-command", make: func(g *generator) program.Step { // which waits, beside who waits for any child
		return call("run-shell-command", []any{key.Wait(true)}, fmt.Sprintf("exit %d", 5+g.c.Intn(2)))
	}},
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
	{op: "process-internal-server-p", make: on("process-internal-server-p", (*generator).process)},
	plain("any-other-process-non-internal-server-p"),
	plain("ps"),
	{op: "process-name", make: on("process-name", (*generator).process)},
}
