package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of events.
var eventShowings = []showing{
	{"EVENT-MWE-4/object-ends-wait", "An object ends a wait whose wait function is nil.", waitFunction(func(s *stage) {
		s.send(1, 7)
		answer{s, 1}.is(7)
	}), func(s *stage) {
		waitFunction(func(s *stage) { answer{s, 1}.is(nil) })(s)
	}},
	{"EVENT-MWE-4/wait-function-decides", "An object doesn't end a wait: the wait function does, once it is true.", func(s *stage) {
		s.virtual = true
		waitFunction(func(s *stage) {
			s.send(1, 7)
			s.rests()
			s.does(0, "cell-set", cell(1), true).is(true)
			answer{s, 1}.is(7)
		})(s)
	}, func(s *stage) {
		s.virtual = true
		s.box(1)
		s.spawn(1)
		s.does(1, "mailbox-wait-for-event", mailbox(1))
		s.send(1, 7)
		s.rests()
		answer{s, 1}.is(7)
	}},
	{"EVENT-NIL-1/nil", "A nil that was sent is received as nil.", func(s *stage) {
		s.box(1)
		s.send(1, nil)
		s.does(0, "mailbox-wait-for-event", mailbox(1)).is(nil)
		s.does(0, "mailbox-count", mailbox(1)).is(0)
	}, nil},
	{"EVENT-PWE-3/refused", "Process-wait-for-event refuses a mailbox.", func(s *stage) {
		s.box(1)
		s.does(0, "process-wait-for-event", mailbox(1), key.NoHangP(true)).fails()
	}, func(s *stage) {
		s.does(0, "process-wait-for-event", key.NoHangP(true)).fails()
	}},
	{"EVENT-PWE-3/honoured", "Process-wait-for-event reads the mailbox that it is given.", func(s *stage) {
		s.box(1)
		s.send(1, 7)
		s.does(0, "process-wait-for-event", mailbox(1), key.NoHangP(true)).is(7)
		s.does(0, "mailbox-count", mailbox(1)).is(0)
	}, func(s *stage) {
		s.box(1)
		s.send(1, 7)
		s.does(0, "process-wait-for-event", mailbox(1), key.NoHangP(true)).is(8)
	}},
	{"EVENT-GHE-7/returns-handlers-value", "General-handle-event returns the value of the function that it calls.", handling(func(s *stage, a answer) {
		s.leaves(11, spec.Int(7))
		a.is(7)
	}), func(s *stage) {
		s.function(9)
		s.does(0, "general-handle-event", fn(9)).is(7) // which it didn't call
	}},
	{"EVENT-GHE-7/returns-nil", "General-handle-event returns nil, whatever the function returns.", handling(func(s *stage, a answer) {
		s.leaves(11, spec.Int(7))
		a.is(nil)
	}), nil},
	{"EVENT-GHE-7/returns-another-value", "General-handle-event returns a value that is not that of the function, and two where it calls none.", handling(func(s *stage, a answer) {
		s.leaves(11, spec.Int(7))
		a.is(true)
		s.does(0, "general-handle-event", 42).is(1, 2)
	}), nil},
	{"EVENT-GHE-7/error-reaches-caller", "An error in a handler reaches who has the event handled; a list that is none is an error.", func(s *stage) {
		s.function(9)
		caught := s.does(0, "handler-case", spec.Callback(7), spec.Callback(8))
		s.enters(11, 0, 7)
		handles := s.does(11, "general-handle-event", fn(9))
		s.enters(12, 0, 9)
		s.does(12, "signal-error", "no").gone()
		handles.gone()
		s.enters(13, 0, 8, []any{"simple-error", "no"})
		s.leaves(13, spec.Int(7))
		caught.is(7)
		s.does(0, "general-handle-event", spec.List{Items: []spec.Value{fn(9)}, Dotted: spec.Int(1)}).fails()
	}, func(s *stage) {
		s.does(0, "general-handle-event", spec.Keyword("unbound")).fails()
	}},
	{"EVENT-WPE-2/handled", "Wait-processing-events calls a function that was sent.", oddEvent(func(s *stage) {
		s.enters(11, 1, 9)
		s.leaves(11)
		s.does(0, "process-send", proc(1), spec.NewList(fn(9))).is(true)
		s.enters(12, 1, 9)
		s.leaves(12)
	}), func(s *stage) { oddEvent(func(s *stage) { s.enters(11, 1, 8) })(s) }},
	{"EVENT-WPE-2/ignored", "Wait-processing-events ignores a function that was sent: a list that is sent afterwards is applied.", oddEvent(func(s *stage) {
		s.does(0, "process-send", proc(1), spec.NewList(fn(9), spec.Int(1))).is(true)
		s.enters(11, 1, 9, 1)
		s.leaves(11)
	}), func(s *stage) { // but not once it has handled one
		oddEvent(func(s *stage) {
			s.enters(11, 1, 9)
			s.leaves(11)
			s.does(0, "process-send", proc(1), fn(9)).is(true)
			s.does(0, "process-send", proc(1), spec.NewList(fn(9), spec.Int(1))).is(true)
			s.enters(12, 1, 9, 1)
		})(s)
	}},
}

// handling has function 9 handled, in frame 11.
func handling(then func(*stage, answer)) func(*stage) {
	return func(s *stage) {
		s.function(9)
		a := s.does(0, "general-handle-event", fn(9))
		s.enters(11, 0, 9)
		then(s, a)
	}
}

// oddEvent has process 1 wait, processing events, of which function 9 is one.
func oddEvent(then func(*stage)) func(*stage) {
	return func(s *stage) {
		s.function(9)
		s.spawn(1)
		s.does(1, "wait-processing-events", nil)
		s.does(0, "process-send", proc(1), fn(9)).is(true)
		then(s)
	}
}

// waitFunction has process 1 wait at mailbox 1, with cell 1 as the wait function.
func waitFunction(then func(*stage)) func(*stage) {
	return func(s *stage) {
		s.box(1)
		s.does(0, "make-cell", nil).is(cell(1))
		s.spawn(1)
		s.does(1, "mailbox-wait-for-event", mailbox(1), key.WaitFunction([]any{spec.Keyword("cell-is"), cell(1), true}))
		then(s)
	}
}
