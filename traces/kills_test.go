package traces

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Exactness of kills: what can be told of a process that is killed, joined and asked after, where it is
// told late, is what the oracle allows. What can be told is made here in another way than the oracle's:
// the specification goes its own way, what it shows waits in a queue of its frame until it is heard, and
// code goes on once it has heard.

// A killing is a small program: what the test does to a process, and what code of the process does.
type killing struct {
	test []string   // kill, join, alive, read
	code [][]string // by callback: add, protect (which runs the next two callbacks), die
}

// An account is one way in which things may stand: the state of the specification, and what is not heard.
type account struct {
	state  *model.State
	frames []shown // in the order in which they began; the test's first
}

// A shown is a frame with what it has shown and nobody heard.
type shown struct {
	id       model.ID
	callback spec.Callback
	queue    []string // enter, =VALUE, gone, leave
	begun    bool     // its beginning has been heard
	calls    int      // that its code has made
	open     bool     // it waits to hear of the last
	dead     bool     // its process has unwound
	over     bool     // nothing more comes of it
	unwound  bool     // a kill has: what of it is still to be heard may never be
}

func (a *account) clone() *account {
	c := &account{state: a.state.Clone(), frames: slices.Clone(a.frames)}
	for i := range c.frames {
		c.frames[i].queue = slices.Clone(c.frames[i].queue)
	}
	return c
}

func (a *account) key() string {
	return fmt.Sprintf("%x %v", a.state.Hash(), a.frames)
}

// kills goes through what can be told of one program.
type kills struct {
	t       *testing.T
	program killing
	u       *model.Universe
	ops     map[string]model.Operation
	calls   map[string]spec.Call // as the trace has them
	refs    map[string]string    // of the trace, by those of the specification
	setUp   []spec.Label
	checked int
}

func (k *kills) words(f *shown) []string {
	if f.callback == 0 {
		return k.program.test
	}
	return k.program.code[f.callback-1]
}

// begin makes log, code and process.
func (k *kills) begin() *account {
	k.u = model.NewUniverse()
	s := model.NewState(k.u, model.Config{Untimed: true, Heard: true, Open: true})
	k.ops, k.calls, k.refs = map[string]model.Operation{}, map[string]spec.Call{}, map[string]string{}
	k.setUp = []spec.Label{{Kind: spec.EnterLabel, Process: spec.Ref{ID: "test", Type: "process"}}}
	do := func(name string, ours, theirs spec.Call) (ref, named spec.Value) {
		o, err := model.Decode(k.u, ours)
		if err != nil {
			k.t.Fatal(err)
		}
		s.Call(s.Test(), o, nil)
		for !s.HasOutcome(s.Test()) {
			model.Apply(s, model.Enabled(s, nil)[0], nil)
		}
		ref = s.Return(s.Test(), nil).Primary()
		named = spec.Ref{ID: name, Type: name}
		k.setUp = append(k.setUp, spec.Label{Kind: spec.CallLabel, Call: theirs},
			spec.Label{Kind: spec.ReturnLabel, Return: spec.Values(named)})
		return ref, named
	}
	same := func(name, op string, args ...any) (ref, named spec.Value) {
		c := spec.NewCall(op, nil, args...)
		return do(name, c, c)
	}
	log, theirLog := same("log", "make-log")
	code, theirCode := same("code", "make-function", spec.Callback(1))
	p, theirP := do("p", spec.NewCall("process-run-function", nil, "p", nil, code), spec.NewCall("process-run-function", nil, "p", nil, theirCode))
	both := func(name, op string, args func(log, p spec.Value) []any, keys ...any) {
		ours := spec.NewCall(op, keys, args(log, p)...)
		o, err := model.Decode(k.u, ours)
		if err != nil {
			k.t.Fatal(err)
		}
		k.ops[name], k.calls[name] = o, spec.NewCall(op, keys, args(theirLog, theirP)...)
	}
	target := func(_, p spec.Value) []any { return []any{p} }
	both("kill", "process-kill", target)
	both("force", "process-terminate", target, key.ForceTimeout(0))
	both("method", "current-process-set-terminate-method", func(_, _ spec.Value) []any { return nil })
	both("handle", "process-all-events", func(_, _ spec.Value) []any { return nil })
	both("join", "process-join", target)
	both("alive", "process-alive-p", target)
	both("read", "log-read", func(log, _ spec.Value) []any { return []any{log} })
	both("add", "log-append", func(log, _ spec.Value) []any { return []any{log, 1} })
	both("mark", "log-append", func(log, _ spec.Value) []any { return []any{log, 2} })
	both("die", "current-process-kill", func(_, _ spec.Value) []any { return nil })
	both("protect", "unwind-protect", func(_, _ spec.Value) []any { return []any{spec.Callback(2), spec.Callback(3)} })
	a := &account{state: s}
	a.frames = append(a.frames, shown{id: s.Test(), begun: true})
	return a
}

