package run

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Setting is all that a run of a case on virtual time depends on, beside the implementation and
// its schedule. Its JSON form is part of the tokens of mpcheck replay.
type Setting struct {
	Case string `json:"id"`
	// Shuffle is the seed of what the case shuffles.
	Shuffle  uint64        `json:"seed,omitempty"`
	Sizes    cases.Sizes   `json:"sizes"`
	Watchdog time.Duration `json:"limit"`
	// Profile and Strict say which clauses are judged; without a profile it is the adapter's own.
	Profile []string `json:"profile,omitempty"`
	Strict  bool     `json:"strict,omitempty"`
}

// setting is that of a run of this session. All runs that are enumerated are of one program:
// what the case shuffles is the same in each.
func (s *Session) setting(k *cases.Case, seed uint64, enumerated bool) Setting {
	if enumerated {
		seed = s.cfg.Seed
	}
	return Setting{Case: k.ID, Shuffle: seed, Sizes: s.cfg.Sizes, Watchdog: s.cfg.Watchdog, Profile: s.cfg.Profile, Strict: s.cfg.Strict}
}

// Shuffles decide what a case shuffles where its schedules are enumerated.
func (s *Session) Shuffles(k *cases.Case) spec.Choices { return spec.Seeded(mixSeed(s.cfg.Seed, k.ID)) }

// choices is an enumerator as the choices of a system, nil for none.
func choices(e Enumerator) spec.Choices {
	if e == nil {
		return nil
	}
	return e
}

// Find returns the case of the setting. The error says what is wrong with the setting.
func (t Setting) Find() (*cases.Case, error) {
	k, err := cases.Find(t.Case)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]cases.Sizes{cases.FullSizes, cases.WireSizes, cases.ExploreSizes}, t.Sizes) {
		return nil, fmt.Errorf("case %s: there are no sizes %q", t.Case, t.Sizes)
	}
	if t.Watchdog <= 0 {
		return nil, fmt.Errorf("case %s: the limit %v of an operation is not positive", t.Case, t.Watchdog)
	}
	for _, p := range t.Profile {
		if err := spec.CheckProfile(p); err != nil {
			return nil, fmt.Errorf("case %s: %w", t.Case, err)
		}
	}
	return k, nil
}

// Repeat runs a case once, by a schedule that is given. cfg has the adapter, on virtual time,
// and what records; the setting decides the rest. The error is about the setting or the
// handshake.
func Repeat(ctx context.Context, cfg Config, t Setting, schedule spec.Choices) (verdict.Result, error) {
	k, err := t.Find()
	if err != nil {
		return verdict.Result{}, err
	}
	s, err := NewSession(cfg)
	if err != nil {
		return verdict.Result{}, err
	}
	if t.Profile == nil {
		t.Profile = s.cfg.Profile
	}
	began := time.Now()
	result := s.runOnce(ctx, k, t.Shuffle, t, schedule)
	result.Seconds, result.Schedules = time.Since(began).Seconds(), 1
	// Its repetition is this one.
	result.Repro = ""
	return result.Result, nil
}
