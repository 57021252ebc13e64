package starter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var set = Set{Files: []File{
	{Name: "adapter.x", Text: []byte("one\n"), Mode: 0o755},
	{Name: "kit/deep/frames.x", Text: []byte("two\n")},
	{Name: "kit/values.x", Text: []byte("three\n")},
}}

// tree is what stands below a folder: its files with their texts, and its folders.
func tree(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if d.Type().IsRegular() {
			text, err := os.ReadFile(path)
			all = append(all, name+": "+strings.TrimSpace(string(text)))
			return err
		}
		all = append(all, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLay(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "around", "mine")
	paths, err := set.Lay(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 3 || paths[1] != filepath.Join(folder, "kit", "deep", "frames.x") {
		t.Errorf("laid %q", paths)
	}
	want := []string{"adapter.x: one", "kit", "kit/deep", "kit/deep/frames.x: two", "kit/values.x: three"}
	if got := tree(t, folder); !slices.Equal(got, want) {
		t.Errorf("laid %q, want %q", got, want)
	}
	if info, err := os.Stat(paths[0]); err != nil || info.Mode().Perm()&0o100 == 0 {
		t.Errorf("%s can't be executed: %v, %v", paths[0], info.Mode(), err)
	}
}

// Whatever stands in the way of one file, nothing is laid, nothing is changed, and the error names it.
func TestNothingIsWrittenOver(t *testing.T) {
	for _, there := range []struct {
		name  string
		make  func(path string) error
		fault string // the path that the error names, "" for the same
	}{
		{"adapter.x", text, ""},
		{"kit/values.x", text, ""},
		{"kit/values.x", func(path string) error { return os.Mkdir(path, 0o777) }, ""},
		{"kit/values.x", func(path string) error { return os.Symlink("nowhere", path) }, ""},
		{"kit", text, ""},
		{"kit/deep", text, ""},
	} {
		folder := t.TempDir()
		at := filepath.Join(folder, filepath.FromSlash(there.name))
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := there.make(at); err != nil {
			t.Fatal(err)
		}
		before := tree(t, folder)
		_, err := set.Lay(folder)
		var exists *ExistsError
		if !errors.As(err, &exists) || exists.Path != at || !strings.Contains(err.Error(), "another folder") {
			t.Errorf("with %s there: %v", there.name, err)
		}
		if after := tree(t, folder); !slices.Equal(after, before) {
			t.Errorf("with %s there: before %q, after %q", there.name, before, after)
		}
	}
}

func text(path string) error { return os.WriteFile(path, []byte("mine\n"), 0o666) }

// A folder that can't be written leaves nothing behind either.
func TestWhatFailsLeavesNothing(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write anywhere")
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "kit", "deep"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, "kit", "deep"), 0o555); err != nil {
		t.Fatal(err)
	}
	before := tree(t, folder)
	if _, err := set.Lay(folder); err == nil || errors.As(err, new(*ExistsError)) {
		t.Errorf("laid into a folder that can't be written: %v", err)
	}
	if after := tree(t, folder); !slices.Equal(after, before) {
		t.Errorf("before %q, after %q", before, after)
	}
}

func TestNamesStayBelowTheFolder(t *testing.T) {
	for _, name := range []string{"../adapter.x", "/adapter.x", "", ".", "kit//values.x"} {
		folder := filepath.Join(t.TempDir(), "mine")
		if _, err := (Set{Files: []File{{Name: "good.x"}, {Name: name}}}).Lay(folder); err == nil {
			t.Errorf("laid %q", name)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%q: the folder was made", name)
		}
	}
}

func TestEmbedded(t *testing.T) {
	files := fstest.MapFS{"laid/go.mod.txt": {Data: []byte("module mine\n")}}
	if f := Embedded(files, "laid/go.mod.txt", "go.mod"); f.Name != "go.mod" || string(f.Text) != "module mine\n" {
		t.Errorf("got %+v", f)
	}
	if f := Embedded(files, "laid/go.mod.txt", ""); f.Name != "laid/go.mod.txt" {
		t.Errorf("got %+v", f)
	}
}
