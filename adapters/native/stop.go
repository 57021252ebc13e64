package native

import (
	"github.com/mpcheck/mpcheck/spec"
)

// Stopping a process (PROC-STOP-1): it does no operation, ends no wait and begins no cleanup form until it is
// unstopped or killed.

// stop halts the process, or will in a while; mu is held.
func (p *process) stop() {
	s := p.sys
	switch {
	case p.phase == dead || p.stopped:
	case s.decide.stops > 0:
		p.stopping++
		nth := p.stopping
		s.running.Add(1)
		go func() {
			defer s.running.Done()
			dawdle(s.decide.stops)
			s.mu.Lock()
			defer s.mu.Unlock()
			if nth == p.stopping && p.phase != dead { // nobody has unstopped or killed it since
				p.stopped = true
			}
		}()
	default:
		p.stopped = true
	}
}

// unstop lets it go on, and tells whether it had been stopped.
func (p *process) unstop() bool {
	was := p.stopped
	p.stopped = false
	p.stopping++
	if was {
		p.wake()
	}
	return was
}

// standStill holds a process up between two operations while it is stopped; mu is held.
func (p *process) standStill() {
	if p.stopped {
		root := frame{sys: p.sys, proc: p}
		root.wait("somebody to unstop it", forever, func() bool { return true })
	}
}

// processStop answers t.
func processStop(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	p.stop()
	return one(spec.True{}), nil
}

// processUnstop answers t if the process had been stopped, else nil.
func processUnstop(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(spec.Bool(p.unstop())), nil
}
