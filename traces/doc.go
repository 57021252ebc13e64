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
//	heard.go       on real time a label says that something happened no later; the story of each frame
//	ahead.go       so the specification runs ahead of the labels: what may have happened before they tell
//	areas.go       who knows more of an area: judges its objects apart, or knows an order of theirs
//	apart.go       takes what is judged apart out of the search
//	step.go        moves over one label
//	search.go      finds the states in which it can come, depth first; nearest.go only those near at hand
//	quiet.go       what could have happened before a quiet label and did not
//	interval.go    operations that answer for all processes
//	findings.go    convicts, and goes on
//	cause.go       which clauses a conviction is of; likeness.go which known faults would have shown the same
//
// # The rooms beside it
//
// Package traces/internal/script reads a trace as a whole, before anything is judged: which object each reference
// denotes, how each call ends. What is special to an area has a room of its own, which reads the script too and is
// handed to the oracle in areas.go, by two small interfaces: traces/queues is that of mailboxes. The oracle's own
// files name no operation on mailboxes (areas_test.go). Package traces/format has the files that traces are kept in.
//
// # Telling
//
//	journal.go     the first and latest labels of a run, for a report; diagnosis.go what the oracle says of it
//	teller.go      labels in words; telling.go which of them a person wants to see, render.go a whole trace
//
// # Its tests
//
// Golden traces are in testdata, each with the report that it must have; one that is forbidden has a twin
// that is allowed (golden_test.go). The tests open_*_test.go show each behaviour that the documents leave
// open, and one beside it that they don't. exactness_test.go compares the oracle with a search that is too
// simple to be wrong, on runs and on runs that were spoilt.
package traces
