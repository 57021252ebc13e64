package child

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// files are those that cases have prepared. Safe for concurrent use; the zero value has none.
type files struct {
	mu    sync.Mutex
	made  int
	dirs  map[string]string // by system
	known map[string]file   // by the id of its reference
}

// A file is one that the harness knows of a system: what it holds now, nothing where it isn't there.
type file struct {
	system string
	text   func() (text []byte, there bool, err error)
}

// add makes a file known, under a name that make is told.
func (f *files) add(system string, make func(name string) (file, error)) (spec.Ref, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made++
	name := "file-" + strconv.Itoa(f.made)
	made, err := make(name)
	if err != nil {
		return spec.Ref{}, err
	}
	if f.known == nil {
		f.known, f.dirs = map[string]file{}, map[string]string{}
	}
	made.system = system
	f.known[name] = made
	return spec.Ref{ID: name, Type: "file"}, nil
}

// of finds a file of a system.
func (f *files) of(system string, v spec.Value) (file, bool) {
	ref, _ := v.(spec.Ref)
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.known[ref.ID]
	return known, ok && known.system == system
}

// end forgets the files of a system and removes them.
func (f *files) end(system string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, known := range f.known {
		if known.system == system {
			delete(f.known, name)
		}
	}
	if dir := f.dirs[system]; dir != "" {
		_ = os.RemoveAll(dir)
		delete(f.dirs, system)
	}
}

// filePrepare executes (file-prepare [text]): a file and its path, in a directory of the system's own.
func (c *Control) filePrepare(system string, call spec.Call) spec.Return {
	text, given, err := textArgument(call, 0)
	if err != nil {
		return spec.Signal("type-error", "%v: %v", call, err)
	}
	dir, err := c.directoryOf(system)
	if err != nil {
		return spec.Signal("child-error", "%v: %v", call, err)
	}
	var path string
	ref, err := c.files.add(system, func(name string) (file, error) {
		path = filepath.Join(dir, name)
		if given {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return file{}, err
			}
		}
		return file{text: func() ([]byte, bool, error) {
			text, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, false, nil
			}
			return text, err == nil, err
		}}, nil
	})
	if err != nil {
		return spec.Signal("child-error", "%v: %v", call, err)
	}
	return spec.Values(ref, spec.String(path))
}

// directoryOf is where the files of a system are.
func (c *Control) directoryOf(system string) (string, error) {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return "", errors.New("preparing a file: the adapter is closed")
	}
	f := &c.files
	f.mu.Lock()
	defer f.mu.Unlock()
	if dir := f.dirs[system]; dir != "" {
		return dir, nil
	}
	dir, err := os.MkdirTemp(c.dir, "files-")
	if err != nil {
		return "", err
	}
	if f.dirs == nil {
		f.known, f.dirs = map[string]file{}, map[string]string{}
	}
	f.dirs[system] = dir
	return dir, nil
}

// fileText executes (file-text file): what it holds, nil where it isn't there.
func (c *Control) fileText(system string, call spec.Call) spec.Return {
	known, ok := c.files.of(system, call.Arg(0))
	if !ok {
		return spec.Signal("type-error", "%v is no file of this system: want what file-prepare or standard-file returned", call.Arg(0))
	}
	text, there, err := known.text()
	switch {
	case err != nil:
		return spec.Signal("child-error", "%v: %v", call, err)
	case !there:
		return spec.Values(spec.Nil{})
	}
	return spec.Values(textOf(string(text)))
}

// textArgument reads an optional argument that is a text.
func textArgument(call spec.Call, i int) (text string, given bool, err error) {
	if len(call.Args) <= i || !spec.Truth(call.Args[i]) {
		return "", false, nil
	}
	s, ok := call.Args[i].(spec.String)
	if !ok {
		return "", false, fmt.Errorf("%v is no string", call.Args[i])
	}
	return string(s), true, nil
}
