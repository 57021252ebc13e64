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
	ends              bool // the other process does, after that
	interrupts        bool // there is no external program: what a hook is here interrupts a process, or is the body of a scope
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
	"interrupt":      {spec.NewCall("process-interrupt", nil, spec.Ref{ID: "other", Type: "process"}, spec.Ref{ID: "hook", Type: "function"}, theArgument), anything},
	"interrupt test": {spec.NewCall("process-interrupt", nil, spec.Ref{ID: "test", Type: "process"}, spec.Ref{ID: "hook", Type: "function"}, theArgument), anything},
	"block":          {spec.NewCall("with-interrupts-blocked", nil, spec.Callback(theBody)), []spec.Return{spec.Values(spec.Nil{})}},
	"halt":           {spec.NewCall("process-stop", nil, spec.Ref{ID: "other", Type: "process"}), anything},
	"go on":          {spec.NewCall("process-unstop", nil, spec.Ref{ID: "other", Type: "process"}), []spec.Return{spec.Values(spec.True{}), spec.Values(spec.Nil{})}},
	"current": {spec.NewCall("get-current-process", nil), []spec.Return{
		spec.Values(spec.Ref{ID: "test", Type: "process"}), spec.Values(spec.Ref{ID: "other", Type: "process"}),
	}},
}

// theArgument is what interrupts are called with, and theBody the code of a scope.
const (
	theArgument = spec.Int(1)
	theBody     = 3
)

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

// hookings goes through what can be told of one program.
type hookings struct {
	program hooking
	late    bool
	broken  model.Mutant // what is broken of the specification that tells
	u       *model.Universe
	object  spec.Value
	ops     map[string]model.Operation

	owners    [ofOther + 1]model.ID     // the processes
	processes map[spec.Value]spec.Value // those of the trace, by the specification's
	setUp     []spec.Label
	checked   int
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

// leaves tells whether the code of the frame of that number ends, beside the test's.
func (k *hookings) leaves(number int) bool {
	return number > ofOther || number == ofOther && k.program.ends
}

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

// endingPrograms lists some in which the other process ends too, perhaps while a hook runs on it.
func endingPrograms() (out []hooking) {
	for _, hook := range [][]string{nil, {"status"}} {
		out = append(out, hooking{test: []string{"start"}, hook: hook, calls: 1, ends: true},
			hooking{test: []string{"start", "kill"}, hook: hook, calls: 1, ends: true},
			hooking{test: []string{"start"}, other: []string{"status"}, hook: hook, calls: 1, ends: true})
	}
	return append(out, hooking{test: []string{"start"}, calls: 2, ends: true})
}

// interruptingPrograms lists some in which processes interrupt each other.
func interruptingPrograms() (out []hooking) {
	for _, p := range []hooking{
		{test: []string{"interrupt"}, calls: 1},
		{test: []string{"interrupt test"}, calls: 1},
		{test: []string{"interrupt"}, other: []string{"current"}, calls: 1},
		{test: []string{"interrupt"}, other: []string{"current"}, calls: 1, ends: true},
		{test: []string{"interrupt"}, calls: 1, ends: true},
		{test: []string{"current"}, other: []string{"interrupt"}, calls: 1},
		{test: []string{"interrupt", "interrupt"}, calls: 2},
		{test: []string{"interrupt", "interrupt test"}, calls: 2},
		{test: []string{"interrupt"}, other: []string{"block"}, calls: 2},
		{test: []string{"interrupt test", "block"}, calls: 2},
		{test: []string{"interrupt"}, other: []string{"interrupt"}, calls: 2},
		{test: []string{"halt", "interrupt"}, calls: 1},
		{test: []string{"interrupt", "halt", "go on"}, calls: 1},
		{test: []string{"halt", "interrupt"}, other: []string{"current"}, calls: 1},
	} {
		p.interrupts = true
		out = append(out, p)
		if p.calls == 1 {
			p.hook = []string{"current"}
			out = append(out, p)
		}
	}
	return out
}

// compare goes through all that can be told and all that is allowed at once, and tells of the first difference. Whole
// traces are compared, which end when the test does and all has been heard; of others that nothing is refused that can be
// told. So it is of code that begins after the test has ended, which is not judged.
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
			if !can && slices.ContainsFunc(rest, func(what string) bool { return strings.Contains(what, "enter") || strings.Contains(what, "body") }) {
				continue // which is not judged
			}
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

// difference is the first between what can be told of a program and what the oracle allows, "" for none. The
// specification that tells may be broken on purpose.
func (p hooking) difference(late bool, broken model.Mutant) (why string, judged int) {
	k := &hookings{program: p, late: late, broken: broken}
	begun := k.begin()
	why = k.compare(nil, k.setUp, []*standing{begun})
	return why, k.checked
}

func TestExactnessOfHooks(t *testing.T) {
	if *part != "" && *part != "HOOK" {
		t.Skip("another area is asked for")
	}
	t.Parallel()
	whole := *exactly < 50
	for _, group := range []struct {
		name     string
		programs []hooking
	}{
		{"once", hookingPrograms(nil, 1)}, {"twice", hookingPrograms(nil, 2)}, {"asks", hookingPrograms([]string{"status"}, 1)},
		{"asks twice", []hooking{{test: []string{"start"}, hook: []string{"status"}, calls: 2}}}, {"ends", endingPrograms()},
		{"interrupts", interruptingPrograms()},
	} {
		if !whole { // a few of those that are quick
			group.programs = slices.DeleteFunc(group.programs, func(p hooking) bool { return len(p.other) > 0 || p.calls*(1+len(p.hook))+len(p.test) > 4 })
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
		{"interrupts-caller", hooking{test: []string{"interrupt"}, calls: 1, interrupts: true}},
		{"interrupt-drops-arguments", hooking{test: []string{"interrupt"}, calls: 1, interrupts: true}},
		{"blocked-process-is-interrupted", hooking{test: []string{"interrupt test", "block"}, hook: []string{"current"}, calls: 2, interrupts: true}},
		{"status-waits", hooking{test: []string{"start", "status"}, calls: 1}},
	} {
		for _, late := range []bool{false, true} {
			if why, judged := test.program.difference(late, test.broken); why == "" {
				t.Errorf("%s, late %v: no difference in %d histories", test.broken, late, judged)
			}
		}
	}
	for _, test := range []struct {
		area    string
		broken  model.Mutant
		letters [][]int
	}{
		{"EXT", "output-never-ends", [][]int{{4, 3}}},
		{"EXT", "signals-are-all-one", [][]int{{1, 0}}},
		{"EXT", "status-without-code", [][]int{{4, 0}}},
		{"FOREIGN", "idle-foreign-thread-counted", [][]int{{4}}},
		{"FOREIGN", "foreign-process-uncounted", [][]int{{0}, {4, 4}}},
	} {
		its := alphabets[slices.IndexFunc(alphabets, func(a alphabet) bool { return a.area == test.area })]
		for _, late := range []bool{false, true} {
			if _, _, why := its.difference(t, test.letters, late, test.broken); why == "" {
				t.Errorf("%s %v, late %v: no difference", test.broken, test.letters, late)
			}
		}
	}
}
