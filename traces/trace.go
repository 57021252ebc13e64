package traces

import (
	"github.com/mpcheck/mpcheck/spec"
)

// Format is the version of the trace format that this package writes. It reads every one that
// was ever released, from 1 on: testdata/formats.
const Format = 2

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
	// Format is the version of the format: [Format].
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

// NewHeader is the header of a trace of an adapter.
func NewHeader(h spec.Handshake, id string, seed uint64) Header {
	return Header{
		Format: Format, Case: id, Seed: seed, Adapter: h.Name, Version: h.Version, Clock: h.Clock,
		GranularityMS: h.GranularityMS, PID: h.PID, Profile: claimed(h.Profile), Specification: spec.Digest(),
	}
}

// Options says how the trace is to be judged.
func (h Header) Options() CheckOptions {
	o := OptionsFor(spec.Handshake{Clock: h.Clock, GranularityMS: h.GranularityMS, PID: h.PID})
	o.Profile = h.Profile
	return o
}

// Check judges the trace.
func (t *Trace) Check() *Report { return Check(t.Labels, t.Header.Options()) }
