package refimpl

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec/model"
)

// Search visits what a [Machine] can do, or what code can that is [Learned], depth first, and goes back by taking
// steps back.
type Search struct {
	Machine *Machine
	// Learned is what is searched where there is no machine. Whoever searches looks whether it has a fault.
	Learned *Learned
	// Cache leaves out what was visited: a state is gone on from once. Two states are the same
	// where their hashes are, but for chance.
	Cache bool
	// Reduce leaves out orders that don't matter, by sleep sets (Godefroid, 1996): where one act
	// was explored, it need not be after those that are independent of it. With a cache the
	// sleep set is stored with the state, because what was left out when the state was first
	// visited may have to be done when it is visited again.
	Reduce bool
	// Share, where not nil, leaves out what others do who search the same.
	Share *Share
	// Leaf, where not nil, is told each end of a run; false ends the search. The machine stands
	// there meanwhile, and is to be left as it is.
	Leaf func(end End) bool
	// Stop, where not nil, is asked before each step whether to go on; an error ends the search,
	// and stands in Stopped.
	Stop    func() error
	Stopped error
	// Visit, where not nil, is told each state that is gone on from, and each end.
	Visit func()
	// Prune, where not nil, is told each state that is not gone on from because it was visited before. What is
	// searched stands there; false ends the search.
	Prune func() bool
	// Skip, where not nil, is told each act that is left out because it sleeps; false ends the search.
	Skip func(act model.Act) bool
	// Room is for how many states the cache is made at first; it grows.
	Room int
	// States ends the search at that many, 0 is no limit.
	States int

	Tally SearchTally

	// forgetful doesn't store sleep sets, for a test that shows what that loses.
	forgetful bool

	on         walk
	nodes      []branching
	acts       []model.Act
	sleepers   []asleep
	deviations []Deviation
	visited    *visited
	stored     [][]asleep // sleep sets, by number; 0 is the empty one
}

// A Share is a part of a search: of the states that are so many steps from the beginning those that are its own, and
// what comes after them. Nothing is left out before that depth, so that each share has the same states there; what is
// visited in it, and what sleeps, is its own matter. A run that ends before belongs to whoever owns its end.
type Share struct {
	Depth int
	// Owns tells of a way there, by a hash of its choices, whether it is the share's.
	Owns func(way uint64) bool
}

// A walk is what a search goes through: a machine, or in tests something smaller.
type walk interface {
	Enabled(out []model.Act) []model.Act
	Step(act model.Act)
	Revert()
	Depth() int
	Ended() bool
	key() [2]uint64
	// useOf says what is known of an act before its step, used after it.
	useOf(act model.Act) use
	used() use
}

// End is how a run ended.
type End uint8

// The ends of runs: the test's code has ended; nothing can happen any more though it has not.
const (
	Ended End = iota
	Deadlocked
)

// SearchTally counts what a search did.
type SearchTally struct {
	// Executions are the complete runs, Deadlocks those of them that ended so.
	Executions, Deadlocks int
	// States were gone on from, or are ends; without a cache each counts as often as it was
	// come to. Revisited counts those gone on from once more, with what had slept before.
	States, Revisited int
	// Transitions are the acts that happened.
	Transitions int
	// Pruned are the visits that were not gone on from: of a state that was visited before, or
	// where all that is possible sleeps.
	Pruned int
	// Complete: the search was not ended early.
	Complete bool
}

// A branching is a state on the way from the beginning to the current one.
type branching struct {
	first, end int // its acts
	next       int // the one to be explored next
	// Its sleep set begins at sleep, and ends where what belongs to the state after it begins.
	// Where only is less, of its acts only those from there up to sleep are explored.
	only, sleep int
	step        int    // how many choices came before
	deviates    bool   // the choice being explored is in the deviations
	use         use    // of the act being explored
	way         uint64 // hash of the choices before
}

// Run searches from where the machine stands; the machine stands there again afterwards.
func (s *Search) Run() SearchTally {
	s.Tally, s.Stopped = SearchTally{}, nil
	s.nodes, s.acts, s.sleepers, s.deviations = s.nodes[:0], s.acts[:0], s.sleepers[:0], s.deviations[:0]
	s.visited, s.stored = newVisited(s.Room, s.Reduce), [][]asleep{nil}
	switch {
	case s.on != nil:
	case s.Machine != nil:
		s.on = s.Machine
	default:
		s.on = s.Learned
	}
	if s.Cache && (s.Machine != nil && s.Machine.unhashed || s.Learned != nil && s.Learned.unhashed) {
		panic("refimpl: a search with a cache needs states that are hashed")
	}
	start := s.on.Depth()
	more := s.arrive(0, 0, 0)
	for more && len(s.nodes) > 0 {
		if s.Stop != nil {
			if s.Stopped = s.Stop(); s.Stopped != nil {
				more = false
				break
			}
		}
		more = s.advance()
	}
	for s.on.Depth() > start {
		s.on.Revert()
	}
	s.Tally.Complete = more
	return s.Tally
}

// Deviations are the choices of the current run that are not the first: its schedule. They are
// the search's.
func (s *Search) Deviations() []Deviation { return s.deviations }

