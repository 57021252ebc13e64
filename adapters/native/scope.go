package native

import (
	"github.com/mpcheck/mpcheck/spec"
)

// Code that no kill reaches, and code beside which nobody else runs (PROC-EXIT-7, PROC-EXIT-8, PROC-KILL-3).

// scope is what holds for the code that a process runs.
type scope struct {
	blocked int  // bodies of with-interrupts-blocked and with-other-threads-disabled around it
	alone   int  // of them those of the latter
	held    bool // a kill has come meanwhile
}

// withInterruptsBlocked runs the body; a kill that comes meanwhile lands behind it.
func withInterruptsBlocked(f *frame, c spec.Call) ([]spec.Value, error) { return f.scoped(c, false) }

// withOtherThreadsDisabled also has all others stand still before their next operation, and in their waits.
func withOtherThreadsDisabled(f *frame, c spec.Call) ([]spec.Value, error) { return f.scoped(c, true) }

func (f *frame) scoped(c spec.Call, alone bool) ([]spec.Value, error) {
	s, p := f.sys, f.proc
	body, err := s.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	p.scope.blocked++
	if alone {
		p.scope.alone++
		s.alone = p
	}
	defer func() {
		if alone {
			if p.scope.alone--; p.scope.alone == 0 {
				s.alone = nil
				s.WakeAll()
			}
		}
		p.leaveScope()
	}()
	values, _ := f.Call(body, nil)
	return values, nil
}

// leaveScope ends the innermost scope in which interrupts are blocked; a kill that has come meanwhile lands then; the monitor is held.
func (p *process) leaveScope() {
	if p.scope.blocked--; p.scope.blocked == 0 && p.scope.held {
		p.scope.held = false
		p.land()
	}
}
