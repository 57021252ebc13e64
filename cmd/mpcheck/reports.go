package main

import (
	"context"
	"errors"
	"io"

	"github.com/mpcheck/mpcheck/conformance/report/junitreport"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// reports are the files that a run leaves behind.
type reports struct{ json, junit *reportFile }

// createReports makes sure, before a run, that all of them can be written. The error carries an
// exit code.
func createReports(ctx context.Context, json, junit string) (*reports, error) {
	if json != "" && json == junit || sameTarget(json, junit) {
		return nil, usage("--json and --junit both name %s: want a file each", shown(json))
	}
	j, err := createReport(ctx, "--json", json)
	if err != nil {
		return nil, err
	}
	u, err := createReport(ctx, "--junit", junit)
	if err != nil {
		j.abandon()
		return nil, err
	}
	return &reports{j, u}, nil
}

// sameTarget tells whether two paths lead to one file, through whatever links.
func sameTarget(a, b string) bool {
	x, errX := follow(a)
	y, errY := follow(b)
	return a != "" && b != "" && errX == nil && errY == nil && x == y
}

// write writes all of them that it can. The error carries an exit code.
func (r *reports) write(report *verdict.Report, stdout io.Writer) error {
	err := r.json.write(stdout, report.WriteJSON)
	more := r.junit.write(stdout, func(w io.Writer) error { return junitreport.Write(w, report) })
	if err != nil && more != nil {
		return &exitError{exitUndecided, errors.Join(err, more)}
	}
	if err == nil {
		err = more
	}
	return err
}

func (r *reports) abandon() {
	r.json.abandon()
	r.junit.abandon()
}

// toStdout tells whether one of them goes there: people's text then goes elsewhere.
func (r *reports) toStdout() bool { return r.json.stdout || r.junit.stdout }
