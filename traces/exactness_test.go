package traces

import (
	"encoding/binary"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

var (
	exactly = flag.Int("exactly", 4000, "judge one in so many of the small programs; 1 is all of them")
	larger  = flag.Int("larger", 0, "judge so many programs of 3 processes by 3 operations beside")
	part    = flag.String("area", "", "only programs of that area; HOOK is of those with a status hook")
)

// An alphabet has the operations of an area's small programs. The objects are those that the
// set-up returns, in order.
type alphabet struct {
	area  string
	setUp []spec.Call // "object N" is what the Nth of them returned, "command N" and "program N" the words of a child that it prepared
	calls []func(o []spec.Value, value int) spec.Call
	own   bool // the first object is the mailbox of each process
	few   int  // a program has the first operation so often at most, 0 for any number: each may make a process, or have any of those that there are
}

func of(op string, object int, more ...any) func([]spec.Value, int) spec.Call {
	return func(o []spec.Value, _ int) spec.Call { return spec.NewCall(op, more, o[object]) }
}

func sends(op string, object int, more ...any) func([]spec.Value, int) spec.Call {
	return func(o []spec.Value, value int) spec.Call { return spec.NewCall(op, more, o[object], value) }
}

func ofSymbol(op, symbol string) func([]spec.Value, int) spec.Call {
	return func([]spec.Value, int) spec.Call { return spec.NewCall(op, nil, own(symbol)) }
}

func setsSymbol(op, symbol string) func([]spec.Value, int) spec.Call {
	return func(_ []spec.Value, value int) spec.Call { return spec.NewCall(op, nil, own(symbol), value) }
}

var alphabets = []alphabet{
	{area: "MBOX", setUp: []spec.Call{spec.NewCall("make-mailbox", []any{key.Size(1)})}, calls: []func([]spec.Value, int) spec.Call{
		sends("mailbox-send", 0), of("mailbox-read", 0), of("mailbox-read", 0, nil, 0), of("mailbox-count", 0),
		func(o []spec.Value, value int) spec.Call {
			return spec.NewCall("mailbox-send-limited", []any{0}, o[0], value, 1)
		},
		func(o []spec.Value, value int) spec.Call {
			return spec.NewCall("mailbox-send-limited", nil, o[0], value, 1)
		},
	}},
	{area: "SEND", setUp: []spec.Call{
		spec.NewCall("make-mailbox", []any{key.Size(1)}),
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("process-run-function", nil, "target", nil, spec.Ref{ID: "object 1"}),
	}, calls: []func([]spec.Value, int) spec.Call{
		sends("process-send", 2), sends("process-send", 2, key.Limit(1), key.Timeout(0)), of("process-mailbox", 2),
		func(o []spec.Value, _ int) spec.Call { return spec.NewCall("set-process-mailbox", nil, o[2], o[0]) },
		of("mailbox-read", 0, nil, 0), of("mailbox-count", 0),
	}},
	{area: "CLEAN", setUp: []spec.Call{
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("process-run-function", nil, "target", nil, spec.Ref{ID: "object 0"}),
	}, calls: []func([]spec.Value, int) spec.Call{
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
	{area: "REAP", setUp: []spec.Call{
		spec.NewCall("child-prepare", nil),
		spec.NewCall("run-shell-command", []any{key.Wait(false)}, spec.Ref{ID: "command 0"}),
		spec.NewCall("child-await", nil, spec.Ref{ID: "object 0"}, spec.Keyword("ready")),
	}, calls: []func([]spec.Value, int) spec.Call{
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
	{area: "BIND", setUp: []spec.Call{ // processes have a binding of Y, which copies X, and the target one of X
		spec.NewCall("set-global-value", nil, own("X"), 0),
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("set-global-value", nil, initialBindings, alist(own("X"), own("X"))),
		spec.NewCall("process-run-function", nil, "target", nil, spec.Ref{ID: "object 1"}),
		spec.NewCall("set-global-value", nil, initialBindings, alist(own("Y"), own("X"))),
	}, calls: []func([]spec.Value, int) spec.Call{
		ofSymbol("symbol-value", "X"), setsSymbol("set-symbol-value", "X"), ofSymbol("global-value", "X"),
		ofSymbol("symbol-value", "Y"), setsSymbol("set-symbol-value", "Y"),
		func(o []spec.Value, _ int) spec.Call { return spec.NewCall("symeval-in-process", nil, own("X"), o[3]) },
		of("process-kill", 3),
	}},
	{area: "PROC", setUp: []spec.Call{
		spec.NewCall("make-function", nil, spec.Callback(1)),
		spec.NewCall("process-run-function", nil, "target", spec.NewList(spec.Keyword("priority"), spec.Int(1)), spec.Ref{ID: "object 0"}),
	}, calls: []func([]spec.Value, int) spec.Call{
		func([]spec.Value, int) spec.Call { return spec.NewCall("ps", nil) },
		func([]spec.Value, int) spec.Call { return spec.NewCall("any-other-process-non-internal-server-p", nil) },
		of("change-process-priority", 1, spec.Int(2)), of("process-priority", 1), of("process-kill", 1), of("process-stop", 1),
	}},
	{area: "EVENT", own: true, setUp: []spec.Call{spec.NewCall("make-mailbox", nil)}, calls: []func([]spec.Value, int) spec.Call{
		sends("mailbox-send", 0), of("mailbox-read", 0, nil, 0),
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("mailbox-send", nil, o[0], spec.List{Items: []spec.Value{spec.Int(1)}, Dotted: spec.Int(2)})
		},
		func([]spec.Value, int) spec.Call { return spec.NewCall("process-all-events", nil) },
		func([]spec.Value, int) spec.Call { return spec.NewCall("wait-processing-events", nil, 0) },
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("wait-processing-events", []any{key.WaitFunction(spec.HasMail(o[0].(spec.Ref)))}, nil)
		},
	}},
	{area: "FOREIGN", few: 2, setUp: []spec.Call{spec.NewCall("make-foreign-thread", nil)}, calls: []func([]spec.Value, int) spec.Call{
		of("call-on-foreign-thread", 0, silentCode), of("foreign-thread-log", 0), sends("foreign-thread-note", 0),
		func([]spec.Value, int) spec.Call { return spec.NewCall("call-foreign", nil, silentCode) },
		func([]spec.Value, int) spec.Call { return spec.NewCall("processes-count", nil) },
	}},
	{area: "INIT", setUp: []spec.Call{
		spec.NewCall("make-board", nil), spec.NewCall("launch", nil, nil), spec.NewCall("file-prepare", nil),
	}, calls: []func([]spec.Value, int) spec.Call{
		sends("board-post", 0), of("board-read", 0), of("board-await", 0, 1, 0), of("image-wait", 1, 0),
		func([]spec.Value, int) spec.Call { return spec.NewCall("initialize-multiprocessing", nil) },
		func(o []spec.Value, _ int) spec.Call {
			return spec.NewCall("save-image", nil, "/mpcheck/file-"+o[2].(spec.Ref).ID)
		},
	}},
	{area: "EXT", setUp: []spec.Call{
		spec.NewCall("child-prepare", nil),
		spec.NewCall("start", []any{key.Input(spec.Keyword("stream")), key.Output(spec.Keyword("stream")), key.Error(nil)}, spec.Ref{ID: "program 0"}, nil),
		spec.NewCall("child-await", nil, spec.Ref{ID: "object 0"}, spec.Keyword("ready")),
		spec.NewCall("child-tell", nil, spec.Ref{ID: "object 0"}, spec.Keyword("copy")),
		spec.NewCall("process-input-stream", nil, spec.Ref{ID: "object 1"}),
		spec.NewCall("process-output-stream", nil, spec.Ref{ID: "object 1"}),
	}, calls: []func([]spec.Value, int) spec.Call{
		of("process-status", 1), of("signal-process", 1, spec.Keyword("killed")),
		func(o []spec.Value, value int) spec.Call {
			return spec.NewCall("stream-write", nil, o[4], fmt.Sprintf("%d\n", value))
		},
		of("stream-read-line", 5), of("child-tell", 0, spec.Keyword("exit"), 3), of("child-await", 0, spec.Keyword("ended")),
	}},
}

// silentCode is code of which no label tells: it does nothing, and ends at some time.
const silentCode = spec.Callback(9)

// A tiny is a program of few operations on processes of its own, at its beginning.
type tiny struct {
	state  *model.State
	frames []model.ID
	others []model.ID // of processes of the set-up, which do nothing
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
	var returned []spec.Return
	named := func(r spec.Ref) spec.Value {
		var what string
		var n int
		if _, err := fmt.Sscanf(r.ID, "%s %d", &what, &n); err != nil {
			t.Fatal(err)
		}
		return returned[n].Nth(slices.Index([]string{"object", "command", "program"}, what))
	}
	for _, c := range a.setUp {
		c.Args = slices.Clone(c.Args)
		for i, v := range c.Args {
			if r, ok := v.(spec.Ref); ok {
				c.Args[i] = named(r)
			}
		}
		returned = append(returned, do(c))
		objects = append(objects, returned[len(returned)-1].Primary())
	}
	p := &tiny{state: s}
	f := do(spec.NewCall("make-function", nil, spec.Callback(2))).Primary()
	value := 0
	var keywords spec.Value = spec.Nil{}
	if a.own {
		keywords = spec.NewList(spec.Keyword("mailbox"), objects[0])
	}
	for range letters {
		do(spec.NewCall("process-run-function", nil, "p", keywords, f))
	}
	for range len(letters) + count(a.setUp, "process-run-function") {
		label := model.Apply(s, model.Enabled(s, nil)[0], nil)
		if s.Entry(label.Frame).Callback == 2 {
			p.frames = append(p.frames, label.Frame)
		} else {
			p.others = append(p.others, label.Frame)
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

// A comparison goes through the histories that the specification produces and those that the oracle
// accepts at once. Either side is the set of states that a history may have led to; what is to
// come depends on these alone, so that histories which lead to the same ones are gone through once.
type comparison struct {
	t            *testing.T
	frames       []model.ID
	others       []model.ID          // the test's among them
	ours, theirs [][]model.Operation // of the specification, of the oracle
	late         bool
	known        map[meeting]float64
	path         []string
}

// A meeting is where histories of one future meet.
type meeting struct {
	called, returned [maxProcesses]uint8
	produced, kept   [2]uint64 // digests of the sets
}

const maxProcesses = 3

// compare tells how many histories there are, prefixes included, and by way of how many meetings; it
// reports the first difference. Late is where labels tell of what has happened before, see heard.go.
func (a alphabet) compare(t *testing.T, letters [][]int, late bool) (histories, meetings float64) {
	histories, meetings, why := a.difference(t, letters, late, "")
	if why != "" {
		t.Errorf("%s %v, late %v: %s", a.area, letters, late, why)
	}
	return histories, meetings
}

// difference is compare with a specification that may be broken on purpose; it returns the first difference, "" for none.
func (a alphabet) difference(t *testing.T, letters [][]int, late bool, broken model.Mutant) (histories, meetings float64, why string) {
	produced := a.begin(t, model.Config{Free: true, Open: true, Heard: late, Mutant: broken}, letters)
	accepted := a.begin(t, model.Config{Untimed: true, Open: true, Heard: late}, letters)
	c := &comparison{t: t, frames: produced.frames, others: append(produced.others, produced.state.Test()), ours: produced.ops, theirs: accepted.ops, late: late, known: map[meeting]float64{}}
	histories, why = c.from(meeting{}, closure([]*model.State{produced.state}), []*model.State{accepted.state})
	if why != "" {
		why = fmt.Sprintf("after %v: %s", c.path, why)
	}
	return histories, float64(len(c.known)), why
}

// from goes on from a meeting. What differs ends it.
func (c *comparison) from(m meeting, produced, accepted []*model.State) (histories float64, why string) {
	m.produced, m.kept = digest(produced), digest(accepted)
	if n, ok := c.known[m]; ok {
		return n, ""
	}
	histories = 1
	step := func(label string, next meeting, produced, accepted []*model.State) bool {
		c.path = append(c.path, label)
		n := 0.0
		if n, why = c.from(next, produced, accepted); why != "" {
			return false
		}
		histories += n
		c.path = c.path[:len(c.path)-1]
		return true
	}
	for i, f := range c.frames {
		next := m
		switch {
		case m.called[i] == m.returned[i] && int(m.called[i]) < len(c.ours[i]):
			next.called[i]++
			nth := m.called[i]
			if !step(fmt.Sprintf("call %d.%d", i, nth), next, closure(calling(produced, f, c.ours[i][nth])), calling(accepted, f, c.theirs[i][nth])) {
				return 0, why
			}
		case m.called[i] > m.returned[i]:
			next.returned[i]++
			ours, theirs := returning(produced, f), c.accepting(accepted, f)
			for _, outcome := range slices.Sorted(maps.Keys(ours)) {
				if theirs[outcome] == nil {
					return 0, fmt.Sprintf("%d returns %s: that is produced, and not accepted", i, outcome)
				}
			}
			for _, outcome := range slices.Sorted(maps.Keys(theirs)) {
				if ours[outcome] == nil {
					return 0, fmt.Sprintf("%d returns %s: that is accepted, and not produced", i, outcome)
				}
				if !step(fmt.Sprintf("%d returns %s", i, outcome), next, closure(ours[outcome]), theirs[outcome]) {
					return 0, why
				}
			}
		}
	}
	c.known[m] = histories
	return histories, ""
}

func calling(states []*model.State, f model.ID, o model.Operation) []*model.State {
	var out []*model.State
	for _, s := range states {
		s = s.Clone()
		s.Call(f, o, nil)
		out = append(out, s)
	}
	return out
}

// returning gives the states in which an operation has returned, by its outcome.
func returning(states []*model.State, f model.ID) map[string][]*model.State {
	out := map[string][]*model.State{}
	for _, s := range states {
		if s.HasOutcome(f) {
			s = s.Clone()
			text := s.Return(f, nil).String()
			out[text] = append(out[text], s)
		}
	}
	return out
}

// accepting asks the oracle.
func (c *comparison) accepting(states []*model.State, f model.ID) map[string][]*model.State {
	seen := &script.Script{Binding: &script.Binding{}, Labels: []spec.Label{{Kind: spec.ReturnLabel}}}
	check := &checker{o: CheckOptions{Virtual: !c.late, Budget: 1_000_000, silent: true}, script: seen, report: &Report{}, states: states, blind: true, stories: c.goingOn()}
	found, complete := check.search(0, func(s *model.State) bool { return s.HasOutcome(f) }, nil)
	if !complete {
		c.t.Error("the budget is used up")
	}
	out := returning(found, f)
	for text, states := range out {
		out[text] = distinct(states)
	}
	return out
}

// goingOn are stories of frames that call again, or would.
func (c *comparison) goingOn() map[model.ID]*story {
	out := map[model.ID]*story{}
	for _, f := range slices.Concat(c.frames, c.others) {
		out[f] = &story{enter: -1, leave: -1, lastCall: 1, lastReturned: -1}
	}
	return out
}

// closure adds what can come of states without a call or a return.
func closure(states []*model.State) []*model.State {
	states = distinct(states)
	seen := map[[16]byte]bool{}
	for _, s := range states {
		seen[s.Hash()] = true
	}
	var log model.UndoLog
	var acts []model.Act
	for n := 0; n < len(states); n++ {
		s := states[n]
		acts = model.Enabled(s, acts[:0])
		for _, a := range acts {
			model.Apply(s, a, &log)
			if h := s.Hash(); !seen[h] {
				seen[h] = true
				states = append(states, s.Clone())
			}
			s.Revert(&log)
		}
		for _, f := range s.Running(nil) {
			if s.IsIdle(f) && s.CodeOf(f) == silentCode {
				left := s.Clone()
				if left.LeaveUnheard(f, nil); !seen[left.Hash()] {
					seen[left.Hash()] = true
					states = append(states, left)
				}
			}
		}
	}
	return states
}

func distinct(states []*model.State) []*model.State {
	seen := map[[16]byte]bool{}
	var out []*model.State
	for _, s := range states {
		if h := s.Hash(); !seen[h] {
			seen[h] = true
			out = append(out, s)
		}
	}
	return out
}

// digest of a set of states: the order means nothing.
func digest(states []*model.State) (sum [2]uint64) {
	for _, s := range states {
		h := s.Hash()
		sum[0] += binary.LittleEndian.Uint64(h[:8])
		sum[1] += binary.LittleEndian.Uint64(h[8:])
	}
	return sum
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
// program of 2 processes by 3 operations and of 3 by 2, and of some of 3 by 3.
func TestExactness(t *testing.T) {
	step := *exactly
	if testing.Short() {
		step *= 10
	}
	for _, a := range alphabets {
		if *part != "" && a.area != *part {
			continue
		}
		step := step
		switch {
		case a.area == "EVENT": // twice
			step *= 2
		case a.area == "BIND", a.area == "PROC", a.area == "FOREIGN", a.area == "INIT":
		case a.area != "EXT":
			t.Run(a.area, func(t *testing.T) { a.exactness(t, step, false) })
			continue
		case *exactly >= 50: // twice, and more states than elsewhere
			step *= 8
		}
		for _, late := range []bool{false, true} { // news of programs may be late, of who handles events, and of images
			t.Run(fmt.Sprintf("%s, late %v", a.area, late), func(t *testing.T) { a.exactness(t, step, late) })
		}
	}
}

// tooMany tells whether a program is left out.
func (a alphabet) tooMany(letters [][]int) bool {
	n := 0
	for _, letter := range slices.Concat(letters...) {
		if letter == 0 {
			n++
		}
	}
	return a.few > 0 && n > a.few
}

func (a alphabet) exactness(t *testing.T, step int, late bool) {
	began := time.Now()
	var total atomic.Int64
	var histories, meetings float64
	var mu sync.Mutex
	work := make(chan [][]int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for letters := range work {
				n, m := a.compare(t, letters, late)
				total.Add(1)
				mu.Lock()
				histories, meetings = histories+n, meetings+m
				mu.Unlock()
			}
		})
	}
	for _, shape := range []struct{ processes, operations int }{{2, 3}, {3, 2}} {
		nth := 0
		programs(shape.processes, words(len(a.calls), shape.operations), func(letters [][]int) {
			if nth++; nth%step != step/2%step || t.Failed() || a.tooMany(letters) {
				return
			}
			work <- letters
		})
	}
	choose := spec.Seeded(1)
	for range *larger / len(alphabets) {
		letters := make([][]int, 3)
		for p := range letters {
			for range 3 {
				letters[p] = append(letters[p], choose.Choose(len(a.calls)))
			}
		}
		if !a.tooMany(letters) {
			work <- letters
		}
	}
	close(work)
	workers.Wait()
	t.Logf("%s: %d programs, %.4g histories by way of %.4g sets of states, %.1f minutes", a.area, total.Load(), histories, meetings, time.Since(began).Minutes())
}
