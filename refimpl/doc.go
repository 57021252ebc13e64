// Package refimpl is the reference simulator: a deterministic scheduler that makes a world
// of processes, mailboxes and children out of the specification in spec/model. It is an
// adapter like any other, on virtual time.
//
// The code of a case runs on coroutines; at each step the scheduler asks the specification
// which acts are enabled and its [spec.Choices] which of them happens. The same choices
// give the same run on any machine.
package refimpl
