package kit

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Waiters are those that wait for one thing, in the order of coming. Every waiter is woken
// when the thing changes and looks for itself: a wakeup can't be lost with a waiter that is
// killed or runs out of time. The zero value is nobody; the monitor guards it.
type Waiters struct{ list []*Waiter }

// A Waiter is a frame whose operation waits.
type Waiter struct {
	f       *Frame
	cond    func() bool
	granted bool // cond held and took effect when somebody else looked ([Decisions].HandsOver)
}

func (w *Waiters) add(x *Waiter) { w.list = append(w.list, x) }

func (w *Waiters) remove(x *Waiter) {
	w.list = slices.DeleteFunc(w.list, func(y *Waiter) bool { return x == y })
}

// Wake has them look.
func (w *Waiters) Wake() {
	list := w.list
	if len(list) > 0 && list[0].f.sys.decide.HandsOver != nil {
		list = slices.Clone(list)
		list[0].f.sys.decide.HandsOver(list)
		for _, x := range list {
			x.grant()
		}
	}
	for _, x := range list {
		x.f.thread.Wake()
	}
}

// grant looks on behalf of a waiter.
func (x *Waiter) grant() {
	if !x.f.Over() {
		x.look()
	}
}

// look tells whether what is waited for holds, or has held when somebody else looked. If it
// does it takes effect, once: an effect may wake others, and so come back here.
func (x *Waiter) look() bool {
	if !x.granted {
		x.granted = true
		x.granted = x.cond()
	}
	return x.granted
}

// Wake makes a blocked thread look again at what it waits for.
func (t *Thread) Wake() {
	t.blocked = false
	select {
	case t.woken <- struct{}{}:
	default: // It has yet to see an earlier wakeup, and will look then.
	}
}

// Outcome is how a wait ended.
type Outcome uint8

const (
	Held    Outcome = iota // the condition held
	Expired                // the time ran out first
	Over                   // the process was killed, or the case aborted
)

// Wait blocks the process of f until cond holds, which is evaluated under the monitor
// whenever one of the lists is woken, or until the time runs out. Time-out 0 evaluates cond
// once. what completes "waits for", for reports. A wait that is over needs no care of its
// caller: it returns anything, and [Frame.Do] answers Gone or Aborted. The monitor is not held while it waits.
func (f *Frame) Wait(what string, limit Timeout, cond func() bool, lists ...*Waiters) Outcome {
	return f.wait(what, limit, f.sys.decide.Alarms, cond, lists...)
}

// wait is Wait by who looks every so often too, 0 for never.
func (f *Frame) wait(what string, limit Timeout, every time.Duration, cond func() bool, lists ...*Waiters) Outcome {
	s, t := f.sys, f.thread
	self, woken := &Waiter{f: f, cond: cond}, t.woken
	for _, l := range lists {
		l.add(self)
		defer l.remove(self)
	}
	var up, dog, alarm <-chan time.Time
	if limit.Limited && limit.After > 0 {
		timer := time.NewTimer(limit.After + AtMost(s.decide.Timeouts))
		defer timer.Stop()
		up = timer.C
	}
	if every > 0 {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		alarm = ticker.C
	}
	// The time that the operation was asked to wait is not the watchdog's.
	if patience := s.watchdog + limit.After; t == s.main && s.watchdog > 0 && patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		dog = timer.C
	}
	late, stuck := limit.Limited && limit.After == 0, false
	defer func() { t.blocked = false }()
	for {
		holds, again := false, false
		if !f.Over() && s.hooks.Waiting != nil && !(self.granted && s.decide.AnswersFirst) {
			holds, again = s.hooks.Waiting(f)
		}
		switch {
		case self.granted && s.decide.AnswersFirst:
			f.answered = true
			return Held
		case f.Over():
			return Over
		case again:
			continue
		case holds: // it doesn't look
		case self.look():
			return Held
		case late:
			return Expired
		}
		t.blocked, t.waitsFor = true, what
		if stuck {
			s.stuck = &spec.Stuck{Op: f.op, Waits: s.waits()}
			s.aborted = true
			return Over
		}
		s.Calmer()
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
