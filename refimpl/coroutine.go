package refimpl

import (
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A coroutine runs the code of one frame until its next operation. The scheduler's
// goroutine owns it: nothing else runs meanwhile.
type coroutine struct {
	frame   model.ID
	number  int
	process spec.Value
	image   int
	yield   func(spec.Call) bool
	reply   spec.Return
	ended   spec.Status // Gone or Aborted once every operation answers so
	crash   error
	values  []spec.Value // what the code returned

	next func() (spec.Call, bool)
	stop func()
}

// newCoroutine makes one for the code of a frame. Where frames are few each gets the stack at once that most need.
func newCoroutine(frame model.ID, number int, process spec.Value, image int, few bool, body func(spec.Frame) []spec.Value) *coroutine {
	co := &coroutine{frame: frame, number: number, process: process, image: image}
	co.next, co.stop = iter.Pull(func(yield func(spec.Call) bool) {
		co.yield = yield
		if few {
			grow()
		}
		co.perform(body)
	})
	return co
}

// grow has the stack of a new goroutine grow at once to what the code of most cases takes: while little stands on it that
// is cheap, and else it grows by doubling, under all that stands on it by then.
//
//go:noinline
func grow() {
	var room [3 << 10]byte
	runtime.KeepAlive(&room)
}

// perform runs the code to its end.
func (co *coroutine) perform(body func(spec.Frame) []spec.Value) {
	finished := false
	defer func() {
		if finished {
			return
		}
		if r := recover(); r != nil {
			co.crash = fmt.Errorf("code of a case panicked: %v\n%s", r, debug.Stack())
		} else {
			// Goexit can't be stopped; it takes the scheduler's goroutine along.
			co.crash = fmt.Errorf("code of a case called runtime.Goexit (FailNow or SkipNow of a test?)")
		}
	}()
	co.values = body(co)
	finished = true
}

// Do implements [spec.Frame].
func (co *coroutine) Do(call spec.Call) spec.Return {
	if co.ended == 0 && !co.yield(call) {
		co.ended = spec.Gone // the system is being torn down
	}
	if co.ended != 0 {
		return spec.Return{Status: co.ended}
	}
	reply := co.reply
	if reply.Status == spec.Gone || reply.Status == spec.Aborted {
		co.ended = reply.Status
	}
	return reply
}

var _ spec.ProcessFrame = (*coroutine)(nil)

// Process implements [spec.ProcessFrame].
func (co *coroutine) Process() spec.Value { return co.process }

// Image is the number of the image in which the code runs, 0 for the first.
func (co *coroutine) Image() int { return co.image }
