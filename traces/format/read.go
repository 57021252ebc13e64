package format

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// maxLine bounds a line: a case may send a string of a megabyte.
const maxLine = 64 << 20

// Read reads a trace. The error names line and field, and says what is wanted there. A last
// line that was cut off is no error: the trace is then marked truncated.
func Read(in io.Reader) (*Trace, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	lines.Split(scanWhole)
	t := &Trace{}
	number, order, read := 0, NewProtocol(), newLineReader()
	var parts [][]spec.Label // appending to one list would copy a long trace many times
	var part []spec.Label
	for lines.Scan() {
		number++
		text := lines.Bytes()
		whole := bytes.HasSuffix(text, []byte("\n"))
		if number == 1 {
			if err := t.readHeader(text); err != nil {
				return nil, fmt.Errorf("line 1: %w", err)
			}
			continue
		}
		l, err := read.decode(text)
		if err != nil && !whole {
			t.Truncated = true
			break
		}
		if err == nil {
			err = order.Next(l)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if len(part) == cap(part) {
			parts, part = append(parts, part), make([]spec.Label, 0, min(2*len(part)+64, 1<<16))
		}
		part = append(part, l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", number+1, err)
	}
	if number == 0 {
		return nil, errors.New("the trace is empty: its first line is a header, as mpcheck run --traces writes it")
	}
	t.Labels = slices.Concat(append(parts, part)...)
	return t, nil
}

// scanWhole splits at line ends and keeps them, so that a cut line can be told.
func scanWhole(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func (t *Trace) readHeader(text []byte) error {
	var version struct {
		Format int `json:"trace"`
	}
	// A later format may have fields that are unknown here: what it is comes first.
	if json.Unmarshal(text, &version) == nil && version.Format > Version {
		return fmt.Errorf("the trace is of format %d, of a later mpcheck: this one reads format 1 to %d", version.Format, Version)
	}
	if err := strictly(text, &t.Header); err != nil {
		return fmt.Errorf("this is no header of a trace: %w", err)
	}
	if t.Header.Format < 1 {
		return fmt.Errorf("field trace: format %d; want 1 to %d", t.Header.Format, Version)
	}
	if t.Header.Clock != spec.Real && t.Header.Clock != spec.Virtual {
		return fmt.Errorf("field clock: %q; want %q or %q", t.Header.Clock, spec.Real, spec.Virtual)
	}
	switch t.Header.Expect {
	case "", Allowed, Forbidden, Undecided:
	default:
		return fmt.Errorf("field expect: %q; want allowed, forbidden or undecided", t.Header.Expect)
	}
	return nil
}

// A lineReader reads labels, up to the first error. The labels of a trace share the values that
// come again and again, which are its references to objects, and the names of operations.
type lineReader struct {
	decoder *json.Decoder // one for all lines: it reads one each time it asks for more
	line    bytes.Reader
	given   int64 // bytes of all lines so far
	tagged  map[string]spec.Value
}

func newLineReader() *lineReader {
	r := &lineReader{tagged: map[string]spec.Value{}}
	r.decoder = json.NewDecoder(&r.line)
	r.decoder.DisallowUnknownFields()
	return r
}

func (r *lineReader) decode(text []byte) (spec.Label, error) {
	text = bytes.TrimRight(text, " \t\r\n") // so that the object's end is the line's
	r.line.Reset(text)
	r.given += int64(len(text))
	var in line
	if err := r.decoder.Decode(&in); err != nil {
		return spec.Label{}, err
	}
	if r.decoder.InputOffset() != r.given {
		return spec.Label{}, errSecond
	}
	return in.label(r.value)
}

// mostTagged bounds the values that are kept for sharing.
const mostTagged = 1 << 16

func (r *lineReader) value(data []byte) (spec.Value, error) {
	if len(data) == 0 || data[0] != '{' {
		return spec.DecodeValue(data)
	}
	if v, ok := r.tagged[string(data)]; ok {
		return v, nil
	}
	v, err := spec.DecodeValue(data)
	if _, isRef := v.(spec.Ref); isRef && err == nil && len(r.tagged) < mostTagged {
		r.tagged[string(data)] = v
	}
	return v, err
}

var errSecond = errors.New("something follows the object: one object a line")

func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errSecond
	}
	return nil
}
