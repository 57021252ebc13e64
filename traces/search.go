package traces

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// goal tells whether a state is one in which the label at hand can come.
type goal func(s *model.State) bool

// taking has a state take the label at hand itself; the log takes that back.
type taking func(s *model.State, log *model.UndoLog)

// advance replaces the states by those that a goal is reached in, with what is needed for it
// placed before; take, where not nil, then takes the label itself. With none the states are as
// before, and false is returned; nothing that is still to come is then held against them.
func (c *checker) advance(i int, reached goal, take taking) bool {
	c.concerns(i)
	if c.o.nearest {
		return c.advanceNear(i, reached, take)
	}
	for !c.stopped {
		next, complete := c.search(i, reached, take)
		if !complete {
			if c.disorder() {
				c.stopped = true
				return false
			}
			c.report.spent = true
			c.giveUp(fmt.Sprintf("label %d: %d states were visited, %d fit, and the budget is used up", i, c.report.States, c.kept))
			return false
		}
		if len(next) > 0 {
			if !c.citing { // which still looks at what was before
				c.spare = append(c.spare, c.states...)
			}
			c.states = next
			return true
		}
		if c.blind || c.script.Labels[i].Kind == spec.QuietLabel { // up to which all is known
			return false
		}
		// Perhaps what can't come is later: then judge without looking ahead from here on.
		c.blind = true
	}
	return false
}

// search visits what can be reached from the states.
func (c *checker) search(i int, reached goal, take taking) (next []*model.State, complete bool) {
	x := c.newSearch(i, reached, take)
	c.kept, c.keptBytes = 0, 0
	for _, s := range c.states {
		x.from(s)
		if x.spent {
			return nil, false
		}
	}
	return x.next, true
}

// newSearch begins a search, in the memory that the one before has left.
func (c *checker) newSearch(i int, reached goal, take taking) *search {
	x := &c.last
	*x = search{c: c, at: i, frame: c.frameAt(i), reached: reached, take: take, visited: x.visited, found: x.found, chances: x.chances, path: x.path[:0], log: x.log}
	if x.visited == nil || len(x.visited) > mostAgain {
		x.visited = map[[16]byte]bool{}
	}
	if x.found == nil || len(x.found) > mostAgain {
		x.found = map[[16]byte]bool{}
	}
	clear(x.visited)
	clear(x.found)
	return x
}

// mostAgain is how many places a map may have had that is used again: to clear a large one costs more than a small one is worth.
const mostAgain = 64

func (c *checker) frameAt(i int) model.ID {
	return c.script.Frames[c.script.Labels[i].Frame]
}

// deepest bounds how many acts a label may need before it: of what goes on for ever each state is new, and a search
// that followed it would need more stack than there is.
const deepest = 1 << 16

// A search is depth first, over one state with an undo log at a time.
type search struct {
	c       *checker
	at      int
	frame   model.ID // of the label, where it has one
	reached goal
	take    taking
	visited map[[16]byte]bool
	found   map[[16]byte]bool
	next    []*model.State
	path    []model.Act
	cited   [][]model.Citation // by each act of the path, where the checker is citing
	chances [][]model.Act      // what is possible before each act of the path; of longer ones, room
	log     model.UndoLog
	spent   bool
}

// from searches what can be reached from a state, the state itself first.
func (x *search) from(s *model.State) {
	if x.reached(s) {
		if x.minimal() {
			x.keep(s)
		}
		return
	}
	h := s.Hash()
	if x.visited[h] {
		return
	}
	x.visited[h] = true
	depth := len(x.path)
	if x.c.report.States++; x.c.report.States > x.c.o.Budget || depth == cmp.Or(x.c.o.deepest, deepest) {
		x.spent = true
		return
	}
	if depth == len(x.chances) {
		x.chances = append(x.chances, nil)
	}
	x.chances[depth] = x.c.chances(s, x.chances[depth][:0])
	x.c.stepsBy(x.chances[depth], s, &x.log, x.frame, func(a model.Act) bool {
		x.path = append(x.path, a)
		if x.c.citing {
			x.cited = append(x.cited, slices.Clone(x.c.cites.Together()))
		}
		x.from(s)
		x.path = x.path[:len(x.path)-1]
		if x.c.citing {
			x.cited = x.cited[:len(x.cited)-1]
		}
		return !x.spent
	})
}

// idleApart tells whether an act is of an operation that is judged apart, and not of the frame that a
// label is of: it matters to nothing else.
func (c *checker) idleApart(a model.Act, frame model.ID) bool {
	call := c.calls[a.Frame]
	return call != nil && call.Apart && a.Kind != model.Unwind && a.Kind != model.Interrupt && a.Frame != frame
}

