package verdict

import (
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Result is the verdict of one case with all that is needed to see it again.
type Result struct {
	ID       string              `json:"id"`
	Clauses  []string            `json:"clauses"`
	Verdict  Verdict             `json:"verdict"`
	Observed []cases.Observation `json:"observed"`
	// Composed is true where an operation that the adapter composed took part: the
	// verdict then judges the adapter, and is no pass of the runtime.
	Composed bool    `json:"composed"`
	Flaky    bool    `json:"flaky"`
	Seed     uint64  `json:"seed"`
	Seconds  float64 `json:"seconds"`
	// Message says in words what went wrong; Reason why nothing could be judged.
	Message string `json:"message"`
	Reason  string `json:"reason"`
	Allowed string `json:"allowed"`
	Seen    string `json:"seen"`
	// Repro is a command that repeats the run.
	Repro string `json:"repro"`
	// Replay is a command that repeats the very run on any machine, "" where there is none.
	Replay string `json:"replay,omitempty"`
	// Trace is what happened, a line an event, for a case that did not pass; else null.
	Trace []string `json:"trace"`
	// Events are those of them that matter, with what lies between counted; empty where no journal
	// could say.
	Events []string `json:"events,omitempty"`

	// Diagnosis is what the journal finds wrong with the run of a case that failed or is inconclusive, where it can say: of
	// mpcheck's own the oracle, which knows nothing of what the case expects.
	Diagnosis *Diagnosis `json:"diagnosis,omitempty"`

	// Schedules is how many were run; Exhaustive whether they were all there are.
	Schedules  int  `json:"schedules"`
	Exhaustive bool `json:"exhaustive"`
	// States is how many were visited, where a search has counted them.
	States int `json:"states,omitempty"`
	// Note says what is to be known of how the case was run, "" for nothing.
	Note string `json:"note,omitempty"`
	// Failure is the expectation that did not hold, where one didn't. An error has none: it charges no clause.
	Failure *cases.Failure `json:"failure,omitempty"`
	// Cause is the event that decided the verdict, where a single operation did and the verdict
	// is inconclusive or worse.
	Cause *cases.Cause `json:"cause,omitempty"`
	// Hang says how long was waited for what, where that did not come.
	Hang *cases.Hang `json:"hang,omitempty"`
	// Kit is the operation of the adapter's kit that is at fault, where the case is an error for that.
	Kit *cases.KitFault `json:"kit,omitempty"`
}

// Diagnosis says what is wrong with a run: the clauses that are broken, the likeliest first, and lines for people.
type Diagnosis struct {
	Clauses []string `json:"clauses"`
	Lines   []string `json:"lines"`
}

// Why is the reason for the verdict in a line or few, "" for a pass.
func (r *Result) Why() string {
	if r.Reason != "" {
		return r.Reason
	}
	return r.Message
}

// Shows tells whether the result witnesses a clause that its case is about: it is a pass, or of a SILENT clause it recorded a
// behaviour that the catalogue lists.
func (r Result) Shows(clause *spec.Clause) bool {
	if clause.Level != spec.Silent {
		return r.Verdict == Pass
	}
	return slices.ContainsFunc(r.Observed, func(o cases.Observation) bool {
		return o.Clause == clause.ID && slices.ContainsFunc(clause.Behaviours, func(b spec.Behaviour) bool { return b.Key == o.Behaviour })
	})
}
