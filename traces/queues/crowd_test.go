package queues_test

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/queues"
)

// A crowd is clients of one mailbox: how many, how many operations they make in all, how many
// objects fit, and how many operations in a thousand have a time-out, and are killed.
type crowd struct{ clients, operations, capacity, timed, killed int }

// An action of a client is a call or an end; its position in the run is its time.
type action struct {
	client int
	call   bool
	send   bool
	value  int // sent, or read
	timed  bool
	end    actionEnd
}

type actionEnd uint8

const (
	isDone actionEnd = iota + 1
	gaveUp
	wasKilled
)

// A crowdRun simulates a crowd, each operation with its effect at an instant of its own. One client
// more helps where all wait, and in the end reads what is left.
type crowdRun struct {
	crowd
	choose  spec.Choices
	actions []action
	queue   []int
	clients []crowdClient
	begun   int
	value   int
}

type crowdClient struct {
	state    clientState
	now      action
	patience int // how often it looks before it gives up, where it does
	doomed   bool
}

type clientState uint8

const (
	idle clientState = iota
	called
	done
	gone
)

// run simulates a crowd to its end.
func (w crowd) run(choose spec.Choices) *crowdRun {
	r := &crowdRun{crowd: w, choose: choose, clients: make([]crowdClient, w.clients+1)}
	helper := w.clients
	for stuck := 0; ; stuck++ {
		if r.turn(choose.Choose(w.clients)) {
			stuck = 0
		}
		if stuck < 50*w.clients {
			continue
		}
		waits := slices.IndexFunc(r.clients[:helper], func(c crowdClient) bool { return c.state == called })
		if waits < 0 {
			break
		}
		r.help(!r.clients[waits].now.send, false)
		stuck = 0
	}
	for len(r.queue) > 0 {
		r.help(false, false)
	}
	if w.timed > 0 {
		r.help(false, true)
	}
	return r
}

// help has the helper send or read.
func (r *crowdRun) help(send, timed bool) {
	helper := len(r.clients) - 1
	r.begin(helper, send)
	if timed {
		r.clients[helper].now.timed, r.clients[helper].patience = true, 0
		r.actions[len(r.actions)-1].timed = true
	}
	for r.clients[helper].state != idle {
		r.turn(helper)
	}
}

// begin has a client call.
func (r *crowdRun) begin(i int, send bool) {
	c := &r.clients[i]
	c.now = action{client: i, call: true, send: send}
	if send {
		r.value++
		c.now.value = r.value
	}
	if i < r.crowd.clients {
		c.now.timed = r.choose.Choose(1000) < r.timed
		c.doomed = r.choose.Choose(1000) < r.killed
	}
	c.patience = r.choose.Choose(4)
	c.state = called
	r.actions = append(r.actions, c.now)
}

func (r *crowdRun) end(i int, how actionEnd) {
	c := &r.clients[i]
	c.now.call, c.now.end = false, how
	r.actions = append(r.actions, c.now)
	if c.state = idle; how == wasKilled {
		c.state = gone
	}
}

// turn has a client make a step, false where it can't.
func (r *crowdRun) turn(i int) bool {
	c := &r.clients[i]
	switch c.state {
	case idle:
		if r.begun >= r.operations {
			return false
		}
		r.begun++
		// There are times of many sends and times of many reads.
		send := r.choose.Choose(100) < 35+30*(r.begun/300%2)
		r.begin(i, r.helps(send))
	case called:
		if c.doomed && r.choose.Choose(2) == 0 {
			r.end(i, wasKilled)
			return true
		}
		switch {
		case c.now.send && (r.capacity == 0 || len(r.queue) < r.capacity):
			r.queue = append(r.queue, c.now.value)
			c.state = done
		case !c.now.send && len(r.queue) > 0:
			c.now.value, r.queue = r.queue[0], r.queue[1:]
			c.state = done
		case c.now.timed && c.patience == 0:
			r.end(i, gaveUp)
		case c.now.timed:
			c.patience--
		default:
			return false
		}
	case done:
		if c.doomed {
			r.end(i, wasKilled)
			return true
		}
		r.end(i, isDone)
	case gone:
		return false
	}
	return true
}

// helps turns a send into a read, or the reverse, where all others wait to do the same.
func (r *crowdRun) helps(send bool) bool {
	others := 0
	for _, c := range r.clients {
		if c.state == idle || c.state == done || c.state == called && (c.now.timed || c.now.send != send) {
			others++
		}
	}
	if others <= 1 {
		return !send
	}
	return send
}

// history is what a run's actions say of the queue.
func (r *crowdRun) history() *queues.History {
	h := &queues.History{Capacity: r.capacity}
	open := map[int]int{}
	sends := map[int]queues.Span{}
	acknowledged := map[int]bool{}
	reads := map[int]queues.Span{}
	var order []int
	for at, a := range r.actions {
		if a.call {
			open[a.client] = at
			if a.send {
				order = append(order, a.value)
				sends[a.value] = queues.Span{at, queues.Never}
			}
			continue
		}
		span := queues.Span{open[a.client], at}
		switch {
		case a.end == gaveUp && a.send:
			h.Full = append(h.Full, span)
			delete(sends, a.value)
		case a.end == gaveUp:
			h.Empty = append(h.Empty, span)
		case a.send:
			sends[a.value] = span
			acknowledged[a.value] = a.end == isDone
		case a.end == wasKilled:
			h.Takers = append(h.Takers, span)
		default:
			reads[a.value] = span
		}
	}
	for _, v := range order {
		s, made := sends[v]
		r, read := reads[v]
		switch {
		case !made:
		case read:
			h.Messages = append(h.Messages, queues.Message{s.Call, s.End, r.Call, r.End})
		case acknowledged[v]:
			h.Messages = append(h.Messages, queues.Message{s.Call, s.End, queues.Never, queues.Never})
		default:
			h.Maybe = append(h.Maybe, s)
		}
	}
	return h
}
