package refimpl_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// code makes the code of a test for a system.
type code func(sys spec.System) func(f spec.Frame)

// seenBy are the outcomes of a test's operations, each run's as one text, and how many runs have each.
type seenBy map[string]int

func (s seenBy) note(answers []spec.Return) {
	var text strings.Builder
	for _, r := range answers {
		if r.Status != spec.Gone {
			text.WriteString(r.String() + "; ")
		}
	}
	// Which number an object has depends on what else was made: numbers are those of their first appearance.
	numbers := map[string]string{}
	s[reference.ReplaceAllStringFunc(text.String(), func(ref string) string {
		if numbers[ref] == "" {
			numbers[ref] = fmt.Sprint("#", len(numbers))
		}
		return numbers[ref]
	})]++
}

var reference = regexp.MustCompile(`#<\w+ \d+>`)

// watched keeps what a frame's operations answered.
type watched struct {
	spec.Frame
	answers *[]spec.Return
}

func (w watched) Do(c spec.Call) spec.Return {
	r := w.Frame.Do(c)
	*w.answers = append(*w.answers, r)
	return r
}

// byClosures runs code under every schedule there is.
func byClosures(t *testing.T, c code) (seenBy, int) {
	t.Helper()
	seen, runs := seenBy{}, 0
	d := refimpl.NewDepthFirst()
	sim := refimpl.New(refimpl.Options{})
	for more := true; more; more = d.Next() {
		sys, err := sim.Open(t.Context(), spec.SystemConfig{Choices: d})
		if err != nil {
			t.Fatal(err)
		}
		var answers []spec.Return
		if err := sys.Run(func(f spec.Frame) { c(sys)(watched{f, &answers}) }); err != nil {
			var stuck *spec.Stuck
			if !errors.As(err, &stuck) {
				t.Fatal(err)
			}
			answers = answers[:len(answers)-1] // which was aborted
		}
		seen.note(answers)
		sys.Close()
		runs++
	}
	return seen, runs
}

// byLearning has an explorer go through the schedules of code.
func byLearning(t *testing.T, c code, e refimpl.Explorer) (seenBy, *spec.Exploration, error) {
	t.Helper()
	seen := seenBy{}
	e.Ends = func(l *refimpl.Learned, _ refimpl.End, _ int) { seen.note(l.Answers()) }
	x := &spec.Exploration{Most: 1_000_000, Code: c, Seed: func(n int) uint64 { return uint64(n) }}
	err := e.Explore(t.Context(), x)
	return seen, x, err
}

// spawn makes a process that runs fn.
func spawn(sys spec.System, api spec.API, fn func(in spec.API)) spec.Value {
	return api.ProcessRunFunction("p", nil, function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
		fn(spec.API{Frame: f})
		return nil
	})).Primary()
}

// within makes code of what a test does.
func within(fn func(sys spec.System, api spec.API)) code {
	return func(sys spec.System) func(spec.Frame) {
		return func(f spec.Frame) { fn(sys, spec.API{Frame: f}) }
	}
}

