package traces

import (
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of process-send.
var sendShowings = []showing{
	{"SEND-ARG-1/error", "A send to a name, to nil and to a mailbox is refused.", func(s *stage) {
		s.box(1)
		for _, target := range []any{"p1", nil, mailbox(1)} {
			s.does(0, "process-send", target, 1).fails()
		}
	}, nil},
	{"SEND-ARG-1/designator-accepted", "A send to a name finds the process, one to nil the caller, and one to a mailbox adds to it.", func(s *stage) {
		s.waiting(1)
		s.box(9)
		s.does(0, "process-send", "p1", 7).is(true)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.read(1, 7)
		s.does(0, "process-send", nil, 8).is(true)
		s.does(0, "process-wait-for-event").is(8)
		s.does(0, "process-send", mailbox(9), 9).is(true)
		s.read(9, 9)
	}, func(s *stage) {
		s.waiting(1)
		s.waiting(2)
		s.does(0, "process-send", "p1", 7).is(true)
		s.does(0, "process-mailbox", proc(2)).is(mailbox(2))
		s.read(2, 7)
	}},
	{"SEND-DEAD-3/returns-false", "A send to a dead process that is continued returns nil.", continued(nil), nil},
	{"SEND-DEAD-3/returns-another-value", "A send to a dead process that is continued returns t.", continued(true), nil},
	{"SEND-DEAD-5/in-cleanups-as-alive", "A send to a process that runs its cleanups is one to a living process.", cleaning(true), nil},
	{"SEND-DEAD-5/in-cleanups-as-dead", "A send to a process that runs its cleanups is one to a dead process.", cleaning(nil), nil},
	{"SEND-DEAD-5/asked-to-die-as-alive", "A send to a process that was asked to die is one to a living process.", dying(true), nil},
	{"SEND-DEAD-5/asked-to-die-as-dead", "A send to a process that was asked to die is one to a dead process.", dying(nil), func(s *stage) {
		s.waiting(1)
		s.does(0, "process-send", proc(1), 7).is(nil)
	}},
	{"SEND-DEAD-5/not-begun-as-alive", "A send to a process that has not begun is one to a living process.", early(true), nil},
	{"SEND-DEAD-5/not-begun-as-dead", "A send to a process that has not begun is one to a dead process.", early(nil), nil},
	{"SEND-DEAD-6/mailbox-made", "A send to a dead process makes it a mailbox, which is empty.", func(s *stage) {
		s.waiting(2)
		s.does(0, "process-mailbox", proc(2)).is(nil)
		s.ended(1)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.does(0, "mailbox-count", mailbox(1)).is(0)
	}, func(s *stage) {
		s.ended(1)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.does(0, "mailbox-count", mailbox(1)).is(1)
	}},
	{"SEND-DEAD-6/no-mailbox-made", "A send to a dead process makes it no mailbox.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-mailbox", proc(1)).is(nil)
	}, nil},
	{"SEND-DEAD-7/false-at-once", "A limited send to a dead process is false at once.", deadLimited(func(a answer) { a.is(nil) }), nil},
	{"SEND-DEAD-7/false-after-timeout", "A limited send to a dead process is false when its time is over.", deadLimited(func(a answer) {
		a.s.lag = 200 * time.Millisecond
		a.is(nil)
	}), nil},
	{"SEND-DEAD-7/error", "A limited send to a dead process is an error, with error-if-dead-p.", func(s *stage) {
		s.ended(1)
		s.does(0, "process-send", proc(1), 7, key.Limit(1), key.Timeout(0.2), key.ErrorIfDeadP(true)).fails()
	}, func(s *stage) {
		s.ended(1)
		s.does(0, "process-send", proc(1), 7, key.Limit(1), key.Timeout(0.2)).fails()
	}},
	{"SEND-LIM-3/error", "A limit of 0, of -1 and one that is no integer are errors.", badLimit(func(a answer) { a.fails() }), nil},
	{"SEND-LIM-3/treated-as-no-room", "With a limit of 0, of -1 and one that is no integer there is no room.", badLimit(func(a answer) { a.is(nil) }), nil},
	{"SEND-LIM-3/treated-as-nil", "A limit of 0, of -1 and one that is no integer are none.", badLimit(func(a answer) { a.is(true) }), func(s *stage) {
		badLimit(func(a answer) { a.is(true) })(s)
		s.does(0, "mailbox-count", mailbox(9)).is(0)
	}},
	{"SEND-LIM-3/treated-as-small-limit", "A limit of 0 is one below the size: there is room for two, and not for a third.", func(s *stage) {
		s.box(9, key.Size(2))
		s.does(0, "mailbox-size", mailbox(9)).is(2)
		s.waiting(1, spec.Keyword("mailbox"), mailbox(9))
		for _, is := range []any{true, true, nil} {
			s.does(0, "process-send", proc(1), 7, key.Limit(0), key.Timeout(0)).is(is)
		}
	}, nil},
	{"SEND-LIM-6/false", "The target dies while a sender waits for room: false, also with error-if-dead-p.", func(s *stage) {
		s.orphaned(nil)
		answer{s, 2}.is(nil)
		s.does(2, "process-send", proc(1), 8).is(nil)
		s.does(0, "mailbox-count", mailbox(9)).is(1)
		s.does(2, "make-gate").is(gate(8))
	}, func(s *stage) {
		s.orphaned(nil)
		answer{s, 2}.is(nil)
		s.does(0, "mailbox-count", mailbox(9)).is(2)
	}},
	{"SEND-LIM-6/true", "The target dies while a sender waits for room: true. The object was added past the limit.", func(s *stage) {
		s.orphaned(nil)
		answer{s, 2}.is(true)
		s.does(0, "mailbox-count", mailbox(9)).is(2)
	}, func(s *stage) {
		s.senderWaits(nil)
		answer{s, 2}.is(true)
	}},
	{"SEND-LIM-6/goes-on-waiting", "The target dies while a sender waits for room: it waits until somebody reads.", func(s *stage) {
		s.orphaned(nil)
		s.read(9, 0)
		answer{s, 2}.is(true)
		s.read(9, 7)
	}, nil},
	{"SEND-LIM-6/error", "The target dies while a sender waits for room: the error, with error-if-dead-p.", func(s *stage) {
		s.orphaned(true)
		answer{s, 2}.fails()
	}, func(s *stage) {
		s.orphaned(nil)
		answer{s, 2}.fails()
	}},
	{"SEND-MB-5/no-mailbox-before-use", "A process has no mailbox before its first use.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-mailbox", proc(1)).is(nil)
	}, nil},
	{"SEND-MB-5/mailbox-from-birth", "A process has a mailbox from birth, but for the first one, which nobody made.", func(s *stage) {
		s.does(0, "process-mailbox", proc(0)).is(nil)
		s.waiting(1)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.waiting(2)
		s.does(0, "process-mailbox", proc(2)).is(nil)
	}},
	{"SEND-PRI-4/t-unchanged", "Change-priority t leaves the priority.", changes(true, 37), nil},
	{"SEND-PRI-4/t-raised", "Change-priority t raises the priority.", changes(true, 1000), nil},
	{"SEND-PRI-4/t-lowered", "Change-priority t lowers the priority.", changes(true, -5), nil},
	{"SEND-PRI-4/default-unchanged", "Change-priority :default leaves the priority.", changes(spec.Keyword("default"), 37), nil},
	{"SEND-PRI-4/default-raised", "Change-priority :default raises the priority.", changes(spec.Keyword("default"), 1000), nil},
	{"SEND-PRI-4/default-lowered", "Change-priority :default lowers the priority, to which it then stays.", func(s *stage) {
		changes(spec.Keyword("default"), -5)(s)
		s.does(0, "process-priority", proc(1)).is(-5)
	}, func(s *stage) {
		changes(spec.Keyword("default"), -5)(s)
		s.does(0, "process-priority", proc(1)).is(37)
	}},
	{"SEND-PRI-5/failed-send-changed", "A send that fails for want of room changes the priority, and so does one to the dead.", failedChange(42), func(s *stage) { failedChange(43)(s) }},
	{"SEND-PRI-5/failed-send-unchanged", "A send that fails for want of room leaves the priority.", failedChange(37), nil},
	{"SEND-PRI-5/bad-value-error", "A bad value of change-priority is an error.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-send", proc(1), 7, key.ChangePriority(spec.Keyword("foo"))).fails()
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "process-send", proc(1), 7, key.ChangePriority(3)).fails()
	}},
	{"SEND-PRI-5/bad-value-ignored", "A bad value of change-priority is ignored.", func(s *stage) {
		s.waiting(1)
		s.does(0, "process-send", proc(1), 7, key.ChangePriority(1.5)).is(true)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.read(1, 7)
	}, nil},
	{"SEND-TMO-4/negative-error", "A negative time-out is an error.", badTime(-1, func(a answer) { a.fails() }), nil},
	{"SEND-TMO-4/negative-as-zero", "A negative time-out is as good as 0.", badTime(-1, func(a answer) { a.is(nil) }), func(s *stage) {
		badTime(-1, func(a answer) { a.is(true) })(s)
	}},
	{"SEND-TMO-4/non-real-error", "A time-out that is no number is an error.", badTime("soon", func(a answer) { a.fails() }), nil},
	{"SEND-TMO-4/non-real-as-zero", "A time-out that is no number is as good as 0.", badTime("soon", func(a answer) { a.is(nil) }), nil},
}

