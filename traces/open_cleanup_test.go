package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of cleanups.
var cleanupShowings = []showing{
	{"CLEAN-DUP-9/nil", "A registration returns nil.", registration(nil), nil},
	{"CLEAN-DUP-9/true", "A registration returns t.", registration(true), nil},
	{"CLEAN-DUP-9/another-value", "A registration returns 7.", registration(7), nil},
	{"CLEAN-DUP-9/no-values", "A registration returns no values.", registration(), nil},
	{"CLEAN-DUP-10/before-equals", "A form that is moved to a priority runs before those that are there.", moved(1, 2, 3), func(s *stage) {
		moved(1, 2)(s)
		s.runs(29, 1, 1, proc(1)) // once more
	}},
	{"CLEAN-DUP-10/after-equals", "A form that is moved to a priority runs after those that are there.", moved(2, 3, 1), nil},
	{"CLEAN-DUP-10/between-equals", "A form that is moved to a priority runs between those that are there.", moved(2, 1, 3), nil},
	{"CLEAN-ERR-1/remaining-forms-run", "The first of two forms signals an error: the second one runs.", func(s *stage) {
		s.failing()
		s.runs(12, 1, 3, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"CLEAN-ERR-1/remaining-forms-skipped", "The first of two forms signals an error: the second one never runs.", func(s *stage) {
		s.virtual = true
		s.failing()
		s.rests()
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
	}, func(s *stage) {
		s.virtual = true
		s.failing()
		s.runs(12, 1, 3, proc(1))
		s.runs(13, 1, 3, proc(1))
	}},
	{"CLEAN-ERR-1/waits-in-debugger", "The first of two forms signals an error: its process waits in a debugger.", func(s *stage) {
		s.virtual = true
		s.twoForms()
		s.enters(11, 1, 2, proc(1))
		s.does(11, "signal-error", "oops")
		s.rests()
	}, nil},
	{"CLEAN-INP-3/unwinding-true", "While its process is left for a kill, a form of unwind-protect is in a cleanup.", unwinding(true), nil},
	{"CLEAN-INP-3/unwinding-nil", "While its process is left for a kill, a form of unwind-protect is in no cleanup.", unwinding(nil), nil},
	{"CLEAN-INP-3/kill-pending-true", "A process that was asked to die is in a cleanup.", killPending(true), func(s *stage) {
		s.spawn(1)
		s.does(1, "current-process-in-cleanup-p").is(true)
	}},
	{"CLEAN-INP-3/kill-pending-nil", "A process that was asked to die is in no cleanup before it does.", killPending(nil), nil},
	{"CLEAN-ORDER-2/registration-order", "Forms of one priority run in the order in which they were registered.", ordered(2, 3, 4), func(s *stage) {
		ordered(2, 3, 3)(s)
	}},
	{"CLEAN-ORDER-2/reverse-registration-order", "Of forms of one priority the last that was registered runs first.", ordered(4, 3, 2), nil},
	{"CLEAN-ORDER-2/another-order", "Forms of one priority run in no order.", ordered(3, 4, 2), nil},
	{"CLEAN-PROC-5/error", "Registering a form on a dead process is an error.", func(s *stage) {
		s.ended(1)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).fails()
	}, nil},
	{"CLEAN-PROC-5/nil-never-run", "Registering a form on a dead process gives nil, and it never runs.", afterDeath(nil), nil},
	{"CLEAN-PROC-5/value-never-run", "Registering a form on a dead process gives 7, and it never runs.", afterDeath(7), nil},
	{"CLEAN-PROC-5/run-at-once", "A form that is registered on a dead process is run at once, by whoever registers it.", func(s *stage) {
		s.ended(1)
		s.function(2)
		ensure := s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1)))
		s.runs(11, 0, 2, proc(1))
		ensure.is(true)
	}, func(s *stage) {
		s.waiting(1)
		s.function(2)
		ensure := s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1)))
		s.runs(11, 0, 2, proc(1))
		ensure.is(true)
	}},
	{"CLEAN-PROC-6/runs-in-priority-order", "A form that is registered by another one runs before one of a higher priority.", meanwhile(true, 4, 3), nil},
	{"CLEAN-PROC-6/runs-last", "A form that is registered by another one runs after all others.", meanwhile(true, 3, 4), func(s *stage) {
		meanwhile(true, 3, 4, 4)(s)
	}},
	{"CLEAN-PROC-6/never-runs", "A form that is registered by another one never runs.", meanwhile(nil, 3), nil},
	{"CLEAN-PROC-6/error", "A form can't be registered by another one.", func(s *stage) {
		s.virtual = true
		s.twoForms()
		s.function(4)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "ensure-process-cleanup", fn(4), key.Priority(5)).fails()
		s.leaves(11)
		s.runs(12, 1, 3, proc(1))
		s.rests()
	}, nil},
	{"CLEAN-UNW-1/unwinding-first", "A process that is killed is left before its cleanups run.", func(s *stage) {
		s.protected()
		s.does(0, "process-kill", proc(1)).is(true)
		answer{s, 10}.gone()
		s.runs(20, 1, 11)
		answer{s, 1}.gone()
		s.runs(21, 1, 2, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, nil},
	{"CLEAN-UNW-1/cleanups-first", "The cleanups of a process that is killed run before it is left; so they do of one that kills itself, or that signals an error.", func(s *stage) {
		s.protected()
		s.does(0, "process-kill", proc(1)).is(true)
		s.runs(21, 1, 2, proc(1))
		answer{s, 10}.gone()
		s.enters(20, 1, 11)
		s.does(20, "current-process-in-cleanup-p").is(nil)
		s.leaves(20)
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
		for n, op := range []string{"current-process-kill", "signal-error"} {
			s.spawn(4 + n)
			s.does(4+n, "ensure-process-cleanup", fn(2)).is(true)
			ends := s.does(4+n, op, []any{"oops"}[:n]...)
			s.runs(24+n, 4+n, 2, proc(4+n))
			ends.gone()
			s.does(0, "process-join", proc(4+n)).is(true)
		}
	}, func(s *stage) {
		s.protected()
		s.does(0, "process-kill", proc(1)).is(true)
		s.runs(21, 1, 2, proc(1))
		answer{s, 10}.gone()
		s.runs(20, 1, 11)
		answer{s, 1}.gone()
		s.runs(22, 1, 2, proc(1)) // a second time
	}},
	{"CLEAN-STATE-1/alive", "A process is alive in its own cleanup.", inForm(func(s *stage) { s.does(11, "process-alive-p", proc(1)).is(true) }), nil},
	{"CLEAN-STATE-1/not-alive", "A process is not alive in its own cleanup.", inForm(func(s *stage) { s.does(11, "process-alive-p", proc(1)).is(nil) }), nil},
	{"CLEAN-STATE-1/listed", "A process is listed in its own cleanup.", inForm(func(s *stage) { s.does(11, "list-all-processes").is([]any{proc(0), proc(1)}) }), nil},
	{"CLEAN-STATE-1/not-listed", "A process is not listed in its own cleanup.", inForm(func(s *stage) { s.does(11, "list-all-processes").is([]any{proc(0)}) }), nil},
	{"CLEAN-STATE-1/mail-readable", "What was sent to a process can be read in its cleanup.", inForm(func(s *stage) {
		s.does(11, "process-mailbox", proc(1)).is(mailbox(1))
		s.does(11, "mailbox-read", mailbox(1), nil, 0).is("unread", true)
	}), nil},
	{"CLEAN-STATE-1/mail-gone", "What was sent to a process is gone in its cleanup.", inForm(func(s *stage) {
		s.does(11, "process-mailbox", proc(1)).is(mailbox(1))
		s.does(11, "mailbox-read", mailbox(1), nil, 0).is(nil, nil)
	}), func(s *stage) {
		s.waiting(1)
		s.does(0, "process-send", proc(1), "unread").is(true)
		s.does(0, "process-mailbox", proc(1)).is(mailbox(1))
		s.does(0, "mailbox-read", mailbox(1), nil, 0).is(nil, nil)
	}},
	{"CLEAN-STATE-1/error", "What a process asks about itself in its cleanup is an error.", inForm(func(s *stage) {
		s.does(11, "process-alive-p", proc(1)).fails()
		s.does(11, "list-all-processes").fails()
		s.does(11, "process-mailbox", proc(1)).fails()
	}), nil},
	{"DEP-7/order-added", "Dependents are told in the order in which they were added.", dependents(5, 6, 7), nil},
	{"DEP-7/reverse-order-added", "The dependent that was added last is told first.", dependents(7, 6, 5), nil},
	{"DEP-7/another-order", "Dependents are told in no order.", dependents(6, 7, 5), func(s *stage) { dependents(6, 7, 6)(s) }},
}

func registration(values ...any) func(*stage) {
	return func(s *stage) {
		s.function(1)
		s.does(0, "ensure-process-cleanup", fn(1)).is(values...)
	}
}

// moved registers forms 1 at -1, 2 and 3 at 0, moves 1 to 0, and has them run in that order.
func moved(order ...int) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		s.function(2)
		s.function(3)
		s.does(1, "ensure-process-cleanup", fn(1), key.Priority(-1)).is(true)
		s.does(1, "ensure-process-cleanup", fn(2)).is(true)
		s.does(1, "ensure-process-cleanup", fn(3)).is(true)
		s.does(1, "ensure-process-cleanup", fn(1), key.Priority(0), key.Force(true)).is(true)
		s.leaves(1)
		for i, n := range order {
			s.runs(20+i, 1, n, proc(1))
		}
	}
}

