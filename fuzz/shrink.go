package fuzz

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// Failure is a run that the specification forbids, with the schedule that shows it.
type Failure struct {
	*Run
	// Choices repeat the run on virtual time, exactly; nil on real time.
	Choices []int
	// Seed is the adapter's.
	Seed uint64
	// Number of the program in its search, from 1.
	Number int
}

// Clauses are those that the first finding names.
func (f *Failure) Clauses() []string { return f.Report.Findings[0].Clauses }

// same tells whether another failure is of the same kind: both are in the answer of one operation, or in
// code that begins, or in a frame that ends, and they share a clause, or neither has one and the operation
// is the same. A clause alone says little: those of how a form is registered are also those of how it runs.
func (f *Failure) same(other *Failure) bool {
	a, b := f.Report.Findings[0], other.Report.Findings[0]
	if f.wrongIn() != other.wrongIn() {
		return false
	}
	if len(a.Clauses)+len(b.Clauses) == 0 {
		return a.Op == b.Op
	}
	return slices.ContainsFunc(a.Clauses, func(id string) bool { return slices.Contains(b.Clauses, id) })
}

// wrongIn is what the label of the first finding is: the operation, of an answer, else its kind.
func (f *Failure) wrongIn() string {
	first := f.Report.Findings[0]
	if first.Step >= len(f.Labels) {
		return "the end"
	}
	switch l := f.Labels[first.Step]; l.Kind {
	case spec.ReturnLabel, spec.GoneLabel:
		return l.Call.Op
	default:
		return fmt.Sprint("label ", l.Kind)
	}
}

// A Runner runs a program so often, under schedules of its choice, that a failure of it would
// probably show, and returns the first; nil for none. See [Failure.Explained].
type Runner func(ctx context.Context, p *program.Program) (*Failure, error)

// OnSimulator is the runner for virtual time: each run is recorded by its choices. The first
// schedule is that which changes processes as seldom as it can.
func OnSimulator(a spec.Adapter, schedules int) Runner {
	return func(ctx context.Context, p *program.Program) (*Failure, error) {
		var judged verdicts
		for n := range schedules {
			if ctx.Err() != nil {
				return nil, nil
			}
			recording := &refimpl.Recording{From: spec.Seeded(uint64(n))}
			var choices spec.Choices = recording
			if n == 0 {
				recording.From = &refimpl.Recorded{}
			}
			run, err := execute(ctx, a, p, spec.SystemConfig{Choices: choices}, 0, true, judged.check)
			if err != nil {
				return nil, err
			}
			if run.Report.Verdict == traces.Forbidden {
				return &Failure{Run: run, Choices: recording.List}, nil
			}
		}
		return nil, nil
	}
}

// OnReal is the runner for real time, which repeats the program with seeds and hopes; its times are real ones
// ([InRealTime]). limit is as of
// [Search].
func OnReal(a spec.Adapter, repeats int, limit time.Duration) Runner {
	limit = cmp.Or(limit, HangLimit)
	return func(ctx context.Context, p *program.Program) (*Failure, error) {
		for n := range repeats {
			if ctx.Err() != nil {
				return nil, nil
			}
			began := time.Now()
			run, err := ExecuteUntilQuiet(ctx, a, ending(p), spec.SystemConfig{Seed: uint64(n), Watchdog: limit}, limit)
			if err != nil {
				return nil, err
			}
			if run.Report.Verdict == traces.Forbidden {
				return &Failure{Run: run, Seed: uint64(n)}, nil
			}
			if time.Since(began) >= limit { // what is cut waits for what went with the cut, and would again
				return nil, nil
			}
		}
		return nil, nil
	}
}

// Shrink cuts a failure down: whole blocks, then steps, then keywords. Each cut must fail in the same
// way. It returns the smallest that it found; nothing that it would still try to cut could go. Blocks that
// nothing runs are never left, and of those that do nothing one at most.
func Shrink(ctx context.Context, f *Failure, again Runner) *Failure {
	f = f.judged(true) // whom it is like is asked at the end
	tried := cuts(f.Program)
	// What couldn't go before mostly can't once something else has gone: it goes on behind that, and around.
	for i, inVain := 0, 0; inVain < len(tried) && ctx.Err() == nil; i++ {
		inVain++
		i %= len(tried)
		cut := tried[i]
		if cut.Validate() != nil {
			continue
		}
		g, err := again(ctx, cut)
		if err == nil && g != nil && f.same(g) {
			f, tried, inVain = g.judged(true), cuts(g.Program), 0
			i-- // another cut has its place
		}
	}
	return f.Explained()
}

// Explained is the failure with a report that tells which known faults would have shown the same, which those of a [Runner]
// leave out.
func (f *Failure) Explained() *Failure { return f.judged(false) }

// judged is the failure with [Run.judged].
func (f *Failure) judged(unlike bool) *Failure {
	again := *f
	again.Run = f.Run.judged(unlike)
	return &again
}

// cuts lists the programs that are one cut smaller, the largest cuts first. None has a block that nothing
// runs.
func cuts(p *program.Program) []*program.Program {
	var out []*program.Program
	if whole := p.Reached(); len(whole.Blocks) < len(p.Blocks) {
		out = append(out, whole)
	}
	if c := used(p); c.Steps() < p.Steps() {
		out = append(out, c.Reached())
	}
	out = append(out, oneEmpty(p)...)
	for _, c := range smaller(p) {
		out = append(out, c.Reached())
	}
	return out
}