// minimal tells whether each act of the path matters to a later one: one that doesn't can as
// well come later, on a shorter path to a state that covers this one.
func (x *search) minimal() bool {
	n := len(x.path)
	if n < 2 || x.joint() {
		return true
	}
	needed := make([]bool, n)
	needed[n-1] = true
	for j := n - 1; j > 0; j-- {
		if !needed[j] {
			return false
		}
		if i := x.enabler(j); i >= 0 {
			needed[i] = true
		}
		for i := range j {
			needed[i] = needed[i] || model.Dependent(x.path[i], x.path[j])
		}
	}
	return needed[0]
}

// joint tells whether what a label needs may be the work of several acts none of which matters to another one: of all that
// can happen, of the makers of several objects, of processes that have ended.
func (x *search) joint() bool {
	switch x.c.script.Labels[x.at].Kind {
	case spec.QuietLabel, spec.CallLabel:
		return true
	case spec.ReturnLabel:
		call := x.c.calls[x.frame]
		return !x.c.o.Virtual && call != nil && interval(call)
	}
	return false
}

// enabler is which act of the path made the jth one possible, -1 where it was possible from the beginning.
func (x *search) enabler(j int) int {
	for i := j - 1; i >= 0; i-- {
		if !slices.Contains(x.chances[i], x.path[j]) {
			return i
		}
	}
	return -1
}

// The states that fit a label are bounded, also in bytes: of a small system one takes a kilobyte, of one with many objects
// twenty, and those of two labels are there at a time.
const (
	mostKept      = 1 << 17
	mostKeptBytes = 256 << 20
)

func (x *search) keep(s *model.State) {
	for i, cited := range x.cited {
		x.c.credit(x.path[i], cited)
	}
	if x.take == nil && x.found[s.Hash()] {
		return
	}
	taken := x.log.Depth()
	if x.take != nil {
		x.take(s, &x.log)
	}
	if h := s.Hash(); !x.found[h] { // only what is new is worth a copy
		x.found[h] = true
		x.next = append(x.next, x.c.copyOf(s))
		x.c.kept++
		x.c.keptBytes += s.Bytes()
		x.spent = x.spent || x.c.kept > cmp.Or(x.c.o.kept, mostKept) || x.c.keptBytes > mostKeptBytes
	}
	for x.log.Depth() > taken {
		s.Revert(&x.log)
	}
}

// copyOf clones a state, in the memory of one that is no longer used where there is any.
func (c *checker) copyOf(s *model.State) *model.State {
	n := len(c.spare) - 1
	if n < 0 {
		if old, ok := unused.Get().(*model.State); ok {
			return s.CloneInto(old)
		}
		return s.Clone()
	}
	old := c.spare[n]
	c.spare = c.spare[:n]
	return s.CloneInto(old)
}

// unused are states that judgements have left, for the next ones.
var unused sync.Pool

// mostUnused bounds how many one judgement leaves.
const mostUnused = 16

// done leaves the memory of the states to whoever judges next. The checker judges nothing any more.
func (c *checker) done() {
	for _, states := range [][]*model.State{c.states, c.spare} {
		for _, s := range states[:min(len(states), mostUnused)] {
			unused.Put(s)
		}
	}
	c.states, c.spare = nil, nil
}

// later tells whether a frame is that of a hook on a thread of its own and not the label's at hand: such code can as well
// begin at its own label. Else the labels of many calls of a hook would be gone through in every order.
func (c *checker) later(f model.ID) bool {
	return c.hooks[f] && c.script.Labels[c.now].Kind != spec.QuietLabel && c.frameAt(c.now) != f
}

// possible tells whether an act may have happened, given all that the trace says of its
// process afterwards: the outcome that it gives an operation, the code that it begins.
func (c *checker) possible(s *model.State, a model.Act, l model.Label) bool {
	if c.heard() && a.Kind == model.Effect && c.doomed(s, a.Frame) {
		call := c.calls[a.Frame]
		return call == nil || call.Unheard() || a.Frame == c.free
	}
	switch l.Kind {
	case model.Outcome:
		call := c.calls[l.Frame]
		if call == nil || c.blind {
			return true
		}
		if call.End < 0 || s.Fits(l.Frame, &call.Seen) {
			return !c.outOfOrder(s, call)
		}
		// What is lost to a kill was something before.
		return call.Unwound() && a.Kind != model.Unwind
	case model.Entered:
		at, comes := c.script.Enters[l.Frame]
		if comes && c.later(l.Frame) {
			return false
		}
		if !comes && !c.asking && (a.Kind == model.Obey || s.RepeatsHook(l.Frame)) { // of a hook that is called unasked, or again, something is always told
			return false
		}
		// A program that ends leaves nothing that could tell later that a cleanup or a terminator hadn't run. On a real clock it may have
		// begun and not been heard of: it had its chance, if a short one.
		if !comes && !c.asking && !c.heard() && s.ImageOf(l.Frame) != 0 {
			return false
		}
		if !comes {
			return c.blind || c.heard() && (c.cut() || s.KillReaches(a.Process)) // else the code would have said so
		}
		return c.blind || c.begins(s, l.Frame, at)
	}
	return true
}
