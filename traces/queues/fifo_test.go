package queues_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/queues"
)

// A queueRun simulates clients of a queue, with each operation's call, effect and return at
// times of their own.
type queueRun struct {
	messages []queues.Message
	client   []int // that sent it
}

// simulate has so many clients make so many operations, half of them sends.
func simulate(choose spec.Choices, clients, operations int) *queueRun {
	r := &queueRun{}
	const idle, sending, sent, reading, read, finished = 0, 1, 2, 3, 4, 5
	state, message := make([]int, clients), make([]int, clients)
	calledAt := make([]int, clients)
	var queue []int
	begun, readers, over := 0, 0, 0
	for at := 0; over < clients; at++ {
		c := choose.Choose(clients)
		switch state[c] {
		case idle:
			if begun >= operations {
				state[c] = finished
				over++
				continue
			}
			begun++
			calledAt[c] = at
			if choose.Choose(2) == 0 || readers+1 >= clients { // somebody must send
				state[c] = sending
			} else {
				state[c] = reading
				readers++
			}
		case sending: // the effect
			state[c], message[c] = sent, len(r.messages)
			queue = append(queue, len(r.messages))
			r.messages = append(r.messages, queues.Message{calledAt[c], queues.Never, queues.Never, queues.Never})
			r.client = append(r.client, c)
		case sent:
			r.messages[message[c]].SendReturn = at
			state[c] = idle
		case reading:
			if len(queue) > 0 {
				state[c], message[c] = read, queue[0]
				queue = queue[1:]
				readers--
			} else if begun >= operations { // nobody will send any more
				state[c] = finished
				over++
			}
		case read:
			r.messages[message[c]].ReadCall, r.messages[message[c]].ReadReturn = calledAt[c], at
			state[c] = idle
		}
	}
	return r
}

func TestHistoriesOfQueuesAreAllowed(t *testing.T) {
	for seed := range uint64(2000) {
		choose := spec.Seeded(seed)
		r := simulate(choose, 2+choose.Choose(10), 5+choose.Choose(200))
		if d := queues.CheckFIFO(r.messages, false); d != nil {
			t.Fatalf("seed %d: %+v: %+v and %+v", seed, d, r.messages[d.First], r.messages[d.Second])
		}
	}
}

// Histories that are spoilt by construction are never allowed.
func TestSpoiltHistoriesAreNotAllowed(t *testing.T) {
	spoilt := 0
	for seed := uint64(0); spoilt < 1000; seed++ {
		choose := spec.Seeded(seed)
		r := simulate(choose, 4, 200)
		m := slices.Clone(r.messages)
		done := false
		switch seed % 3 {
		case 0: // two of one sender that were read one after the other change places
			for i := range m {
				for j := i + 1; j < len(m) && !done; j++ {
					if r.client[i] == r.client[j] && m[i].SendReturn < m[j].SendCall && m[i].ReadReturn < m[j].ReadCall && m[j].ReadReturn != queues.Never {
						m[i].ReadCall, m[j].ReadCall = m[j].ReadCall, m[i].ReadCall
						m[i].ReadReturn, m[j].ReadReturn = m[j].ReadReturn, m[i].ReadReturn
						done = true
					}
				}
			}
		case 1: // one is lost, though a later one was read
			for i := range m {
				for j := range m {
					if !done && m[i].SendReturn < m[j].SendCall && m[j].ReadReturn != queues.Never && m[i].ReadReturn != queues.Never {
						m[i].ReadCall, m[i].ReadReturn = queues.Never, queues.Never
						done = true
					}
				}
			}
		case 2: // one is read before it is sent
			for i := range m {
				if !done && m[i].ReadReturn != queues.Never && m[i].SendCall > 2 {
					m[i].ReadCall, m[i].ReadReturn = 0, m[i].SendCall-1
					done = true
				}
			}
		}
		if !done {
			continue
		}
		spoilt++
		if queues.CheckFIFO(m, false) == nil {
			t.Fatalf("seed %d: a spoilt history is allowed", seed)
		}
	}
}

// Of few messages every order of effects can be tried.
func TestFIFOAgreesWithTryingAllOrders(t *testing.T) {
	counts := map[bool]int{}
	for seed := range uint64(20_000) {
		choose := spec.Seeded(seed)
		n := 2 + choose.Choose(2)
		m := make([]queues.Message, n)
		nth := 0
		at := func(span int) int { // no two events are at one position
			nth++
			return choose.Choose(span)*100 + nth
		}
		for i := range m {
			m[i].SendCall = at(12)
			m[i].SendReturn = m[i].SendCall + at(6)*10
			m[i].ReadCall = at(14)
			m[i].ReadReturn = m[i].ReadCall + at(6)*10
		}
		want := queueExists(m)
		counts[want]++
		if got := queues.CheckFIFO(m, false) == nil; got != want {
			t.Fatalf("seed %d: %+v: allowed %v, want %v", seed, m, got, want)
		}
	}
	if counts[true] < 1000 || counts[false] < 1000 {
		t.Errorf("%v: too one-sided", counts)
	}
}

// queueExists tries all orders of effects that keep to the calls and returns: sends in one
// order, reads in the same.
func queueExists(m []queues.Message) bool {
	var try func(done []int8, order []int, sent, read int, last int) bool
	try = func(done []int8, order []int, sent, read int, last int) bool {
		if read == len(m) {
			return true
		}
		for i := range m {
			// The next effect is that of i, at an instant that is not before the last.
			switch {
			case done[i] == 0:
				if when := max(last, m[i].SendCall); when < m[i].SendReturn {
					done[i] = 1
					if try(done, append(order, i), sent+1, read, when) {
						return true
					}
					done[i] = 0
				}
			case done[i] == 1 && order[read] == i:
				if when := max(last, m[i].ReadCall); when < m[i].ReadReturn {
					done[i] = 2
					if try(done, order, sent, read+1, when) {
						return true
					}
					done[i] = 1
				}
			}
		}
		return false
	}
	return try(make([]int8, len(m)), nil, 0, 0, 0)
}

func BenchmarkFIFO(b *testing.B) {
	for _, operations := range []int{10_000, 100_000, 1_000_000} {
		r := simulate(spec.Seeded(1), 64, operations)
		b.Run(fmt.Sprint(operations), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d := queues.CheckFIFO(r.messages, false); d != nil {
					b.Fatal(d)
				}
			}
			b.ReportMetric(float64(operations)*float64(b.N)/b.Elapsed().Seconds(), "operations/s")
		})
	}
}
