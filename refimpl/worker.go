package refimpl

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A worker explores a share, with closures and a tree of its own.
type worker struct {
	*exploration
	l        *Learned
	classes  map[[2]uint64]int // by what identifies them, their places in runs
	runs     []classRuns
	grant    int         // runs it may make before it has to ask
	looked   int         // runs, and looks at what was left out
	schedule []Deviation // of the run at hand, where it was drawn
	longest  int
	asked    int
	acts     []model.Act
}

// search goes through all schedules of a share. It is false where deeds were joined, and there is reason to doubt that.
func (w *worker) search(share *Share) bool {
	s := &Search{Learned: w.l, Cache: w.Way == EveryState || w.Way == EveryOrder, Reduce: w.Way == EveryOrder, States: w.StateLimit, Share: share}
	s.Leaf = func(end End) bool { return w.ends(end, s.Deviations) }
	s.Stop = w.bounded
	if s.Cache {
		s.Prune = func() bool { return w.leftOut(nil) }
	}
	if s.Reduce {
		s.Skip = func(act model.Act) bool { return w.leftOut(&act) }
	}
	tally := s.Run()
	// What was shown is a real run: if that was enough, nothing has to be done again.
	if !w.over.Load() && (w.l.misjoined || w.l.fault != nil && w.l.joinings > 0) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unsettle()
		return false
	}
	if s.Stopped != nil && s.Stopped != errOver {
		w.fails(s.Stopped)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle()
	w.more = w.more || !tally.Complete
	w.x.Complete = !w.more
	if s.Cache {
		w.x.States += tally.States
	}
	return true
}

// bounded says why the exploration has to stop.
func (w *worker) bounded() error {
	if w.l.fault != nil {
		return w.l.fault
	}
	if w.l.misjoined {
		return errOver
	}
	if w.l.Depth() > w.StepLimit {
		return fmt.Errorf("a run did not end within %d steps", w.StepLimit)
	}
	if w.asked++; w.asked%64 == 0 { // looking costs more than a step
		if w.over.Load() {
			return errOver
		}
		return w.ctx.Err()
	}
	return nil
}

// errOver ends a worker where another has found what was looked for.
var errOver = errors.New("the exploration is over")

// classRuns counts the runs of a class, whose number among those of all workers is class: those since they were last added to
// those of all, and those before.
type classRuns struct{ class, runs, before int }

// mostGranted is how many runs a worker makes before it asks for more.
const mostGranted = 256

// settle adds the runs of a worker to those of all, and gives back those that it has not made; mu is held.
func (w *worker) settle() {
	for i := range w.runs {
		r := &w.runs[i]
		w.x.Classes[r.class] += r.runs
		w.x.Runs += r.runs
		r.before, r.runs = r.before+r.runs, 0
	}
	w.granted -= w.grant
	w.grant = 0
}

// unsettle takes the runs of a worker out of those of all: they are made again; mu is held.
func (w *worker) unsettle() {
	w.settle()
	for _, r := range w.runs {
		w.x.Classes[r.class] -= r.before
		w.x.Runs -= r.before
		w.granted -= r.before
	}
}

// mayRun tells whether the worker may make another run.
func (w *worker) mayRun() bool {
	if w.grant == 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.settle()
		w.grant = min(mostGranted, w.x.Most-w.granted)
		w.granted += w.grant
		if w.over.Load() || w.grant == 0 {
			w.more = true
			w.over.Store(true)
			return false
		}
	}
	w.grant--
	return true
}

