package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of how processes begin, and of what is said of them as they end.
var unlistedOfLives = []unlisted{
	{"PROC-CREATE-2_named-by-now", "A process is made with a symbol, whose function is another before the process begins: it runs that. So may one whose symbol named nothing.", func(s *stage) {
		s.names("F", 1)
		s.does(0, "process-run-function", "p1", nil, sym("F")).is(proc(1))
		s.names("F", 2)
		s.enters(1, 1, 2)
		s.does(0, "process-run-function", "p2", nil, sym("G")).is(proc(2))
		s.names("G", 3)
		s.enters(2, 2, 3)
	}, func(s *stage) {
		s.names("F", 1)
		s.names("F", 2)
		s.does(0, "process-run-function", "p1", nil, sym("F")).is(proc(1))
		s.enters(1, 1, 1)
	}},
	{"PROC-CREATE-6_name-of-one-that-ends", "Where a name that a process has is refused, that of one in its cleanups, or of one that has yet to begin, is free all the same.", func(s *stage) {
		s.ending()
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(3))
		s.enters(2, 2, 1)
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	}, func(s *stage) {
		s.ending()
		s.does(0, "process-run-function", "p2", nil, fn(1)).fails()
	}},
	{"PROC-CREATE-6_name-of-one-that-has-ended", "Where a name that a process has is refused, it is free again once that has ended, which is heard of later.", func(s *stage) {
		s.refusedOnce()
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
		answer{s, 1}.is(true)
		s.leaves(1)
		s.enters(2, 2, 1)
	}, func(s *stage) {
		s.refusedOnce()
		s.does(0, "process-run-function", "p2", nil, fn(1)).fails()
		answer{s, 1}.is(true)
		s.leaves(1)
	}},
	{"PROC-CREATE-9_unknown-keyword-and-taken-name", "Two processes may have one name. An unknown keyword is an error in the caller also where the name is taken.", func(s *stage) {
		s.namesakes()
		s.does(0, "process-run-function", "p1", unknownKeyword, fn(1)).fails()
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(3))
	}, func(s *stage) {
		s.namesakes()
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
		s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(3))
	}},
	{"PROC-CREATE-12_first-of-two", "A keyword stands twice in the keyword list: as in any property list the first counts.", func(s *stage) {
		s.spawn(1, spec.Keyword("priority"), 1, spec.Keyword("priority"), 2)
		s.does(0, "process-priority", proc(1)).is(1)
	}, func(s *stage) {
		s.spawn(1, spec.Keyword("priority"), 1, spec.Keyword("priority"), 2)
		s.does(0, "process-priority", proc(1)).is(2)
	}},
	{"PROC-CREATE-10_no-mailbox", "A number as the mailbox of a new process is an error in it, or gives none.", func(s *stage) {
		s.makes(1, spec.Keyword("mailbox"), 7)
		s.does(0, "process-join", proc(1)).is(true)
		s.spawn(2, spec.Keyword("mailbox"), 7)
		s.does(0, "process-mailbox", proc(2)).is(nil)
	}, func(s *stage) {
		s.box(1)
		s.makes(1, spec.Keyword("mailbox"), mailbox(1))
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"PROC-PRI-1_no-fixnum", "A new process is given a priority that is no fixnum, and has whatever that makes of it.", func(s *stage) {
		s.spawn(1, spec.Keyword("priority"), 1.5)
		s.does(0, "process-priority", proc(1)).is(1)
		s.does(0, "process-priority", proc(1)).is(1)
	}, func(s *stage) {
		s.spawn(1, spec.Keyword("priority"), 1.5)
		s.does(0, "process-priority", proc(1)).is(1)
		s.does(0, "process-priority", proc(1)).is(2)
	}},
	{"PROC-PRI-1_as-it-begins", "The priority of a process that has yet to begin is changed: as it begins it is given its own, or it keeps the new one.", func(s *stage) {
		s.makes(1, spec.Keyword("priority"), 10)
		s.does(0, "change-process-priority", proc(1), 17).is(17)
		s.enters(1, 1, 1)
		s.does(0, "process-priority", proc(1)).is(10)
		s.makes(2, spec.Keyword("priority"), 10)
		s.does(0, "change-process-priority", proc(2), 17).is(17)
		s.enters(2, 2, 2)
		s.does(0, "process-priority", proc(2)).is(17)
	}, func(s *stage) {
		s.spawn(1, spec.Keyword("priority"), 10)
		s.does(0, "change-process-priority", proc(1), 17).is(17)
		s.does(0, "process-priority", proc(1)).is(10)
	}},
	{"PROC-ALIVE-2_terminated-in-vain", "A process is terminated by a method that doesn't end it: it isn't alive, since it was terminated, or it is, and it goes on.", func(s *stage) {
		s.terminatedInVain()
		s.does(0, "process-alive-p", proc(1)).is(nil)
		s.does(0, "process-alive-p", proc(1)).is(true)
		s.does(0, "gate-open", gate(1)).is(true)
		answer{s, 1}.is(true)
		s.does(1, "make-gate").is(gate(2))
	}, func(s *stage) {
		s.terminatedInVain()
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
		s.does(0, "gate-open", gate(1)).is(true)
		answer{s, 1}.is(true)
		s.does(1, "make-gate").is(gate(2))
	}},
	{"PROC-JOIN-3_in-cleanup", "A process joins itself in a cleanup form, and terminates itself with a time for that: its function has ended, and a join need not wait for cleanups.", func(s *stage) {
		s.registered()
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "process-join", proc(1)).is(true)
		s.does(11, "process-terminate", proc(1), key.JoinTimeout(1)).is(true)
	}, func(s *stage) {
		s.registered()
		s.does(1, "process-join", proc(1)).is(true)
		s.leaves(1)
	}},
	{"PROC-NAME-1_ends-meanwhile", "On real time a process that may have ended meanwhile need not be found by its name.", func(s *stage) {
		s.waiting(1)
		s.spawn(2)
		kill := s.does(2, "process-kill", proc(1))
		s.does(0, "get-process", "p1").is(nil)
		s.does(0, "find-process-from-name", "p2").is(proc(2))
		kill.is(nil)
	}, func(s *stage) {
		s.waiting(1)
		s.spawn(2)
		s.does(0, "get-process", "p1").is(nil)
		s.does(2, "process-kill", proc(1)).is(nil)
	}},
	{"PROC-NAME-1_another", "On real time a search finds one of two processes of a name, whose priorities are the same.", func(s *stage) {
		s.namesakes()
		s.does(0, "process-name", proc(2)).is("p1")
		s.does(0, "get-process", "p1").is(proc(2))
		s.does(0, "get-process", "p1").is(proc(1))
	}, func(s *stage) {
		s.waiting(1)
		s.waiting(2)
		s.does(0, "get-process", "p1").is(proc(2))
	}},
	{"PROC-NAME-4_changed-meanwhile", "On real time a priority that is changed while a name is searched counts as the one or the other.", func(s *stage) {
		change := s.changesNamesake()
		s.does(0, "get-process", "p1").is(proc(2))
		change.is(9)
		s.does(0, "get-process", "p1").is(proc(1))
	}, func(s *stage) {
		s.changesNamesake().is(9)
		s.does(0, "get-process", "p1").is(proc(2))
	}},
	{"PROC-STOP-1_held-in-scope", "A process that has interrupts blocked is asked to stop: it does so once its scope has ended.", func(s *stage) {
		s.virtual = true
		s.waitingBlocked(1)
		s.stopsAtEndOfScope()
		s.does(0, "process-unstop", proc(1)).is(true)
		answer{s, 1}.is()
	}, func(s *stage) {
		s.virtual = true
		s.waitingBlocked(1)
		s.stopsAtEndOfScope()
		answer{s, 1}.is()
		s.does(1, "make-gate").is(gate(2)) // while it is stopped
	}},
}

