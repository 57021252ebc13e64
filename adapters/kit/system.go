package kit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// A System is one world of processes and what they share: a case's. mu, the monitor, guards every field but those of the recorder; it is
// held while an operation runs, save where that waits or calls code, so that an operation has one effect at one instant. What an
// implementation does beside - on goroutines of its own - is done between Lock and Unlock. Methods say where the monitor is not held;
// those of [spec.System] may be called from anywhere.
type System struct {
	// Own is the implementation's part, set by Implementation.Open.
	Own any

	mu sync.Mutex

	operations map[string]Operation // constant, as are the next five
	handshake  spec.Handshake
	hooks      Hooks
	decide     Decisions
	watchdog   time.Duration // negative for none
	poll       time.Duration // between two looks of who waits for mail, 0 for none

	callbacks []spec.Func
	objects   map[string]any                // by Ref.ID
	functions map[spec.Symbol]spec.Callback // named by defun
	made      int                           // objects so far, for their names
	prefix    string                        // of those names

	main      *Thread   // the outermost frame's, once Run has been called
	threads   []*Thread // those that live, in order of their beginning
	predicate Waiters   // those whose wait depends on cells or mailboxes
	closers   map[Closer]bool
	children  map[*child]bool // counted where they are left

	aborted bool
	closes  bool // Close has been called
	closed  bool
	stuck   *spec.Stuck
	broken  *spec.Broken
	told    bool           // stuck or broken has been reported
	calm    chan struct{}  // while Close lets the threads come to rest
	over    chan struct{}  // closed once Close has done all
	closing func()         // tells the adapter; constant
	running sync.WaitGroup // goroutines and Run

	recorder struct {
		sync.Mutex
		spec.Recorder
		frames int
		opened time.Time
	}
}

var _ spec.System = (*System)(nil)

func newSystem(cfg spec.SystemConfig) *System {
	s := &System{
		objects:   map[string]any{},
		functions: map[spec.Symbol]spec.Callback{},
		closers:   map[Closer]bool{},
		children:  map[*child]bool{},
		over:      make(chan struct{}),
		watchdog:  cmp.Or(cfg.Watchdog, spec.DefaultWatchdog),
	}
	s.recorder.Recorder = cfg.Recorder
	s.recorder.opened = time.Now()
	return s
}

// Lock takes the monitor.
func (s *System) Lock() { s.mu.Lock() }

// Unlock gives it back.
func (s *System) Unlock() { s.mu.Unlock() }

// IsClosed tells whether the system is closed, or being closed: no code runs in it any more.
func (s *System) IsClosed() bool { return s.closed }

// IsAborted tells whether the case was given up.
func (s *System) IsAborted() bool { return s.aborted }

// Handshake is what the adapter has said of itself. The caller doesn't change it.
func (s *System) Handshake() spec.Handshake { return s.handshake }

// Go runs something on a goroutine of its own, for whose end Close waits; the monitor may be held, and is not meanwhile.
func (s *System) Go(do func()) {
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		do()
	}()
}

// Register makes fn callable. Numbers begin at 1: 0 is the outermost frame's.
func (s *System) Register(fn spec.Func) spec.Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callbacks = append(s.callbacks, fn)
	return spec.Callback(len(s.callbacks))
}

// Run runs test on the calling goroutine, as a process of its own which ends, with its
// cleanups, when test returns. A *spec.Stuck says that an operation of it outlasted the
// watchdog; a *spec.Broken that a Func panicked, or that an error signalled in the
// outermost process was handled by nobody.
func (s *System) Run(test func(spec.Frame)) error {
	s.mu.Lock()
	if s.main != nil || s.closed {
		s.mu.Unlock()
		return &spec.Broken{Doing: "running the outermost frame", Err: errors.New("the system has run before, or is closed")}
	}
	var live func(fn spec.Func)
	s.main, live = s.hooks.Outermost(s)
	s.running.Add(1)
	s.mu.Unlock()
	func() {
		defer s.running.Done()
		live(func(f spec.Frame, _ []spec.Value) []spec.Value { test(f); return nil })
	}()
	return s.fault()
}

// fault reports a stuck or broken run once.
func (s *System) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told {
		return nil
	}
	s.told = s.stuck != nil || s.broken != nil
	switch {
	case s.stuck != nil:
		return s.stuck
	case s.broken != nil:
		return s.broken
	}
	return nil
}

// Breaks notes the first thing that broke in the adapter itself, which Run or Close then reports.
func (s *System) Breaks(doing string, err error) {
	if s.broken == nil {
		s.broken = &spec.Broken{Doing: doing, Err: err, Own: true}
	}
}

// Abort gives the case up: the operations of the outermost process answer Aborted.
func (s *System) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = true
	if s.main != nil {
		s.main.Wake()
	}
}

// How long Close waits: for processes that are neither blocked nor dead to become one of
// them, so that a case which has just let its processes end isn't said to have left them;
// and for Funcs to return once their operations answer Gone: half the watchdog, between the two. Together that is less
// than a harness waits for the answer to close, the watchdog but five seconds at least.
const (
	restLimit  = 100 * time.Millisecond
	leaveLeast = 4 * time.Second
	leaveMost  = 10 * time.Second
)

