package model

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// A scene runs calls to their ends on frames of its choosing.
type scene struct {
	*State
	t *testing.T
}

func newScene(t *testing.T) scene { return scene{NewState(NewUniverse(), Config{}), t} }

// call opens an operation.
func (s scene) call(f ID, op string, keys []any, args ...any) {
	s.t.Helper()
	o, err := Decode(s.u, spec.NewCall(op, keys, args...))
	if err != nil {
		s.t.Fatal(err)
	}
	s.Call(f, o, nil)
}

// can lists the acts of a frame's operation that are possible.
func (s scene) can(f ID) (out []Act) {
	for _, a := range Enabled(s.State, nil) {
		if a.Frame == f {
			out = append(out, a)
		}
	}
	return out
}

// act has the first act of a frame happen.
func (s scene) act(f ID) Label {
	s.t.Helper()
	acts := s.can(f)
	if len(acts) == 0 {
		s.t.Fatalf("%s can't go on", s.OpOf(f))
	}
	return Apply(s.State, acts[0], nil)
}

// does makes a call and returns its first value.
func (s scene) does(f ID, op string, keys []any, args ...any) spec.Value {
	s.t.Helper()
	s.call(f, op, keys, args...)
	s.act(f)
	return s.takes(f)
}

func (s scene) takes(f ID) spec.Value {
	s.t.Helper()
	r := s.Return(f, nil)
	if r.Status != spec.Returned {
		s.t.Fatalf("the outcome is %v", r)
	}
	return r.Primary()
}

// begins has a process made that runs callback 1, and returns its outermost frame.
func (s scene) begins() (p, f ID) {
	s.t.Helper()
	code := s.does(s.Test(), "make-function", nil, spec.Callback(1))
	p, _ = s.u.Object(s.does(s.Test(), "process-run-function", nil, "p", nil, code), KindProcess)
	for _, a := range Enabled(s.State, nil) {
		if a.Kind == Begin && a.Process == p {
			return p, Apply(s.State, a, nil).Frame
		}
	}
	s.t.Fatal("it doesn't begin")
	return
}

func (s scene) foreign() (thread, f ID) {
	t := s.newThread(s.u.Name(world, 1, KindThread), world)
	return t, s.pushFrame(t, newFrame{code: 1, arguments: NilTerm})
}

// A thread that is no process runs operations, in no list of processes.
func TestForeignThread(t *testing.T) {
	s := newScene(t)
	thread, f := s.foreign()
	if p := s.does(f, "get-current-process", nil); p != (spec.Nil{}) {
		t.Errorf("the current process is %v", p)
	}
	if e := s.Entry(f); e.Process != nil {
		t.Errorf("the frame is one of %v", e.Process)
	}
	m := s.does(f, "make-mailbox", []any{key.Size(1)})
	s.does(f, "mailbox-send", nil, m, 7)
	if got := s.does(s.Test(), "mailbox-read", nil, m); got != spec.Int(7) {
		t.Errorf("read %v", got)
	}
	s.call(f, "mailbox-read", nil, m)
	if len(s.can(f)) != 0 {
		t.Error("an empty mailbox is read")
	}
	if len(s.WaitGraph()) != 1 {
		t.Errorf("the waits are %v", s.WaitGraph())
	}
	s.does(s.Test(), "mailbox-send", nil, m, 8)
	s.act(f)
	s.takes(f)
	if n := s.does(s.Test(), "processes-count", nil); n != spec.Int(1) {
		t.Errorf("%v processes are counted", n)
	}
	s.Leave(f, nil, nil)
	if s.get(thread, processPhase) != phaseRunning {
		t.Error("the thread ends with its code")
	}
}

// Code that comes between leaves no trace in the frame around it, whatever that is at.
func TestCodeBetween(t *testing.T) {
	for kind := uint64(handlerFrame); kind <= hookFrame; kind++ {
		s := newScene(t)
		_, f := s.begins()
		gate := s.does(s.Test(), "make-gate", nil)
		code := s.does(s.Test(), "make-function", nil, spec.Callback(3))
		between := func() {
			t.Helper()
			g := s.pushFrame(s.threadOf(s.processOf(f)), newFrame{kind: kind, code: 2, arguments: NilTerm})
			if acts := s.can(f); len(acts) != 0 {
				t.Errorf("the code around it goes on: %v", acts)
			}
			s.does(g, "make-cell", nil, 1)
			s.Leave(g, []spec.Value{spec.Keyword("between")}, nil)
		}

		between() // no operation is open
		s.call(f, "gate-wait", nil, gate)
		between() // one waits
		s.does(s.Test(), "gate-open", nil, gate)
		s.act(f)
		between() // it has its outcome
		s.takes(f)

		between()
		s.call(f, "make-cell", nil, 1)
		name := s.u.Name(s.threadOf(s.processOf(f)), uint32(s.get(s.threadOf(s.processOf(f)), threadCalls)), KindCell)
		between() // what it makes is named by its own call, not by those made meanwhile
		between()
		s.act(f)
		if got := s.takes(f); got != s.u.Ref(name) {
			t.Errorf("kind %d: make-cell made %v, not %v", kind, got, s.u.Ref(name))
		}

		s.call(f, "funcall", nil, code)
		inner := s.act(f).Frame
		s.Leave(inner, []spec.Value{spec.Keyword("body")}, nil)
		between() // the body has returned, the operation has not
		s.act(f)
		if got := s.takes(f); got != spec.Keyword("body") {
			t.Errorf("kind %d: funcall returned %v", kind, got)
		}
	}
}

