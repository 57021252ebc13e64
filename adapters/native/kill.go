package native

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// unwind marks every frame that the process has open: it has left them. Frames that it
// opens from now on, for the cleanup forms of unwind-protect and for registered cleanups,
// are not marked; mu is held.
func (p *process) unwind() { p.unwindTo(nil) }

// unwindTo marks the frames inside target only.
func (p *process) unwindTo(target *frame) {
	for f := p.top; f != target; f = f.outer {
		f.unwound = true
	}
}

// kill ends the process unless it is ending already: in its cleanup phase, and dead, a
// kill changes nothing (PROC-KILL-5, PROC-KILL-6). One that arrives while a cleanup form of
// unwind-protect runs cuts the form short (PROC-KILL-4).
func (p *process) kill() {
	if p.phase != living {
		return
	}
	p.killed = true
	p.unwind()
	p.wake()
}

// currentProcessKill leaves the process by a throw (PROC-EXIT-2, -5), and merely returns in
// its cleanup phase (PROC-EXIT-6).
func currentProcessKill(f *frame, _ spec.Call) ([]spec.Value, error) {
	f.proc.kill()
	return one(spec.Nil{}), nil
}

// processKill ends another process, or the caller (PROC-KILL-1 to -8). It returns t; the
// target unwinds on its own goroutine.
func processKill(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	p.kill()
	return one(spec.True{}), nil
}

// signalError signals an error, as any operation may, to the handlers around it. Where nobody
// handles it the process ends: its frames are unwound and its cleanups run (PROC-EXIT-4,
// CLEAN-RUN-5); within a registered cleanup only that form is left (CLEAN-ERR-1). In the outermost
// process it breaks the run.
func signalError(f *frame, c spec.Call) ([]spec.Value, error) {
	p := f.proc
	message, ok := f.sys.text(c.Args[0])
	if !ok {
		message = c.Args[0].String()
	}
	condition := &spec.Condition{Type: "simple-error", Message: message}
	if f.handle(condition); f.over() {
		return nil, nil
	}
	if p == f.sys.main {
		f.sys.breaks(fmt.Sprintf("signal-error in the outermost %s", p.ref),
			fmt.Errorf("nobody handled it: %w", condition))
	}
	p.unwind()
	return nil, nil
}

// unwindProtect runs body, then cleanup, also where body was left by a kill or an error.
// By then the frames around it are gone, but cleanup has a fresh one that works.
func unwindProtect(f *frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.codeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	cleanup, err := f.sys.codeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	values, _ := f.call(body, nil)
	if !f.sys.closed && !f.aborted() {
		f.call(cleanup, nil)
	}
	return values, nil
}

// handlerCase runs body; where an error that one of its operations signalled left it, it calls
// handler with one argument, the list (TYPE MESSAGE) of two strings, and returns the handler's values.
func handlerCase(f *frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.codeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	handler, err := f.sys.codeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.catches, f.caught = true, nil
	values, complete := f.call(body, nil)
	f.catches = false
	if complete || f.over() || f.caught == nil {
		return values, nil
	}
	values, _ = f.call(handler, []spec.Value{
		spec.NewList(spec.String(f.caught.Type), spec.String(f.caught.Message)),
	})
	return values, nil
}
