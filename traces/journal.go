package traces

import (
	"fmt"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Journal is a recorder that keeps the labels of a run for a report: the first and the
// latest ones, so that a run of any length costs little. The zero value is ready for use.
// It may be used from any goroutine.
type Journal struct {
	mu     sync.Mutex
	labels []spec.Label // all of them, nil once there are more than can be judged in passing
	long   *extract     // of a run that has more, else nil
}

// An event is a label with what its line needs beside it, and its place among all of the run.
type event struct {
	n     int
	label spec.Label
	who   string    // runs in its frame
	call  spec.Call // the operation that is called, or that a return or gone is about
}

func (e event) line() string { return told(e.label, e.who, e.call) }

// How many events are kept from the beginning and from the end of a run, to choose from, and how
// many of them Lines tells.
const (
	firstEvents  = 1000
	latestEvents = 3000
	firstLabels  = 100
	latestLabels = 300
)

// Record implements [spec.Recorder].
func (j *Journal) Record(l spec.Label) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.long != nil:
		j.long.add(l)
	case len(j.labels) == likeLabels:
		j.long = j.extract()
		j.long.add(l)
		j.labels = nil
	case j.labels == nil: // most runs have some dozens
		j.labels = append(make([]spec.Label, 0, 64), l)
	default:
		j.labels = append(j.labels, l)
	}
}

// extract is what is kept for telling; mu is held. Most runs are never told: so it is made once it is asked for.
func (j *Journal) extract() *extract {
	if j.long != nil {
		return j.long
	}
	x := &extract{}
	for _, l := range j.labels {
		x.add(l)
	}
	return x
}

// An extract keeps the first and the latest events of a run.
type extract struct {
	first  []event
	latest []event // a ring once it is full
	count  int     // of all events
	teller
}

func (x *extract) add(l spec.Label) {
	who, call := x.hear(l)
	if l.Kind == spec.QuietLabel || l.Kind == spec.ClockLabel {
		return // the times of the labels tell
	}
	e := event{n: x.count, label: l, who: who, call: call}
	x.count++
	switch {
	case len(x.first) < firstEvents:
		x.first = append(x.first, e)
	case len(x.latest) < latestEvents:
		x.latest = append(x.latest, e)
	default:
		x.latest[(e.n-firstEvents)%latestEvents] = e
	}
}

// events are those that were kept, oldest first.
func (x *extract) events() []event {
	at := 0
	if len(x.latest) == latestEvents {
		at = (x.count - firstEvents) % latestEvents
	}
	return slices.Concat(x.first, x.latest[at:], x.latest[:at])
}

// Lines returns the labels, one line each, oldest first. Where some were dropped a line
// says how many.
func (j *Journal) Lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out, x := []string{}, j.extract()
	for _, e := range x.events() {
		switch left := x.count - firstLabels - latestLabels; {
		case e.n < firstLabels || e.n >= x.count-latestLabels:
			out = append(out, e.line())
		case e.n == firstLabels:
			out = append(out, fmt.Sprintf("... %d events left out ...", left))
		}
	}
	return out
}
