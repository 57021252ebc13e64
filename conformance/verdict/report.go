package verdict

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
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
	Sizes   cases.Sizes    `json:"sizes"`
	Profile []string       `json:"profile"`
	// Summary counts the cases by the name of their verdict; every name is there.
	Summary map[string]int `json:"summary"`
	Stale   []Stale        `json:"stale"`
	// Kit lists the operations of the adapter's kit that kept a case from being judged.
	Kit   []cases.KitFault `json:"kit"`
	Cases []Result         `json:"cases"`
	// Groups are the cases that one event decided, where there are several; those with a case that fails come first.
	Groups  []Group        `json:"groups"`
	Clauses []ClauseResult `json:"clauses"`
	// Fingerprint is what was seen where the documents leave it open.
	Fingerprint Fingerprint `json:"fingerprint"`
}

// Suite says what the cases were.
type Suite struct {
	// Version is that of the suite: [cases.Version].
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
	for _, result := range r.Cases {
		if result.Verdict < Known {
			continue
		}
		for _, id := range cases.Successors(result.ID) {
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

// Find is the result of a case, nil where it has none.
func (r *Report) Find(id string) *Result {
	if i := slices.IndexFunc(r.Cases, func(result Result) bool { return result.ID == id }); i >= 0 {
		return &r.Cases[i]
	}
	return nil
}

// GroupOf is the group that a case is in, nil for none.
func (r *Report) GroupOf(id string) *Group {
	if i := slices.IndexFunc(r.Groups, func(g Group) bool { return slices.Contains(g.Cases, id) }); i >= 0 {
		return &r.Groups[i]
	}
	return nil
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
