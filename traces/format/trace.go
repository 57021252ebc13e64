package format

import "github.com/mpcheck/mpcheck/spec"

// Version is that of the trace format that this package writes. It reads every one that
// was ever released, from 1 on: testdata/formats.
const Version = 2

// Trace is what one run of a program or case showed, and what is needed to judge it: nothing
// outside it counts.
type Trace struct {
	Header Header
	Labels []spec.Label
	// Truncated: the last line was cut off, as when whoever recorded it was killed. What is
	// before it is in Labels.
	Truncated bool
}

// Header is the first line of a trace.
type Header struct {
	// Format is the version of the format: [Version].
	Format int `json:"trace"`
	// Story tells what the trace shows, to people.
	Story string `json:"story,omitempty"`
	// Shows names what the documents leave open and the trace decides, each as CLAUSE/behaviour.
	Shows []string `json:"shows,omitempty"`
	// Case and Seed are those of the run that was recorded, where there was a case.
	Case string `json:"case,omitempty"`
	Seed uint64 `json:"seed,omitempty"`
	// Adapter and Version are what the adapter called itself.
	Adapter string `json:"adapter"`
	Version string `json:"version,omitempty"`
	// Clock says whether the times are virtual; GranularityMS is that of a real clock.
	Clock         spec.Clock `json:"clock"`
	GranularityMS int        `json:"granularityMs,omitempty"`
	// PID is the adapter's process id, 0 for none.
	PID int `json:"pid,omitempty"`
	// Profile names the pages that the adapter claims; empty it claims none, absent nothing is known of it.
	Profile []string `json:"profile,omitzero"`
	// Specification is the digest of the catalogue and operations that it was recorded with.
	Specification string `json:"specification"`
	// Expect is the verdict that the trace was kept for, "" for none.
	Expect Verdict `json:"expect,omitempty"`
}

// Verdict is what is said of a trace by whoever judges it.
type Verdict string

// The verdicts. Allowed: the specification has a run that shows just these labels. Forbidden:
// it has none. Undecided: the budget was used up, or the trace has what can't be judged.
const (
	Allowed   Verdict = "allowed"
	Forbidden Verdict = "forbidden"
	Undecided Verdict = "undecided"
)

// NewHeader is the header of a trace of an adapter that shook hands so: of a run of the case with that id, ""
// for none, with that seed.
func NewHeader(h spec.Handshake, id string, seed uint64) Header {
	return Header{
		Format: Version, Case: id, Seed: seed, Adapter: h.Name, Version: h.Version, Clock: h.Clock,
		GranularityMS: h.GranularityMS, PID: h.PID, Profile: append([]string{}, h.Profile...), Specification: spec.Digest(),
	}
}
