package fuzz

import (
	"slices"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Weights say how much the operations that a program may call are worth calling. They prefer
// what can do something where it stands - a read of a mailbox to which something is sent - and
// what has not been seen yet. Nil weights prefer nothing; the zero value has seen everything.
type Weights struct {
	boosts map[string]int // by operation; a missing one is 1
}

// How much more an operation is worth of which nothing has been seen, or which has never given
// up because its time was over, or whose rule may cite a clause that was never cited. The sum over a family stays below the 256 that a byte can tell
// apart.
const (
	boostUnseen = 4
	boostTimeUp = 2
	boostClause = 2
)

// Learn weighs operations by what is covered so far: those that never took effect come first, then those that have a
// clause that never took part.
func (w *Weights) Learn(covered *refimpl.Coverage) {
	acts, clauses := covered.Unreached()
	w.boosts = map[string]int{}
	for _, a := range acts {
		switch a.Kind {
		case model.Effect:
			w.boosts[a.Op] = boostUnseen
		case model.TimeUp:
			w.boosts[a.Op] = max(w.boosts[a.Op], boostTimeUp)
		}
	}
	for _, op := range model.Operations() {
		if slices.ContainsFunc(model.ClausesOf(op), func(id string) bool { return slices.Contains(clauses, id) }) {
			w.boosts[op] = max(w.boosts[op], boostClause)
		}
	}
}

// LearnCalled weighs operations by whether any program so far calls them: what is known where
// nobody sees inside an adapter. Unlike what returned it does not depend on timing, so that the
// same seed invents the same programs.
func (w *Weights) LearnCalled(called map[string]bool) {
	w.boosts = map[string]int{}
	for _, all := range makers {
		for _, m := range all {
			if !called[m.op] {
				w.boosts[m.op] = boostUnseen
			}
		}
	}
}

func (w *Weights) boost(op string) int {
	if w == nil {
		return 1
	}
	return max(1, w.boosts[op])
}

// maker weighs an operation at a place of a program.
func (w *Weights) maker(g *generator, m maker) int {
	if w == nil || m.worth == nil {
		return w.boost(m.op)
	}
	return w.boost(m.op) * m.worth(g)
}

// family weighs a family by the best of its operations.
func (w *Weights) family(f Family) int {
	best := 1
	for _, m := range makers[f] {
		best = max(best, w.boost(m.op))
	}
	return best
}

// calledBy adds the operations that a program calls.
func calledBy(p *program.Program, called map[string]bool) {
	for _, steps := range p.Blocks {
		for _, s := range steps {
			called[s.Call.Op] = true
		}
	}
}
