package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// fakeAdapter is an adapter in memory: real goroutines, and just enough operations to make
// every kind of message.
type fakeAdapter struct {
	hand spec.Handshake
	fail error // of Open

	mu      sync.Mutex
	systems []*fakeSystem
}

type fakeSystem struct {
	cfg     spec.SystemConfig
	result  error // of Run, where the test returned
	left    spec.Leftover
	closeOK error

	mu        sync.Mutex
	funcs     []spec.Func
	gates     map[string]chan struct{}
	processes map[string]*fakeProcess
	threads   sync.WaitGroup
	aborted   chan struct{}
	abort     func()
	closed    chan struct{}
	close     func()
}

type fakeProcess struct {
	ref    spec.Ref
	killed chan struct{}
	kill   func()
}

// fakeFrame runs on p, or on a foreign thread where p is nil.
type fakeFrame struct {
	sys  *fakeSystem
	p    *fakeProcess
	root bool
}

func (f *fakeFrame) Process() spec.Value {
	if f.p == nil {
		return nil
	}
	return f.p.ref
}

// errUnwound is what current-process-kill panics with: a host that unwinds like Lisp.
var errUnwound = errors.New("unwound")

func newFake() *fakeAdapter {
	ops := map[string]spec.Claim{}
	for _, op := range []string{
		"new", "eq", "get-current-process", "make-gate", "gate-open", "gate-wait", "funcall", "pause", "await",
		"call-on-foreign-thread", "process-run-function", "process-kill", "current-process-kill", "signal-error",
		"run", "let", "make-function", "make-mailbox", "make-mailbox :size",
	} {
		ops[op] = spec.Native
	}
	return &fakeAdapter{hand: spec.Handshake{
		Contract: spec.ContractVersion, Name: "fake", Version: "1", Capabilities: []spec.Capability{spec.Core},
		Profile: []string{"lispworks-8"}, Operations: ops, Clock: spec.Real, GranularityMS: 1, PID: 7,
	}}
}

func (a *fakeAdapter) Handshake() spec.Handshake { return a.hand }
func (a *fakeAdapter) Close() error              { return nil }

func (a *fakeAdapter) Open(_ context.Context, cfg spec.SystemConfig) (spec.System, error) {
	if a.fail != nil {
		return nil, a.fail
	}
	s := &fakeSystem{
		cfg: cfg, gates: map[string]chan struct{}{}, processes: map[string]*fakeProcess{},
		aborted: make(chan struct{}), closed: make(chan struct{}),
	}
	s.abort = sync.OnceFunc(func() { close(s.aborted) })
	s.close = sync.OnceFunc(func() { close(s.closed) })
	a.mu.Lock()
	a.systems = append(a.systems, s)
	a.mu.Unlock()
	return s, nil
}

func (a *fakeAdapter) last() *fakeSystem {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.systems[len(a.systems)-1]
}

func (s *fakeSystem) Register(fn spec.Func) spec.Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.funcs = append(s.funcs, fn)
	return spec.Callback(len(s.funcs))
}

func (s *fakeSystem) Run(test func(spec.Frame)) error {
	defer unwinds()
	test(&fakeFrame{sys: s, p: s.process(), root: true})
	return s.result
}

func (s *fakeSystem) Abort() { s.abort() }

func (s *fakeSystem) Close() (spec.Leftover, error) {
	s.close()
	s.threads.Wait()
	return s.left, s.closeOK
}

func (s *fakeSystem) process() *fakeProcess {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &fakeProcess{ref: spec.Ref{ID: fmt.Sprintf("p%d", len(s.processes)+1), Type: "process"}, killed: make(chan struct{})}
	p.kill = sync.OnceFunc(func() { close(p.killed) })
	s.processes[p.ref.ID] = p
	return p
}

// unwinds is deferred at the root of a process.
func unwinds() {
	if x := recover(); x != nil && x != errUnwound {
		panic(x)
	}
}

func (s *fakeSystem) call(code spec.Value, f *fakeFrame, args ...spec.Value) []spec.Value {
	s.mu.Lock()
	fn := s.funcs[code.(spec.Callback)-1]
	s.mu.Unlock()
	return fn(f, args)
}

// spawn runs code as a process.
func (s *fakeSystem) spawn(code spec.Value, args []spec.Value) *fakeProcess {
	p := s.process()
	s.threads.Go(func() {
		defer unwinds()
		s.call(code, &fakeFrame{sys: s, p: p}, args...)
	})
	return p
}

// wait blocks until ready is closed, or gives the status of a frame that can't wait for it.
func (f *fakeFrame) wait(ready <-chan struct{}) spec.Return {
	var killed, aborted <-chan struct{}
	if f.p != nil {
		killed = f.p.killed
	}
	if f.root {
		aborted = f.sys.aborted
	}
	select {
	case <-ready:
		return spec.Values(spec.True{})
	case <-killed:
		return spec.Return{Status: spec.Gone}
	case <-f.sys.closed:
		return spec.Return{Status: spec.Gone}
	case <-aborted:
		return spec.Return{Status: spec.Aborted}
	}
}

