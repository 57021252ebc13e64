package queues_test

import (
	"slices"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/traces"
)

// timeOut is that of the operations of a crowd which have one.
const timeOut = time.Second

// trace writes a run down as labels: a test that makes the mailbox and the processes, and each
// client in a process of its own. A client is killed by the test.
func (r *crowdRun) trace() []spec.Label {
	var out []spec.Label
	add := func(l spec.Label) { out = append(out, l) }
	testCalls := func(op string, more []any, required ...any) {
		add(spec.Label{Kind: spec.CallLabel, Call: spec.NewCall(op, more, required...)})
	}
	testGets := func(values ...spec.Value) { add(spec.Label{Kind: spec.ReturnLabel, Return: spec.Values(values...)}) }
	ref := func(name, kind string) spec.Value { return spec.Ref{ID: name, Type: kind} }
	box := ref("box", "mailbox")

	add(spec.Label{Kind: spec.EnterLabel, Process: ref("test", "process")})
	testCalls("make-mailbox", []any{key.Size(1)})
	testGets(box)
	testCalls("make-function", nil, spec.Callback(1))
	testGets(ref("code", "function"))
	for i := range r.clients {
		process := ref("client"+spec.Int(i).String(), "process")
		testCalls("process-run-function", nil, "client", nil, ref("code", "function"))
		testGets(process)
		add(spec.Label{Kind: spec.EnterLabel, Frame: 1 + i, Process: process, Callback: 1})
	}
	calledAt := make([]time.Duration, len(r.clients))
	for n, a := range r.actions {
		l := spec.Label{Frame: 1 + a.client, At: time.Duration(n) * time.Millisecond}
		switch {
		case a.call:
			calledAt[a.client] = l.At
			l.Call = r.call(a, box)
		case a.end == wasKilled:
			testCalls("process-kill", nil, ref("client"+spec.Int(a.client).String(), "process"))
			testGets(spec.Nil{})
			l.Kind = spec.GoneLabel
		default:
			l.Kind, l.Return = spec.ReturnLabel, outcome(a)
			if a.end == gaveUp {
				l.At = max(l.At, calledAt[a.client]+timeOut)
			}
		}
		add(l)
	}
	add(spec.Label{Kind: spec.LeaveLabel, At: out[len(out)-1].At})
	return out
}

func (r *crowdRun) call(a action, box spec.Value) spec.Call {
	var timeout any
	if a.timed {
		timeout = int(timeOut / time.Second)
	}
	switch {
	case !a.send:
		return spec.NewCall("mailbox-read", []any{nil, timeout}, box)
	case r.capacity == 0:
		return spec.NewCall("mailbox-send", nil, box, a.value)
	}
	return spec.NewCall("mailbox-send-limited", []any{timeout}, box, a.value, r.capacity)
}

func outcome(a action) spec.Return {
	switch {
	case a.send && a.end == gaveUp:
		return spec.Values(spec.Nil{})
	case a.send:
		return spec.Values(spec.True{})
	case a.end == gaveUp:
		return spec.Values(spec.Nil{}, spec.Nil{})
	}
	return spec.Values(spec.Int(a.value), spec.True{})
}

func TestTracesOfCrowdsAreAllowed(t *testing.T) {
	undecided, longest := 0, time.Duration(0)
	for seed := range uint64(*crowds) {
		labels := theCrowd.run(spec.Seeded(seed)).trace()
		began := time.Now()
		report := traces.Check(labels, traces.CheckOptions{})
		longest = max(longest, time.Since(began))
		switch report.Verdict {
		case traces.Forbidden:
			t.Fatalf("seed %d: %s", seed, report.Text(labels))
		case traces.Undecided:
			t.Logf("seed %d: %s", seed, report.Why)
			undecided++
		}
	}
	t.Logf("%d traces: %d undecided; the longest judgement took %v", *crowds, undecided, longest)
	if undecided*100 > *crowds {
		t.Errorf("%d of %d are undecided", undecided, *crowds)
	}
}

// A corruption makes a run one that no mailbox can have, whatever its effects and their order; false
// where there is nothing to make it of. What a person would call the deed is its name.
type corruption struct {
	name string
	make func(r *crowdRun, choose spec.Choices) bool
}

