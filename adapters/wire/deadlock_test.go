package wire_test

import (
	"context"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// overTheWire is an adapter served over pipes.
func overTheWire(t *testing.T, adapter spec.Adapter) spec.Adapter {
	t.Helper()
	fromHarness, toAdapter, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromAdapter, toHarness, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() {
		served <- wire.Serve(context.Background(), adapter, fromHarness, toHarness)
		fromHarness.Close()
		toHarness.Close()
	}()
	client, err := wire.NewClient(context.Background(), fromAdapter, toAdapter, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
		fromAdapter.Close()
		toAdapter.Close()
	})
	return client
}

// The report of a deadlock is the same where the simulator is at the other end of the wire: who waits
// for what, and who could end that.
func TestDeadlocksAreToldOverTheWire(t *testing.T) {
	cases := slices.DeleteFunc(slices.Clone(conformance.Cases()), func(k *conformance.Case) bool {
		return !slices.Contains([]string{"MBOX-READ-2/killed-before", "MBOX-LIM-4/killed-beside", "MBOX-SEND-1/order", "PROC-EXIT-1/return"}, k.ID)
	})
	told := map[string]bool{}
	for _, mutant := range []model.Mutant{"kill-ignored", "mailbox-send-waits", "runs-in-caller"} {
		run := func(adapter spec.Adapter) *conformance.Report {
			report, err := conformance.Execute(t.Context(), conformance.Config{
				Adapter: adapter, Cases: cases, Seed: 1, Schedules: 2, Sizes: conformance.ExploreSizes, TrustKit: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		here := run(refimpl.New(refimpl.Options{Mutant: mutant}))
		there := run(overTheWire(t, refimpl.New(refimpl.Options{Mutant: mutant})))
		for i, one := range here.Cases {
			if one.Failure == nil || len(one.Failure.Waits) == 0 {
				continue
			}
			told[one.ID] = true
			if other := there.Cases[i].Failure; !reflect.DeepEqual(one.Failure, other) {
				t.Errorf("%s on %s:\n%+v\nover the wire\n%+v", one.ID, mutant, one.Failure, other)
			}
		}
	}
	if len(told) != len(cases) {
		t.Errorf("of %d cases %v came to a deadlock", len(cases), told)
	}
}
