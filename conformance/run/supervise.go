package run

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// The watchdog over adapters that live in this process. One in another process is watched by the
// wire, and ended with its process. A call into a library that never returns can't be ended: its
// goroutine stays, its system is abandoned, and the next case gets a fresh adapter.

// Factory makes the adapter that a door opens on. The door closes it.
type Factory func() (spec.Adapter, error)

// supervised is an adapter on a real clock whose systems are watched, unless they can be discarded:
// then whoever can do that watches them.
type supervised struct {
	renew Factory // makes the adapter that takes the place of an abandoned one; nil for none

	mu      sync.Mutex
	adapter spec.Adapter
	lost    int // how many systems were abandoned
	tainted bool
	// closed is closed once the abandoned system of the adapter has been closed after all; nil where
	// there is no system to close.
	closed chan struct{}
}

// supervise returns the adapter itself where there is nothing to watch: time is virtual.
func supervise(adapter spec.Adapter, renew Factory) spec.Adapter {
	if _, already := adapter.(*supervised); already || adapter.Handshake().Clock == spec.Virtual {
		return adapter
	}
	return &supervised{renew: renew, adapter: adapter}
}

func (a *supervised) current() spec.Adapter {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.adapter
}

// Handshake implements [spec.Adapter].
func (a *supervised) Handshake() spec.Handshake { return a.current().Handshake() }

// Close implements [spec.Adapter]. An adapter with an abandoned system is not waited for.
func (a *supervised) Close() error {
	a.mu.Lock()
	adapter, tainted, closed := a.adapter, a.tainted, a.closed
	a.mu.Unlock()
	if tainted {
		closeAfter(adapter, closed)
		return nil
	}
	return adapter.Close()
}

// closeAfter has an adapter closed once its abandoned system is, should that ever be.
func closeAfter(adapter spec.Adapter, closed <-chan struct{}) {
	go func() {
		<-closed
		_ = adapter.Close()
	}()
}

// openLimit is what Open gets at least: one in another process may have to start that.
const openLimit = spec.DefaultWatchdog

// Open implements [spec.Adapter].
func (a *supervised) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	adapter, err := a.fresh()
	if err != nil {
		return nil, err
	}
	if cfg.Watchdog < 0 { // somebody else watches
		return adapter.Open(ctx, cfg)
	}
	limit := cmp.Or(cfg.Watchdog, spec.DefaultWatchdog)
	type opened struct {
		sys spec.System
		err error
	}
	done := make(chan opened, 1)
	go func() {
		sys, err := adapter.Open(ctx, cfg)
		done <- opened{sys, err}
	}()
	patience := max(limit, openLimit)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case o := <-done:
		if _, itself := o.sys.(spec.Discarder); o.err != nil || itself {
			return o.sys, o.err
		}
		return &watched{System: o.sys, adapter: a, limit: limit, overdue: make(chan *spec.Stuck, 1), closed: make(chan struct{})}, nil
	case <-timer.C:
		closed := make(chan struct{})
		a.abandon(closed)
		go func() { // should it come after all, nobody wants it any more
			if o := <-done; o.sys != nil {
				_, _ = o.sys.Close()
			}
			close(closed)
		}()
		return nil, &spec.Broken{Doing: "opening a system", Err: fmt.Errorf("Open did not return within %v; its goroutine stays", patience)}
	}
}

// fresh is the adapter, or one that takes the place of an adapter with an abandoned system.
func (a *supervised) fresh() (spec.Adapter, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.tainted || a.renew == nil {
		return a.adapter, nil
	}
	adapter, err := a.renew()
	if err != nil {
		return nil, fmt.Errorf("making an adapter in place of the one with an abandoned system: %w", err)
	}
	was, is := a.adapter.Handshake(), adapter.Handshake()
	if is.PID = was.PID; !reflect.DeepEqual(was, is) {
		adapter.Close()
		return nil, fmt.Errorf("the factory made adapters that shake hands differently: %+v, then %+v", was, is)
	}
	closeAfter(a.adapter, a.closed)
	a.adapter, a.tainted, a.closed = adapter, false, nil
	return adapter, nil
}

