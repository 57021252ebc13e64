package run

import (
	"context"
	"errors"
	"sync"

	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// Execute puts the cases to the adapters and reports, in the order of the cases whatever
// ran first. When ctx ends the report is partial: it has the cases that were finished. The
// error is about the run as a whole: a refused handshake, lists that contradict each other.
func Execute(ctx context.Context, cfg Config) (*verdict.Report, error) {
	first, err := NewSession(cfg)
	if err != nil {
		return nil, err
	}
	sessions := []*Session{first}
	for _, adapter := range cfg.Beside {
		more, err := first.Beside(adapter)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, more)
	}
	e := &execution{ctx: ctx, cfg: &first.cfg, results: make([]*verdict.Result, len(cfg.Cases)), settle: func() { first.shared.settled.Store(true) }}
	var running sync.WaitGroup
	for _, s := range sessions {
		running.Go(func() { e.work(s) })
	}
	running.Wait()
	var results []verdict.Result
	for _, r := range e.results {
		if r != nil {
			results = append(results, *r)
		}
	}
	return first.Report(results), nil
}

// An execution hands cases out to sessions. mu guards what is below it.
type execution struct {
	ctx context.Context
	cfg *Config
	// settle is called once the run has found what it looked for.
	settle func()

	mu      sync.Mutex
	next    int
	done    int
	stopped bool // by FailFast
	results []*verdict.Result
}

// work runs cases until none is left.
func (e *execution) work(s *Session) {
	for {
		i, ok := e.take()
		if !ok {
			return
		}
		result := s.Run(e.ctx, e.cfg.Cases[i])
		e.finish(i, result)
	}
}

func (e *execution) take() (int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped || e.next == len(e.cfg.Cases) || e.ctx.Err() != nil {
		return 0, false
	}
	i := e.next
	e.next++
	e.progress(i, nil)
	return i, true
}

func (e *execution) finish(i int, result verdict.Result) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx.Err() != nil {
		return // the case was cut short: it has no verdict
	}
	e.results[i] = &result
	e.done++
	e.stopped = e.stopped || e.cfg.FailFast && result.Verdict >= verdict.Error
	if e.stopped {
		e.settle()
	}
	e.progress(i, &result)
}

func (e *execution) progress(i int, result *verdict.Result) {
	if e.cfg.Progress != nil {
		e.cfg.Progress(e.cfg.Cases[i], e.done, result)
	}
}

// errBeside is the fault of adapters that are to run side by side and differ.
var errBeside = errors.New("adapters of one command shook hands differently: make the handshake depend on the command alone")
