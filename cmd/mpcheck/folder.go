package main

import (
	"errors"
	"fmt"
	"os"
)

// folder is a directory of outputs, a file a run of a case. It belongs to one run of the program:
// another would overwrite the files.
type folder struct {
	dir    string
	locked *os.File
}

// claimFolder makes a directory if need be, and makes sure that files can be written there and that
// no other run does. One that this run has claimed already, for another flag, it may claim again.
// The error carries an exit code.
func claimFolder(flag, dir string, before ...*folder) (*folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usage("%s: %w", flag, err)
	}
	locked, err := os.Open(dir)
	if err != nil {
		return nil, usage("%s: %w", flag, err)
	}
	f := &folder{dir, locked}
	mine := false
	for _, other := range before {
		mine = mine || other != nil && f.same(other)
	}
	if err := lock(locked); err != nil && !mine {
		f.close()
		if !errors.Is(err, errLocked) {
			return nil, usage("%s %s: %w", flag, shown(dir), err)
		}
		return nil, &exitError{exitUndecided, fmt.Errorf("%s %s: %w: give each run a directory of its own", flag, shown(dir), err)}
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		f.close()
		return nil, usage("%s %s: files can't be written there: %w", flag, shown(dir), err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return f, nil
}

func (f *folder) same(other *folder) bool {
	a, errA := f.locked.Stat()
	b, errB := other.locked.Stat()
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// close lets other runs write there; on nil it does nothing.
func (f *folder) close() {
	if f != nil {
		f.locked.Close()
	}
}

// removeFile removes a file; what else stands under the name - a link, a device - was there before.
func removeFile(path string) {
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		os.Remove(path)
	}
}
