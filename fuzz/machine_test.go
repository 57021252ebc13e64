package fuzz

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// history is a run's labels as text. Objects are numbered as they come up: their own numbers
// depend on what else a universe has seen.
func history(labels []spec.Label) string {
	h := historian{make([]byte, 0, 4096), map[string]int{}}
	for _, l := range labels {
		if l.Kind == spec.ReturnLabel && l.Return.Status == spec.Aborted {
			break // of a deadlock there is nothing more to tell
		}
		h.add(l)
	}
	return string(h.text)
}

type historian struct {
	text    []byte
	numbers map[string]int
}

// add writes a label, which has all that tells it from another.
func (h *historian) add(l spec.Label) {
	number := func(n int) { h.text = strconv.AppendInt(append(h.text, ' '), int64(n), 10) }
	number(int(l.Kind))
	number(l.Frame)
	number(int(l.Callback))
	number(int(l.At))
	h.value(l.Process)
	h.text = append(h.text, " ("...)
	for _, v := range l.Args {
		h.value(v)
	}
	h.text = append(h.text, ") "...)
	if l.Kind == spec.CallLabel || l.Call.Op != "" {
		h.refs(l.Call.String())
	}
	if r := l.Return; l.Kind == spec.ReturnLabel || l.Kind == spec.LeaveLabel || r.Status != 0 || r.Condition != nil || len(r.Values) > 0 {
		h.refs(l.Return.String())
	}
	h.text = append(h.text, '\n')
}

func (h *historian) value(v spec.Value) {
	h.text = append(h.text, ' ')
	if v != nil {
		h.refs(v.String())
	}
}

// numbered are what comes before an object's own number in names: of helper children, and of files.
var numbered = []string{"--token ", "/mpcheck/child-", "/mpcheck/file-"}

// refs writes text with numbers in the place of its references. A search writes millions of texts.
func (h *historian) refs(text string) {
	kept := 0 // so much of it is written
	for i := 0; i < len(text); i++ {
		from, to := reference(text, i)
		if from == to {
			continue
		}
		name := from // of a reference nothing else stays
		if text[i] == '#' {
			name = i
		}
		h.text = append(h.text, text[kept:name]...)
		n, known := h.numbers[text[from:to]]
		if !known {
			n = len(h.numbers)
			h.numbers[text[from:to]] = n
		}
		h.text = strconv.AppendInt(append(h.text, '#'), int64(n), 10)
		if kept = to; text[i] == '#' {
			kept++
		}
		i = kept - 1
	}
	h.text = append(h.text, text[kept:]...)
}

// reference finds what tells an object from others, in a reference or a name that begins there: from where up to where.
func reference(text string, at int) (from, to int) {
	switch text[at] {
	case '#':
		if rest, is := strings.CutPrefix(text[at:], "#<"); is {
			return at + 2, at + 2 + max(0, strings.IndexByte(rest, '>'))
		}
	case '-', '/':
		for _, before := range numbered {
			if rest, is := strings.CutPrefix(text[at:], before); is {
				digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
				return at + len(before), at + len(before) + digits
			}
		}
	}
	return 0, 0
}

// simulate runs a program as closures.
func simulate(t *testing.T, p *program.Program, choices spec.Choices) string {
	t.Helper()
	tape := &spec.Tape{}
	sys, err := refimpl.New(refimpl.Options{}).Open(context.Background(), spec.SystemConfig{Choices: choices, Recorder: tape})
	if err != nil {
		t.Fatal(err)
	}
	err = sys.Run(func(f spec.Frame) { program.Run(sys, f, p) })
	labels := tape.Stop()
	sys.Close()
	var stuck *spec.Stuck
	if err != nil && !errors.As(err, &stuck) {
		t.Fatalf("%v\n%s", err, p)
	}
	return history(labels)
}

