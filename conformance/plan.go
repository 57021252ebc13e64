package conformance

import (
	"fmt"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Plan is what options say: the cases of a door and how they are run.
type Plan struct {
	// Config has all but the adapter.
	Config run.Config

	selected, skipped []string
	bubble            bool
	jobs              int
	results           func(Result)
	leaks             *leaks
}

// NewPlan applies the options to the whole table of cases. The error is about a pattern, list
// or profile that means nothing, or a selection of no case.
func NewPlan(opts ...Option) (*Plan, error) {
	p := &Plan{Config: run.Config{Seed: 1}, leaks: &leaks{}}
	for _, option := range opts {
		if err := option(p); err != nil {
			return nil, err
		}
	}
	if err := verdict.CheckLists(p.Config.Known, p.Config.Flaky); err != nil {
		return nil, err
	}
	chosen, err := cases.Select(cases.All(), p.selected, p.skipped)
	if err != nil {
		return nil, err
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no case matches %q but not %q: nothing would be judged", p.selected, p.skipped)
	}
	p.Config.Cases = chosen
	return p, nil
}

// Bubbled tells whether [InBubble] was among the options.
func (p *Plan) Bubbled() bool { return p.bubble }

// Open makes the adapter and a session on it. Closing the adapter that it returns, which watches the
// one that was made, is the caller's.
func (p *Plan) Open(factory Factory) (spec.Adapter, *run.Session, error) {
	adapter, err := factory()
	if err != nil {
		return nil, nil, fmt.Errorf("making the adapter: %w", err)
	}
	cfg := p.Config
	cfg.Adapter, cfg.Renew = adapter, factory
	s, err := run.NewSession(cfg)
	if err != nil {
		return adapter, nil, err
	}
	return s.Adapter(), s, nil
}

// beside makes another session of the same run, on an adapter of its own.
func (p *Plan) beside(first *run.Session, factory Factory) (spec.Adapter, *run.Session, error) {
	adapter, err := factory()
	if err != nil {
		return nil, nil, fmt.Errorf("making another adapter: %w", err)
	}
	s, err := first.Beside(adapter)
	if err != nil {
		return adapter, nil, err
	}
	return s.Adapter(), s, nil
}

// Report makes the report of results that came by another way than one session: of an
// adapter that said this of itself.
func (p *Plan) Report(h spec.Handshake, results []verdict.Result) *verdict.Report {
	return run.ReportOf(p.Config, h, results)
}
