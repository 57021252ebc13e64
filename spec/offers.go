package spec

import (
	"fmt"
	"iter"
	"slices"
)

// OffersCall tells whether the adapter claims a call: its operation, and each keyword of it
// that is claimed apart, in a property list among the arguments too.
func (h Handshake) OffersCall(call Call) bool {
	op := LookupOp(call.Op)
	if op == nil || !h.Offers(op.Name) {
		return false
	}
	for claim := range op.extrasOf(call) {
		if !h.Offers(claim) {
			return false
		}
	}
	return true
}

// Composes tells whether the adapter composed anything that takes part in a call.
func (h Handshake) Composes(call Call) bool {
	op := LookupOp(call.Op)
	if op == nil {
		return false
	}
	if h.Operations[op.Name] == Composed {
		return true
	}
	for claim := range op.extrasOf(call) {
		if h.Operations[claim] == Composed {
			return true
		}
	}
	return false
}

// extrasOf yields the claims of the keywords in a call that are claimed apart.
func (op *Op) extrasOf(call Call) iter.Seq[string] {
	return func(yield func(string) bool) {
		used := func(keyword string) bool {
			claim := op.Name + " :" + keyword
			return !slices.Contains(op.Extras, claim) || yield(claim)
		}
		for _, k := range call.Keys {
			if !used(k.Name) {
				return
			}
		}
		for i, p := range op.Required {
			if p.Type != "plist" || i >= len(call.Args) {
				continue
			}
			plist, _ := Items(call.Args[i])
			for j := 0; j < len(plist); j += 2 {
				if k, ok := plist[j].(Symbol); ok && k.Package == "KEYWORD" && !used(k.Name) {
					return
				}
			}
		}
	}
}

// CheckCall refuses a call that the lambda list doesn't accept: too few or too many
// arguments, a keyword that the operation doesn't have.
func (op *Op) CheckCall(call Call) error {
	switch {
	case len(call.Args) < len(op.Required):
		return fmt.Errorf("%s takes at least %d arguments, not %d", op.Name, len(op.Required), len(call.Args))
	case op.Rest == nil && len(call.Args) > len(op.Required)+len(op.Optional):
		return fmt.Errorf("%s takes at most %d arguments, not %d", op.Name, len(op.Required)+len(op.Optional), len(call.Args))
	}
	for _, k := range call.Keys {
		if op.Keyword(k.Name) == nil {
			return fmt.Errorf("%s knows no keyword :%s", op.Name, k.Name)
		}
	}
	return nil
}
