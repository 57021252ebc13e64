package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The JSON form of values, the same on the wire and in traces. One value has one form:
//
//	nil               null                     t           true
//	integer           12, or {"int":"..."} beyond 2^53
//	string            "text"                   list        [1,2]
//	ratio             {"ratio":"1/5"}          dotted list {"dotted":[1,2,3]} for (1 2 . 3)
//	single, double    {"single":"0.5"}, {"double":"0.5"}, also "nan", "+inf", "-inf"
//	character         {"char":"x"}             pathname    {"path":"/x"}
//	symbol            {"sym":"NAME","pkg":"P"} keyword     {"key":"default"}
//	reference         {"ref":"p1","type":"process"}
//	callback          {"callback":3}
const maxPlainInt = 1 << 53

// MaxValueDepth bounds the nesting of lists that [DecodeValue] accepts.
const MaxValueDepth = 200

type object struct {
	Int      *string           `json:"int,omitempty"`
	Ratio    *string           `json:"ratio,omitempty"`
	Single   *string           `json:"single,omitempty"`
	Double   *string           `json:"double,omitempty"`
	Char     *string           `json:"char,omitempty"`
	Path     *string           `json:"path,omitempty"`
	Sym      *string           `json:"sym,omitempty"`
	Pkg      string            `json:"pkg,omitempty"`
	Key      *string           `json:"key,omitempty"`
	Ref      *string           `json:"ref,omitempty"`
	Type     string            `json:"type,omitempty"`
	Callback *int              `json:"callback,omitempty"`
	Dotted   []json.RawMessage `json:"dotted,omitempty"`
}

// EncodeValue returns the canonical JSON form of v. It fails only on strings that are not UTF-8.
func EncodeValue(v Value) (json.RawMessage, error) {
	return appendValue(nil, v)
}

func appendValue(buf []byte, v Value) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return nil, fmt.Errorf("no value to encode")
	case Nil:
		return append(buf, "null"...), nil
	case True:
		return append(buf, "true"...), nil
	case Int:
		if v > -maxPlainInt && v < maxPlainInt {
			return strconv.AppendInt(buf, int64(v), 10), nil
		}
		return appendTagged(buf, "int", v.String())
	case BigInt:
		return appendTagged(buf, "int", v.digits)
	case Ratio:
		return appendTagged(buf, "ratio", v.String())
	case Single:
		return appendTagged(buf, "single", floatJSON(float64(v), 32))
	case Double:
		return appendTagged(buf, "double", floatJSON(float64(v), 64))
	case Char:
		return appendTagged(buf, "char", string(rune(v)))
	case String:
		return appendString(buf, string(v))
	case Pathname:
		return appendTagged(buf, "path", string(v))
	case Symbol:
		if v.Package == "KEYWORD" {
			return appendTagged(buf, "key", v.Name)
		}
		return appendJSON(buf, object{Sym: &v.Name, Pkg: v.Package})
	case Ref:
		return appendRef(buf, v)
	case Callback:
		n := int(v)
		return appendJSON(buf, object{Callback: &n})
	case List:
		return appendList(buf, v)
	}
	return nil, fmt.Errorf("unknown value type %T", v)
}

func appendList(buf []byte, l List) ([]byte, error) {
	items, open, end := l.Items, "[", "]"
	if l.Dotted != nil {
		items = append(append([]Value(nil), items...), l.Dotted)
		open, end = `{"dotted":[`, "]}"
	}
	buf = append(buf, open...)
	var err error
	for i, item := range items {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = appendValue(buf, item); err != nil {
			return nil, err
		}
	}
	return append(buf, end...), nil
}

func appendTagged(buf []byte, tag, text string) ([]byte, error) {
	buf = append(append(append(buf, `{"`...), tag...), `":`...)
	buf, err := appendString(buf, text)
	return append(buf, '}'), err
}

func appendString(buf []byte, text string) ([]byte, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("string %q is not UTF-8", text)
	}
	return appendText(buf, text)
}

// appendRef is for the value that is sent most.
func appendRef(buf []byte, r Ref) ([]byte, error) {
	buf, err := appendText(append(buf, `{"ref":`...), r.ID)
	if err == nil && r.Type != "" {
		buf, err = appendText(append(buf, `,"type":`...), r.Type)
	}
	return append(buf, '}'), err
}

// appendText is appendJSON of a string; most have nothing that needs a look.
func appendText(buf []byte, text string) ([]byte, error) {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendJSON(buf, text)
		}
	}
	return append(append(append(buf, '"'), text...), '"'), nil
}

