package native

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// frame is the handle for the current process while one callback runs. The frames of a
// process form a stack.
type frame struct {
	sys    *system
	proc   *process
	outer  *frame // the frame whose operation called this one's code, or nil
	number int
	code   spec.Callback

	op      string // the open operation, "" when none is
	unwound bool   // the process has left the frame by a kill or an error
	left    bool   // the callback has returned
	told    bool   // an operation has answered Gone or Aborted
	catches bool   // the open operation is a handler-case whose body runs
	caught  *spec.Condition
	output  *strings.Builder // what is written meanwhile, while the open operation is a with-captured-output
	form    spec.Callback    // of the open unwind-protect, while it is still to run
	behind  bool             // the process's life goes on without the goroutine that is in the frame

	answered bool // the open operation was granted before the process was killed

	handler   spec.Callback   // the open operation is a handler-bind with that handler, 0 when none is
	signalled *spec.Condition // what the open operation signals, while handlers run
	handling  *frame          // the frame with the handler-bind whose handler runs for that
	restarts  bool            // the open operation is a with-continue-restart whose body runs
	continued bool            // a restart named continue was invoked that the open operation has

	reads bool // it evaluates what is typed in: an error that nobody handles leaves the form alone

	binds bool // the open operation is a let whose body runs,
	depth int  // before which the process had so many bindings
}

var _ spec.ProcessFrame = (*frame)(nil)

// Process implements [spec.ProcessFrame].
func (f *frame) Process() spec.Value {
	if f.proc.thread {
		return nil
	}
	return f.proc.ref
}

// over tells whether operations of the frame may no longer go on; mu is held.
func (f *frame) over() bool {
	return f.unwound || f.left || f.sys.closed || f.aborted()
}

func (f *frame) aborted() bool { return f.sys.aborted && f.proc == f.sys.main }

// end is the answer of an operation of a frame that is over.
func (f *frame) end() spec.Return {
	f.told = true
	if f.unwound || f.left || !f.aborted() {
		return spec.Return{Status: spec.Gone}
	}
	return spec.Return{Status: spec.Aborted}
}

// errAbsent is the error of an operation that isn't offered in that form.
var errAbsent = errors.New("absent")

// Do executes one operation. Operations of a killed process answer Gone, the one that was
// open too: its effect may or may not have happened. Errors are answered as Signalled with
// condition types of Common Lisp; operations and keywords that are not claimed as Absent.
func (f *frame) Do(call spec.Call) spec.Return {
	s := f.sys
	s.mu.Lock()
	if f.told || f.left { // Said before, or nobody's business any more: not recorded.
		defer s.mu.Unlock()
		return f.end()
	}
	s.mu.Unlock()
	s.record(spec.Label{Kind: spec.CallLabel, Frame: f.number, Call: call})
	ret := f.execute(call)
	kind, late := spec.ReturnLabel, s.decide.returns
	if ret.Status == spec.Gone {
		kind, late = spec.GoneLabel, s.decide.goners
		if f.behind {
			<-f.proc.left
		}
	}
	dawdle(late)
	s.record(spec.Label{Kind: kind, Frame: f.number, Call: call, Return: ret})
	return ret
}

// execute runs the operation under the monitor.
func (f *frame) execute(call spec.Call) spec.Return {
	f.sys.mu.Lock()
	defer f.sys.mu.Unlock()
	if f.over() {
		return f.end()
	}
	if f.sys.replace != nil {
		if ret, replaced := f.sys.replace(call); replaced {
			return ret
		}
	}
	perform := operations[call.Op]
	if perform == nil || !f.sys.handshake.OffersCall(call) {
		return spec.Return{Status: spec.Absent}
	}
	if f.op != "" {
		return spec.Signal("program-error", "%s: %s is still open on this frame", call.Op, f.op)
	}
	f.op = call.Op
	defer func() { f.op, f.answered = "", false }()
	if f.proc.standStill(); f.over() {
		return f.end()
	}
	if !f.sys.decide.interruptsOnlyWaits {
		if f.takeInterrupts(); f.over() {
			return f.end()
		}
	}
	if f.sys.reaping != nil {
		f.wait("another process to reap a child", forever, func() bool { return true })
	}
	var values []spec.Value
	condition := f.sys.checkArguments(call)
	if condition == nil {
		var err error
		values, err = perform(f, call)
		if err != nil && !errors.As(err, &condition) && !f.over() {
			return spec.Return{Status: spec.Absent}
		}
	}
	if condition != nil && !f.over() && f.handle(condition) {
		values, condition = one(cmp.Or[spec.Value](f.sys.decide.continued, spec.Nil{})), nil
	}
	if f.sys.decide.interruptsBeforeEnd {
		f.takeInterrupts()
	}
	switch {
	case f.over() && !f.answered:
		return f.end()
	case condition != nil:
		return spec.Return{Status: spec.Signalled, Condition: condition}
	}
	return spec.Values(values...)
}

// call runs code in a fresh frame nested on the same process; mu is held, but not while
// the code runs. complete is false where the code was unwound, or aborted.
func (f *frame) call(code spec.Callback, args []spec.Value) (values []spec.Value, complete bool) {
	s := f.sys
	inner := &frame{sys: s, proc: f.proc, outer: f, code: code}
	f.proc.top = inner
	fn := s.funcOf(code)
	s.mu.Unlock()
	defer s.mu.Lock()
	return inner.run(fn, args)
}

// run runs fn in the frame, which is the innermost of its process; mu isn't held. A panic
// is recovered: it ends the process like an error that nobody handles, and the run is
// broken.
func (f *frame) run(fn spec.Func, args []spec.Value) (values []spec.Value, complete bool) {
	s, p := f.sys, f.proc
	dawdle(s.decide.enters)
	s.recordEnter(f, args)
	returned := false
	defer func() {
		var err error
		if !returned {
			err = errors.New("the code left its goroutine by runtime.Goexit")
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}
		s.mu.Lock()
		if err != nil {
			s.breaks(fmt.Sprintf("running %s in %s %q", f.code, p.ref, p.name), err)
			p.unwind()
		}
		f.left = true
		complete = returned && !f.unwound && !f.aborted() && !s.closed
		if !f.behind {
			p.top = f.outer
			f.outer.leavesLet()
		}
		s.mu.Unlock()
		s.record(spec.Label{Kind: spec.LeaveLabel, Frame: f.number, Return: spec.Values(values...)})
	}()
	values = fn(f, args)
	returned = true
	return values, false
}

// leavesLet undoes the bindings of the let that is open in a frame, whose body has been left; mu is held.
func (f *frame) leavesLet() {
	if f != nil && f.binds {
		f.proc.unbindTo(f.depth)
	}
}

// within tells whether the frame, or one around it, runs that code.
func (f *frame) within(code spec.Callback) bool {
	for ; f != nil; f = f.outer {
		if f.code == code {
			return true
		}
	}
	return false
}
