package traces

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

var (
	exactly = flag.Int("exactly", 1500, "judge one in so many of the small programs; 1 is all of them")
	part    = flag.String("area", "", "only programs of that area")
)

// An alphabet has the operations of an area's small programs. The objects are those that the
// set-up returns, in order.
type alphabet struct {
	area  string
	setUp []spec.Call
	calls []func(o []spec.Value, value int) spec.Call
}

func of(op string, object int, more ...any) func([]spec.Value, int) spec.Call {
	return func(o []spec.Value, _ int) spec.Call { return spec.NewCall(op, more, o[object]) }
}

func sends(op string, object int, more ...any) func([]spec.Value, int) spec.Call {
	return func(o []spec.Value, value int) spec.Call { return spec.NewCall(op, more, o[object], value) }
}

var alphabets = []alphabet{
	{"MBOX", []spec.Call{spec.NewCall("make-mailbox", []any{key.Size(1)})}, []func([]spec.Value, int) spec.Call{
		sends("mailbox-send", 0), of("mailbox-read", 0), of("mailbox-read", 0, nil, 0), of("mailbox-count", 0),
		func(o []spec.Value, value int) spec.Call {
			return spec.NewCall("mailbox-send-limited", []any{0}, o[0], value, 1)
		},
		func(o []spec.Value, value int) spec.Call {
			return spec.NewCall("mailbox-send-limited", nil, o[0], value, 1)
		},
	}},
	{"SEND", []spec.Call{
		spec.NewCall("make-mailbox", []any{key.Size(1)}),
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("process-run-function", nil, "target", nil, spec.Ref{ID: "object 1"}),
	}, []func([]spec.Value, int) spec.Call{
		sends("process-send", 2), sends("process-send", 2, key.Limit(1), key.Timeout(0)), of("process-mailbox", 2),
		func(o []spec.Value, _ int) spec.Call { return spec.NewCall("set-process-mailbox", nil, o[2], o[0]) },
		of("mailbox-read", 0, nil, 0), of("mailbox-count", 0),
	}},
	{"CLEAN", []spec.Call{
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("process-run-function", nil, "target", nil, spec.Ref{ID: "object 0"}),
	}, []func([]spec.Value, int) spec.Call{
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Priority(0), key.Process(o[1])}, o[0])
		},
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Priority(1), key.Process(o[1])}, o[0])
		},
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Priority(1), key.Force(true), key.Process(o[1])}, o[0])
		},
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Process(o[1])}, spec.NewList(o[0], spec.Int(1)))
		},
		of("process-alive-p", 1), of("process-name", 1),
	}},
	{"REAP", []spec.Call{
		spec.NewCall("child-prepare", nil),
		spec.NewCall("run-shell-command", []any{key.Wait(false)}, spec.Ref{ID: "command 0"}),
		spec.NewCall("child-await", nil, spec.Ref{ID: "object 0"}, spec.Keyword("ready")),
	}, []func([]spec.Value, int) spec.Call{
		of("child-tell", 0, spec.Keyword("exit"), 3), of("child-await", 0, spec.Keyword("ended")),
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("reap-os-subprocess", []any{key.Wait(false)})
		},
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("reap-os-subprocess", []any{key.Pid(o[2]), key.Wait(true)})
		},
		func(o []spec.Value, _ int) spec.Call { return spec.NewCall("pid-state", nil, o[2]) },
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("reap-os-subprocess", []any{key.Pid(0), key.Wait(false)})
		},
	}},
}

// A tiny is a program of few operations on processes of its own, at its beginning.
type tiny struct {
	state  *model.State
	frames []model.ID
	ops    [][]model.Operation
}

