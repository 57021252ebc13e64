package model

import "strings"

// Citations collects the clauses that are cited while a state acts: by each branch of a rule those that
// it embodies, at the place where it does. The zero value is ready for use; it belongs to one state at a time.
type Citations struct {
	ids []string
	set map[string]bool
}

// Clauses lists the ids of the clauses, in the order in which they were first cited. It is owned by
// the collection.
func (c *Citations) Clauses() []string { return c.ids }

// Has tells whether a clause was cited.
func (c *Citations) Has(id string) bool { return c.set[id] }

// Clear forgets all.
func (c *Citations) Clear() {
	clear(c.set)
	c.ids = c.ids[:0]
}

func (c *Citations) add(ids []string) {
	for _, id := range ids {
		if c.set[id] {
			continue
		}
		if c.set == nil {
			c.set = map[string]bool{}
		}
		c.set[id] = true
		c.ids = append(c.ids, id)
	}
}

// CiteInto has what the state does cited into a collection, until it is called with nil: what acts do, and what
// holds an operation back where it waits. Clones of the state cite nowhere.
func (s *State) CiteInto(c *Citations) { s.cited = c }

// cite is called by a branch of a rule, or a decision of the law, with the clauses that it embodies.
func (s *State) cite(ids ...string) {
	if s.cited != nil {
		s.cited.add(ids)
	}
}

// cite notes clauses that speak of the arguments of a call: they are cited when it is made.
func (o *Operation) cite(ids ...string) {
	o.cited = strings.TrimSpace(o.cited + " " + strings.Join(ids, " "))
}

// citeArguments cites what decoding an operation noted.
func (s *State) citeArguments(o *Operation) {
	if s.cited != nil {
		s.cited.add(strings.Fields(o.cited))
	}
}
