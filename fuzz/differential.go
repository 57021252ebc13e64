package fuzz

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Run is one run of a program on an adapter, and what the specification says of it.
type Run struct {
	Program *program.Program
	Labels  []spec.Label
	Report  *traces.Report
	// Stuck says who waited for what where the program could not end, or did not in time.
	Stuck *spec.Stuck
}

// Budget bounds the states that judging one run may visit: a run beyond it is undecided, and
// the next one is worth more.
const Budget = 100_000

// Execute runs a program on a fresh system of an adapter and judges its trace. The error is the
// adapter's: it could not run the program.
func Execute(ctx context.Context, a spec.Adapter, p *program.Program, cfg spec.SystemConfig) (*Run, error) {
	tape := &tape{}
	cfg.Recorder = tape
	sys, err := a.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening a system: %w", err)
	}
	stop := context.AfterFunc(ctx, sys.Abort)
	err = sys.Run(func(f spec.Frame) { program.Run(sys, f, p) })
	stop()
	labels := tape.stop()
	if _, closeErr := sys.Close(); err == nil {
		err = closeErr
	}
	var stuck *spec.Stuck
	if err != nil && !errors.As(err, &stuck) {
		return nil, err
	}
	// A generated program runs no code on foreign threads.
	if slices.ContainsFunc(labels, func(l spec.Label) bool {
		return l.Kind == spec.EnterLabel && l.Frame > 0 && l.Process == nil
	}) {
		return nil, spec.ErrNoProcess
	}
	o := traces.OptionsFor(a.Handshake())
	o.Budget = Budget
	return &Run{Program: p, Labels: labels, Report: traces.Check(labels, o), Stuck: stuck}, nil
}

// A tape keeps labels, of any goroutine, until it is stopped.
type tape struct {
	mu      sync.Mutex
	labels  []spec.Label
	stopped bool
}

func (t *tape) Record(l spec.Label) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.stopped {
		t.labels = append(t.labels, l)
	}
}

func (t *tape) stop() []spec.Label {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	return t.labels
}
