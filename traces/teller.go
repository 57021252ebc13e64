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
	who, call := j.hear(l)
	return told(l, who, call)
}

// hear takes in the next label, and gives what its line needs beside it: who runs in the frame, and the
// operation that is called, or that a return or gone is about. Most runs are never told, so that words
// are made only when they are.
func (j *teller) hear(l spec.Label) (who string, call spec.Call) {
	if j.names == nil {
		j.names, j.frames = map[string]string{}, map[int]string{}
	}
	if j.calls == nil {
		j.calls = map[int]spec.Call{}
	}
	switch l.Kind {
	case spec.QuietLabel, spec.ClockLabel:
		return "", call
	case spec.EnterLabel:
		j.frames[l.Frame] = j.who(l)
	case spec.CallLabel:
		j.calls[l.Frame] = l.Call
		call = l.Call
	case spec.ReturnLabel:
		call = j.calls[l.Frame]
		j.learn(call, l.Return)
	case spec.GoneLabel:
		call = j.calls[l.Frame]
	}
	return j.frames[l.Frame], call
}

// told is the line of a label that was heard.
func told(l spec.Label, who string, call spec.Call) string {
	text := ""
	switch l.Kind {
	case spec.EnterLabel:
		text = fmt.Sprintf("begins callback %d", l.Callback)
		if len(l.Args) > 0 {
			text += " with " + spec.NewList(l.Args...).String()
		}
		if l.Image != 0 {
			text += fmt.Sprintf(" in image %d", l.Image)
		}
	case spec.CallLabel:
		text = l.Call.String()
	case spec.ReturnLabel:
		text = fmt.Sprintf("(%s ...) => %s", spec.Brief(call.Op, spec.NameLength), l.Return)
	case spec.GoneLabel:
		text = fmt.Sprintf("(%s ...) never returns: its process unwinds", spec.Brief(call.Op, spec.NameLength))
	case spec.LeaveLabel:
		text = "ends"
	case spec.QuietLabel:
		text = "nothing can happen until time passes"
	case spec.ClockLabel:
		text = "time passes"
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
	if op := spec.LookupOp(call.Op); op == nil || op.Makes() != "process" || len(r.Values) == 0 {
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
