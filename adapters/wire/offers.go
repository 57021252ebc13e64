package wire

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// offers tells whether an adapter claims the operation and each keyword of the call that is
// claimed one by one, in a plist argument too.
func offers(h spec.Handshake, op *spec.Op, call spec.Call) bool {
	if op == nil || !h.Offers(op.Name) {
		return false
	}
	if len(op.Extras) == 0 {
		return true
	}
	lacks := func(keyword string) bool {
		claim := op.Name + " :" + keyword
		return slices.Contains(op.Extras, claim) && !h.Offers(claim)
	}
	for _, k := range call.Keys {
		if lacks(k.Name) {
			return false
		}
	}
	for i, p := range op.Required {
		if p.Type != "plist" || i >= len(call.Args) {
			continue
		}
		plist, _ := spec.Items(call.Args[i])
		for j := 0; j < len(plist); j += 2 {
			if k, ok := plist[j].(spec.Symbol); ok && k.Package == "KEYWORD" && lacks(k.Name) {
				return false
			}
		}
	}
	return true
}
