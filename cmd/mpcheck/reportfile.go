package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// reportFile is a report to be written when the run is over. Whether it can be is found
// out before: the old file, if any, stays until the new one is complete.
//
// A file is written beside where it will stand, then put in its place; a symbolic link goes on
// leading to it. What is no file - a device, a pipe, a descriptor such as /dev/stdout - is
// written to as it is.
type reportFile struct {
	flag, path string
	to         target
	stdout     bool     // it goes to the command's standard output
	open       *os.File // nil for none, and for standard output
	replaces   bool     // open is a temporary file that will replace the target
}

// createReport makes sure that the file of a flag can be written; path "" is none and "-"
// standard output. The error carries an exit code. Opening a pipe waits for who reads it, until
// ctx ends.
func createReport(ctx context.Context, flag, path string) (*reportFile, error) {
	r := &reportFile{flag: flag, path: path, stdout: path == "-", to: target{descriptor: -1}}
	if path == "" || path == "-" {
		return r, nil
	}
	err := r.create(ctx)
	switch {
	case err == nil:
		return r, nil
	case ctx.Err() != nil:
		return nil, &exitError{exitInterrupted, nil}
	case errors.Is(err, errLocked):
		return nil, &exitError{exitUndecided, fmt.Errorf("%s %s: %w: give each run a file of its own", flag, shown(path), err)}
	}
	return nil, usage("%s %s can't be written: %w", flag, shown(path), err)
}

func (r *reportFile) create(ctx context.Context) (err error) {
	if r.to, err = follow(r.path); err != nil {
		return err
	}
	if r.to.descriptor == 1 {
		r.stdout = true
		return nil
	}
	if r.to.descriptor >= 0 {
		r.open, err = inherited(r.to.descriptor, r.path)
		return err
	}
	info, err := os.Stat(r.to.path)
	if err == nil && !info.Mode().IsRegular() {
		r.open, err = opened(ctx, r.to.path, os.O_WRONLY)
		return err
	}
	r.open, err = besides(r.to.path)
	r.replaces = err == nil
	return err
}

// besides creates the temporary file that is to replace path. It has one name for all runs, and
// is locked: so two runs that would write the same report find each other, and what a run that
// was killed left there is used again.
func besides(path string) (*os.File, error) {
	name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%.200s.partial", filepath.Base(path)))
	const tries = 100
	for range tries {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|noFollow, 0o666)
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			f.Close()
			return nil, err
		}
		mine, err := f.Stat()
		now, nowErr := os.Lstat(name)
		if err == nil && nowErr == nil && os.SameFile(mine, now) {
			temporary.add(name)
			return f, f.Truncate(0)
		}
		f.Close() // another run has just put it in place
	}
	return nil, errLocked
}

// write writes the report by what writes its form; without a path it does nothing. The error
// carries an exit code.
func (r *reportFile) write(stdout io.Writer, form func(io.Writer) error) error {
	if !r.stdout && r.open == nil {
		return nil
	}
	// A form that fails on its way leaves no half file, and nobody's pipe holds it up.
	var text bytes.Buffer
	err := form(&text)
	switch {
	case err != nil:
	case r.stdout:
		_, err = stdout.Write(text.Bytes())
	case r.replaces:
		err = r.replace(text.Bytes())
	default:
		_, err = r.open.Write(text.Bytes())
		if closeErr := r.open.Close(); err == nil {
			err = closeErr
		}
		r.open = nil
	}
	if err != nil {
		return &exitError{exitUndecided, fmt.Errorf("writing the report %s: %w", shown(r.path), err)}
	}
	return nil
}

func (r *reportFile) replace(text []byte) error {
	name := r.open.Name()
	if _, err := r.open.Write(text); err != nil {
		return err
	}
	if err := r.open.Sync(); err != nil {
		return err
	}
	switch old, err := os.Stat(r.to.path); {
	case err == nil:
		if err := r.open.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if runtime.GOOS == "windows" { // an open file has to stay where it is there
		r.open.Close()
	}
	if err := os.Rename(name, r.to.path); err != nil {
		return err
	}
	temporary.forget(name)
	r.open.Close() // not before: it holds the lock
	r.open = nil
	return nil
}

// abandon removes what was not written to its end.
func (r *reportFile) abandon() {
	if r.open == nil {
		return
	}
	if r.replaces {
		os.Remove(r.open.Name()) // while it is locked, so that it is nobody else's
		temporary.forget(r.open.Name())
	}
	r.open.Close()
	r.open = nil
}