// twoForms makes process 1 with form 2 at 0 and 3 at 10, which has returned.
func (s *stage) twoForms() {
	s.spawn(1)
	s.function(2)
	s.function(3)
	s.does(1, "ensure-process-cleanup", fn(2)).is(true)
	s.does(1, "ensure-process-cleanup", fn(3), key.Priority(10)).is(true)
	s.leaves(1)
}

// failing has the first of them signal an error.
func (s *stage) failing() {
	s.twoForms()
	s.enters(11, 1, 2, proc(1))
	s.does(11, "signal-error", "oops").gone()
}

// protected makes process 1, which has form 2 and waits in an unwind-protect with form 11.
func (s *stage) protected() {
	s.registered()
	s.does(1, "unwind-protect", spec.Callback(10), spec.Callback(11))
	s.enters(10, 1, 10)
	s.gate(9)
	s.does(10, "gate-wait", gate(9))
}

func unwinding(is any) func(*stage) {
	return func(s *stage) {
		s.protected()
		s.does(0, "process-kill", proc(1)).is(true)
		answer{s, 10}.gone()
		s.enters(20, 1, 11)
		s.does(20, "current-process-in-cleanup-p").is(is)
		s.leaves(20)
		answer{s, 1}.gone()
		s.runs(21, 1, 2, proc(1))
	}
}

