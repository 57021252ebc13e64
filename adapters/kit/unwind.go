package kit

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Unwind marks every frame that the process has open: it has left them. Frames that it
// opens from now on, for the cleanup forms of unwind-protect and for registered cleanups,
// are not marked. Whoever kills it wakes it too.
func (t *Thread) Unwind() { t.UnwindTo(nil) }

// UnwindTo marks the frames inside target only.
func (t *Thread) UnwindTo(target *Frame) {
	for f := t.top; f != target; f = f.outer {
		f.unwound = true
	}
}

// LeaveBehind has the rest of the life of a process that was just unwound lived by a goroutine of its own: the
// forms of unwind-protect that are still to run, from the inside out, and then rest. What
// the process was about, waiting for something or between two operations, isn't waited for;
// that it is gone, the goroutine that was in its code finds out, and tells once the process has
// left that code.
func (t *Thread) LeaveBehind(rest func()) {
	s, top := t.sys, t.top
	for f := top; f != nil; f = f.outer {
		f.behind = true
	}
	t.behind, t.gone, t.woken = true, make(chan struct{}), make(chan struct{}, 1)
	s.Go(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for f := top; f != nil; f = f.outer {
			f.leave()
			f.protected()
		}
		t.top = nil
		close(t.gone)
		rest()
	})
}

// HasLeft tells whether the thread has left its first code, though forms are still to run.
func (t *Thread) HasLeft() bool {
	f := t.top
	for f != nil && f.outer != nil {
		f = f.outer
	}
	return f != nil && f.unwound
}

// signalError signals an error, as any operation may, to the handlers around it. Where nobody
// handles it the process leaves its code, all of it unless [Hooks].Unhandled says how much. In the outermost
// process it breaks the run.
func signalError(f *Frame, c spec.Call) ([]spec.Value, error) {
	s, t := f.sys, f.thread
	message, ok := s.Text(c.Args[0])
	if !ok {
		message = c.Args[0].String()
	}
	condition := &spec.Condition{Type: "simple-error", Message: message}
	if f.handle(condition); f.Over() {
		return nil, nil
	}
	if t == s.main {
		s.Breaks(fmt.Sprintf("signal-error in the outermost %s", t.ref), fmt.Errorf("nobody handled it: %w", condition))
	}
	var to *Frame
	if s.hooks.Unhandled != nil {
		to = s.hooks.Unhandled(f, condition)
	}
	t.UnwindTo(to)
	return nil, nil
}

// unwindProtect runs body, then cleanup, also where body was left by a kill or an error.
// By then the frames around it are gone, but cleanup has a fresh one that works.
func unwindProtect(f *Frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	cleanup, err := f.sys.CodeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.form = cleanup
	values, _ := f.Call(body, nil)
	if !f.behind {
		f.protected()
	}
	return values, nil
}

// protected runs the cleanup form of the open unwind-protect, if there is one that hasn't run.
func (f *Frame) protected() {
	form := f.form
	f.form = 0
	if form == 0 || f.sys.closed || f.aborted() {
		return
	}
	if f.sys.hooks.BeforeForm != nil {
		f.sys.hooks.BeforeForm(f)
	}
	f.call(form, nil)
}

// handlerCase runs body; where an error that one of its operations signalled left it, it calls
// handler with one argument, the list (TYPE MESSAGE) of two strings, and returns the handler's values.
func handlerCase(f *Frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	handler, err := f.sys.CodeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.catches, f.caught = true, nil
	values, complete := f.Call(body, nil)
	f.catches = false
	if complete || f.Over() || f.caught == nil {
		return values, nil
	}
	values, _ = f.Call(handler, []spec.Value{
		spec.NewList(spec.String(f.caught.Type), spec.String(f.caught.Message)),
	})
	return values, nil
}
