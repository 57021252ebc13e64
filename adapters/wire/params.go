package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The parameters and results of the methods. What the harness sends is written by append
// functions where it is sent often, else by encode.
type (
	helloParams struct {
		Contract string `json:"contract"`
		Harness  string `json:"harness"`
	}
	openParams struct {
		System string `json:"system"`
		// Seed is text: most JSON readers make a double of a number, and lose its end.
		Seed string `json:"seed"`
	}
	systemParams struct {
		System string `json:"system"`
	}
	attachParams struct {
		Token string `json:"token"`
		PID   int    `json:"pid"`
	}
	attachResult struct {
		System string `json:"system"`
		Image  int    `json:"image"`
	}
	callParams struct {
		System string `json:"system"`
		Frame  string `json:"frame"`
		spec.CallJSON
	}
	enterParams struct {
		System   string            `json:"system"`
		Frame    string            `json:"frame"`
		Callback *int              `json:"callback"`
		Process  json.RawMessage   `json:"process"`
		Image    int               `json:"image,omitempty"`
		Args     []json.RawMessage `json:"args"`
	}
	valuesResult struct {
		Values []json.RawMessage `json:"values"`
	}
	returnResult struct {
		Status    string            `json:"status"`
		Values    []json.RawMessage `json:"values"`
		Condition *spec.Condition   `json:"condition"`
	}
	finishResult struct {
		Stuck  *stuckResult `json:"stuck,omitempty"`
		Broken string       `json:"broken,omitempty"`
	}
	stuckResult struct {
		Op    string   `json:"op"`
		Waits []string `json:"waits"`
		// Graph is the same with who could end each wait, where the adapter knows.
		Graph  spec.WaitGraph `json:"graph,omitempty"`
		Proven bool           `json:"proven"`
	}
)

var emptyObject = []byte("{}")

// encodeCall gives the parameters of call.
func encodeCall(system, frame string, call spec.Call) ([]byte, error) {
	buf := append([]byte(`{"system":`), encode(system)...)
	buf = append(append(buf, `,"frame":`...), encode(frame)...)
	buf, err := spec.AppendCall(append(buf, ','), call)
	if err != nil {
		return nil, err
	}
	buf = append(buf, '}')
	return buf, fits(buf)
}

func encodeReturn(r spec.Return) ([]byte, error) {
	buf := append([]byte(`{"status":"`), r.Status.String()...)
	buf = append(buf, '"')
	switch r.Status {
	case spec.Returned:
		var err error
		if buf, err = appendValues(append(buf, `,"values":`...), r.Values); err != nil {
			return nil, err
		}
	case spec.Signalled:
		c := r.Condition
		if c == nil {
			c = &spec.Condition{Type: "error"}
		}
		buf = append(append(buf, `,"condition":`...), encode(c)...)
	}
	buf = append(buf, '}')
	return buf, fits(buf)
}

// decodeReturn reads the outcome of a call; the error says what was expected.
func decodeReturn(result []byte) (spec.Return, error) {
	var in returnResult
	if err := decodeStrict(result, &in); err != nil {
		return spec.Return{}, err
	}
	status, err := spec.ParseStatus(in.Status)
	if err != nil {
		return spec.Return{}, err
	}
	ret := spec.Return{Status: status, Condition: in.Condition}
	switch {
	case status == spec.Signalled && (in.Condition == nil || in.Condition.Type == ""):
		return ret, errors.New("want a condition with a type where the status is signalled")
	case status != spec.Signalled && in.Condition != nil:
		return ret, fmt.Errorf("want a condition only where the status is signalled, got one with %q", in.Status)
	case status != spec.Returned && in.Values != nil:
		return ret, fmt.Errorf("want values only where the status is returned, got some with %q", in.Status)
	case status == spec.Returned && in.Values == nil:
		return ret, errors.New("want values where the status is returned: [] if there are none")
	}
	ret.Values, err = decodeValues(in.Values)
	return ret, err
}

// encodeEnter gives the parameters of enter; image 0, the first, isn't said.
func encodeEnter(system, frame string, callback int, process spec.Value, image int, args []spec.Value) ([]byte, error) {
	who := json.RawMessage("null")
	var err error
	if process != nil {
		if who, err = spec.EncodeValue(process); err != nil {
			return nil, fmt.Errorf("the process: %w", err)
		}
	}
	buf := append([]byte(`{"system":`), encode(system)...)
	buf = append(append(buf, `,"frame":`...), encode(frame)...)
	buf = fmt.Appendf(buf, `,"callback":%d,"process":%s,`, callback, who)
	if image != 0 {
		buf = fmt.Appendf(buf, `"image":%d,`, image)
	}
	buf = append(buf, `"args":`...)
	if buf, err = appendValues(buf, args); err != nil {
		return nil, err
	}
	buf = append(buf, '}')
	return buf, fits(buf)
}

