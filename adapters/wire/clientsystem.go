package wire

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

var noValues = []byte(`{"values":[]}`)

// system is a [spec.System] at the other end of the wire.
type system struct {
	client *Client
	name   string
	cfg    spec.SystemConfig
	since  time.Time

	down     chan struct{} // closed when the run is given up: err is set
	discard  sync.Once
	gone     chan struct{} // closed when the adapter is given up too
	aborted  chan struct{} // closed by Abort
	root     chan func(test func(spec.Frame)) *frame
	rootCtx  context.Context // for operations of the harness; cancelled by Abort too
	restCtx  context.Context
	stopRoot context.CancelFunc
	stopRest context.CancelFunc

	mu       sync.Mutex // also held while the recorder is told, and while a call is posted
	err      error
	reported bool // Run has returned err
	ran      bool // Run was called
	closing  bool // Close was called
	closed   bool // and is done
	lost     bool // the adapter is gone, or an operation may have stopped its world
	rooted   bool // the outermost frame was entered
	funcs    []spec.Func
	frames   int           // entered so far, without the outermost
	seq      uint64        // counts enters and operations that stop the world
	open     []*operation  // in the order in which they were issued
	images   []*image      // that have attached, in that order
	pinging  bool          // no operation may stop the world
	changed  chan struct{} // closed and replaced when an operation that waits may go on
	running  int           // Funcs
	idle     chan struct{} // closed while none runs
}

func newSystem(c *Client, cfg spec.SystemConfig) *system {
	s := &system{
		client: c, cfg: cfg, since: time.Now(),
		down: make(chan struct{}), gone: make(chan struct{}), aborted: make(chan struct{}), changed: make(chan struct{}),
		root: make(chan func(func(spec.Frame)) *frame, 1), idle: make(chan struct{}),
	}
	close(s.idle)
	s.restCtx, s.stopRest = context.WithCancel(context.Background())
	s.rootCtx, s.stopRoot = context.WithCancel(s.restCtx)
	return s
}

// Register makes fn callable under the next number.
func (s *system) Register(fn spec.Func) spec.Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.funcs = append(s.funcs, fn)
	return spec.Callback(len(s.funcs))
}

// Run runs test as the outermost frame, once the adapter has entered it, and then waits
// until the adapter has ended the run.
func (s *system) Run(test func(spec.Frame)) error {
	s.mu.Lock()
	again := s.ran
	s.ran = true
	s.mu.Unlock()
	if again {
		return &spec.Broken{Doing: "running system " + s.name, Err: errors.New("Run was called before")}
	}
	s.run(test)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reported = true
	return s.err
}

func (s *system) run(test func(spec.Frame)) {
	root := s.start(test)
	if root == nil {
		return
	}
	<-root.ended
	if isClosed(s.down) {
		return
	}
	p := s.client.conn.request("finish", encode(systemParams{s.name}), nil)
	if !s.ends(p.done, "the end of the outermost frame") {
		return
	}
	doing := s.doing("finishing")
	if p.err != nil {
		s.fail(s.client.brokenBy(doing, p.err))
		return
	}
	run, err := decodeFinish(p.result)
	switch {
	case err != nil:
		s.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("want {}, stuck or broken in answer to finish: %v, in %s", err, quote(p.result))})
	case run != nil:
		s.giveUp(run)
	}
}

// start runs test in the outermost frame once that was entered; nil means it never was.
func (s *system) start(test func(spec.Frame)) *frame {
	timer := time.NewTimer(s.cfg.Watchdog)
	defer timer.Stop()
	aborted := s.aborted
	for {
		select {
		case begin := <-s.root:
			return begin(test)
		case <-s.down:
			return nil
		case <-aborted:
			aborted = nil
			timer.Reset(s.ending())
		case <-timer.C:
			s.giveUp(&spec.Broken{Doing: s.doing("running"),
				Err: fmt.Errorf("want an enter of callback 0 within %v of open, got none", s.cfg.Watchdog)})
			return nil
		}
	}
}

// ends waits under the watchdog until ready is closed; an Abort leaves it less time.
func (s *system) ends(ready <-chan struct{}, what string) bool {
	for aborted := isClosed(s.aborted); ; aborted = true {
		abort := s.aborted
		if aborted {
			abort = nil
		}
		w := newWatch(s, s.ending(), what)
		ended := w.wait(ready, abort)
		w.stop()
		if ended || aborted || isClosed(s.down) {
			return ended
		}
	}
}

// ending is how long the adapter has to end what the harness is done with.
func (s *system) ending() time.Duration {
	if isClosed(s.aborted) || isClosed(s.down) {
		return min(s.cfg.Watchdog, s.client.opts.PingTimeout)
	}
	return s.cfg.Watchdog
}

// closeLimit is how long the adapter has to answer close. A short watchdog is meant for operations: an adapter that waits a few seconds
// for a thread which nothing ends, before it calls that unclean, is sound.
func (s *system) closeLimit() time.Duration {
	return max(s.ending(), s.client.opts.PingTimeout)
}

