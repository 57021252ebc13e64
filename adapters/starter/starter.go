// Package starter lays a starting adapter into a folder: what an author begins with, complete but for one place that is theirs to
// fill in. Each language has a package that embeds its files, in the folder of its kit, with a function
//
//	func Starter() starter.Set
//
// and a line in the table of cmd/mpcheck/init.go. What is laid passes mpcheck smoke as it is, and mpcheck run judges it at once.
package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// A Set is what the adapters of one language begin with. All of it is needed but Prepare and Note.
type Set struct {
	Files []File
	// FillIn says where the author's own goes, as "adapter.py, at OPERATIONS: its mailboxes stand where yours belong": a file of the
	// set, a word in it, and a few words more.
	FillIn string
	// Prepare are command lines that are typed in the folder once, before the adapter can be started.
	Prepare []string
	// Note is told beside these: one sentence about what may stand in their way.
	Note string
	// Command is the command line that starts the adapter, typed in the folder.
	Command string
}

// A File is one file of a set.
type File struct {
	Name string // below the folder, its parts separated by slashes; fs.ValidPath
	Text []byte
	Mode fs.FileMode // its permissions; 0 stands for 0o644
}

// Embedded is a file of a package that is laid under a name of its own, "" for the same: a go.mod can't be embedded as one. It panics
// where the package has no such file, which its tests would not survive.
func Embedded(files fs.FS, from, name string) File {
	text, err := fs.ReadFile(files, from)
	if err != nil {
		panic(err)
	}
	if name == "" {
		name = from
	}
	return File{Name: name, Text: text}
}

// An ExistsError says that something is there already where a file of a set would be laid.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("%s is there already, and nothing is ever written over: name another folder, or move it away", e.Path)
}

// Lay writes the files of a set into a folder, which it makes if need be, and returns their paths. Nothing is written over: an
// [*ExistsError] names the first file that is there already. After an error all is as it was before.
func (s Set) Lay(folder string) (paths []string, err error) {
	var made []string // files and folders, in the order of making
	defer func() {
		if err != nil {
			for i := len(made) - 1; i >= 0; i-- {
				_ = os.Remove(made[i]) // a folder into which somebody else has put something stays
			}
		}
	}()
	for _, f := range s.Files {
		if !fs.ValidPath(f.Name) || path.Base(f.Name) == "." {
			return nil, fmt.Errorf("laying %q: not a name below a folder", f.Name)
		}
		at := filepath.Join(folder, filepath.FromSlash(f.Name))
		if _, err := os.Lstat(at); err == nil {
			return nil, &ExistsError{at}
		}
	}
	for _, f := range s.Files {
		at := filepath.Join(folder, filepath.FromSlash(f.Name))
		folders, err := makeFolder(filepath.Dir(at))
		made = append(made, folders...)
		if err != nil {
			return nil, err
		}
		began, err := lay(at, f)
		if began {
			made = append(made, at)
		}
		if err != nil {
			return nil, err
		}
		paths = append(paths, at)
	}
	return paths, nil
}

// makeFolder makes a folder and those around it, and returns those that were not there, the outermost first.
func makeFolder(name string) (made []string, err error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.IsDir():
		return nil, &ExistsError{name}
	case err == nil:
		return nil, nil
	}
	if around := filepath.Dir(name); around != name {
		if made, err = makeFolder(around); err != nil {
			return made, err
		}
	}
	if err := os.Mkdir(name, 0o777); err != nil {
		return made, fmt.Errorf("making the folder: %w", err)
	}
	return append(made, name), nil
}

// lay writes one file, which must not be there; began tells whether it is now, also after an error.
func lay(at string, f File) (began bool, err error) {
	mode := f.Mode.Perm()
	if mode == 0 {
		mode = 0o644
	}
	out, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return false, &ExistsError{at}
	case err != nil:
		return false, fmt.Errorf("laying a file: %w", err)
	}
	_, err = out.Write(f.Text)
	if closing := out.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return true, fmt.Errorf("laying %s: %w", at, err)
	}
	return true, nil
}
