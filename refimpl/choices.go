package refimpl

import "github.com/mpcheck/mpcheck/spec"

// DepthFirst enumerates all runs of a program naively: every choice at every step. Use it
// as the Choices of one run after the other, calling Next in between.
//
//	d := refimpl.NewDepthFirst()
//	for more := true; more; more = d.Next() { run(d) }
//
// The program must be deterministic but for its choices.
type DepthFirst struct {
	path  []branch
	depth int
}

type branch struct{ taken, of int }

// NewDepthFirst returns an enumerator before its first run.
func NewDepthFirst() *DepthFirst { return &DepthFirst{} }

// Choose implements [spec.Choices].
func (d *DepthFirst) Choose(n int) int {
	if d.depth == len(d.path) {
		d.path = append(d.path, branch{0, n})
	}
	b := d.path[d.depth]
	d.depth++
	if b.of != n {
		// The program did not do as before: the enumeration would be meaningless.
		panic("refimpl: the program is not deterministic: a choice among " + itoa(b.of) + " is now one among " + itoa(n))
	}
	return b.taken
}

// Next moves to the next run; false means that all have been seen.
func (d *DepthFirst) Next() bool {
	d.path = d.path[:d.depth]
	d.depth = 0
	for len(d.path) > 0 {
		last := &d.path[len(d.path)-1]
		if last.taken++; last.taken < last.of {
			return true
		}
		d.path = d.path[:len(d.path)-1]
	}
	return false
}

// Recorded plays a list of choices back; where the list ends, or its entry is out of
// range, it takes the first.
type Recorded struct {
	List []int
	next int
}

// Choose implements [spec.Choices].
func (r *Recorded) Choose(n int) int {
	if r.next >= len(r.List) {
		return 0
	}
	c := r.List[r.next]
	r.next++
	if c < 0 || c >= n {
		return 0
	}
	return c
}

// Recording passes choices through and keeps them.
type Recording struct {
	From spec.Choices
	List []int
	of   []int // how many there were to choose among
}

// Choose implements [spec.Choices].
func (r *Recording) Choose(n int) int {
	c := r.From.Choose(n)
	r.List, r.of = append(r.List, c), append(r.of, n)
	return c
}

// A Deviation is a choice that is not the first, at a step of a run counted from 0: which, and
// of how many.
type Deviation struct{ Step, Choice, Of int }

// Deviating makes the choices of a run from its deviations: all others are the first. It finds
// out whether the run is the one that they are of.
type Deviating struct {
	List []Deviation
	step int
	// Differs is the first step at which this run is another one, "" where there is none so far.
	Differs string
}

// Choose implements [spec.Choices].
func (d *Deviating) Choose(n int) int {
	step := d.step
	d.step++
	if len(d.List) == 0 || d.List[0].Step != step {
		return 0
	}
	next := d.List[0]
	d.List = d.List[1:]
	if next.Of != n || next.Choice >= n {
		if d.Differs == "" {
			d.Differs = "step " + itoa(step) + " was a choice of " + itoa(next.Choice) + " among " + itoa(next.Of) + ", and is one among " + itoa(n)
		}
		return 0
	}
	return next.Choice
}

// differs says how a run that has ended is another one, "" where it isn't, or was not begun.
func (d *Deviating) differs() string {
	if d.Differs == "" && d.step > 0 && len(d.List) > 0 {
		return "it ended before step " + itoa(d.List[0].Step)
	}
	return d.Differs
}

// Deviations returns those of a recorded run.
func (r *Recording) Deviations() []Deviation {
	var out []Deviation
	for step, choice := range r.List {
		if choice != 0 {
			out = append(out, Deviation{step, choice, r.of[step]})
		}
	}
	return out
}

func itoa(n int) string { return spec.Int(n).String() }
