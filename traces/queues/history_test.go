package queues_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/queues"
)

var crowds = flag.Int("crowds", 5, "how many histories of a crowd are judged, and ten times as many spoilt ones")

// theCrowd is 64 clients of a queue for 64 objects: of its operations a tenth may time out, and one
// in a thousand is killed.
var theCrowd = crowd{clients: 64, operations: 10_000, capacity: 64, timed: 100, killed: 1}

func TestCrowdsAreAllowed(t *testing.T) {
	undecided, full, empty, killed := 0, 0, 0, 0
	for seed := range uint64(*crowds) {
		r := theCrowd.run(spec.Seeded(seed))
		h := r.history()
		full, empty, killed = full+len(h.Full), empty+len(h.Empty), killed+len(h.Takers)+len(h.Maybe)
		if n := len(r.actions); n < 2*theCrowd.operations {
			t.Errorf("seed %d: only %d calls and ends", seed, n)
		}
		switch why, decided := h.Check(); {
		case why != nil:
			t.Errorf("seed %d: a history of a queue is forbidden: %+v", seed, why)
		case !decided:
			undecided++
		}
	}
	t.Logf("%d histories, in which %d sends and %d reads gave up and %d operations on the way were killed: %d undecided", *crowds, full, empty, killed, undecided)
	if undecided*100 > *crowds {
		t.Errorf("%d of %d histories are undecided", undecided, *crowds)
	}
}

// Of small histories, spoilt ones among them, a search through all orders says the same.
func TestQueueHistoriesAgreeWithSearch(t *testing.T) {
	verdicts := map[string]int{}
	for seed := range uint64(30_000) {
		choose := spec.Seeded(seed)
		small := crowd{
			clients: 2 + choose.Choose(4), operations: 3 + choose.Choose(12), capacity: choose.Choose(4),
			timed: 300, killed: 50 * choose.Choose(3),
		}
		h := small.run(choose).history()
		if choose.Choose(3) > 0 {
			spoilQueue(h, choose)
		}
		why, decided := h.Check()
		want := "forbidden"
		if searched(h) {
			want = "allowed"
		}
		if !decided {
			verdicts["undecided, "+want]++
			continue
		}
		got := "allowed"
		if why != nil {
			got = "forbidden"
		}
		verdicts[got]++
		if got != want {
			t.Fatalf("seed %d: %s (%+v), but a search says %s: %+v", seed, got, why, want, h)
		}
	}
	t.Log(verdicts)
	if n := verdicts["undecided, allowed"]; n > 10 {
		t.Errorf("%d histories that a search allows are undecided", n)
	}
}

// spoilQueue changes a position or two: the history is that of a queue or not.
func spoilQueue(h *queues.History, choose spec.Choices) {
	n := len(h.Messages)
	if n < 2 {
		return
	}
	a, b := &h.Messages[choose.Choose(n)], &h.Messages[choose.Choose(n)]
	switch choose.Choose(4) {
	case 0:
		a.ReadCall, a.ReadReturn, b.ReadCall, b.ReadReturn = b.ReadCall, b.ReadReturn, a.ReadCall, a.ReadReturn
	case 1:
		a.SendCall, a.SendReturn, b.SendCall, b.SendReturn = b.SendCall, b.SendReturn, a.SendCall, a.SendReturn
	case 2:
		if a.ReadReturn != queues.Never && choose.Choose(2) == 0 {
			h.Empty = append(h.Empty, queues.Span{a.ReadCall, a.ReadReturn})
		}
		a.ReadCall, a.ReadReturn = queues.Never, queues.Never
	case 3:
		if h.Capacity > 0 && a.SendReturn != queues.Never && a.ReadReturn == queues.Never {
			h.Full = append(h.Full, queues.Span{a.SendCall, a.SendReturn})
			*a = h.Messages[n-1]
			h.Messages = h.Messages[:n-1]
		}
	}
}

// searched tries all orders of effects.
func searched(h *queues.History) bool {
	type operation struct {
		queues.Span
		kind    string
		message int
	}
	var all []operation
	for i, m := range h.Messages {
		all = append(all, operation{queues.Span{m.SendCall, m.SendReturn}, "send", i})
		if m.ReadReturn != queues.Never {
			all = append(all, operation{queues.Span{m.ReadCall, m.ReadReturn}, "read", i})
		}
	}
	for _, group := range []struct {
		kind  string
		spans []queues.Span
	}{{"full", h.Full}, {"empty", h.Empty}, {"take", h.Takers}, {"add", h.Maybe}} {
		for _, s := range group.spans {
			all = append(all, operation{s, group.kind, -1})
		}
	}
	dead := map[string]bool{}
	var from func(done uint64, queue []int) bool
	from = func(done uint64, queue []int) bool {
		if done == 1<<len(all)-1 {
			return true
		}
		key := fmt.Sprint(done, queue)
		if dead[key] {
			return false
		}
		dead[key] = true
		first := queues.Never
		for i, o := range all {
			if done&(1<<i) == 0 {
				first = min(first, o.End)
			}
		}
		for i, o := range all {
			if done&(1<<i) != 0 || o.Call > first {
				continue
			}
			after := done | 1<<i
			room, some := h.Capacity == 0 || len(queue) < h.Capacity, len(queue) > 0
			ok := false
			switch o.kind {
			case "send":
				ok = room && from(after, append(slices.Clone(queue), o.message))
			case "read":
				ok = some && queue[0] == o.message && from(after, queue[1:])
			case "full":
				ok = !room && from(after, queue)
			case "empty":
				ok = !some && from(after, queue)
			case "take": // what somebody reads later was not taken
				ok = some && (queue[0] < 0 || h.Messages[queue[0]].ReadReturn == queues.Never) && from(after, queue[1:]) || from(after, queue)
			case "add":
				ok = room && from(after, append(slices.Clone(queue), -1)) || from(after, queue)
			}
			if ok {
				return true
			}
		}
		return false
	}
	return from(0, nil)
}
