package verdict

import (
	"errors"
	"fmt"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Verdict is what is said of a case, or rolled up of a clause. Verdicts are ordered: the
// worst counts.
type Verdict uint8

// The verdicts, best first.
const (
	// NotApplicable: the adapter doesn't claim what the case needs.
	NotApplicable Verdict = iota
	// Observed: nothing is judged; what was seen is recorded.
	Observed
	Pass
	// Known: a failure listed as known.
	Known
	// Inconclusive: the run could not show what it was to show.
	Inconclusive
	// Error: the harness or the adapter broke. It says nothing about the documents.
	Error
	Fail
)

var verdictNames = [...]string{"not-applicable", "observed", "pass", "known", "inconclusive", "error", "fail"}

func (v Verdict) String() string { return verdictNames[v] }

// MarshalText gives the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a verdict's name.
func (v *Verdict) UnmarshalText(text []byte) error {
	for i, name := range verdictNames {
		if name == string(text) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("unknown verdict %q", text)
}

// Judge gives the verdict of one run of a case, and says why it is no pass: "" for one. Of DOC clauses
// those are judged which a page of the profiles has, or all where strict.
func Judge(k *cases.Case, e *cases.Evidence, profile []string, strict bool) (Verdict, string) {
	catalogue := spec.Clauses()
	var fault *cases.KitFault
	switch {
	case errors.As(e.Broken, &fault) && crashed(e): // the kit is a part of what broke
		return Error, e.Ended.Error()
	case e.Broken != nil:
		return Error, e.Broken.Error()
	case crashed(e):
		return Error, e.Ended.Error()
	case e.Hung != nil && e.Hung.In != "": // whatever became of the run when it was cut short
		return Inconclusive, e.Inconclusive
	case e.Ended != nil && e.Failure == nil: // what fails first is not undone by how the run then ended
		return Error, e.Ended.Error()
	case !e.Completed && !e.Decided():
		return Error, "the case ended early: the adapter answered aborted though nobody had given it up"
	case e.Absent != "":
		return NotApplicable, "the adapter doesn't offer " + e.Absent
	case e.Unfit != "":
		return NotApplicable, e.Unfit
	case e.Failure != nil:
		clause := catalogue.Lookup(e.Failure.Clause)
		if e.Failure.Convicts || catalogue.Judged(clause, profile, strict) {
			return Fail, e.Failure.Message
		}
		if own := catalogue.Lookup(k.Clause()); own != clause && catalogue.Judged(own, profile, strict) {
			return Inconclusive, fmt.Sprintf("%s: that is charged to %s, which is not judged here, so that %s could not be shown", e.Failure.Message, clause.ID, own.ID)
		}
		return Observed, fmt.Sprintf("%s (%s is not judged: it is %s, and no page of it belongs to a claimed profile)", e.Failure.Message, clause.ID, clause.Level)
	case e.Inconclusive != "":
		return Inconclusive, e.Inconclusive
	case !e.Reached:
		return Inconclusive, fmt.Sprintf("the run ended without reaching %q, the step that gives its answer a meaning", k.Witness)
	}
	for _, id := range k.Witnesses() {
		if catalogue.Judged(catalogue.Lookup(id), profile, strict) {
			return Pass, ""
		}
	}
	return Observed, ""
}

// crashed tells whether the adapter broke, by its own account or so that the test's process was
// lost: a failure that was seen meanwhile comes of that.
func crashed(e *cases.Evidence) bool {
	var broken *spec.Broken
	return errors.As(e.Ended, &broken) && (broken.Own || e.Failure != nil && e.Failure.Unwound)
}

// CauseOf is the event that decided a verdict, nil where no single operation did or the verdict is
// no worse than known.
func CauseOf(v Verdict, e *cases.Evidence) *cases.Cause {
	var fault *cases.KitFault
	switch {
	case v < Inconclusive:
		return nil
	case errors.As(e.Broken, &fault):
		return &cases.Cause{Operation: fault.Operation, Outcome: "is at fault in the adapter's kit", After: e.Issued}
	case v == Error && e.Broken == nil && e.Failure != nil && e.Failure.Unwound:
		return &cases.Cause{Operation: e.Failure.Cause.Operation, Outcome: "breaks the adapter", After: e.Issued}
	case v == Error && e.Broken == nil && e.Failure == nil && e.Hung != nil:
		return e.Hung.Cause(e.Issued)
	case e.Broken != nil || v == Error:
		return nil
	case e.Failure != nil:
		return e.Failure.Cause
	case e.Hung != nil:
		return e.Hung.Cause(e.Issued)
	}
	return nil
}
