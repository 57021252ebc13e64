package refimpl

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec/model"
)

// DPOR enumerates runs of a program as [DepthFirst] does, and leaves out those that differ from
// another only in the order of acts which don't matter to each other ([model.Dependent]):
// dynamic partial-order reduction (Flanagan and Godefroid, 2005) with source sets (Abdulla,
// Aronis, Jonsson and Sagonas, 2014) and sleep sets. Of the runs that are alike in this sense one
// is complete; others may turn out, on their way, to repeat it. All ways of one process's act are
// branches of their own.
//
// The program must be deterministic but for its choices, and its processes must share nothing
// but what acts touch.
type DPOR struct {
	nodes []*node
	depth int
	// events are the acts of this run so far, with what happened before each. What the next run shares
	// with this one stays: no race is new there.
	events []event
	// clocks are those of the threads after the events; threads gives each thread its place in clocks.
	clocks  []clock
	threads map[model.ID]int
	known   clock // of races, kept for its room
	// redundant: from here on the run repeats another in a different order.
	redundant bool

	// Runs and Pruned count the runs begun, and those that turned out to repeat another.
	Runs, Pruned int
}

// NewDPOR returns an enumerator before its first run.
func NewDPOR() *DPOR { return &DPOR{threads: map[model.ID]int{}, Runs: 1} }

// A node is a state of the current run: what could happen there, and what was and will be
// explored from it.
type node struct {
	acts      []model.Act
	current   int // index of the act that happens
	backtrack []model.ID
	done      []model.ID
	sleep     []sleeper
}

// A sleeper is a thread that need not act yet: that was explored before, and nothing since has
// mattered to it.
type sleeper struct {
	thread model.ID
	acts   []model.Act
}

type event struct {
	act    model.Act
	thread int // its place in clocks
	clock  clock
}

// A clock says of each thread how many of its acts came before, in the sense of dependence. Threads that
// it is too short for have none.
type clock []int32

func (c clock) of(thread int) int32 {
	if thread < len(c) {
		return c[thread]
	}
	return 0
}

// join is c with what o knows, in c's place where that is long enough.
func (c clock) join(o clock) clock {
	for len(c) < len(o) {
		c = append(c, 0)
	}
	for t, n := range o {
		c[t] = max(c[t], n)
	}
	return c
}

// place is that of a thread in clocks.
func (d *DPOR) place(t model.ID) int {
	n, known := d.threads[t]
	if !known {
		n = len(d.clocks)
		d.threads[t] = n
		d.clocks = append(d.clocks, nil)
	}
	return n
}

// Choose implements [spec.Choices]; the simulator asks Pick.
func (d *DPOR) Choose(int) int { return 0 }

// Pick implements [Strategy].
func (d *DPOR) Pick(_ *model.State, acts []model.Act) int {
	if d.redundant {
		return 0
	}
	shared := d.depth < len(d.events)
	if !shared {
		d.races(acts)
	}
	if d.depth == len(d.nodes) && !d.enter(acts) {
		d.redundant = true
		d.Pruned++
		return 0
	}
	n := d.nodes[d.depth]
	if !slices.Equal(n.acts, acts) {
		panic("refimpl: the program is not deterministic: other acts are possible after the same ones")
	}
	if !shared {
		d.happen(n.acts[n.current])
	}
	d.depth++
	return n.current
}

// enter makes the node for a new state; false means that all that is possible sleeps.
func (d *DPOR) enter(acts []model.Act) bool {
	n := &node{acts: slices.Clone(acts)}
	if d.depth > 0 {
		before := d.nodes[d.depth-1]
		chosen := before.acts[before.current]
		for _, s := range before.sleep {
			if !slices.ContainsFunc(s.acts, func(a model.Act) bool { return model.Dependent(a, chosen) }) {
				n.sleep = append(n.sleep, s)
			}
		}
	}
	for i, a := range acts {
		if t := Thread(a); !n.sleeps(t) {
			n.current, n.backtrack = i, []model.ID{t}
			d.nodes = append(d.nodes, n)
			return true
		}
	}
	return false
}

func (n *node) sleeps(t model.ID) bool {
	return slices.ContainsFunc(n.sleep, func(s sleeper) bool { return s.thread == t })
}

func (n *node) enabled(t model.ID) bool {
	return slices.ContainsFunc(n.acts, func(a model.Act) bool { return Thread(a) == t })
}

func (n *node) add(t model.ID) {
	if !slices.Contains(n.backtrack, t) {
		n.backtrack = append(n.backtrack, t)
	}
}

// happen notes an act and what came before it.
func (d *DPOR) happen(a model.Act) {
	t := d.place(Thread(a))
	c := slices.Clone(d.clocks[t])
	for i := len(d.events) - 1; i >= 0; i-- {
		if e := &d.events[i]; c.of(e.thread) < e.clock[e.thread] && model.Dependent(e.act, a) {
			c = c.join(e.clock)
		}
	}
	for len(c) <= t {
		c = append(c, 0)
	}
	c[t]++
	d.events = append(d.events, event{a, t, c})
	d.clocks[t] = c
}

