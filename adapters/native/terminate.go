package native

import (
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Terminating a process by its terminate method (PROC-TERM-1 to -5): a remote one before a local one before a send.

// A terminateMethod ends a process; the zero value is none.
type terminateMethod struct {
	remote spec.Value // a function designator, called with the process by whoever terminates it; nil for none
	local  spec.Value // the same, called in the process itself, without arguments
	bySend bool
}

// theEnd is what a process is sent that is terminated by a send: who handles it ends.
var theEnd = spec.NewList(spec.Symbol{Package: "MP", Name: "CURRENT-PROCESS-KILL"})

// terminatorOf reads a terminator, nil for none.
func (s *system) terminatorOf(v spec.Value) (spec.Value, error) {
	if !spec.Truth(v) {
		return nil, nil
	}
	if _, symbol := v.(spec.Symbol); symbol {
		return v, nil
	}
	_, err := s.FunctionOf(v)
	return v, err
}

// setTerminateMethod sets that of the current process: terminate-by-send unless it is given as nil (PROC-TERM-5).
func setTerminateMethod(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	remote, err := f.sys.terminatorOf(kit.Keyword(c, "remote-terminator"))
	if err != nil {
		return nil, err
	}
	local, err := f.sys.terminatorOf(kit.Keyword(c, "local-terminator"))
	if err != nil {
		return nil, err
	}
	bySend, given := c.Key("terminate-by-send")
	p.terminate = terminateMethod{remote, local, !given || spec.Truth(bySend)}
	return kit.One(spec.True{}), nil
}

// processTerminate ends a process by its method, or else by a kill; with a force-timeout by a kill once that has passed.
func processTerminate(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	p, err := s.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	force, err := s.TimeoutOf("the force-timeout", kit.Keyword(c, "force-timeout"))
	if err != nil {
		return nil, err
	}
	join := kit.Keyword(c, "join-timeout")
	if _, err := s.TimeoutOf("the join-timeout", join); err != nil && !s.decide.negativeJoin {
		return nil, err
	}
	if force.Limited && p.phase != dead {
		p.killAfter(force.After)
	}
	switch {
	case p.phase == dead && s.decide.killOfDead != nil:
		if values, err := s.decide.killOfDead(); err != nil {
			return values, err
		}
	case p.phase == dead:
	default:
		if err := f.terminate(p); err != nil || f.Over() {
			return nil, err
		}
	}
	if !spec.Truth(join) {
		return kit.One(spec.Int(0)), nil
	}
	return processJoin(f, spec.NewCall("process-join", []any{spec.Key{Name: "timeout", Value: join}}, p.ref))
}

// terminate ends a process by its method, and by a kill where it has none.
func (f *frame) terminate(p *process) error {
	s := f.sys
	switch method := p.terminate; {
	case method.remote != nil:
		code, err := s.FunctionOf(method.remote)
		if err != nil {
			return err
		}
		f.Call(code, []spec.Value{p.ref})
	case method.local != nil:
		code, err := s.FunctionOf(method.local)
		if err != nil {
			return err
		}
		var args []spec.Value
		if s.decide.localTerminatorTold {
			args = []spec.Value{p.ref}
		}
		p.interrupt(interrupt{code, args})
	case method.bySend:
		if p.mailbox == nil {
			p.makeMailbox()
		}
		s.put(p.mailbox, theEnd, maxSize)
	default:
		p.kill()
	}
	return nil
}

// killAfter kills the process in a while; the monitor is held.
func (p *process) killAfter(after time.Duration) {
	s := p.sys
	p.forces = append(p.forces, time.AfterFunc(after, func() {
		s.Lock()
		defer s.Unlock()
		if !s.IsClosed() && p.phase != dead {
			p.kill()
		}
	}))
}