// advance explores the next act of the current state, or goes back from it; false ends the search.
func (s *Search) advance() bool {
	n := &s.nodes[len(s.nodes)-1]
	if n.deviates {
		s.deviations, n.deviates = s.deviations[:len(s.deviations)-1], false
	}
	reduces := s.reduces()
	if reduces {
		for n.next < n.end && !s.awake(n, s.acts[n.next]) {
			if s.Skip != nil && !s.Skip(s.acts[n.next]) {
				return false
			}
			n.next++
		}
	}
	if n.next == n.end {
		s.acts, s.sleepers = s.acts[:n.first], s.sleepers[:n.only]
		s.nodes = s.nodes[:len(s.nodes)-1]
		if len(s.nodes) > 0 {
			s.back()
		}
		return true
	}
	act, choice, of, step, way := s.acts[n.next], n.next-n.first, n.end-n.first, n.step, n.way
	if s.Share != nil {
		way = model.Scramble(way + uint64(choice) + 1)
	}
	n.next++
	if choice > 0 {
		s.deviations, n.deviates = append(s.deviations, Deviation{step, choice, of}), true
	}
	if of > 1 {
		step++
	}
	from := len(s.sleepers)
	if reduces {
		n.use = s.on.useOf(act)
	}
	s.on.Step(act)
	s.Tally.Transitions++
	if reduces {
		n.use |= s.on.used()
		doer := asleep{act, n.use}
		for _, other := range s.sleepers[n.sleep:] {
			if !other.dependent(doer) {
				s.sleepers = append(s.sleepers, other)
			}
		}
	}
	depth := len(s.nodes)
	if !s.arrive(step, from, way) {
		return false
	}
	if len(s.nodes) == depth { // it is not gone on from
		s.sleepers = s.sleepers[:from]
		s.back()
	}
	return true
}

// reduces tells whether acts sleep in the state at hand.
func (s *Search) reduces() bool {
	return s.Reduce && (s.Share == nil || len(s.nodes) > s.Share.Depth)
}

// back takes the act back that the latest state explores, which then sleeps. One that ends the run
// doesn't, as it keeps all others from happening.
func (s *Search) back() {
	reduces := s.reduces()
	ends := reduces && s.on.Ended()
	s.on.Revert()
	if reduces && !ends {
		n := &s.nodes[len(s.nodes)-1]
		s.sleepers = append(s.sleepers, asleep{s.acts[n.next-1], n.use})
	}
}

// arrive begins with a state, if it is to be gone on from. Its sleep set begins at from.
func (s *Search) arrive(step, from int, way uint64) bool {
	only, sleep, again := from, from, false
	before := s.Share != nil && len(s.nodes) < s.Share.Depth
	if s.Share != nil && (len(s.nodes) == s.Share.Depth || before && s.on.Ended()) && !s.Share.Owns(way) {
		return true
	}
	if s.Cache && !before {
		var at int
		at, again = s.visited.find(s.on.key())
		switch {
		case !again:
			s.store(at, sleep)
		case !s.Reduce || s.forgetful:
			s.Tally.Pruned++
			return s.Prune == nil || s.Prune()
		default:
			if sleep = s.wake(at, from); sleep == only {
				s.Tally.Pruned++
				return s.Prune == nil || s.Prune()
			}
		}
	}
	if s.States > 0 && s.Tally.States >= s.States {
		return false
	}
	switch {
	case again:
		s.Tally.Revisited++
	case !before || s.on.Ended():
		s.Tally.States++
	}
	if s.Visit != nil {
		s.Visit()
	}
	if s.on.Ended() {
		return s.leaf(Ended)
	}
	first := len(s.acts)
	s.acts = s.on.Enabled(s.acts)
	if len(s.acts) == first {
		if before && !s.Share.Owns(way) {
			return true
		}
		return s.leaf(Deadlocked)
	}
	n := branching{first: first, end: len(s.acts), next: first, only: only, sleep: sleep, step: step, way: way}
	if s.Reduce && !before && !slices.ContainsFunc(s.acts[first:], func(a model.Act) bool { return s.awake(&n, a) }) {
		s.Tally.Pruned++
		s.acts = s.acts[:first]
		return true
	}
	s.nodes = append(s.nodes, n)
	return true
}

// store keeps the sleep set that begins at sleep, with the state in that place.
func (s *Search) store(at, sleep int) {
	if !s.Reduce {
		return
	}
	if sleep == len(s.sleepers) {
		s.visited.values[at] = 0
		return
	}
	s.visited.values[at] = uint32(len(s.stored))
	s.stored = append(s.stored, slices.Clone(s.sleepers[sleep:]))
}

// wake compares the sleep set that a visited state was left with and the one that begins at
// from, with which it is visited now. What slept then and doesn't now is to be explored: it is
// put at from, and after it what has slept on all visits, which is stored. Where that begins is
// returned.
func (s *Search) wake(at, from int) int {
	before := s.stored[s.visited.values[at]]
	var both []asleep
	for _, a := range before {
		if contains(s.sleepers[from:], a.act) {
			both = append(both, a)
		}
	}
	if len(both) == len(before) {
		return from
	}
	now := slices.Clone(s.sleepers[from:])
	s.sleepers = s.sleepers[:from]
	for _, a := range before {
		if !contains(now, a.act) {
			s.sleepers = append(s.sleepers, a)
		}
	}
	sleep := len(s.sleepers)
	s.sleepers = append(s.sleepers, both...)
	s.store(at, sleep)
	return sleep
}

// awake tells whether an act of the latest state is to be explored.
func (s *Search) awake(n *branching, a model.Act) bool {
	return !contains(s.sleepers[n.sleep:], a) && (n.only == n.sleep || contains(s.sleepers[n.only:n.sleep], a))
}

func (s *Search) leaf(end End) bool {
	s.Tally.Executions++
	if end == Deadlocked {
		s.Tally.Deadlocks++
	}
	return s.Leaf == nil || s.Leaf(end)
}
