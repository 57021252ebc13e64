package queues_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// BenchmarkPlainTrace judges whole traces of 64 clients that send to one mailbox and read from it,
// from the labels on; what reading the file takes is told apart.
func BenchmarkPlainTrace(b *testing.B) {
	for _, operations := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(operations), func(b *testing.B) {
			var file bytes.Buffer
			w := format.NewWriter(&file, format.Header{Clock: spec.Real})
			for _, l := range (crowd{clients: 64, operations: operations}).run(spec.Seeded(1)).trace() {
				w.Record(l)
			}
			if err := w.Err(); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			trace, err := format.Read(&file)
			if err != nil {
				b.Fatal(err)
			}
			decoding := time.Since(began)
			file = bytes.Buffer{}
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				if r := traces.Check(trace.Labels, traces.CheckOptions{}); r.Verdict != traces.Allowed {
					b.Fatal(r.Text(trace.Labels))
				}
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(decoding.Seconds(), "s-decoding")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/float64(operations)*1e9, "ns/operation")
			b.ReportMetric(float64(before.HeapAlloc)/1e6, "MB-labels")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB-allocated")
		})
	}
}
