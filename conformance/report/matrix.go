package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Matrix has results of several implementations side by side, in its JSON form too: `matrix --json`. Lists of cells have an
// entry for each subject, in their order.
type Matrix struct {
	Format   int       `json:"format"` // 1
	Subjects []Subject `json:"subjects"`
	// Areas are those of which somebody has a case.
	Areas []AreaRow `json:"areas"`
	// Deviations are the clauses that somebody's cases are charged to, and then what charges none: errors, and what is inconclusive.
	Deviations []Deviation `json:"deviations"`
	// Behaviours are the SILENT clauses of which something was seen.
	Behaviours []BehaviourRow `json:"behaviours"`
}

// Subject is an implementation that was judged.
type Subject struct {
	Side
	// Name is the adapter's, with its version; where several have the same, with a number too.
	Name string `json:"name"`
}

// AreaRow counts the cases of an area by verdict.
type AreaRow struct {
	Area  string   `json:"area"`
	Cells []Counts `json:"cells"`
}

// Counts are cases by the name of their verdict; Composed is how many of the passes took operations that the adapter itself composed:
// they judge the adapter.
type Counts struct {
	Verdicts map[string]int `json:"verdicts"`
	Composed int            `json:"composed"`
}

// Deviation is a clause, or "" where none is charged, with what deviates, by cause.
type Deviation struct {
	Clause string     `json:"clause"`
	Level  spec.Level `json:"level,omitempty"`
	// Causes has an entry for each event that decided cases of a subject, the worst verdict first.
	Causes []Blame `json:"causes"`
}

// Blame is one cause in one subject: cases that the same event decided.
type Blame struct {
	Subject string          `json:"subject"`
	Verdict verdict.Verdict `json:"verdict"`
	Cases   []string        `json:"cases"`
	Why     string          `json:"why"`
	// Composed: all of these cases took operations that the adapter itself composed.
	Composed bool `json:"composed"`
}

// BehaviourRow is what was seen of a SILENT clause.
type BehaviourRow struct {
	Clause string      `json:"clause"`
	Cells  []Behaviour `json:"cells"`
}

// Behaviour is what one subject was seen to do, nothing where it has no case that tells.
type Behaviour struct {
	Seen     []string `json:"seen"`
	Composed bool     `json:"composed"`
}

// NewMatrix puts reports of [verdict.Report.WriteJSON] side by side, in their order.
func NewMatrix(reports ...*verdict.Report) *Matrix {
	m := &Matrix{Format: 1, Subjects: []Subject{}, Areas: []AreaRow{}, Deviations: []Deviation{}, Behaviours: []BehaviourRow{}}
	for _, r := range reports {
		m.Subjects = append(m.Subjects, Subject{Side: side(r), Name: strings.TrimSpace(r.Adapter.Name + " " + r.Adapter.Version)})
	}
	m.number()
	for _, area := range spec.Areas {
		if row, any := areaRow(area, reports); any {
			m.Areas = append(m.Areas, row)
		}
	}
	m.deviate(reports)
	for _, c := range spec.Clauses().Clauses {
		if row, any := behaviourRow(c, reports); any && c.Level == spec.Silent {
			m.Behaviours = append(m.Behaviours, row)
		}
	}
	return m
}

// number tells subjects of one name apart.
func (m *Matrix) number() {
	of := map[string]int{}
	for _, s := range m.Subjects {
		of[s.Name]++
	}
	nth := map[string]int{}
	for i := range m.Subjects {
		name := m.Subjects[i].Name
		if nth[name]++; of[name] > 1 {
			m.Subjects[i].Name = fmt.Sprintf("%s (%d)", name, nth[name])
		}
	}
}