func (f *fakeFrame) Do(call spec.Call) spec.Return {
	s := f.sys
	if over := f.wait(closedChan); over.Status != spec.Returned {
		return over
	}
	if f.p != nil && isClosed(f.p.killed) || isClosed(s.closed) {
		return spec.Return{Status: spec.Gone}
	}
	switch call.Op {
	case "new": // echoes: the arguments after the type, then the values of the keywords
		values := call.Args[1:]
		for _, k := range call.Keys {
			values = append(values, spec.Keyword(k.Name), k.Value)
		}
		return spec.Values(values...)
	case "eq":
		return spec.Values(spec.Bool(spec.Eql(call.Arg(0), call.Arg(1))))
	case "get-current-process":
		if f.p == nil {
			return spec.Values(spec.Nil{})
		}
		return spec.Values(f.p.ref)
	case "make-function", "make-mailbox":
		return spec.Values(call.Args...)
	case "make-gate":
		s.mu.Lock()
		defer s.mu.Unlock()
		id := fmt.Sprintf("g%d", len(s.gates)+1)
		s.gates[id] = make(chan struct{})
		return spec.Values(spec.Ref{ID: id, Type: "gate"})
	case "gate-open":
		close(s.gate(call))
		return spec.Values(spec.Nil{})
	case "gate-wait", "run": // run stands for an operation that stops the world
		return f.wait(s.gate(call))
	case "pause", "await":
		return f.wait(nil)
	case "funcall":
		return spec.Values(s.call(call.Args[0], f, call.Args[1:]...)...)
	case "let": // takes code inside a list
		items, _ := spec.Items(call.Args[0])
		return spec.Values(s.call(items[1], f)...)
	case "call-on-foreign-thread":
		done := make(chan []spec.Value, 1)
		go func() { done <- s.call(call.Args[1], &fakeFrame{sys: s}) }()
		return spec.Values(<-done...)
	case "process-run-function":
		return spec.Values(s.spawn(call.Args[2], call.Args[3:]).ref)
	case "process-kill":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.processes[call.Args[0].(spec.Ref).ID].kill()
		return spec.Values(spec.True{})
	case "current-process-kill":
		f.p.kill()
		panic(errUnwound)
	case "signal-error":
		r := spec.Signal("simple-error", "%s", call.Arg(0))
		r.Condition.Continuable = true
		return r
	}
	return spec.Return{Status: spec.Absent}
}

func (s *fakeSystem) gate(call spec.Call) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gates[call.Args[0].(spec.Ref).ID]
}

var closedChan = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// connect serves the adapter over pipes in memory. When the test is over the client is
// closed, and the server has ended; without an error where the client was well.
func connect(t testing.TB, a spec.Adapter, opts Options) *Client {
	t.Helper()
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- Serve(context.Background(), a, fromHarness, toHarness) }()
	c, err := NewClient(context.Background(), fromAdapter, toAdapter, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		well := c.Healthy()
		c.Close()
		if err := <-served; err != nil && well {
			t.Errorf("Serve: %v", err)
		}
	})
	return c
}

// open opens a system that is closed when the test is over, unless it was before.
func open(t testing.TB, c spec.Adapter, cfg spec.SystemConfig) spec.System {
	t.Helper()
	s, err := c.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run runs test in a fresh system and fails where the run or the close does.
func run(t testing.TB, c spec.Adapter, test func(s spec.System, f spec.Frame)) {
	t.Helper()
	s := open(t, c, spec.SystemConfig{})
	if err := s.Run(func(f spec.Frame) { test(s, f) }); err != nil {
		t.Fatal(err)
	}
	left, err := s.Close()
	if err != nil || left != (spec.Leftover{}) {
		t.Fatalf("Close = %+v, %v", left, err)
	}
}

func call(op string, args ...any) spec.Call { return spec.NewCall(op, args) }

// short limits of the tests that let them run out.
const (
	shortWatchdog = 100 * time.Millisecond
	shortPing     = 50 * time.Millisecond
)

// labels is a recorder; the tests read it when nothing runs.
type labels struct {
	mu   sync.Mutex
	list []string
}

func (l *labels) Record(x spec.Label) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.At < 0 {
		panic("time runs backwards")
	}
	switch x.Kind {
	case spec.EnterLabel:
		who := "foreign"
		if x.Process != nil {
			who = x.Process.String()
		}
		l.list = append(l.list, fmt.Sprintf("%d enter %d on %s", x.Frame, x.Callback, who))
	case spec.CallLabel:
		l.list = append(l.list, fmt.Sprintf("%d call %s", x.Frame, x.Call))
	case spec.ReturnLabel:
		l.list = append(l.list, fmt.Sprintf("%d return %s", x.Frame, x.Return))
	case spec.GoneLabel:
		l.list = append(l.list, fmt.Sprintf("%d gone", x.Frame))
	case spec.LeaveLabel:
		l.list = append(l.list, fmt.Sprintf("%d leave", x.Frame))
	}
}

func (l *labels) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list
}
