package model

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// programCall picks a call about external programs.
func (d *driver) programCall(n int) spec.Call {
	p, ok := d.u.Object(d.ref(KindProgram), KindProgram)
	if !ok || spec.Pick(d.choices, 4) == 0 {
		return d.starting(n)
	}
	program := d.u.Ref(p)
	calls := []func() spec.Call{
		func() spec.Call { return spec.NewCall("process-input-stream", nil, program) },
		func() spec.Call { return spec.NewCall("process-output-stream", nil, program) },
		func() spec.Call { return spec.NewCall("process-error-stream", nil, program) },
		func() spec.Call { return spec.NewCall("process-p", nil, program) },
		func() spec.Call { return spec.NewCall("process-id", nil, program) },
		func() spec.Call { return spec.NewCall("process-status", nil, program) },
		func() spec.Call { return spec.NewCall("process-status", nil, program) },
		func() spec.Call {
			signals := []any{9, 18, 19, 15, 999, 0, spec.Keyword("killed"), spec.Keyword("foo"), spec.Keyword("bus-error")}
			return spec.NewCall("signal-process", nil, program, signals[spec.Pick(d.choices, len(signals))])
		},
		func() spec.Call { return spec.NewCall("signal-mapping", nil) },
		func() spec.Call { return spec.NewCall("reap-os-subprocess", []any{key.Wait(false)}) },
	}
	return calls[spec.Pick(d.choices, len(calls))]()
}

// starting picks a call of start, seldom of run.
func (d *driver) starting(n int) spec.Call {
	path := spec.String("/nowhere")
	if c, ok := d.u.Object(d.ref(KindChild), KindChild); ok {
		path = Program(c)
	}
	var keys []any
	for i, k := range []func(any) spec.Key{key.Input, key.Output, key.Error} {
		redirections := []any{nil, true, spec.Keyword("stream"), spec.Keyword("stream"), spec.Keyword("output"), d.path(), d.ref(KindStream)}
		if v := spec.Pick(d.choices, len(redirections)+1); v < len(redirections) && (i == 2 || v != 4) {
			keys = append(keys, k(redirections[v]))
		}
	}
	if n == 0 {
		keys = append(keys, key.IfOutputExists(spec.Keyword([]string{"append", "supersede", "error"}[spec.Pick(d.choices, 3)])))
	}
	if n < 2 {
		keys = append(keys, key.Environment(spec.List{Items: []spec.Value{spec.List{Items: []spec.Value{spec.String("HOME")}, Dotted: spec.String("x")}}}))
	}
	if spec.Pick(d.choices, 8) == 0 {
		return spec.NewCall("run", keys, path, spec.NewList(spec.String("a b")))
	}
	if hook, ok := d.u.Object(d.ref(KindFunction), KindFunction); ok && n > 0 {
		keys = append(keys, key.StatusHook(d.u.Ref(hook)))
	}
	return spec.NewCall("start", keys, path, spec.NewList(spec.String("a b"), spec.Int(3)))
}

// A player performs calls of the test, one after another, by the first act that is possible of those that it is to
// choose among.
type player struct {
	t *testing.T
	s *State
}

func newPlayer(t *testing.T, cfg Config) *player {
	return &player{t, NewState(NewUniverse(), cfg)}
}

func (p *player) do(op string, more []any, required ...any) spec.Return {
	p.t.Helper()
	o, err := Decode(p.s.u, spec.NewCall(op, more, required...))
	if err != nil {
		p.t.Fatal(err)
	}
	p.s.Call(p.s.Test(), o, nil)
	for p.s.get(p.s.Test(), frameState) != frameDone {
		acts := Enabled(p.s, nil)
		if len(acts) == 0 {
			p.t.Fatalf("(%s ...) can't go on: %v", op, p.s.Waits())
		}
		Apply(p.s, acts[0], nil)
	}
	return p.s.Return(p.s.Test(), nil)
}

// settle has everything else happen that can.
func (p *player) settle() {
	for {
		acts := Enabled(p.s, nil)
		if len(acts) == 0 {
			return
		}
		Apply(p.s, acts[0], nil)
	}
}

