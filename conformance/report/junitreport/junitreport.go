// Package junitreport writes the report of a run in the XML form of JUnit. It is apart from package
// conformance, which whoever embeds the suite imports, because only a command needs it.
package junitreport

import (
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Write writes the report in the XML form of JUnit: a test suite an area, a test case a
// case. Fail is a failure, and so is a stale entry; error and inconclusive are errors; known
// and not-applicable are skipped; pass and observed are neither. A partial report has an error
// that says so: what did not run must not look green.
func Write(w io.Writer, r *verdict.Report) error {
	all := junit.Testsuites{Name: "mpcheck " + legal(r.Adapter.Name)}
	total := 0.0
	for _, area := range spec.Areas {
		suite := junit.Testsuite{Name: area, ID: len(all.Suites)}
		seconds := 0.0
		for _, result := range r.Cases {
			if strings.HasPrefix(result.ID, area+"-") {
				suite.AddTestcase(testcase(r, result))
				seconds += result.Seconds
			}
		}
		if suite.Tests > 0 {
			suite.Time = inSeconds(seconds)
			all.AddSuite(suite)
			total += seconds
		}
	}
	if lost := unknown(r); lost.Tests > 0 {
		lost.ID = len(all.Suites)
		all.AddSuite(lost)
	}
	if r.Partial {
		why := &junit.Result{Message: "the run was interrupted: cases are missing from this report", Type: "partial"}
		if r.Error != "" {
			why.Message, why.Data = "nothing could be run", legal(r.Error)
		}
		cut := junit.Testsuite{Name: "run", ID: len(all.Suites), Time: inSeconds(0)}
		cut.AddTestcase(junit.Testcase{Name: "partial", Classname: "run", Status: "partial", Error: why})
		all.AddSuite(cut)
	}
	all.Time = inSeconds(total)
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return all.WriteXML(w)
}

func testcase(r *verdict.Report, result verdict.Result) junit.Testcase {
	name, class := result.ID, ""
	if clause, variant, ok := strings.Cut(result.ID, "/"); ok {
		class, name = clause, variant
	}
	t := junit.Testcase{Name: name, Classname: class, Time: inSeconds(result.Seconds), Status: result.Verdict.String()}
	why := &junit.Result{Message: legal(result.Why()), Type: result.Verdict.String(), Data: legal(details(&result))}
	switch result.Verdict {
	case verdict.Fail:
		t.Failure = why
	case verdict.Error, verdict.Inconclusive:
		t.Error = why
	case verdict.Known, verdict.NotApplicable:
		t.Skipped = why
	}
	for _, s := range r.Stale {
		if s.ID == result.ID {
			t.Failure = &junit.Result{Message: "listed as known, but it passes: " + legal(s.Reason), Type: "stale"}
		}
	}
	return t
}

// unknown is a suite of its own for entries of lists that name no case.
func unknown(r *verdict.Report) junit.Testsuite {
	suite := junit.Testsuite{Name: "lists", Time: inSeconds(0)}
	for _, s := range r.Stale {
		found := false
		for _, result := range r.Cases {
			found = found || result.ID == s.ID
		}
		if !found {
			suite.AddTestcase(junit.Testcase{Name: s.ID, Classname: "lists", Failure: &junit.Result{
				Message: "listed, but " + cases.NoCase(s.ID) + ": " + legal(s.Reason), Type: "stale"}})
		}
	}
	return suite
}

// details are what is to be known beside that.
func details(r *verdict.Result) string {
	var b strings.Builder
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", word, text)
		}
	}
	if r.Failure != nil {
		line("clause", r.Failure.Clause)
		line("after", r.Failure.Step)
	}
	if r.Message != r.Why() {
		line("problem", r.Message)
	}
	line("allowed", r.Allowed)
	line("seen", r.Seen)
	line("repeat", r.Repro)
	line("replay", r.Replay)
	if len(r.Trace) > 0 {
		line("trace", "\n"+strings.Join(r.Trace, "\n"))
	}
	return b.String()
}

func inSeconds(s float64) string { return fmt.Sprintf("%.3f", s) }

// legal is text of several lines without what XML has no way to write, or what can't be seen.
func legal(text string) string { return strings.Join(spec.Lines(text, 0), "\n") }
