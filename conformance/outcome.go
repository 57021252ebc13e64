package conformance

import "fmt"

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
func (p *Plan) Outcome(k *Case, r Result) (Outcome, string) {
	if IsStale(p.Config.Known, r) {
		return Failed, fmt.Sprintf("stale %s: it is listed as known (%s), but passes: take it off the list", r.ID, Listed(p.Config.Known, r.ID).Reason)
	}
	switch r.Verdict {
	case Fail, Error, Inconclusive:
		return Failed, Explain(k, r)
	case Known, NotApplicable:
		return Skipped, Explain(k, r)
	case Observed:
		return Passed, Explain(k, r)
	}
	if r.Flaky {
		return Passed, fmt.Sprintf("pass %s: it failed, and passed when it was repeated", r.ID)
	}
	return Passed, ""
}
