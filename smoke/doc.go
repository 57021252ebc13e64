// Package smoke asks whether an adapter's plumbing is sound: whether it keeps the rules of
// docs/protocol.md, one step a rule, before any case judges what it does. A step that fails says
// what was sent, what came, and what should have come.
//
// It speaks the protocol message by message, and sends nothing that a harness would not send but
// for one garbage line, so that an adapter which passes is one that can be judged.
package smoke
