package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Report is the result of a run. Its JSON form is stable: `run --json`.
type Report struct {
	Format  int  `json:"format"` // 1
	Partial bool `json:"partial"`
	// Error says why nothing could be run, "" where it could.
	Error   string         `json:"error,omitempty"`
	Suite   Suite          `json:"suite"`
	Adapter spec.Handshake `json:"adapter"`
	Seed    uint64         `json:"seed"`
	Sizes   Sizes          `json:"sizes"`
	Profile []string       `json:"profile"`
	// Summary counts the cases by the name of their verdict; every name is there.
	Summary map[string]int `json:"summary"`
	Stale   []Stale        `json:"stale"`
	// Kit lists the operations of the adapter's kit that kept a case from being judged.
	Kit   []KitFault `json:"kit"`
	Cases []Result   `json:"cases"`
	// Groups are the cases that one event decided, where there are several.
	Groups  []Group        `json:"groups"`
	Clauses []ClauseResult `json:"clauses"`
	// Fingerprint is what was seen where the documents leave it open.
	Fingerprint Fingerprint `json:"fingerprint"`

	strict bool // every DOC clause was judged
}

// Suite says what the cases were.
type Suite struct {
	// Version is that of the suite: [Version].
	Version string `json:"version"`
	Clauses int    `json:"clauses"`
	// Catalogue identifies the clauses and operations by [spec.Digest]. Under another one a
	// verdict may mean something else.
	Catalogue string `json:"catalogue"`
}

// Stale is an entry of a list that is wrong: a known deviation that no longer deviates, or
// one of either list that names no case there is.
type Stale struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Result is the verdict of one case with all that is needed to see it again.
type Result struct {
	ID       string        `json:"id"`
	Clauses  []string      `json:"clauses"`
	Verdict  Verdict       `json:"verdict"`
	Observed []Observation `json:"observed"`
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
	// Failure is the expectation that did not hold, where one didn't. An error has none: it charges no clause.
	Failure *Failure `json:"failure,omitempty"`
	// Cause is the event that decided the verdict, where a single operation did and the verdict
	// is inconclusive or worse.
	Cause *Cause `json:"cause,omitempty"`
	// Hang says how long was waited for what, where that did not come.
	Hang *Hang `json:"hang,omitempty"`
	// Kit is the operation of the adapter's kit that is at fault, where the case is an error for that.
	Kit *KitFault `json:"kit,omitempty"`

	replay func() string
}

// Diagnosis says what is wrong with a run: the clauses that are broken, the likeliest first, and lines for people.
type Diagnosis struct {
	Clauses []string `json:"clauses"`
	Lines   []string `json:"lines"`
}

// ClauseResult rolls the verdicts of a clause's cases up: the worst counts. Verdict is
// null for a NOTE and for a clause that no selected case witnesses.
type ClauseResult struct {
	ID      string     `json:"id"`
	Level   spec.Level `json:"level"`
	Verdict *Verdict   `json:"verdict"`
}

// ReadReport reads what [Report.WriteJSON] wrote.
func ReadReport(r io.Reader) (*Report, error) {
	var report Report
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return nil, fmt.Errorf("not a report of mpcheck run --json: %w", err)
	}
	if report.Format != 1 {
		return nil, fmt.Errorf("not a report of mpcheck run --json: format %d, want 1", report.Format)
	}
	return &report, nil
}

// NotPassed lists the ids of the cases that failed, known or not, were an error or were
// inconclusive. In the place of one that was retired since stand those that took its.
func (r *Report) NotPassed() []string {
	var ids []string
	for _, k := range r.Cases {
		if k.Verdict < Known {
			continue
		}
		for _, id := range Successors(k.ID) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	return spec.WriteJSON(w, r)
}

// rollUp fills in the summary, the clauses and the fingerprint from the cases. A case that failed on account
// of another clause than its own says nothing worse of its own than that it is open.
func (r *Report) rollUp() {
	r.Summary = map[string]int{}
	for v := range verdictNames {
		r.Summary[verdictNames[v]] = 0
	}
	worst := map[string]Verdict{}
	seen := map[string]bool{}
	note := func(id string, v Verdict) {
		if !seen[id] || v > worst[id] {
			worst[id] = v
		}
		seen[id] = true
	}
	for _, k := range r.Cases {
		r.Summary[k.Verdict.String()]++
		charged := ""
		if k.Failure != nil {
			charged = k.Failure.Clause
			note(charged, k.Verdict)
		}
		for _, id := range k.Clauses {
			v := k.Verdict
			switch {
			case charged != "" && id != charged:
				v = Inconclusive
			case v == Pass && !spec.Clauses().Judged(spec.Clauses().Lookup(id), r.Profile, r.strict):
				v = Observed
			}
			note(id, v)
		}
	}
	r.Clauses = nil
	for _, c := range spec.Clauses().Clauses {
		result := ClauseResult{ID: c.ID, Level: c.Level}
		if v := worst[c.ID]; seen[c.ID] && c.Level != spec.Note {
			result.Verdict = &v
		}
		r.Clauses = append(r.Clauses, result)
	}
	r.Fingerprint = r.fingerprint()
	r.group()
}
