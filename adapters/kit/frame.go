package kit

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/mpcheck/mpcheck/spec"
)

// A Frame is the handle for the current process while one callback runs. The frames of a thread form a stack. An operation gets the
// frame on which it was called; of its methods all but Do and Process are for the operation, and are called with the monitor held.
type Frame struct {
	sys    *System
	thread *Thread
	outer  *Frame // the frame whose operation called this one's code, or nil
	number int
	code   spec.Callback

	op       string // the open operation, "" when none is
	answered bool   // it was granted before the process was killed
	mark     any    // what it has put on the frame
	undo     func() // what is done when the code that it calls is left
	unwound  bool   // the process has left the frame by a kill or an error
	left     bool   // the callback has returned
	told     bool   // an operation has answered Gone or Aborted
	behind   bool   // the process's life goes on without the goroutine that is in the frame

	form    spec.Callback // of the open unwind-protect, while it is still to run
	catches bool          // the open operation is a handler-case whose body runs
	caught  *spec.Condition

	handler   spec.Callback   // the open operation is a handler-bind with that handler, 0 when none is
	signalled *spec.Condition // what the open operation signals, while handlers run
	handling  *Frame          // the frame with the handler-bind whose handler runs for that
	restarts  bool            // the open operation is a with-continue-restart whose body runs
	continued bool            // a restart named continue was invoked that the open operation has
}

var _ spec.ProcessFrame = (*Frame)(nil)

// System is the system of the frame.
func (f *Frame) System() *System { return f.sys }

// Thread is what the code of the frame runs on.
func (f *Frame) Thread() *Thread { return f.thread }

// Process implements [spec.ProcessFrame].
func (f *Frame) Process() spec.Value {
	if !f.thread.IsProcess() {
		return nil
	}
	return f.thread.ref
}

// Self is the process of the frame as a value, nil on a thread that is none.
func (f *Frame) Self() spec.Value { return cmp.Or[spec.Value](f.Process(), spec.Nil{}) }

// Over tells whether operations of the frame may no longer go on: its process was killed, the case was given up or the system closed.
// An operation that finds so may return anything.
func (f *Frame) Over() bool {
	return f.unwound || f.left || f.sys.closed || f.aborted()
}

// Unwound tells whether the process has left the frame by a kill or an error.
func (f *Frame) Unwound() bool { return f.unwound }

func (f *Frame) aborted() bool { return f.sys.aborted && f.thread == f.sys.main }

// end is the answer of an operation of a frame that is over.
func (f *Frame) end() spec.Return {
	f.told = true
	if f.unwound || f.left || !f.aborted() {
		return spec.Return{Status: spec.Gone}
	}
	return spec.Return{Status: spec.Aborted}
}

// Do executes one operation on the goroutine that calls it. Operations of a killed process answer Gone, the one that was
// open too: its effect may or may not have happened. Errors are answered as Signalled with
// condition types of Common Lisp; operations and keywords that are not claimed as Absent.
func (f *Frame) Do(call spec.Call) spec.Return {
	s := f.sys
	s.mu.Lock()
	if f.told || f.left { // Said before, or nobody's business any more: not recorded.
		defer s.mu.Unlock()
		return f.end()
	}
	s.mu.Unlock()
	s.record(spec.Label{Kind: spec.CallLabel, Frame: f.number, Call: call})
	ret := f.execute(call)
	kind, late := spec.ReturnLabel, s.decide.Returns
	if ret.Status == spec.Gone {
		kind, late = spec.GoneLabel, s.decide.Goners
		if f.behind {
			<-f.thread.gone
		}
	}
	Dawdle(late)
	s.record(spec.Label{Kind: kind, Frame: f.number, Call: call, Return: ret})
	return ret
}

