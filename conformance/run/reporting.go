package run

import (
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Report makes the report of a run with these results, which stand in any order; those of
// the same case after the first mean nothing. It is partial where cases are missing.
func (s *Session) Report(results []verdict.Result) *verdict.Report {
	return newReport(s.cfg, s.handshake, results)
}

// ReportOf makes the report of results that came by another way than one session: of an
// adapter that said this of itself.
func ReportOf(cfg Config, h spec.Handshake, results []verdict.Result) *verdict.Report {
	return newReport(cfg.complete(h), h, results)
}

// NotRun is the report of a run that was cut short before there was an adapter. The caller may say
// in Error why there was none.
func NotRun(cfg Config) *verdict.Report {
	r := newReport(cfg, spec.Handshake{}, nil)
	r.Partial = true
	return r
}

func newReport(cfg Config, h spec.Handshake, results []verdict.Result) *verdict.Report {
	r := &verdict.Report{
		Format: 1, Adapter: h, Seed: cfg.Seed, Sizes: cfg.Sizes, Profile: append([]string{}, cfg.Profile...), Cases: []verdict.Result{},
		Suite: verdict.Suite{Version: cases.Version(), Clauses: len(spec.Clauses().Clauses), Catalogue: spec.Digest()},
	}
	for _, k := range cfg.Cases {
		if i := slices.IndexFunc(results, func(r verdict.Result) bool { return r.ID == k.ID }); i >= 0 {
			r.Cases = append(r.Cases, results[i])
		}
	}
	r.Partial = len(r.Cases) < len(cfg.Cases)
	r.Stale = verdict.StaleEntries(cfg.Known, cfg.Flaky, cfg.Cases, r.Cases)
	r.RollUp(cfg.Strict)
	return r
}