var corruptions = []corruption{
	{"a value that was never sent is read", func(r *crowdRun, choose spec.Choices) bool {
		at, ok := r.find(choose, func(a action) bool { return !a.call && !a.send && a.end == isDone })
		if ok {
			r.actions[at].value = r.value + 1
		}
		return ok
	}},
	{"a value is read twice", func(r *crowdRun, choose spec.Choices) bool {
		isRead := func(a action) bool { return !a.call && !a.send && a.end == isDone }
		first, ok := r.find(choose, isRead)
		second, ok2 := r.find(choose, isRead)
		if !ok || !ok2 || first == second {
			return false
		}
		r.actions[second].value = r.actions[first].value
		return true
	}},
	{"two values of one sender change places, though one was read before the other", func(r *crowdRun, choose spec.Choices) bool {
		sender, readCall, readEnd := map[int]int{}, map[int]int{}, map[int]int{}
		open := map[int]int{}
		for at, a := range r.actions {
			switch {
			case a.call:
				open[a.client] = at
				if a.send {
					sender[a.value] = a.client
				}
			case !a.send && a.end == isDone:
				readCall[a.value], readEnd[a.value] = open[a.client], at
			}
		}
		from := choose.Choose(r.value)
		for first := from; first < r.value; first++ {
			for second := first + 1; second <= r.value; second++ {
				e, read := readEnd[first]
				c, read2 := readCall[second]
				if read && read2 && sender[first] == sender[second] && e < c {
					r.actions[readEnd[first]].value, r.actions[readEnd[second]].value = second, first
					return true
				}
			}
		}
		return false
	}},
	{"false without a time-out", func(r *crowdRun, choose spec.Choices) bool {
		at, ok := r.find(choose, func(a action) bool { return !a.call && !a.timed && a.end == isDone })
		if ok {
			r.actions[at].end = gaveUp
		}
		return ok
	}},
	{"a send is acknowledged, its object is not in the mailbox in the end, and nobody can have read it", func(r *crowdRun, choose spec.Choices) bool {
		sent, lastKill := map[int]bool{}, -1
		for at, a := range r.actions {
			if !a.call && a.end == wasKilled && !a.send {
				lastKill = at
			}
		}
		for at, a := range r.actions {
			if a.call && a.send && at > lastKill {
				sent[a.value] = true
			}
		}
		at, ok := r.find(choose, func(a action) bool { return !a.call && !a.send && a.end == isDone && sent[a.value] })
		if !ok {
			return false
		}
		client := r.actions[at].client
		call := at - 1
		for !(r.actions[call].client == client && r.actions[call].call) {
			call--
		}
		r.actions = slices.Delete(r.actions, at, at+1)
		r.actions = slices.Delete(r.actions, call, call+1)
		return true
	}},
}

// find finds an action, from anywhere on.
func (r *crowdRun) find(choose spec.Choices, fits func(action) bool) (int, bool) {
	from := choose.Choose(len(r.actions))
	for n := range r.actions {
		if at := (from + n) % len(r.actions); fits(r.actions[at]) {
			return at, true
		}
	}
	return 0, false
}

// tooEarly has an operation give up before its time is over. Only the times say so.
func tooEarly(labels []spec.Label, choose spec.Choices) bool {
	open := map[int]int{}
	from := choose.Choose(len(labels))
	for at, l := range labels {
		switch l.Kind {
		case spec.CallLabel:
			open[l.Frame] = at
		case spec.ReturnLabel:
			if at >= from && l.Frame > 0 && !spec.Truth(l.Return.Nth(len(l.Return.Values)-1)) {
				labels[at].At = labels[open[l.Frame]].At + timeOut - 10*time.Millisecond
				return true
			}
		}
	}
	return false
}

func TestCorruptedCrowdsAreForbidden(t *testing.T) {
	verdicts := map[string]map[traces.Verdict]int{}
	wanted, made := 10**crowds, 0
	for seed := uint64(0); made < wanted; seed++ {
		choose := spec.Seeded(seed)
		r := theCrowd.run(choose)
		deed := int(seed) % (len(corruptions) + 1)
		name, ok := "a return before the time-out is over", true
		if deed < len(corruptions) {
			name, ok = corruptions[deed].name, corruptions[deed].make(r, choose)
		}
		labels := r.trace()
		if deed == len(corruptions) {
			ok = tooEarly(labels, choose)
		}
		if !ok {
			continue
		}
		made++
		report := traces.Check(labels, traces.CheckOptions{})
		if verdicts[name] == nil {
			verdicts[name] = map[traces.Verdict]int{}
		}
		verdicts[name][report.Verdict]++
		if report.Verdict == traces.Allowed {
			t.Errorf("seed %d: %s, and it is allowed", seed, name)
		}
	}
	undecided := 0
	for name, of := range verdicts {
		t.Logf("%d forbidden, %d undecided: %s", of[traces.Forbidden], of[traces.Undecided], name)
		undecided += of[traces.Undecided]
	}
	if undecided*100 > made {
		t.Errorf("%d of %d are undecided", undecided, made)
	}
}