// ends takes down the end of a run, and tells whether to go on.
func (w *worker) ends(end End, schedule func() []Deviation) bool {
	if !w.mayRun() {
		return false
	}
	w.rehearse()
	key := w.class(end)
	at, known := w.classes[key]
	if known && w.Ends == nil {
		w.runs[at].runs++
		return w.l.fault == nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.x
	if !known {
		at = len(w.runs)
		w.classes[key] = at
		w.runs = append(w.runs, classRuns{class: len(x.Classes)})
		x.Classes = append(x.Classes, 0)
	}
	w.settle()
	n := x.Runs
	w.runs[at].runs++
	if w.Ends != nil {
		w.Ends(w.l, end, w.runs[at].class)
	}
	if w.l.fault != nil {
		return false
	}
	if known || x.Show == nil {
		return true
	}
	again := &Deviating{List: slices.Clone(schedule())}
	more := x.Show(n, again)
	if differs := again.differs(); differs != "" && w.fault == nil {
		w.fault = errors.New("the code took another way when a run that was found was repeated: " + differs)
	}
	if !more || w.fault != nil {
		w.over.Store(true)
	}
	return !w.over.Load()
}

// class identifies what a run has shown: how it ended and what was noted. Where nothing can happen any more
// it is also who waits where. The numbers are the worker's own.
func (w *worker) class(end End) [2]uint64 {
	switch {
	case end == Deadlocked:
		k := w.l.standing()
		k[1]++
		return k
	case w.l.Aborted():
		return [2]uint64{w.l.notes[0] + 1, w.l.notes[1]}
	}
	return w.l.notes
}

// rehearse has the closures repeat the run at hand, if it is one of the sample.
func (w *worker) rehearse() {
	w.looked++
	if w.looked <= w.Sample || w.looked%w.Sample == 0 {
		w.l.Rehearse()
	}
}

// leftOut looks now and then at what is left out: a state, as it was visited before, or an act in it, as it sleeps. Some run
// on from there has to repeat what was found. Else states were taken for the same that differ by more than is
// known of them, or orders for such that don't matter.
func (w *worker) leftOut(act *model.Act) bool {
	if w.looked++; w.looked > w.Sample && w.looked%w.Sample != 0 {
		return true
	}
	depth, end := w.l.Depth(), Ended
	if act != nil {
		w.l.Step(*act)
	}
	choices := rand.New(rand.NewPCG(1, uint64(w.looked)))
	for !w.l.Ended() && w.l.fault == nil {
		if w.acts = w.l.Enabled(w.acts[:0]); len(w.acts) == 0 {
			end = Deadlocked
			break
		}
		if w.l.Depth() > w.StepLimit {
			break
		}
		w.l.Step(w.acts[choices.IntN(len(w.acts))])
	}
	if w.l.Rehearse() == nil {
		if _, known := w.classes[w.class(end)]; !known && end != Deadlocked {
			w.l.refuse(0, 0, "went on in another way from a state that was visited before")
		}
	}
	for w.l.Depth() > depth {
		w.l.Revert()
	}
	return w.l.fault == nil
}

// draw goes through schedules that are drawn.
func (w *worker) draw() {
	for n := 0; n < w.x.Most && !w.over.Load(); n++ {
		var choices spec.Choices = spec.Seeded(w.x.Seed(n))
		strategy, _ := choices.(Strategy)
		if w.Way == Prioritized {
			strategy = NewPCT(choices, w.Depth, w.longest)
		}
		end, err := w.drawOne(choices, strategy)
		w.longest = max(w.longest, w.l.Depth())
		if err != nil {
			w.fails(err)
			return
		}
		w.ends(end, func() []Deviation { return w.schedule })
		for w.l.Depth() > 0 {
			w.l.Revert()
		}
	}
}

// drawOne goes on to the end of a run, as a [System] does with these choices.
func (w *worker) drawOne(choices spec.Choices, strategy Strategy) (End, error) {
	w.schedule = w.schedule[:0]
	chosen := 0
	for !w.l.Ended() {
		if w.acts = w.l.Enabled(w.acts[:0]); len(w.acts) == 0 {
			return Deadlocked, nil
		}
		var choice int
		if strategy != nil {
			choice = strategy.Pick(w.l.State(), w.acts)
		} else {
			choice = spec.Pick(choices, len(w.acts))
		}
		if of := len(w.acts); of > 1 {
			if choice > 0 {
				w.schedule = append(w.schedule, Deviation{chosen, choice, of})
			}
			chosen++
		}
		w.l.Step(w.acts[choice])
		if err := w.bounded(); err != nil {
			return Ended, err
		}
	}
	return Ended, nil
}
