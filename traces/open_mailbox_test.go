package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of mailboxes.
var mailboxShowings = []showing{
	{"MBOX-ARG-1/error", "A number as the mailbox is an error.", noMailbox(func(a answer) { a.fails() }), func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-count", mailbox(1)).fails()
	}},
	{"MBOX-ARG-1/nil", "Of a number as the mailbox all operations return nil.", noMailbox(func(a answer) { a.is(nil) }), func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-count", mailbox(1)).is(nil)
	}},
	{"MBOX-ARG-1/another-value", "Of a number as the mailbox all operations return 7.", noMailbox(func(a answer) { a.is(7) }), nil},
	{"MBOX-LIM-7/senders-in-order", "Of two senders that wait for room the first one gets it.", twoSenders(1), func(s *stage) {
		twoSenders(1)(s)
		s.read(1, 1, 1)
	}},
	{"MBOX-LIM-7/senders-in-another-order", "Of two senders that wait for room the second one gets it.", twoSenders(2), nil},
	{"MBOX-LIM-7/true-at-entry-added", "There is room and the wait function is true: the object is added.", trueAtEntry(true, 1), nil},
	{"MBOX-LIM-7/true-at-entry-refused", "There is room and the wait function is true: the object is not added.", trueAtEntry(nil, 0), func(s *stage) {
		trueAtEntry(nil, 1)(s)
	}},
	{"MBOX-MAKE-2/nil MBOX-RDR-1/nil", "A new mailbox has no reader.", readerIs(nil), nil},
	{"MBOX-MAKE-2/creator MBOX-RDR-1/process", "The reader of a new mailbox is who made it.", readerIs(proc(0)), nil},
	{"MBOX-MAKE-2/no-accessor MBOX-RDR-1/absent", "There is no mailbox-reader-process.", func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-reader-process", mailbox(1)).absent()
		s.send(1, 1)
		s.read(1, 1)
	}, nil},
	{"MBOX-MAKE-3/default-zero", "A mailbox made without a size has size 0: it is full, and takes one object with limit 1.", func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-size", mailbox(1)).is(0)
		s.does(0, "mailbox-full-p", mailbox(1)).is(true)
		s.limited(1, 1, true)
		s.limited(1, 1, nil)
	}, func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-size", mailbox(1)).is(0)
		s.does(0, "mailbox-full-p", mailbox(1)).is(nil)
	}},
	{"MBOX-MAKE-3/default-positive", "A mailbox made without a size has size 10.", func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-size", mailbox(1)).is(10)
	}, func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-size", mailbox(1)).is(10)
		s.does(0, "mailbox-size", mailbox(1)).is(9)
	}},
	{"MBOX-MAKE-3/size-zero-error", "A mailbox of size 0 is refused.", func(s *stage) { s.does(0, "make-mailbox", key.Size(0)).fails() }, func(s *stage) {
		s.does(0, "make-mailbox", key.Size(1)).fails()
	}},
	{"MBOX-MAKE-3/size-zero-works", "A mailbox of size 0 has size 0, and works.", works(0), nil},
	{"MBOX-MAKE-3/negative-size-error", "A mailbox of size -1 is refused.", func(s *stage) { s.does(0, "make-mailbox", key.Size(-1)).fails() }, nil},
	{"MBOX-MAKE-3/negative-size-works", "A mailbox of size -1 works.", works(-1), func(s *stage) {
		works(-1)(s)
		s.does(0, "mailbox-count", mailbox(1)).is(1)
	}},
	{"MBOX-MAKE-3/size-exact", "A mailbox of size 3 has size 3.", rounded(3), nil},
	{"MBOX-MAKE-3/size-rounded-up", "A mailbox of size 3 has size 64, and so much room under limit 1.", func(s *stage) {
		rounded(64)(s)
		for range 64 {
			s.limited(1, 1, true)
		}
		s.limited(1, 1, nil)
	}, func(s *stage) { rounded(2)(s) }},
	{"MBOX-READ-5/longest-waiting-reader", "Of two readers that wait the first one gets the object.", twoReaders(1), nil},
	{"MBOX-READ-5/another-reader", "Of two readers that wait the second one gets the object.", twoReaders(2), func(s *stage) {
		twoReaders(2)(s)
		answer{s, 1}.is(7, true) // the same object
	}},
	{"MBOX-READ-6/read-still-queued", "A reader is killed as an object is sent: it is still in the mailbox.", readerKilled(1), nil},
	{"MBOX-READ-6/read-taken-and-lost", "A reader is killed as an object is sent: it has taken it.", readerKilled(0), func(s *stage) { readerKilled(2)(s) }},
	{"MBOX-READ-6/send-never-queued", "A sender that waits is killed: its object never comes.", senderKilled(0), nil},
	{"MBOX-READ-6/send-added", "A sender that waits is killed as there is room: its object has been added.", senderKilled(1), func(s *stage) { senderKilled(2)(s) }},
	{"MBOX-SEND-3/true", "A send to a mailbox returns t.", sendReturns(true), nil},
	{"MBOX-SEND-3/nil", "A send to a mailbox returns nil.", sendReturns(nil), nil},
	{"MBOX-SEND-3/the-object", "A send to a mailbox returns the object.", sendReturns(7), nil},
	{"MBOX-SEND-3/another-value", "A send to a mailbox returns 99.", sendReturns(99), nil},
	{"MBOX-SIZE-2/total-capacity", "The size of a mailbox with two objects is what it was.", held(8, 8), nil},
	{"MBOX-SIZE-2/room-left", "The size of a mailbox with two objects is the room that is left.", held(8, 6), func(s *stage) { held(8, 5)(s) }},
	{"MBOX-SIZE-2/shrinks", "A mailbox is smaller after reads.", func(s *stage) {
		s.box(1, key.Size(2))
		s.send(1, 1, 2, 3, 4, 5, 6)
		s.does(0, "mailbox-size", mailbox(1)).is(16)
		s.read(1, 1, 2, 3, 4, 5)
		s.does(0, "mailbox-size", mailbox(1)).is(4)
		s.read(1, 6)
		s.does(0, "mailbox-size", mailbox(1)).is(1)
	}, func(s *stage) {
		s.box(1, key.Size(2))
		s.send(1, 1, 2, 3, 4, 5, 6)
		s.does(0, "mailbox-size", mailbox(1)).is(16)
		s.does(0, "mailbox-size", mailbox(1)).is(7)
	}},
	{"MBOX-SIZE-2/never-shrinks", "A mailbox keeps the size to which it has grown.", func(s *stage) {
		s.box(1, key.Size(2))
		s.send(1, 1, 2, 3)
		s.does(0, "mailbox-size", mailbox(1)).is(3)
		s.read(1, 1, 2, 3)
		s.does(0, "mailbox-size", mailbox(1)).is(3)
	}, func(s *stage) {
		s.box(1, key.Size(2))
		s.send(1, 1, 2, 3)
		s.does(0, "mailbox-size", mailbox(1)).is(3)
		s.does(0, "mailbox-size", mailbox(1)).is(2)
	}},
}

