package native

import (
	"math"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// waiters are those that wait for one thing, in the order of coming. Every waiter is woken
// when the thing changes and looks for itself: a wakeup can't be lost with a waiter that is
// killed or runs out of time.
type waiters struct{ list []*waiter }

// waiter is a frame whose operation waits.
type waiter struct {
	f       *frame
	cond    func() bool
	granted bool // cond held and took effect when somebody else looked ([decisions].handsOver)
}

func (w *waiters) add(x *waiter) { w.list = append(w.list, x) }

func (w *waiters) remove(x *waiter) {
	w.list = slices.DeleteFunc(w.list, func(y *waiter) bool { return x == y })
}

func (w *waiters) wake() {
	list := w.list
	if len(list) > 0 && list[0].f.sys.decide.handsOver != nil {
		list = slices.Clone(list)
		list[0].f.sys.decide.handsOver(list)
		for _, x := range list {
			x.grant()
		}
	}
	for _, x := range list {
		x.f.proc.wake()
	}
}

// grant looks on behalf of a waiter.
func (x *waiter) grant() {
	if !x.f.over() {
		x.look()
	}
}

// look tells whether what is waited for holds, or has held when somebody else looked. If it
// does it takes effect, once: an effect may wake others, and so come back here.
func (x *waiter) look() bool {
	if !x.granted {
		x.granted = true
		x.granted = x.cond()
	}
	return x.granted
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
func (s *system) timeoutOf(what string, v spec.Value) (timeout, error) {
	if !spec.Truth(v) {
		return forever, nil
	}
	seconds, ok := spec.Seconds(v)
	if ok && seconds < 0 && s.decide.negativeIsZero || !ok && s.decide.nonRealIsZero {
		return timeout{limited: true}, nil
	}
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
	self, woken := &waiter{f: f, cond: cond}, p.woken
	for _, l := range lists {
		l.add(self)
		defer l.remove(self)
	}
	var up, dog, alarm <-chan time.Time
	if limit.limited && limit.after > 0 {
		timer := time.NewTimer(limit.after + atMost(s.decide.timeouts))
		defer timer.Stop()
		up = timer.C
	}
	if s.decide.alarms > 0 {
		ticker := time.NewTicker(s.decide.alarms)
		defer ticker.Stop()
		alarm = ticker.C
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
		case self.granted && s.decide.answersFirst:
			f.answered = true
			return held
		case f.over():
			return over
		case s.reaping != nil && s.reaping != p: // REAP-WAIT-2: suspended, it doesn't look.
		case p.isBesideAlone(), p.isStopped() && !s.decide.waitsEnd: // nor beside one that is alone, nor stopped (PROC-STOP-1)
		case self.look():
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
		case <-woken:
		case <-alarm:
		case <-up:
			late = true
		case <-dog:
			stuck = true
		}
		s.mu.Lock()
	}
}