func (p *player) prepared(steps ...[]any) (child, program spec.Value) {
	c := p.do("child-prepare", nil)
	for _, step := range steps {
		p.do("child-plan", step, c.Primary())
	}
	return c.Primary(), c.Nth(2)
}

func (p *player) is(got spec.Return, want ...any) {
	p.t.Helper()
	if got.Status != spec.Returned {
		p.t.Errorf("got %s, want %v", got, want)
		return
	}
	for i, w := range want {
		if !spec.Equal(got.Nth(i), spec.Of(w)) {
			p.t.Errorf("value %d is %s, want %v", i, got.Nth(i), w)
		}
	}
}

func word(text string) spec.Value { return spec.Keyword(text) }

// A program that copies is given a line through a pipe and answers it; it ends with its input.
func TestAProgramCopies(t *testing.T) {
	p := newPlayer(t, Config{})
	_, program := p.prepared([]any{word("copy")}, []any{word("exit"), 7})
	process := p.do("start", []any{key.Input(word("stream")), key.Output(word("stream")), key.Error(nil)}, program, spec.NewList(spec.String("a b"))).Primary()
	in, out := p.do("process-input-stream", nil, process).Primary(), p.do("process-output-stream", nil, process).Primary()
	p.is(p.do("stream-write", nil, in, "one\ntwo\n"))
	p.is(p.do("stream-read-line", nil, out), "one")
	p.is(p.do("process-status", nil, process), word("running"), nil)
	p.is(p.do("stream-close", nil, in))
	p.is(p.do("stream-read-line", nil, out), "two")
	p.is(p.do("stream-read-line", nil, out), nil)
	p.settle()
	p.is(p.do("process-status", nil, process), word("exited"), 7)
	if r := p.do("signal-process", nil, process, 9); r.Status != spec.Signalled {
		t.Errorf("a signal to what has ended: %s", r)
	}
}

// What doesn't fit into a pipe waits, and a run returns what its program ended with.
func TestAFullPipeHoldsAProgramBack(t *testing.T) {
	p := newPlayer(t, Config{})
	child, program := p.prepared([]any{word("flood"), 3 * pipeCapacity}, []any{word("exit"), 1})
	process := p.do("start", []any{key.Input(nil), key.Output(word("stream")), key.Error(nil)}, program, nil).Primary()
	p.settle()
	p.is(p.do("process-status", nil, process), word("running"), nil)
	out, lines := p.do("process-output-stream", nil, process).Primary(), 0
	for spec.Truth(p.do("stream-read-line", nil, out).Primary()) {
		lines++
	}
	if lines != 3*pipeCapacity/64 {
		t.Errorf("%d lines were read", lines)
	}
	p.is(p.do("child-await", nil, child, word("ended")))
	p.is(p.do("process-status", nil, process), word("exited"), 1)
}

func TestRunReturnsWhatItsProgramEndedWith(t *testing.T) {
	p := newPlayer(t, Config{})
	text := p.do("make-string-output-stream", nil).Primary()
	given := p.do("make-string-input-stream", nil, "given").Primary()
	child, program := p.prepared([]any{word("copy")}, []any{word("echo"), "e", word("stderr")}, []any{word("exit"), 3})
	environment := spec.NewList(spec.List{Items: []spec.Value{spec.String("HOME")}, Dotted: spec.String("a=b 'q' x")})
	r := p.do("run", []any{key.Input(given), key.Output(text), key.Error(word("output")), key.Environment(environment)}, program,
		spec.NewList(spec.String("a b"), spec.Int(3), spec.Char('x')))
	p.is(r, word("exited"), 3)
	p.is(p.do("get-output-stream-string", nil, text), "givene")
	p.is(p.do("child-tell", nil, child, word("argv")), spec.NewList(spec.String("a b"), spec.String("3"), spec.String("x")))
	told, _ := spec.Items(p.do("child-tell", nil, child, word("environ")).Primary())
	if len(told) != len(inherited) || !spec.Equal(told[len(told)-1], spec.String("HOME=a=b 'q' x")) {
		t.Errorf("the environment is %s", spec.NewList(told...))
	}
	p.is(p.do("pid-state", nil, p.do("child-await", nil, child, word("ready")).Primary()), word("absent"))
}
