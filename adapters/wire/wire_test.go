package wire

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func bigInt(text string) spec.Value {
	v, err := spec.ParseInt(text)
	if err != nil {
		panic(err)
	}
	return v
}

var everyValue = []spec.Value{
	spec.Nil{}, spec.True{}, spec.Int(0), spec.Int(-5), spec.Int(math.MaxInt64), spec.Int(math.MinInt64),
	spec.Int(1<<53 - 1), spec.Int(1 << 53), bigInt("123456789012345678901234567890"), spec.NewRatio(1, 5),
	spec.Single(0.5), spec.Double(-0.1), spec.Double(math.Inf(1)), spec.Double(math.Copysign(0, -1)),
	spec.Char('x'), spec.Char('\u2028'), spec.String(""), spec.String("a\n\t\"\\<&>\u00e9\U0001F600\u2028"),
	spec.Keyword("default"), spec.Symbol{Package: "P", Name: "N"}, spec.Symbol{Name: "n"}, spec.Pathname("/x y"),
	spec.Ref{ID: "p1", Type: "process"}, spec.Ref{ID: "x"},
	spec.NewList(spec.Int(1), spec.NewList(spec.Nil{}, spec.String("in"))),
	spec.List{Items: []spec.Value{spec.Int(1), spec.Int(2)}, Dotted: spec.Int(3)},
}

// proxied is an adapter behind two wires.
func proxied(t *testing.T) *Client { return connect(t, connect(t, newFake(), Options{}), Options{}) }

func TestValuesRoundTrip(t *testing.T) {
	for name, c := range map[string]*Client{"one wire": connect(t, newFake(), Options{}), "two wires": proxied(t)} {
		t.Run(name, func(t *testing.T) {
			run(t, c, func(_ spec.System, f spec.Frame) {
				for _, v := range everyValue {
					got := f.Do(call("new", spec.Keyword("x"), v, spec.Key{Name: "k", Value: v}))
					want := spec.Values(v, spec.Keyword("k"), v)
					if !reflect.DeepEqual(got, want) {
						t.Errorf("%v came back as %v", v, got)
					}
				}
				if got := f.Do(call("new", spec.Keyword("x"))); got.Status != spec.Returned || len(got.Values) != 0 {
					t.Errorf("no values came back as %#v", got)
				}
				if got := f.Do(call("new", spec.Keyword("x"), spec.Double(math.NaN()))).Primary().String(); got != "#<nan d>" {
					t.Errorf("NaN came back as %s", got)
				}
			})
		})
	}
}

func TestStatuses(t *testing.T) {
	c := connect(t, newFake(), Options{})
	run(t, c, func(_ spec.System, f spec.Frame) {
		got := f.Do(call("signal-error", "bad <thing>"))
		want := &spec.Condition{Type: "simple-error", Message: `"bad <thing>"`, Continuable: true}
		if got.Status != spec.Signalled || !reflect.DeepEqual(got.Condition, want) {
			t.Errorf("signalled = %+v", got)
		}
		for _, absent := range []spec.Call{
			call("process-join", 1), call("no-such-operation"),
			call("make-mailbox", spec.Key{Name: "name", Value: spec.Nil{}}),
			call("process-run-function", "x", spec.NewList(spec.Keyword("priority"), spec.Int(1)), spec.Callback(1)),
			call("pid-state", 1),
		} {
			if got := f.Do(absent); got.Status != spec.Absent {
				t.Errorf("%v = %v, want absent", absent, got)
			}
		}
		if got := f.Do(call("make-mailbox", spec.Key{Name: "size", Value: spec.Int(3)})); got.Status != spec.Returned {
			t.Errorf("a keyword that is claimed = %v", got)
		}
	})
	if !c.Healthy() {
		t.Error("not healthy after an ordinary run")
	}
}

