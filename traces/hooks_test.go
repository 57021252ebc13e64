package traces

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Exactness of status hooks: what can be told of a program that is started with one, asked after and ended, is what the
// oracle allows, in every order of the labels. What can be told is made here in another way than the oracle's: the
// specification goes its own way, and what it shows of code waits in a queue of its frame until it is heard. Ahead
// nothing waits.

// A hooking is a small program: what the test does with the external program, what another process does, and what
// the hook does each time. The hook is called so many times at most.
type hooking struct {
	test, other, hook []string
	calls             int
}

// hookingOps are the operations, by their words, with what they are seen to return; each may fail too. C is the child and
// P the process object.
var hookingOps = map[string]struct {
	call    spec.Call
	returns []spec.Return
}{
	"start": {spec.NewCall("start", []any{key.Input(nil), key.Output(nil), key.Error(nil), key.StatusHook(spec.Ref{ID: "hook", Type: "function"})},
		thePath, nil), []spec.Return{spec.Values(spec.Ref{ID: "P", Type: "external-process"})}},
	"status": {spec.NewCall("process-status", nil, spec.Ref{ID: "P", Type: "external-process"}), []spec.Return{
		spec.Values(spec.Keyword("running"), spec.Nil{}), spec.Values(spec.Keyword("stopped"), spec.Int(19)), spec.Values(spec.Keyword("stopped"), spec.Nil{}),
		spec.Values(spec.Keyword("stopped"), spec.Int(0)), spec.Values(spec.Keyword("exited"), spec.Int(3)), spec.Values(spec.Keyword("signaled"), spec.Int(9)),
		spec.Values(spec.Keyword("exited"), spec.Int(0)), spec.Values(spec.Keyword("running"), spec.Int(0)),
	}},
	"kill": {spec.NewCall("signal-process", nil, spec.Ref{ID: "P", Type: "external-process"}, spec.Keyword("killed")), anything},
	"stop": {spec.NewCall("signal-process", nil, spec.Ref{ID: "P", Type: "external-process"}, 19), anything},
	"go":   {spec.NewCall("signal-process", nil, spec.Ref{ID: "P", Type: "external-process"}, 18), anything},
	"exit": {spec.NewCall("child-tell", nil, spec.Ref{ID: "C", Type: "child"}, spec.Keyword("exit"), 3), anything},
	"ended": {spec.NewCall("child-await", nil, spec.Ref{ID: "C", Type: "child"}, spec.Keyword("ended")), []spec.Return{
		spec.Values(spec.Keyword("zombie")), spec.Values(spec.Keyword("absent")),
	}},
}

// thePath is that of the program, in the trace.
const thePath = spec.String("/program")

// anything is where no document says what is returned.
var anything = []spec.Return{spec.Values(spec.True{})}

// The frames of a hooking that are not those of hooks, by their numbers in the trace.
const (
	ofTest = iota
	ofOther
	onThread = -1 // a hook runs there, and in neither
)

// A standing is one way in which things may stand: the state of the specification, and what is not heard of its code.
type standing struct {
	state  *model.State
	frames []speaker // the test's, that of the other process, hooks as they began
}

// A speaker is a frame with what it has shown and nobody heard.
type speaker struct {
	id     model.ID
	on     int      // ofTest, ofOther, onThread: whose it is
	number int      // of the trace, once it is heard of; -1
	queue  []string // what waits: enter, =VALUES, leave
	calls  int      // that its code has made
	open   bool     // it waits to hear of the last
	taken  bool     // which has returned
	over   bool
}

func (s *standing) clone() *standing {
	next := &standing{s.state.Clone(), slices.Clone(s.frames)}
	for i := range next.frames {
		next.frames[i].queue = slices.Clone(next.frames[i].queue)
	}
	return next
}

// takes has the code of a frame take what its operation has returned, in words.
func (k *hookings) takes(next *standing, i int) string {
	its := &next.frames[i]
	number := its.number
	if i > ofOther {
		number = ofOther + 1
	}
	return "=" + k.outcome(k.words(number)[its.calls-1], next.state.Return(its.id, nil))
}

