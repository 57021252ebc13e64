// Package kit is what any adapter in Go needs beside what it is about: frames and how they end, registered code, a watchdog, labels for a
// recorder, references and what they denote, equality, functions, logs, cells, gates, predicates and waiting, handlers, restarts,
// unwind-protect, errors, seconds, and processes for who has none. An author writes operations:
//
//	func main() {
//		kit.Main(kit.Implementation{
//			Name:    "my-actors",
//			Profile: []string{"lispworks-8:MBOX"},
//			Operations: map[string]kit.Operation{
//				"make-mailbox": makeMailbox,
//				"mailbox-send": mailboxSend,
//				"mailbox-read": mailboxRead,
//			},
//		})
//	}
//
// and judges them by mpcheck run, or, in go test, by conformance.Run and [New].
//
// # The monitor
//
// All that the kit keeps of a system is guarded by one mutex, its monitor, which is held while an operation runs: so an operation has one
// effect at one instant. It is let go where an operation waits ([Frame.Wait]), calls Lisp code ([Frame.Call]), or does in the host what
// may wait ([Frame.Outside]); the state of others may change meanwhile. Goroutines of the implementation take it by [System.Lock].
//
// # Leaving code
//
// A kill unwinds: [Thread.Unwind] marks the frames that a process has open, and an operation of a marked frame, blocked or yet to come,
// answers [spec.Gone]. Frames that are opened later, for cleanup forms, are not marked: their operations work. An operation needn't care:
// a wait that is over returns, and whatever the operation then returns is not used. What it has begun in the host it ends by ctx, or
// in a defer.
//
// # Claims
//
// What an implementation offers is claimed as composed - built by the adapter - unless it says Native: a verdict about a native operation is
// one about the host. The kit's own operations are what cases are built with, and are never judged.
//
// package adapters/native is built on this one, and shows all that it can do; Hooks and Decisions are for such as that one. A first
// adapter needs neither.
package kit
