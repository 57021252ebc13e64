// Package traces keeps what runs leave behind, and judges it: whether the executable specification (package
// spec/model) has a run that shows just these labels. No case's expectation is needed for that, so any run of
// any program can be judged. docs/traces.md tells the same to users.
//
// # The oracle
//
// [Check] judges a list of labels, [CheckTrace] one that was kept with how it is to be read. A label tells
// of a call, its end, code that begins and ends; what happened in between nobody saw. So the checker carries
// the set of all states of the specification that fit the labels so far, and moves it over one label after
// another. To move it places effects as late as it can: before the label of their own outcome, or before that
// of another that needs them. Where no state can show a label that is a [Finding], and the judgement goes on
// from what was allowed instead. States are open: what the documents leave open may go any way. A judgement
// is bounded, by the states that it visits; what is beyond is [Undecided], never forbidden.
//
// A judgement goes through these files, in this order:
//
//	oracle.go      Check and its options; the checker; a look with a small budget comes first
//	bind.go        which object of the specification each reference denotes: named by the call that made it
//	translate.go   calls and values in terms of these objects
//	script.go      reads ahead: how each call will end, and which code will begin
//	heard.go       on real time a label says that something happened no later; the story of each frame
//	teardown.go    from where on the harness ends the system, and nothing counts
//	order.go       which objects were sent and read when, which prunes what may have happened
//	step.go        moves over one label
//	search.go      finds the states in which it can come, depth first; nearest.go only those near at hand
//	quietat.go     quiet labels: what could have happened until then and did not
//	findings.go    convicts, and goes on
//
// # Queues
//
// A mailbox of which nothing is asked but sends and reads, of objects that are one of a kind, is a queue, and
// for queues there is something better than a search, whatever their length. These files know nothing of
// states, box.go apart:
//
//	box.go         takes such mailboxes out of the trace before the search
//	queue.go       a QueueHistory, and what is plainly impossible in one
//	fifo.go        order by pairs of messages, where the queue is unbounded
//	arrange.go     an order of the messages of a bounded one; places.go bounds where each may stand
//	instants.go    when those who gave up found it full or empty
//	takers.go      which message a read took whose outcome nobody saw
//	witness.go     the order is followed step by step: that alone makes it allowed
//
// # Keeping and telling
//
// Package traces/format has the files.
//
//	journal.go     the first and latest labels of a run, for a report
//	teller.go      labels in words; telling.go which of them a person wants to see, render.go a whole trace
//
// # Its tests
//
// Golden traces are in testdata, each with the report that it must have; one that is forbidden has a twin
// that is allowed (golden_test.go). The tests open_*_test.go show each behaviour that the documents leave
// open, and one beside it that they don't. exactness_test.go compares the oracle with a search that is too
// simple to be wrong, on runs and on runs that were spoilt.
package traces
