package refimpl

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

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
	// StateLimit ends one in which a worker has visited more states, 0 is no limit.
	StateLimit int
	// Workers search side by side, each a part of the schedules; more than one need many runs to pay. What is seen is the
	// same, in another order. Each has a set of visited states of its own: they hardly pay for EveryState and EveryOrder, where
	// parts come together again. Drawn schedules have one.
	Workers int
	// Coverage, where not nil, is told of every act and clause, not by which branches clauses were reached.
	Coverage *Coverage
	// Ends, where not nil, is told the end of each run, and the number of its class. The code stands there, and is to be left
	// as it is. It is called by one goroutine at a time.
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
func (e Explorer) Explore(ctx context.Context, x *spec.Exploration) error {
	if e.Mutant != "" && e.Way == EveryOrder {
		e.Way = EveryState
	}
	e.Sample, e.StepLimit = orDefault(e.Sample, DefaultSample), orDefault(e.StepLimit, DefaultStepLimit)
	all := &exploration{Explorer: e, ctx: ctx, x: x}
	shares := []*Share{nil}
	if e.Workers > 1 && e.Way <= EveryOrder {
		if all.apart(func() { shares = all.shares() }); all.fault != nil {
			return all.fault
		}
	}
	var working sync.WaitGroup
	for _, share := range shares {
		working.Go(func() { all.apart(func() { all.explore(share) }) })
	}
	working.Wait()
	return all.fault
}

// apart does something on a goroutine of its own, which code may end, and returns when it is over.
func (all *exploration) apart(do func()) {
	over := make(chan struct{})
	go func() {
		ended := false
		defer close(over)
		defer func() {
			if r := recover(); r != nil {
				all.fails(fmt.Errorf("exploring: %v\n%s", r, debug.Stack()))
			} else if !ended {
				all.fails(errors.New("the code of a case ended the goroutine that explores it (FailNow or SkipNow of a test?)"))
			}
		}()
		do()
		ended = true
	}()
	<-over
}

func orDefault(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

// An exploration is under way. Its workers share what mu guards.
type exploration struct {
	Explorer
	ctx context.Context

	over atomic.Bool // nothing more is to be found

	mu      sync.Mutex
	x       *spec.Exploration
	granted int // runs that workers have made or may make
	fault   error
	more    bool // there were more runs
}

// fails ends the exploration.
func (all *exploration) fails(err error) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.fault == nil {
		all.fault = err
	}
	all.over.Store(true)
}

// learned is the code before its first step.
func (all *exploration) learned() *Learned {
	cfg := model.Config{Mutant: all.Mutant, Unhashed: all.Way != EveryState && all.Way != EveryOrder}
	return NewLearned(cfg, all.x.Code, all.Coverage)
}

// explore explores a share, nil for all.
func (all *exploration) explore(share *Share) {
	switch all.Way {
	case Drawn, Prioritized, EverySchedule:
		all.exploreBy(share, false)
	default:
		if !all.exploreBy(share, true) {
			all.exploreBy(share, false)
		}
	}
}

// exploreBy explores a share. False means that something was joined that isn't the same: it has to be done again.
func (all *exploration) exploreBy(share *Share, joins bool) bool {
	w := &worker{exploration: all, l: all.learned(), classes: map[[2]uint64]int{}}
	defer w.l.Close()
	if joins {
		w.l.Join()
	}
	switch all.Way {
	case Drawn, Prioritized:
		w.draw()
		all.mu.Lock()
		w.settle()
		all.mu.Unlock()
	default:
		if !w.search(share) {
			return false
		}
	}
	if f := w.l.Fault(); f != nil {
		all.fails(f)
	}
	return true
}

// mostShared bounds the depth at which a search is cut: what comes before is everybody's.
const mostShared = 100

// shares cuts a search into one for each worker: of the states some steps from the beginning, of which there are many more
// than workers, each gets those that a hash says.
func (all *exploration) shares() []*Share {
	var shares []*Share
	l := all.learned()
	defer l.Close()
	depth, ways := 0, 1
	for ; 0 < ways && ways < 16*all.Workers && depth < mostShared; depth++ {
		ways = 0
		at := &Share{Depth: depth + 1, Owns: func(uint64) bool { ways++; return false }}
		(&Search{Learned: l, Share: at, Stop: func() error { return all.ctx.Err() }}).Run()
	}
	for n := range all.Workers {
		shares = append(shares, &Share{Depth: depth, Owns: func(way uint64) bool { return way%uint64(all.Workers) == uint64(n) }})
	}
	return shares
}