// silent gives what may happen without being heard.
func (k *kills) silent(a *account) []*account {
	var out []*account
	for _, act := range model.Enabled(a.state, nil) {
		c := a.clone()
		label := model.Apply(c.state, act, nil)
		switch label.Kind {
		case model.Entered:
			c.frames = append(c.frames, shown{id: label.Frame, callback: c.state.CodeOf(label.Frame), queue: []string{"enter"}})
		case model.Left:
			k.unwinds(c.frame(label.Frame))
		}
		// Where cleanups run before it unwinds, be there any or not, a process's code may hear of its end before (CLEAN-UNW-1): the forms
		// of its unwind-protects run afterwards.
		for i := range c.frames {
			if f := &c.frames[i]; c.state.Doomed(f.id) && !c.state.HasLeft(f.id) {
				k.unwinds(f)
			}
		}
		out = append(out, c)
	}
	for i := range a.frames {
		f := &a.frames[i]
		switch {
		case f.dead:
		case f.open && a.state.HasOutcome(f.id): // its code takes it
			c := a.clone()
			text := c.state.Return(f.id, nil).String()
			if op := spec.LookupOp(c.op(k, i)); len(op.Results) > 0 && op.SaysNothing() {
				text = "any"
			} else if strings.HasPrefix(text, "error") {
				text = "error"
			}
			c.frames[i].queue = append(c.frames[i].queue, "="+text)
			out = append(out, c)
		case f.id != a.state.Test() && f.calls == len(k.words(f)) && a.state.IsIdle(f.id):
			c := a.clone()
			c.state.Leave(f.id, []spec.Value{spec.Int(f.callback)}, nil)
			c.frames[i].queue = append(c.frames[i].queue, "leave")
			c.frames[i].dead, c.frames[i].over = true, true
			out = append(out, c)
		}
	}
	return out
}

// unwinds has a frame be unwound: what is open there never returns.
func (k *kills) unwinds(f *shown) {
	if f.dead {
		return
	}
	f.dead, f.unwound = true, true
	if f.open && !slices.ContainsFunc(f.queue, func(s string) bool { return s[0] == '=' }) {
		f.queue = append(f.queue, "gone", "leave")
		f.over = true
	} else if f.calls == len(k.words(f)) {
		f.queue = append(f.queue, "leave")
		f.over = true
	}
}

func (a *account) op(k *kills, i int) string {
	f := &a.frames[i]
	return k.calls[k.words(f)[f.calls-1]].Op
}

func (a *account) frame(id model.ID) *shown {
	return &a.frames[slices.IndexFunc(a.frames, func(f shown) bool { return f.id == id })]
}

// closure adds whatever may happen without being heard.
func (k *kills) closure(all []*account) []*account {
	seen := map[string]bool{}
	var out []*account
	add := func(a *account) {
		if key := a.key(); !seen[key] {
			seen[key] = true
			out = append(out, a)
		}
	}
	for _, a := range all {
		add(a)
	}
	for i := 0; i < len(out); i++ {
		for _, b := range k.silent(out[i]) {
			add(b)
		}
	}
	return out
}

