package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// reportFile is a report to be written when the run is over. Whether it can be is found
// out before: the old file, if any, stays until the new one is complete.
type reportFile struct {
	flag, path string
	temp       *os.File
}

// createReport makes sure that the file of a flag can be written; path "" is none and "-"
// standard output.
func createReport(flag, path string) (*reportFile, error) {
	r := &reportFile{flag: flag, path: path}
	if path == "" || path == "-" {
		return r, nil
	}
	var err error
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() {
		r.temp, err = os.OpenFile(path, os.O_WRONLY, 0) // a device or pipe is written in place
	} else {
		r.temp, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s can't be written: %w", flag, path, err)
	}
	return r, nil
}

// write writes the report by what writes its form; without a path it does nothing.
func (r *reportFile) write(stdout io.Writer, form func(io.Writer) error) error {
	switch {
	case r.path == "-":
		return form(stdout)
	case r.temp == nil:
		return nil
	}
	err := form(r.temp)
	if closeErr := r.temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil && r.temp.Name() != r.path {
		if err = os.Chmod(r.temp.Name(), 0o644); err == nil {
			err = os.Rename(r.temp.Name(), r.path)
		}
	}
	if err != nil {
		return fmt.Errorf("writing the report %s: %w", r.path, err)
	}
	r.temp = nil
	return nil
}

// abandon removes what was not written to its end.
func (r *reportFile) abandon() {
	if r.temp != nil && r.temp.Name() != r.path {
		r.temp.Close()
		os.Remove(r.temp.Name())
	}
}
