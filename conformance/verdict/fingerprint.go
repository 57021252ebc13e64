package verdict

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Fingerprint is what an implementation was seen to do with each SILENT clause, in the order
// of the catalogue.
type Fingerprint []Chosen

// Chosen is what was seen of one SILENT clause, or why nothing was.
type Chosen struct {
	Clause string     `json:"clause"`
	Scope  spec.Scope `json:"scope"`
	// Behaviours are those that were seen, in the order of the catalogue, [spec.Other] last.
	Behaviours []Seen `json:"behaviours"`
	// Unseen are the listed behaviours that were not. A clause may hold several questions, so
	// that a behaviour which is seen does not exclude one that isn't.
	Unseen []string `json:"unseen"`
	// Reason says why the clause was not exercised, "" where it was.
	Reason string `json:"reason"`
	// Varies is true where one decision of a whole system went several ways in real time. The
	// simulator branches there by design.
	Varies bool `json:"varies"`
}

// Seen is a behaviour with how often it was seen.
type Seen struct {
	Behaviour string `json:"behaviour"`
	Count     int    `json:"count"`
}

// Exercised counts the clauses of which something was seen.
func (f Fingerprint) Exercised() int {
	n := 0
	for _, c := range f {
		if len(c.Behaviours) > 0 {
			n++
		}
	}
	return n
}

// fingerprint merges what the cases of the report observed.
func (r *Report) fingerprint() Fingerprint {
	var observed []cases.Observation
	for _, result := range r.Cases {
		observed = Merge(observed, result.Observed)
	}
	out := Fingerprint{}
	for _, clause := range spec.Clauses().Clauses {
		if clause.Level == spec.Silent {
			out = append(out, r.chosen(clause, observed))
		}
	}
	return out
}

func (r *Report) chosen(clause *spec.Clause, observed []cases.Observation) Chosen {
	c := Chosen{Clause: clause.ID, Scope: clause.Scope, Behaviours: []Seen{}, Unseen: []string{}}
	count := func(key string) int {
		i := slices.IndexFunc(observed, func(o cases.Observation) bool { return o.Clause == clause.ID && o.Behaviour == key })
		if i < 0 {
			return 0
		}
		return observed[i].Count
	}
	for _, b := range clause.Behaviours {
		if n := count(b.Key); n > 0 {
			c.Behaviours = append(c.Behaviours, Seen{b.Key, n})
		} else {
			c.Unseen = append(c.Unseen, b.Key)
		}
	}
	if n := count(spec.Other); n > 0 {
		c.Behaviours = append(c.Behaviours, Seen{spec.Other, n})
	}
	if len(c.Behaviours) == 0 {
		c.Reason = r.notExercised(clause.ID)
	}
	c.Varies = clause.Scope == spec.WholeOf && r.Adapter.Clock == spec.Real && len(c.Behaviours) > 1
	return c
}

// witnessed has the clauses of all cases.
var witnessed = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, k := range cases.All() {
		for _, id := range k.Witnesses() {
			all[id] = true
		}
	}
	return all
})

// notExercised says why nothing was seen of a clause.
func (r *Report) notExercised(id string) string {
	witnesses := func(clauses []string) bool { return slices.Contains(clauses, id) }
	if !witnessed()[id] {
		return "not testable: " + cases.NotTestable[id]
	}
	ran, unfit := map[Verdict]int{}, ""
	for _, result := range r.Cases {
		switch {
		case !witnesses(result.Clauses):
		case result.Verdict == NotApplicable:
			unfit = result.Reason
		default:
			ran[result.Verdict]++
		}
	}
	switch {
	case len(ran) > 0:
		var verdicts []string
		for v := Fail; v > NotApplicable; v-- {
			if ran[v] > 0 {
				verdicts = append(verdicts, fmt.Sprintf("%d %s", ran[v], v))
			}
		}
		return "its cases recorded nothing: " + strings.Join(verdicts, ", ")
	case unfit != "":
		return "not applicable: " + unfit
	case r.Partial:
		return "not run: not selected, or the run was cut short"
	}
	return "not selected"
}

// Merge adds observations up.
func Merge(into, from []cases.Observation) []cases.Observation {
	for _, o := range from {
		i := slices.IndexFunc(into, func(x cases.Observation) bool { return x.Clause == o.Clause && x.Behaviour == o.Behaviour })
		if i < 0 {
			into = append(into, o)
		} else {
			into[i].Count += o.Count
		}
	}
	return into
}