// A callback is one registration however often, and however deep in a list, it is sent.
func TestCallbacksAndNestedFrames(t *testing.T) {
	a := newFake()
	for name, c := range map[string]*Client{"one wire": connect(t, a, Options{}), "two wires": proxied(t)} {
		t.Run(name, func(t *testing.T) {
			rec := &labels{}
			s := open(t, c, spec.SystemConfig{Recorder: rec})
			var inner, outer spec.Callback
			inner = s.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
				return []spec.Value{f.Do(call("get-current-process")).Primary(), spec.Int(len(args))}
			})
			outer = s.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
				return append(f.Do(call("let", spec.NewList(spec.Int(1), inner))).Values, args...)
			})
			err := s.Run(func(f spec.Frame) {
				for range 2 {
					got := f.Do(call("funcall", outer, "a", "b"))
					want := spec.Values(spec.Ref{ID: "p1", Type: "process"}, spec.Int(0), spec.String("a"), spec.String("b"))
					if !reflect.DeepEqual(got, want) {
						t.Errorf("funcall = %v", got)
					}
				}
			})
			if left, closing := s.Close(); err != nil || closing != nil || left.Unclean {
				t.Fatal(err, closing, left)
			}
			round := func(n int) []string {
				return []string{
					`0 call (funcall #<callback 2> "a" "b")`,
					fmt.Sprintf("%d enter 2 on #<process p1>", n), fmt.Sprintf("%d call (let (1 #<callback 1>))", n),
					fmt.Sprintf("%d enter 1 on #<process p1>", n+1), fmt.Sprintf("%d call (get-current-process)", n+1),
					fmt.Sprintf("%d return #<process p1>", n+1), fmt.Sprintf("%d leave", n+1),
					fmt.Sprintf("%d return #<process p1>, 0", n), fmt.Sprintf("%d leave", n),
					`0 return #<process p1>, 0, "a", "b"`,
				}
			}
			want := slices.Concat([]string{"0 enter 0 on #<process p1>"}, round(1), round(3), []string{"0 leave"})
			if got := rec.take(); !slices.Equal(got, want) {
				t.Errorf("labels:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	if n := len(a.last().funcs); n != 2 {
		t.Errorf("the adapter saw %d registrations, want 2", n)
	}
}

func TestForeignThread(t *testing.T) {
	rec := &labels{}
	s := open(t, connect(t, newFake(), Options{}), spec.SystemConfig{Recorder: rec})
	body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		if p := spec.ProcessOf(f); p != nil {
			t.Errorf("process of a foreign thread = %v", p)
		}
		return f.Do(call("get-current-process")).Values
	})
	if err := s.Run(func(f spec.Frame) {
		if got := f.Do(call("call-on-foreign-thread", "t", body)); got.String() != "nil" {
			t.Errorf("= %v", got)
		}
	}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if !slices.Contains(rec.take(), "1 enter 1 on foreign") {
		t.Errorf("labels: %q", rec.take())
	}
}

func TestGone(t *testing.T) {
	c := connect(t, newFake(), Options{})
	run(t, c, func(s spec.System, f spec.Frame) {
		ready, ended := f.Do(call("make-gate")).Primary(), make(chan struct{})
		blocked := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			f.Do(call("gate-open", ready))
			for range 3 {
				if got := f.Do(call("pause", 1)); got.Status != spec.Gone {
					t.Errorf("pause in a killed process = %v", got)
				}
			}
			return []spec.Value{spec.Int(1)} // too late for anybody
		})
		p := f.Do(call("process-run-function", "victim", nil, blocked)).Primary()
		f.Do(call("gate-wait", ready))
		if got := f.Do(call("process-kill", p)); got.Primary().String() != "t" {
			t.Errorf("kill = %v", got)
		}
		suicide := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			defer close(ended)
			inner := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
				if got := f.Do(call("current-process-kill")); got.Status != spec.Gone {
					t.Errorf("an operation through which the host unwinds = %v", got)
				}
				return nil
			})
			if got := f.Do(call("funcall", inner)); got.Status != spec.Gone {
				t.Errorf("the operation around it = %v", got)
			}
			if got := f.Do(call("eq", 1, 1)); got.Status != spec.Gone {
				t.Errorf("an operation of the dead frame = %v", got)
			}
			return nil
		})
		f.Do(call("process-run-function", "suicide", nil, suicide))
		<-ended
	})
}