// decodeEnter reads the parameters of enter; a foreign thread has a nil process.
func decodeEnter(params []byte) (in enterParams, process spec.Value, args []spec.Value, err error) {
	if err = decodeStrict(params, &in); err != nil {
		return in, nil, nil, err
	}
	switch {
	case in.Callback == nil:
		return in, nil, nil, errors.New("want a callback: its number, 0 for the outermost frame")
	case in.Frame == "":
		return in, nil, nil, errors.New("want a frame: a name never used before")
	case in.Args == nil:
		return in, nil, nil, errors.New("want args: [] if there are none")
	}
	if in.Process != nil {
		if process, err = spec.DecodeValue(in.Process); err != nil {
			return in, nil, nil, fmt.Errorf("the process: %w", err)
		}
		if _, isNil := process.(spec.Nil); isNil {
			process = nil
		}
	}
	args, err = decodeValues(in.Args)
	return in, process, args, err
}

func encodeValues(values []spec.Value) ([]byte, error) {
	buf, err := appendValues([]byte(`{"values":`), values)
	if err != nil {
		return nil, err
	}
	buf = append(buf, '}')
	return buf, fits(buf)
}

func appendValues(buf []byte, values []spec.Value) ([]byte, error) {
	buf = append(buf, '[')
	for i, v := range values {
		if i > 0 {
			buf = append(buf, ',')
		}
		one, err := spec.EncodeValue(v)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
		buf = append(buf, one...)
	}
	return append(buf, ']'), nil
}

func decodeValues(raw []json.RawMessage) ([]spec.Value, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	values := make([]spec.Value, len(raw))
	for i, r := range raw {
		v, err := spec.DecodeValue(r)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
		values[i] = v
	}
	return values, nil
}

// encodeFinish gives the result of finish from the error of System.Run.
func encodeFinish(err error) []byte {
	var stuck *spec.Stuck
	switch {
	case err == nil:
		return emptyObject
	case errors.As(err, &stuck):
		return encode(finishResult{Stuck: &stuckResult{Op: stuck.Op, Waits: append([]string{}, stuck.Waits...), Graph: stuck.Graph, Proven: stuck.Proven}})
	}
	return encode(finishResult{Broken: err.Error()})
}

// What an adapter tells of a run that was stuck or broke is shown in so many lines.
const (
	mostWaits  = 100
	brokenText = 200
)

// indented is text of several lines of which only the first stands where another line of a report
// could.
func indented(text string) string {
	return strings.ReplaceAll(spec.BriefLines(text, brokenText), "\n", "\n    ")
}

// decodeFinish gives the error of System.Run from the result of finish. A *Broken says what
// the adapter said.
func decodeFinish(result []byte) (run error, err error) {
	var in finishResult
	if err := decodeStrict(result, &in); err != nil {
		return nil, err
	}
	switch {
	case in.Stuck != nil && in.Broken != "":
		return nil, errors.New("want stuck or broken, got both")
	case in.Stuck != nil:
		return &spec.Stuck{
			Op: spec.Brief(in.Stuck.Op, spec.LineLength), Waits: briefly(in.Stuck.Waits), Graph: briefGraph(in.Stuck.Graph), Proven: in.Stuck.Proven,
		}, nil
	case in.Broken != "":
		return &spec.Broken{Doing: "running the outermost frame in the adapter", Err: errors.New(indented(in.Broken)), Own: true}, nil
	}
	return nil, nil
}

// briefly has the first of some lines, each shortened, and how many there are more.
func briefly(lines []string) []string {
	out := make([]string, 0, min(len(lines), mostWaits)+1)
	for i, line := range lines {
		if i == mostWaits {
			return append(out, fmt.Sprintf("and %d more", len(lines)-i))
		}
		out = append(out, spec.Brief(line, spec.LineLength))
	}
	return out
}

// briefGraph is the graph as far as it is shown, nil for none.
func briefGraph(g spec.WaitGraph) (out spec.WaitGraph) {
	for i, w := range g {
		if i == mostWaits {
			break
		}
		w.Process, w.Op = spec.Brief(w.Process, spec.LineLength), spec.Brief(w.Op, spec.LineLength)
		w.For, w.On = spec.Brief(w.For, spec.LineLength), spec.Brief(w.On, spec.LineLength)
		if w.By != nil {
			w.By = briefly(w.By)
		}
		out = append(out, w)
	}
	return out
}
