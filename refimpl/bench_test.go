package refimpl_test

import (
	"runtime"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// BenchmarkProcesses100000 is one run of 100,000 processes that all read a mailbox of their
// own at the same time and are then sent one object each: a process's whole life, five
// operations. The bytes are what the heap and the stacks grow by while all of them wait.
func BenchmarkProcesses100000(b *testing.B) {
	const processes = 100_000
	for b.Loop() {
		before := inUse()
		sys, err := refimpl.New(refimpl.Options{StepLimit: 100 * processes}).Open(b.Context(), spec.SystemConfig{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		err = sys.Run(func(f spec.Frame) {
			api := spec.API{Frame: f}
			ready := make(chan spec.Value, processes)
			reader := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				in := spec.API{Frame: f}
				box := in.MakeMailbox().Primary()
				ready <- box
				return []spec.Value{in.MailboxRead(box).Primary()}
			})
			for range processes {
				api.ProcessRunFunction("reader", nil, reader)
			}
			for len(ready) < processes {
				api.Pause(1)
			}
			b.StopTimer()
			b.ReportMetric(float64(inUse()-before)/processes, "B/process")
			b.StartTimer()
			for range processes {
				api.MailboxSend(<-ready, true)
			}
			api.Pause(1)
		})
		if err != nil {
			b.Fatal(err)
		}
		if left, _ := sys.Close(); left.Processes != 0 {
			b.Fatalf("%d processes are left", left.Processes)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/processes*1e9, "ns/process")
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// incrementing is code of processes that each read a cell and set it to one more, a few times, and of a test that joins
// them.
func incrementing(processes, times int) func(sys spec.System) func(f spec.Frame) {
	return func(sys spec.System) func(f spec.Frame) {
		return func(f spec.Frame) {
			api := spec.API{Frame: f}
			cell := api.MakeCell(0).Primary()
			code := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				in := spec.API{Frame: f}
				for range times {
					v, ok := in.CellGet(cell).Primary().(spec.Int)
					if !ok {
						return nil
					}
					in.CellSet(cell, v+1)
				}
				return nil
			})
			var all []spec.Value
			for range processes {
				all = append(all, api.ProcessRunFunction("p", nil, code).Primary())
			}
			for _, p := range all {
				api.ProcessJoin(p)
			}
		}
	}
}

// BenchmarkExecutions is complete runs, depth first, of three processes that each increment a cell
// three times, and a test that joins them: as closures, which is the price of a stateless search, and learned from them,
// without and with the usual sample of runs that are repeated by the closures. As data they are
// BenchmarkExecutionsAsData/GetSet.
func BenchmarkExecutions(b *testing.B) {
	code := incrementing(3, 3)
	b.Run("Closures", func(b *testing.B) {
		d := refimpl.NewDepthFirst()
		sim := refimpl.New(refimpl.Options{})
		for b.Loop() {
			sys, err := sim.Open(b.Context(), spec.SystemConfig{Choices: d})
			if err != nil {
				b.Fatal(err)
			}
			if err = sys.Run(code(sys)); err != nil {
				b.Fatal(err)
			}
			sys.Close()
			if !d.Next() {
				d = refimpl.NewDepthFirst()
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
	})
	for name, sample := range map[string]int{"Learned": 0, "LearnedAndSampled": refimpl.DefaultSample} {
		b.Run(name, func(b *testing.B) {
			l := refimpl.NewLearned(model.Config{Unhashed: true}, code, nil)
			defer l.Close()
			s, deviations, done := &refimpl.Search{Learned: l}, 0, 0
			s.Leaf = func(refimpl.End) bool {
				deviations += len(s.Deviations())
				if sample > 0 && s.Tally.Executions%sample == 0 {
					l.Rehearse()
				}
				return s.Tally.Executions < b.N
			}
			for done < b.N {
				done += s.Run().Executions
			}
			if l.Fault() != nil {
				b.Fatal(l.Fault())
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
			b.ReportMetric(float64(l.Rehearsals()), "rehearsals")
			b.ReportMetric(float64(l.Deeds()), "deeds")
		})
	}
}
