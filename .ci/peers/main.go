// Peers puts the same histories of a queue to this project's judge and to porcupine, and the same
// program to its search and to spin, side by side in one run, so that the noise of the machine is
// the same for both.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/mpcheck/mpcheck/traces/queues"
)

// limit is how long porcupine may take for a history.
const limit = 10 * time.Second

type operation struct {
	client, call, ret int
	send              bool
	value             int
}

func main() {
	if err := states(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	histories()
}

// histories prints how long each judge takes for the same histories.
func histories() {
	fmt.Println("\n1,000 operations on a queue, plain sends and reads, median of 3 histories")
	fmt.Printf("%8s %14s %14s\n", "clients", "mpcheck", "porcupine")
	for _, clients := range []int{4, 8, 16} {
		var ours, theirs []time.Duration
		for seed := range uint64(3) {
			history := simulate(rand.New(rand.NewPCG(seed, 1)), clients, 1000)
			began := time.Now()
			if d := queues.CheckFIFO(messages(history), false); d != nil {
				panic(fmt.Sprint("a history of a queue is not allowed: ", d))
			}
			ours = append(ours, time.Since(began))
			began = time.Now()
			switch porcupine.CheckOperationsTimeout(queue, events(history), limit) {
			case porcupine.Illegal:
				panic("porcupine doesn't allow a history of a queue")
			case porcupine.Unknown:
				theirs = append(theirs, limit)
			default:
				theirs = append(theirs, time.Since(began))
			}
		}
		them := median(theirs).Round(10 * time.Microsecond).String()
		if median(theirs) >= limit {
			them = "> " + limit.String()
		}
		fmt.Printf("%8d %14s %14s\n", clients, median(ours).Round(time.Microsecond), them)
	}
}

func median(d []time.Duration) time.Duration {
	a, b, c := d[0], d[1], d[2]
	return max(min(a, b), min(max(a, b), c))
}

// simulate has clients make operations at a queue, each with its effect between call and return.
func simulate(r *rand.Rand, clients, operations int) []operation {
	const idle, called, done = 0, 1, 2
	state, open := make([]int, clients), make([]operation, clients)
	var out []operation
	var held []int
	begun, readers, next := 0, 0, 0
	for at := 0; len(out) < operations; at++ {
		c := r.IntN(clients)
		switch o := &open[c]; state[c] {
		case idle:
			if begun < operations {
				*o = operation{client: c, call: at, send: r.IntN(2) == 0 || readers+1 >= clients || begun == operations-1}
				if o.send {
					next++
					o.value = next
				} else {
					readers++
				}
				begun++
				state[c] = called
			}
		case called:
			switch {
			case o.send:
				held = append(held, o.value)
				state[c] = done
			case len(held) > 0:
				o.value, held = held[0], held[1:]
				readers--
				state[c] = done
			case begun == operations: // nobody will send: the read becomes none
				readers--
				operations--
				begun--
				state[c] = idle
			}
		case done:
			o.ret = at
			out = append(out, *o)
			state[c] = idle
		}
	}
	return out
}

func messages(history []operation) []queues.Message {
	index := map[int]int{}
	var out []queues.Message
	for _, o := range history {
		if o.send {
			index[o.value] = len(out)
			out = append(out, queues.Message{SendCall: o.call, SendReturn: o.ret, ReadCall: queues.Never, ReadReturn: queues.Never})
		}
	}
	for _, o := range history {
		if !o.send {
			m := &out[index[o.value]]
			m.ReadCall, m.ReadReturn = o.call, o.ret
		}
	}
	return out
}

func events(history []operation) []porcupine.Operation {
	var out []porcupine.Operation
	for _, o := range history {
		out = append(out, porcupine.Operation{ClientId: o.client, Input: o, Call: int64(o.call), Output: o.value, Return: int64(o.ret)})
	}
	return out
}

// queue is the specification for porcupine: a list, oldest first, as text, which compares fast.
var queue = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		held, o := state.(string), input.(operation)
		if o.send {
			return true, held + fmt.Sprintf("%06d", o.value)
		}
		if len(held) < 6 || held[:6] != fmt.Sprintf("%06d", o.value) {
			return false, held
		}
		return true, held[6:]
	},
}