func killPending(is any) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.does(1, "current-process-in-cleanup-p").is(is)
		s.does(1, "make-gate").gone()
	}
}

func ordered(order ...int) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		for n := 2; n <= 4; n++ {
			s.function(n)
			s.does(1, "ensure-process-cleanup", fn(n), key.Priority(5)).is(true)
		}
		s.leaves(1)
		for i, n := range order {
			s.runs(20+i, 1, n, proc(1))
		}
	}
}

func afterDeath(value any) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		s.spawn(1)
		s.leaves(1)
		s.rests()
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
		s.function(2)
		s.does(0, "ensure-process-cleanup", fn(2), key.Process(proc(1))).is(value)
		s.rests()
	}
}

// meanwhile has the first of two forms register a third one, with a priority between theirs, and then
// these run.
func meanwhile(value any, order ...int) func(*stage) {
	return func(s *stage) {
		s.virtual = true
		s.twoForms()
		s.function(4)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "ensure-process-cleanup", fn(4), key.Priority(5)).is(value)
		s.leaves(11)
		for i, n := range order {
			s.runs(20+i, 1, n, proc(1))
		}
		s.rests()
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
	}
}

// inForm has something happen in a cleanup of process 1, to which an object was sent.
func inForm(ask func(*stage)) func(*stage) {
	return func(s *stage) {
		s.registered()
		s.does(0, "process-send", proc(1), "unread").is(true)
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		ask(s)
		s.leaves(11)
	}
}

// dependents adds three dependents, who are told in that order.
func dependents(order ...int) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		s.function(2)
		for n := 5; n <= 7; n++ {
			s.does(0, "ensure-process-cleanup", []any{fn(2), n}, key.Process(proc(1))).is(true)
		}
		s.leaves(1)
		for i, n := range order {
			s.runs(20+i, 1, 2, proc(1), n)
		}
	}
}
