package native

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// A saved image is what an image knows by name: the global values of symbols and the names of functions, with
// the data and functions that these hold, and how it is to start. Code is the harness's, under its number. It
// holds no process, and nothing that lives - mailboxes, logs, streams -: references to them denote nothing in the new image.
type savedImage struct {
	Native    int                    `json:"native-image"`
	Values    []savedValue           `json:"values"`
	Functions []savedFunction        `json:"functions"`
	Objects   map[string]savedObject `json:"objects"`

	Restart         valueJSON `json:"restart"` // a function designator, or nothing
	Delivered       bool      `json:"delivered"`
	Environment     bool      `json:"environment"`
	Multiprocessing string    `json:"multiprocessing"`
}

// What Multiprocessing is, "" for what has none.
const (
	startsMultiprocessing = "t"
	startsManually        = "manual"
)

type (
	savedValue struct {
		Symbol valueJSON `json:"symbol"`
		Value  valueJSON `json:"value"`
	}
	savedFunction struct {
		Name valueJSON     `json:"name"`
		Code spec.Callback `json:"code"`
	}
	// A savedObject is a datum, or a function where it has code.
	savedObject struct {
		Kind  string        `json:"kind"`
		Code  spec.Callback `json:"code,omitempty"`
		Parts []valueJSON   `json:"parts,omitempty"`
	}
	// valueJSON is a value in the form that it has on the wire; nil is none.
	valueJSON struct{ value spec.Value }
)

func (v valueJSON) MarshalJSON() ([]byte, error) {
	if v.value == nil {
		return []byte(`""`), nil
	}
	text, err := spec.EncodeValue(v.value)
	if err != nil {
		return nil, err
	}
	return json.Marshal([]json.RawMessage{text})
}

func (v *valueJSON) UnmarshalJSON(text []byte) (err error) {
	var in []json.RawMessage
	if json.Unmarshal(text, &in) != nil || len(in) != 1 {
		v.value = nil
		return nil
	}
	v.value, err = spec.DecodeValue(in[0])
	return err
}

const imageFormat = 1

// readImage reads a file; "" is the image as it comes, with nothing saved in it.
func readImage(path string) (*savedImage, error) {
	if path == "" {
		return &savedImage{}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	saved := &savedImage{}
	if err := json.Unmarshal(text, saved); err != nil || saved.Native != imageFormat {
		return nil, errors.Join(fmt.Errorf("%s is no saved image", path), err)
	}
	return saved, nil
}

// mostCode is the highest number of a callback in it.
func (saved *savedImage) mostCode() (most spec.Callback) {
	note := func(code spec.Callback) {
		if code < kit.OwnCode {
			most = max(most, code)
		}
	}
	for _, f := range saved.Functions {
		note(f.Code)
	}
	for _, o := range saved.Objects {
		note(o.Code)
	}
	return most
}

// save has all that the image knows by name, and the function, which may be nil; the monitor is held.
func (s *system) save(function spec.Value) *savedImage {
	saved := &savedImage{Native: imageFormat, Objects: map[string]savedObject{}, Restart: valueJSON{function}}
	for symbol, value := range s.globals {
		saved.Values = append(saved.Values, savedValue{valueJSON{symbol}, valueJSON{value}})
		s.saveObjects(saved, value)
	}
	for name, code := range s.Functions() {
		saved.Functions = append(saved.Functions, savedFunction{valueJSON{name}, code})
	}
	if function != nil {
		s.saveObjects(saved, function)
	}
	return saved
}

// saveObjects saves the data and functions that a value holds.
func (s *system) saveObjects(saved *savedImage, v spec.Value) {
	switch v := v.(type) {
	case spec.List:
		for _, item := range v.Items {
			s.saveObjects(saved, item)
		}
		if v.Dotted != nil {
			s.saveObjects(saved, v.Dotted)
		}
	case spec.Ref:
		if _, known := saved.Objects[v.ID]; known {
			return
		}
		switch x := s.Object(v).(type) {
		case kit.Function:
			saved.Objects[v.ID] = savedObject{Kind: v.Type, Code: x.Code}
		case kit.Datum:
			object := savedObject{Kind: x.Kind}
			for _, part := range x.Parts {
				object.Parts = append(object.Parts, valueJSON{part})
			}
			saved.Objects[v.ID] = object
			for _, part := range x.Parts {
				s.saveObjects(saved, part)
			}
		}
	}
}

// restore makes what was saved known, under names of this image's; the monitor is held.
func (s *system) restore(saved *savedImage) error {
	names := map[string]spec.Ref{}
	for id, o := range saved.Objects {
		if o.Code != 0 {
			names[id] = s.Name("function", kit.Function{Code: o.Code})
		} else {
			names[id] = s.Name(o.Kind, kit.Datum{Kind: o.Kind})
		}
	}
	for id, o := range saved.Objects {
		if o.Code != 0 {
			continue
		}
		parts := make([]spec.Value, len(o.Parts))
		for i, part := range o.Parts {
			parts[i] = renamed(part.value, names)
		}
		s.Rename(names[id], kit.Datum{Kind: o.Kind, Parts: parts})
	}
	for _, v := range saved.Values {
		symbol, ok := v.Symbol.value.(spec.Symbol)
		if !ok {
			return fmt.Errorf("the saved image has a value of %v, which is no symbol", v.Symbol.value)
		}
		s.globals[symbol] = renamed(v.Value.value, names)
	}
	for _, f := range saved.Functions {
		name, ok := f.Name.value.(spec.Symbol)
		if !ok {
			return fmt.Errorf("the saved image has a function of the name %v, which is no symbol", f.Name.value)
		}
		s.Functions()[name] = f.Code
	}
	if saved.Restart.value != nil {
		saved.Restart.value = renamed(saved.Restart.value, names)
	}
	return nil
}

// renamed is a value with the names that its objects have here.
func renamed(v spec.Value, names map[string]spec.Ref) spec.Value {
	switch v := v.(type) {
	case spec.Ref:
		if here, known := names[v.ID]; known {
			return here
		}
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = renamed(item, names)
		}
		list := spec.List{Items: items}
		if v.Dotted != nil {
			list.Dotted = renamed(v.Dotted, names)
		}
		return list
	}
	return v
}

