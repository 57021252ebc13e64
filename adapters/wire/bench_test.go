package wire

import (
	"context"
	"os"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// BenchmarkRoundTrip is one trivial operation through client and server, over pipes of the
// operating system.
func BenchmarkRoundTrip(b *testing.B) {
	fromHarness, toAdapter, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	fromAdapter, toHarness, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() {
		served <- Serve(context.Background(), newFake(), fromHarness, toHarness)
		fromHarness.Close()
		toHarness.Close()
	}()
	c, err := NewClient(context.Background(), fromAdapter, toAdapter, Options{})
	if err != nil {
		b.Fatal(err)
	}
	run(b, c, func(_ spec.System, f spec.Frame) {
		op := call("eq", 1, 1)
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			if got := f.Do(op); got.Status != spec.Returned {
				b.Fatal(got)
			}
		}
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trips/s")
	})
	c.Close()
	if err := <-served; err != nil {
		b.Fatal(err)
	}
}
