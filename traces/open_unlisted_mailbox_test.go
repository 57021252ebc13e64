package traces

import (
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of mailboxes, and of who sends to them and waits at them.
var unlistedOfMailboxes = []unlisted{
	{"EVENT-MWE-4_no-hang-two-cells", "Two others set a cell each while a process looks for an event with no-hang-p and a wait function that looks at both: with both set it is false, and the object is no event.", func(s *stage) {
		s.passedOverMeanwhile(1, 2).is(nil)
		answer{s, 1}.is(nil)
		answer{s, 2}.is(nil)
	}, func(s *stage) {
		s.passedOverMeanwhile(1).is(nil) // of the two cells one is as it was
		answer{s, 1}.is(nil)
	}},
	{"MBOX-READ-3_looks-late", "A read looks now and then whether there is an object, and its time is over before it looks again: one that has just come stays.", func(s *stage) {
		read := s.readsLate(time.Second)
		read.is(nil, nil)
		s.read(1, 5)
		s.does(0, "mailbox-count", mailbox(1)).is(0)
	}, func(s *stage) {
		read := s.readsLate(4 * time.Second) // it had time enough
		read.is(nil, nil)
		s.read(1, 5)
		s.does(0, "mailbox-count", mailbox(1)).is(0)
	}},
	{"MBOX-READ-3_looks-late-apart", "The same, of a mailbox of which nothing else is asked.", func(s *stage) {
		read := s.readsLate(time.Second)
		read.is(nil, nil)
		s.read(1, 5)
	}, func(s *stage) {
		read := s.readsLate(4 * time.Second)
		read.is(nil, nil)
		s.read(1, 5)
	}},
	{"SEND-LIM-4_mailbox-at-call", "A send waits for room in the mailbox that the process had when it was called, though the process is given another one meanwhile.", func(s *stage) {
		s.fullOne()
		send := s.does(2, "process-send", proc(1), 6, key.Limit(1))
		s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
		s.read(1, 5)
		send.is(true)
		s.read(1, 6)
		s.does(0, "mailbox-count", mailbox(2)).is(0)
	}, func(s *stage) {
		s.fullOne()
		s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
		send := s.does(2, "process-send", proc(1), 6, key.Limit(1)) // which was called after that
		s.read(1, 5)
		send.is(true)
		s.read(1, 6)
	}},
	{"SEND-MB-1_mailbox-at-call", "A send has found the mailbox of the process, which is then given another one; the object is added to the old one after that.", func(s *stage) {
		s.fullOne()
		send := s.does(2, "process-send", proc(1), 6)
		s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
		s.does(0, "mailbox-count", mailbox(1)).is(1)
		send.is(true)
		s.read(1, 5, 6)
	}, func(s *stage) {
		s.fullOne()
		send := s.does(2, "process-send", proc(1), 6)
		s.does(0, "set-process-mailbox", proc(1), mailbox(2)).is(mailbox(2))
		s.does(0, "mailbox-count", mailbox(1)).is(1)
		send.is(true)
		s.does(2, "process-send", proc(1), 7).is(true)
		s.read(1, 5, 6, 7) // the last of which was sent when it had the new one
	}},
	{"SEND-LIM-6_without-mailbox", "A process whose mailbox was taken from it has died while a send waited for room: true.", func(s *stage) {
		s.orphanedWithout()
		s.leaves(1)
		s.does(0, "process-join", proc(1)).is(true)
		s.does(0, "process-send", proc(1), 0).is(nil)
		answer{s, 2}.is(true)
	}, func(s *stage) {
		s.orphanedWithout()
		answer{s, 2}.is(true) // though it lives, and nothing was added
		s.does(0, "mailbox-count", mailbox(1)).is(1)
		s.does(0, "process-mailbox", proc(1)).is(nil)
	}},
	{"SEND-RET-2_death-meanwhile", "A send has found the process alive, which dies then, as another send is told; the object is added after that: true.", func(s *stage) {
		s.fullOne()
		s.does(2, "process-send", proc(1), 6)
		s.diesSending()
		answer{s, 2}.is(true)
		s.read(1, 5, 6)
	}, func(s *stage) {
		s.fullOne()
		s.diesSending()
		s.does(2, "process-send", proc(1), 6).is(true) // which was called after that
		s.read(1, 5, 6)
	}},
}

// diesSending has process 1 end, to which a send is answered so.
func (s *stage) diesSending() {
	s.leaves(1)
	s.does(0, "process-join", proc(1)).is(true)
	s.does(0, "process-send", proc(1), 7).is(nil)
	s.does(0, "mailbox-count", mailbox(1)).is(1)
}

// readsLate has process 1 read mailbox 1, with a time-out of five seconds, until an object has come, so long before that is over.
func (s *stage) readsLate(before time.Duration) answer {
	s.box(1)
	s.spawn(1)
	read := s.does(1, "mailbox-read", mailbox(1), nil, 5)
	s.lag += 5*time.Second - before
	s.send(1, 5)
	s.lag += before
	return read
}

// fullOne has process 1 with mailbox 1, which is full.
func (s *stage) fullOne() {
	s.box(1, key.Size(1))
	s.does(0, "mailbox-size", mailbox(1)).is(1)
	s.box(2)
	s.spawn(1, spec.Keyword("mailbox"), mailbox(1))
	s.spawn(2)
	s.send(1, 5)
}

// orphanedWithout has process 2 wait for room there, and process 1 lose its mailbox.
func (s *stage) orphanedWithout() {
	s.fullOne()
	s.does(2, "process-send", proc(1), 6, key.Limit(1))
	s.does(0, "set-process-mailbox", proc(1), nil).is(nil)
}

// passedOverMeanwhile has process 3 look for an event at mailbox 1, which holds an object, with a wait function that is true until
// both of two cells are set; some processes set those of their numbers meanwhile.
func (s *stage) passedOverMeanwhile(setters ...int) answer {
	s.box(1)
	var either []any
	for n := 1; n <= 2; n++ {
		s.does(0, "make-cell", true).is(cell(n))
		either = append(either, []any{spec.Keyword("cell-is"), cell(n), true})
		s.spawn(n)
	}
	s.spawn(3)
	s.send(1, 7)
	for _, n := range setters {
		s.does(n, "cell-set", cell(n), nil)
	}
	stop := key.WaitFunction(append([]any{spec.Keyword("or")}, either...))
	return s.does(3, "mailbox-wait-for-event", mailbox(1), stop, key.NoHangP(true))
}
