package conformance

import (
	"fmt"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// Outcome is what a verdict means to a test framework.
type Outcome uint8

// The outcomes.
const (
	Passed Outcome = iota
	Failed
	Skipped
)

// Outcome gives the outcome of a result, and a text that begins with the verdict; for an
// entry of known deviations whose case passes that is stale. The text of a pass may be "".
func (p *Plan) Outcome(k *cases.Case, r verdict.Result) (Outcome, string) {
	if verdict.IsStale(p.Config.Known, r) {
		return Failed, fmt.Sprintf("stale %s: it is listed as known (%s), but passes: take it off the list", r.ID, verdict.Listed(p.Config.Known, r.ID).Reason)
	}
	switch r.Verdict {
	case verdict.Fail, verdict.Error, verdict.Inconclusive:
		return Failed, report.Explain(k, r)
	case verdict.Known, verdict.NotApplicable:
		return Skipped, report.Explain(k, r)
	case verdict.Observed:
		return Passed, report.Explain(k, r)
	}
	if r.Flaky {
		return Passed, fmt.Sprintf("pass %s: it failed, and passed when it was repeated", r.ID)
	}
	return Passed, ""
}
