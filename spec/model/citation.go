package model

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
)

// Citations collects the clauses that are cited while a state acts: by each branch of a rule those that
// it embodies, at the place where it does. The zero value is ready for use; it belongs to one state at a time.
type Citations struct {
	ids      []string
	set      map[string]bool
	together []Citation
	branches map[uintptr]bool // nil where they aren't asked for
	gathers  bool             // nobody asks what was cited together
}

// A Citation is what one branch cites.
type Citation struct {
	Clauses []string
	// Value is the index of the value that the clauses speak of, -1 where they speak of more.
	Value int
}

// A Branch is a place in a rule, or in a decision of the law, at which clauses are cited.
type Branch struct {
	File string // base name of the source file
	Line int
}

// Compare orders branches by file and line.
func (b Branch) Compare(o Branch) int {
	return cmp.Or(cmp.Compare(b.File, o.File), cmp.Compare(b.Line, o.Line))
}

// TraceBranches has the collection note, from now on, at which places clauses are cited.
func (c *Citations) TraceBranches() {
	if c.branches == nil {
		c.branches = map[uintptr]bool{}
	}
}

// Gather has the collection keep, from now on, nothing but which clauses are cited: [Citations.Together] says no more.
func (c *Citations) Gather() { c.gathers = true }

// Branches lists the places at which clauses were cited, in no order; see [Citations.TraceBranches].
func (c *Citations) Branches() []Branch {
	var out []Branch
	for pc := range c.branches {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		out = append(out, Branch{f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line})
	}
	return out
}

// Clauses lists the ids of the clauses, in the order in which they were first cited. It is owned by
// the collection.
func (c *Citations) Clauses() []string { return c.ids }

// Together lists the clauses as they were cited, those of one branch together, in order. It is owned by the
// collection.
func (c *Citations) Together() []Citation { return c.together }

// Has tells whether a clause was cited.
func (c *Citations) Has(id string) bool { return c.set[id] }

// Clear forgets all.
func (c *Citations) Clear() {
	clear(c.set)
	c.ids, c.together = c.ids[:0], c.together[:0]
}

func (c *Citations) add(ids []string, value int) {
	if c.branches != nil && len(ids) > 0 {
		var pc [1]uintptr
		runtime.Callers(3, pc[:]) // whoever called cite
		c.branches[pc[0]] = true
	}
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
	if !c.gathers {
		c.together = append(c.together, Citation{slices.Clone(ids), value})
	}
}

// name adds clauses that no branch cites here, but which speak of what is asked about.
func (c *Citations) name(ids ...string) { c.add(ids, -1) }

// CiteInto has what the state does cited into a collection, until it is called with nil: what acts do, and what
// holds an operation back where it waits. Clones of the state cite nowhere.
func (s *State) CiteInto(c *Citations) { s.cited = c }

// cite is called by a branch of a rule, or a decision of the law, with the clauses that it embodies.
func (s *State) cite(ids ...string) {
	if s.cited != nil {
		s.cited.add(ids, -1)
	}
}

// citeValue is cite of clauses that speak of one value of those that an operation answers.
func (s *State) citeValue(n int, ids ...string) {
	if s.cited != nil {
		s.cited.add(ids, n)
	}
}

// cite notes clauses that speak of the arguments of a call: they are cited when it is made.
func (o *Operation) cite(ids ...string) {
	o.cited = strings.TrimSpace(o.cited + " " + strings.Join(ids, " "))
}

// citeArguments cites what decoding an operation noted.
func (s *State) citeArguments(o *Operation) {
	if s.cited != nil {
		s.cited.add(strings.Fields(o.cited), -1)
	}
}

// Cited lists the clauses that speak of the arguments of the call.
func (o Operation) Cited() []string { return strings.Fields(o.cited) }

// Held lists the clauses that are cited where a process can't go on, or may not in other ways: by what holds back its
// open operation, or its cleanups.
func (s *State) Held(p ID) []Citation {
	var c Citations
	s.CiteInto(&c)
	s.enabledOf(p, nil)
	s.CiteInto(nil)
	return c.together
}

// Usual is the number of cases in which a clause is cited: where something is wrong, what is seldom cited is the
// likelier to be broken, since the rest has been seen to hold so often.
func Usual(id string) int { return usual[id] }
