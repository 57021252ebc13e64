package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Pool is an adapter that outlives its processes: a [spec.Adapter] whose systems are served
// by one process in turn, until that process breaks and a spare takes over. A process is
// replaced after an error, a crash, a stuck operation or an unclean close, not otherwise.
// Safe for concurrent use; one system is open at a time.
type Pool struct {
	start     func(ctx context.Context) (*Process, error)
	handshake spec.Handshake
	ctx       context.Context // ends with the pool
	cancel    context.CancelFunc
	closing   func() error
	// clearing waits for processes that are on their way out, and for a spare's start.
	clearing sync.WaitGroup
	// spare yields the one started ahead.
	spare chan spareProcess

	mu      sync.Mutex
	current *Process // nil once the pool is closed, or while a replacement failed
	// blamed is set once a run, close or open has reported that current is broken.
	blamed bool
	closed bool
	errs   []error // of ending processes

	// live guards what is below it: mu may be held for as long as a start takes.
	live sync.Mutex
	// all are the processes that were started and are not known to have ended; cut says that
	// none may go on.
	all map[*running]bool
	cut bool
}

// A spareProcess is a process started ahead, or why there is none.
type spareProcess struct {
	process *Process
	err     error
}

var _ spec.Adapter = (*Pool)(nil)

// NewPool starts the first process, whose handshake is the pool's, and a spare in the
// background. ctx bounds the first start alone.
func NewPool(ctx context.Context, opts Options) (*Pool, error) {
	p := &Pool{spare: make(chan spareProcess, 1), all: map[*running]bool{}}
	p.start = func(ctx context.Context) (*Process, error) { return startTelling(ctx, opts, p.launched) }
	first, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	p.current, p.handshake = first, first.Handshake()
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.closing = sync.OnceValue(p.close)
	p.startSpare()
	return p, nil
}

// Handshake is that of the first process, with the pid of the one that serves now.
func (p *Pool) Handshake() spec.Handshake {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.handshake
	if p.current != nil {
		h.PID = p.current.Handshake().PID
	}
	return h
}

// Open makes a fresh system in the current process, or in a replacement where that one is
// known to be broken. A process that broke while no system was open is an error once: it
// would be nobody's else.
func (p *Pool) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	current, err := p.usable(ctx)
	if err != nil {
		return nil, err
	}
	sys, err := current.Open(ctx, cfg)
	if err != nil {
		p.blame(current)
		return nil, err
	}
	return &pooledSystem{System: sys, pool: p, process: current}, nil
}

// usable returns the process for the next system.
func (p *Pool) usable(ctx context.Context) (*Process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.wasCut() {
		return nil, errors.New("opening a system: the adapter is closed")
	}
	if p.current != nil {
		if p.current.Healthy() || !p.blamed {
			// One that broke unnoticed tells about that itself, when it is opened.
			return p.current, nil
		}
		p.retire(p.current)
		p.current = nil
	}
	select {
	case next := <-p.spare:
		p.startSpare()
		if next.err != nil {
			return nil, fmt.Errorf("replacing an adapter process that broke: %w", next.err)
		}
		p.current, p.blamed = next.process, false
		return p.current, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("replacing an adapter process that broke: the spare didn't start in time: %w", ctx.Err())
	case <-p.ctx.Done():
		return nil, errors.New("opening a system: the adapter is closed")
	}
}

// startSpare starts another process in the background.
func (p *Pool) startSpare() {
	p.clearing.Go(func() {
		process, err := p.start(p.ctx)
		if err == nil {
			if err = sameHandshake(p.handshake, process.Handshake()); err != nil {
				err = errors.Join(err, process.Close())
				process = nil
			}
		}
		p.spare <- spareProcess{process, err}
	})
}

// sameHandshake compares what two processes of one command say; they differ in their pid.
func sameHandshake(first, other spec.Handshake) error {
	other.PID = first.PID
	want, err := json.Marshal(first)
	if err != nil {
		return err
	}
	got, err := json.Marshal(other)
	if err != nil {
		return err
	}
	if string(want) != string(got) {
		return fmt.Errorf("a further process of the adapter shook hands differently; make the handshake depend on the command alone\n    first %s\n    then  %s", spec.Brief(string(want), spec.LineLength), spec.Brief(string(got), spec.LineLength))
	}
	return nil
}

// blame notes that somebody was told that process is broken.
func (p *Pool) blame(process *Process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if process == p.current {
		p.blamed = true
	}
}

// retire ends a process in the background; p.mu is held.
func (p *Pool) retire(process *Process) {
	p.clearing.Go(func() {
		if err := process.Close(); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.errs = append(p.errs, err)
		}
	})
}

// launched notes a process that has just been started.
func (p *Pool) launched(r *running) {
	p.live.Lock()
	defer p.live.Unlock()
	p.all[r] = true
	if p.cut {
		r.cutHard()
	}
	go func() {
		<-r.done
		p.live.Lock()
		defer p.live.Unlock()
		delete(p.all, r)
	}()
}

func (p *Pool) wasCut() bool {
	p.live.Lock()
	defer p.live.Unlock()
	return p.cut
}

// Cut has all processes killed, now and in whatever state they are: what is open on them fails.
// It doesn't wait, and is for who can't wait for an adapter any longer; Close is still needed.
func (p *Pool) Cut() {
	p.live.Lock()
	defer p.live.Unlock()
	p.cut = true
	for r := range p.all {
		r.cutHard()
	}
}

// Close ends all processes. The error is about what could not be ended, now or earlier.
func (p *Pool) Close() error { return p.closing() }

func (p *Pool) close() error {
	p.cancel() // a spare that is being started isn't waited for
	p.mu.Lock()
	p.closed = true
	if p.current != nil {
		p.retire(p.current)
		p.current = nil
	}
	p.mu.Unlock()
	if next := <-p.spare; next.process != nil {
		p.mu.Lock()
		p.retire(next.process)
		p.mu.Unlock()
	}
	p.clearing.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return errors.Join(p.errs...)
}

// pooledSystem tells the pool what became of its process.
type pooledSystem struct {
	spec.System
	pool    *Pool
	process *Process
}

func (s *pooledSystem) Run(test func(spec.Frame)) error {
	err := s.System.Run(test)
	if err != nil {
		s.pool.blame(s.process)
	}
	return err
}

// Discard implements [spec.Discarder].
func (s *pooledSystem) Discard() {
	s.pool.blame(s.process)
	discard(s.System)
}

func (s *pooledSystem) Close() (spec.Leftover, error) {
	left, err := s.System.Close()
	if err != nil || left.Unclean {
		s.pool.blame(s.process)
	}
	return left, err
}
