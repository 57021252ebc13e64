package model

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// streamCall picks a call about streams or files.
func (d *driver) streamCall(n int) spec.Call {
	stream := d.ref(KindStream)
	calls := []func() spec.Call{
		func() spec.Call { return spec.NewCall("file-prepare", []any{"one\ntwo"}[:n/2]) },
		func() spec.Call { return spec.NewCall("file-text", nil, d.ref(KindFile)) },
		func() spec.Call {
			return spec.NewCall("standard-file", []any{"given\n"}[:n/2], spec.Keyword([]string{"input", "output", "error"}[n]))
		},
		func() spec.Call {
			direction := spec.Keyword([]string{"input", "output", "output"}[n])
			return spec.NewCall("open-file-stream", nil, d.path(), direction)
		},
		func() spec.Call { return spec.NewCall("make-string-input-stream", nil, "a\nb") },
		func() spec.Call { return spec.NewCall("make-string-output-stream", nil) },
		func() spec.Call { return spec.NewCall("get-output-stream-string", nil, stream) },
		func() spec.Call { return spec.NewCall("stream-write", nil, stream, "x\ny") },
		func() spec.Call { return spec.NewCall("stream-read-line", nil, stream) },
		func() spec.Call { return spec.NewCall("stream-close", nil, stream) },
	}
	return calls[spec.Pick(d.choices, len(calls))]()
}

// path is that of a file, as a string or a pathname.
func (d *driver) path() spec.Value {
	file, ok := d.u.Object(d.ref(KindFile), KindFile)
	if !ok {
		return spec.String("/nowhere")
	}
	if spec.Pick(d.choices, 2) == 0 {
		return spec.Pathname(Path(file))
	}
	return Path(file)
}

// childCall picks a call about children: seldom one that waits for ever, since a frame that
// does feeds nothing more.
func (d *driver) childCall(n int) spec.Call {
	c, ok := d.u.Object(d.ref(KindChild), KindChild)
	if !ok {
		return spec.NewCall("child-prepare", nil)
	}
	if d.s.get(c, childPhase) == childPrepared {
		if spec.Pick(d.choices, 2) == 0 {
			return d.plan(d.u.Ref(c))
		}
		command, _ := d.u.Value(Term(d.s.get(c, childCommand))).(spec.String)
		return spec.NewCall("run-shell-command", []any{key.Wait(false)}, command[5*(n/2):]) // with exec or without
	}
	child := d.u.Ref(c)
	calls := []func() spec.Call{
		func() spec.Call {
			words := []string{"exit", "die", "kill", "stop", "own-group", "spawn-grandchild", "report-signals"}
			return spec.NewCall("child-tell", []any{9 + 9*n}, child, spec.Keyword(words[spec.Pick(d.choices, len(words))]))
		},
		func() spec.Call { return spec.NewCall("child-tell", d.steps(), child) },
		func() spec.Call {
			words := []string{"argv", "environ", "input"}
			return spec.NewCall("child-tell", nil, child, spec.Keyword(words[n]))
		},
		func() spec.Call {
			return spec.NewCall("child-tell", []any{n, n, d.ref(KindChild)}, child, spec.Keyword("exit-after"))
		},
		func() spec.Call {
			event := []string{"ready", "zombie", "ended"}[min(n, int(d.s.get(c, childTold)))]
			if d.s.hasReported(c) {
				event = "signal"
			}
			return spec.NewCall("child-await", nil, child, spec.Keyword(event))
		},
		func() spec.Call { return spec.NewCall("pid-state", nil, firstPID+n) },
		func() spec.Call { return spec.NewCall("run-shell-command", []any{key.Wait(n > 0)}, "exit 1") },
		func() spec.Call { return spec.NewCall("reap-os-subprocess", []any{key.Pid(n - 1), key.Wait(n > 1)}) },
		func() spec.Call { return spec.NewCall("os-wait", []any{n > 0, n - 1}) },
	}
	return calls[spec.Pick(d.choices, len(calls))]()
}

// plan picks a step for a child that has yet to run.
func (d *driver) plan(child spec.Value) spec.Call {
	return spec.NewCall("child-plan", d.steps(), child)
}

// steps picks something that a child does of itself, which is seldom its end.
func (d *driver) steps() []any {
	n := spec.Pick(d.choices, 3)
	all := [][]any{
		{spec.Keyword("echo"), "ab\ncd"}, {spec.Keyword("echo"), "e\n", spec.Keyword("stderr")}, {spec.Keyword("flood"), 1 << (8 * n)},
		{spec.Keyword("copy")}, {spec.Keyword("copy"), n}, {spec.Keyword("read"), 1 + n}, {spec.Keyword("read")},
		{spec.Keyword("close"), spec.Keyword([]string{"stdin", "stdout", "stderr"}[n])}, {spec.Keyword("pause"), n},
		{spec.Keyword("ignore"), 9 + 4*n}, {spec.Keyword("exit"), n},
	}
	return all[spec.Pick(d.choices, len(all))]
}

// While one process waits for a child and suspends the others, none of them acts; the wait
// ends with the child, and they go on.
func TestAWaitForAChildMaySuspendOthers(t *testing.T) {
	u := NewUniverse()
	s := NewState(u, Config{})
	do := func(choose func(acts []Act) Act, op string, more []any, required ...any) spec.Return {
		t.Helper()
		o, err := Decode(u, spec.NewCall(op, more, required...))
		if err != nil {
			t.Fatal(err)
		}
		s.Call(s.Test(), o, nil)
		for s.get(s.Test(), frameState) == frameOpen {
			acts := Enabled(s, nil)
			if len(acts) == 0 {
				t.Fatalf("(%s ...) can't go on", op)
			}
			Apply(s, choose(acts), nil)
		}
		return s.Return(s.Test(), nil)
	}
	first := func(acts []Act) Act { return acts[0] }
	prepared := do(first, "child-prepare", nil)
	do(first, "run-shell-command", []any{key.Wait(false)}, prepared.Nth(1))
	do(first, "child-tell", []any{7, spec.Double(0.5)}, prepared.Nth(0), spec.Keyword("exit-after"))
	function := do(first, "make-function", nil, spec.Callback(1)).Primary()
	do(first, "process-run-function", nil, "other", nil, function)

	suspended := false
	reaped := do(func(acts []Act) Act {
		for _, a := range acts {
			if a.Kind == Begin && suspended {
				t.Error("another process begins although it is suspended")
			}
		}
		for _, a := range acts {
			if a.Kind == Effect && a.Choice == reapSuspends {
				suspended = true
				return a
			}
		}
		return acts[len(acts)-1]
	}, "reap-os-subprocess", nil)
	if !suspended || reaped.Primary() != spec.Int(7) || s.Now() != 500_000 {
		t.Errorf("suspended %v, the call returned %s at %d", suspended, reaped, s.Now())
	}
	begins := false
	for _, a := range Enabled(s, nil) {
		begins = begins || a.Kind == Begin
	}
	if !begins {
		t.Error("the other process does not go on after the wait")
	}
}