// learnable are pieces of code each of which a search that knows too little would get wrong.
var learnable = map[string]code{
	"increments": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		var all []spec.Value
		for range 2 {
			all = append(all, spawn(sys, api, func(in spec.API) {
				v, _ := in.CellGet(cell).Primary().(spec.Int)
				in.CellSet(cell, v+1)
			}))
		}
		for _, p := range all {
			api.ProcessJoin(p)
		}
		api.CellGet(cell)
	}),
	// What the test has seen last is in no operation after it.
	"the test's last answer": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
		api.CellGet(cell)
	}),
	// Two processes register code in one order or the other, and both are told what the other's is called.
	"code registered in any order": within(func(sys spec.System, api spec.API) {
		log := api.MakeLog().Primary()
		for range 2 {
			spawn(sys, api, func(in spec.API) {
				own := function(sys, in, func(f spec.Frame, _ []spec.Value) []spec.Value {
					return []spec.Value{spec.API{Frame: f}.GetCurrentProcess().Primary()}
				})
				in.LogAppend(log, in.Funcall(own).Primary())
			})
		}
		api.Pause(1)
		api.LogRead(log)
	}),
	// A process is the same code as another, and says so.
	"code that knows its process": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(nil).Primary()
		same := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
			spec.API{Frame: f}.CellSet(cell, spec.ProcessOf(f))
			return nil
		})
		one := api.ProcessRunFunction("p", nil, same).Primary()
		api.ProcessRunFunction("p", nil, same)
		api.ProcessJoin(one)
		api.Eq(api.CellGet(cell).Primary(), one)
	}),
	// A variable that is set before the process is made which reads it is what its code was registered with.
	"a variable set before": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 5) })
		x := api.CellGet(cell).Primary()
		p := spawn(sys, api, func(in spec.API) { in.CellSet(cell, spec.NewList(x, x)) })
		api.ProcessJoin(p)
		api.CellGet(cell)
	}),
	// What code does on its way out, when a set of closures is given up, is nobody's matter.
	"code that goes on when it is gone": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		for n := range 2 {
			spawn(sys, api, func(in spec.API) {
				defer func() {
					if in.CellGet(cell).Status == spec.Returned {
						return
					}
					sys.Register(nil)
					if book, ok := sys.(spec.Notebook); ok {
						book.Note("left")
						book.Under("heading", nil)
					}
					in.CellSet(cell, 7)
				}()
				in.CellSet(cell, n+1)
			})
		}
		api.Pause(1)
		api.CellGet(cell)
	}),
	"a deadlock": within(func(sys spec.System, api spec.API) {
		cell, box := api.MakeCell(0).Primary(), api.MakeMailbox().Primary()
		spawn(sys, api, func(in spec.API) {
			if in.CellGet(cell).Primary() == spec.Int(0) {
				in.MailboxSend(box, 1)
			}
		})
		api.CellSet(cell, 1)
		api.MailboxRead(box)
	}),
	"the end comes before others'": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1); in.CellSet(cell, 2) })
		api.CellGet(cell)
		api.CellGet(cell)
	}),
	// A value is of no more use, it seems, until the end.
	"a value kept for later": within(func(sys spec.System, api spec.API) {
		cell, other := api.MakeCell(0).Primary(), api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
		p := spawn(sys, api, func(in spec.API) {
			kept := in.CellGet(cell).Primary()
			in.CellGet(other)
			in.CellGet(other)
			in.CellSet(other, kept)
		})
		api.ProcessJoin(p)
		api.CellGet(other)
	}),
	// What was read first matters after an answer that comes late alone.
	"a value that matters seldom": within(func(sys spec.System, api spec.API) {
		cell, other := api.MakeCell(0).Primary(), api.MakeCell(0).Primary()
		p := spawn(sys, api, func(in spec.API) {
			kept := in.CellGet(cell).Primary()
			seen := in.CellGet(other).Primary()
			in.CellGet(other)
			if kept == spec.Int(1) && seen == spec.Int(2) {
				in.CellSet(other, 9)
				return
			}
			in.CellSet(other, 8)
		})
		api.CellSet(cell, 1)
		api.CellSet(other, 2)
		api.ProcessJoin(p)
		api.CellGet(other)
	}),
	// That answer comes only where the value was the other one: when places are joined nobody knows of it.
	"a value that matters where others know it": within(func(sys spec.System, api spec.API) {
		cell, flag, other := api.MakeCell(0).Primary(), api.MakeCell(0).Primary(), api.MakeCell(0).Primary()
		p := spawn(sys, api, func(in spec.API) {
			kept := in.CellGet(cell).Primary()
			in.CellSet(flag, kept)
			if in.CellGet(other).Primary() == spec.Int(2) && kept == spec.Int(1) {
				in.CellSet(other, 9)
				return
			}
			in.CellSet(other, 8)
		})
		spawn(sys, api, func(in spec.API) {
			in.CellSet(cell, 1)
			if in.CellGet(flag).Primary() == spec.Int(1) {
				in.CellSet(other, 2)
			}
		})
		api.ProcessJoin(p)
		api.CellGet(other)
	}),
	// Code is the same after either answer but for what it notes, or registers.
	"what is done on the way": within(func(sys spec.System, api spec.API) {
		cell, other := api.MakeCell(0).Primary(), api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
		p := spawn(sys, api, func(in spec.API) {
			seen := in.CellGet(cell).Primary()
			if book, ok := sys.(spec.Notebook); ok {
				book.Note("saw " + seen.String())
			}
			in.CellGet(other)
			q := spawn(sys, in, func(in spec.API) { in.CellSet(other, seen) })
			in.ProcessJoin(q)
		})
		api.ProcessJoin(p)
		api.CellGet(other)
	}),
	"numbers taken in any order": numbering,
	"code that each process has a variable of its own for": twice(func(spec.API) spec.Func {
		n := 0
		return func(spec.Frame, []spec.Value) []spec.Value { n++; return []spec.Value{spec.Int(n)} }
	}),
	"code that knows whose code has registered it": twice(func(in spec.API) spec.Func {
		return func(spec.Frame, []spec.Value) []spec.Value { return []spec.Value{spec.ProcessOf(in.Frame)} }
	}),
	// What is noted is read by others.
	"a book": func(sys spec.System) func(spec.Frame) {
		var entries []spec.Value
		book, _ := sys.(spec.Notebook)
		read := func() []spec.Value {
			values := spec.Sorted(entries)
			if book != nil {
				book.Under("read", values)
			}
			return values
		}
		return within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			for n := range 2 {
				spawn(sys, api, func(in spec.API) {
					in.CellGet(cell)
					if book != nil {
						book.Add("read", spec.Int(n))
					}
					entries = append(entries, spec.Int(n))
					in.CellGet(cell)
					in.CellSet(cell, spec.NewList(read()...))
				})
			}
			api.Pause(1)
			api.CellGet(cell)
			api.CellSet(cell, spec.NewList(read()...))
		})(sys)
	},
}