func (s *standing) key() string { return fmt.Sprintf("%x %v", s.state.Hash(), s.frames) }

// hookings goes through what can be told of one program.
type hookings struct {
	program hooking
	late    bool
	broken  model.Mutant // what is broken of the specification that tells
	u       *model.Universe
	object  spec.Value
	ops     map[string]model.Operation
	setUp   []spec.Label
	checked int
}

func (k *hookings) words(number int) []string {
	switch number {
	case ofTest:
		return k.program.test
	case ofOther:
		return k.program.other
	}
	return k.program.hook
}

// begin prepares the child, makes the functions and has the other process begin.
func (k *hookings) begin() *standing {
	k.u = model.NewUniverse()
	s := model.NewState(k.u, model.Config{Untimed: true, Lossy: true, Heard: k.late, Open: true, Mutant: k.broken})
	ours := map[string]spec.Value{}
	k.setUp = []spec.Label{{Kind: spec.EnterLabel, Process: spec.Ref{ID: "test", Type: "process"}}}
	do := func(c spec.Call, named ...spec.Value) {
		s.Call(s.Test(), k.decode(ours, c), nil)
		for !s.HasOutcome(s.Test()) {
			model.Apply(s, model.Enabled(s, nil)[0], nil)
		}
		k.setUp = append(k.setUp, spec.Label{Kind: spec.CallLabel, Call: c}, spec.Label{Kind: spec.ReturnLabel, Return: spec.Values(named...)})
		returned := s.Return(s.Test(), nil)
		for i, v := range named {
			if ref, ok := v.(spec.Ref); ok {
				ours[ref.ID] = returned.Nth(i)
			} else {
				ours[v.String()] = returned.Nth(i)
			}
		}
	}
	do(spec.NewCall("child-prepare", nil), spec.Ref{ID: "C", Type: "child"}, spec.String("command"), thePath)
	do(spec.NewCall("make-function", nil, spec.Callback(1)), spec.Ref{ID: "hook", Type: "function"})
	do(spec.NewCall("make-function", nil, spec.Callback(2)), spec.Ref{ID: "code", Type: "function"})
	do(spec.NewCall("process-run-function", nil, "other", nil, spec.Ref{ID: "code", Type: "function"}), spec.Ref{ID: "other", Type: "process"})
	begun := model.Apply(s, model.Enabled(s, nil)[0], nil)
	k.setUp = append(k.setUp, spec.Label{Kind: spec.EnterLabel, Frame: ofOther, Process: spec.Ref{ID: "other", Type: "process"}, Callback: 2})
	k.ops = map[string]model.Operation{}
	start := k.decode(ours, hookingOps["start"].call)
	probe := s.Clone()
	for probe.Call(probe.Test(), start, nil); !probe.HasOutcome(probe.Test()); {
		model.Apply(probe, model.Enabled(probe, nil)[0], nil)
	}
	k.object = probe.Return(probe.Test(), nil).Primary()
	ours["P"] = k.object
	for word, op := range hookingOps {
		k.ops[word] = k.decode(ours, op.call)
	}
	return &standing{s, []speaker{{id: s.Test(), on: ofTest, number: ofTest}, {id: begun.Frame, on: ofOther, number: ofOther}}}
}

// decode reads a call of the trace in terms of the specification.
func (k *hookings) decode(ours map[string]spec.Value, c spec.Call) model.Operation {
	translate := func(v spec.Value) spec.Value {
		switch ref, isRef := v.(spec.Ref); {
		case isRef:
			return ours[ref.ID]
		case v == spec.Value(thePath):
			return ours[thePath.String()]
		}
		return v
	}
	c.Args, c.Keys = slices.Clone(c.Args), slices.Clone(c.Keys)
	for i, v := range c.Args {
		c.Args[i] = translate(v)
	}
	for i := range c.Keys {
		c.Keys[i].Value = translate(c.Keys[i].Value)
	}
	o, err := model.Decode(k.u, c)
	if err != nil {
		panic(err)
	}
	return o
}

