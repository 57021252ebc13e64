package main

import (
	"io"
	"path/filepath"

	"github.com/mpcheck/mpcheck/conformance"
)

// reports are the files that a run leaves behind.
type reports struct{ json, junit *reportFile }

// createReports makes sure, before a run, that all of them can be written.
func createReports(json, junit string) (*reports, error) {
	if json != "" && junit != "" && filepath.Clean(json) == filepath.Clean(junit) {
		return nil, usage("--json and --junit both name %s: want a file each", json)
	}
	j, err := createReport("--json", json)
	if err != nil {
		return nil, usage("%w", err)
	}
	u, err := createReport("--junit", junit)
	if err != nil {
		j.abandon()
		return nil, usage("%w", err)
	}
	return &reports{j, u}, nil
}

func (r *reports) write(report *conformance.Report, stdout io.Writer) error {
	if err := r.json.write(stdout, report.WriteJSON); err != nil {
		return err
	}
	return r.junit.write(stdout, report.WriteJUnit)
}

func (r *reports) abandon() {
	r.json.abandon()
	r.junit.abandon()
}

// toStdout tells whether one of them goes there: people's text then goes elsewhere.
func (r *reports) toStdout() bool { return r.json.path == "-" || r.junit.path == "-" }