// twice is code that has two processes run one function: each makes another, and once both have logs what that returns.
func twice(make func(in spec.API) spec.Func) code {
	return within(func(sys spec.System, api spec.API) {
		log, gate := api.MakeLog().Primary(), api.MakeGate().Primary()
		same := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
			in := spec.API{Frame: f}
			own := function(sys, in, make(in))
			in.GateWait(gate)
			in.LogAppend(log, in.Funcall(own).Primary())
			return nil
		})
		for range 2 {
			api.ProcessRunFunction("p", nil, same)
			api.Pause(1)
		}
		api.GateOpen(gate)
		api.LogRead(log)
	})
}

// numbering is code of which two processes each take the next number, as cases name processes: they read the book and write it in
// one step, and touch nothing else in common.
func numbering(sys spec.System) func(spec.Frame) {
	taken := 0
	book, _ := sys.(spec.Notebook)
	take := func() int {
		if book != nil {
			book.Under("taken", slices.Repeat([]spec.Value{spec.Nil{}}, taken))
			book.Add("taken", spec.Nil{})
		}
		taken++
		return taken
	}
	return within(func(sys spec.System, api spec.API) {
		cells := []spec.Value{api.MakeCell(0).Primary(), api.MakeCell(0).Primary()}
		for _, cell := range cells {
			spawn(sys, api, func(in spec.API) {
				in.CellGet(cell)
				in.CellSet(cell, take())
			})
		}
		api.Pause(1)
		api.CellGet(cells[0])
		api.CellGet(cells[1])
	})(sys)
}

var ways = map[string]refimpl.Way{
	"every schedule": refimpl.EverySchedule, "every state": refimpl.EveryState, "every order": refimpl.EveryOrder,
}

