package refimpl

import (
	"maps"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec/model"
)

// Coverage collects which acts of the specification happened in runs, and which branches of its rules: by the
// clauses that they cite. The zero value is ready for use, by any goroutine.
type Coverage struct {
	// Branched: also which branches, which costs a look at the stack each time that one cites. It is set before anything
	// is collected.
	Branched bool

	mu       sync.Mutex
	acts     map[model.ActClass]bool // an act costs one look-up
	clauses  map[string]bool
	branches map[model.Branch]bool
}

// Branches lists the branches that acted, in the order of files and lines; none where c is not Branched.
func (c *Coverage) Branches() []model.Branch {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.SortedFunc(maps.Keys(c.branches), model.Branch.Compare)
}

// Clauses lists the ids of the clauses that took part, in alphabetical order.
func (c *Coverage) Clauses() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.clauses))
}

// Acts lists the classes of the acts that happened, in the order of [model.ActClasses] and
// without errors that were signalled.
func (c *Coverage) Acts() []model.ActClass {
	return slices.DeleteFunc(model.ActClasses(), func(a model.ActClass) bool { return !c.Happened(a) })
}

// Unreached lists the classes of acts that did not happen, and the clauses of a rule that did
// not take part.
func (c *Coverage) Unreached() (acts []model.ActClass, clauses []string) {
	acts = slices.DeleteFunc(model.ActClasses(), c.Happened)
	c.mu.Lock()
	defer c.mu.Unlock()
	return acts, slices.DeleteFunc(model.RuledClauses(), func(id string) bool { return c.clauses[id] })
}

// Happened tells whether an act of a class did.
func (c *Coverage) Happened(a model.ActClass) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.acts[a]
}

// Add adds what another has collected.
func (c *Coverage) Add(other *Coverage) {
	other.mu.Lock()
	acts, clauses, branches := maps.Clone(other.acts), maps.Clone(other.clauses), maps.Clone(other.branches)
	other.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
	maps.Copy(c.acts, acts)
	maps.Copy(c.clauses, clauses)
	maps.Copy(c.branches, branches)
}

// note collects an act that is about to happen; a nil Coverage does nothing.
func (c *Coverage) note(s *model.State, act model.Act) {
	if c == nil {
		return
	}
	class := model.ClassOf(s, act)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.acts[class] {
		c.init()
		c.acts[class] = true
	}
}

// noteCited collects what a run has cited; a nil Coverage does nothing.
func (c *Coverage) noteCited(cited *model.Citations) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
	for _, id := range cited.Clauses() {
		c.clauses[id] = true
	}
	for _, b := range cited.Branches() {
		c.branches[b] = true
	}
}

// init makes the sets of a zero value; mu is held.
func (c *Coverage) init() {
	if c.acts == nil {
		c.acts, c.clauses, c.branches = map[model.ActClass]bool{}, map[string]bool{}, map[model.Branch]bool{}
	}
}

// addActs collects acts that have happened.
func (c *Coverage) addActs(acts map[model.ActClass]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
	maps.Copy(c.acts, acts)
}
