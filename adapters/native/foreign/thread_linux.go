//go:build cgo

package foreign

/*
#cgo LDFLAGS: -lpthread
#include "foreign.h"
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"sync"
)

// Thread is a thread that Go did not create. Its methods may be called from any goroutine, also once it is closed: then they do
// nothing.
type Thread struct {
	c   *C.foreign_thread
	one sync.Mutex // it makes one call at a time

	mu     sync.Mutex
	closed bool
	calls  sync.WaitGroup // those that wait for it in Call
}

// unlessClosed does something with the thread, which it is there for.
func (t *Thread) unlessClosed(do func()) (done bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		do()
	}
	return !t.closed
}

// What stands in a log beside notes: the thread calls in, and it has control back.
const (
	Called = int(C.foreign_call)
	Back   = int(C.foreign_back)
)

// Start makes a thread, which is idle. It is the caller's to Close.
func Start() (*Thread, error) {
	c := C.foreign_start()
	if c == nil {
		return nil, errors.New("the system has no thread for foreign code")
	}
	return &Thread{c: c}, nil
}

// Call has the thread call code in, and returns once the thread has control back. Code runs on a goroutine that is bound to the
// thread, until it returns.
func (t *Thread) Call(code func()) {
	if !t.unlessClosed(func() { t.calls.Add(1) }) {
		return
	}
	defer t.calls.Done()
	t.one.Lock()
	defer t.one.Unlock()
	handle := cgo.NewHandle(code)
	defer handle.Delete()
	C.foreign_run(t.c, C.uintptr_t(handle))
}

// Note writes an integer from 0 on into the log of the thread.
func (t *Thread) Note(n int32) { t.unlessClosed(func() { C.foreign_note(t.c, C.int32_t(n)) }) }

// Log is what has been written, the oldest first: notes, [Called] and [Back].
func (t *Thread) Log() (log []int) {
	t.unlessClosed(func() {
		count := C.foreign_count(t.c)
		if count == 0 {
			return
		}
		entries := make([]C.int32_t, count)
		C.foreign_read(t.c, &entries[0], count)
		for _, n := range entries {
			log = append(log, int(n))
		}
	})
	return log
}

// Close ends the thread once it is idle, and waits for that. It is called once.
func (t *Thread) Close() {
	t.unlessClosed(func() { t.closed = true })
	t.calls.Wait()
	C.foreign_end(t.c)
}

// Inside calls foreign code on the thread of the calling goroutine, which calls code in there.
func Inside(code func()) {
	handle := cgo.NewHandle(code)
	defer handle.Delete()
	C.foreign_inside(C.uintptr_t(handle))
}