// The labels of a killed process end with gone and leave, in the order of the messages.
func TestGoneLabels(t *testing.T) {
	rec := &labels{}
	s := open(t, connect(t, newFake(), Options{}), spec.SystemConfig{Recorder: rec})
	ended := make(chan struct{})
	body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		defer close(ended)
		f.Do(call("current-process-kill"))
		f.Do(call("eq", 1, 1))
		return nil
	})
	if err := s.Run(func(f spec.Frame) { f.Do(call("process-run-function", "p", nil, body)); <-ended }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range rec.take() {
		if l[0] == '1' {
			got = append(got, l)
		}
	}
	want := []string{"1 enter 1 on #<process p2>", "1 call (current-process-kill)", "1 gone", "1 leave"}
	if !slices.Equal(got, want) {
		t.Errorf("labels = %q", got)
	}
}

func TestManyProcessesAtOnce(t *testing.T) {
	const processes, rounds = 40, 20
	for name, c := range map[string]*Client{"one wire": connect(t, newFake(), Options{}), "two wires": proxied(t)} {
		t.Run(name, func(t *testing.T) {
			run(t, c, func(s spec.System, f spec.Frame) {
				done := make([]spec.Value, processes)
				inner := s.Register(func(f spec.Frame, args []spec.Value) []spec.Value { return args })
				body := s.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
					for i := range rounds {
						if got := f.Do(call("funcall", inner, i)); got.Status != spec.Returned || got.Primary() != spec.Int(i) {
							t.Errorf("round %d = %v", i, got)
						}
					}
					f.Do(call("gate-open", args[0]))
					return nil
				})
				for i := range done {
					done[i] = f.Do(call("make-gate")).Primary()
					f.Do(call("process-run-function", "p", nil, body, done[i]))
				}
				for _, g := range done {
					f.Do(call("gate-wait", g))
				}
			})
		})
	}
}

func TestOperationsOfTheHarness(t *testing.T) {
	rec := &labels{}
	c := connect(t, newFake(), Options{Harness: func(_ context.Context, system string, call spec.Call) spec.Return {
		return spec.Values(spec.String(system), spec.String(call.Op))
	}})
	s := open(t, c, spec.SystemConfig{Recorder: rec})
	if err := s.Run(func(f spec.Frame) { f.Do(call("child-prepare")) }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	want := []string{"0 enter 0 on #<process p1>", "0 call (child-prepare)", `0 return "s1", "child-prepare"`, "0 leave"}
	if got := rec.take(); !slices.Equal(got, want) {
		t.Errorf("labels = %q", got)
	}
}

func TestCloseWithoutRun(t *testing.T) {
	c := connect(t, newFake(), Options{})
	for range 3 {
		s := open(t, c, spec.SystemConfig{})
		if left, err := s.Close(); err != nil || left.Unclean {
			t.Fatalf("Close = %+v, %v", left, err)
		}
		if _, err := s.Close(); err == nil {
			t.Error("a second Close went through")
		}
	}
	if !c.Healthy() {
		t.Error("not healthy")
	}
}

func TestOneSystemAtATime(t *testing.T) {
	c := connect(t, newFake(), Options{})
	s := open(t, c, spec.SystemConfig{Seed: math.MaxUint64})
	if _, err := c.Open(context.Background(), spec.SystemConfig{}); err == nil || !strings.Contains(err.Error(), "s1 is still open") {
		t.Errorf("Open = %v", err)
	}
	s.Close()
}

func TestSeedIsExact(t *testing.T) {
	a := newFake()
	s := open(t, connect(t, a, Options{}), spec.SystemConfig{Seed: math.MaxUint64})
	s.Close()
	if got := a.last().cfg.Seed; got != math.MaxUint64 {
		t.Errorf("seed = %d", got)
	}
}
