// Package format reads and writes traces: what one run showed, a line of JSON a label, below a header that
// says how it is to be read. docs/traces.md tells of the format to users. What a trace means is for package
// traces to say: nothing here knows the specification.
//
//	trace.go       a Trace and its header; the version of the format
//	line.go        a label as a line of JSON
//	write.go       writes labels as they come
//	read.go        reads files of every version that was ever released; errors name line and field
//	protocol.go    refuses labels that no run can show, whatever the specification says
//
// What was released is in testdata/formats, a file for each version; none of them is ever changed.
package format