// silent gives what may happen without being heard.
func (k *hookings) silent(s *standing) []*standing {
	var out []*standing
	for _, act := range model.Enabled(s.state, nil) {
		if next, began := k.apply(s, act); next != nil && (!began || k.late) {
			out = append(out, next)
		}
	}
	if !k.late {
		return out
	}
	for i, f := range s.frames {
		switch {
		case f.over:
		case f.open && !f.taken && s.state.HasOutcome(f.id):
			next := s.clone()
			next.frames[i].queue = append(next.frames[i].queue, k.takes(next, i))
			next.frames[i].taken = true
			out = append(out, next)
		case i > ofOther && f.open == f.taken && f.calls == len(k.program.hook) && s.state.Innermost(s.state.ProcessOf(f.id)) == f.id:
			next := s.clone()
			next.state.Leave(f.id, nil, nil)
			next.frames[i].queue, next.frames[i].over = append(next.frames[i].queue, "leave"), true
			out = append(out, next)
		}
	}
	return out
}

// apply does an act, and tells whether a hook began; nil where it is called too often.
func (k *hookings) apply(s *standing, act model.Act) (next *standing, began bool) {
	next = s.clone()
	label := model.Apply(next.state, act, nil)
	if label.Kind != model.Entered {
		return next, false
	}
	if len(s.frames) == ofOther+1+k.program.calls {
		return nil, false
	}
	on := onThread
	for n := range ofOther + 1 {
		if next.state.ProcessOf(label.Frame) == next.state.ProcessOf(s.frames[n].id) {
			on = n
		}
	}
	what := "enter"
	if entry := next.state.Entry(label.Frame); entry.Callback != 1 || !slices.Equal(entry.Arguments, []spec.Value{k.object}) {
		what = fmt.Sprintf("begins %d with %s", entry.Callback, spec.NewList(entry.Arguments...))
	}
	next.frames = append(next.frames, speaker{id: label.Frame, on: on, number: -1, queue: []string{what}})
	return next, true
}

