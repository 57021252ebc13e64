package protoactor

import (
	"context"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// A process is an actor, but for the outermost one, which is the calling goroutine.
type process struct {
	thread *kit.Thread
	pid    *actor.PID // nil for the outermost
	killed bool
	over   chan struct{} // closed when its code has been left
}

func newProcess(s *kit.System, name string) *process {
	p := &process{over: make(chan struct{})}
	p.thread = s.NewProcess(name, p)
	return p
}

// live runs the process's code on the calling goroutine; the monitor isn't held. One that was killed before runs nothing.
func (p *process) live(s *kit.System, code spec.Callback, fn spec.Func, args []spec.Value) {
	defer func() {
		s.Lock()
		defer s.Unlock()
		p.thread.Ends()
		close(p.over)
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

// runFunction spawns an actor: it runs the function as its first message says that it has started, and stops then.
func runFunction(f *kit.Frame, c spec.Call) ([]spec.Value, error) {
	s := f.System()
	title, ok := s.Text(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the name", c.Args[0], "a string")
	}
	if keywords, ok := spec.Items(s.Structure(c.Args[1])); !ok || len(keywords) > 0 {
		return nil, kit.ProgramError("%s: the keywords %s are none that it knows", c.Op, c.Args[1])
	}
	code, err := s.FunctionOf(c.Args[2])
	if err != nil {
		return nil, err
	}
	p, fn := newProcess(s, title), s.Func(code)
	p.pid = actorsOf(s).Root.Spawn(actor.PropsFromFunc(func(a actor.Context) {
		if _, started := a.Message().(*actor.Started); started {
			p.live(s, code, fn, c.Args[3:])
			a.Stop(a.Self())
		}
	}))
	return kit.One(p.thread.Ref()), nil
}

func name(_ *kit.Frame, p *process, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.String(p.thread.Label())), nil
}

func kill(f *kit.Frame, p *process, _ spec.Call) ([]spec.Value, error) {
	p.killed = true
	p.thread.Unwind()
	p.thread.Wake()
	if p.pid != nil {
		actorsOf(f.System()).Root.Stop(p.pid)
	}
	return kit.One(spec.True{}), nil
}

// join answers at once where the registry knows the actor no more; else an actor of its own watches it, and waits for the notice of its death.
func join(f *kit.Frame, p *process, c spec.Call) ([]spec.Value, error) {
	s := f.System()
	limit, err := s.TimeoutOf("the timeout", kit.Keyword(c, "timeout"))
	if err != nil {
		return nil, err
	}
	if p.thread == f.Thread() {
		return nil, kit.SimpleError("%s cannot wait for its own death", p.thread.Ref())
	}
	ended := p.over
	if !p.isAlive(s) {
		return kit.One(spec.True{}), nil
	}
	if p.pid != nil {
		ended = make(chan struct{})
		root := actorsOf(s).Root
		watcher := root.Spawn(actor.PropsFromFunc(func(a actor.Context) {
			switch a.Message().(type) {
			case *actor.Started:
				a.Watch(p.pid)
			case *actor.Terminated:
				close(ended)
			}
		}))
		defer root.Stop(watcher)
	}
	joined := false
	f.Outside("the death of "+p.thread.Ref().String(), func(ctx context.Context) {
		within, cancel := limit.Context(ctx)
		defer cancel()
		select {
		case <-ended:
			joined = true
		case <-within.Done():
			select {
			case <-ended:
				joined = true
			default:
			}
		}
	})
	return kit.One(spec.Bool(joined)), nil
}

func isAlive(f *kit.Frame, p *process, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Bool(p.isAlive(f.System()))), nil
}

func (p *process) isAlive(s *kit.System) bool {
	if p.pid != nil {
		_, alive := actorsOf(s).ProcessRegistry.GetLocal(p.pid.Id)
		return alive
	}
	select {
	case <-p.over:
		return false
	default:
		return true
	}
}