func (s *system) doing(what string) string {
	return fmt.Sprintf("%s system %s of %s", what, s.name, s.client.name())
}

// fail gives up the connection too, as what came over it makes no sense.
func (s *system) fail(b *spec.Broken) {
	s.client.fail(b)
	s.end(b, true)
}

// giveUp ends the run: from here on every operation of every frame answers Aborted, and
// nothing is recorded. The first error counts.
func (s *system) giveUp(err error) { s.end(err, false) }

// end gives the run up; lost says that nobody can be asked to close the system either.
func (s *system) end(err error, lost bool) {
	s.mu.Lock()
	s.lost = s.lost || lost
	first := s.err == nil && !s.closed
	if first {
		s.err = err
		s.lost = s.lost || s.worldStopped()
		close(s.down)
	}
	s.mu.Unlock()
	if first {
		s.stopRest()
		var stuck *spec.Stuck
		if !errors.As(err, &stuck) || !stuck.Proven {
			// A proven stuck run leaves an adapter that is as good as before.
			s.client.condemn()
		}
	}
}

// Abort makes the operations of the outermost frame answer Aborted, without waiting for the
// adapter, and tells it.
func (s *system) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.aborted:
		return
	default:
	}
	close(s.aborted)
	s.stopRoot()
	s.wake()
	if !s.closed {
		s.client.conn.request("abort", encode(systemParams{s.name}), nil)
	}
}

// Discard implements [spec.Discarder].
func (s *system) Discard() {
	s.discard.Do(func() { close(s.gone) })
	s.end(&spec.Broken{Doing: s.doing("running"), Err: errors.New("it was given up, with what runs it")}, true)
}

// Close ends what is left of the system. Where the run was given up on a real clock the
// leftover is unclean whatever the adapter says, as is one that could not be told in time.
func (s *system) Close() (spec.Leftover, error) {
	s.mu.Lock()
	again, err, reported, lost := s.closing, s.err, s.reported, s.lost
	s.closing = true
	s.mu.Unlock()
	if again {
		return spec.Leftover{}, fmt.Errorf("closing system %s: it is closed", s.name)
	}
	if !reported {
		s.Abort()
		select {
		case start := <-s.root:
			start(func(spec.Frame) {}) // Run was not called: nothing to do in it
		default:
		}
	}
	unclean := err != nil && !s.proven(err)
	if unclean && lost {
		s.shut(true)
		if reported {
			err = nil
		}
		return spec.Leftover{Unclean: true}, err
	}
	left, err := s.close()
	if left.Unclean = left.Unclean || unclean || err != nil; left.Unclean {
		s.client.condemn()
	}
	s.shut(left.Unclean)
	return left, err
}

func (s *system) close() (left spec.Leftover, err error) {
	doing := s.doing("closing")
	limit := s.closeLimit()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	p := s.client.conn.request("close", encode(systemParams{s.name}), nil)
	select {
	case <-p.done:
	case <-s.gone:
		return spec.Leftover{Unclean: true}, nil
	case <-timer.C:
		return left, &spec.Broken{Doing: doing, Err: fmt.Errorf("want an answer to close within %v, got none", limit)}
	}
	if p.err != nil {
		return left, s.client.brokenBy(doing, p.err)
	}
	if err := decodeStrict(p.result, &left); err != nil {
		b := &spec.Broken{Doing: doing, Err: fmt.Errorf("want what was left over in answer to close: %v, in %s", err, quote(p.result))}
		s.client.fail(b)
		return left, b
	}
	if err := s.endImages(); err != nil {
		return left, &spec.Broken{Doing: doing, Err: err}
	}
	s.mu.Lock()
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
		return left, nil
	case <-timer.C:
		return left, &spec.Broken{Doing: doing, Err: s.unreturned()}
	}
}

// unreturned says of a system that the adapter has closed why code of the harness still runs in it: for
// want of an answer, where there is an operation without one.
func (s *system) unreturned() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.open {
		if !o.held && !o.answered {
			return fmt.Errorf(`%s on frame %s was never answered: close is answered, so that no process is left, and an operation on a dead frame is answered by {"status":"gone"}`,
				shorten(o.call.String()), spec.Brief(o.frame.name, spec.NameLength))
		}
	}
	return errors.New("a callback didn't return though its process is gone")
}

// shut forgets the system. Funcs that still run see their operations aborted.
func (s *system) shut(unclean bool) {
	s.mu.Lock()
	s.closed = true
	if s.err == nil {
		s.err = &spec.Broken{Doing: s.doing("running"), Err: errors.New("the system is closed")}
		close(s.down)
	}
	s.mu.Unlock()
	s.stopRest()
	s.closeImages()
	c := s.client
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed[s.name] = !unclean
	if c.current == s {
		c.current = nil
		c.conn.messages.Store(nil)
	}
}

func (s *system) proven(err error) bool {
	var stuck *spec.Stuck
	return errors.As(err, &stuck) && stuck.Proven
}