func machine(t *testing.T, p *program.Program, o refimpl.MachineOptions) *refimpl.Machine {
	t.Helper()
	m, err := refimpl.NewMachine(p, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	return m
}

// One schedule is one run, whoever runs it.
func TestMachineRunsAsTheSimulatorDoes(t *testing.T) {
	t.Parallel()
	programs := uint64(tier.Of(200, 500, 5000))
	for seed := range programs {
		p := Generate(spec.Seeded(seed), nil)
		for k := range uint64(3) {
			want := simulate(t, p, spec.Seeded(k))
			m := machine(t, p, refimpl.MachineOptions{Record: true})
			m.Run(spec.Seeded(k))
			if got := history(m.Labels()); got != want {
				t.Fatalf("program %d, schedule %d: the machine's run is\n%s\nthe simulator's\n%s\n%s", seed, k, got, want, p)
			}
		}
	}
}

// small cuts a generated program to what can be searched exhaustively: the first process and
// maybe the second, few steps each.
func small(choices spec.Choices) *program.Program {
	p := Generate(choices, nil).Clone()
	kept := 1 + spec.Pick(choices, 2)
	var test []program.Step
	for _, s := range p.Blocks[0] {
		last := s.Call.Op == "pause" || strings.HasPrefix(s.Name, "own") || strings.HasPrefix(s.Call.Op, "mailbox-read") && spec.Pick(choices, 2) == 0
		for n := kept; n < 3; n++ {
			last = last || s.Name == fmt.Sprintf("p%d", n)
		}
		if !last {
			test = append(test, s)
		}
	}
	p.Blocks[0] = test
	for n := firstProcessBlock; n < len(p.Blocks); n++ {
		p.Blocks[n] = p.Blocks[n][:min(len(p.Blocks[n]), 2+spec.Pick(choices, 2))]
	}
	// What refers to a process that is not made becomes an error, or is left to be nil.
	named := map[string]bool{}
	for _, s := range test {
		named[s.Name] = true
	}
	for b, steps := range p.Blocks {
		for n, s := range steps {
			p.Blocks[b][n].Call = program.Substitute(s.Call, func(v spec.Value) spec.Value {
				if r, ok := v.(spec.Ref); ok {
					if name, _, _ := strings.Cut(r.ID, "."); !named[name] {
						return spec.Nil{}
					}
				}
				return v
			})
		}
	}
	return p
}

// runsOf has a machine go through the runs of a program, at most so many, and shows the labels of each and its schedule.
func runsOf(t *testing.T, p *program.Program, most int, show func(n int, labels []spec.Label, deviations []refimpl.Deviation)) refimpl.SearchTally {
	t.Helper()
	m := machine(t, p, refimpl.MachineOptions{Record: true})
	s := &refimpl.Search{Machine: m}
	s.Stop = func() error { // forms that register each other have runs without an end
		if m.Depth() > program.MaxSteps {
			return errors.New("too long to be searched")
		}
		return nil
	}
	s.Leaf = func(end refimpl.End) bool {
		labels := m.Labels()
		if end == refimpl.Deadlocked {
			labels = append(slices.Clone(labels), spec.Label{Kind: spec.QuietLabel, At: m.Now()})
		}
		show(s.Tally.Executions, labels, s.Deviations())
		return s.Tally.Executions < most
	}
	return s.Run()
}

// All runs of small programs: the machine, which goes back, and the simulator, which begins
// again, have the same.
func TestMachineFindsTheHistoriesOfTheSimulator(t *testing.T) {
	t.Parallel()
	const most = 300
	programs := tier.Of(8, 40, 400)
	compared, runs := 0, 0
	for seed := uint64(0); compared < programs; seed++ {
		if seed == 20_000 {
			t.Fatalf("only %d programs are small enough", compared)
		}
		p := small(spec.Seeded(seed))
		again := func(labels []spec.Label, deviations []refimpl.Deviation) { // a run's schedule is a token's
			choices := &refimpl.Deviating{List: slices.Clone(deviations)}
			if h := history(labels); simulate(t, p, choices) != h || choices.Differs != "" || len(choices.List) > 0 {
				t.Fatalf("seed %d: schedule %v doesn't give\n%s", seed, deviations, h)
			}
		}
		// Most programs are too large: what a run's history is, is asked where all runs are known to be few.
		tally := runsOf(t, p, most, func(n int, labels []spec.Label, deviations []refimpl.Deviation) {
			if n%97 == 5 {
				again(labels, deviations)
			}
		})
		if !tally.Complete || tally.Executions < 4 {
			continue
		}
		got := map[string]bool{}
		runsOf(t, p, most, func(_ int, labels []spec.Label, _ []refimpl.Deviation) { got[history(labels)] = true })
		want := map[string]bool{}
		d, executions := refimpl.NewDepthFirst(), 0
		for more := true; more; more = d.Next() {
			want[simulate(t, p, d)] = true
			executions++
		}
		if executions != tally.Executions || !maps.Equal(got, want) {
			t.Fatalf("seed %d: the machine has %d runs, %d histories; the simulator %d and %d\n%s", seed, tally.Executions, len(got), executions, len(want), p)
		}
		compared++
		runs += executions
	}
	t.Logf("%d programs, %d runs", compared, runs)
}

// Neither the cache nor the reduction, nor both, change what can become of a program: the states
// that it can reach, how it can end, and what its test can have seen then.
func TestReducedAndCachedSearchesFindAllStates(t *testing.T) {
	t.Parallel()
	programs := tier.Of(8, 30, 400)
	compared := map[string]int{}
	for seed := uint64(0); compared["naive"] < programs; seed++ {
		p := small(spec.Seeded(seed))
		m := machine(t, p, refimpl.MachineOptions{Observe: true})
		cached, wanted := found(m, refimpl.Search{Cache: true, States: 3000})
		if !cached.Complete || cached.Executions < 2 {
			continue
		}
		for name, o := range map[string]refimpl.Search{
			"reduced and cached": {Cache: true, Reduce: true},
			"reduced":            {Reduce: true, States: 50_000},
			"naive":              {States: 50_000},
		} {
			tally, got := found(m, o)
			if !tally.Complete {
				continue
			}
			compared[name]++
			if !maps.Equal(got, wanted) {
				t.Errorf("seed %d, %s: %d states and ends, of %d (%+v, %+v)\n%s", seed, name, len(got), len(wanted), tally, cached, p)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Log(compared)
}

// A seenState is the hash of a state that a search visits; of one that it ends in also how.
type seenState struct {
	hash [16]byte
	ends bool
	end  refimpl.End
}

// found is the set of states that a search visits, and apart from it that of its ends.
func found(m *refimpl.Machine, s refimpl.Search) (refimpl.SearchTally, map[seenState]bool) {
	set := map[seenState]bool{}
	s.Machine = m
	s.Visit = func() { set[seenState{hash: m.Hash()}] = true }
	s.Leaf = func(end refimpl.End) bool {
		set[seenState{m.Hash(), true, end}] = true
		return true
	}
	return s.Run(), set
}
