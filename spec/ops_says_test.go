package spec

import "testing"

// The kit is described nowhere else.
func TestKitIsDescribed(t *testing.T) {
	for _, op := range Ops {
		if op.Is(Kit) && op.Says() == "" {
			t.Errorf("nothing is said of %s", op.Name)
		}
	}
	for name := range says {
		if LookupOp(name) == nil {
			t.Errorf("something is said of %q, which is no operation", name)
		}
	}
}