// used is the program without what it makes and nothing refers to.
func used(p *program.Program) *program.Program {
	out := p.Clone()
	for i := len(out.Blocks[0]) - 1; i >= 0; i-- { // what is made of something stands behind it
		s := out.Blocks[0][i]
		if makes := s.Call.Op == "new" || strings.HasPrefix(s.Call.Op, "make-"); makes && s.Name != "" && !refersTo(out, s.Name) {
			out.Blocks[0] = slices.Delete(out.Blocks[0], i, i+1)
		}
	}
	return out
}

func refersTo(p *program.Program, name string) bool {
	return slices.ContainsFunc(p.Blocks, func(steps []program.Step) bool {
		return slices.ContainsFunc(steps, func(s program.Step) bool { return program.Uses(s.Call, name) })
	})
}

// oneEmpty is the program with one block for all code that does nothing, where there are more.
func oneEmpty(p *program.Program) []*program.Program {
	c, first := p.Clone(), 0
	for b := 1; b < len(p.Blocks); b++ {
		switch {
		case len(p.Blocks[b]) > 0:
		case first == 0:
			first = b
		default:
			c.Replace(spec.Callback(b), spec.Callback(first))
		}
	}
	if c = c.Reached(); len(c.Blocks) < len(p.Blocks) {
		return []*program.Program{c}
	}
	return nil
}

func smaller(p *program.Program) []*program.Program {
	var out []*program.Program
	for b := 1; b < len(p.Blocks); b++ {
		if len(p.Blocks[b]) > 0 {
			c := p.Clone()
			c.Blocks[b] = nil
			out = append(out, c)
		}
	}
	// What is under test goes before what waits and watches: a pause is easier to read than
	// five operations that take the same time.
	for _, kit := range []bool{false, true} {
		for b := range p.Blocks {
			for i, s := range p.Blocks[b] {
				if spec.LookupOp(s.Call.Op).Is(spec.Kit) == kit {
					out = append(out, without(p, b, i))
				}
			}
		}
	}
	for b := range p.Blocks {
		for i, s := range p.Blocks[b] {
			for k := range s.Call.Keys {
				c := p.Clone()
				step := s
				step.Call.Keys = slices.Delete(slices.Clone(s.Call.Keys), k, k+1)
				c.Blocks[b][i] = step
				out = append(out, c)
			}
			for a, v := range s.Call.Args {
				if n, ok := v.(spec.Int); ok && n > 0 {
					c := p.Clone()
					step := s
					step.Call.Args = slices.Clone(s.Call.Args)
					step.Call.Args[a] = n - 1
					c.Blocks[b][i] = step
					out = append(out, c)
				}
			}
		}
	}
	return append(out, pairs(p)...)
}

// pairs lists the programs without two steps, where there are few: of two that are needed for
// each other neither goes alone.
func pairs(p *program.Program) []*program.Program {
	type place struct{ b, i int }
	var places []place
	for b := range p.Blocks {
		for i := range p.Blocks[b] {
			places = append(places, place{b, i})
		}
	}
	if len(places) > maxPairs {
		return nil
	}
	var out []*program.Program
	for n, x := range places {
		for _, y := range places[n+1:] {
			// The later one first, so that the earlier keeps its place.
			if p.Blocks[y.b][y.i].Name != "" {
				continue
			}
			out = append(out, without(without(p, y.b, y.i), x.b, x.i))
		}
	}
	return out
}

// maxPairs bounds the steps of a program whose pairs are tried.
const maxPairs = 14

// without drops a step, and with a step that names a value all those that use it.
func without(p *program.Program, b, i int) *program.Program {
	name := p.Blocks[b][i].Name
	c := p.Clone()
	c.Blocks[b] = slices.Delete(c.Blocks[b], i, i+1)
	if name == "" {
		return c
	}
	gone := []string{name}
	for len(gone) > 0 {
		name, gone = gone[0], gone[1:]
		for n := range c.Blocks {
			c.Blocks[n] = slices.DeleteFunc(c.Blocks[n], func(s program.Step) bool {
				uses := program.Uses(s.Call, name)
				if uses && s.Name != "" {
					gone = append(gone, s.Name)
				}
				return uses
			})
		}
	}
	return c
}

// ShrinkSchedule makes a failure's choices as small as they can be with the same program: each
// zero, which goes on with what comes first, before any other, and the list as short as it can
// be. On real time it does nothing.
func ShrinkSchedule(ctx context.Context, f *Failure, a spec.Adapter) *Failure {
	var judged verdicts
	f = f.judged(true)
	try := func(choices []int) bool {
		run, err := execute(ctx, a, f.Program, spec.SystemConfig{Choices: &refimpl.Recorded{List: choices}}, 0, true, judged.check)
		if err != nil || run.Report.Verdict != traces.Forbidden {
			return false
		}
		g := &Failure{Run: run, Choices: choices}
		if !f.same(g) {
			return false
		}
		f = g
		return true
	}
	for i := 0; i < len(f.Choices) && ctx.Err() == nil; i++ {
		for v := range f.Choices[i] {
			smaller := slices.Clone(f.Choices)
			smaller[i] = v
			if try(smaller) {
				break
			}
		}
	}
	for len(f.Choices) > 0 && f.Choices[len(f.Choices)-1] == 0 {
		f.Choices = f.Choices[:len(f.Choices)-1]
	}
	return f.Explained()
}
