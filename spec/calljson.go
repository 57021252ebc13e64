package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A call has one JSON form, on the wire, in traces and in programs: the members
//
//	"op":"mailbox-wait","args":[{"ref":"m1"},"waiting"],"keys":[["timeout",2]]
//
// of an object that may have others. All three are written, also where a list is empty. Keywords keep
// their order, which may matter.

// CallJSON has these members as they were read, the arguments still to be decoded. It is meant to be
// embedded. The zero value is a call of no operation.
type CallJSON struct {
	Op   string            `json:"op,omitempty"`
	Args []json.RawMessage `json:"args,omitempty"`
	Keys []json.RawMessage `json:"keys,omitempty"`
}

// AppendCall appends the members of a call. It fails only where [EncodeValue] does, and names the
// argument.
func AppendCall(buf []byte, c Call) ([]byte, error) {
	buf, err := appendJSON(append(buf, `"op":`...), c.Op)
	if err != nil {
		return nil, err
	}
	buf = append(buf, `,"args":[`...)
	for i, v := range c.Args {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = appendValue(buf, v); err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
	}
	buf = append(buf, `],"keys":[`...)
	for i, k := range c.Keys {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = appendJSON(append(buf, '['), k.Name); err != nil {
			return nil, err
		}
		if buf, err = appendValue(append(buf, ','), k.Value); err != nil {
			return nil, fmt.Errorf("keyword :%s: %w", k.Name, err)
		}
		buf = append(buf, ']')
	}
	return append(buf, ']'), nil
}

// Call decodes the arguments by decode, which is [DecodeValue] or does the same. former accepts a
// keyword in the form that traces and programs had once too: {"name":"timeout","value":2}. The error
// names the argument.
func (in *CallJSON) Call(decode func([]byte) (Value, error), former bool) (Call, error) {
	c := Call{Op: in.Op}
	if len(in.Args) > 0 {
		c.Args = make([]Value, len(in.Args))
	}
	for i, data := range in.Args {
		v, err := decode(data)
		if err != nil {
			return c, fmt.Errorf("args: value %d: %w", i, err)
		}
		c.Args[i] = v
	}
	for _, data := range in.Keys {
		name, value, err := keywordJSON(data, former)
		if err != nil {
			return c, err
		}
		v, err := decode(value)
		if err != nil {
			return c, fmt.Errorf("keys: keyword :%s: %w", name, err)
		}
		c.Keys = append(c.Keys, Key{name, v})
	}
	return c, nil
}

// keywordJSON reads one of keys.
func keywordJSON(data []byte, former bool) (name string, value json.RawMessage, err error) {
	var pair []json.RawMessage
	if json.Unmarshal(data, &pair) == nil && len(pair) == 2 && json.Unmarshal(pair[0], &name) == nil {
		return name, pair[1], nil
	}
	if former && len(data) > 0 && data[0] == '{' {
		var member struct {
			Name  string          `json:"name"`
			Value json.RawMessage `json:"value"`
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&member); err != nil {
			return "", nil, fmt.Errorf("keys: %w", err)
		}
		return member.Name, member.Value, nil
	}
	return "", nil, errors.New(`want each of keys as ["name",value]`)
}

// MarshalJSON implements [json.Marshaler].
func (c Call) MarshalJSON() ([]byte, error) {
	buf, err := AppendCall([]byte{'{'}, c)
	return append(buf, '}'), err
}

// UnmarshalJSON implements [json.Unmarshaler], and accepts the former form of keywords. Other members
// are refused.
func (c *Call) UnmarshalJSON(text []byte) error {
	var in CallJSON
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	if err == nil {
		*c, err = in.Call(DecodeValue, true)
	}
	return err
}
