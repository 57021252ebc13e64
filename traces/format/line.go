package format

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// A line is one label as JSON. Times are microseconds since the system was opened. The life of
// a child is in the calls of child-tell and child-await: it was told, something happened, it
// was seen.
type line struct {
	Label         string            `json:"label"`
	At            int64             `json:"at"`
	Frame         *int              `json:"frame,omitempty"`
	Process       json.RawMessage   `json:"process,omitempty"`
	Image         int               `json:"image,omitempty"` // of an enter: 0 is the first
	Callback      *int              `json:"callback,omitempty"`
	spec.CallJSON                   // of a call; an enter has args
	Status        string            `json:"status,omitempty"`
	Values        []json.RawMessage `json:"values,omitempty"`
	Condition     *condition        `json:"condition,omitempty"`
}

type condition struct {
	Type        string `json:"type"`
	Message     string `json:"message,omitempty"`
	Continuable bool   `json:"continuable,omitempty"`
}

var labelNames = [...]string{
	spec.CallLabel: "call", spec.ReturnLabel: "return", spec.GoneLabel: "gone", spec.EnterLabel: "enter",
	spec.LeaveLabel: "leave", spec.QuietLabel: "quiet", spec.ClockLabel: "clock",
}

// EncodeLabel gives the line of a label in a trace, without the end of line. Equal labels have
// equal lines.
func EncodeLabel(l spec.Label) ([]byte, error) {
	out := line{Label: labelNames[l.Kind], At: l.At.Microseconds()}
	var err error
	raw := func(v spec.Value) json.RawMessage {
		data, e := spec.EncodeValue(v)
		if e != nil && err == nil {
			err = fmt.Errorf("%s: %w", v, e)
		}
		return data
	}
	list := func(values []spec.Value) []json.RawMessage {
		data := make([]json.RawMessage, len(values))
		for i, v := range values {
			data[i] = raw(v)
		}
		return data
	}
	if l.Kind == spec.CallLabel {
		buf, err := spec.AppendCall(fmt.Appendf(nil, `{"label":%q,"at":%d,"frame":%d,`, out.Label, out.At, l.Frame), l.Call)
		return append(buf, '}'), err
	}
	if l.Kind != spec.QuietLabel && l.Kind != spec.ClockLabel {
		out.Frame = &l.Frame
	}
	switch l.Kind {
	case spec.EnterLabel:
		callback := int(l.Callback)
		out.Callback, out.Image = &callback, l.Image
		if l.Process != nil {
			out.Process = raw(l.Process)
		}
		out.Args = list(l.Args)
	case spec.ReturnLabel, spec.LeaveLabel:
		if out.Values = list(l.Return.Values); l.Return.Status != spec.Returned {
			out.Status = l.Return.Status.String()
		}
		if c := l.Return.Condition; c != nil {
			out.Condition = &condition{c.Type, c.Message, c.Continuable}
		}
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// label reads the line back, its values by decode; the error names the field.
func (in *line) label(decode func([]byte) (spec.Value, error)) (l spec.Label, err error) {
	kind := -1
	for of, name := range labelNames {
		if name == in.Label {
			kind = of
		}
	}
	if kind < 0 {
		return l, fmt.Errorf("field label: %q is no label; want call, return, gone, enter, leave, quiet or clock", in.Label)
	}
	l.Kind = spec.LabelKind(kind)
	if in.At < 0 {
		return l, fmt.Errorf("field at: %d is before the beginning", in.At)
	}
	l.At = time.Duration(in.At) * time.Microsecond
	if l.Kind == spec.QuietLabel || l.Kind == spec.ClockLabel {
		return l, nil
	}
	if in.Frame == nil || *in.Frame < 0 {
		return l, fmt.Errorf("field frame: a %s belongs to a frame, a number from 0 on", in.Label)
	}
	l.Frame = *in.Frame
	value := func(field string, data json.RawMessage) spec.Value {
		v, e := decode(data)
		if e != nil && err == nil {
			err = fmt.Errorf("field %s: %w", field, e)
		}
		return v
	}
	list := func(field string, data []json.RawMessage) []spec.Value {
		if len(data) == 0 {
			return nil
		}
		out := make([]spec.Value, len(data))
		for i, d := range data {
			out[i] = value(field, d)
		}
		return out
	}
	switch l.Kind {
	case spec.EnterLabel:
		if in.Callback == nil || *in.Callback < 0 {
			return l, fmt.Errorf("field callback: an enter says which code begins, a number from 0 on")
		}
		if in.Image < 0 {
			return l, fmt.Errorf("field image: images are numbered from 0 on")
		}
		l.Image, l.Callback, l.Args = in.Image, spec.Callback(*in.Callback), list("args", in.Args)
		if in.Process != nil {
			l.Process = value("process", in.Process)
		}
	case spec.CallLabel:
		if in.Op == "" {
			return l, fmt.Errorf("field op: a call names an operation")
		}
		if l.Call, err = in.Call(decode, true); err != nil {
			return l, fmt.Errorf("field %w", err)
		}
		if op := spec.LookupOp(in.Op); op != nil {
			l.Call.Op = op.Name // one string for all calls
		}
	case spec.ReturnLabel, spec.LeaveLabel:
		l.Return.Values = list("values", in.Values)
		if in.Status != "" {
			status, e := spec.ParseStatus(in.Status)
			if e != nil {
				return l, fmt.Errorf("field status: %w, or none where it returned", e)
			}
			l.Return.Status = status
		}
		if c := in.Condition; c != nil {
			l.Return.Condition = &spec.Condition{Type: c.Type, Message: c.Message, Continuable: c.Continuable}
		}
	case spec.GoneLabel:
	}
	return l, err
}