// races finds, for each act that is possible now, the acts that it could have come before to another
// effect - they depend on each other and on nothing in between - and has that tried.
func (d *DPOR) races(acts []model.Act) {
	if d.depth > 0 { // what the latest act made impossible could have come before it
		before := d.nodes[d.depth-1]
		for _, a := range before.acts {
			if t := Thread(a); t != Thread(before.acts[before.current]) && !slices.Contains(acts, a) {
				before.add(t)
			}
		}
	}
	for _, a := range acts {
		t := Thread(a)
		known := d.known[:0].join(d.clocks[d.place(t)]) // what comes before a by way of the events looked at
		for i := len(d.events) - 1; i >= 0; i-- {
			e := &d.events[i]
			if known.has(e) || Thread(e.act) == t || !model.Dependent(e.act, a) {
				continue
			}
			d.reverse(i, a)
			known = known.join(e.clock)
		}
		d.known = known
	}
}

// has tells whether an event came before.
func (c clock) has(e *event) bool { return e.clock[e.thread] <= c.of(e.thread) }

// reverse has tried, where event i happened, what leads to a before it: some thread that can come
// first in that, unless one of them is tried already (a source set).
func (d *DPOR) reverse(i int, a model.Act) {
	n := d.nodes[i]
	firsts := slices.DeleteFunc(d.initials(i, a), func(t model.ID) bool { return !n.enabled(t) })
	if slices.ContainsFunc(firsts, func(t model.ID) bool { return slices.Contains(n.backtrack, t) || n.sleeps(t) }) {
		return
	}
	if t := Thread(a); slices.Contains(firsts, t) {
		n.add(t)
		return
	}
	if len(firsts) > 0 {
		n.add(firsts[0])
		return
	}
	for _, b := range n.acts {
		n.add(Thread(b))
	}
}

// initials lists the threads that can come first in what followed event i without depending on it,
// with a behind that: whose first act there depends on none before it.
func (d *DPOR) initials(i int, a model.Act) []model.ID {
	var followed []*event
	var threads, firsts []model.ID
	first := &d.events[i]
	known := slices.Clone(d.clocks[d.place(Thread(a))])
	for j := i + 1; j < len(d.events); j++ {
		f := &d.events[j]
		if f.clock.has(first) {
			continue
		}
		if model.Dependent(f.act, a) {
			known = known.join(f.clock)
		}
		if t := Thread(f.act); !slices.Contains(threads, t) {
			threads = append(threads, t)
			if !slices.ContainsFunc(followed, f.clock.has) {
				firsts = append(firsts, t)
			}
		}
		followed = append(followed, f)
	}
	if t := Thread(a); !slices.Contains(threads, t) && !slices.ContainsFunc(followed, known.has) {
		firsts = append(firsts, t)
	}
	return firsts
}

// End implements [Strategy]: what was possible still could have come before the end, which is
// the latest act of the test's process.
func (d *DPOR) End(s *model.State, acts []model.Act) {
	if d.redundant {
		return
	}
	d.races(acts)
	for i := len(d.events) - 1; i >= 0; i-- {
		if Thread(d.events[i].act) != s.TestProcess() {
			continue
		}
		for _, a := range acts {
			if Thread(a) != s.TestProcess() {
				d.reverse(i, a)
			}
		}
		return
	}
}

// Next moves to the next run; false means that all that differ have been seen.
func (d *DPOR) Next() bool {
	d.depth, d.redundant = 0, false
	for len(d.nodes) > 0 {
		n := d.nodes[len(d.nodes)-1]
		if n.next() {
			d.Runs++
			d.back(len(d.nodes) - 1)
			return true
		}
		d.nodes = d.nodes[:len(d.nodes)-1]
	}
	return false
}

// back leaves the first of the events.
func (d *DPOR) back(events int) {
	d.events = d.events[:events]
	clear(d.clocks)
	for i := range d.events {
		d.clocks[d.events[i].thread] = d.events[i].clock
	}
}

// next moves a node to its next branch: another way of the same thread's act, or another thread.
func (n *node) next() bool {
	t := Thread(n.acts[n.current])
	for i := n.current + 1; i < len(n.acts); i++ {
		if Thread(n.acts[i]) == t {
			n.current = i
			return true
		}
	}
	n.done = append(n.done, t)
	own := sleeper{thread: t}
	for _, a := range n.acts {
		if Thread(a) == t {
			own.acts = append(own.acts, a)
		}
	}
	n.sleep = append(n.sleep, own)
	for _, q := range n.backtrack {
		if slices.Contains(n.done, q) || n.sleeps(q) {
			continue
		}
		n.current = slices.IndexFunc(n.acts, func(a model.Act) bool { return Thread(a) == q })
		return true
	}
	return false
}
