package native

import (
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Stopping a process (PROC-STOP-1): it does no operation, ends no wait and begins no cleanup form until it is
// unstopped or killed.

// stopDecisions are those about when a process stops, and what process-unstop answers until then.
type stopDecisions struct {
	stops           time.Duration // after process-stop was called; the process goes on until then
	windsDown       bool          // or does nothing any more, though it counts as stopped only then
	waitsEnd        bool          // a stopped process ends its wait, and stands still before its next operation
	pendingCounts   bool          // process-unstop answers t also of a process that has yet to stop
	stopsAllTheSame bool          // process-unstop doesn't call off a stop that has yet to come
}

// stop halts the process, or will in a while; the monitor is held.
func (p *process) stop() {
	s := p.sys
	switch {
	case p.phase == dead || p.stopped || p.toStop != nil:
	case s.decide.stops > 0:
		var mine *time.Timer
		mine = time.AfterFunc(s.decide.stops, func() {
			s.Lock()
			defer s.Unlock()
			if p.toStop == mine { // nobody has called it off
				p.stopped, p.toStop = true, nil
			}
		})
		p.toStop = mine
	default:
		p.stopped = true
	}
}

// unstop lets it go on, and tells whether it had been stopped; the monitor is held.
func (p *process) unstop() bool {
	d := &p.sys.decide
	was := p.stopped || p.toStop != nil && d.pendingCounts
	p.stopped = false
	if !d.stopsAllTheSame {
		p.callOffStop()
	}
	p.Wake()
	return was
}

// callOffStop has a stop that has yet to come never come; the monitor is held.
func (p *process) callOffStop() {
	if p.toStop != nil {
		p.toStop.Stop()
		p.toStop = nil
	}
}

// standsStill tells whether none of the process's code may run; the monitor is held.
func (p *process) standsStill() bool { return p.isBesideAlone() || p.isStopped() }

// isBesideAlone tells whether another process runs with other threads disabled; the monitor is held.
func (p *process) isBesideAlone() bool { return p.sys.alone != nil && p.sys.alone != p }

// isStopped tells whether the process has been stopped; the monitor is held.
func (p *process) isStopped() bool {
	return p.thoughStopped == 0 && (p.stopped || p.toStop != nil && p.sys.decide.windsDown)
}

// standStill holds a process up between two operations while it is stopped; the monitor is held.
func (p *process) standStill() {
	if p.standsStill() {
		p.Root().Wait("somebody to unstop it", kit.Forever, func() bool { return !p.standsStill() })
	}
}

// processStop answers t.
func processStop(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	p.stop()
	return kit.One(spec.True{}), nil
}

// processUnstop answers t if the process had been stopped, else nil.
func processUnstop(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return kit.One(spec.Bool(p.unstop())), nil
}
