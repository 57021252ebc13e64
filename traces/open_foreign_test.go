package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func thread(n int) spec.Ref { return ref("foreign-thread", n) }

// noted is what the log of a foreign thread shows of calls, each with its notes.
func noted(calls ...[]int) (log []any) {
	for _, notes := range calls {
		log = append(log, spec.Keyword("call"))
		for _, n := range notes {
			log = append(log, n)
		}
		log = append(log, spec.Keyword("back"))
	}
	return log
}

// inside has foreign thread 1 call callback 4+n in, in process n and frame 10*n; what happens inside is play's.
func (s *stage) inside(n int, play func()) { s.insideAgain(10*n, n, 4+n, play) }

// insideAgain is inside in whatever frame, of a process that may have been there before.
func (s *stage) insideAgain(frame, n, code int, play func()) {
	call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(code))
	s.enters(frame, n, code)
	play()
	call.is(7)
}

// registersInside has the frame of a callable, of process n, register function 2, and returns.
func (s *stage) registersInside(n int) {
	s.does(10*n, "ensure-process-cleanup", fn(2)).is(true)
	s.leaves(10*n, spec.Int(7))
}

// notes runs the form, which notes 3, in a frame of process n.
func (s *stage) notes(frame, n int) {
	s.enters(frame, n, 2, proc(n))
	s.does(frame, "foreign-thread-note", thread(1), 3).is(true)
	s.leaves(frame)
}

func (s *stage) foreign() {
	s.function(2)
	s.does(0, "make-foreign-thread").is(thread(1))
}

func (s *stage) log(calls ...[]int) { s.does(0, "foreign-thread-log", thread(1)).is(noted(calls...)) }

// What is left open of foreign threads.
var foreignShowings = []showing{
	{"CLEAN-FOR-4/runs-once CLEAN-FOR-5/same-process", "A form that a foreign thread has registered in one call does not run after the next one, which has the same process.",
		func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1); s.notes(11, 1) })
			s.insideAgain(12, 1, 7, func() { s.leaves(12, spec.Int(7)) })
			s.log([]int{3}, nil)
		}, func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1) })
			s.insideAgain(12, 1, 7, func() { s.leaves(12, spec.Int(7)) })
			s.log(nil, nil)
		}},
	{"CLEAN-FOR-4/runs-again", "A form that a foreign thread has registered in one call runs again after the next one.", func(s *stage) {
		s.foreign()
		s.inside(1, func() { s.registersInside(1); s.notes(11, 1) })
		s.insideAgain(12, 1, 7, func() { s.leaves(12, spec.Int(7)); s.notes(13, 1) })
		s.log([]int{3}, []int{3})
	}, func(s *stage) {
		s.foreign()
		s.inside(1, func() { s.registersInside(1); s.notes(11, 1); s.notes(12, 1) })
		s.log([]int{3, 3})
	}},
	{"CLEAN-FOR-5/new-process CLEAN-FOR-5/ended-between", "A foreign thread has another process in its next call; that of the first has ended.", func(s *stage) {
		s.foreign()
		s.inside(1, func() { s.leaves(10, spec.Int(7)) })
		s.does(0, "process-alive-p", proc(1)).is(nil)
		s.inside(2, func() {
			s.does(20, "get-current-process").is(proc(2))
			s.leaves(20, spec.Int(7))
		})
	}, func(s *stage) {
		s.foreign()
		s.inside(1, func() { s.leaves(10, spec.Int(7)) })
		s.inside(2, func() {
			s.does(20, "get-current-process").is(proc(1))
			s.leaves(20, spec.Int(7))
		})
	}},
	{"CLEAN-FOR-5/alive-between", "The process of a foreign thread is alive between its calls.", func(s *stage) {
		s.foreign()
		s.inside(1, func() { s.leaves(10, spec.Int(7)) })
		s.does(0, "process-alive-p", proc(1)).is(true)
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(nil)
		s.insideAgain(11, 1, 7, func() { s.leaves(11, spec.Int(7)) })
	}, nil},
}

// What runs when control is back in the foreign code is not left open; whose forms run then is, of those that others have registered.
func TestForeignThreads(t *testing.T) {
	before := []string{"lispworks-6"}
	for name, test := range map[string]struct {
		play    func(*stage)
		profile []string
		want    Verdict
	}{
		"a form that runs in time": {func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1); s.notes(11, 1) })
			s.log([]int{3})
		}, nil, Allowed},
		"a form that runs once control is back": {func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1) })
			s.notes(11, 1)
			s.does(0, "foreign-thread-log", thread(1)).is(append(noted(nil), 3))
		}, nil, Forbidden},
		"a form that never runs": {func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1) })
			s.log(nil)
		}, nil, Forbidden},
		"the same before 7.1": {func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.registersInside(1) })
			s.log(nil)
		}, before, Allowed},
		"another's form that never runs": {func(s *stage) {
			s.foreign()
			s.spawn(3)
			s.inside(1, func() {
				s.does(10, "get-current-process").is(proc(1))
				s.does(3, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
				s.leaves(10, spec.Int(7))
			})
			s.log(nil)
		}, nil, Allowed},
		"another's form in time": {func(s *stage) {
			s.foreign()
			s.spawn(3)
			s.inside(1, func() {
				s.does(10, "get-current-process").is(proc(1))
				s.does(3, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(true)
				s.leaves(10, spec.Int(7))
				s.notes(11, 1)
			})
			s.log([]int{3})
		}, nil, Allowed},
		"an inner callable, and the form in time": {func(s *stage) {
			s.foreign()
			s.inside(1, func() {
				inner := s.does(10, "call-foreign", spec.Callback(8))
				s.enters(12, 1, 8)
				s.does(12, "ensure-process-cleanup", fn(2)).is(true)
				s.leaves(12, spec.Int(8))
				inner.is(8)
				s.does(10, "foreign-thread-note", thread(1), 2).is(true)
				s.leaves(10, spec.Int(7))
				s.notes(13, 1)
			})
			s.log([]int{2, 3})
		}, nil, Allowed},
		"the form as an inner callable returns": {func(s *stage) {
			s.foreign()
			s.inside(1, func() {
				inner := s.does(10, "call-foreign", spec.Callback(8))
				s.enters(12, 1, 8)
				s.does(12, "ensure-process-cleanup", fn(2)).is(true)
				s.leaves(12, spec.Int(8))
				s.notes(13, 1)
				inner.is(8)
				s.does(10, "foreign-thread-note", thread(1), 2).is(true)
				s.leaves(10, spec.Int(7))
			})
			s.log([]int{3, 2})
		}, nil, Forbidden},
		"the process of who had it call in": {func(s *stage) {
			s.foreign()
			s.inside(1, func() { s.does(10, "get-current-process").is(proc(0)); s.leaves(10, spec.Int(7)) })
		}, nil, Forbidden},
	} {
		s := newStage()
		test.play(s)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{AdapterPID: 1000, Profile: test.profile}); r.Verdict != test.want {
			t.Errorf("%s: %v, want %v: %+v %s", name, r.Verdict, test.want, r.Findings, r.Why)
		}
	}
}