// heard gives what may be heard next, by its words, with how things then stand. A frame is named by its
// callback, which is run once.
func (k *kills) heard(all []*account) map[string][]*account {
	out := map[string][]*account{}
	for _, a := range all {
		for i := range a.frames {
			f := &a.frames[i]
			if len(f.queue) > 0 {
				c := a.clone()
				g := &c.frames[i]
				word := g.queue[0]
				g.queue = g.queue[1:]
				g.begun = g.begun || word == "enter"
				if word[0] == '=' || word == "gone" {
					g.open = false
				}
				what := fmt.Sprintf("%d %s", f.callback, word)
				out[what] = append(out[what], c)
				continue
			}
			if !f.begun || f.open || f.over || f.calls == len(k.words(f)) {
				continue
			}
			c := a.clone()
			g := &c.frames[i]
			word := k.words(g)[g.calls]
			g.calls++
			g.open = true
			if g.dead {
				g.queue = append(g.queue, "gone", "leave")
				g.over = true
			} else {
				c.state.Call(g.id, k.ops[word], nil)
			}
			what := fmt.Sprintf("%d call %s", f.callback, word)
			out[what] = append(out[what], c)
		}
	}
	return out
}

// label puts words into a label.
func (k *kills) label(what string) spec.Label {
	callback, rest, _ := strings.Cut(what, " ")
	var number int
	fmt.Sscan(callback, &number)
	l := spec.Label{Frame: number}
	switch word, op, _ := strings.Cut(rest, " "); {
	case word == "enter":
		l.Kind, l.Process, l.Callback = spec.EnterLabel, spec.Ref{ID: "p", Type: "process"}, spec.Callback(number)
	case word == "leave":
		l.Kind, l.Return = spec.LeaveLabel, spec.Values(spec.Int(number))
	case word == "gone":
		l.Kind = spec.GoneLabel
	case word == "call":
		l.Kind, l.Call = spec.CallLabel, k.calls[op]
	default:
		l.Kind = spec.ReturnLabel
		switch rest {
		case "=any", "=t":
			l.Return = spec.Values(spec.True{})
		case "=error":
			l.Return = spec.Signal("simple-error", "refused")
		case "=nil":
			l.Return = spec.Values(spec.Nil{})
		case "=0", "=2", "=3":
			l.Return = spec.Values(spec.Int(rest[1] - '0'))
		default:
			var items []spec.Value
			for _, word := range strings.Fields(strings.Trim(rest, "=()")) {
				var n int
				fmt.Sscan(word, &n)
				items = append(items, spec.Int(n))
			}
			l.Return = spec.Values(spec.NewList(items...))
		}
	}
	return l
}

// possible lists what a trace could go on with, whatever the specification says.
func (k *kills) possible(history []string) []string {
	type teller struct{ begun, open, gone, left bool }
	frames, calls := map[int]*teller{0: {begun: true}}, map[int]int{}
	for _, what := range history {
		callback, rest, _ := strings.Cut(what, " ")
		var n int
		fmt.Sscan(callback, &n)
		if frames[n] == nil {
			frames[n] = &teller{}
		}
		f := frames[n]
		switch word, _, _ := strings.Cut(rest, " "); word {
		case "enter":
			f.begun = true
		case "call":
			f.open = true
			calls[n]++
		case "leave":
			f.left = true
		default:
			f.open, f.gone = false, word == "gone"
		}
	}
	var out []string
	add := func(n int, words ...string) {
		for _, w := range words {
			out = append(out, fmt.Sprintf("%d %s", n, w))
		}
	}
	for n := range len(k.program.code) + 1 {
		f, words := frames[n], k.program.test
		if n > 0 {
			words = k.program.code[n-1]
		}
		switch {
		case f == nil:
			add(n, "enter")
		case f.left:
		case f.open:
			switch words[calls[n]-1] {
			case "join", "alive":
				add(n, "=t", "=nil")
			case "handle":
				add(n, "=t", "=nil", "gone")
			case "force":
				add(n, "=0", "=error")
			case "read":
				add(n, "=nil", "=(1)", "=(2)", "=(1 2)", "=(2 1)")
			case "die":
				add(n, "=nil", "gone")
			case "protect":
				add(n, "=2", "=3", "gone")
			default:
				add(n, "=any")
				if n > 0 {
					add(n, "gone")
				}
			}
		case n > 0 && (f.gone || calls[n] == len(words)):
			add(n, "leave")
		case !f.gone && calls[n] < len(words):
			add(n, "call "+words[calls[n]])
		}
	}
	return out
}

