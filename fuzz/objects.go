package fuzz

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Objects made by new, literals of every kind, predicates and handlers: ways to say what the
// other families say simply.

// madeTwice are made twice each, so that equal objects meet which are not the same.
var madeTwice = []struct {
	kind  string
	parts []any
}{
	{"cons", []any{1, 2}},
	{"string", []any{"text"}},
	{"list", []any{1, "text"}},
	{"vector", []any{1}},
	{"structure", []any{1}},
}

// setUpObjects names objects kind0 and kind1, and forms list0 and list1 made of fresh conses.
func (g *generator) setUpObjects() {
	for _, m := range madeTwice {
		for n := range 2 {
			g.test(fmt.Sprintf("%s%d", m.kind, n), call("new", nil, append([]any{spec.Keyword(m.kind)}, m.parts...)...))
		}
	}
	for n := range 2 {
		g.test(fmt.Sprintf("fresh%d", n), call("new", nil, spec.Keyword("list"), program.Named("form0"), 1))
	}
	g.test("named", call("defun", nil, namedForm, spec.Callback(1)))
}

// namedForm names the function of the first form.
var namedForm = spec.Symbol{Name: "MPCHECK-FORM"}

// object names one of those made by new.
func (g *generator) object() spec.Value {
	return g.name(madeTwice[g.c.Intn(len(madeTwice))].kind, 2)
}

// literal is a value of any kind.
func (g *generator) literal() spec.Value {
	big, _ := spec.ParseInt("123456789012345678901234567890")
	all := []spec.Value{
		big, spec.NewRatio(1, 3), spec.Single(1.5), spec.Double(-2.5), spec.Char('x'), spec.Symbol{Name: "F"}, spec.Keyword("default"),
		spec.Pathname("/tmp/file"), spec.List{Items: []spec.Value{spec.Int(1)}, Dotted: spec.Int(2)}, spec.Of([]any{1, "two"}), spec.String("text"),
	}
	return all[g.c.Intn(len(all))]
}

// form is a cleanup form of any kind.
func (g *generator) form() spec.Value {
	f := g.name("form", 2)
	switch g.c.Intn(6) {
	case 0:
		return program.Named("named")
	case 1:
		return spec.NewList(program.Named("named"), spec.Int(g.c.Intn(2)))
	case 2:
		return g.name("fresh", 2)
	case 3:
		return spec.NewList(f, g.literal())
	}
	return spec.NewList(f, g.object())
}

// predicate is one of any kind, of at most two parts.
func (g *generator) predicate() spec.Value {
	part := func() spec.Value {
		switch g.c.Intn(5) {
		case 0:
			return spec.Always()
		case 1:
			return spec.Never()
		case 2:
			return spec.HasMail(g.name("m", g.mailboxes).(spec.Ref))
		case 3:
			return spec.CellNot(spec.Ref{ID: "cell"}, 0)
		}
		return cellIsSet()
	}
	switch g.c.Intn(4) {
	case 0:
		return spec.And(part(), part())
	case 1:
		return spec.Or(part(), part())
	}
	return part()
}

// seconds is a time of any kind of number.
func (g *generator) seconds() any {
	return []any{0, 1, spec.NewRatio(1, 2), spec.Double(0.5)}[g.c.Intn(4)]
}

var objectMakers = []maker{
	{op: "ensure-process-cleanup", where: ownForm, make: func(g *generator) program.Step {
		return call("ensure-process-cleanup", []any{key.Priority(g.c.Intn(2)), key.Force(g.c.Intn(2) == 1)}, g.form())
	}, worth: func(*generator) int { return worthMuch }},
	{op: "ensure-process-cleanup", make: func(g *generator) program.Step {
		if g.c.Intn(3) == 0 {
			return call("ensure-process-cleanup", []any{g.process()}, g.form()) // the old call
		}
		return call("ensure-process-cleanup", []any{key.Process(g.process())}, g.form())
	}, worth: func(*generator) int { return worthMuch }},
	{op: "mailbox-send", make: func(g *generator) program.Step {
		v := g.literal()
		if g.c.Intn(2) == 1 {
			v = g.object()
		}
		return call("mailbox-send", nil, g.send(g.name("m", g.mailboxes)), v)
	}, worth: func(*generator) int { return worthMuch }},
	{op: "mailbox-send-limited", make: func(g *generator) program.Step {
		return call("mailbox-send-limited", []any{g.seconds(), "room", g.predicate()}, g.send(g.name("m", g.mailboxes)), g.fresh(), 1+g.c.Intn(2))
	}},
	{op: "mailbox-wait-for-event", make: func(g *generator) program.Step {
		return call("mailbox-wait-for-event", []any{key.WaitReason("mail"), key.WaitFunction(g.predicate()), key.ProcessOtherMessagesP(true)}, g.mailbox())
	}, worth: anyMail},
	{op: "mailbox-wait-for-event", make: func(g *generator) program.Step {
		return call("mailbox-wait-for-event", []any{key.StopAtUserOperationP(true), key.NoHangP(true)}, g.mailbox())
	}, worth: anyMail},
	{op: "process-wait-for-event", make: func(g *generator) program.Step {
		more := []any{key.WaitReason("mail"), key.WaitFunction(g.predicate())}
		if g.c.Intn(2) == 1 {
			more = []any{key.NoHangP(true), key.ProcessOtherMessagesP(true), key.StopAtUserOperationP(nil)}
		}
		return call("process-wait-for-event", more)
	}},
	{op: "process-wait-with-timeout", make: func(g *generator) program.Step {
		return call("process-wait-with-timeout", nil, "waiting", g.seconds(), g.predicate())
	}},
	{op: "await", make: func(g *generator) program.Step { return call("await", nil, g.predicate(), g.seconds()) }},
	{op: "get-process", make: func(g *generator) program.Step {
		switch g.c.Intn(4) {
		case 0:
			return call("get-process", nil, spec.Symbol{Name: fmt.Sprintf("p%d", g.c.Intn(g.processes))})
		case 1:
			return call("get-process", nil, g.process())
		}
		return call("get-process", nil, g.name("f", g.processes))
	}},
	{op: "eq", make: func(g *generator) program.Step { return call("eq", nil, g.object(), g.object()) }},
	{op: "cell-get", make: func(*generator) program.Step { return call("cell-get", nil, program.Named("cell")) }},
	{op: "cell-set", make: func(g *generator) program.Step {
		g.set = true
		return call("cell-set", nil, program.Named("cell"), 1)
	}},
	{op: "funcall", where: notNested, make: func(g *generator) program.Step {
		return call("funcall", nil, []spec.Value{program.Named("form1"), program.Named("named")}[g.c.Intn(2)])
	}},
	running("handler-bind"),
	{op: "with-continue-restart", where: notNested, make: func(g *generator) program.Step {
		body := g.code()
		if g.c.Intn(2) == 1 {
			g.p.Blocks[body.(spec.Callback)] = append(g.p.Blocks[body.(spec.Callback)], call("invoke-restart", nil, spec.Keyword("continue")))
		}
		return call("with-continue-restart", nil, body)
	}},
	{op: "handler-bind", where: notNested, make: func(g *generator) program.Step {
		body, handler := g.code(), g.code()
		b, h := body.(spec.Callback), handler.(spec.Callback)
		g.p.Blocks[b] = append(g.p.Blocks[b], call("process-send", []any{key.ErrorIfDeadP(true)}, g.ended(), g.fresh()))
		g.p.Blocks[h] = append(g.p.Blocks[h], call("invoke-restart", nil, spec.Keyword("continue")))
		return call("handler-bind", nil, body, handler)
	}},
}