func TestLearnedCodeSeesTheSame(t *testing.T) {
	for name, c := range learnable {
		all, runs := byClosures(t, c)
		for way, w := range ways {
			for _, e := range []refimpl.Explorer{{Sample: 1}, {}, {Workers: 3}} {
				e.Way = w
				seen, x, err := byLearning(t, c, e)
				if err != nil || !x.Complete {
					t.Errorf("%s, %s, sample %d, %d workers: complete %v, %v", name, way, e.Sample, e.Workers, x.Complete, err)
				}
				if w == refimpl.EverySchedule && (x.Runs != runs || !maps.Equal(seen, all)) || !slices.Equal(slices.Sorted(maps.Keys(seen)), slices.Sorted(maps.Keys(all))) {
					t.Errorf("%s, %s, %d workers: %d runs of %v, want %d of %v", name, way, e.Workers, x.Runs, seen, runs, all)
				}
			}
		}
		if len(all) < 2 {
			t.Errorf("%s: it has one outcome, %v", name, all)
		}
	}
}

// Values that code does nothing with any more tell no states apart: there are as many as where the program is data.
func TestStatesAreThoseOfTheProgramAsData(t *testing.T) {
	get := spec.NewCall("cell-get", nil, program.Named("cell"))
	p := increments(3, 2, get, spec.NewCall("cell-set", nil, program.Named("cell"), program.Previous(1)))
	m, err := refimpl.NewMachine(p, refimpl.MachineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := (&refimpl.Search{Machine: m, Cache: true}).Run().States
	_, x, err := byLearning(t, incrementing(3, 2), refimpl.Explorer{Way: refimpl.EveryState})
	if err != nil || x.States != want {
		t.Errorf("%d states, %d as data: %v", x.States, want, err)
	}
}

// Drawn runs are those that a system makes with the same seeds.
func TestDrawnRunsAreThoseOfASystem(t *testing.T) {
	for name, c := range learnable {
		all := seenBy{}
		for n := range 50 {
			sys, err := refimpl.New(refimpl.Options{}).Open(t.Context(), spec.SystemConfig{Seed: uint64(n)})
			if err != nil {
				t.Fatal(err)
			}
			var answers []spec.Return
			if sys.Run(func(f spec.Frame) { c(sys)(watched{f, &answers}) }) != nil {
				answers = answers[:len(answers)-1]
			}
			all.note(answers)
			sys.Close()
		}
		seen := seenBy{}
		e := refimpl.Explorer{Way: refimpl.Drawn, Ends: func(l *refimpl.Learned, _ refimpl.End, _ int) { seen.note(l.Answers()) }}
		x := &spec.Exploration{Most: 50, Code: c, Seed: func(n int) uint64 { return uint64(n) }}
		if err := e.Explore(t.Context(), x); err != nil || !maps.Equal(seen, all) {
			t.Errorf("%s: %v, want %v: %v", name, seen, all, err)
		}
	}
}

// offenders are code that is no function of what its operations answered: one of each kind.
var offenders = map[string]code{
	"a counter that processes share": within(func(sys spec.System, api spec.API) {
		cell, n := api.MakeCell(0).Primary(), 0
		for range 2 {
			spawn(sys, api, func(in spec.API) {
				in.CellGet(cell)
				n++
				in.CellSet(cell, n)
			})
		}
		api.Pause(1)
		api.CellGet(cell)
	}),
	"a variable written after a process has it": within(func(sys spec.System, api spec.API) {
		cell, x := api.MakeCell(0).Primary(), 0
		p := spawn(sys, api, func(in spec.API) {
			in.CellGet(cell)
			in.CellSet(cell, x)
		})
		api.CellGet(cell)
		x = 7
		api.ProcessJoin(p)
		api.CellGet(cell)
	}),
	// The one writes between two operations that say nothing, the other reads.
	"a variable that changes in silence": within(func(sys spec.System, api spec.API) {
		cell, n := api.MakeCell(0).Primary(), 0
		a := spawn(sys, api, func(in spec.API) { in.Pause(0); n = 1; in.Pause(0) })
		b := spawn(sys, api, func(in spec.API) { in.Pause(0); in.CellSet(cell, n) })
		api.ProcessJoin(a)
		api.ProcessJoin(b)
		api.CellGet(cell)
	}),
	"a clock": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, time.Now().UnixNano()) })
		api.CellGet(cell)
		api.CellGet(cell)
	}),
	"a map's order": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		many := map[int]bool{}
		for n := range 20 {
			many[n] = true
		}
		spawn(sys, api, func(in spec.API) {
			for n := range many {
				in.CellSet(cell, n)
				break
			}
		})
		api.CellGet(cell)
		api.CellGet(cell)
	}),
	"a random number": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, rand.IntN(1<<30)) })
		api.CellGet(cell)
		api.CellGet(cell)
	}),
	// Whether the goroutine has come that far is its scheduler's matter; that it is another one each time is enough.
	"a goroutine": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		came := make(chan uint64)
		go func() { came <- goroutines.Add(1) }()
		n := <-came
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, int(n)) })
		api.CellGet(cell)
		api.CellGet(cell)
	}),
	"notes that differ": func(sys spec.System) func(spec.Frame) {
		return within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
			if book, ok := sys.(spec.Notebook); ok {
				book.Note(fmt.Sprint("run ", goroutines.Add(1)))
			}
			api.CellGet(cell)
		})(sys)
	},
	"code registered now and then": within(func(sys spec.System, api spec.API) {
		cell := api.MakeCell(0).Primary()
		spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
		if goroutines.Add(1)%2 == 0 {
			sys.Register(nil)
		}
		api.CellGet(cell)
	}),
}

