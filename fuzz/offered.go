package fuzz

import (
	"maps"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Offered returns the program without the steps that an adapter doesn't offer, and without those that
// use what they would have made: an operation that is absent shows nothing, and a program that waits
// for children of an adapter which can start none only takes time. Keywords that are claimed apart
// and not claimed go too. It returns p itself where all is offered, or where what is left would mean
// nothing.
func Offered(p *program.Program, h spec.Handshake) *program.Program {
	if less := offered(p, h); less.Validate() == nil {
		return less
	}
	return p
}

func offered(p *program.Program, h spec.Handshake) *program.Program {
	less := withoutSteps(p, func(_ *program.Program, s program.Step) bool { return !Offers(h, s.Call.Op) })
	if less != p {
		less = withoutSteps(less, prepares)
	}
	return withoutKeys(less, h)
}

// withoutSteps is the program without such steps, and what uses what they make; p itself where there are none.
func withoutSteps(p *program.Program, such func(*program.Program, program.Step) bool) *program.Program {
	for again := true; again; {
		again = false
		for b := range p.Blocks {
			i := slices.IndexFunc(p.Blocks[b], func(s program.Step) bool { return such(p, s) })
			if i >= 0 {
				p, again = without(p, b, i), true
				break
			}
		}
	}
	return p
}

// prepares holds of a step that prepares a helper child which nothing starts: whoever waits for that waits in vain.
func prepares(p *program.Program, s program.Step) bool {
	return s.Call.Op == "child-prepare" && !slices.ContainsFunc(p.Blocks, func(steps []program.Step) bool {
		return slices.ContainsFunc(steps, func(x program.Step) bool {
			return !spec.LookupOp(x.Call.Op).Is(spec.ByHarness) && program.Uses(x.Call, s.Name)
		})
	})
}

// Offers tells whether an operation can be asked for in a program. What the harness executes about helper
// children takes an adapter that can start one.
func Offers(h spec.Handshake, name string) bool {
	op := spec.LookupOp(name)
	if op != nil && op.Is(spec.ByHarness) {
		return h.Has(op.Capability) && (h.Clock == spec.Virtual || h.Offers("run-shell-command") || h.Offers("run") || h.Offers("start"))
	}
	return h.Offers(name)
}

// leaves is the handshake of an adapter that offers all but these claims: operations, or what is claimed apart of them.
func leaves(h spec.Handshake, without []string) spec.Handshake {
	h.Operations = maps.Clone(h.Operations)
	maps.DeleteFunc(h.Operations, func(claim string, _ spec.Claim) bool {
		op, _, _ := strings.Cut(claim, " ")
		return slices.Contains(without, claim) || slices.Contains(without, op)
	})
	return h
}

func withoutKeys(p *program.Program, h spec.Handshake) *program.Program {
	unclaimed := func(s program.Step) func(spec.Key) bool {
		return func(k spec.Key) bool {
			claim := s.Call.Op + " :" + k.Name
			op := spec.LookupOp(s.Call.Op)
			return op != nil && slices.Contains(op.Extras, claim) && !h.Offers(claim)
		}
	}
	for b := range p.Blocks {
		for i, s := range p.Blocks[b] {
			if !slices.ContainsFunc(s.Call.Keys, unclaimed(s)) {
				continue
			}
			p = p.Clone()
			step := s
			step.Call.Keys = slices.DeleteFunc(slices.Clone(s.Call.Keys), unclaimed(s))
			p.Blocks[b][i] = step
		}
	}
	return p
}