// names has a symbol name the function that is callback n.
func (s *stage) names(symbol string, n int) {
	s.does(0, "defun", sym(symbol), spec.Callback(n)).is(sym(symbol))
}

// ending has process 1 be in a cleanup, which waits, where a name that is taken is refused.
func (s *stage) ending() {
	s.registered()
	s.gate(9)
	s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	s.leaves(1)
	s.enters(11, 1, 2, proc(1))
	s.does(11, "gate-wait", gate(9))
}

// refusedOnce makes process 1, which may go on, where its name has been refused to another.
func (s *stage) refusedOnce() {
	s.waiting(1)
	s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	s.does(0, "gate-open", gate(1)).is(true)
}

// namesakes makes processes 1 and 2, of one name.
func (s *stage) namesakes() {
	s.waiting(1)
	s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(2))
	s.enters(2, 2, 1)
}

// changesNamesake has process 3 give the first of two of one name a higher priority than the other has.
func (s *stage) changesNamesake() answer {
	s.namesakes()
	s.does(0, "process-name", proc(2)).is("p1")
	s.does(0, "change-process-priority", proc(1), 1).is(1)
	s.does(0, "change-process-priority", proc(2), 5).is(5)
	s.spawn(3)
	return s.does(3, "change-process-priority", proc(1), 9)
}

// terminatedInVain has process 1, which waits at gate 1, be terminated by a method that does nothing.
func (s *stage) terminatedInVain() {
	s.function(9)
	s.waiting(1, spec.Keyword("remote-terminator"), fn(9))
	terminate := s.does(0, "process-terminate", proc(1))
	s.runs(12, 0, 9, proc(1))
	terminate.is(0)
}

// stopsAtEndOfScope has process 1, which waits at gate 1 with interrupts blocked, be asked to stop, and stop later.
func (s *stage) stopsAtEndOfScope() {
	s.does(0, "process-stop", proc(1)).is(nil)
	s.rests()
	s.does(0, "gate-open", gate(1)).is(true)
	answer{s, 11}.is(true)
	s.leaves(11)
	s.rests()
}
