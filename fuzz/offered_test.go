package fuzz

import (
	"maps"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// Programs for an adapter hold only what it offers: one without posix waits for no child, one without
// mailboxes sends to none, and a keyword that isn't claimed isn't given.
func TestProgramsHoldOnlyWhatIsOffered(t *testing.T) {
	h := refimpl.New(refimpl.Options{}).Handshake()
	without := func(capabilities []spec.Capability, claims ...string) spec.Handshake {
		less := h
		less.Clock, less.Capabilities, less.Operations = spec.Real, capabilities, maps.Clone(h.Operations)
		for _, claim := range claims {
			delete(less.Operations, claim)
		}
		return less
	}
	for name, less := range map[string]spec.Handshake{
		"no posix":     without([]spec.Capability{spec.Core}, "run-shell-command", "run-shell-command :wait", "reap-os-subprocess"),
		"no mailboxes": without(h.Capabilities, "make-mailbox", "mailbox-send"),
		"no sizes":     without(h.Capabilities, "make-mailbox :size", "process-run-function :mailbox"),
		"no gates":     without(h.Capabilities, "make-gate"),
		"no start":     without(h.Capabilities, "start"),
	} {
		changed, steps := 0, 0
		invent := &Inventor{Seed: 7}
		for range 400 {
			p := invent.Next()
			kept := Offered(p, less)
			if kept != p {
				changed++
			}
			if err := kept.Validate(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, block := range kept.Blocks {
				for _, s := range block {
					steps++
					if !Offers(less, s.Call.Op) || name == "no start" && prepares(kept, s) {
						t.Fatalf("%s: %s in\n%s", name, s.Call, kept)
					}
					for _, k := range s.Call.Keys {
						claim := s.Call.Op + " :" + k.Name
						if strings.Contains(strings.Join(spec.LookupOp(s.Call.Op).Extras, ","), claim) && !less.Offers(claim) {
							t.Fatalf("%s: %s", name, s.Call)
						}
					}
				}
			}
		}
		if changed == 0 || steps < 400 {
			t.Errorf("%s: %d of 400 programs had something that isn't offered, %d steps are left", name, changed, steps)
		}
	}
	// Where all is offered programs stay as they are.
	invent := &Inventor{Seed: 7}
	for range 400 {
		if p := invent.Next(); Offered(p, h) != p {
			t.Fatalf("%s offers less than programs call:\n%s\n%s", h.Name, p, Offered(p, h))
		}
	}
}
