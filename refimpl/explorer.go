package refimpl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Explorer goes through the schedules of code that it learns. The zero value goes through all of them and says how many
// there are. It keeps nothing: it may be used by any goroutine.
type Explorer struct {
	// Mutant breaks one rule of the specification on purpose.
	Mutant model.Mutant
	// Way says which schedules.
	Way Way
	// Depth is that of [PCT], where Way is Prioritized.
	Depth int
	// Sample says which runs are repeated by the closures: each so-manyth, and the first so many. 0 means
	// [DefaultSample], 1 each.
	Sample int
	// StepLimit ends an exploration in which a run takes more steps, 0 means [DefaultStepLimit].
	StepLimit int
	// StateLimit ends one that has visited more states, 0 is no limit.
	StateLimit int
	// Coverage, where not nil, is told of every act and clause, not by which branches clauses were reached.
	Coverage *Coverage
	// Ends, where not nil, is told the end of each run, and the number of its class. The code stands there, and is to be left
	// as it is.
	Ends func(l *Learned, end End, class int)
}

// Way is which schedules are gone through.
type Way uint8

// The ways.
const (
	// EverySchedule is depth first, as [DepthFirst].
	EverySchedule Way = iota
	// EveryState leaves out what begins in a state that was visited before.
	EveryState
	// EveryOrder is EveryState and leaves out orders that don't matter, by sleep sets ([Search.Reduce]). Where a rule is
	// broken nobody knows which do, so that it is EveryState then.
	EveryOrder
	// Drawn are drawn at random, evenly among what is possible at each step.
	Drawn
	// Prioritized are drawn by [PCT].
	Prioritized
)

// Explore goes through the schedules of code. The error is ctx's, or says why the code can't be explored this way, in
// which case nothing that was found is to be trusted: an [*Unlearnable], or that a run never ends.
func (e Explorer) Explore(ctx context.Context, x *spec.Exploration) (err error) {
	if e.Mutant != "" && e.Way == EveryOrder {
		e.Way = EveryState
	}
	e.Sample, e.StepLimit = orDefault(e.Sample, DefaultSample), orDefault(e.StepLimit, DefaultStepLimit)
	done := make(chan struct{})
	err = errors.New("the code of a case ended the goroutine that explores it (FailNow or SkipNow of a test?)")
	go func() { // code may end its goroutine
		defer close(done)
		cfg := model.Config{Mutant: e.Mutant, Unhashed: e.Way != EveryState && e.Way != EveryOrder}
		l := NewLearned(cfg, x.Code, e.Coverage)
		defer l.Close()
		found := &exploring{Explorer: e, ctx: ctx, x: x, l: l, classes: map[[2]uint64]int{}}
		err = found.run()
	}()
	<-done
	return err
}

