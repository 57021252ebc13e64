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
	mu      sync.Mutex
	first   []event
	latest  []event      // a ring once it is full
	count   int          // of all events
	labels  []spec.Label // all of them, nil once there are more than can be judged in passing
	tooMany bool
	teller
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
	if j.labels = append(j.labels, l); j.tooMany || len(j.labels) > likeLabels {
		j.labels, j.tooMany = nil, true
	}
	who, call := j.hear(l)
	if l.Kind == spec.QuietLabel || l.Kind == spec.ClockLabel {
		return // the times of the labels tell
	}
	e := event{n: j.count, label: l, who: who, call: call}
	j.count++
	switch {
	case j.first == nil: // most runs have some dozens
		j.first = append(make([]event, 0, 64), e)
	case len(j.first) < firstEvents:
		j.first = append(j.first, e)
	case len(j.latest) < latestEvents:
		j.latest = append(j.latest, e)
	default:
		j.latest[(e.n-firstEvents)%latestEvents] = e
	}
}

// events are those that were kept, oldest first; mu is held.
func (j *Journal) events() []event {
	at := 0
	if len(j.latest) == latestEvents {
		at = (j.count - firstEvents) % latestEvents
	}
	return slices.Concat(j.first, j.latest[at:], j.latest[:at])
}

// Lines returns the labels, one line each, oldest first. Where some were dropped a line
// says how many.
func (j *Journal) Lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := []string{}
	for _, e := range j.events() {
		switch left := j.count - firstLabels - latestLabels; {
		case e.n < firstLabels || e.n >= j.count-latestLabels:
			out = append(out, e.line())
		case e.n == firstLabels:
			out = append(out, fmt.Sprintf("... %d events left out ...", left))
		}
	}
	return out
}
