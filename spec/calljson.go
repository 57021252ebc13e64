package spec

import (
	"bytes"
	"encoding/json"
)

// callJSON is the JSON form of a call. Its keywords keep their order, which may matter.
type callJSON struct {
	Op   string            `json:"op"`
	Args []json.RawMessage `json:"args,omitempty"`
	Keys []keyJSON         `json:"keys,omitempty"`
}

type keyJSON struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// MarshalJSON implements [json.Marshaler].
func (c Call) MarshalJSON() ([]byte, error) {
	out := callJSON{Op: c.Op}
	for _, a := range c.Args {
		data, err := EncodeValue(a)
		if err != nil {
			return nil, err
		}
		out.Args = append(out.Args, data)
	}
	for _, k := range c.Keys {
		data, err := EncodeValue(k.Value)
		if err != nil {
			return nil, err
		}
		out.Keys = append(out.Keys, keyJSON{k.Name, data})
	}
	return json.Marshal(out)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *Call) UnmarshalJSON(text []byte) error {
	var in callJSON
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return err
	}
	*c = Call{Op: in.Op}
	for _, a := range in.Args {
		v, err := DecodeValue(a)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, v)
	}
	for _, k := range in.Keys {
		v, err := DecodeValue(k.Value)
		if err != nil {
			return err
		}
		c.Keys = append(c.Keys, Key{k.Name, v})
	}
	return nil
}
