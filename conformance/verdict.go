package conformance

import (
	"errors"
	"fmt"

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

// Failure is an expectation that did not hold.
type Failure struct {
	// Clause that is charged.
	Clause string `json:"clause"`
	// Step is the step reached last, "" before the first.
	Step string `json:"step,omitempty"`
	// Allowed and Seen are what the clause allows and what came instead.
	Allowed string `json:"allowed"`
	Seen    string `json:"seen"`
	// Message is what the author of the case says about the expectation.
	Message string `json:"message"`
	// Waits is who waited for whom where an operation could never return, known on virtual time.
	Waits spec.WaitGraph `json:"waits,omitempty"`
	// Cause is the operation that decided it and how that ended, nil where no single one did.
	Cause *Cause `json:"cause,omitempty"`
	// Timed is true where only the running out of a real-time limit speaks for the failure.
	Timed bool `json:"-"`
}

// judge gives the verdict of one run of a case.
func judge(k *Case, c *C, err error, profile []string, strict bool) (Verdict, string) {
	catalogue := spec.Clauses()
	var fault *KitFault
	switch {
	case errors.As(c.broken, &fault) && crashed(c, err): // the kit is a part of what broke
		return Error, err.Error()
	case c.broken != nil:
		return Error, c.broken.Error()
	case crashed(c, err):
		return Error, err.Error()
	case c.hung != nil && c.hung.In != "": // whatever became of the run when it was cut short
		return Inconclusive, c.inconclusive
	case err != nil && c.failure == nil: // what fails first is not undone by how the run then ended
		return Error, err.Error()
	case !c.completed && !c.over():
		return Error, "the case ended early: the adapter answered aborted though nobody had given it up"
	case c.absent != "":
		return NotApplicable, "the adapter doesn't offer " + c.absent
	case c.unfit != "":
		return NotApplicable, c.unfit
	case c.failure != nil:
		clause := catalogue.Lookup(c.failure.Clause)
		if c.failure.convicts || catalogue.Judged(clause, profile, strict) {
			return Fail, c.failure.Message
		}
		if own := catalogue.Lookup(k.Clause()); own != clause && catalogue.Judged(own, profile, strict) {
			return Inconclusive, fmt.Sprintf("%s: that is charged to %s, which is not judged here, so that %s could not be shown", c.failure.Message, clause.ID, own.ID)
		}
		return Observed, fmt.Sprintf("%s (%s is not judged: it is %s, and no page of it belongs to a claimed profile)", c.failure.Message, clause.ID, clause.Level)
	case c.inconclusive != "":
		return Inconclusive, c.inconclusive
	case k.Witness != "" && !c.reached[k.Witness]:
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
func crashed(c *C, err error) bool {
	var broken *spec.Broken
	return errors.As(err, &broken) && (broken.Own || c.failure != nil && c.failure.unwound)
}

// ExitCode is the exit code of a run with these results: 1 with a fail or a stale
// entry, else 3 with an error or an inconclusive, else 0 if anything passed or was
// observed, else 3: nothing judged is never green.
func (r *Report) ExitCode() int {
	n := func(v Verdict) int { return r.Summary[v.String()] }
	switch {
	case n(Fail) > 0 || len(r.Stale) > 0:
		return 1
	case n(Error)+n(Inconclusive) > 0 || r.Partial:
		return 3
	case n(Pass)+n(Observed) > 0:
		return 0
	}
	return 3
}
