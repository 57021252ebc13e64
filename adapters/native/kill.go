package native

import (
	"fmt"
	"os"

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

// kill asks the process to end, which it does unless it is ending already.
func (p *process) kill() {
	s := p.sys
	p.asked, p.stopped = true, false
	p.callOffStop()
	p.wake()
	switch {
	case p.killed && s.decide.formsCompleted:
	case s.decide.kills > 0:
		s.running.Add(1)
		go func() {
			defer s.running.Done()
			dawdle(s.decide.kills)
			s.mu.Lock()
			defer s.mu.Unlock()
			p.land()
		}()
	default:
		p.land()
	}
}

// land ends the process unless it is ending already: in its cleanup phase, and dead, a
// kill changes nothing (PROC-KILL-5, PROC-KILL-6). One that arrives while a cleanup form of
// unwind-protect runs cuts the form short (PROC-KILL-4).
func (p *process) land() {
	if p.phase != living {
		return
	}
	if p.rests { // there is nobody who would run its cleanups
		p.rests, p.killed = false, true
		p.die()
		return
	}
	if p.scope.blocked > 0 { // PROC-KILL-3
		p.scope.held = true
		return
	}
	p.asked, p.killed = true, true
	p.unwind()
	p.wake()
	if p.sys.decide.killsAnywhere && !p.behind {
		p.leaveBehind()
	}
}

// leaveBehind has the rest of a killed process's life lived by a goroutine of its own: the
// forms of unwind-protect that are still to run, from the inside out, and the cleanups. What
// the process was about, waiting for something or between two operations, isn't waited for;
// that it is gone, the goroutine that was in its code finds out, and tells once the process has
// left that code.
func (p *process) leaveBehind() {
	s, top := p.sys, p.top
	for f := top; f != nil; f = f.outer {
		f.behind = true
	}
	p.behind, p.left, p.woken = true, make(chan struct{}), make(chan struct{}, 1)
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		s.mu.Lock()
		defer s.mu.Unlock()
		defer p.die()
		for f := top; f != nil; f = f.outer {
			f.leavesLet()
			f.protected()
		}
		p.top = nil
		close(p.left)
		if p.begun || !s.decide.unbegunLeaves {
			p.cleanUp()
		}
	}()
}

// currentProcessKill leaves the process by a throw (PROC-EXIT-2, -5), and merely returns in
// its cleanup phase (PROC-EXIT-6).
func currentProcessKill(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	if p.phase == living && p.scope.blocked > 0 && p.scope.alone == 0 {
		return nil, simpleError("interrupts are blocked: %s can't end here", p.ref)
	}
	p.land()
	return one(spec.Nil{}), nil
}

// processKill ends another process, or the caller (PROC-KILL-1 to -8). It returns t; the
// target unwinds on its own goroutine.
func processKill(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	d := &f.sys.decide
	switch {
	case p.phase == dead && d.killOfDead != nil:
		return d.killOfDead()
	case p == f.proc && !d.selfKillLater:
		p.land()
	default:
		p.kill()
	}
	if d.killerWaits > 0 {
		f.wait("the end of the killed process", timeout{true, d.killerWaits}, func() bool { return p.phase == dead }, &p.joiners)
	}
	if d.killValue != nil {
		return d.killValue()
	}
	return one(spec.True{}), nil
}

// signalError signals an error, as any operation may, to the handlers around it. Where nobody
// handles it the process ends: its frames are unwound and its cleanups run (PROC-EXIT-4,
// CLEAN-RUN-5); within a registered cleanup only that form is left (CLEAN-ERR-1). In the outermost
// process it breaks the run. What was typed in is left, and its reader goes on.
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
	} else if p.phase == living {
		f.unhandled(condition)
	}
	p.unwindTo(p.reader())
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
	f.form = cleanup
	values, _ := f.call(body, nil)
	if !f.behind {
		f.protected()
	}
	return values, nil
}

// protected runs the cleanup form of the open unwind-protect, if there is one that hasn't run.
func (f *frame) protected() {
	form := f.form
	f.form = 0
	if form == 0 || f.sys.closed || f.aborted() {
		return
	}
	if f.sys.decide.cleanupsFirst && f.proc.leaves() {
		f.proc.cleanUp()
	}
	f.call(form, nil)
}

// leaves tells whether the process has left its function, though forms are still to run.
func (p *process) leaves() bool {
	f := p.top
	for f != nil && f.outer != nil {
		f = f.outer
	}
	return f != nil && f.unwound
}

// unhandled is what happens to a process that signalled an error which nobody handles, before
// the error ends it (PROC-EXIT-4).
func (f *frame) unhandled(condition *spec.Condition) {
	if f.sys.decide.reports {
		fmt.Fprintf(os.Stderr, "native: %s %q: unhandled %s\n", f.proc.ref, f.proc.name, condition)
	}
	if f.sys.decide.debugs {
		f.wait("the debugger", forever, never)
	}
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