func (a *supervised) abandon(closed chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost++
	a.tainted, a.closed = true, closed
}

// Abandoned is how many systems of the session's adapter were given up with a call in them that never
// returned: each has a goroutine that stays until this process ends.
func (s *Session) Abandoned() int {
	a, ok := s.cfg.Adapter.(*supervised)
	if !ok {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lost
}

// grace is what an adapter gets beyond the limit: it may have a watchdog of its own, which knows more.
func grace(limit time.Duration) time.Duration {
	return min(max(limit/8, 250*time.Millisecond), 2*time.Second)
}

// abandonGrace is what a run gets to end once it was given up.
const abandonGrace = time.Second

// watched is a system of which an operation of the outermost frame, the run's end and the closing are
// watched.
type watched struct {
	spec.System
	adapter   *supervised
	limit     time.Duration
	overdue   chan *spec.Stuck // the first operation that did not return in time
	closed    chan struct{}    // once Close of the system has returned
	ended     sync.Once
	abandoned atomic.Bool
}

// Run implements [spec.System]. It returns when the run has ended, or was abandoned.
func (s *watched) Run(test func(spec.Frame)) error {
	done := make(chan error, 1)
	go func() {
		done <- s.System.Run(func(f spec.Frame) {
			test(&watchedFrame{f, s})
			s.expectEnd("the end of the outermost process")
		})
	}()
	select {
	case err := <-done:
		return err
	case stuck := <-s.overdue:
		go s.System.Abort()
		timer := time.NewTimer(abandonGrace)
		defer timer.Stop()
		select {
		case err := <-done:
			if err != nil {
				return err
			}
		case <-timer.C:
			s.abandon()
			stuck.Waits = append(stuck.Waits, "the call does not come back though it was given up: its system is abandoned, and the goroutine in it stays")
		}
		return stuck
	}
}

// Abort implements [spec.System].
func (s *watched) Abort() {
	s.expectEnd("the end of a run that was given up")
	s.System.Abort()
}

// expectEnd gives the run as long as an operation to come to its end.
func (s *watched) expectEnd(what string) {
	time.AfterFunc(s.limit+grace(s.limit), func() { s.late(what) })
}

// late notes that something did not end in time. Nobody minds once the run has ended.
func (s *watched) late(what string) {
	select {
	case s.overdue <- &spec.Stuck{Op: what}:
	default:
	}
}

func (s *watched) abandon() {
	if !s.abandoned.Swap(true) {
		s.adapter.abandon(s.closed)
	}
}

// Close implements [spec.System]. An abandoned system is not waited for.
func (s *watched) Close() (spec.Leftover, error) {
	type closed struct {
		left spec.Leftover
		err  error
	}
	done := make(chan closed, 1)
	go func() {
		left, err := s.System.Close()
		done <- closed{left, err}
		s.ended.Do(func() { close(s.closed) })
	}()
	if s.abandoned.Load() {
		return spec.Leftover{Unclean: true}, nil
	}
	timer := time.NewTimer(s.limit + grace(s.limit))
	defer timer.Stop()
	select {
	case c := <-done:
		return c.left, c.err
	case <-timer.C:
		s.abandon()
		return spec.Leftover{Unclean: true}, &spec.Broken{Doing: "closing the system", Err: fmt.Errorf("Close did not return within %v; its goroutines stay", s.limit)}
	}
}

// watchedFrame is the outermost frame of a watched system.
type watchedFrame struct {
	spec.Frame
	sys *watched
}

// Process implements [spec.ProcessFrame].
func (f *watchedFrame) Process() spec.Value { return spec.ProcessOf(f.Frame) }

// Do implements [spec.Frame].
func (f *watchedFrame) Do(call spec.Call) spec.Return {
	limit := f.sys.limit + call.Requested()
	timer := time.AfterFunc(limit+grace(f.sys.limit), func() { f.sys.late(call.String()) })
	defer timer.Stop()
	return f.Frame.Do(call)
}
