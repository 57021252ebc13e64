package traces

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// A Likeness is a known fault that would have shown the same labels: a mutant of the specification.
type Likeness struct {
	Mutant model.Mutant
	What   string
}

// Bounds of the search for known faults: each is tried on the labels up to the finding, which most contradict
// soon. A longer trace is not tried.
const (
	likeStates  = 5_000
	likeLabels  = 2_000
	mostAlike   = 3
	mostTried   = 60
	tooMuchLike = 8 // faults that explain a finding say nothing of it any more
)

// alike lists the mutants that violate one of these clauses and whose runs may show the labels up to i. A system
// that does so behaves as if it had that fault.
func (c *checker) alike(i int, clauses []string) (out []model.MutantInfo) {
	if c.o.Unlike || i > likeLabels || c.o.mutant != "" || len(c.report.Findings) > 0 { // what comes after the first follows from it
		return nil
	}
	o := c.o
	o.citing, o.searchOnly, o.whole = false, true, true
	o.Budget, o.kept = likeStates, firstKept
	read := newChecker(c.script.Labels[:i+1], o)
	defer read.done()
	// What is behind this label is cut off: labels that have yet to come may explain there what they never will.
	if read.under("").judge().Verdict == Allowed {
		return nil
	}
	tried := 0
	for _, m := range model.Mutants {
		if !slices.ContainsFunc(m.Clauses, func(id string) bool { return slices.Contains(clauses, id) }) {
			continue
		}
		if tried++; tried > mostTried {
			break
		}
		its := read.under(m.Mutant)
		if its.judge().Verdict == Allowed {
			if out = append(out, m); len(out) > tooMuchLike {
				return nil
			}
		}
		read.spare = append(its.spare, its.states...)
	}
	return out
}

// under has a mutant of the specification judge what a checker has read and not judged, which it leaves as it is.
func (c *checker) under(m model.Mutant) *checker {
	its := *c
	its.o.mutant = m
	its.report = &Report{Verdict: Allowed}
	its.states = []*model.State{its.o.initial(c.script.Universe)}
	its.calls, its.skipped = map[model.ID]*script.Call{}, map[int]bool{}
	return &its
}

func (d *direct) likeness() (out []Likeness) {
	for _, m := range d.alike[:min(len(d.alike), mostAlike)] {
		out = append(out, Likeness{m.Mutant, m.What})
	}
	return out
}