func continued(value any) func(*stage) {
	return func(s *stage) {
		s.ended(1)
		bind := s.does(0, "handler-bind", spec.Callback(20), spec.Callback(21))
		s.enters(20, 0, 20)
		send := s.does(20, "process-send", proc(1), 7, key.ErrorIfDeadP(true))
		s.enters(21, 0, 21, []any{"simple-error", "the process is dead"})
		s.does(21, "invoke-restart", spec.Symbol{Name: "continue"}).gone()
		send.is(value)
		s.leaves(20)
		bind.is()
	}
}

func cleaning(is any) func(*stage) {
	return func(s *stage) {
		s.registered()
		s.gate(9)
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "gate-wait", gate(9))
		s.does(0, "process-send", proc(1), 7).is(is)
	}
}

func dying(is any) func(*stage) {
	return func(s *stage) {
		s.waiting(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(0, "process-send", proc(1), 7).is(is)
		answer{s, 1}.gone()
	}
}

func early(is any) func(*stage) {
	return func(s *stage) {
		s.makes(1)
		s.does(0, "process-send", proc(1), 7).is(is)
		s.enters(1, 1, 1)
	}
}

func deadLimited(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.ended(1)
		ends(s.does(0, "process-send", proc(1), 7, key.Limit(1), key.Timeout(0.2)))
	}
}

