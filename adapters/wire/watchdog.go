package wire

import (
	"fmt"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// noWatchdog is longer than anything runs, and leaves room to add what an operation asks for.
const noWatchdog = 1000 * 24 * time.Hour

// watch is the watchdog over one thing that must come to an end. When its limit is over, it
// finds out whose fault that is, and gives the run up.
type watch struct {
	sys   *system
	what  string
	limit time.Duration
	timer *time.Timer // nil where nothing limits the wait
}

func newWatch(s *system, limit time.Duration, what string) *watch {
	return &watch{sys: s, what: what, limit: limit, timer: time.NewTimer(limit)}
}

// watch limits operations of the outermost frame; those of other frames may wait as long as
// that one doesn't.
func (o *operation) watch() *watch {
	if o.frame.number > 0 {
		return &watch{sys: o.frame.sys}
	}
	return newWatch(o.frame.sys, o.frame.sys.cfg.Watchdog+o.call.Requested(), shorten(o.call.String()))
}

func (w *watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// wait returns true when ready is closed, and false when the run was given up, by w or by
// others, or abort is closed.
func (w *watch) wait(ready, abort <-chan struct{}) bool {
	var over <-chan time.Time
	if w.timer != nil {
		over = w.timer.C
	}
	select {
	case <-ready:
		return true
	case <-abort:
		return false
	case <-w.sys.down:
		return false
	case <-over:
		return w.overdue(ready, abort)
	}
}

// overdue asks the adapter whether it still lives. One whose world an operation may have
// stopped isn't asked: it could not answer.
func (w *watch) overdue(ready, abort <-chan struct{}) bool {
	s := w.sys
	s.mu.Lock()
	stuck := &spec.Stuck{Op: w.what, Waits: s.waits()}
	stopped := s.worldStopped()
	s.pinging = !stopped
	s.mu.Unlock()
	if stopped {
		s.giveUp(stuck)
		return false
	}
	defer func() {
		s.mu.Lock()
		s.pinging = false
		s.wake()
		s.mu.Unlock()
	}()
	ping := s.client.conn.request("ping", emptyObject, nil)
	timer := time.NewTimer(s.client.opts.PingTimeout)
	defer timer.Stop()
	select {
	case <-ready:
	case <-abort:
		return false
	case <-s.down:
		return false
	case <-timer.C:
		s.giveUp(&spec.Broken{Doing: "waiting for " + w.what, Err: fmt.Errorf(
			"it didn't end within %v, and %s didn't answer a ping within %v", w.limit, s.client.name(), s.client.opts.PingTimeout)})
		return false
	case <-ping.done:
		if ping.err != nil {
			s.fail(s.client.brokenBy("waiting for "+w.what+", pinging "+s.client.name(), ping.err))
			return false
		}
	}
	if isClosed(ready) { // late, but it came
		w.timer.Reset(w.limit)
		return true
	}
	s.giveUp(stuck)
	return false
}

// waits tells of every open operation who waits in it. mu is held.
func (s *system) waits() []string {
	lines := make([]string, 0, len(s.open))
	for _, o := range s.open {
		who := "a foreign thread"
		if o.frame.process != nil {
			who = o.frame.process.String()
		} else if o.frame.number == 0 {
			who = "the outermost frame"
		}
		line := who + ": " + shorten(o.call.String())
		if o.held {
			line += " (not sent: another operation may have stopped the world)"
		}
		lines = append(lines, line)
	}
	return lines
}
