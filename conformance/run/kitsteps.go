package run

import "github.com/mpcheck/mpcheck/spec"

// kitStep tries one operation of the kit. takes are the others that it needs to show anything:
// where one of those is at fault the step is left out.
type kitStep struct {
	op    string
	takes []string
	try   func(t *kitTry)
}

// moment is how long something lasts that is to last, in seconds.
const moment = 0.02

// kitSteps are in an order in which each takes what has been tried before.
var kitSteps = []kitStep{
	{"eq", nil, func(t *kitTry) {
		t.wants("(eq :a :a)", t.call("eq", spec.Keyword("a"), spec.Keyword("a")), true)
		t.wants("(eq :a :b)", t.call("eq", spec.Keyword("a"), spec.Keyword("b")), nil)
	}},
	{"new", []string{"eq"}, func(t *kitTry) {
		one, other := t.made("new", spec.Keyword("cons"), 1, 2), t.made("new", spec.Keyword("cons"), 1, 2)
		t.wants("a cons by eq to itself", t.call("eq", one, one), true)
		t.wants("a cons by eq to another", t.call("eq", one, other), nil)
		for _, kind := range spec.ObjectKinds {
			parts := []any{spec.Keyword(kind), 1, 2}
			if kind == "string" {
				parts = []any{spec.Keyword(kind), "text"}
			}
			if t.signals("new", parts...) { // a host may lack a kind, and who asks for it hears of that
				continue
			}
			made := t.made("new", parts...)
			t.wants("what (new :"+kind+" ...) makes, by eq to itself,", t.call("eq", made, made), true)
			t.wants("what (new :"+kind+" ...) makes, by eq to nil,", t.call("eq", made, nil), nil)
		}
	}},
	{"make-log", nil, func(t *kitTry) {
		if one := t.made("make-log"); one == t.made("make-log") {
			t.fails("two logs are both %s", one)
		}
	}},
	{"log-append", []string{"make-log"}, func(t *kitTry) { t.call("log-append", t.made("make-log"), 1) }},
	{"log-read", []string{"make-log", "log-append"}, func(t *kitTry) {
		log, other := t.made("make-log"), t.made("make-log")
		t.wants("a new log", t.call("log-read", log), []any{})
		entries := []any{1, "two", spec.Keyword("three"), nil, other, []any{1, []any{2}}, 1}
		for i, entry := range entries {
			t.call("log-append", log, entry)
			t.wants("the log", t.call("log-read", log), entries[:i+1])
		}
		t.wants("another log", t.call("log-read", other), []any{})
	}},
	{"make-cell", nil, func(t *kitTry) {
		if one := t.made("make-cell", 1); one == t.made("make-cell", 1) {
			t.fails("two cells are both %s", one)
		}
	}},
	{"cell-get", []string{"make-cell"}, func(t *kitTry) {
		for _, v := range []any{nil, 1, "text", spec.Keyword("none")} {
			t.wants("a new cell", t.call("cell-get", t.made("make-cell", v)), v)
		}
	}},
	{"cell-set", []string{"make-cell", "cell-get"}, func(t *kitTry) {
		cell, other := t.made("make-cell", nil), t.made("make-cell", 7)
		for _, v := range []any{true, 2, nil, "text"} {
			t.call("cell-set", cell, v)
			t.wants("the cell", t.call("cell-get", cell), v)
		}
		t.wants("another cell", t.call("cell-get", other), 7)
	}},
	{"pause", nil, func(t *kitTry) { t.lasts("pause", moment) }},
	{"await", []string{"make-cell", "cell-set"}, func(t *kitTry) {
		cell := t.made("make-cell", 1)
		for _, p := range []struct {
			predicate spec.Value
			holds     bool
		}{
			{spec.Always(), true}, {spec.Never(), false}, {spec.CellIs(cell, 1), true}, {spec.CellIs(cell, 2), false},
			{spec.CellNot(cell, 2), true}, {spec.CellNot(cell, 1), false},
			{spec.And(spec.CellIs(cell, 1), spec.Always()), true}, {spec.And(spec.CellIs(cell, 1), spec.Never()), false},
			{spec.Or(spec.Never(), spec.CellIs(cell, 1)), true}, {spec.Or(spec.CellIs(cell, 2), spec.Never()), false},
		} {
			if got := t.call("await", p.predicate, 0.002); spec.Truth(got) != p.holds {
				t.fails("(await %s) returned %s", p.predicate, got)
			}
		}
		t.lasts("await", spec.Never(), moment)
		t.call("cell-set", cell, 2)
		t.wants("an await of what was set", spec.Bool(spec.Truth(t.call("await", spec.CellIs(cell, 2), 1))), true)
	}},
	{"make-gate", nil, func(t *kitTry) {
		if one := t.made("make-gate"); one == t.made("make-gate") {
			t.fails("two gates are both %s", one)
		}
	}},
	{"gate-open", []string{"make-gate"}, func(t *kitTry) { t.call("gate-open", t.made("make-gate")) }},
	{"gate-wait", []string{"make-gate", "gate-open"}, func(t *kitTry) {
		gate := t.made("make-gate")
		t.call("gate-open", gate)
		t.call("gate-wait", gate)
		t.call("gate-wait", gate) // it was opened for good
	}},
	{"make-function", nil, func(t *kitTry) {
		t.made("make-function", t.code(func(spec.Frame, []spec.Value) any { return nil }))
	}},
	{"funcall", []string{"make-function", "make-cell", "cell-set", "cell-get"}, func(t *kitTry) {
		cell := t.made("make-cell", nil)
		fn := t.made("make-function", t.code(func(f spec.Frame, args []spec.Value) any {
			t.notes(spec.NewList(args...))
			t.within(f, "cell-set", cell, 5)
			return 11
		}))
		t.wants("what the function was called with", spec.NewList(t.call("funcall", fn, 7, "a"), t.noted()), []any{11, []any{[]any{7, "a"}}})
		t.wants("the cell that the function set", t.call("cell-get", cell), 5)
		t.call("funcall", fn)
		t.wants("what the function was called with", t.noted(), []any{[]any{7, "a"}, []any{}})
	}},
	{"defun", []string{"funcall"}, func(t *kitTry) {
		name := spec.Symbol{Name: "MPCHECK-KIT"}
		for _, mark := range []any{1, 2} {
			t.call("defun", name, t.code(func(spec.Frame, []spec.Value) any { t.notes(mark); return mark }))
			t.wants("a call of the function that the symbol names", t.call("funcall", name), mark)
		}
		t.wants("the calls", t.noted(), []any{1, 2})
	}},
	{"unwind-protect", nil, func(t *kitTry) {
		body := t.code(func(spec.Frame, []spec.Value) any { t.notes("body"); return 3 })
		cleanup := t.code(func(spec.Frame, []spec.Value) any { t.notes("cleanup"); return 4 })
		t.wants("the value", t.call("unwind-protect", body, cleanup), 3)
		t.wants("what ran", t.noted(), []any{"body", "cleanup"})
	}},
	{"handler-case", nil, func(t *kitTry) {
		handler := t.code(func(spec.Frame, []spec.Value) any { t.notes("handler"); return 6 })
		t.wants("the value where nothing is signalled", t.call("handler-case", t.code(func(spec.Frame, []spec.Value) any { return 5 }), handler), 5)
		t.wants("what ran", t.noted(), []any{})
		t.wants("the value of the handler", t.call("handler-case", t.code(func(f spec.Frame, _ []spec.Value) any {
			if f.Do(spec.NewCall("signal-error", nil, "kit")).Status == spec.Returned {
				return 6 // that is signal-error's fault
			}
			return 5
		}), handler), 6)
	}},
	{"signal-error", []string{"handler-case"}, func(t *kitTry) {
		t.call("handler-case", t.code(func(f spec.Frame, _ []spec.Value) any {
			if r := f.Do(spec.NewCall("signal-error", nil, "kit")); r.Status != spec.Gone {
				t.fails("(signal-error) inside handler-case: %s; want its code gone", r)
			}
			return nil
		}), t.code(func(spec.Frame, []spec.Value) any { t.notes("handled"); return nil }))
		t.wants("what ran", t.noted(), []any{"handled"})
	}},
	// First without an error, which takes nothing else: that a restart is at fault must not hide that this is too.
	{"handler-bind", nil, func(t *kitTry) {
		body := t.code(func(spec.Frame, []spec.Value) any { t.notes("body"); return 9 })
		handler := t.code(func(spec.Frame, []spec.Value) any { t.notes("handler"); return nil })
		t.wants("the value of the body where nothing is signalled", t.call("handler-bind", body, handler), 9)
		t.wants("what ran", t.noted(), []any{"body"})
	}},
	{"with-continue-restart", nil, func(t *kitTry) {
		r := t.returns("with-continue-restart", t.code(func(spec.Frame, []spec.Value) any { return 8 }))
		t.wants("the values where no restart is invoked", spec.NewList(r.Nth(0), r.Nth(1)), []any{8, nil})
	}},
	{"invoke-restart", []string{"with-continue-restart"}, func(t *kitTry) {
		r := t.returns("with-continue-restart", t.code(func(f spec.Frame, _ []spec.Value) any {
			if r := f.Do(spec.NewCall("invoke-restart", nil, spec.Symbol{Name: "continue"})); r.Status != spec.Gone {
				t.fails("(invoke-restart continue) inside with-continue-restart: %s; want its code gone", r)
			}
			return 8
		}))
		t.wants("the values where the restart is invoked", spec.NewList(r.Nth(0), r.Nth(1)), []any{nil, true})
	}},
	{"handler-bind", []string{"handler-bind", "invoke-restart"}, func(t *kitTry) {
		body := t.code(func(f spec.Frame, _ []spec.Value) any {
			// Nobody offers that restart, so that the operation itself signals an error.
			t.notes(f.Do(spec.NewCall("invoke-restart", nil, spec.Symbol{Name: "MPCHECK-NOBODY-OFFERS"})).Status.String())
			return 9
		})
		handler := t.code(func(_ spec.Frame, args []spec.Value) any { t.notes(len(args)); return nil })
		t.wants("the value of the body", t.call("handler-bind", body, handler), 9)
		t.wants("what came: the handler with one argument, which declines, then the error", t.noted(), []any{1, "signalled"})
	}},
	{"log-append", []string{"log-read", "pause", "make-function", "process-run-function"}, func(t *kitTry) {
		log := t.made("make-log")
		t.call("log-append", log, "first")
		if t.elsewhere(20, func(f spec.Frame) { t.within(f, "log-append", log, "second") }) {
			t.wants("the log that another process has appended to", t.call("log-read", log), []any{"first", "second"})
		}
	}},
	{"await", []string{"cell-set", "pause", "make-function", "process-run-function"}, func(t *kitTry) {
		cell := t.made("make-cell", nil)
		if t.elsewhere(20, func(f spec.Frame) { t.within(f, "cell-set", cell, true) }) {
			t.wants("an await of what another process has set", spec.Bool(spec.Truth(t.call("await", spec.CellIs(cell, true), 1))), true)
		}
	}},
	{"gate-wait", []string{"gate-open", "pause", "make-function", "process-run-function"}, func(t *kitTry) {
		gate := t.made("make-gate")
		t.elsewhere(4, func(f spec.Frame) {
			t.notes("waits")
			if f.Do(spec.NewCall("gate-wait", nil, gate)).Status == spec.Returned {
				t.notes("goes on")
			}
		})
		if got := t.noted(); !spec.Equal(got, spec.Of([]any{"waits"})) && !spec.Equal(got, spec.Of([]any{})) {
			t.fails("a process passed a gate that nobody had opened: %s", got)
		}
		t.call("gate-open", gate)
	}},
	{"make-string-input-stream", nil, func(t *kitTry) { t.made("make-string-input-stream", "one") }},
	{"stream-read-line", []string{"make-string-input-stream"}, func(t *kitTry) {
		t.wants("the first line", t.call("stream-read-line", t.made("make-string-input-stream", "one\ntwo\n")), "one")
	}},
	{"make-string-output-stream", nil, func(t *kitTry) { t.made("make-string-output-stream") }},
	{"stream-write", []string{"make-string-output-stream"}, func(t *kitTry) {
		t.call("stream-write", t.made("make-string-output-stream"), "text")
	}},
	{"get-output-stream-string", []string{"make-string-output-stream", "stream-write"}, func(t *kitTry) {
		stream := t.made("make-string-output-stream")
		t.call("stream-write", stream, "one")
		t.call("stream-write", stream, "two")
		t.wants("what was written", t.call("get-output-stream-string", stream), "onetwo")
	}},
	{"stream-close", []string{"make-string-input-stream"}, func(t *kitTry) {
		t.call("stream-close", t.made("make-string-input-stream", "one"))
	}},
	{"open-file-stream", []string{"stream-close"}, func(t *kitTry) {
		t.call("stream-close", t.made("open-file-stream", spec.Pathname("/dev/null"), spec.Keyword("input")))
	}},
	{"with-captured-output", nil, func(t *kitTry) {
		t.wants("the output of code that writes nothing", t.call("with-captured-output", t.code(func(spec.Frame, []spec.Value) any {
			t.notes("ran")
			return nil
		})), "")
		t.wants("what ran", t.noted(), []any{"ran"})
	}},
	{"launch", nil, func(t *kitTry) { t.launched() }},
	{"type-in", []string{"launch"}, func(t *kitTry) {
		if image, ok := t.launched(); ok {
			t.call("type-in", image, t.code(func(spec.Frame, []spec.Value) any { return nil }))
		}
	}},
	{"image-wait", []string{"launch"}, func(t *kitTry) {
		if image, ok := t.launched(); ok {
			t.wants("(image-wait) of a Lisp that nobody has ended", t.call("image-wait", image, 0), nil)
		}
	}},
}

// launched is the Lisp as it comes; false where this machine, or whoever started the adapter, leaves no room for one.
func (t *kitTry) launched() (image spec.Ref, ok bool) {
	r := t.frame.Do(spec.NewCall("launch", nil, nil))
	switch r.Status {
	case spec.Signalled:
		if r.Condition == nil || r.Condition.Type != spec.OutOfResources {
			t.fails("(launch nil): %s", r)
		}
		return image, false
	case spec.Aborted, spec.Gone:
		t.lost = true
		t.fails("(launch nil) ended the code that called it")
	}
	if image, ok = r.Primary().(spec.Ref); !ok {
		t.fails("(launch nil) returned %s, no object", r)
	}
	return image, true
}
