package verdict

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Group is several cases that did not pass for one cause: the same operation ended in the same
// way.
type Group struct {
	Operation string `json:"operation"`
	Outcome   string `json:"outcome"`
	// Clause is the one that is charged in the first case, "" where none is.
	Clause string `json:"clause"`
	// Cases are their ids. First come those that are charged to their own clause and about the
	// operation, then those that came to it by the fewest operations.
	Cases []string `json:"cases"`
}

// sameCause tells whether two causes are one.
func sameCause(a, b *cases.Cause) bool {
	return a != nil && b != nil && a.Operation == b.Operation && a.Outcome == b.Outcome
}

// group fills in the groups, and the operations of the kit that were at fault.
func (r *Report) group() {
	r.Groups, r.Kit = []Group{}, []cases.KitFault{}
	var done []*cases.Cause
	for _, result := range r.Cases {
		if result.Kit != nil && cases.FaultOf(r.Kit, result.Kit.Operation) == nil {
			r.Kit = append(r.Kit, *result.Kit)
		}
		if result.Cause == nil || slices.ContainsFunc(done, func(c *cases.Cause) bool { return sameCause(c, result.Cause) }) {
			continue
		}
		done = append(done, result.Cause)
		var members []*Result
		for i := range r.Cases {
			if r.Cases[i].Verdict >= Inconclusive && sameCause(r.Cases[i].Cause, result.Cause) {
				members = append(members, &r.Cases[i])
			}
		}
		if len(members) > 1 {
			r.Groups = append(r.Groups, newGroup(members))
		}
	}
	worst := func(g Group) Verdict { return r.Find(g.Cases[0]).Verdict }
	slices.SortStableFunc(r.Groups, func(a, b Group) int { return cmp.Compare(worst(b), worst(a)) })
}

// Told are the cases to tell of that did not pass, the worst verdicts first: those that fail name a sentence, an error or what
// is inconclusive names none. Of a group there is the first one alone: the narrowest stands for all.
func (r *Report) Told() []*Result {
	var told []*Result
	grouped := map[string]bool{}
	for i := range r.Cases {
		one := &r.Cases[i]
		if one.Verdict < Inconclusive || grouped[one.ID] {
			continue
		}
		if group := r.GroupOf(one.ID); group != nil {
			for _, id := range group.Cases {
				grouped[id] = true
			}
			one = r.Find(group.Cases[0])
		}
		told = append(told, one)
	}
	slices.SortStableFunc(told, func(a, b *Result) int { return cmp.Compare(b.Verdict, a.Verdict) })
	return told
}

func newGroup(members []*Result) Group {
	slices.SortStableFunc(members, func(a, b *Result) int {
		return cmp.Or(cmp.Compare(b.Verdict, a.Verdict), cmp.Compare(a.distance(), b.distance()), cmp.Compare(a.Cause.After, b.Cause.After))
	})
	g := Group{Operation: members[0].Cause.Operation, Outcome: members[0].Cause.Outcome}
	if f := members[0].Failure; f != nil {
		g.Clause = f.Clause
	}
	for _, m := range members {
		g.Cases = append(g.Cases, m.ID)
	}
	return g
}

// distance is 0 for a case whose own clause is charged and about the operation, 1 for another one
// whose own clause is charged.
func (r *Result) distance() int {
	own, _, _ := strings.Cut(r.ID, "/")
	switch op := spec.LookupOp(cases.OperationOf(r.Cause.Operation)); {
	case r.Failure == nil || r.Failure.Clause != own:
		return 2
	case op != nil && cases.About(op, own):
		return 0
	}
	return 1
}