// badLimit sends to process 1, at a full mailbox, and to that by itself.
func badLimit(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.box(9, key.Size(1))
		s.waiting(1, spec.Keyword("mailbox"), mailbox(9))
		for _, limit := range []any{0, -1, spec.Keyword("four")} {
			ends(s.does(0, "process-send", proc(1), 7, key.Limit(limit), key.Timeout(0)))
			ends(s.does(0, "mailbox-send-limited", mailbox(9), 7, limit, 0))
		}
	}
}

// senderWaits has process 2 wait for room at the mailbox of process 1.
func (s *stage) senderWaits(errorIfDead any) {
	s.box(9, key.Size(1))
	s.does(0, "mailbox-size", mailbox(9)).is(1)
	s.waiting(1, spec.Keyword("mailbox"), mailbox(9))
	s.send(9, 0)
	s.spawn(2)
	s.does(2, "process-send", proc(1), 7, key.Limit(1), key.ErrorIfDeadP(errorIfDead))
}

// orphaned has that process end then.
func (s *stage) orphaned(errorIfDead any) {
	s.senderWaits(errorIfDead)
	s.does(0, "gate-open", gate(1)).is(true)
	answer{s, 1}.is(true)
	s.leaves(1)
	s.does(0, "process-join", proc(1)).is(true)
}

func changes(change any, is int) func(*stage) {
	return func(s *stage) {
		s.waiting(1)
		s.does(0, "change-process-priority", proc(1), 37).is(37)
		s.does(0, "process-send", proc(1), 7, key.ChangePriority(change)).is(true)
		s.does(0, "process-priority", proc(1)).is(is)
	}
}

func failedChange(is int) func(*stage) {
	return func(s *stage) {
		s.box(9, key.Size(1))
		s.does(0, "mailbox-size", mailbox(9)).is(1)
		s.waiting(1, spec.Keyword("mailbox"), mailbox(9))
		s.does(0, "change-process-priority", proc(1), 37).is(37)
		s.send(9, 0)
		s.does(0, "process-send", proc(1), 7, key.Limit(1), key.Timeout(0), key.ChangePriority(42)).is(nil)
		s.does(0, "process-priority", proc(1)).is(is)
	}
}

// badTime sends with such a time-out to a mailbox that is full, by itself and as that of process 1.
func badTime(timeout any, ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.box(9, key.Size(1))
		s.does(0, "mailbox-size", mailbox(9)).is(1)
		s.waiting(1, spec.Keyword("mailbox"), mailbox(9))
		s.send(9, 0)
		ends(s.does(0, "process-send", proc(1), 7, key.Limit(1), key.Timeout(timeout)))
		ends(s.does(0, "mailbox-send-limited", mailbox(9), 7, 1, timeout))
	}
}
