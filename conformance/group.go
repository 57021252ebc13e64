package conformance

import (
	"cmp"
	"errors"
	"slices"
	"strings"

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

// causeOf is the cause of a verdict; mu is held.
func (c *C) causeOf(v Verdict) *Cause {
	var fault *KitFault
	switch {
	case v < Inconclusive:
		return nil
	case errors.As(c.broken, &fault):
		return &Cause{fault.Operation, "is at fault in the adapter's kit", c.calls.issued}
	case v == Error && c.broken == nil && c.failure != nil && c.failure.unwound:
		return &Cause{c.failure.Cause.Operation, "breaks the adapter", c.calls.issued}
	case c.broken != nil || v == Error:
		return nil
	case c.failure != nil:
		return c.failure.Cause
	case c.hung != nil:
		return c.hangCause(c.hung)
	}
	return nil
}

// group fills in the groups, and the operations of the kit that were at fault.
func (r *Report) group() {
	r.Groups, r.Kit = []Group{}, []KitFault{}
	var done []*Cause
	for _, k := range r.Cases {
		if k.Kit != nil && faultOf(r.Kit, k.Kit.Operation) == nil {
			r.Kit = append(r.Kit, *k.Kit)
		}
		if k.Cause == nil || slices.ContainsFunc(done, k.Cause.same) {
			continue
		}
		done = append(done, k.Cause)
		var members []*Result
		for i := range r.Cases {
			if r.Cases[i].Verdict >= Inconclusive && r.Cases[i].Cause.same(k.Cause) {
				members = append(members, &r.Cases[i])
			}
		}
		if len(members) > 1 {
			r.Groups = append(r.Groups, newGroup(members))
		}
	}
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
	switch op := spec.LookupOp(operationOf(r.Cause.Operation)); {
	case r.Failure == nil || r.Failure.Clause != own:
		return 2
	case op != nil && about(op, own):
		return 0
	}
	return 1
}

// find is the result of a case, nil where it has none.
func (r *Report) find(id string) *Result {
	if i := slices.IndexFunc(r.Cases, func(k Result) bool { return k.ID == id }); i >= 0 {
		return &r.Cases[i]
	}
	return nil
}

// groupOf is the group that a case is in, nil for none.
func (r *Report) groupOf(id string) *Group {
	if i := slices.IndexFunc(r.Groups, func(g Group) bool { return slices.Contains(g.Cases, id) }); i >= 0 {
		return &r.Groups[i]
	}
	return nil
}
