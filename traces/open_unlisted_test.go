package traces

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// An unlisted showing goes a way that is left open and that no behaviour of the catalogue has for itself. Its name is
// that of its files.
type unlisted struct {
	name, story string
	play, twin  func(s *stage)
}

var unlistedShowings = slices.Concat(unlistedOfProcesses, unlistedOfLives, unlistedOfStops, unlistedOfImages, unlistedOfEnds, unlistedOfForeign, unlistedOfTermination, unlistedOfMailboxes, unlistedOfPrograms, unlistedOfCleanups, []unlisted{
	{"EVENT-WPE-2_refused", "Wait-processing-events signals an error for a function that was sent, which is no list.", oddEvent(func(s *stage) {
		answer{s, 1}.fails()
	}), func(s *stage) {
		s.function(9)
		s.spawn(1)
		s.does(1, "wait-processing-events", nil)
		s.does(0, "process-send", proc(1), spec.NewList(fn(9))).is(true)
		answer{s, 1}.fails()
	}},
	{"BIND-14_listed", "The list that an implementation has at first holds what only it knows: with an entry in front of that a process is made, in which the listed variables have any values.", func(s *stage) {
		s.behindAnEntry()
		s.does(1, "symbol-value", own("X")).is(20)
	}, func(s *stage) {
		s.behindAnEntry()
		s.does(1, "symbol-value", own("X")).is(0) // it has a binding
	}},
	{"BIND-7_no-such-variable", "An implementation that has no *process-initial-bindings* refuses to set it, to bind it, and to tell its value.", func(s *stage) {
		s.does(0, "global-value", initialBindings).fails()
		s.does(0, "set-global-value", initialBindings, nil).fails()
		s.does(0, "let", alist(initialBindings, 7), spec.Callback(9)).fails()
	}, func(s *stage) {
		s.does(0, "set-global-value", initialBindings, nil).is(nil)
		s.does(0, "global-value", initialBindings).fails()
	}},
	{"CLEAN-STATE-1_set", "A cleanup form sets a symbol that its process began with a binding of: where the bindings are undone that is the global value.", func(s *stage) {
		s.setsInCleanup()
		s.does(11, "global-value", own("X")).is(5)
	}, func(s *stage) {
		s.setsInCleanup()
		s.does(11, "global-value", own("X")).is(6)
	}},
	{"EVENT-MWE-4_no-hang", "With no-hang-p and a wait function that is false an object is no event: nil, and it stays. The wait function replaces the mailbox test.", func(s *stage) {
		s.passedOver()
		s.does(0, "mailbox-count", mailbox(1)).is(1)
		s.does(0, "cell-set", cell(1), true).is(true)
		s.waitsByCell(key.NoHangP(true)).is(7)
	}, func(s *stage) {
		s.passedOver()
		s.waitsByCell().is(7) // here it only adds to it
	}},
	{"EVENT-PWE-2_mailbox-at-entry", "A process waits for an event at the mailbox that it had as the wait began, though it is given another one meanwhile.", func(s *stage) {
		s.keepsToOld()
		again := s.does(1, "process-wait-for-event", key.NoHangP(true))
		again.is(8)
	}, func(s *stage) {
		s.keepsToOld()
		s.send(1, 9)
		s.does(1, "process-wait-for-event").is(9) // at the old one, in a wait that began after
	}},
	{"EVENT-PAE-1_mailbox-at-entry", "While it handles an event a process is given another mailbox; the other events are those of the mailbox that it had.", func(s *stage) {
		s.handlesOld()
		s.runs(12, 1, 9, 2)
		answer{s, 1}.is(true)
		s.does(1, "process-all-events")
		s.runs(13, 1, 9, 3)
		answer{s, 1}.is(true)
	}, func(s *stage) {
		s.handlesOld()
		s.runs(12, 1, 9, 3)
		s.runs(13, 1, 9, 2)
		s.runs(14, 1, 9, 4) // which nobody has sent
	}},
	{"EVENT-PAE-1_counted", "Process-all-events handles what was there when it was called, and leaves what came while it did.", func(s *stage) {
		s.handlesTwo()
		answer{s, 1}.is(true)
		s.does(0, "mailbox-read", mailbox(1), nil, 0).is([]any{fn(9), 3}, true)
	}, func(s *stage) {
		s.handlesTwo()
		s.runs(13, 1, 9, 3)
		s.does(0, "mailbox-read", mailbox(1), nil, 0).is([]any{fn(9), 3}, true)
	}},
	{"EVENT-PAE-1_told-late", "While process-all-events handles events the mailbox is seen to become empty; that the first handler has begun and ended is told of afterwards.", func(s *stage) {
		s.handlesUntold(2)
		answer{s, 1}.is(true)
	}, func(s *stage) {
		s.handlesUntold(1)
		answer{s, 1}.is(true)
		s.does(0, "mailbox-read", mailbox(1), nil, 0).is(nil) // which was left
	}},
	{"EVENT-PAE-1_at-once", "Process-all-events takes all events before it handles the first: meanwhile the mailbox is empty.", func(s *stage) {
		s.handlesOne()
		s.does(0, "mailbox-count", mailbox(1)).is(0)
		s.leaves(11)
		s.runs(12, 1, 9, 2)
		answer{s, 1}.is(true)
	}, func(s *stage) {
		s.handlesOne()
		s.does(0, "mailbox-count", mailbox(1)).is(0)
		s.leaves(11)
		s.does(0, "mailbox-read", mailbox(1), nil, 0).is([]any{fn(9), 2}, true)
	}},
	{"EXT-IO-5_closed-by-run", "A stream of a string is closed once a program that it was given to has run: it can't be written to.", func(s *stage) {
		s.runsToString()
		s.does(0, "stream-write", ref("stream", 9), "x").fails()
	}, func(s *stage) {
		s.runsToString()
		s.does(0, "make-string-output-stream").is(ref("stream", 8))
		s.does(0, "stream-write", ref("stream", 8), "x").fails() // which nobody was given
	}},
	{"PROC-EXIT-7_sent-end", "A process handles what process-terminate has sent it, where interrupts are blocked: an error, as of current-process-kill there.", func(s *stage) {
		s.handlesSentEnd()
		s.does(1, "with-interrupts-blocked", spec.Callback(10))
		s.enters(10, 1, 10)
		s.does(10, "general-handle-event", fn(77)).fails()
	}, func(s *stage) {
		s.handlesSentEnd()
		s.does(1, "general-handle-event", fn(77)).fails()
	}},
	{"PROC-EXIT-6_unwinding", "While it leaves its frames a process runs a form of unwind-protect, which kills the process: that merely returns, and the form goes on.", func(s *stage) {
		s.protected()
		s.does(0, "process-kill", proc(1)).is(true)
		answer{s, 10}.gone()
		s.enters(20, 1, 11)
		s.does(20, "current-process-kill").is(nil)
		s.does(20, "make-gate").is(gate(8))
		s.leaves(20)
		answer{s, 1}.gone()
		s.runs(21, 1, 2, proc(1))
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.registered()
		s.does(1, "unwind-protect", spec.Callback(10), spec.Callback(11))
		s.enters(10, 1, 10)
		s.leaves(10)
		s.enters(20, 1, 11)
		s.does(20, "current-process-kill").is(nil) // which nothing else ends
		s.does(20, "make-gate").is(gate(8))
	}},
	{"PROC-KILL-4_after-cleanups", "A process that was killed has run its cleanups, and runs a form of unwind-protect: a second kill cuts that short.", func(s *stage) {
		form := s.unwindsLate()
		s.does(0, "process-kill", proc(1)).is(true)
		form.gone()
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}, func(s *stage) {
		s.unwindsLate().gone() // nobody has killed it a second time
		answer{s, 1}.gone()
		s.does(0, "process-join", proc(1)).is(true)
	}},
	{"REAP-STAT-1_wait-word", "Where no page is claimed that wants the exit code, a child's status is its wait word, throughout: 768 for 3, and 0 for 0.", func(s *stage) {
		s.reapsAsWord()
		s.tells(2, "exit", 0)
		s.does(0, "reap-os-subprocess").is(0, pid(2), nil)
	}, func(s *stage) {
		s.reapsAsWord()
		s.tells(2, "exit", 3)
		s.does(0, "reap-os-subprocess").is(3, pid(2), nil) // the exit code, for once
	}},
	{"SEND-DEAD-6_mailbox-refused", "A dead process can't be given a mailbox: an error.", func(s *stage) {
		s.box(9)
		s.ended(1)
		s.does(0, "set-process-mailbox", proc(1), mailbox(9)).fails()
		s.does(0, "mailbox-count", mailbox(9)).is(0)
	}, func(s *stage) {
		s.box(9)
		s.waiting(1)
		s.does(0, "set-process-mailbox", proc(1), mailbox(9)).fails()
	}},
})