func appendJSON(buf []byte, x any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return nil, err
	}
	return append(buf, bytes.TrimRight(b.Bytes(), "\n")...), nil
}

func floatJSON(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "+inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

// DecodeValue reads one value. Errors name what is wrong; nothing is guessed.
func DecodeValue(data []byte) (Value, error) { return decodeValue(data, 0) }

func decodeValue(data []byte, depth int) (Value, error) {
	data = bytes.TrimSpace(data)
	if depth > MaxValueDepth {
		return nil, fmt.Errorf("lists nested deeper than %d", MaxValueDepth)
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("no value")
	}
	switch data[0] {
	case 'n', 't', 'f':
		switch string(data) {
		case "null":
			return Nil{}, nil
		case "true":
			return True{}, nil
		case "false":
			return nil, fmt.Errorf("false is no Lisp value: send null for nil")
		}
		return nil, fmt.Errorf("malformed value %.40q", data)
	case '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return nil, fmt.Errorf("malformed string: %w", err)
		}
		return String(s), nil
	case '[':
		var raw []json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return nil, fmt.Errorf("malformed list: %w", err)
		}
		items, err := decodeItems(raw, depth)
		return NewList(items...), err
	case '{':
		return decodeObject(data, depth)
	}
	v, err := ParseInt(string(data))
	if err != nil {
		return nil, fmt.Errorf("malformed number %.40q: integers are plain, floats {\"double\":\"0.5\"} or {\"single\":\"0.5\"}", data)
	}
	return v, nil
}

func decodeItems(raw []json.RawMessage, depth int) ([]Value, error) {
	items := make([]Value, len(raw))
	for i, r := range raw {
		v, err := decodeValue(r, depth+1)
		if err != nil {
			return nil, err
		}
		items[i] = v
	}
	return items, nil
}

func decodeObject(data []byte, depth int) (Value, error) {
	var o object
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return nil, fmt.Errorf("malformed tagged value %.60q: %w", data, err)
	}
	switch {
	case o.Int != nil:
		return ParseInt(*o.Int)
	case o.Ratio != nil:
		return parseRatio(*o.Ratio)
	case o.Single != nil:
		f, err := strconv.ParseFloat(*o.Single, 32)
		if err != nil {
			return nil, fmt.Errorf("malformed single float %q", *o.Single)
		}
		return Single(f), nil
	case o.Double != nil:
		f, err := strconv.ParseFloat(*o.Double, 64)
		if err != nil {
			return nil, fmt.Errorf("malformed double float %q", *o.Double)
		}
		return Double(f), nil
	case o.Char != nil:
		r, size := utf8.DecodeRuneInString(*o.Char)
		if size == 0 || size != len(*o.Char) {
			return nil, fmt.Errorf("%q is not one character", *o.Char)
		}
		return Char(r), nil
	case o.Path != nil:
		return Pathname(*o.Path), nil
	case o.Key != nil:
		return Keyword(*o.Key), nil
	case o.Sym != nil:
		return Symbol{Package: o.Pkg, Name: *o.Sym}, nil
	case o.Ref != nil:
		if *o.Ref == "" {
			return nil, fmt.Errorf("a reference needs a name")
		}
		return Ref{ID: *o.Ref, Type: o.Type}, nil
	case o.Callback != nil:
		return Callback(*o.Callback), nil
	case o.Dotted != nil:
		items, err := decodeItems(o.Dotted, depth)
		if err != nil {
			return nil, err
		}
		if len(items) < 2 {
			return nil, fmt.Errorf("a dotted list needs an element and a tail")
		}
		tail := items[len(items)-1]
		switch tail.(type) {
		case Nil, List:
			return nil, fmt.Errorf("the tail of a dotted list must be an atom other than nil")
		}
		return List{Items: items[:len(items)-1], Dotted: tail}, nil
	}
	return nil, fmt.Errorf("unknown tagged value %.60q", data)
}

func parseRatio(text string) (Value, error) {
	n, d, ok := strings.Cut(text, "/")
	num, okNum := new(big.Int).SetString(n, 10)
	den, okDen := new(big.Int).SetString(d, 10)
	if !ok || !okNum || !okDen || den.Sign() <= 0 {
		return nil, fmt.Errorf("malformed ratio %q: want \"1/5\"", text)
	}
	return ratio(new(big.Rat).SetFrac(num, den)), nil
}