func noMailbox(ends func(answer)) func(*stage) {
	return func(s *stage) {
		for _, op := range []string{"mailbox-read", "mailbox-peek", "mailbox-wait", "mailbox-empty-p", "mailbox-not-empty-p",
			"mailbox-count", "mailbox-size", "mailbox-full-p", "mailbox-reader-process", "mailbox-wait-for-event"} {
			ends(s.does(0, op, 7))
		}
		ends(s.does(0, "mailbox-send", 7, 1))
		ends(s.does(0, "mailbox-send-limited", 7, 1, 1, 0))
	}
}

func (s *stage) limited(m, limit int, is any) {
	s.does(0, "mailbox-send-limited", mailbox(m), "object", limit, 0).is(is)
}

// twoSenders has 1 and 2 wait for room, and one of them get it.
func twoSenders(n int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(1))
		s.does(0, "mailbox-size", mailbox(1)).is(1)
		s.send(1, 0)
		s.spawn(1)
		s.spawn(2)
		s.does(1, "mailbox-send-limited", mailbox(1), 1, 1)
		s.does(2, "mailbox-send-limited", mailbox(1), 2, 1)
		s.read(1, 0)
		answer{s, n}.is(true)
		s.read(1, n)
	}
}

func trueAtEntry(is any, count int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(2))
		s.does(0, "mailbox-send-limited", mailbox(1), 1, 1, nil, nil, []any{spec.Keyword("always")}).is(is)
		s.does(0, "mailbox-count", mailbox(1)).is(count)
	}
}

func readerIs(is any) func(*stage) {
	return func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-reader-process", mailbox(1)).is(is)
	}
}

func works(size int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(size))
		s.does(0, "mailbox-size", mailbox(1)).is(0)
		s.send(1, 1, 2)
		s.read(1, 1, 2)
	}
}

func rounded(size int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(3))
		s.does(0, "mailbox-size", mailbox(1)).is(size)
	}
}

func twoReaders(n int) func(*stage) {
	return func(s *stage) {
		s.box(1)
		s.spawn(1)
		s.spawn(2)
		s.does(1, "mailbox-read", mailbox(1))
		s.does(2, "mailbox-read", mailbox(1))
		s.send(1, 7)
		answer{s, n}.is(7, true)
	}
}

func readerKilled(count int) func(*stage) {
	return func(s *stage) {
		s.box(1)
		s.spawn(1)
		read := s.does(1, "mailbox-read", mailbox(1))
		s.does(0, "process-kill", proc(1)).is(true)
		s.send(1, 7)
		read.gone()
		s.does(0, "mailbox-count", mailbox(1)).is(count)
	}
}

func senderKilled(count int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(1))
		s.does(0, "mailbox-size", mailbox(1)).is(1)
		s.send(1, 0)
		s.spawn(1)
		send := s.does(1, "mailbox-send-limited", mailbox(1), 1, 1)
		s.does(0, "process-kill", proc(1)).is(true)
		s.read(1, 0)
		send.gone()
		s.does(0, "mailbox-count", mailbox(1)).is(count)
	}
}

func sendReturns(value any) func(*stage) {
	return func(s *stage) {
		s.box(1)
		s.does(0, "mailbox-send", mailbox(1), 7).is(value)
		s.read(1, 7)
	}
}

func held(empty, partly int) func(*stage) {
	return func(s *stage) {
		s.box(1, key.Size(8))
		s.does(0, "mailbox-size", mailbox(1)).is(empty)
		s.send(1, 1, 2)
		s.does(0, "mailbox-size", mailbox(1)).is(partly)
	}
}
