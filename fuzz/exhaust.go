package fuzz

import (
	"context"
	"slices"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Exhaustion is what all schedules of a program on the simulator come to.
type Exhaustion struct {
	// States are those of a search that goes on from each state once.
	States refimpl.SearchTally
	// Schedules are those whose runs were judged: of schedules that differ only in the order of
	// acts which don't matter to each other one.
	Schedules refimpl.SearchTally
	// Verdicts counts the runs by what the oracle says of them.
	Verdicts map[traces.Verdict]int
	// Forbidden is the first run that the specification forbids, nil where there is none, and
	// ForbiddenBy its schedule.
	Forbidden   *Run
	ForbiddenBy []refimpl.Deviation
	// Deadlock is the first schedule after which nothing can happen any more, and Waits says why;
	// both mean nothing where Schedules has no deadlock.
	Deadlock []refimpl.Deviation
	Waits    spec.WaitGraph
}

// Exhaust runs a program under all schedules of the simulator, with a rule broken or none: at
// most so many schedules and so many states. ctx ends it early. The error is a
// *[program.Unbounded] where a run leaves the bounds of a program.
func Exhaust(ctx context.Context, p *program.Program, mutant model.Mutant, schedules, states int) (*Exhaustion, error) {
	x := &Exhaustion{Verdicts: map[traces.Verdict]int{}}
	o := traces.OptionsFor(refimpl.New(refimpl.Options{Mutant: mutant}).Handshake())
	o.Budget = Budget

	judging, err := refimpl.NewMachine(p, refimpl.MachineOptions{Model: model.Config{Mutant: mutant}, Record: true})
	if err != nil {
		return nil, err
	}
	all := &refimpl.Search{Machine: judging, Reduce: true}
	all.Leaf = func(end refimpl.End) bool {
		if all.Tally.Executions > schedules {
			all.Tally.Executions--
			return false
		}
		schedule := slices.Clone(all.Deviations())
		labels := judging.Labels()
		if end == refimpl.Deadlocked {
			labels = append(slices.Clip(labels), spec.Label{Kind: spec.QuietLabel, At: judging.Now()})
			if all.Tally.Deadlocks == 1 {
				x.Deadlock, x.Waits = schedule, judging.State().WaitGraph()
			}
		}
		report := traces.Check(labels, o)
		x.Verdicts[report.Verdict]++
		if report.Verdict == traces.Forbidden && x.Forbidden == nil {
			x.Forbidden, x.ForbiddenBy = &Run{Program: p, Labels: slices.Clone(labels), Report: report}, schedule
		}
		return ctx.Err() == nil
	}
	all.Stop = func() error { return judging.Bounded(ctx) }
	x.Schedules = all.Run()
	if err := stopped(ctx, all); err != nil {
		return nil, err
	}

	visiting, err := refimpl.NewMachine(p, refimpl.MachineOptions{Model: model.Config{Mutant: mutant}})
	if err != nil {
		return nil, err
	}
	once := &refimpl.Search{Machine: visiting, Cache: true, Reduce: true, States: states, Leaf: func(refimpl.End) bool { return ctx.Err() == nil }}
	once.Stop = func() error { return visiting.Bounded(ctx) }
	x.States = once.Run()
	return x, stopped(ctx, once)
}

// stopped is why a search was stopped, nil where it wasn't, or by whoever ended ctx.
func stopped(ctx context.Context, s *refimpl.Search) error {
	if ctx.Err() != nil {
		return nil
	}
	return s.Stopped
}