var goroutines atomic.Uint64

// Each is caught, with the usual sample, and named: nothing that was found is to be trusted.
func TestCodeThatCannotBeLearnedIsCaught(t *testing.T) {
	for name, c := range offenders {
		for way, w := range ways {
			_, _, err := byLearning(t, c, refimpl.Explorer{Way: w})
			var u *refimpl.Unlearnable
			if !errors.As(err, &u) || u.Did == "" {
				t.Errorf("%s, %s: %v", name, way, err)
			} else {
				t.Logf("%s, %s: %.160s", name, way, err)
			}
		}
	}
}

// Code that breaks ends the exploration, whatever way it takes.
func TestCodeThatBreaksEndsTheExploration(t *testing.T) {
	for name, c := range map[string]code{
		"a panic":       within(func(_ spec.System, api spec.API) { api.MakeCell(0); panic("broken") }),
		"a panic later": within(func(sys spec.System, api spec.API) { spawn(sys, api, func(spec.API) { panic("broken") }); api.Pause(1) }),
		"a circle": within(func(_ spec.System, api spec.API) {
			for cell := api.MakeCell(0).Primary(); api.CellGet(cell).Status == spec.Returned; {
			}
		}),
	} {
		for way, w := range ways {
			_, _, err := byLearning(t, c, refimpl.Explorer{Way: w, StepLimit: 1000})
			if err == nil {
				t.Errorf("%s, %s: no error", name, way)
			}
		}
	}
}

// Values that code is done with tell no states apart, whoever has registered the code.
func TestStatesAreNotToldApartByWhatCodeIsDoneWith(t *testing.T) {
	for _, byProcess := range []bool{false, true} {
		states := map[int]int{}
		for _, values := range []int{1, 4} {
			c := within(func(sys spec.System, api spec.API) {
				cell, other := api.MakeCell(0).Primary(), api.MakeCell(0).Primary()
				spawn(sys, api, func(in spec.API) {
					for n := range 4 {
						in.CellSet(cell, n%values)
					}
				})
				reads := func(in spec.API) {
					in.CellGet(cell)
					in.CellSet(other, 1)
					in.CellSet(other, 2)
				}
				if !byProcess {
					spawn(sys, api, reads)
				} else {
					spawn(sys, api, func(in spec.API) { spawn(sys, in, reads) })
				}
				api.Pause(1)
			})
			_, x, err := byLearning(t, c, refimpl.Explorer{Way: refimpl.EveryState})
			if err != nil || !x.Complete {
				t.Fatal(x.Complete, err)
			}
			states[values] = x.States
		}
		if states[4] != states[1] {
			t.Errorf("registered by a process %v: %d states where it reads one value, %d where it reads one of four", byProcess, states[1], states[4])
		}
	}
}