// In its scope no kill reaches a process, nor code nested in it; it does once that is left.
func TestScopeUninterrupted(t *testing.T) {
	s := newScene(t)
	p, f := s.begins()
	g := s.pushFrame(s.threadOf(p), newFrame{code: 2, arguments: NilTerm, scope: scopeUninterrupted})
	h := s.pushFrame(s.threadOf(p), newFrame{code: 3, arguments: NilTerm})
	s.does(s.Test(), "process-kill", nil, s.u.Ref(p))
	gate := s.does(s.Test(), "make-gate", nil)
	s.call(h, "gate-wait", nil, gate)
	if acts := s.can(h); len(acts) != 0 {
		t.Errorf("a kill reaches it: %v", acts)
	}
	s.does(s.Test(), "gate-open", nil, gate)
	s.act(h)
	s.takes(h)
	s.Leave(h, nil, nil)
	s.Leave(g, nil, nil)
	s.call(f, "gate-wait", nil, s.does(s.Test(), "make-gate", nil))
	if acts := s.can(f); len(acts) != 1 || acts[0].Kind != Unwind {
		t.Errorf("the kill doesn't reach it afterwards: %v", acts)
	}
}

// In its scope nobody else runs, also while it waits for a child, which suspends others, and after that.
func TestScopeAlone(t *testing.T) {
	s := newScene(t)
	p, _ := s.begins()
	g := s.pushFrame(s.threadOf(p), newFrame{code: 2, arguments: NilTerm, scope: scopeAlone})
	s.call(s.Test(), "make-cell", nil, 1)
	alone := func(want bool) {
		t.Helper()
		if got := len(s.can(s.Test())) == 0; got != want {
			t.Errorf("others are suspended: %v", got)
		}
	}
	alone(true)
	s.call(g, "reap-os-subprocess", []any{key.Wait(true)})
	s.act(g) // there is no child
	s.takes(g)
	alone(true)
	inner := s.pushFrame(s.threadOf(p), newFrame{code: 3, arguments: NilTerm, scope: scopeAlone})
	s.Leave(inner, nil, nil)
	alone(true)
	s.Leave(g, nil, nil)
	alone(false)
}

// A frame that runs for an event has its name from that, on whichever thread it runs, and takes no number there.
func TestFrameOfAnEvent(t *testing.T) {
	s := newScene(t)
	child, _ := s.u.Object(s.does(s.Test(), "child-prepare", nil), KindChild)
	p, _ := s.begins()
	hook := s.pushFrame(s.threadOf(p), newFrame{kind: hookFrame, code: 2, arguments: NilTerm, as: s.u.Hook(child, 0)})
	if hook != s.u.Hook(child, 0) || s.processOf(hook) != p {
		t.Errorf("the frame is %d of process %d", hook, s.processOf(hook))
	}
	s.Leave(hook, nil, nil)
	if next := s.pushFrame(s.threadOf(p), newFrame{code: 3, arguments: NilTerm}); next != s.u.Name(p, 1, KindFrame) {
		t.Errorf("the next frame is %d, not the second of its process", next)
	}
}

// Where frames are entered by name, as they are told of, the next one that is not is still one of its own.
func TestFrameAfterOneThatWasNamed(t *testing.T) {
	u := NewUniverse()
	s := NewState(u, Config{Heard: true, Open: true, Untimed: true})
	p := s.TestProcess()
	named := u.Name(p, 1, KindFrame)
	s.EnterAs(named)
	if f := s.pushFrame(p, newFrame{code: 1, arguments: NilTerm}); f != named {
		t.Errorf("frame %d is entered, not %d", f, named)
	}
	if f := s.pushFrame(p, newFrame{code: 2, arguments: NilTerm}); f == named || f == s.Test() {
		t.Errorf("frame %d is entered twice", f)
	}
}
