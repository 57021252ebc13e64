package kit

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Processes for who has none to be judged: goroutines that run a function, can be killed and joined. They are the kit's, and claimed as
// composed.

// Processes are their operations.
func Processes() map[string]Operation {
	return map[string]Operation{
		"process-run-function": processRunFunction,
		"get-current-process":  func(f *Frame, _ spec.Call) ([]spec.Value, error) { return One(f.Self()), nil },
		"process-kill":         processKill,
		"process-join":         processJoin,
		"process-alive-p":      processAliveP,
	}
}

// process is one of them: alive until its function has been left.
type process struct {
	thread *Thread
	killed bool
	dead   bool
	ends   Waiters
}

func newProcess(s *System, name string) *process {
	p := &process{}
	p.thread = s.NewProcess(name, p)
	return p
}

func outermost(s *System) (*Thread, func(spec.Func)) {
	p := newProcess(s, "outermost")
	return p.thread, func(fn spec.Func) { p.live(s, 0, fn, nil) }
}

// live lives the process's life on the calling goroutine; the monitor isn't held. One that was killed before runs nothing. What ends it is
// deferred, so that it happens also where a Func ends its goroutine.
func (p *process) live(s *System, code spec.Callback, fn spec.Func, args []spec.Value) {
	defer func() {
		s.Lock()
		defer s.Unlock()
		p.dead = true
		p.thread.Ends()
		p.ends.Wake()
	}()
	s.Lock()
	begins := !p.killed && !s.IsClosed()
	first := p.thread.First(code)
	if begins {
		p.thread.SetTop(first)
	}
	s.Unlock()
	if begins {
		first.Run(fn, args)
	}
}

func processRunFunction(f *Frame, c spec.Call) ([]spec.Value, error) {
	s := f.System()
	name, ok := s.Text(c.Args[0])
	if !ok {
		return nil, TypeError("the name", c.Args[0], "a string")
	}
	if keywords, ok := spec.Items(s.Structure(c.Args[1])); !ok || len(keywords) > 0 {
		return nil, ProgramError("%s: the keywords %s are none that it knows", c.Op, c.Args[1])
	}
	code, err := s.FunctionOf(c.Args[2])
	if err != nil {
		return nil, err
	}
	p := newProcess(s, name)
	fn := s.Func(code)
	s.Go(func() { p.live(s, code, fn, c.Args[3:]) })
	return One(p.thread.Ref()), nil
}

// processKill has the process leave its code, wherever it waits or before its next operation.
func processKill(f *Frame, c spec.Call) ([]spec.Value, error) {
	p, err := Lookup[*process](f.System(), "process", c.Args[0])
	if err != nil {
		return nil, err
	}
	if !p.dead {
		p.killed = true
		p.thread.Unwind()
		p.thread.Wake()
	}
	return One(spec.True{}), nil
}

func processJoin(f *Frame, c spec.Call) ([]spec.Value, error) {
	p, err := Lookup[*process](f.System(), "process", c.Args[0])
	if err != nil {
		return nil, err
	}
	limit, err := f.System().TimeoutOf("the timeout", Keyword(c, "timeout"))
	if err != nil {
		return nil, err
	}
	if p.thread == f.Thread() {
		return nil, SimpleError("%s cannot wait for its own death", p.thread.Ref())
	}
	what := fmt.Sprintf("the death of %s %q", p.thread.Ref(), p.thread.Label())
	return One(spec.Bool(f.Wait(what, limit, func() bool { return p.dead }, &p.ends) == Held)), nil
}

func processAliveP(f *Frame, c spec.Call) ([]spec.Value, error) {
	p, err := Lookup[*process](f.System(), "process", c.Args[0])
	if err != nil {
		return nil, err
	}
	return One(spec.Bool(!p.dead)), nil
}
