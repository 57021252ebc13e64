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
	names  map[string]string // process reference -> name
	frames map[int]string    // frame number -> who runs in it
	calls  map[int]spec.Call // open operation of each frame
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
	if j.names == nil {
		j.names, j.frames, j.calls = map[string]string{}, map[int]string{}, map[int]spec.Call{}
	}
	text := ""
	switch l.Kind {
	case spec.EnterLabel:
		j.frames[l.Frame] = j.who(l)
		text = fmt.Sprintf("begins callback %d", l.Callback)
		if len(l.Args) > 0 {
			text += " with " + spec.NewList(l.Args...).String()
		}
	case spec.CallLabel:
		j.calls[l.Frame] = l.Call
		text = l.Call.String()
	case spec.ReturnLabel:
		call := j.calls[l.Frame]
		j.learn(call, l.Return)
		text = fmt.Sprintf("(%s ...) => %s", call.Op, l.Return)
	case spec.GoneLabel:
		text = fmt.Sprintf("(%s ...) never returns: its process unwinds", j.calls[l.Frame].Op)
	case spec.LeaveLabel:
		text = "ends"
	case spec.QuietLabel, spec.ClockLabel:
		return // the times of the labels tell
	}
	j.add(fmt.Sprintf("%10.3fs  %-14s %s", l.At.Seconds(), j.frames[l.Frame], text))
}

func (j *Journal) add(line string) {
	if len(j.first) < firstLabels {
		j.first = append(j.first, line)
		return
	}
	j.latest[j.count%latestLabels] = line
	j.count++
}

// who names a frame by its process: the test, or the name that the process was created with.
func (j *Journal) who(l spec.Label) string {
	if l.Frame == 0 {
		return "test"
	}
	ref, ok := l.Process.(spec.Ref)
	if !ok {
		return fmt.Sprintf("frame %d", l.Frame)
	}
	if name, ok := j.names[ref.ID]; ok {
		return name
	}
	return "process " + ref.ID
}

// learn notes the name of a process that a call created. A process may begin before the
// call that made it has returned; its frames are then renamed.
func (j *Journal) learn(call spec.Call, r spec.Return) {
	if call.Op != "process-run-function" || len(r.Values) == 0 {
		return
	}
	ref, ok := r.Values[0].(spec.Ref)
	name, named := call.Arg(0).(spec.String)
	if !ok || !named {
		return
	}
	j.names[ref.ID] = string(name)
	for frame, who := range j.frames {
		if who == "process "+ref.ID {
			j.frames[frame] = string(name)
		}
	}
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