func orDefault(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

// exploring is an exploration under way.
type exploring struct {
	Explorer
	ctx      context.Context
	x        *spec.Exploration
	l        *Learned
	classes  map[[2]uint64]int // by what identifies them, their numbers
	looked   int               // runs, and looks at what was left out
	fault    error
	schedule []Deviation // of the run at hand, where it was drawn
	longest  int
	asked    int
	acts     []model.Act
}

func (e *exploring) run() error {
	switch e.Way {
	case Drawn, Prioritized:
		e.draw()
	default:
		e.search()
	}
	if f := e.l.Fault(); f != nil {
		return f
	}
	return e.fault
}

// search goes through all schedules.
func (e *exploring) search() {
	s := &Search{Learned: e.l, Cache: e.Way == EveryState || e.Way == EveryOrder, Reduce: e.Way == EveryOrder, States: e.StateLimit}
	more := false
	s.Leaf = func(end End) bool {
		if e.x.Runs == e.x.Most {
			more = true
			return false
		}
		return e.ends(end, s.Deviations)
	}
	s.Stop = e.bounded
	if s.Cache {
		s.Prune = func() bool { return e.leftOut(nil) }
	}
	if s.Reduce {
		s.Skip = func(act model.Act) bool { return e.leftOut(&act) }
	}
	tally := s.Run()
	e.x.Complete = tally.Complete && !more
	if s.Cache {
		e.x.States = tally.States
	}
	e.fault = errors.Join(e.fault, s.Stopped)
}

// bounded says why the exploration has to stop.
func (e *exploring) bounded() error {
	if e.l.fault != nil {
		return e.l.fault
	}
	if e.l.Depth() > e.StepLimit {
		return fmt.Errorf("a run did not end within %d steps", e.StepLimit)
	}
	if e.asked++; e.asked%64 == 0 { // looking costs more than a step
		return e.ctx.Err()
	}
	return nil
}

// ends takes down the end of a run, and tells whether to go on.
func (e *exploring) ends(end End, schedule func() []Deviation) bool {
	n := e.x.Runs
	e.x.Runs++
	e.rehearse()
	class, known := e.classes[e.class(end)]
	if !known {
		class = len(e.x.Classes)
		e.classes[e.class(end)] = class
		e.x.Classes = append(e.x.Classes, 0)
	}
	e.x.Classes[class]++
	if e.Explorer.Ends != nil {
		e.Explorer.Ends(e.l, end, class)
	}
	if e.l.fault != nil {
		return false
	}
	if known {
		return true
	}
	again := &Deviating{List: slices.Clone(schedule())}
	more := e.x.Show == nil || e.x.Show(n, again)
	if again.Differs != "" {
		e.fault = errors.New("the code took another way when a run that was found was repeated: " + again.Differs)
		return false
	}
	return more
}

// class identifies what a run has shown: how it ended and what was noted. Where nothing can happen any more
// it is also who waits where.
func (e *exploring) class(end End) [2]uint64 {
	switch {
	case end == Deadlocked:
		k := e.l.standing()
		k[1]++
		return k
	case e.l.Aborted():
		return [2]uint64{e.l.notes[0] + 1, e.l.notes[1]}
	}
	return e.l.notes
}

// rehearse has the closures repeat the run at hand, if it is one of the sample.
func (e *exploring) rehearse() {
	e.looked++
	if e.looked <= e.Sample || e.looked%e.Sample == 0 {
		e.l.Rehearse()
	}
}

// leftOut looks now and then at what is left out: a state, as it was visited before, or an act in it, as it sleeps. Some run
// on from there has to repeat what was found. Else states were taken for the same that differ by more than is
// known of them, or orders for such that don't matter.
func (e *exploring) leftOut(act *model.Act) bool {
	if e.looked++; e.looked > e.Sample && e.looked%e.Sample != 0 {
		return true
	}
	depth, end := e.l.Depth(), Ended
	if act != nil {
		e.l.Step(*act)
	}
	choices := rand.New(rand.NewPCG(1, uint64(e.looked)))
	for !e.l.Ended() && e.l.fault == nil {
		if e.acts = e.l.Enabled(e.acts[:0]); len(e.acts) == 0 {
			end = Deadlocked
			break
		}
		if e.l.Depth() > e.StepLimit {
			break
		}
		e.l.Step(e.acts[choices.IntN(len(e.acts))])
	}
	if e.l.Rehearse() == nil {
		if _, known := e.classes[e.class(end)]; !known && end != Deadlocked {
			e.l.refuse(0, 0, "went on in another way from a state that was visited before")
		}
	}
	for e.l.Depth() > depth {
		e.l.Revert()
	}
	return e.l.fault == nil
}

// draw goes through schedules that are drawn.
func (e *exploring) draw() {
	for n := 0; n < e.x.Most; n++ {
		var choices spec.Choices = spec.Seeded(e.x.Seed(n))
		strategy, _ := choices.(Strategy)
		if e.Way == Prioritized {
			strategy = NewPCT(choices, e.Depth, e.longest)
		}
		end := e.drawOne(choices, strategy)
		e.longest = max(e.longest, e.l.Depth())
		more := e.fault == nil && e.ends(end, func() []Deviation { return e.schedule })
		for e.l.Depth() > 0 {
			e.l.Revert()
		}
		if !more {
			return
		}
	}
}

// drawOne goes on to the end of a run, as a [System] does with these choices.
func (e *exploring) drawOne(choices spec.Choices, strategy Strategy) End {
	e.schedule = e.schedule[:0]
	chosen := 0
	for !e.l.Ended() {
		if e.acts = e.l.Enabled(e.acts[:0]); len(e.acts) == 0 {
			return Deadlocked
		}
		var choice int
		if strategy != nil {
			choice = strategy.Pick(e.l.State(), e.acts)
		} else {
			choice = spec.Pick(choices, len(e.acts))
		}
		if of := len(e.acts); of > 1 {
			if choice > 0 {
				e.schedule = append(e.schedule, Deviation{chosen, choice, of})
			}
			chosen++
		}
		e.l.Step(e.acts[choice])
		if e.fault = e.bounded(); e.fault != nil {
			break
		}
	}
	return Ended
}
