package fuzz

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// More of them take minutes.
var learnedPrograms = flag.Int("learned", 0, "compare so many programs as code that is learned; 0 is few")

// played is a program as code. A name that the test gives and code of other blocks uses is memory that processes share:
// it is in the book, if the system keeps one. Blocks note how their operations end. One of them may give the run up.
type played struct {
	p *program.Program
	// aborts is the block that gives the run up at its end, 0 for none.
	aborts int
	// returns: code returns what its last step did, where a machine's returns nothing.
	returns bool
}

// A playing is one run of it.
type playing struct {
	played
	sys     spec.System
	book    spec.Notebook
	names   map[string]spec.Value
	ended   int
	notes   []string
	answers []spec.Return // of the test
}

func (g played) begin(sys spec.System) *playing {
	r := &playing{played: g, sys: sys, names: map[string]spec.Value{}}
	r.book, _ = sys.(spec.Notebook)
	return r
}

// code implements what an exploration asks for.
func (g played) code(sys spec.System) func(spec.Frame) { return g.begin(sys).test }

func (r *playing) test(f spec.Frame) { r.block(f, 0) }

// register makes a block callable. What it runs knows whose code has registered it.
func (r *playing) register(by spec.Frame, n int) spec.Callback {
	return r.sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		r.note(fmt.Sprintf("block %d, registered by its own process: %v", n, spec.ProcessOf(by) == spec.ProcessOf(f)))
		if last := r.block(f, n); r.returns {
			return []spec.Value{last, spec.Int(n)}
		}
		return nil
	})
}

func (r *playing) block(f spec.Frame, n int) (previous spec.Value) {
	previous = spec.Nil{}
	var statuses []string
	own := map[string]spec.Value{}
	for _, s := range r.p.Blocks[n] {
		ret := f.Do(program.Substitute(s.Call, func(v spec.Value) spec.Value {
			switch v := v.(type) {
			case spec.Callback:
				return r.register(f, int(v))
			case spec.Ref:
				if plus, ok := program.AsPrevious(v); ok {
					return program.Sum(previous, plus)
				}
				if n == 0 {
					return spec.Of(own[v.ID])
				}
				return r.read(v.ID)
			}
			return v
		}))
		if n == 0 && ret.Status != spec.Aborted {
			r.answers = append(r.answers, ret)
		}
		if ret.Status == spec.Aborted {
			return previous
		}
		if ret.Status == spec.Gone {
			r.ends(n, append(statuses, "gone"))
			return previous
		}
		statuses = append(statuses, ret.Status.String())
		previous = ret.Primary()
		for i, v := range ret.Values {
			if s.Name != "" {
				name := s.Name
				if i > 0 {
					name += fmt.Sprintf(".%d", i)
				}
				own[name] = v
				r.give(name, v)
			}
		}
	}
	r.ends(n, statuses)
	return previous
}

// ends notes how a block has ended, and whether others have before, which is read and changed in one step.
func (r *playing) ends(n int, statuses []string) {
	var before []spec.Value
	if n > 0 {
		before = slices.Repeat([]spec.Value{spec.Nil{}}, r.ended)
		if r.book != nil {
			r.book.Under("ended", before)
			r.book.Add("ended", spec.Nil{})
		}
		r.ended++
	}
	r.note(fmt.Sprintf("block %d after %d: %s", n, len(before), statuses))
	if n > 0 && n == r.aborts {
		r.sys.Abort()
	}
}

func (r *playing) give(name string, v spec.Value) {
	r.names[name] = v
	if r.book != nil {
		r.book.Add(name, v)
	}
}

func (r *playing) read(name string) spec.Value {
	v, known := r.names[name]
	var values []spec.Value
	if known {
		values = append(values, v)
	}
	if r.book != nil {
		r.book.Under(name, values)
	}
	return spec.Of(v)
}

func (r *playing) note(what string) {
	r.notes = append(r.notes, what)
	if r.book != nil {
		r.book.Note(what)
	}
}

// seenBy is what a test has seen, its objects numbered as they come up.
func seenBy(answers []spec.Return) string {
	h := historian{nil, map[string]int{}}
	for _, r := range answers {
		if r.Status != spec.Gone {
			h.refs(r.String() + "\n")
		}
	}
	return string(h.text)
}

// An outcome is what a run has shown: what its test has seen, and what was noted.
type outcome struct{ seen, noted string }

// asClosures runs the code by a schedule. A run that leaves the bounds of a program has no outcome: forms that register each
// other go on without an end where a schedule has nobody else go on.
func (g played) asClosures(t *testing.T, mutant model.Mutant, by spec.Choices) (o outcome, bounded bool) {
	t.Helper()
	sim := refimpl.New(refimpl.Options{Mutant: mutant, StepLimit: program.MaxSteps})
	sys, err := sim.Open(t.Context(), spec.SystemConfig{Choices: by})
	if err != nil {
		t.Fatal(err)
	}
	r := g.begin(sys)
	err = sys.Run(r.test)
	o.seen = seenBy(r.answers)
	slices.Sort(r.notes)
	o.noted = strings.Join(r.notes, "; ")
	defer sys.Close()
	if sys.(*refimpl.System).Steps() > program.MaxSteps {
		return outcome{}, false
	}
	if err != nil {
		if stuck := (*spec.Stuck)(nil); !errors.As(err, &stuck) {
			t.Fatalf("%v\n%s", err, g.p)
		}
		o.noted += "; stuck"
	}
	return o, true
}

