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

// Thread is a thread that Go did not create. Its methods may be called from any goroutine, none but Close once that was called.
type Thread struct {
	c     *C.foreign_thread
	calls sync.WaitGroup // those that wait for it in Call
	one   sync.Mutex     // it makes one call at a time
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
	t.calls.Add(1)
	defer t.calls.Done()
	t.one.Lock()
	defer t.one.Unlock()
	handle := cgo.NewHandle(code)
	defer handle.Delete()
	C.foreign_run(t.c, C.uintptr_t(handle))
}

// Note writes an integer from 0 on into the log of the thread.
func (t *Thread) Note(n int32) { C.foreign_note(t.c, C.int32_t(n)) }

// Log is what has been written, the oldest first: notes, [Called] and [Back].
func (t *Thread) Log() []int {
	count := C.foreign_count(t.c)
	if count == 0 {
		return nil
	}
	entries := make([]C.int32_t, count)
	C.foreign_read(t.c, &entries[0], count)
	log := make([]int, count)
	for i, n := range entries {
		log[i] = int(n)
	}
	return log
}

// Close ends the thread once it is idle, and waits for that.
func (t *Thread) Close() {
	t.calls.Wait()
	C.foreign_end(t.c)
}

// Inside calls foreign code on the thread of the calling goroutine, which calls code in there.
func Inside(code func()) {
	handle := cgo.NewHandle(code)
	defer handle.Delete()
	C.foreign_inside(C.uintptr_t(handle))
}
