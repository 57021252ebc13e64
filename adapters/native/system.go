package native

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// system is one world of processes, mailboxes and children. mu, the monitor, guards every
// field but those of the recorder.
type system struct {
	mu sync.Mutex

	callbacks []spec.Func
	objects   map[string]any                // by Ref.ID
	functions map[spec.Symbol]spec.Callback // named by defun
	globals   map[spec.Symbol]spec.Value    // the global values of symbols
	methods   map[string]spec.Callback      // of general-handle-event, by what new makes
	made      int                           // objects so far, for their names
	prefix    string                        // of those names, in a launched image; constant
	image     *launched                     // what a launched image knows of itself, nil in the first; constant

	main      *process   // the outermost frame's, once Run has been called
	processes []*process // those not dead, in order of creation
	born      int
	predicate waiters // processes whose wait depends on cells or mailboxes

	threads  []*process // code that runs on no process
	closers  map[closer]bool
	programs []*program    // of run and start, not yet reaped
	starting int           // children may be there that are in no list yet
	watching bool          // somebody looks after programs
	quit     chan struct{} // closed with the system

	children    []*child // not yet reaped, in order of starting
	childEvents waiters
	ends        int  // of children that were noticed as they ended
	ignoresEnds bool // of children: whoever ends is reaped

	aborted   bool
	closed    bool
	stuck     *spec.Stuck
	broken    *spec.Broken
	told      bool                                // stuck or broken has been reported
	calm      chan struct{}                       // while Close lets the processes come to rest
	closing   func()                              // tells the adapter; constant
	watchdog  time.Duration                       // negative for none; constant
	replace   func(spec.Call) (spec.Return, bool) // answers instead, or nil; constant
	decide    decisions                           // constant
	liberties []string                            // by which it decides so; constant
	handshake spec.Handshake                      // what isn't in it is absent; constant
	reaping   *process                            // others are held while it reaps (decisions.holdsOthers)
	alone     *process                            // others stand still while it runs with other threads disabled
	running   sync.WaitGroup                      // goroutines and Run

	recorder struct {
		sync.Mutex
		spec.Recorder
		frames int
		opened time.Time
	}
}

func newSystem(cfg spec.SystemConfig) *system {
	s := &system{
		objects:   map[string]any{},
		functions: map[spec.Symbol]spec.Callback{},
		globals:   symbolsAtFirst(),
		methods:   map[string]spec.Callback{},
		closers:   map[closer]bool{},
		quit:      make(chan struct{}),
		watchdog:  cmp.Or(cfg.Watchdog, spec.DefaultWatchdog),
	}
	s.recorder.Recorder = cfg.Recorder
	s.recorder.opened = time.Now()
	return s
}

// Register makes fn callable. Numbers begin at 1: 0 is the outermost frame's.
func (s *system) Register(fn spec.Func) spec.Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callbacks = append(s.callbacks, fn)
	return spec.Callback(len(s.callbacks))
}

// Run runs test on the calling goroutine, as a process of its own which ends, with its
// cleanups, when test returns. A *spec.Stuck says that an operation of it outlasted the
// watchdog; a *spec.Broken that a Func panicked, or that an error signalled in the
// outermost process was handled by nobody.
func (s *system) Run(test func(spec.Frame)) error {
	s.mu.Lock()
	if s.main != nil || s.closed {
		s.mu.Unlock()
		return &spec.Broken{Doing: "running the outermost frame", Err: errors.New("the system has run before, or is closed")}
	}
	p := s.newProcess(spec.String("outermost"), nil)
	s.main = p
	s.mu.Unlock()
	p.run(0, func(f spec.Frame, _ []spec.Value) []spec.Value { test(f); return nil }, nil)
	return s.fault()
}

// fault reports a stuck or broken run once.
func (s *system) fault() error {
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

// breaks notes the first thing that broke; mu is held.
func (s *system) breaks(doing string, err error) {
	if s.broken == nil {
		s.broken = &spec.Broken{Doing: doing, Err: err, Own: true}
	}
}

// Abort gives the case up: the operations of the outermost process answer Aborted.
func (s *system) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = true
	if s.main != nil {
		s.main.wake()
	}
}

// How long Close waits: for processes that are neither blocked nor dead to become one of
// them, so that a case which has just let its processes end isn't said to have left them;
// and for Funcs to return once their operations answer Gone.
const (
	restLimit  = 100 * time.Millisecond
	leaveLimit = 10 * time.Second
)

// Close ends what is left. Processes unwind without running their cleanups, for every
// operation answers Gone by then; children get SIGKILL and are reaped, ended ones too. A
// second Close does nothing. The error is what Run would have reported, had it not
// returned before.
func (s *system) Close() (spec.Leftover, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return spec.Leftover{}, nil
	}
	s.rest()
	s.closed = true
	left := spec.Leftover{Children: len(s.children)}
	for _, p := range s.processes {
		if !p.rests { // the thread may make another call
			left.Processes++
		}
		p.callOffStop()
		p.unwind()
		p.wake()
	}
	for _, t := range s.threads {
		t.wake()
	}
	s.killChildren()
	close(s.quit)
	open := s.closers
	s.closers = map[closer]bool{}
	s.mu.Unlock()

	closeAll(open)
	left.Unclean = !s.ended()
	s.mu.Lock()
	s.reapChildren()
	s.mu.Unlock()
	s.closing()
	return left, s.fault()
}

// rest waits until no process runs, or a short while; mu is held, but not throughout.
func (s *system) rest() {
	s.calm = make(chan struct{}, 1)
	defer func() { s.calm = nil }()
	limit := time.NewTimer(restLimit)
	defer limit.Stop()
	busy := func(p *process) bool { return !p.blocked && !p.rests }
	for slices.ContainsFunc(s.processes, busy) || slices.ContainsFunc(s.threads, busy) {
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

// closeAll closes what is open, side by side: what one waits for another may hold.
func closeAll(open map[closer]bool) {
	var closing sync.WaitGroup
	for x := range open {
		closing.Go(func() { _ = x.close() })
	}
	closing.Wait()
}

// without is a list without one element.
func without[T comparable](list []T, x T) []T {
	return slices.DeleteFunc(list, func(y T) bool { return x == y })
}

// calmer tells a closing system that a process blocks or died; mu is held.
func (s *system) calmer() {
	select {
	case s.calm <- struct{}{}:
	default:
	}
}

// ended waits for all goroutines of the system. One that doesn't come back is code that
// issues no operation: nothing in Go can end it.
func (s *system) ended() bool {
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	limit := time.NewTimer(leaveLimit)
	defer limit.Stop()
	select {
	case <-done:
		return true
	case <-limit.C:
		return false
	}
}

// waits says of each blocked process what it waits for; mu is held.
func (s *system) waits() []string {
	var lines []string
	for _, p := range s.processes {
		if p.blocked {
			lines = append(lines, fmt.Sprintf("%s %q waits for %s", p.ref, p.name, p.waitsFor))
		}
	}
	return lines
}

// record hands one label to the recorder. mu isn't held: a label is recorded outside the
// interval in which its operation may take effect, a call before and a return after.
func (s *system) record(l spec.Label) {
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
func (s *system) recordEnter(f *frame, args []spec.Value) {
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