// begin makes the objects and processes of a program; letters are indices into the alphabet.
func (a alphabet) begin(t *testing.T, cfg model.Config, letters [][]int) *tiny {
	t.Helper()
	u := model.NewUniverse()
	s := model.NewState(u, cfg)
	decode := func(c spec.Call) model.Operation {
		o, err := model.Decode(u, c)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	do := func(c spec.Call) spec.Return {
		s.Call(s.Test(), decode(c), nil)
		for !s.HasOutcome(s.Test()) {
			model.Apply(s, model.Enabled(s, nil)[0], nil)
		}
		return s.Return(s.Test(), nil)
	}
	var objects []spec.Value
	var command spec.Value
	for _, c := range a.setUp {
		for i, v := range c.Args {
			if r, ok := v.(spec.Ref); ok {
				var n int
				if _, err := fmt.Sscanf(r.ID, "object %d", &n); err == nil {
					c.Args = slices.Clone(c.Args)
					c.Args[i] = objects[n]
				} else {
					c.Args = slices.Clone(c.Args)
					c.Args[i] = command
				}
			}
		}
		r := do(c)
		objects = append(objects, r.Primary())
		if text, ok := r.Nth(1).(spec.String); ok {
			command = text
		}
	}
	p := &tiny{state: s}
	f := do(spec.NewCall("make-function", nil, spec.Callback(2))).Primary()
	value := 0
	for range letters {
		do(spec.NewCall("process-run-function", nil, "p", nil, f))
	}
	for range len(letters) + count(a.setUp, "process-run-function") {
		label := model.Apply(s, model.Enabled(s, nil)[0], nil)
		if s.Entry(label.Frame).Callback == 2 {
			p.frames = append(p.frames, label.Frame)
		}
	}
	for _, word := range letters {
		var ops []model.Operation
		for _, letter := range word {
			value++
			ops = append(ops, decode(a.calls[letter](objects, value)))
		}
		p.ops = append(p.ops, ops)
	}
	return p
}

func count(calls []spec.Call, op string) (n int) {
	for _, c := range calls {
		if c.Op == op {
			n++
		}
	}
	return n
}

// A history is a class of runs: for each operation how many of each process had returned when
// it was called, and its outcome. That is the precedence of operations, and no more.
type history struct {
	called, returned []int // operations of each process
	text             [][]string
}

func newHistory(processes int) history {
	return history{make([]int, processes), make([]int, processes), make([][]string, processes)}
}

func (h history) clone() history {
	out := history{slices.Clone(h.called), slices.Clone(h.returned), make([][]string, len(h.text))}
	for i := range h.text {
		out.text[i] = slices.Clone(h.text[i])
	}
	return out
}

func (h history) call(p int) history {
	h = h.clone()
	h.text[p] = append(h.text[p], fmt.Sprint(h.returned))
	h.called[p]++
	return h
}

func (h history) ret(p int, outcome string) history {
	h = h.clone()
	h.text[p][len(h.text[p])-1] += " " + outcome
	h.returned[p]++
	return h
}

func (h history) key() string { return fmt.Sprint(h.text) }

// produced visits all runs of a program on the specification, calls and returns at any time.
func (p *tiny) produced() map[string]bool {
	seen, visited := map[string]bool{}, map[string]bool{}
	var log model.UndoLog
	var visit func(h history)
	visit = func(h history) {
		k := h.key()
		seen[k] = true
		hash := p.state.Hash()
		at := k + string(hash[:])
		if visited[at] {
			return
		}
		visited[at] = true
		for i, f := range p.frames {
			switch {
			case h.called[i] == h.returned[i] && h.called[i] < len(p.ops[i]):
				p.state.Call(f, p.ops[i][h.called[i]], &log)
				visit(h.call(i))
				p.state.Revert(&log)
			case p.state.HasOutcome(f):
				outcome := p.state.Return(f, &log).String()
				visit(h.ret(i, outcome))
				p.state.Revert(&log)
			}
		}
		for _, a := range model.Enabled(p.state, nil) {
			model.Apply(p.state, a, &log)
			visit(h)
			p.state.Revert(&log)
		}
	}
	visit(newHistory(len(p.frames)))
	return seen
}

// accepted visits all histories that the oracle accepts: it is asked for every call and every
// return that it would take.
func (p *tiny) accepted(t *testing.T) map[string]bool {
	seen := map[string]bool{}
	var visit func(h history, states []*model.State)
	visit = func(h history, states []*model.State) {
		k := h.key()
		if seen[k] {
			return // one history is one set of states
		}
		seen[k] = true
		for i, f := range p.frames {
			switch {
			case h.called[i] == h.returned[i] && h.called[i] < len(p.ops[i]):
				var next []*model.State
				for _, s := range states {
					s = s.Clone()
					s.Call(f, p.ops[i][h.called[i]], nil)
					next = append(next, s)
				}
				visit(h.call(i), next)
			case h.called[i] > h.returned[i]:
				c := &checker{o: CheckOptions{Budget: 1_000_000}, labels: []spec.Label{{Kind: spec.ReturnLabel}}, report: &Report{}, states: states, blind: true}
				found, complete := c.search(0, func(s *model.State) bool { return s.HasOutcome(f) }, nil)
				if !complete {
					t.Fatal("the budget is used up")
				}
				outcomes := map[string][]*model.State{}
				for _, s := range found {
					text := s.Return(f, nil).String()
					outcomes[text] = append(outcomes[text], s)
				}
				for _, text := range slices.Sorted(maps.Keys(outcomes)) {
					visit(h.ret(i, text), outcomes[text])
				}
			}
		}
	}
	visit(newHistory(len(p.frames)), []*model.State{p.state})
	return seen
}

// words lists the words of that length over an alphabet.
func words(letters, length int) [][]int {
	if length == 0 {
		return [][]int{nil}
	}
	var out [][]int
	for _, w := range words(letters, length-1) {
		for l := range letters {
			out = append(out, append(slices.Clone(w), l))
		}
	}
	return out
}

// programs calls f for each program of so many processes, which are all alike: an order of
// them means nothing.
func programs(processes int, words [][]int, f func([][]int)) {
	var pick func(from int, chosen [][]int)
	pick = func(from int, chosen [][]int) {
		if len(chosen) == processes {
			f(chosen)
			return
		}
		for i := from; i < len(words); i++ {
			pick(i, append(slices.Clone(chosen), words[i]))
		}
	}
	pick(0, nil)
}

// The histories that the specification produces are those that the oracle accepts: of every
// program of 2 processes by 3 operations and of 3 by 2.
func TestExactness(t *testing.T) {
	step := *exactly
	if testing.Short() {
		step *= 10
	}
	for _, a := range alphabets {
		if *part != "" && a.area != *part {
			continue
		}
		t.Run(a.area, func(t *testing.T) { t.Parallel(); a.exactness(t, step) })
	}
}

func (a alphabet) exactness(t *testing.T, step int) {
	began := time.Now()
	total, classes := 0, 0
	for _, shape := range []struct{ processes, operations int }{{2, 3}, {3, 2}} {
		nth := 0
		programs(shape.processes, words(len(a.calls), shape.operations), func(letters [][]int) {
			if nth++; nth%step != step/2%step || t.Failed() {
				return
			}
			produced := a.begin(t, model.Config{Free: true}, letters).produced()
			accepted := a.begin(t, model.Config{Untimed: true}, letters).accepted(t)
			total++
			classes += len(produced)
			if !maps.Equal(produced, accepted) {
				t.Errorf("%s %v: %d histories are produced, %d accepted\nnot accepted: %.300v\nnot produced: %.300v", a.area, letters,
					len(produced), len(accepted), missing(produced, accepted), missing(accepted, produced))
			}
		})
	}
	t.Logf("%s: %d programs, %d classes of histories, %.1f minutes", a.area, total, classes, time.Since(began).Minutes())
}

func missing(from, in map[string]bool) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(from)) {
		if !in[k] {
			out = append(out, k)
		}
	}
	return strings.Join(out, "\n")
}