func areaRow(area string, reports []*verdict.Report) (row AreaRow, any bool) {
	row.Area = area
	for _, r := range reports {
		c := Counts{Verdicts: map[string]int{}}
		for _, result := range r.Cases {
			if !strings.HasPrefix(result.ID, area+"-") {
				continue
			}
			any = true
			c.Verdicts[result.Verdict.String()]++
			if result.Verdict == verdict.Pass && result.Composed {
				c.Composed++
			}
		}
		row.Cells = append(row.Cells, c)
	}
	return row, any
}

func behaviourRow(clause *spec.Clause, reports []*verdict.Report) (row BehaviourRow, any bool) {
	row.Clause = clause.ID
	for _, r := range reports {
		b := Behaviour{Seen: []string{}}
		for _, known := range append(slices.Clone(clause.Behaviours), spec.Behaviour{Key: spec.Other}) {
			for _, result := range r.Cases {
				for _, o := range result.Observed {
					if o.Clause != clause.ID || o.Behaviour != known.Key {
						continue
					}
					if b.Composed = result.Composed && (b.Composed || len(b.Seen) == 0); !slices.Contains(b.Seen, known.Key) {
						b.Seen = append(b.Seen, known.Key)
					}
				}
			}
		}
		any = any || len(b.Seen) > 0
		row.Cells = append(row.Cells, b)
	}
	return row, any
}

// deviate groups what did not pass by the clause that is charged, and by the event that decided it.
func (m *Matrix) deviate(reports []*verdict.Report) {
	type cause struct {
		clause, subject, decided string
		verdict                  verdict.Verdict
	}
	blames := map[cause]*Blame{}
	var order []cause
	for i, r := range reports {
		for j := range r.Cases {
			result := &r.Cases[j]
			if result.Verdict < verdict.Known {
				continue
			}
			c := cause{clause: charged(result), subject: m.Subjects[i].Name, decided: eventOf(result), verdict: result.Verdict}
			if blames[c] == nil {
				blames[c] = &Blame{Subject: c.subject, Verdict: c.verdict, Why: result.Why(), Composed: true}
				order = append(order, c)
			}
			blames[c].Cases = append(blames[c].Cases, result.ID)
			blames[c].Composed = blames[c].Composed && result.Composed
		}
	}
	place := map[string]int{"": len(spec.Clauses().Clauses)}
	for i, c := range spec.Clauses().Clauses {
		place[c.ID] = i
	}
	slices.SortStableFunc(order, func(a, b cause) int { return cmp.Compare(place[a.clause], place[b.clause]) })
	for _, c := range order {
		if last := len(m.Deviations) - 1; last < 0 || m.Deviations[last].Clause != c.clause {
			d := Deviation{Clause: c.clause}
			if known := spec.Clauses().Lookup(c.clause); known != nil {
				d.Level = known.Level
			}
			m.Deviations = append(m.Deviations, d)
		}
		d := &m.Deviations[len(m.Deviations)-1]
		d.Causes = append(d.Causes, *blames[c])
	}
	for _, d := range m.Deviations {
		slices.SortStableFunc(d.Causes, func(a, b Blame) int { return cmp.Compare(b.Verdict, a.Verdict) })
	}
}

// charged is the clause that a case which did not pass is charged to, "" where none is. A known deviation of which no
// expectation tells is its own clause's.
func charged(r *verdict.Result) string {
	switch {
	case r.Failure != nil:
		return r.Failure.Clause
	case r.Verdict == verdict.Known || r.Verdict == verdict.Fail:
		clause, _, _ := strings.Cut(r.ID, "/")
		return clause
	}
	return ""
}

// eventOf tells causes apart: the event that decided the verdict, and else what is said of it.
func eventOf(r *verdict.Result) string {
	switch {
	case r.Verdict == verdict.Known:
		return r.Reason // somebody has looked
	case r.Cause != nil:
		return r.Cause.Operation + " " + r.Cause.Outcome
	}
	return decidedBy(r) + r.Why()
}

// WriteJSON writes the matrix as one JSON object.
func (m *Matrix) WriteJSON(w io.Writer) error { return spec.WriteJSON(w, m) }