// execute runs the operation under the monitor.
func (f *Frame) execute(call spec.Call) spec.Return {
	s := f.sys
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Over() {
		return f.end()
	}
	if s.hooks.Instead != nil {
		if ret, replaced := s.hooks.Instead(call); replaced {
			return ret
		}
	}
	perform := s.operations[call.Op]
	if perform == nil || !s.handshake.OffersCall(call) {
		return spec.Return{Status: spec.Absent}
	}
	if f.op != "" {
		return spec.Signal("program-error", "%s: %s is still open on this frame", call.Op, f.op)
	}
	f.op = call.Op
	defer func() { f.op, f.answered, f.mark, f.undo = "", false, nil, nil }()
	if s.hooks.Before != nil {
		if s.hooks.Before(f); f.Over() {
			return f.end()
		}
	}
	var values []spec.Value
	condition := s.check(call)
	if condition == nil {
		var err error
		values, err = perform(f, call)
		switch {
		case err == nil || errors.As(err, &condition) || f.Over():
		case errors.Is(err, ErrAbsent):
			return spec.Return{Status: spec.Absent}
		default:
			condition = SimpleError("%v", err)
		}
	}
	if condition != nil && !f.Over() && f.handle(condition) {
		values, condition = One(cmp.Or[spec.Value](s.decide.Continued, spec.Nil{})), nil
	}
	if s.hooks.After != nil {
		s.hooks.After(f)
	}
	switch {
	case f.Over() && !f.answered:
		return f.end()
	case condition != nil:
		return spec.Return{Status: spec.Signalled, Condition: condition}
	}
	return spec.Values(values...)
}

// check signals a program-error for a wrong number of arguments and for unknown keywords, as any Lisp function does.
func (s *System) check(c spec.Call) *spec.Condition {
	if s.hooks.Check != nil {
		return s.hooks.Check(s, c)
	}
	return CheckCall(c)
}

// Call runs code in a fresh frame nested on the same process; the monitor is held, but not while the code runs. complete is
// false where the code was unwound, or the case aborted: what the operation returns is then not used, and it returns soon. Where the
// frame is over already - an operation had waited, and its process was killed - nothing runs.
func (f *Frame) Call(code spec.Callback, args []spec.Value) (values []spec.Value, complete bool) {
	if f.Over() {
		return nil, false
	}
	return f.call(code, args)
}

// call is Call also in a frame that the process has left: for forms that run because of that.
func (f *Frame) call(code spec.Callback, args []spec.Value) (values []spec.Value, complete bool) {
	s := f.sys
	inner := &Frame{sys: s, thread: f.thread, outer: f, code: code}
	f.thread.top = inner
	fn := s.Func(code)
	s.mu.Unlock()
	defer s.mu.Lock()
	return inner.Run(fn, args)
}

// Run runs fn in a frame that [Thread.First] has made; the monitor isn't held. A panic
// is recovered: it ends the process like an error that nobody handles, and the run is
// broken.
func (f *Frame) Run(fn spec.Func, args []spec.Value) (values []spec.Value, complete bool) {
	s, t := f.sys, f.thread
	Dawdle(s.decide.Enters)
	s.recordEnter(f, args)
	returned := false
	defer func() {
		var err error
		if !returned {
			err = leftBy(recover())
		}
		s.mu.Lock()
		if err != nil {
			s.Breaks(fmt.Sprintf("running %s in %s %q", f.code, t.ref, t.label), err)
			t.Unwind()
		}
		f.left = true
		complete = returned && !f.unwound && !f.aborted() && !s.closed
		if !f.behind {
			t.top = f.outer
			f.outer.leave()
		}
		s.mu.Unlock()
		s.record(spec.Label{Kind: spec.LeaveLabel, Frame: f.number, Return: spec.Values(values...)})
	}()
	values = fn(f, args)
	returned = true
	return values, false
}

// leftBy is the error about code that didn't return, with what was recovered.
func leftBy(recovered any) error {
	if recovered == nil {
		return errors.New("the code left its goroutine by runtime.Goexit")
	}
	return fmt.Errorf("panic: %v\n%s", recovered, debug.Stack())
}

// leave undoes what the open operation of a frame has asked for, whose code has been left; mu is held.
func (f *Frame) leave() {
	if f != nil && f.undo != nil {
		f.undo()
	}
}

// OnLeave has undo called, once or more often and with the monitor held, when code is left which the open operation calls from now on,
// however that is: as the bindings of a let end. nil calls it off.
func (f *Frame) OnLeave(undo func()) { f.undo = undo }

// SetMark puts something on the frame for as long as its operation is open, for code within to find by [Frame.Around].
func (f *Frame) SetMark(mark any) { f.mark = mark }

// Around is the innermost frame, from this one outwards, whose open operation has put a mark of type T on it; with that mark. nil
// where there is none.
func Around[T any](f *Frame) (*Frame, T) {
	for ; f != nil; f = f.outer {
		if mark, ok := f.mark.(T); ok {
			return f, mark
		}
	}
	var none T
	return nil, none
}

// Within tells whether the frame, or one around it, runs that code.
func (f *Frame) Within(code spec.Callback) bool {
	for ; f != nil; f = f.outer {
		if f.code == code {
			return true
		}
	}
	return false
}
