package traces

import (
	"fmt"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Journal is a recorder that keeps the labels of a run for a report: the first and the
// latest ones, so that a run of any length costs little. The zero value is ready for use.
// It may be used from any goroutine.
type Journal struct {
	mu     sync.Mutex
	first  []string
	latest [latestLabels]string
	count  int
	teller
}

// How many labels are kept from the beginning and from the end of a run.
const (
	firstLabels  = 100
	latestLabels = 300
)

// Record implements [spec.Recorder].
func (j *Journal) Record(l spec.Label) {
	j.mu.Lock()
	defer j.mu.Unlock()
	line := j.tell(l)
	if l.Kind == spec.QuietLabel || l.Kind == spec.ClockLabel {
		return // the times of the labels tell
	}
	j.add(line)
}

func (j *Journal) add(line string) {
	if len(j.first) < firstLabels {
		j.first = append(j.first, line)
		return
	}
	j.latest[j.count%latestLabels] = line
	j.count++
}

// Lines returns the labels, one line each, oldest first. Where some were dropped a line
// says how many.
func (j *Journal) Lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := append([]string{}, j.first...)
	if j.count <= latestLabels {
		return append(out, j.latest[:j.count]...)
	}
	out = append(out, fmt.Sprintf("... %d events left out ...", j.count-latestLabels))
	at := j.count % latestLabels
	out = append(out, j.latest[at:]...)
	return append(out, j.latest[:at]...)
}
