package conformance_test

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/spec"
)

// The self-check takes an adapter whose kit works for what it is, here and over the wire.
func TestKitOfRightAdaptersIsRight(t *testing.T) {
	hereAndElsewhere(t, "native", func(t *testing.T, adapter spec.Adapter) {
		check, err := run.CheckKit(context.Background(), adapter, 0)
		if err != nil || len(check.Faults)+len(check.Skipped) > 0 {
			t.Errorf("%v, faults %v, skipped %v", err, check.Faults, check.Skipped)
		}
		for _, op := range spec.Ops {
			if op.Is(spec.Kit) && !op.Is(spec.ByHarness) && adapter.Handshake().Offers(op.Name) && !slices.Contains(check.Checked, op.Name) {
				t.Errorf("%s is claimed and not checked", op.Name)
			}
		}
	})
}
