package native

import "github.com/mpcheck/mpcheck/spec"

// A thread is a process that is none: what its code runs on where nobody's process asked for it, as that of a
// status hook. It is in no list, has no reference and no cleanups, and nobody can kill it.

// onThread runs code on a thread of its own, the goroutine that calls; mu isn't held. Nothing runs in a closed system.
func (s *system) onThread(what string, code spec.Callback, args []spec.Value) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	t := &process{sys: s, name: what, thread: true, begun: true, woken: make(chan struct{}, 1)}
	first := &frame{sys: s, proc: t, code: code}
	t.top = first
	fn := s.funcOf(code)
	s.threads = append(s.threads, t)
	s.mu.Unlock()
	first.run(fn, args)
	s.mu.Lock()
	defer s.mu.Unlock()
	t.phase = dead
	s.threads = without(s.threads, t)
	s.calmer()
}

// self is the process of the frame as a value, nil on a thread that is none.
func (f *frame) self() spec.Value {
	if f.proc.thread {
		return spec.Nil{}
	}
	return f.proc.ref
}

// current is the process of the frame.
func (f *frame) current(c spec.Call) (*process, error) {
	if f.proc.thread {
		return nil, simpleError("%s: this thread is no process", c.Op)
	}
	return f.proc, nil
}
