// Package child has the helper children: programs that the system under test starts and reaps, and the harness
// commands. Both ends are here: [Main] is the child's, [Control] the harness's.
//
// The child's end: child (what it is), commands, output. The harness's: control (all children of an adapter),
// helper (one), operations (what a case asks), tasks (is there room for one more?). Between them: message.
package child
