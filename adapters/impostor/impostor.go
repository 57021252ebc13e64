// Package impostor has implementations that are wrong on purpose. An implementation that
// answers everything with nil, with t or with an error, or that claims nothing at all,
// must never pass a case: a suite in which one does would believe any implementation.
//
// The kit of an impostor works: a case runs up to the operation of the system under test
// that shows the fraud. It is lent by package native, and so are processes, of which there
// is the outermost one only.
package impostor

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/spec"
)

// impostors say how each answers the operations of the system under test.
var impostors = map[string]func() spec.Return{
	"always-nil":  func() spec.Return { return spec.Values(spec.Nil{}) },
	"always-true": func() spec.Return { return spec.Values(spec.True{}) },
	"always-error": func() spec.Return {
		return spec.Signal("simple-error", "this implementation always signals an error")
	},
	"claims-nothing": func() spec.Return { return spec.Return{Status: spec.Absent} },
}

// Names lists the impostors in alphabetical order.
func Names() []string {
	return slices.Sorted(maps.Keys(impostors))
}

// New returns the impostor of that name; the error lists the names that there are.
//
// always-nil, always-true and always-error claim every operation and keyword of the table,
// the capabilities core and posix, and every profile. Operations of the kit that no kit
// here offers are answered like those of the system under test. claims-nothing claims the
// kit only, and what it doesn't claim is absent.
func New(name string) (spec.Adapter, error) {
	answer, ok := impostors[name]
	if !ok {
		return nil, fmt.Errorf("no impostor %q: want one of %s", name, strings.Join(Names(), ", "))
	}
	lender := native.New()
	lent := lender.Handshake()
	if err := lender.Close(); err != nil {
		return nil, err
	}
	h := spec.Handshake{
		Contract: spec.ContractVersion, Name: name, Version: lent.Version,
		Profile: slices.Clone(spec.Profiles),
		Clock:   spec.Real, GranularityMS: lent.GranularityMS, PID: os.Getpid(),
	}
	nothing := answer().Status == spec.Absent
	kit := map[string]bool{}
	for _, op := range spec.Ops {
		kit[op.Name] = op.Is(spec.Kit) && lent.Offers(op.Name)
		if kit[op.Name] || !nothing {
			h.Claim(spec.Native, append([]string{op.Name}, op.Extras...)...)
		}
	}
	h.Capabilities = []spec.Capability{spec.Core, spec.Posix} // whatever other operations would need
	if nothing {
		h.Capabilities, h.Profile = h.Capabilities[:1], nil
	}
	return native.NewReplaced(h, func(call spec.Call) (spec.Return, bool) {
		return answer(), !kit[call.Op]
	}), nil
}