// Close ends what is left. Processes unwind without running their cleanups, for every
// operation answers Gone by then; children that are known are killed and reaped, ended ones too. A
// second Close waits for the first, and does nothing. The error is what Run would have reported, had it not
// returned before.
func (s *System) Close() (spec.Leftover, error) {
	s.mu.Lock()
	if s.closes {
		s.mu.Unlock()
		<-s.over
		return spec.Leftover{}, nil
	}
	s.closes = true
	defer close(s.over)
	s.rest()
	s.closed = true
	left := spec.Leftover{Children: len(s.children)}
	for _, t := range s.threads {
		if t.IsProcess() {
			if !t.Resting {
				left.Processes++
			}
			t.Unwind()
		}
		t.Wake()
	}
	if s.hooks.Closing != nil {
		left.Children += s.hooks.Closing(s)
	}
	open := s.closers
	s.closers = map[Closer]bool{}
	for child := range s.children {
		open[child] = true
	}
	s.mu.Unlock()

	closeAll(open)
	left.Unclean = !s.ended()
	if s.hooks.Closed != nil {
		s.mu.Lock()
		s.hooks.Closed(s)
		s.mu.Unlock()
	}
	s.closing()
	return left, s.fault()
}

// rest waits until no thread runs, or a short while; mu is held, but not throughout.
func (s *System) rest() {
	s.calm = make(chan struct{}, 1)
	defer func() { s.calm = nil }()
	limit := time.NewTimer(restLimit)
	defer limit.Stop()
	busy := func(t *Thread) bool { return !t.blocked && !t.Resting }
	for slices.ContainsFunc(s.threads, busy) {
		s.mu.Unlock()
		select {
		case <-s.calm:
			s.mu.Lock()
		case <-limit.C:
			s.mu.Lock()
			return
		}
	}
}

// Calmer tells a closing system that a thread has come to rest.
func (s *System) Calmer() {
	select {
	case s.calm <- struct{}{}:
	default:
	}
}

// A Closer is something that a system has open: a file, a connection.
type Closer interface{ Close() error }

// AtClose has x closed with the system, and soon where that is closed already. Close of x may be called with others' side by side; errors
// are ignored. The monitor isn't held.
func (s *System) AtClose(x Closer) {
	if s.closed {
		s.Go(func() { _ = x.Close() })
		return
	}
	s.closers[x] = true
}

// NotAtClose takes that back.
func (s *System) NotAtClose(x Closer) { delete(s.closers, x) }

// A child is a process of the operating system whose end nobody has collected.
type child struct{ end func() error }

func (c *child) Close() error { return c.end() }

// Started takes note of a child of the operating system. Until gone is called, with the monitor held, it counts as left where the system
// is closed; end is then called, without the monitor, which kills it and waits for its end. So it is soon where the system is closed already.
func (s *System) Started(end func() error) (gone func()) {
	c := &child{end}
	if s.closed {
		s.AtClose(c)
		return func() {}
	}
	s.children[c] = true
	return func() { delete(s.children, c) }
}

// closeAll closes what is open, side by side: what one waits for another may hold.
func closeAll(open map[Closer]bool) {
	var closing sync.WaitGroup
	for x := range open {
		closing.Go(func() { _ = x.Close() })
	}
	closing.Wait()
}

// ended waits for all goroutines of the system. One that doesn't come back is code that
// issues no operation: nothing in Go can end it.
func (s *System) ended() bool {
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	limit := time.NewTimer(min(max(s.watchdog/2, leaveLeast), leaveMost))
	defer limit.Stop()
	select {
	case <-done:
		return true
	case <-limit.C:
		return false
	}
}

// waits says of each blocked process what it waits for; mu is held.
func (s *System) waits() []string {
	var lines []string
	for _, t := range s.threads {
		if t.IsProcess() && t.blocked {
			lines = append(lines, fmt.Sprintf("%s %q waits for %s", t.ref, t.label, t.waitsFor))
		}
	}
	return lines
}

// record hands one label to the recorder. mu isn't held: a label is recorded outside the
// interval in which its operation may take effect, a call before and a return after.
func (s *System) record(l spec.Label) {
	r := &s.recorder
	if r.Recorder == nil {
		return
	}
	r.Lock()
	defer r.Unlock()
	l.At = time.Since(r.opened)
	r.Record(l)
}

// recordEnter numbers a frame in the order of entering, and records that it is entered.
func (s *System) recordEnter(f *Frame, args []spec.Value) {
	r := &s.recorder
	r.Lock()
	defer r.Unlock()
	f.number = r.frames
	r.frames++
	if r.Recorder != nil {
		r.Record(spec.Label{
			Kind: spec.EnterLabel, Frame: f.number, Process: f.Process(),
			Callback: f.code, Args: args, At: time.Since(r.opened),
		})
	}
}
