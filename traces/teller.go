package traces

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// A teller puts labels into words: who, and what happened. The zero value is ready for use.
type teller struct {
	names  map[string]string // process reference -> name
	frames map[int]string    // frame number -> who runs in it
	calls  map[int]spec.Call // open operation of each frame
}

// tell gives the line of the next label.
func (j *teller) tell(l spec.Label) string {
	if j.names == nil {
		j.names, j.frames = map[string]string{}, map[int]string{}
	}
	if j.calls == nil {
		j.calls = map[int]spec.Call{}
	}
	who, text := "", ""
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
		text = fmt.Sprintf("(%s ...) => %s", spec.Brief(call.Op, spec.NameLength), l.Return)
	case spec.GoneLabel:
		text = fmt.Sprintf("(%s ...) never returns: its process unwinds", spec.Brief(j.calls[l.Frame].Op, spec.NameLength))
	case spec.LeaveLabel:
		text = "ends"
	case spec.QuietLabel:
		text = "nothing can happen until time passes"
	case spec.ClockLabel:
		text = "time passes"
	}
	if l.Kind != spec.QuietLabel && l.Kind != spec.ClockLabel {
		who = j.frames[l.Frame]
	}
	return fmt.Sprintf("%10.3fs  %-14s %s", l.At.Seconds(), who, spec.Brief(text, spec.LineLength))
}

// who names a frame by its process: the test, or the name that the process was created with.
func (j *teller) who(l spec.Label) string {
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
	return nameless(ref)
}

func nameless(ref spec.Ref) string { return "process " + spec.Brief(ref.ID, spec.NameLength) }

// learn notes the name of a process that a call created. A process may begin before the
// call that made it has returned; its frames are then renamed.
func (j *teller) learn(call spec.Call, r spec.Return) {
	if call.Op != "process-run-function" || len(r.Values) == 0 {
		return
	}
	ref, ok := r.Values[0].(spec.Ref)
	name, named := call.Arg(0).(spec.String)
	if !ok || !named {
		return
	}
	shown := spec.Brief(string(name), spec.NameLength)
	j.names[ref.ID] = shown
	for frame, who := range j.frames {
		if who == nameless(ref) {
			j.frames[frame] = shown
		}
	}
}
