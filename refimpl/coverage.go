package refimpl

import (
	"maps"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec/model"
)

// Coverage collects which acts of the specification happened in runs, and which clauses took
// part: those of the rule of every such act. The zero value is ready for use, by any goroutine.
type Coverage struct {
	mu      sync.Mutex
	acts    map[model.ActClass]bool // an act costs one look-up
	clauses map[string]bool
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
	acts, clauses := maps.Clone(other.acts), maps.Clone(other.clauses)
	other.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
	maps.Copy(c.acts, acts)
	maps.Copy(c.clauses, clauses)
}

// note collects an act that is about to happen; a nil Coverage does nothing.
func (c *Coverage) note(s *model.State, act model.Act) {
	if c == nil {
		return
	}
	class := model.ClassOf(s, act)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.acts[class] {
		return
	}
	c.init()
	c.acts[class] = true
	for _, id := range model.Clauses(s, act) {
		c.clauses[id] = true
	}
}

// init makes the sets of a zero value; mu is held.
func (c *Coverage) init() {
	if c.acts == nil {
		c.acts, c.clauses = map[model.ActClass]bool{}, map[string]bool{}
	}
}