// What is learned of code is what it does, however it is gone through: that of programs, generated and cut down, on the
// specification and with a rule of it broken.
func TestLearnedProgramsDoTheSame(t *testing.T) {
	t.Parallel()
	programs, most := 8, 150
	if *learnedPrograms > 0 {
		programs, most = *learnedPrograms, 400
	}
	compared, runs := 0, 0
	for seed := uint64(0); compared < programs; seed++ {
		choices := spec.Seeded(seed)
		g := played{p: small(choices), returns: spec.Pick(choices, 3) == 0}
		if spec.Pick(choices, 4) == 0 {
			g.aborts = spec.Pick(choices, len(g.p.Blocks))
		}
		var mutant model.Mutant
		if spec.Pick(choices, 3) == 0 {
			mutant = model.Mutants[spec.Pick(choices, len(model.Mutants))].Mutant
		}
		n := g.compare(t, mutant, most)
		if t.Failed() {
			t.Fatalf("seed %d, mutant %q, block %d gives up:\n%s", seed, mutant, g.aborts, g.p)
		}
		if n > 0 {
			compared++
			runs += n
		}
	}
	t.Logf("%d programs, %d runs", compared, runs)
}

// compare compares all runs, if there are few but more than some.
func (g played) compare(t *testing.T, mutant model.Mutant, most int) int {
	var all []outcome
	d := refimpl.NewDepthFirst()
	for more := true; more; more = d.Next() {
		if len(all) == most {
			return 0
		}
		o, bounded := g.asClosures(t, mutant, d)
		if !bounded {
			return 0 // it has runs that no exploration would come to the end of
		}
		all = append(all, o)
	}
	if len(all) < 4 {
		return 0
	}
	seen, noted := map[string]bool{}, map[string]int{}
	for _, o := range all {
		seen[o.seen] = true
		noted[o.noted]++
	}
	for _, way := range []refimpl.Way{refimpl.EverySchedule, refimpl.EveryState, refimpl.EveryOrder} {
		for _, workers := range []int{1, 3} {
			g.explore(t, refimpl.Explorer{Way: way, Mutant: mutant, Workers: workers, Sample: 1 + 99*(len(all)%2)}, all, seen, noted)
		}
	}
	g.draw(t, mutant)
	if g.aborts == 0 && !g.returns {
		m := machine(t, g.p, refimpl.MachineOptions{Model: model.Config{Mutant: mutant}, Record: true})
		var got []string
		(&refimpl.Search{Machine: m, Leaf: func(refimpl.End) bool {
			got = append(got, seenBy(answersOf(m.Labels())))
			return true
		}}).Run()
		for i, o := range all {
			if i >= len(got) || got[i] != o.seen {
				t.Errorf("run %d of the machine differs", i)
				break
			}
		}
	}
	return len(all)
}

// draw compares runs that are drawn.
func (g played) draw(t *testing.T, mutant model.Mutant) {
	const runs = 20
	var want, got []string
	for n := range uint64(runs) {
		o, _ := g.asClosures(t, mutant, spec.Seeded(n))
		want = append(want, o.seen)
	}
	e := refimpl.Explorer{Way: refimpl.Drawn, Mutant: mutant, Ends: func(l *refimpl.Learned, _ refimpl.End, _ int) { got = append(got, seenBy(l.Answers())) }}
	x := &spec.Exploration{Most: runs, Code: g.code, Seed: func(n int) uint64 { return uint64(n) }}
	if err := e.Explore(t.Context(), x); err != nil || !slices.Equal(got, want) {
		t.Errorf("drawn: %v\n%s\nwant\n%s", err, got, want)
	}
}

// answersOf are the outcomes of the outermost frame.
func answersOf(labels []spec.Label) (answers []spec.Return) {
	for _, l := range labels {
		if l.Frame == 0 && l.Kind == spec.ReturnLabel {
			answers = append(answers, l.Return)
		}
	}
	return answers
}

func (g played) explore(t *testing.T, e refimpl.Explorer, all []outcome, seen map[string]bool, noted map[string]int) {
	var shown []string
	saw := map[string]bool{}
	runs := 0
	e.Ends = func(l *refimpl.Learned, _ refimpl.End, _ int) {
		now := seenBy(l.Answers())
		saw[now] = true
		if e.Way == refimpl.EverySchedule && e.Workers == 1 && (runs >= len(all) || all[runs].seen != now) {
			t.Errorf("run %d differs: %s", runs, now)
		}
		runs++
	}
	x := &spec.Exploration{Most: 1 << 30, Code: g.code, Show: func(_ int, by spec.Choices) bool {
		o, bounded := g.asClosures(t, e.Mutant, by)
		if !bounded {
			t.Error("of all schedules none has left the bounds, and one that was found does")
		}
		shown = append(shown, o.noted)
		return true
	}}
	if err := e.Explore(context.Background(), x); err != nil || !x.Complete {
		t.Errorf("way %d, %d workers: complete %v, %v", e.Way, e.Workers, x.Complete, err)
		return
	}
	counted := map[string]int{}
	for i, what := range shown {
		counted[what] += x.Classes[i]
	}
	if !maps.Equal(saw, seen) || !slices.Equal(slices.Sorted(maps.Keys(counted)), slices.Sorted(maps.Keys(noted))) {
		t.Errorf("way %d, %d workers: %d things seen and %d noted, want %d and %d\n%v\n%v", e.Way, e.Workers, len(saw), len(counted), len(seen), len(noted), counted, noted)
	}
	if e.Way == refimpl.EverySchedule && (x.Runs != len(all) || !maps.Equal(counted, noted)) {
		t.Errorf("%d runs, want %d; %v, want %v", x.Runs, len(all), counted, noted)
	}
}
