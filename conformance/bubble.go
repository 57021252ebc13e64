package conformance

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

// inBubble runs one case, with an adapter of its own, in a bubble. An adapter whose
// goroutines don't end with it makes a deadlock of the bubble, which is an error of that case.
func (p *Plan) inBubble(t *testing.T, factory Factory, k *Case) (result Result) {
	defer func() {
		if r := recover(); r != nil {
			result = broken(k, fmt.Sprintf("the bubble broke: %v: everything that an adapter starts must end when it is closed", r))
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		inside := *p
		// A bubble's schedule is the Go runtime's: a seed doesn't decide it.
		inside.Config.Schedules = max(1, p.Config.Schedules)
		adapter, session, err := inside.Open(func() (spec.Adapter, error) {
			adapter, err := factory()
			if err != nil {
				return nil, err
			}
			return bubbled{adapter}, nil
		})
		if err != nil {
			result = broken(k, err.Error())
		} else {
			result = session.Run(t.Context(), k)
		}
		if adapter != nil {
			if err := adapter.Close(); err != nil {
				result = broken(k, "ending the adapter: "+err.Error())
			}
		}
		synctest.Wait()
	})
	return result
}

func broken(k *Case, message string) Result {
	return Result{ID: k.ID, Clauses: k.Witnesses(), Verdict: Error, Observed: []Observation{}, Message: message}
}

// bubbled is an adapter in a bubble: its clock is virtual whatever it takes it for, and it
// has no children.
type bubbled struct{ spec.Adapter }

// Handshake implements [spec.Adapter].
func (b bubbled) Handshake() spec.Handshake {
	h := b.Adapter.Handshake()
	h.Clock, h.Capabilities = spec.Virtual, []spec.Capability{spec.Core}
	return h
}
