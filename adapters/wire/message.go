package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/spec"
)

// MaxLine is the length of the longest message in bytes, its line feed included.
const MaxLine = 64 << 20

// The error codes of JSON-RPC 2.0 that either end answers with.
const (
	codeParse   = -32700 // the line is no message
	codeRequest = -32600 // a message that may not come now
	codeMethod  = -32601 // no such method
	codeParams  = -32602 // parameters that don't fit the method
	codeFailed  = -32603 // the request was understood and couldn't be carried out
)

// message is one line: a request where Method is set, else the answer to one. Its raw
// fields are copies; they outlive the line.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *rpcError       `json:"error"`
}

// rpcError is the error object of an answer.
type rpcError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *rpcError) Error() string {
	return fmt.Sprintf("error %d: %s", e.Code, spec.Brief(e.Message, spec.LineLength))
}

func refuse(code int, format string, args ...any) *rpcError {
	return &rpcError{Code: code, Message: fmt.Sprintf(format, args...)}
}

// parseMessage reads one line. The error says what was expected and quotes the line.
func parseMessage(line []byte) (*message, error) {
	fault := func(format string, args ...any) error {
		return fmt.Errorf("%s, in the message %s", fmt.Sprintf(format, args...), quote(line))
	}
	if !utf8.Valid(line) {
		return nil, fault("want UTF-8, got other bytes")
	}
	if loneSurrogate(line) {
		return nil, fault("want Unicode characters, got an escape of half a surrogate pair")
	}
	m := new(message)
	if err := decodeStrict(line, m); err != nil {
		return nil, fault("want one JSON-RPC object a line: %v", err)
	}
	if m.Version != "2.0" {
		return nil, fault(`want "jsonrpc":"2.0", got %q`, m.Version)
	}
	if m.Method != "" {
		if m.Result != nil || m.Error != nil {
			return nil, fault("want a request or an answer, got both in one")
		}
		if !isID(m.ID) {
			return nil, fault("want a request with an id (a number or a string): the protocol has no notifications")
		}
		return m, nil
	}
	switch {
	case m.Result == nil && m.Error == nil:
		return nil, fault("want a method, a result or an error")
	case m.Result != nil && m.Error != nil:
		return nil, fault("want a result or an error, got both")
	case m.Error == nil && !isID(m.ID):
		return nil, fault("want the id of the request that this result answers")
	}
	return m, nil
}

func isID(id json.RawMessage) bool {
	return len(id) > 0 && (id[0] == '"' || id[0] == '-' || id[0] >= '0' && id[0] <= '9')
}

// decodeStrict refuses members that aren't known, so that a misspelt name is found at once.
func decodeStrict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("nothing there")
		}
		if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
			return wrongKind(wrong)
		}
		return errors.New(spec.Brief(err.Error(), spec.LineLength)) // it may name a member of any length
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more text after it")
	}
	return nil
}

// wrongKind says in the words of the protocol what the decoder says in Go's.
func wrongKind(e *json.UnmarshalTypeError) error {
	want := map[reflect.Kind]string{reflect.Slice: "a list", reflect.Array: "a list", reflect.String: "a text", reflect.Bool: "true or false",
		reflect.Struct: "an object", reflect.Map: "an object"}[e.Type.Kind()]
	if want == "" {
		want = "an integer"
	}
	where := ""
	if e.Field != "" {
		where = fmt.Sprintf(" in member %q", spec.Brief(e.Field, spec.NameLength))
	}
	return fmt.Errorf("want %s%s, got JSON's %s", want, where, spec.Brief(e.Value, spec.NameLength))
}

// loneSurrogate finds the escape of a surrogate that has no partner. It is no character, and
// Go's decoder would put U+FFFD in its place without a word.
func loneSurrogate(line []byte) bool {
	unit := func(b []byte) (rune, bool) { // the code unit of an escape \uXXXX at the start of b
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		return rune(n), err == nil
	}
	for i := bytes.IndexByte(line, '\\'); i >= 0 && i < len(line); {
		r, ok := unit(line[i:])
		switch {
		case line[i] != '\\':
			next := bytes.IndexByte(line[i:], '\\')
			if next < 0 {
				return false
			}
			i += next
		case !ok:
			i += 2 // another escape, such as \\ or \n
		case r < 0xD800 || r > 0xDFFF:
			i += 6
		default:
			low, ok := unit(line[i+6:])
			if r >= 0xDC00 || !ok || low < 0xDC00 || low > 0xDFFF {
				return true
			}
			i += 12
		}
	}
	return false
}

// appendRequest, appendResult and appendError give a whole message with its line feed.
func appendRequest(buf []byte, id int64, method string, params []byte) []byte {
	buf = strconv.AppendInt(append(buf, `{"jsonrpc":"2.0","id":`...), id, 10)
	buf = append(append(append(buf, `,"method":"`...), method...), `","params":`...)
	return append(append(buf, params...), "}\n"...)
}

func appendResult(buf []byte, id json.RawMessage, result []byte) []byte {
	buf = append(append(buf, `{"jsonrpc":"2.0","id":`...), id...)
	return append(append(append(buf, `,"result":`...), result...), "}\n"...)
}

func appendError(buf []byte, id json.RawMessage, e *rpcError) []byte {
	if id == nil {
		id = json.RawMessage("null")
	}
	buf = append(append(buf, `{"jsonrpc":"2.0","id":`...), id...)
	return append(append(append(buf, `,"error":`...), encode(e)...), "}\n"...)
}

// encode is json.Marshal of our own types, which can't fail, without escapes for HTML.
func encode(x any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		panic(fmt.Sprintf("wire: %T has no JSON form: %v", x, err))
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// quote shows what came, shortened, in one line of printable text.
func quote(b []byte) string {
	const most = 200
	if len(b) <= most {
		return strconv.Quote(string(b))
	}
	return fmt.Sprintf("%q... (%d bytes)", b[:most], len(b))
}

// shorten cuts a text for people, such as a call with a long list in it.
func shorten(text string) string {
	const most = 400
	if len(text) <= most {
		return text
	}
	cut := most
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}
