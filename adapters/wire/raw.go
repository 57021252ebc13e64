package wire

import (
	"encoding/json"

	"github.com/mpcheck/mpcheck/spec"
)

// Raw is one message as it came, for tools that check a conversation instead of having one.
type Raw struct {
	// Method is that of a request, "" for an answer.
	Method string
	// ID is the request's, or that of the request that is answered; "null" for an error that
	// answers none.
	ID             string
	Params, Result json.RawMessage
	// Refused is the text of an error, "" where the answer is a result.
	Refused string
}

// ParseRaw reads one line as strictly as [Client] does. The error says what was expected and quotes
// the line.
func ParseRaw(line []byte) (Raw, error) {
	m, err := parseMessage(line)
	if err != nil {
		return Raw{}, err
	}
	r := Raw{Method: m.Method, ID: string(m.ID), Params: m.Params, Result: m.Result}
	if !isID(m.ID) {
		r.ID = "null"
	}
	if m.Error != nil {
		r.Refused = m.Error.Error()
	}
	return r, nil
}

// Entered are the parameters of an enter. A nil Process is no Lisp process's code.
type Entered struct {
	System, Frame string
	Callback      int
	Process       spec.Value
	Args          []spec.Value
}

// ParseEntered reads the parameters of an enter; the error says what was expected.
func ParseEntered(params []byte) (Entered, error) {
	in, process, args, err := decodeEnter(params)
	if err != nil {
		return Entered{}, err
	}
	return Entered{in.System, in.Frame, *in.Callback, process, args}, nil
}

// ParseReturn reads the outcome of a call; the error says what was expected.
func ParseReturn(result []byte) (spec.Return, error) { return decodeReturn(result) }

// CallParams gives the parameters of a call.
func CallParams(system, frame string, call spec.Call) ([]byte, error) {
	return encodeCall(system, frame, call)
}

// ValuesResult gives the answer to an enter.
func ValuesResult(values []spec.Value) ([]byte, error) { return encodeValues(values) }

// ReturnResult gives the outcome of a call.
func ReturnResult(r spec.Return) ([]byte, error) { return encodeReturn(r) }

// ParseStrict reads an object of which every member is known.
func ParseStrict(data []byte, into any) error { return decodeStrict(data, into) }
