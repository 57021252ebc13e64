// Package wire carries the adapter contract of package spec to other processes and
// languages: JSON-RPC 2.0, one message a line, requests in both directions. docs/protocol.md
// describes it for people who write adapters elsewhere.
//
// [Serve] is the adapter's end: it puts any [spec.Adapter] on the wire. [NewClient] is the
// harness's end: a spec.Adapter whose systems live at the other end of a pair of pipes.
//
// On both ends one goroutine reads and one writes, for as long as the connection lives. The
// reader hands messages over and executes nothing, so that it never waits for user code;
// user code hands complete messages to the writer and never writes itself, so that killing
// it can't tear a line.
package wire