// They are golden traces as the others are, in files of their own.
func TestUnlistedShowingsAreGolden(t *testing.T) {
	for i, one := range unlistedShowings {
		if slices.ContainsFunc(unlistedShowings[:i], func(o unlisted) bool { return o.name == one.name }) ||
			slices.ContainsFunc(showings(), func(o showing) bool {
				return strings.ReplaceAll(strings.Fields(o.shows)[0], "/", "_") == one.name
			}) {
			t.Errorf("%s is shown twice", one.name)
		}
		file := "open_" + one.name + ".trace"
		golden(t, filepath.Join("testdata", "accepted", file), one.story, Allowed, nil, one.play)
		golden(t, filepath.Join("testdata", "rejected", file), "Not so: "+one.story, Forbidden, nil, one.twin)
	}
}

// waitsByCell waits for an event at mailbox 1, with cell 1 as the wait function.
func (s *stage) waitsByCell(keys ...any) answer {
	stop := key.WaitFunction([]any{spec.Keyword("cell-is"), cell(1), true})
	return s.does(0, "mailbox-wait-for-event", append([]any{mailbox(1), stop}, keys...)...)
}

// passedOver has a wait pass over an object, since its wait function is false.
func (s *stage) passedOver() {
	s.box(1)
	s.does(0, "make-cell", nil).is(cell(1))
	s.send(1, 7)
	s.waitsByCell(key.NoHangP(true)).is(nil)
}

