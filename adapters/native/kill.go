package native

import (
	"fmt"
	"os"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// kill asks the process to end, which it does unless it is ending already.
func (p *process) kill() {
	s := p.sys
	p.asked, p.stopped = true, false
	p.callOffStop()
	p.Wake()
	switch {
	case p.killed && s.decide.formsCompleted:
	case s.decide.kills > 0:
		s.Go(func() {
			kit.Dawdle(s.decide.kills)
			s.Lock()
			defer s.Unlock()
			p.land()
		})
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
	if p.Resting { // there is nobody who would run its cleanups
		p.Resting, p.killed = false, true
		p.die()
		return
	}
	if p.scope.blocked > 0 { // PROC-KILL-3
		p.scope.held = true
		return
	}
	p.asked, p.killed = true, true
	p.Unwind()
	p.Wake()
	if p.sys.decide.killsAnywhere && !p.IsBehind() {
		p.leaveBehind()
	}
}

// leaveBehind has the rest of a killed process's life lived by a goroutine of its own.
func (p *process) leaveBehind() {
	p.LeaveBehind(func() {
		defer p.die()
		if p.begun || !p.sys.decide.unbegunLeaves {
			p.cleanUp()
		}
	})
}

// currentProcessKill leaves the process by a throw (PROC-EXIT-2, -5), and merely returns in
// its cleanup phase (PROC-EXIT-6).
func currentProcessKill(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	if p.phase == living && p.scope.blocked > 0 && p.scope.alone == 0 {
		return nil, kit.SimpleError("interrupts are blocked: %s can't end here", p.ref)
	}
	p.land()
	return kit.One(spec.Nil{}), nil
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
		f.Wait("the end of the killed process", kit.Within(d.killerWaits), func() bool { return p.phase == dead }, &p.joiners)
	}
	if d.killValue != nil {
		return d.killValue()
	}
	return kit.One(spec.True{}), nil
}

// beforeForm has cleanups run before the forms of unwind-protect of a process that has left its function.
func (f *frame) beforeForm() {
	if f.sys.decide.cleanupsFirst && f.proc.HasLeft() {
		f.proc.cleanUp()
	}
}

// unhandled is what happens to a process that signalled an error which nobody handles, before
// the error ends it (PROC-EXIT-4, CLEAN-RUN-5); within a registered cleanup only that form is left (CLEAN-ERR-1).
// What was typed in is left, and its reader goes on.
func (f *frame) unhandled(condition *spec.Condition) (to *kit.Frame) {
	if d := &f.sys.decide; !f.proc.IsMain() && f.proc.phase == living {
		if d.reports {
			fmt.Fprintf(os.Stderr, "native: %s %q: unhandled %s\n", f.proc.ref, f.proc.name, condition)
		}
		if d.debugs {
			f.Wait("the debugger", kit.Forever, kit.Never)
		}
	}
	return f.proc.reader()
}
