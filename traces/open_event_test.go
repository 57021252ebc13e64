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