// A run that is shown is the one that was found: code that does something else when a system runs it is found out, also where it
// only does less.
func TestCodeThatDoesLessWhenItIsRepeatedIsFoundOut(t *testing.T) {
	c := code(func(sys spec.System) func(spec.Frame) {
		book, _ := sys.(spec.Notebook)
		return within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
			api.CellGet(cell)
			if book != nil {
				book.Note(api.CellGet(cell).String()) // so that there are runs of two classes
			}
		})(sys)
	})
	for _, way := range []refimpl.Way{refimpl.EverySchedule, refimpl.Drawn} {
		x := &spec.Exploration{Most: 1000, Code: c, Seed: func(n int) uint64 { return uint64(n) + 8 }}
		x.Show = func(_ int, by spec.Choices) bool {
			sys, err := refimpl.New(refimpl.Options{}).Open(t.Context(), spec.SystemConfig{Choices: by})
			if err != nil {
				t.Fatal(err)
			}
			defer sys.Close()
			return sys.Run(c(sys)) == nil
		}
		if err := (refimpl.Explorer{Way: way}).Explore(t.Context(), x); err == nil || !strings.Contains(err.Error(), "another way") {
			t.Errorf("way %d: %v", way, err)
		}
	}
}

func TestExplorationEndsWithItsContext(t *testing.T) {
	x := &spec.Exploration{Most: 1 << 40, Code: incrementing(4, 4)}
	ctx, cancel := context.WithCancel(t.Context())
	e := refimpl.Explorer{Ends: func(*refimpl.Learned, refimpl.End, int) {
		if x.Runs == 1000 {
			cancel()
		}
	}}
	if err := e.Explore(ctx, x); !errors.Is(err, context.Canceled) || x.Complete || x.Runs < 1000 {
		t.Errorf("%v after %d runs", err, x.Runs)
	}
}

// What code notes, and that it gives a run up, tells runs apart that end in the same state otherwise: each class is shown once,
// whichever way a search goes.
func TestClassesAreToldApart(t *testing.T) {
	for name, test := range map[string]struct {
		code code
		want int
	}{
		"nothing is noted": {within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			spawn(sys, api, func(in spec.API) { in.CellSet(cell, 1) })
			api.CellGet(cell)
		}), 1},
		// The process has seen one value or the other when it ends; its answer is in nothing else.
		"what is noted": {within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			p := spawn(sys, api, func(in spec.API) { noted(sys, in.CellGet(cell).Primary()) })
			api.CellSet(cell, 1)
			api.ProcessJoin(p)
		}), 2},
		// Two note what they have seen in either order: that is the same.
		"in any order": {within(func(sys spec.System, api spec.API) {
			for n := range 2 {
				spawn(sys, api, func(in spec.API) { in.MakeCell(n); noted(sys, spec.Int(n)) })
			}
			api.Pause(1)
		}), 1},
		"given up": {within(func(sys spec.System, api spec.API) {
			cell := api.MakeCell(0).Primary()
			p := spawn(sys, api, func(in spec.API) {
				if in.CellGet(cell).Primary() == spec.Int(1) {
					sys.Abort()
				}
			})
			api.CellSet(cell, 1)
			api.ProcessJoin(p)
		}), 2},
	} {
		for way, w := range ways {
			_, x, err := byLearning(t, test.code, refimpl.Explorer{Way: w})
			if err != nil || len(x.Classes) != test.want || !x.Complete {
				t.Errorf("%s, %s: %d classes of %d runs, want %d: %v", name, way, len(x.Classes), x.Runs, test.want, err)
			}
		}
	}
}

// noted takes a value down, where the system keeps a book.
func noted(sys spec.System, v spec.Value) {
	if book, ok := sys.(spec.Notebook); ok {
		book.Note(v.String())
	}
}
