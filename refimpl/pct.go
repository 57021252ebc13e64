package refimpl

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// PCT picks by random priorities (Burckhardt, Kothari, Musuvathi and Nagarakatte, 2010): each
// thread gets one at random when it first can act, the highest that can act does, and at depth-1
// acts chosen beforehand the priority of whoever would act drops below all others. Among n threads
// and k acts a bug that needs depth orderings to be right shows with a probability of at least
// 1/(n k^(depth-1)) a run.
type PCT struct {
	choices spec.Choices
	// drops are the numbers of the acts before which a priority drops.
	drops      []int
	step       int
	priorities map[model.ID]int
	lowest     int
}

// NewPCT returns the strategy for one run of about that many acts.
func NewPCT(choices spec.Choices, depth, acts int) *PCT {
	p := &PCT{choices: choices, priorities: map[model.ID]int{}}
	for range depth - 1 {
		p.drops = append(p.drops, spec.Pick(choices, max(acts, 1)))
	}
	return p
}

// Choose implements [spec.Choices]; the simulator asks Pick.
func (p *PCT) Choose(n int) int { return spec.Pick(p.choices, n) }

// Pick implements [Strategy].
func (p *PCT) Pick(_ *model.State, acts []model.Act) int {
	best := p.highest(acts)
	for _, at := range p.drops {
		if at == p.step {
			p.lowest--
			p.priorities[Thread(acts[best])] = p.lowest
			best = p.highest(acts)
		}
	}
	p.step++
	// The ways of one thread's act are as good as each other.
	t := Thread(acts[best])
	var ways []int
	for i, a := range acts {
		if Thread(a) == t {
			ways = append(ways, i)
		}
	}
	return ways[spec.Pick(p.choices, len(ways))]
}

// highest is the first act of the thread with the highest priority.
func (p *PCT) highest(acts []model.Act) int {
	best := 0
	for i, a := range acts {
		if p.priority(Thread(a)) > p.priority(Thread(acts[best])) {
			best = i
		}
	}
	return best
}

// priority gives a thread its place among those that have one, at random.
func (p *PCT) priority(t model.ID) int {
	if v, ok := p.priorities[t]; ok {
		return v
	}
	// Priorities are wide apart: a tie, which the order of the acts decides, is rare.
	v := 1 + p.choices.Choose(1<<30)
	p.priorities[t] = v
	return v
}

// End implements [Strategy].
func (p *PCT) End(*model.State, []model.Act) {}
