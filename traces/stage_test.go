package traces

import (
	"fmt"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// A stage is for traces that are written down by hand. Frame 0 is the test's; frame n below 10 that of
// the process n, whose function is function n with callback n.
type stage struct {
	labels  []spec.Label
	virtual bool
	now     time.Duration // where it is virtual
	lag     time.Duration // of what comes, on a real clock
	profile []string      // that is claimed, nil where nothing is known of it
}

func newStage() *stage {
	s := &stage{}
	s.add(spec.Label{Kind: spec.EnterLabel, Process: proc(0)})
	return s
}

func ref(kind string, n int) spec.Ref { return spec.Ref{ID: fmt.Sprint(kind, "-", n), Type: kind} }

func proc(n int) spec.Ref    { return ref("process", n) }
func fn(n int) spec.Ref      { return ref("function", n) }
func mailbox(n int) spec.Ref { return ref("mailbox", n) }
func gate(n int) spec.Ref    { return ref("gate", n) }
func cell(n int) spec.Ref    { return ref("cell", n) }

func sym(name string) spec.Value { return spec.Symbol{Package: "CL-USER", Name: name} }

func (s *stage) add(l spec.Label) {
	l.At = s.lag + time.Duration(len(s.labels)+1)*time.Millisecond
	if s.virtual {
		l.At = s.now
	}
	s.labels = append(s.labels, l)
}

// An answer is how the operation that was called ends.
type answer struct {
	s     *stage
	frame int
}

// does opens an operation; keys among the arguments are its keywords.
func (s *stage) does(frame int, op string, args ...any) answer {
	s.add(spec.Label{Kind: spec.CallLabel, Frame: frame, Call: spec.NewCall(op, args)})
	return answer{s, frame}
}

func (a answer) is(values ...any) {
	var r spec.Return
	for _, v := range values {
		r.Values = append(r.Values, spec.Of(v))
	}
	a.s.add(spec.Label{Kind: spec.ReturnLabel, Frame: a.frame, Return: r})
}

func (a answer) fails() {
	a.s.add(spec.Label{Kind: spec.ReturnLabel, Frame: a.frame, Return: spec.Signal("simple-error", "refused")})
}

func (a answer) absent() {
	a.s.add(spec.Label{Kind: spec.ReturnLabel, Frame: a.frame, Return: spec.Return{Status: spec.Absent}})
}

// gone: the operation never returns, and the code of its frame ends.
func (a answer) gone() {
	a.s.add(spec.Label{Kind: spec.GoneLabel, Frame: a.frame})
	a.s.leaves(a.frame)
}

func (s *stage) enters(frame, process, callback int, args ...any) {
	l := spec.Label{Kind: spec.EnterLabel, Frame: frame, Process: proc(process), Callback: spec.Callback(callback)}
	for _, a := range args {
		l.Args = append(l.Args, spec.Of(a))
	}
	s.add(l)
}

func (s *stage) leaves(frame int, values ...spec.Value) {
	s.add(spec.Label{Kind: spec.LeaveLabel, Frame: frame, Return: spec.Values(values...)})
}

// runs begins and ends code, which asks something, so that it shows when it ran.
func (s *stage) runs(frame, process, callback int, args ...any) {
	s.enters(frame, process, callback, args...)
	s.does(frame, "get-current-process").is(proc(process))
	s.leaves(frame)
}

// rests lets everything happen that can: on virtual time the test waits until nothing does.
func (s *stage) rests() {
	pause := s.does(0, "pause", 1)
	s.add(spec.Label{Kind: spec.QuietLabel})
	s.now += time.Second
	s.add(spec.Label{Kind: spec.ClockLabel})
	pause.is(nil)
}

// function makes function n.
func (s *stage) function(n int) { s.does(0, "make-function", spec.Callback(n)).is(fn(n)) }

// makes makes process n, which has yet to begin.
func (s *stage) makes(n int, keywords ...any) {
	s.function(n)
	s.does(0, "process-run-function", fmt.Sprint("p", n), spec.Of(keywords), fn(n)).is(proc(n))
}

// spawn makes process n, and it begins.
func (s *stage) spawn(n int, keywords ...any) {
	s.makes(n, keywords...)
	s.enters(n, n, n)
}

// waiting makes process n, which waits at gate n.
func (s *stage) waiting(n int, keywords ...any) {
	s.spawn(n, keywords...)
	s.gate(n)
	s.does(n, "gate-wait", gate(n))
}

func (s *stage) gate(n int) { s.does(0, "make-gate").is(gate(n)) }

// ended makes process n, which has ended.
func (s *stage) ended(n int, keywords ...any) {
	s.spawn(n, keywords...)
	s.leaves(n)
	s.does(0, "process-join", proc(n)).is(true)
	// Only a send that is answered so proves that it is dead for good.
	s.does(0, "process-send", proc(n), 0).is(nil)
}

func (s *stage) box(n int, keys ...any) { s.does(0, "make-mailbox", keys...).is(mailbox(n)) }

func (s *stage) send(m int, objects ...any) {
	for _, o := range objects {
		s.does(0, "mailbox-send", mailbox(m), o).is(true)
	}
}

func (s *stage) read(m int, objects ...any) {
	for _, o := range objects {
		s.does(0, "mailbox-read", mailbox(m)).is(o, true)
	}
}
