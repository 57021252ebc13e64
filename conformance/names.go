package conformance

import (
	"context"
	"io"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// What options take and results hold lives in the rooms behind this door, which say more of it.
type (
	// Case is one expectation: [cases.Case].
	Case = cases.Case
	// Sizes say at which volume a clause about volume is checked: [cases.Sizes].
	Sizes = cases.Sizes
	// Failure is an expectation that did not hold: [cases.Failure].
	Failure = cases.Failure
	// Cause is the event that decided a verdict: [cases.Cause].
	Cause = cases.Cause
	// Hang says what was waited for in vain: [cases.Hang].
	Hang = cases.Hang
	// KitFault is an operation of the adapter's kit that does not work: [cases.KitFault].
	KitFault = cases.KitFault
	// Observation is a choice that was seen where the documents are silent: [cases.Observation].
	Observation = cases.Observation

	// Verdict is what is said of a case or clause: [verdict.Verdict].
	Verdict = verdict.Verdict
	// Result is the verdict of one case with all that is needed to see it again: [verdict.Result].
	Result = verdict.Result
	// Report is the result of a run: [verdict.Report].
	Report = verdict.Report
	// Deviation is an entry of a list of known deviations or flaky cases: [verdict.Deviation].
	Deviation = verdict.Deviation
	// Stale is an entry of such a list that is wrong: [verdict.Stale].
	Stale = verdict.Stale
	// Group is several cases that did not pass for one cause: [verdict.Group].
	Group = verdict.Group
	// Fingerprint is what an implementation does where the documents leave it open: [verdict.Fingerprint].
	Fingerprint = verdict.Fingerprint

	// Factory makes the adapter that a door opens on: [run.Factory].
	Factory = run.Factory
	// Config of a run: [run.Config].
	Config = run.Config
	// Session puts single cases to an adapter: [run.Session].
	Session = run.Session
	// Setting is all that a run on virtual time depends on: [run.Setting].
	Setting = run.Setting
	// Enumerator visits every run of a program: [run.Enumerator].
	Enumerator = run.Enumerator
	// Journal is a recorder that can say what it recorded: [run.Journal].
	Journal = run.Journal

	// Text writes results for people: [report.Text].
	Text = report.Text
)

// The sizes.
const (
	FullSizes    = cases.FullSizes
	WireSizes    = cases.WireSizes
	ExploreSizes = cases.ExploreSizes
)

// The verdicts, best first.
const (
	NotApplicable = verdict.NotApplicable
	Observed      = verdict.Observed
	Pass          = verdict.Pass
	Known         = verdict.Known
	Inconclusive  = verdict.Inconclusive
	Error         = verdict.Error
	Fail          = verdict.Fail
)

// DefaultSchedules is how many seeded schedules a case runs under on virtual time.
const DefaultSchedules = run.DefaultSchedules

// Cases is the table of cases: [cases.All].
func Cases() []*Case { return cases.All() }

// Select returns those cases that patterns match: [cases.Select].
func Select(of []*Case, sel, skip []string) ([]*Case, error) { return cases.Select(of, sel, skip) }

// Version is the version of the suite: [cases.Version].
func Version() string { return cases.Version() }

// NoCase says of an id that names no case what is known of it: [cases.NoCase].
func NoCase(id string) string { return cases.NoCase(id) }

// ReadDeviations reads a list of known deviations or of flaky cases: [verdict.ReadDeviations].
func ReadDeviations(r io.Reader, name string) ([]Deviation, error) {
	return verdict.ReadDeviations(r, name)
}

// ReadReport reads what [Report.WriteJSON] wrote: [verdict.ReadReport].
func ReadReport(r io.Reader) (*Report, error) { return verdict.ReadReport(r) }

// NewSession refuses a handshake that isn't valid, and lists that contradict each other: [run.NewSession].
func NewSession(cfg Config) (*Session, error) { return run.NewSession(cfg) }

// Execute puts cases to adapters and reports: [run.Execute].
func Execute(ctx context.Context, cfg Config) (*Report, error) { return run.Execute(ctx, cfg) }

// Repeat runs a case once, by a schedule that is given: [run.Repeat].
func Repeat(ctx context.Context, cfg Config, t Setting, schedule spec.Choices) (Result, error) {
	return run.Repeat(ctx, cfg, t, schedule)
}

// Explain is the text of a result that begins with its verdict: [report.Explain].
func Explain(k *Case, r Result) string { return report.Explain(k, r) }
