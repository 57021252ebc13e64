package report

import (
	"cmp"
	"io"
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Difference is what changed between two reports, in its JSON form too: `diff --json`. A case that
// was retired between them is compared by those that took its place.
type Difference struct {
	Format int  `json:"format"` // 1
	Old    Side `json:"old"`
	New    Side `json:"new"`
	// Compared counts the cases that both reports have.
	Compared int `json:"compared"`
	// Worse are the cases that are fail, error or inconclusive and were less, and those that are no
	// longer judged though they passed.
	Worse []Change `json:"worse"`
	// Better are those that are less than they were, but for the next.
	Better []Change `json:"better"`
	// Excused are those that are known deviations now and were not: somebody put them on the list.
	Excused []Change `json:"excused"`
	// Otherwise are those that did not pass before and don't now, for another reason.
	Otherwise []Change `json:"otherwise"`
	// Changed are all others whose verdict is another: what is newly judged, or no longer.
	Changed []Change `json:"changed"`
	// Added are the cases that OLD does not have, whatever came of them: nothing got worse.
	Added []Change `json:"added"`
	// Gone are those that NEW does not have: retired, or not run there.
	Gone []Change `json:"gone"`
	// Behaviours are the SILENT clauses of which other behaviours were seen.
	Behaviours []Drift `json:"behaviours"`
	// Gained and Lost are the claims of the handshakes, as "operation" and "operation :keyword".
	Gained []string `json:"gained"`
	Lost   []string `json:"lost"`
}

// Side says what one of the two reports is of.
type Side struct {
	Suite   verdict.Suite `json:"suite"`
	Adapter string        `json:"adapter"`
	Version string        `json:"version"`
	Profile []string      `json:"profile"`
	Sizes   cases.Sizes   `json:"sizes"`
	Partial bool          `json:"partial"`
	Cases   int           `json:"cases"`
}

// Change is a case of which something changed. Old and New are nil where that report has no such
// case.
type Change struct {
	ID string `json:"id"`
	// Was is the id in OLD, where it is another.
	Was string           `json:"was,omitempty"`
	Old *verdict.Verdict `json:"old"`
	New *verdict.Verdict `json:"new"`
	// Clause is the one that is charged now, or was, where one is.
	Clause string `json:"clause,omitempty"`
	// Why says what is wrong now, and else what was, or what became of the case.
	Why   string `json:"why,omitempty"`
	Repro string `json:"repro,omitempty"`
}

// Drift is a SILENT clause of which other behaviours were seen.
type Drift struct {
	Clause string     `json:"clause"`
	Scope  spec.Scope `json:"scope"`
	Old    []string   `json:"old"`
	New    []string   `json:"new"`
}

// Diff compares two reports of [verdict.Report.WriteJSON], of any version of the suite.
func Diff(before, after *verdict.Report) *Difference {
	d := &Difference{
		Format: 1, Old: side(before), New: side(after),
		Worse: []Change{}, Better: []Change{}, Excused: []Change{}, Otherwise: []Change{}, Changed: []Change{}, Added: []Change{}, Gone: []Change{},
		Behaviours: []Drift{}, Gained: []string{}, Lost: []string{},
	}
	was := map[string][]*verdict.Result{} // by the id that the case has now
	for i := range before.Cases {
		result := &before.Cases[i]
		ids := cases.Successors(result.ID)
		if after.Find(result.ID) != nil || len(ids) == 0 {
			ids = []string{result.ID} // also where both are of a suite that this program doesn't know
		}
		found := false
		for _, id := range ids {
			found = found || after.Find(id) != nil
			was[id] = append(was[id], result)
		}
		if !found {
			d.gone(result)
		}
	}
	seen := map[string]bool{}
	for i := range after.Cases {
		result := &after.Cases[i]
		if seen[result.ID] {
			continue
		}
		seen[result.ID] = true
		old := was[result.ID]
		if len(old) == 0 {
			d.Added = append(d.Added, change(nil, result))
			continue
		}
		d.Compared++
		// Of several that one takes the place of the mildest counts: it is what was shown.
		d.judge(slices.MinFunc(old, func(a, b *verdict.Result) int { return cmp.Compare(a.Verdict, b.Verdict) }), result)
	}
	d.drift(before.Fingerprint, after.Fingerprint)
	d.claims(before.Adapter, after.Adapter)
	return d
}

func side(r *verdict.Report) Side {
	return Side{r.Suite, r.Adapter.Name, r.Adapter.Version, append([]string{}, r.Profile...), r.Sizes, r.Partial, len(r.Cases)}
}

// judge puts a case that both have where it belongs.
func (d *Difference) judge(old, now *verdict.Result) {
	c := change(old, now)
	wasGood := old.Verdict == verdict.Pass || old.Verdict == verdict.Observed
	switch {
	case now.Verdict == verdict.Known && old.Verdict != verdict.Known:
		d.Excused = append(d.Excused, c)
	case now.Verdict >= verdict.Inconclusive && now.Verdict > old.Verdict, now.Verdict == verdict.NotApplicable && wasGood:
		d.Worse = append(d.Worse, c)
	case old.Verdict >= verdict.Known && now.Verdict < old.Verdict && now.Verdict != verdict.NotApplicable:
		d.Better = append(d.Better, c)
	case now.Verdict != old.Verdict:
		d.Changed = append(d.Changed, c)
	case now.Verdict >= verdict.Known && decidedBy(now) != decidedBy(old):
		d.Otherwise = append(d.Otherwise, c)
	}
}

// decidedBy is what decided a verdict, as far as two runs have it in common: texts have seeds, names
// and process ids in them.
func decidedBy(r *verdict.Result) string {
	text := ""
	if r.Failure != nil {
		text = r.Failure.Clause + " " + r.Failure.Step
	}
	if r.Cause != nil {
		text += " " + r.Cause.Operation + " " + r.Cause.Outcome
	}
	if r.Kit != nil {
		text += " kit " + r.Kit.Operation
	}
	return text
}

func change(old, now *verdict.Result) Change {
	result := cmp.Or(now, old)
	c := Change{ID: result.ID}
	if old != nil {
		c.Old = &old.Verdict
		if old.ID != result.ID {
			c.Was = old.ID
		}
	}
	if now != nil {
		c.New, c.Repro = &now.Verdict, now.Repro
	}
	told := result
	if now != nil && now.Verdict < verdict.Known && now.Verdict != verdict.NotApplicable && old != nil {
		told = old // what was wrong
	}
	c.Why = told.Why()
	if told.Failure != nil {
		c.Clause = told.Failure.Clause
	}
	return c
}

func (d *Difference) gone(result *verdict.Result) {
	c := change(result, nil)
	c.Why = "not run"
	if r := cases.Retired(result.ID); r != nil {
		c.Why = r.String()
	} else if cases.Lookup(result.ID) == nil {
		c.Why = "this mpcheck has no such case"
	}
	d.Gone = append(d.Gone, c)
}

// drift compares what was seen where the documents leave it open. Of a clause of which nothing was
// seen on one side nothing is said: whether it was exercised depends on the cases.
func (d *Difference) drift(before, after verdict.Fingerprint) {
	for _, now := range after {
		i := slices.IndexFunc(before, func(c verdict.Chosen) bool { return c.Clause == now.Clause })
		if i < 0 {
			continue
		}
		a, b := behaviours(before[i]), behaviours(now)
		if len(a) > 0 && len(b) > 0 && !slices.Equal(a, b) {
			d.Behaviours = append(d.Behaviours, Drift{now.Clause, now.Scope, a, b})
		}
	}
}

func behaviours(c verdict.Chosen) []string {
	var names []string
	for _, b := range c.Behaviours {
		names = append(names, b.Behaviour)
	}
	slices.Sort(names)
	return names
}

func (d *Difference) claims(before, after spec.Handshake) {
	for _, name := range slices.Sorted(maps.Keys(after.Operations)) {
		if !before.Offers(name) {
			d.Gained = append(d.Gained, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Operations)) {
		if !after.Offers(name) {
			d.Lost = append(d.Lost, name)
		}
	}
}

// ExitCode is 1 where something got worse, else 3 where that can't be said - a report is partial, or
// they have no case in common - else 0.
func (d *Difference) ExitCode() int {
	switch {
	case len(d.Worse) > 0:
		return 1
	case d.Old.Partial, d.New.Partial, d.Compared == 0:
		return 3
	}
	return 0
}

// WriteJSON writes the difference as one JSON object.
func (d *Difference) WriteJSON(w io.Writer) error {
	return spec.WriteJSON(w, d)
}