// closure adds whatever may happen without being heard.
func (k *hookings) closure(all []*standing) []*standing {
	seen := map[string]bool{}
	var out []*standing
	add := func(s *standing) {
		if key := s.key(); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	for _, s := range all {
		add(s)
	}
	for i := 0; i < len(out); i++ {
		for _, next := range k.silent(out[i]) {
			add(next)
		}
	}
	return out
}

// heard gives what may be heard next, by its words, with how things then stand. A frame is named by its number in the
// trace, a new one by where it runs.
func (k *hookings) heard(all []*standing) map[string][]*standing {
	out := map[string][]*standing{}
	hear := func(what string, s *standing) { out[what] = append(out[what], s) }
	enters := func(s *standing, i int) {
		number := ofOther + 1
		for _, f := range s.frames {
			number = max(number, f.number+1)
		}
		s.frames[i].number, s.frames[i].queue = number, s.frames[i].queue[1:]
		hear(fmt.Sprintf("%d enter %d", number, s.frames[i].on), s)
	}
	for _, s := range all {
		if !k.late { // what begins is heard at once
			for _, act := range model.Enabled(s.state, nil) {
				next, began := k.apply(s, act)
				if !began {
					continue
				}
				if last := len(next.frames) - 1; next.frames[last].queue[0] == "enter" {
					enters(next, last)
				} else {
					hear(next.frames[last].queue[0], next)
				}
			}
		}
		for i, f := range s.frames {
			next := s.clone()
			its := &next.frames[i]
			switch {
			case len(f.queue) > 0 && f.queue[0] == "enter":
				enters(next, i)
			case len(f.queue) > 0:
				its.queue = its.queue[1:]
				if f.queue[0][0] == '=' {
					its.open, its.taken = false, false
				}
				hear(fmt.Sprintf("%d %s", f.number, f.queue[0]), next)
			case !k.late && f.open && s.state.HasOutcome(f.id):
				its.open = false
				hear(fmt.Sprintf("%d %s", f.number, k.takes(next, i)), next)
			case f.open, f.over, !s.state.IsIdle(f.id):
			case f.calls < len(k.words(f.number)):
				if !k.late && s.state.Innermost(s.state.ProcessOf(f.id)) != f.id { // a hook runs within
					continue
				}
				if by := s.frames[ofTest]; f.number == ofOther && (by.calls == 0 || by.calls == 1 && by.open) { // it has nothing to name yet
					continue
				}
				word := k.words(f.number)[f.calls]
				its.calls++
				its.open = true
				next.state.Call(f.id, k.ops[word], nil)
				hear(fmt.Sprintf("%d call %s", f.number, word), next)
			case !k.late && f.number > ofOther:
				its.over = true
				next.state.Leave(f.id, nil, nil)
				hear(fmt.Sprintf("%d leave", f.number), next)
			}
		}
	}
	return out
}

// outcome puts what an operation returns into words: as it is seen.
func (k *hookings) outcome(word string, r spec.Return) string {
	switch op := hookingOps[word]; {
	case r.Status == spec.Signalled:
		return "error"
	case len(op.returns) == 1: // whatever it is
		return op.returns[0].String()
	}
	return r.String()
}

// label puts words into a label.
func (k *hookings) label(history []string, what string) spec.Label {
	number, rest, _ := strings.Cut(what, " ")
	l := spec.Label{}
	fmt.Sscan(number, &l.Frame)
	switch verb, word, _ := strings.Cut(rest, " "); {
	case verb == "enter":
		l.Kind, l.Callback, l.Args = spec.EnterLabel, 1, hookingOps["status"].call.Args
		switch word {
		case fmt.Sprint(ofTest):
			l.Process = spec.Ref{ID: "test", Type: "process"}
		case fmt.Sprint(ofOther):
			l.Process = spec.Ref{ID: "other", Type: "process"}
		}
	case verb == "leave":
		l.Kind = spec.LeaveLabel
	case verb == "call":
		l.Kind, l.Call = spec.CallLabel, hookingOps[word].call
	case rest == "=error":
		l.Kind, l.Return = spec.ReturnLabel, spec.Signal("simple-error", "refused")
	default:
		l.Kind = spec.ReturnLabel
		t := tellings(history)
		word := k.words(l.Frame)[t[l.Frame].calls-1]
		for _, r := range hookingOps[word].returns {
			if "="+r.String() == rest {
				l.Return = r
			}
		}
	}
	return l
}

// A told frame is what a history says of one.
type toldFrame struct {
	on, calls  int
	open, over bool
}

// tellings reads a history: by the numbers of frames.
func tellings(history []string) []toldFrame {
	out := []toldFrame{{on: ofTest}, {on: ofOther}}
	for _, what := range history {
		var n int
		number, rest, _ := strings.Cut(what, " ")
		fmt.Sscan(number, &n)
		switch verb, word, _ := strings.Cut(rest, " "); verb {
		case "enter":
			out = append(out, toldFrame{})
			fmt.Sscan(word, &out[n].on)
		case "leave":
			out[n].over = true
		case "call":
			out[n].open = true
			out[n].calls++
		default:
			out[n].open = false
		}
	}
	return out
}

// possible lists what a trace could go on with, whatever the specification says: code calls what its words are, one after
// the other, and not while code within it does; the object is there to be named once start has returned it, or the hook
// was given it.
func (k *hookings) possible(history []string) []string {
	told := tellings(history)
	known := slices.Contains(history, fmt.Sprintf("%d =%s", ofTest, hookingOps["start"].returns[0]))
	var out []string
	for n, f := range told {
		words := k.words(n)
		within := slices.ContainsFunc(told[max(n, ofOther)+1:], func(g toldFrame) bool {
			return !k.late && g.on == f.on && f.on != onThread && !g.over
		})
		switch {
		case f.over:
		case f.open:
			for _, r := range hookingOps[words[f.calls-1]].returns {
				out = append(out, fmt.Sprintf("%d =%s", n, r))
			}
			out = append(out, fmt.Sprintf("%d =error", n))
		case within:
		case f.calls < len(words):
			if words[f.calls] == "start" || n > ofOther || known {
				out = append(out, fmt.Sprintf("%d call %s", n, words[f.calls]))
			}
		case n > ofOther:
			out = append(out, fmt.Sprintf("%d leave", n))
		}
	}
	if told[ofTest].calls > 0 && len(told) < ofOther+1+k.program.calls {
		for _, on := range []int{onThread, ofTest, ofOther} {
			out = append(out, fmt.Sprintf("%d enter %d", len(told), on))
		}
	}
	return out
}

// unheard is what is still to be heard, in words: of the frames in their order, at most one of them new.
func (s *standing) unheard() []string {
	var out []string
	number := ofOther + 1
	for _, f := range s.frames {
		number = max(number, f.number+1)
	}
	for _, f := range s.frames {
		if f.number < 0 {
			continue
		}
		for _, what := range f.queue {
			out = append(out, fmt.Sprintf("%d %s", f.number, what))
		}
	}
	for _, f := range s.frames {
		if f.number >= 0 {
			continue
		}
		for _, what := range f.queue {
			if what == "enter" {
				what = fmt.Sprintf("enter %d", f.on)
			}
			out = append(out, fmt.Sprintf("%d %s", number, what))
		}
		number++
	}
	return out
}

// rests lists what may be heard once the test has left: that hooks have ended, and that one more was called.
func (k *hookings) rests(history []string) [][]string {
	told := tellings(history)
	out := [][]string{nil}
	if !k.late {
		return out
	}
	for n, f := range told {
		if n <= ofOther || f.over || f.open || f.calls < len(k.program.hook) {
			continue
		}
		var more [][]string
		for _, rest := range out {
			more = append(more, append(slices.Clone(rest), fmt.Sprintf("%d leave", n)))
		}
		out = append(out, more...)
	}
	if told[ofTest].calls == 0 || len(told) == ofOther+1+k.program.calls {
		return out
	}
	for _, rest := range slices.Clone(out) {
		for _, on := range []int{onThread, ofTest, ofOther} {
			enters := append(slices.Clone(rest), fmt.Sprintf("%d enter %d", len(told), on))
			out = append(out, enters)
			if len(k.program.hook) == 0 {
				out = append(out, append(slices.Clone(enters), fmt.Sprintf("%d leave", len(told))))
			}
		}
	}
	return out
}

// compare goes through all that can be told and all that is allowed at once, and tells of the first difference. Whole
// traces are compared, which end when the test does and all has been heard; of others that nothing is refused that can be
// told.
func (k *hookings) compare(history []string, labels []spec.Label, all []*standing) (why string) {
	all = k.closure(all)
	told, next := k.heard(all), k.possible(history)
	if last := tellings(history)[ofTest]; !last.open && last.calls == len(k.program.test) {
		for _, rest := range k.rests(history) {
			whole := slices.Clone(labels)
			for _, what := range append([]string{"0 leave"}, rest...) {
				whole = append(whole, k.label(history, what))
			}
			can := slices.ContainsFunc(all, func(s *standing) bool { return slices.Equal(s.unheard(), rest) })
			k.checked++
			if can != (k.judge(whole) == Allowed) {
				return fmt.Sprintf("can %q be told, and then %q: %v; the oracle: %s", history, rest, can, Check(whole, k.options()).Text(whole))
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(told)) {
		if !slices.Contains(next, what) {
			return fmt.Sprintf("after %q can be told %q, which is not thought of", history, what)
		}
	}
	for _, what := range next {
		further := append(slices.Clone(labels), k.label(history, what))
		verdict := k.judge(further)
		if told[what] != nil && verdict == Forbidden {
			return fmt.Sprintf("after %q can be told %q; the oracle: %s", history, what, Check(further, k.options()).Text(further))
		}
		if verdict == Forbidden { // before start has returned nothing says which object a hook is given
			k.checked++
			continue
		}
		if why := k.compare(append(slices.Clone(history), what), further, told[what]); why != "" {
			return why
		}
	}
	return ""
}

func (k *hookings) options() CheckOptions {
	return CheckOptions{Virtual: !k.late, Slack: leastSlack, Budget: DefaultBudget}
}

// judge is what the oracle says, which need not say why.
func (k *hookings) judge(labels []spec.Label) Verdict { return check(labels, k.options()).Verdict }

// hookingPrograms lists them: the test starts the program and does one or two things with it, or it does one and another
// process one beside.
func hookingPrograms(hook []string, calls int) []hooking {
	words := []string{"status", "kill", "stop", "exit", "ended"}
	out := []hooking{{test: []string{"start"}, hook: hook, calls: calls}}
	for _, first := range words {
		out = append(out, hooking{test: []string{"start", first}, hook: hook, calls: calls})
		for _, second := range words {
			out = append(out, hooking{test: []string{"start", first, second}, hook: hook, calls: calls})
			if calls == 1 {
				out = append(out, hooking{test: []string{"start", first}, other: []string{second}, hook: hook, calls: calls})
			}
		}
	}
	return out
}

// difference is the first between what can be told of a program and what the oracle allows, "" for none. The
// specification that tells may be broken on purpose.
func (p hooking) difference(late bool, broken model.Mutant) (why string, judged int) {
	k := &hookings{program: p, late: late, broken: broken}
	begun := k.begin()
	why = k.compare(nil, k.setUp, []*standing{begun})
	return why, k.checked
}

func TestExactnessOfHooks(t *testing.T) {
	t.Parallel()
	whole := *exactly < 50
	for _, group := range []struct {
		name     string
		programs []hooking
	}{
		{"once", hookingPrograms(nil, 1)}, {"twice", hookingPrograms(nil, 2)}, {"asks", hookingPrograms([]string{"status"}, 1)},
	} {
		if !whole { // a few of those that are quick
			group.programs = slices.DeleteFunc(group.programs, func(p hooking) bool { return len(p.other) > 0 || p.calls+len(p.hook)+len(p.test) > 4 })
			for n := range group.programs {
				group.programs[n/8] = group.programs[n]
			}
			group.programs = group.programs[:(len(group.programs)+7)/8]
		}
		for _, late := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, late %v", group.name, late), func(t *testing.T) { compareHooks(t, group.programs, late) })
		}
	}
}

func compareHooks(t *testing.T, programs []hooking, late bool) {
	began := time.Now()
	var judged, count atomic.Int64
	var workers sync.WaitGroup
	work := make(chan hooking)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for p := range work {
				why, n := p.difference(late, "")
				if why != "" {
					t.Errorf("%v: %s", p, why)
				}
				judged.Add(int64(n))
				count.Add(1)
			}
		})
	}
	for _, p := range programs {
		if !t.Failed() {
			work <- p
		}
	}
	close(work)
	workers.Wait()
	t.Logf("hooks: %d programs, %d histories judged, %.1f minutes", count.Load(), judged.Load(), time.Since(began).Minutes())
}

