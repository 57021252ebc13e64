// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

package main

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/spec"
)

// The cases, each a subtest. In a bubble of testing/synctest time is virtual: take InBubble out if your library can't live there.
func TestConformance(t *testing.T) {
	conformance.Run(t, func() (spec.Adapter, error) { return kit.New(implementation) }, conformance.InBubble())
}