// compare goes through all that can be told and all that is allowed at once. Whole traces are compared,
// which end when the test does and all has been heard: of those that end before, more is allowed, since
// what code would have done is not in them.
func (k *kills) compare(history []string, labels []spec.Label, all []*account) bool {
	all = k.closure(all)
	whole := append(slices.Clone(labels), spec.Label{Kind: spec.LeaveLabel})
	can := slices.ContainsFunc(all, func(a *account) bool {
		return !slices.ContainsFunc(a.frames, func(f shown) bool { return len(f.queue) > 0 && !f.unwound })
	})
	k.checked++
	// What is heard after the test has heard its last is not judged.
	last := len(history) == 0 || strings.HasPrefix(history[len(history)-1], "0 =")
	if r := Check(whole, CheckOptions{Slack: leastSlack}); last && can != (r.Verdict == Allowed) {
		k.t.Errorf("%v: can %v be told: %v; the oracle: %s", k.program, history, can, r.Text(whole))
		return false
	}
	told, next := k.heard(all), k.possible(history)
	if last && !slices.ContainsFunc(next, func(what string) bool { return strings.HasPrefix(what, "0 ") }) {
		return true // what comes now isn't judged
	}
	for _, what := range slices.Sorted(maps.Keys(told)) {
		if !slices.Contains(next, what) {
			k.t.Errorf("%v: after %v can be told %q, which is not thought of", k.program, history, what)
			return false
		}
	}
	for _, what := range next {
		further := append(slices.Clone(labels), k.label(what))
		r := Check(further, CheckOptions{Slack: leastSlack})
		if told[what] != nil && r.Verdict != Allowed {
			k.t.Errorf("%v: after %v can be told %q; the oracle: %s", k.program, history, what, r.Text(further))
			return false
		}
		if r.Verdict == Allowed && !k.compare(append(slices.Clone(history), what), further, told[what]) {
			return false
		}
	}
	return true
}

func TestExactnessOfKills(t *testing.T) {
	t.Parallel()
	var programs []killing
	asks := []string{"kill", "join", "alive", "read"}
	for _, first := range asks {
		for _, code := range [][][]string{{{"protect"}, nil, nil}, {{"protect"}, {"add"}, nil}, {{"protect"}, nil, {"mark"}}} {
			programs = append(programs, killing{[]string{first}, code})
		}
		for _, second := range asks {
			for _, code := range [][][]string{{nil}, {{"add"}}, {{"add", "mark"}}, {{"die"}}} {
				programs = append(programs, killing{[]string{first, second}, code})
			}
		}
	}
	for _, code := range [][][]string{{{"method"}}, {{"method", "handle"}}, {{"handle"}}} { // terminated by a send, or by a kill
		programs = append(programs, killing{[]string{"force"}, code}, killing{[]string{"force", "alive"}, code})
	}
	step := 9
	if *exactly < 50 { // all of them, and some that take minutes
		step = 1
		programs = append(programs, killing{[]string{"kill", "join"}, [][]string{{"protect"}, nil, nil}})
	}
	checked, count := 0, 0
	for n := 0; n < len(programs) && !t.Failed(); n += step {
		k := &kills{t: t, program: programs[n]}
		a := k.begin()
		k.compare(nil, k.setUp, []*account{a})
		checked += k.checked
		count++
	}
	t.Logf("KILL: %d programs, %d histories judged", count, checked)
}
