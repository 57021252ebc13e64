package refimpl

import (
	"maps"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec/model"
)

// Coverage collects which clauses of the specification took part in runs: those of the rule
// of every act that happened. The zero value is ready for use, by any goroutine.
type Coverage struct {
	mu      sync.Mutex
	clauses map[string]bool
	// rules are those whose clauses are known, each by the first of its list: an act costs
	// one look-up.
	rules map[*string]bool
}

// Clauses lists the ids of the clauses that took part, in alphabetical order.
func (c *Coverage) Clauses() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.clauses))
}

// Add adds what another has collected.
func (c *Coverage) Add(other *Coverage) {
	clauses := other.Clauses()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(clauses)
}

// note collects the clauses of an act that is about to happen; a nil Coverage does nothing.
func (c *Coverage) note(s *model.State, act model.Act) {
	if c == nil {
		return
	}
	clauses := model.Clauses(s, act)
	if len(clauses) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rules[&clauses[0]] {
		return
	}
	if c.rules == nil {
		c.rules = map[*string]bool{}
	}
	c.rules[&clauses[0]] = true
	c.add(clauses)
}

func (c *Coverage) add(clauses []string) {
	if c.clauses == nil {
		c.clauses = map[string]bool{}
	}
	for _, id := range clauses {
		c.clauses[id] = true
	}
}
