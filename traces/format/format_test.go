package format

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// formats are the golden files of what was released, with their SHA-256: what replay has read once
// it reads for ever. A field that is added within a format gets a further file; none is changed.
var formats = []struct {
	file   string
	format int
	as     string // a file of what it reads as, in the current format
	sum    string
}{
	{"1.trace", 1, "1.as.trace", "7bbaf69d2ed576487cf307023ef1c2eb89b504595dbafe0e834de752efdb0fb6"},
	{"2.trace", 2, "2.trace", "f4803049956c8fabe238f76e62e283db6582063b17ff17875e42a3a355f1f181"},
	{"2.images.trace", 2, "2.images.trace", "8b4e46fa91e4348145aaed36f434233edd2c56b0f79c0fff5700d5968375e43e"},
}

func TestEveryFormatIsRead(t *testing.T) {
	found := map[string]bool{} // field names of the current format in its files
	newest := 0
	for _, f := range formats {
		newest = max(newest, f.format)
		path := filepath.Join("testdata", "formats", f.file)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.sum {
			t.Errorf("%s was changed (%x): what was released stays", path, sum)
		}
		trace, err := Read(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s can't be read any more: %v", path, err)
			continue
		}
		got := written(t, trace)
		if want, err := os.ReadFile(filepath.Join("testdata", "formats", f.as)); err != nil || !bytes.Equal(want, got) {
			t.Errorf("%s is read otherwise than %s says: %v\n%s", path, f.as, err, got)
		}
		again, err := Read(bytes.NewReader(got))
		if err != nil || !reflect.DeepEqual(again.Labels, trace.Labels) {
			t.Errorf("%s, written anew, reads otherwise: %v", path, err)
		}
		if f.format == Version {
			for text := range bytes.Lines(data) {
				fields(text, found)
			}
		}
	}
	if newest != Version {
		t.Errorf("format %d has no golden file", Version)
	}
	for _, of := range []any{Header{}, line{}, condition{}} {
		for _, field := range reflect.VisibleFields(reflect.TypeOf(of)) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.Anonymous && !found[name] {
				t.Errorf("no golden file of format %d has the field %s", Version, name)
			}
		}
	}
	for _, name := range labelNames {
		if !found["label "+name] {
			t.Errorf("no golden file of format %d has the label %s", Version, name)
		}
	}
}

// fields notes the names of a line's fields, and its label.
func fields(text []byte, found map[string]bool) {
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				found[name] = true
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	var object map[string]any
	if json.Unmarshal(text, &object) == nil {
		walk(object)
		found[fmt.Sprint("label ", object["label"])] = true
	}
}

func TestALaterFormatIsNamed(t *testing.T) {
	text := fmt.Sprintf(`{"trace":%d,"adapter":"a","clock":"real","specification":"","more":"of it"}`, Version+1) + "\n"
	_, err := Read(strings.NewReader(text))
	if want := fmt.Sprintf("the trace is of format %d, of a later mpcheck: this one reads format 1 to %d", Version+1, Version); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
