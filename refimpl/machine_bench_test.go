package refimpl_test

import (
	"fmt"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// increments is the program of BenchmarkExecutions as data: processes that each change a cell a
// few times, and a test that joins them.
func increments(processes, times int, change ...spec.Call) *program.Program {
	call := func(op string, required ...any) spec.Call { return spec.NewCall(op, nil, required...) }
	p := &program.Program{Blocks: make([][]program.Step, 2)}
	for range times {
		for _, c := range change {
			p.Blocks[1] = append(p.Blocks[1], program.Step{Call: c})
		}
	}
	test := func(name string, c spec.Call) { p.Blocks[0] = append(p.Blocks[0], program.Step{Name: name, Call: c}) }
	test("cell", call("make-cell", 0))
	test("code", call("make-function", spec.Callback(1)))
	for n := range processes {
		test(fmt.Sprintf("p%d", n), call("process-run-function", "p", nil, program.Named("code")))
	}
	for n := range processes {
		test("", call("process-join", program.Named(fmt.Sprintf("p%d", n))))
	}
	return p
}

// BenchmarkExecutionsAsData is complete runs of 3 processes by 3 increments, depth first, going
// back by taking steps back: by cells that are read and then set, and for comparison by one
// operation. The schedule of each run is there when it ends.
func BenchmarkExecutionsAsData(b *testing.B) {
	get := spec.NewCall("cell-get", nil, program.Named("cell"))
	for name, p := range map[string]*program.Program{
		"GetSet": increments(3, 3, get, spec.NewCall("cell-set", nil, program.Named("cell"), program.Previous(1))),
		"OneOp":  increments(3, 3, spec.NewCall("cell-set", nil, program.Named("cell"), 1)),
	} {
		b.Run(name, func(b *testing.B) {
			m, err := refimpl.NewMachine(p, refimpl.MachineOptions{Model: model.Config{Unhashed: true}})
			if err != nil {
				b.Fatal(err)
			}
			s, deviations := &refimpl.Search{Machine: m}, 0
			s.Leaf = func(refimpl.End) bool {
				deviations += len(s.Deviations())
				return s.Tally.Executions < b.N
			}
			transitions := 0
			for done := 0; done < b.N; {
				tally := s.Run()
				done += tally.Executions
				transitions += tally.Transitions
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
			b.ReportMetric(float64(transitions)/float64(b.N), "acts/execution")
			b.ReportMetric(float64(deviations)/float64(b.N), "deviations/execution")
		})
	}
}

// BenchmarkStates is all states of 3 producers that send 6 values each through a mailbox with
// room for 6, depth first, with a set of those visited and without reduction.
func BenchmarkStates(b *testing.B) {
	p := &program.Program{Blocks: make([][]program.Step, 4)}
	add := func(block int, name, op string, more []any, required ...any) {
		p.Blocks[block] = append(p.Blocks[block], program.Step{Name: name, Call: spec.NewCall(op, more, required...)})
	}
	add(0, "m", "make-mailbox", []any{key.Size(6)})
	for n := range 3 {
		add(0, fmt.Sprintf("f%d", n), "make-function", nil, spec.Callback(1+n))
		add(0, "", "process-run-function", nil, "producer", nil, program.Named(fmt.Sprintf("f%d", n)))
		for v := range 6 {
			add(1+n, "", "mailbox-send-limited", nil, program.Named("m"), n*6+v, 6)
		}
	}
	for range 18 {
		add(0, "", "mailbox-read", nil, program.Named("m"))
	}
	states := 0
	for b.Loop() {
		m, err := refimpl.NewMachine(p, refimpl.MachineOptions{})
		if err != nil {
			b.Fatal(err)
		}
		states += (&refimpl.Search{Machine: m, Cache: true, Room: 300_000}).Run().States
	}
	b.ReportMetric(float64(states)/b.Elapsed().Seconds(), "states/s")
	b.ReportMetric(float64(states)/float64(b.N), "states")
}