// A form of *process-initial-bindings* calls a function of the user's on a foreign thread: on the process of the callable, before
// that.
func TestFormsOnForeignThreads(t *testing.T) {
	x := own("X")
	form := func(s *stage, play func()) {
		s.enters(20, 1, 8)
		play()
	}
	callable := func(s *stage, seen any) {
		s.enters(21, 1, 6)
		s.does(21, "symbol-value", x).is(seen)
		s.leaves(21, spec.Int(7))
	}
	for name, test := range map[string]struct {
		play   func(s *stage)
		result any
		want   Verdict
	}{
		"its value":   {func(s *stage) { form(s, func() { s.leaves(20, spec.Int(3)) }); callable(s, 3) }, 7, Allowed},
		"another one": {func(s *stage) { form(s, func() { s.leaves(20, spec.Int(3)) }); callable(s, 4) }, 7, Forbidden},
		"other code":  {func(s *stage) { s.enters(20, 1, 9); s.leaves(20, spec.Int(3)); callable(s, 3) }, 7, Forbidden},
		"not called":  {func(s *stage) { s.enters(21, 1, 6); s.leaves(21, spec.Int(7)) }, 7, Forbidden},
		"called twice": {func(s *stage) {
			form(s, func() { s.leaves(20, spec.Int(3)) })
			s.enters(22, 1, 8)
			s.leaves(22, spec.Int(3))
			callable(s, 3)
		}, 7, Forbidden},
		"bound for its own code already": {func(s *stage) {
			form(s, func() { s.does(20, "symbol-value", x).is(3); s.leaves(20, spec.Int(3)) })
			callable(s, 3)
		}, 7, Forbidden},
		"killed within, and it never begins": {func(s *stage) {
			form(s, func() { s.does(20, "current-process-kill").gone() })
		}, nil, Allowed},
		"killed within, and it begins": {func(s *stage) {
			form(s, func() { s.does(20, "current-process-kill").gone() })
			callable(s, nil)
		}, 7, Forbidden},
		"killed by another, and it begins": {func(s *stage) {
			form(s, func() { s.does(3, "process-kill", proc(1)).is(nil); s.leaves(20, spec.Int(3)) })
			callable(s, 3)
		}, 7, Allowed},
		"an error, and nil by the restart": {func(s *stage) {
			form(s, func() { s.does(20, "signal-error", "oh").gone() })
			callable(s, nil)
		}, 7, Allowed},
		"an error, and whatever": {func(s *stage) {
			form(s, func() { s.does(20, "signal-error", "oh").gone() })
			callable(s, 3)
		}, 7, Forbidden},
		"an error, and its end": {func(s *stage) { form(s, func() { s.does(20, "signal-error", "oh").gone() }) }, nil, Allowed},
		"a cleanup of its own": {func(s *stage) {
			form(s, func() { s.does(20, "ensure-process-cleanup", fn(2)).is(true); s.leaves(20, spec.Int(3)) })
			callable(s, 3)
			s.notes(23, 1)
		}, 7, Allowed},
		"a cleanup where it never begins": {func(s *stage) {
			form(s, func() {
				s.does(20, "ensure-process-cleanup", fn(2)).is(true)
				s.does(20, "current-process-kill").gone()
			})
			s.notes(23, 1)
		}, nil, Allowed},
	} {
		for _, virtual := range []bool{true, false} {
			s := newStage()
			s.virtual = virtual
			s.foreign()
			s.spawn(3)
			s.inside(1, func() { s.leaves(10, spec.Int(7)) }) // which tells where the process comes from
			s.does(0, "defun", own("F"), spec.Callback(8)).is(own("F"))
			list := spec.NewList(spec.NewList(x, own("F")))
			s.does(0, "set-global-value", initialBindings, list).is(list)
			call := s.does(0, "call-on-foreign-thread", thread(1), spec.Callback(6))
			test.play(s)
			call.is(test.result)
			s.leaves(0)
			if r := Check(s.labels, CheckOptions{Virtual: virtual, AdapterPID: 1}); r.Verdict != test.want {
				t.Errorf("%s, virtual %v: %v, want %v\n%s", name, virtual, r.Verdict, test.want, r.Text(s.labels))
			}
		}
	}
}