// What a broken specification tells is not what the oracle allows.
func TestExactnessNoticesABrokenSpecification(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		broken  model.Mutant
		program hooking
	}{
		{"hook-sees-the-past", hooking{test: []string{"start", "exit"}, hook: []string{"status"}, calls: 1}},
		{"hook-gets-the-status", hooking{test: []string{"start"}, calls: 1}},
		{"status-never-changes", hooking{test: []string{"start", "ended", "status"}, other: []string{"kill"}, calls: 1}},
		{"stopped-is-signaled", hooking{test: []string{"start", "stop", "status"}, calls: 1}},
		{"signal-with-core-bit", hooking{test: []string{"start", "kill", "status"}, calls: 1}},
		{"status-waits", hooking{test: []string{"start", "status"}, calls: 1}},
	} {
		for _, late := range []bool{false, true} {
			if why, judged := test.program.difference(late, test.broken); why == "" {
				t.Errorf("%s, late %v: no difference in %d histories", test.broken, late, judged)
			}
		}
	}
	external := alphabets[slices.IndexFunc(alphabets, func(a alphabet) bool { return a.area == "EXT" })]
	for _, test := range []struct {
		broken  model.Mutant
		letters [][]int
	}{
		{"output-never-ends", [][]int{{4, 3}}},
		{"signals-are-all-one", [][]int{{1, 0}}},
		{"status-without-code", [][]int{{4, 0}}},
	} {
		for _, late := range []bool{false, true} {
			if _, _, why := external.difference(t, test.letters, late, test.broken); why == "" {
				t.Errorf("%s %v, late %v: no difference", test.broken, test.letters, late)
			}
		}
	}
}
