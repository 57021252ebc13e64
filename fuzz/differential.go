package fuzz

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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
	// Hung: on real time the program was done, or its test stuck, and nothing happened any more for as long as was
	// asked, although the specification says that something could go on. Report then says what,
	// and Labels end with a quiet label.
	Hung bool

	judgedBy traces.CheckOptions
}

// judged is the run with its report made anew, with known faults that would have shown the same or without.
func (r *Run) judged(unlike bool) *Run {
	if r.Hung || r.judgedBy.Unlike == unlike {
		return r
	}
	again := *r
	again.judgedBy.Unlike = unlike
	again.Report = traces.Check(r.Labels, again.judgedBy)
	return &again
}

// Budget bounds the states that judging one run may visit: a run beyond it is undecided, and
// the next one is worth more.
const Budget = 100_000

// Execute runs a program on a fresh system of an adapter and judges its trace. The error is the
// adapter's: it could not run the program.
func Execute(ctx context.Context, a spec.Adapter, p *program.Program, cfg spec.SystemConfig) (*Run, error) {
	return execute(ctx, a, p, cfg, 0, false, traces.Check)
}

// ExecuteUntilQuiet is Execute that looks on real time, when the program is done, whether
// everybody who still waits has to: where somebody hasn't, and nothing happens for so long, the
// run has hung. 0 doesn't look.
func ExecuteUntilQuiet(ctx context.Context, a spec.Adapter, p *program.Program, cfg spec.SystemConfig, silence time.Duration) (*Run, error) {
	return execute(ctx, a, p, cfg, silence, false, traces.Check)
}

// execute is ExecuteUntilQuiet whose trace is judged by check, with known faults that would have shown the same or without.
func execute(ctx context.Context, a spec.Adapter, p *program.Program, cfg spec.SystemConfig, silence time.Duration, unlike bool,
	check func([]spec.Label, traces.CheckOptions) *traces.Report) (*Run, error) {
	tape := &spec.Tape{}
	o := traces.OptionsFor(a.Handshake())
	o.Budget, o.Unlike = Budget, unlike
	var hung *Run
	var unbounded error
	cfg.Recorder = tape
	sys, err := a.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening a system: %w", err)
	}
	opened := time.Now()
	stop := context.AfterFunc(ctx, sys.Abort)
	err = sys.Run(func(f spec.Frame) {
		if unbounded = program.Run(sys, f, p); unbounded != nil {
			return
		}
		if silence > 0 && !o.Virtual {
			hung = watchSilence(ctx, p, tape, o, silence)
		}
	})
	stop()
	took := time.Since(opened)
	labels := tape.Stop()
	if _, closeErr := sys.Close(); err == nil {
		err = closeErr
	}
	if unbounded != nil {
		return nil, unbounded
	}
	var stuck *spec.Stuck
	if err != nil && !errors.As(err, &stuck) {
		return nil, err
	}
	// A generated program runs no code on threads that may be no process, but that of hooks, and what foreign threads call in.
	hooks := hooksOf(p)
	if !callsElsewhere(p) && slices.ContainsFunc(labels, func(l spec.Label) bool {
		return l.Kind == spec.EnterLabel && l.Frame > 0 && l.Process == nil && !hooks[l.Callback]
	}) {
		return nil, spec.ErrNoProcess
	}
	run := &Run{Program: p, Labels: labels, Report: check(labels, o), Stuck: stuck, judgedBy: o}
	switch {
	case run.Report.Verdict != traces.Allowed:
	case stuck != nil && silence > 0 && !o.Virtual && ctx.Err() == nil:
		if hung = stuckInSilence(p, labels, o, took, silence); hung != nil {
			hung.Stuck = stuck
			return hung, nil
		}
	case hung != nil && stuck == nil:
		return hung, nil
	}
	return run, nil
}

// callsElsewhere tells whether a program has foreign threads call in: that such a thread has a process only some pages say.
func callsElsewhere(p *program.Program) bool {
	return slices.ContainsFunc(p.Blocks, func(steps []program.Step) bool {
		return slices.ContainsFunc(steps, func(s program.Step) bool {
			op := spec.LookupOp(s.Call.Op)
			return op != nil && op.CallsElsewhere()
		})
	})
}

// hooksOf are the blocks that a program gives as status hooks: whose thread runs them is left open (EXT-HOOK-4).
func hooksOf(p *program.Program) map[spec.Callback]bool {
	hooks, functions := map[spec.Callback]bool{}, map[string]spec.Callback{}
	for _, s := range p.Blocks[0] {
		if code, ok := s.Call.Arg(0).(spec.Callback); ok && s.Call.Op == "make-function" {
			functions[s.Name] = code
		}
	}
	for _, steps := range p.Blocks {
		for _, s := range steps {
			if v, ok := s.Call.Key("status-hook"); ok {
				if r, named := v.(spec.Ref); named {
					hooks[functions[r.ID]] = true
				}
			}
		}
	}
	return hooks
}
