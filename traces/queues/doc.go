// Package queues is what is special to mailboxes in the judgement of traces. A mailbox is a queue: of objects that
// are one of a kind, that each read is of the oldest is a matter of pairs of messages, and their order proves much
// of what happened in between. The oracle (package traces) asks [Queues] two things: which mailboxes are decided by
// themselves, without a search and whatever their length; and which states hold an order that can't be read any more.
//
//	queues.go      Queues; which mailboxes are judged apart, and what is wrong with them in words
//	mailbox.go     the sends and reads of one, as a History
//	order.go       which objects were sent and read when, which prunes what may have happened
//
// These know nothing of scripts, nor of the specification:
//
//	history.go     a History, and what is plainly impossible in one
//	fifo.go        order by pairs of messages, where the queue is unbounded
//	arrange.go     an order of the messages of a bounded one; places.go bounds where each may stand
//	instants.go    when those who gave up found it full or empty
//	takers.go      which message a read took whose outcome nobody saw
//	witness.go     the order is followed step by step: that alone makes it allowed
package queues
