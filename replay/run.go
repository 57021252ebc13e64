package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Run is a run that was repeated.
type Run struct {
	Labels []spec.Label
	// Report is what the specification says of it.
	Report *traces.Report
	// Stuck says who waited for what where a program could not end.
	Stuck *spec.Stuck
	// Case and Result are those of a case, nil for a program.
	Case   *cases.Case
	Result *verdict.Result
	// Differs says at which label or choice the run is another than the token's, "" where it
	// is the same.
	Differs string
}

// OfProgram runs a program by a schedule that is given, on the simulator with a rule broken or
// none, and makes the token of the run.
func OfProgram(ctx context.Context, p *program.Program, mutant model.Mutant, schedule spec.Choices) (*Token, error) {
	recording := &refimpl.Recording{From: schedule}
	run, err := fuzz.Execute(ctx, simulator(mutant, p), p, spec.SystemConfig{Choices: recording})
	if err != nil {
		return nil, err
	}
	return &Token{
		Specification: spec.Digest(), Version: cases.Version(), Mutant: mutant, Program: p, Deviations: recording.Deviations(), Prints: printsOf(run.Labels),
	}, nil
}

// OfCase makes the token of a run of a case on a system of the simulator that recorded its
// choices ([refimpl.Options].Record). It repeats the run, and fails where that is another: the
// case depends on more than its choices. Systems of other adapters have no token: an error.
func OfCase(ctx context.Context, sys spec.System, s run.Setting) (*Token, error) {
	simulated, ok := sys.(*refimpl.System)
	if !ok {
		return nil, errors.New("only a run of the simulator can be repeated exactly")
	}
	if slices.Equal(s.Profile, refimpl.New(refimpl.Options{}).Handshake().Profile) {
		s.Profile = nil // which is the same, and shorter
	}
	t := &Token{Specification: spec.Digest(), Version: cases.Version(), Mutant: simulated.Mutant(), Case: &s, Deviations: simulated.Deviations()}
	run, err := t.Replay(ctx)
	if err != nil {
		return nil, err
	}
	if run.Differs != "" {
		return nil, fmt.Errorf("the run can't be repeated: %s", run.Differs)
	}
	t.Prints = printsOf(run.Labels)
	return t, nil
}

// Replay repeats the token's run. The error says why there is none: that it is another run is
// in the result.
func (t *Token) Replay(ctx context.Context) (*Run, error) {
	schedule := &refimpl.Deviating{List: t.Deviations}
	run, err := t.repeat(ctx, simulator(t.Mutant, t.Program), schedule)
	if err != nil {
		return nil, err
	}
	if t.Prints != nil {
		run.Differs = t.Prints.differs(run.Labels)
	}
	if run.Differs == "" {
		run.Differs = schedule.Differs
	}
	if run.Differs == "" && len(schedule.List) > 0 {
		run.Differs = fmt.Sprintf("it ends before step %d, at which it had a choice among %d", schedule.List[0].Step, schedule.List[0].Of)
	}
	return run, nil
}

// simulator runs a program, nil for a case, within bounds.
func simulator(mutant model.Mutant, p *program.Program) *refimpl.Simulator {
	o := refimpl.Options{Mutant: mutant}
	if p != nil {
		o.StepLimit, o.FrameLimit = program.MaxSteps, program.MaxFrames
	}
	return refimpl.New(o)
}

func (t *Token) repeat(ctx context.Context, sim *refimpl.Simulator, schedule spec.Choices) (*Run, error) {
	if t.Program != nil {
		run, err := fuzz.Execute(ctx, sim, t.Program, spec.SystemConfig{Choices: schedule})
		if err != nil {
			return nil, err
		}
		return &Run{Labels: run.Labels, Report: run.Report, Stuck: run.Stuck}, nil
	}
	kase, err := t.Case.Find()
	if err != nil {
		return nil, err
	}
	tape := &tape{}
	cfg := run.Config{Adapter: sim, Journal: func() run.Journal { return tape }}
	result, err := run.Repeat(ctx, cfg, *t.Case, schedule)
	if err != nil {
		return nil, err
	}
	o := traces.OptionsFor(sim.Handshake())
	if t.Case.Profile != nil {
		o.Profile = t.Case.Profile
	}
	if t.Case.Strict {
		o.Profile = nil // all are judged
	}
	labels := tape.Stop()
	return &Run{Labels: labels, Report: traces.Check(labels, o), Case: kase, Result: &result}, nil
}

// A tape keeps the labels of one run of the simulator, and has the lines for its report.
type tape struct {
	spec.Tape
	traces.Journal
}

func (t *tape) Record(l spec.Label) {
	t.Tape.Record(l)
	t.Journal.Record(l)
}
