package native

import (
	"math"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// waiters are the processes that wait for one thing. A process waits for at most one
// operation at a time. Every waiter is woken when the thing changes and looks for itself:
// a wakeup can't be lost with a waiter that is killed or runs out of time.
type waiters struct{ list []*process }

func (w *waiters) add(p *process) { w.list = append(w.list, p) }

func (w *waiters) remove(p *process) {
	w.list = slices.DeleteFunc(w.list, func(q *process) bool { return q == p })
}

func (w *waiters) wake() {
	for _, p := range w.list {
		p.wake()
	}
}

// wake makes a blocked process look again at what it waits for; mu is held.
func (p *process) wake() {
	p.blocked = false
	select {
	case p.woken <- struct{}{}:
	default: // It has yet to see an earlier wakeup, and will look then.
	}
}

// timeout is a limit on a wait, in Lisp's terms: nil is none.
type timeout struct {
	limited bool
	after   time.Duration
}

var forever = timeout{}

// timeoutOf reads a timeout argument: nil, or a non-negative real number of seconds.
// One too long for a time.Duration, some 290 years, is as good as none.
func timeoutOf(what string, v spec.Value) (timeout, error) {
	if !spec.Truth(v) {
		return forever, nil
	}
	seconds, ok := spec.Seconds(v)
	if !ok || math.IsNaN(seconds) || seconds < 0 {
		return forever, typeError(what, v, "a non-negative real number or nil")
	}
	if seconds >= math.MaxInt64/float64(time.Second) {
		return forever, nil
	}
	return timeout{true, time.Duration(math.Ceil(seconds * float64(time.Second)))}, nil
}

// outcome is how a wait ended.
type outcome uint8

const (
	held    outcome = iota // the condition held
	expired                // the time ran out first
	over                   // the process was killed, or the case aborted
)

// wait blocks the process of f until cond holds, which is evaluated under the monitor
// whenever one of the lists is woken, or until the time runs out. Time-out 0 evaluates cond
// once. what completes "waits for", for reports. A wait that is over needs no care of its
// caller: it returns anything, and [frame.Do] answers Gone or Aborted.
func (f *frame) wait(what string, limit timeout, cond func() bool, lists ...*waiters) outcome {
	s, p := f.sys, f.proc
	for _, l := range lists {
		l.add(p)
		defer l.remove(p)
	}
	var up, dog <-chan time.Time
	if limit.limited && limit.after > 0 {
		timer := time.NewTimer(limit.after)
		defer timer.Stop()
		up = timer.C
	}
	// The time that the operation was asked to wait is not the watchdog's.
	if patience := s.watchdog + limit.after; p == s.main && s.watchdog > 0 && patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		dog = timer.C
	}
	late, stuck := limit.limited && limit.after == 0, false
	defer func() { p.blocked = false }()
	for {
		switch {
		case f.over():
			return over
		case cond():
			return held
		case late:
			return expired
		}
		p.blocked, p.waitsFor = true, what
		if stuck {
			s.stuck = &spec.Stuck{Op: f.op, Waits: s.waits()}
			s.aborted = true
			return over
		}
		s.calmer()
		s.mu.Unlock()
		select {
		case <-p.woken:
		case <-up:
			late = true
		case <-dog:
			stuck = true
		}
		s.mu.Lock()
	}
}
