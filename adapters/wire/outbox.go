package wire

import (
	"io"
	"sync"
)

// outbox writes messages from a goroutine of its own, whole and in the order of post. What
// waits in it is bounded by the callers: a frame has at most one message on its way.
type outbox struct {
	w    io.Writer
	fail func(error) // told of the first write that failed

	mu     sync.Mutex
	queue  []byte // complete messages, one after the other
	spare  []byte // the buffer that was written last, to be filled next
	closed bool
	wake   chan struct{} // holds a token where there is something to do
	done   chan struct{} // closed when the writer has ended
}

func newOutbox(w io.Writer, fail func(error)) *outbox {
	return &outbox{w: w, fail: fail, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// post hands over the message that add appends. It never waits for the other side; after
// close it does nothing.
func (o *outbox) post(add func(buf []byte) []byte) {
	o.mu.Lock()
	if !o.closed {
		o.queue = add(o.queue)
	}
	o.mu.Unlock()
	o.signal()
}

// close lets the writer end once all that was posted is written.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.signal()
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run is the writer.
func (o *outbox) run() {
	defer close(o.done)
	for range o.wake {
		for {
			o.mu.Lock()
			batch, closed := o.queue, o.closed
			o.queue, o.spare = o.spare[:0], nil
			o.mu.Unlock()
			if len(batch) == 0 {
				if closed {
					return
				}
				break
			}
			if _, err := o.w.Write(batch); err != nil {
				o.close()
				o.fail(err)
				return
			}
			if cap(batch) > 1<<20 {
				batch = nil // don't keep the memory of one huge message
			}
			o.mu.Lock()
			o.spare = batch
			o.mu.Unlock()
		}
	}
}