// saveImage writes an image that begins with the restart function, or with multiprocessing. While multiprocessing runs it is
// an error, and nothing is written (INIT-SAVE-1 to -3). Neither remarks nor an environment is there to be saved: of the latter
// only that it would run multiprocessing.
func saveImage(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	var function spec.Value
	if v := kit.Keyword(c, "restart-function"); spec.Truth(v) {
		function = v
	}
	return f.writeImage(c, c.Args[0], function, func(saved *savedImage) error {
		saved.Environment = spec.Truth(kit.Keyword(c, "environment"))
		if spec.Truth(kit.Keyword(c, "multiprocessing")) {
			saved.Multiprocessing = startsMultiprocessing
		}
		if function == nil || isInitializer(function) {
			return nil
		}
		_, err := s.FunctionOf(function)
		return err
	})
}

// deliver writes an image that calls a function and ends with it: in a process of its own where multiprocessing is t, on the
// initial thread where it is nil or :manual (INIT-BOOT-3, -4, -8). The level, which says what to leave out, is ignored.
func deliver(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.writeImage(c, c.Args[1], c.Args[0], func(saved *savedImage) error {
		saved.Delivered = true
		switch v := kit.Keyword(c, "multiprocessing"); {
		case keywordName(v) == startsManually:
			saved.Multiprocessing = startsManually
		case spec.Truth(v):
			saved.Multiprocessing = startsMultiprocessing
		}
		_, err := f.sys.FunctionOf(c.Args[0])
		return err
	})
}

// writeImage writes what detail completes.
func (f *frame) writeImage(c spec.Call, to, function spec.Value, detail func(*savedImage) error) ([]spec.Value, error) {
	s := f.sys
	path, ok := s.pathOf(to)
	if !ok {
		return nil, kit.TypeError("the file", to, "a pathname")
	}
	stops := !s.isSingle() && s.image != nil && s.decide.stopsThenSaves
	switch {
	case stops:
		if f.stopOthers(); f.Over() {
			return nil, nil
		}
	case !s.isSingle():
		return s.refuseToSave(c, path)
	}
	saved := s.save(function)
	if err := detail(saved); err != nil {
		return nil, err
	}
	text, err := json.Marshal(saved)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: %v", c.Op, err)}
	}
	if stops || s.decide.savingEndsImage {
		s.exits(0)
		f.Wait("the end of the image", kit.Forever, kit.Never)
	}
	return kit.One(spec.Nil{}), nil
}

// refuseToSave is what saving does while multiprocessing runs.
func (s *system) refuseToSave(c spec.Call, path string) ([]spec.Value, error) {
	if s.decide.refusalLeaves {
		if err := os.WriteFile(path, []byte(`{"native-image":`), 0o600); err != nil {
			return nil, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: %v", c.Op, err)}
		}
	}
	why := kit.SimpleError("%s: multiprocessing runs, and no image can be saved meanwhile", c.Op)
	if s.decide.refusalSays {
		fmt.Fprintln(os.Stderr, why.Message)
		return kit.One(spec.Nil{}), nil
	}
	return nil, why
}
