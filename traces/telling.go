package traces

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Which events of a run a person wants to see first.

// How much an event tells of why a case came to its verdict.
const (
	tellsNothing = iota // scenery
	tellsLatest         // it came shortly before the end
	tellsLife           // a process begins, is killed, ends: one that the decisive operation names
	tellsObject         // it touched an object of the decisive operation, or of the clause's own
	tellsClause         // it is an operation of the clause
	tellsMost           // it is the decisive operation
)

// latestTold is how many of the latest events are told, whatever they are.
const latestTold = 4

// Telling returns the lines of those events that tell why the run came to its end, at most so many,
// oldest first: the latest operation of that name and its outcome, those that own says are the clause's
// own, what touched the same objects, the lives of the processes concerned, and the very last events. What
// repeats itself is told once, with how often; a line says how many events lie between two.
func (j *Journal) Telling(decisive string, own func(op string) bool, most int) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	runs := collapse(j.extract().events())
	objects := map[string]bool{}
	weights := make([]int, len(runs))
	for i := len(runs) - 1; i >= 0; i-- {
		e := runs[i].event
		switch {
		case e.is(spec.CallLabel) || e.is(spec.ReturnLabel) || e.is(spec.GoneLabel):
			switch {
			case e.call.Op == decisive:
				weights[i] = tellsMost
			case own(e.call.Op):
				weights[i] = tellsClause
			}
		}
		if weights[i] >= tellsClause {
			e.refs(func(r spec.Ref) { objects[r.ID] = true })
		}
	}
	for i, r := range runs {
		touches := false
		r.event.refs(func(ref spec.Ref) { touches = touches || objects[ref.ID] })
		switch {
		case weights[i] > 0:
		case touches && (r.event.is(spec.EnterLabel) || r.event.is(spec.LeaveLabel)):
			weights[i] = tellsLife
		case touches && !isKit(r.event.call.Op):
			weights[i] = tellsObject
		case i >= len(runs)-latestTold:
			weights[i] = tellsLatest
		}
	}
	return tellRuns(runs, choose(runs, weights, most))
}

// isKit tells whether an operation is the kit's: scenery.
func isKit(name string) bool {
	op := spec.LookupOp(name)
	return op != nil && op.Is(spec.Kit)
}

func (e event) is(kind spec.LabelKind) bool { return e.label.Kind == kind }

// refs calls f with the objects that an event names, or the call of which it is the outcome.
func (e event) refs(f func(spec.Ref)) {
	var walk func(v spec.Value)
	walk = func(v spec.Value) {
		switch v := v.(type) {
		case spec.Ref:
			f(v)
		case spec.List:
			for _, item := range v.Items {
				walk(item)
			}
			walk(v.Dotted)
		}
	}
	for _, values := range [][]spec.Value{e.label.Args, e.call.Args, e.label.Return.Values} {
		for _, v := range values {
			walk(v)
		}
	}
	for _, key := range e.call.Keys {
		walk(key.Value)
	}
	walk(e.label.Process)
}

// A repeated event stands for itself and for those that say the same right after it: a poll is a call
// and a return, over and over.
type repeated struct {
	event event
	times int
	last  int // the place of the last that it stands for
}

// collapse takes together what a frame does over and over: the same call with the same outcome.
func collapse(events []event) []repeated {
	type poll struct{ call, outcome int } // places among the runs
	var runs []repeated
	polls := map[int]poll{} // by frame
	open := map[int]int{}   // the place of a frame's open call among the runs
	say := func(e event) string {
		if e.is(spec.CallLabel) {
			return e.label.Call.String()
		}
		return e.label.Return.String()
	}
	for _, e := range events {
		frame := e.label.Frame
		runs = append(runs, repeated{e, 1, e.n})
		at := len(runs) - 1
		switch {
		case e.is(spec.CallLabel):
			open[frame] = at
		case e.is(spec.ReturnLabel):
			call, known := open[frame]
			before, polled := polls[frame]
			if known && polled && say(runs[before.call].event) == say(runs[call].event) && say(runs[before.outcome].event) == say(e) {
				runs[before.outcome].times++
				runs[before.outcome].last = e.n
				runs[call].times, runs[at].times = 0, 0
				break
			}
			polls[frame] = poll{call, at}
		default:
			delete(polls, frame)
		}
	}
	return slices.DeleteFunc(runs, func(r repeated) bool { return r.times == 0 })
}

// choose returns the places of at most so many, those that tell more first, and of those the later ones.
func choose(runs []repeated, weights []int, most int) []int {
	var places []int
	for i, w := range weights {
		if w > tellsNothing {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(weights[b], weights[a]), cmp.Compare(b, a))
	})
	places = places[:min(len(places), most)]
	slices.Sort(places)
	return places
}

func tellRuns(runs []repeated, places []int) []string {
	var lines []string
	next := 0
	for _, i := range places {
		r := runs[i]
		if gap := r.event.n - next; gap > 0 {
			lines = append(lines, fmt.Sprintf("%10s   ... %d more", "", gap))
		}
		next = r.event.n + 1
		line := r.event.line()
		if r.times > 1 {
			line += fmt.Sprintf("  (%d times)", r.times)
			next = r.last + 1
		}
		lines = append(lines, line)
	}
	return lines
}