// keepsToOld has process 1 wait at mailbox 1, be given mailbox 2, which gets an object, and go on for one in the
// old one.
func (s *stage) keepsToOld() {
	s.box(1)
	s.box(2)
	s.spawn(1, spec.Keyword("mailbox"), mailbox(1))
	s.does(1, "process-wait-for-event")
	s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
	s.send(2, 8)
	s.send(1, 7)
	answer{s, 1}.is(7)
}

// handlesOne has process 1, whose mailbox is mailbox 1, handle the first of two events there, in frame 11.
func (s *stage) handlesOne() {
	s.box(1)
	s.function(9)
	s.spawn(1, spec.Keyword("mailbox"), mailbox(1))
	s.send(1, []any{fn(9), 1}, []any{fn(9), 2})
	s.does(1, "process-all-events")
	s.enters(11, 1, 9, 1)
}

// handlesUntold has it handle so many of two events, the second of which comes when the first was taken: that is told of once the
// test has seen that the others are left.
func (s *stage) handlesUntold(handled int) {
	s.box(1)
	s.function(9)
	s.spawn(1, spec.Keyword("mailbox"), mailbox(1))
	s.send(1, []any{fn(9), 1})
	s.does(1, "process-all-events")
	s.does(0, "mailbox-count", mailbox(1)).is(0)
	s.send(1, []any{fn(9), 2})
	s.does(0, "mailbox-count", mailbox(1)).is(2 - handled)
	for n := range handled {
		s.enters(11+n, 1, 9, n+1)
		s.leaves(11 + n)
	}
}

// handlesTwo has it handle both, while a third comes.
func (s *stage) handlesTwo() {
	s.handlesOne()
	s.send(1, []any{fn(9), 3})
	s.leaves(11)
	s.runs(12, 1, 9, 2)
}

// handlesOld has it be given mailbox 2, which holds an event, while it handles the first.
func (s *stage) handlesOld() {
	s.handlesOne()
	s.box(2)
	s.send(2, []any{fn(9), 3})
	s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
	s.leaves(11)
}

// runsToString runs a program that was given stream 9.
func (s *stage) runsToString() {
	s.does(0, "make-string-output-stream").is(ref("stream", 9))
	s.prepares(1)
	s.plans(1, "exit", 0)
	s.once(key.Input(nil), key.Output(ref("stream", 9)), key.Error(nil)).is(0)
}

// unwindsLate has process 1 be killed, run its cleanup first, and then wait in the form of an unwind-protect.
func (s *stage) unwindsLate() answer {
	s.protected()
	s.gate(8)
	s.does(0, "process-kill", proc(1)).is(true)
	s.runs(21, 1, 2, proc(1))
	answer{s, 10}.gone()
	s.enters(20, 1, 11)
	return s.does(20, "gate-wait", gate(8))
}

// reapsAsWord has children 1 and 2, of which the first ends with 3 and is reaped with its wait word; nothing is
// claimed.
func (s *stage) reapsAsWord() {
	s.profile = []string{}
	s.child(1)
	s.child(2)
	s.tells(1, "exit", 3)
	s.does(0, "reap-os-subprocess").is(3<<8, pid(1), nil)
}
