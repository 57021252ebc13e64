// Package ginkgosuite opens the table of cases to Ginkgo: for implementers whose tests are
// written with it, and for the suite of package conformance itself.
package ginkgosuite

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/onsi/ginkgo/v2"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Suite is a set of specs that [Describe] registered.
type Suite struct {
	factory run.Factory
	plan    *conformance.Plan
	entry   string // the name of its report entries

	opened  bool
	adapter spec.Adapter
	session *run.Session
	err     error
	told    bool // the handshake has been sent
}

// suites counts the calls of Describe: each process of a parallel run makes the same ones.
var suites int

// Describe registers a spec a case. Call it in a Describe of your own:
//
//	var suite *ginkgosuite.Suite
//
//	var _ = Describe("my actors", func() {
//		suite = ginkgosuite.Describe(newAdapter)
//	})
//	var _ = AfterSuite(func() { suite.Close() })
//
// A spec's text is the case's id; its labels are the ids of the clauses that the case
// witnesses, their areas and families, levels and capabilities. It fails where the verdict is fail, error
// or inconclusive, or where an entry of known deviations is stale; it is skipped where the
// verdict is known or not-applicable. The message begins with the verdict. Options that mean
// nothing, and a selection of no case, become a spec that fails.
//
// The factory is called once in each process of a parallel run, by the first spec there.
func Describe(factory run.Factory, opts ...conformance.Option) *Suite {
	suites++
	s := &Suite{factory: factory, entry: fmt.Sprintf("mpcheck suite %d", suites)}
	plan, err := conformance.NewPlan(opts...)
	if err == nil && plan.Bubbled() {
		err = fmt.Errorf("InBubble needs the *testing.T of go test: use conformance.Run")
	}
	if err != nil {
		ginkgo.It("has options that it can run with", func() { ginkgo.Fail("error " + err.Error()) })
		return s
	}
	if plan.Config.RepeatCase == nil && plan.Config.Command == nil {
		plan.Config.RepeatCase = goTest
	}
	s.plan = plan
	for _, k := range plan.Config.Cases {
		ginkgo.It(k.ID, Labels(k), func(ctx ginkgo.SpecContext) { s.run(ctx, k) })
	}
	if lost := plan.Report(spec.Handshake{}, nil).Stale; len(lost) > 0 {
		ginkgo.It("has lists that name cases there are", func() {
			ginkgo.Fail(fmt.Sprintf("stale %s: it is listed (%s), but %s", lost[0].ID, lost[0].Reason, cases.NoCase(lost[0].ID)))
		})
	}
	return s
}

// goTest is the command that repeats a case, whose id ends the text of its spec.
func goTest(id string, times int) string {
	return fmt.Sprintf("go test -count=%d -ginkgo.focus='%s$' .", times, regexp.QuoteMeta(id))
}

// Labels are those of a case's spec. Labels match exactly: CLEAN-DUP-1 isn't CLEAN-DUP-10.
func Labels(k *cases.Case) ginkgo.Labels {
	var labels ginkgo.Labels
	add := func(label string) {
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	for _, id := range k.Witnesses() {
		add(id)
	}
	for _, id := range k.Witnesses() {
		clause := spec.Clauses().Lookup(id)
		for i, r := range id {
			if r == '-' { // the area and the families within it
				add(id[:i])
			}
		}
		add(string(clause.Level))
		add(string(clause.Capability))
	}
	return labels
}

// run is the body of a spec.
func (s *Suite) run(ctx ginkgo.SpecContext, k *cases.Case) {
	if !s.opened {
		s.opened = true
		s.adapter, s.session, s.err = s.plan.Open(s.factory)
	}
	if s.err != nil {
		ginkgo.Fail("error " + s.err.Error())
	}
	result := s.session.Run(ctx, k)
	if err := ctx.Err(); err != nil {
		ginkgo.Fail("error " + k.ID + " was cut short: " + err.Error())
	}
	s.keep(result)
	switch outcome, text := s.plan.Outcome(k, result); outcome {
	case conformance.Failed:
		ginkgo.Fail(text)
	case conformance.Skipped:
		ginkgo.Skip(text)
	}
}

// A kept result travels in a report entry from the process that ran the spec to the one
// that writes the report. The handshake travels with the first of a process.
type kept struct {
	Result  verdict.Result
	Adapter *spec.Handshake
}

func (s *Suite) keep(r verdict.Result) {
	entry := kept{Result: r}
	if !s.told {
		h := s.session.Handshake()
		entry.Adapter, s.told = &h, true
	}
	text, err := json.Marshal(entry)
	if err != nil {
		ginkgo.Fail("error keeping the result of " + r.ID + ": " + err.Error())
	}
	ginkgo.AddReportEntry(s.entry, string(text), ginkgo.ReportEntryVisibilityNever)
}

// Report collects the verdicts of this suite's specs, whatever process they ran in. Call it
// in a ReportAfterSuite; it is partial where specs were left out.
func (s *Suite) Report(of ginkgo.Report) (*verdict.Report, error) {
	if s.plan == nil {
		return nil, fmt.Errorf("the suite had no options that it could run with")
	}
	var handshake spec.Handshake
	var results []verdict.Result
	for _, sr := range of.SpecReports {
		var latest *verdict.Result // of the attempts at a spec
		for _, entry := range sr.ReportEntries {
			if entry.Name != s.entry {
				continue
			}
			var one kept
			if err := json.Unmarshal([]byte(entry.StringRepresentation()), &one); err != nil {
				return nil, fmt.Errorf("reading the result of %s: %w", sr.LeafNodeText, err)
			}
			if one.Adapter != nil {
				handshake = *one.Adapter
			}
			latest = &one.Result
		}
		if latest != nil {
			results = append(results, *latest)
		}
	}
	return s.plan.Report(handshake, results), nil
}

// Close closes the adapter, if a spec of this process has opened it. Call it in an
// AfterSuite.
func (s *Suite) Close() {
	if s.adapter == nil {
		return
	}
	if err := s.adapter.Close(); err != nil {
		ginkgo.Fail("error ending the adapter: " + err.Error())
	}
	s.adapter = nil
}
