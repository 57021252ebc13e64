// Package child has the helper children: programs that the system under test starts and reaps, and the harness
// commands; and the files of cases, which such programs read and write. Both ends are here: [Main] and [ProgramMain]
// are the child's, [Control] the harness's.
//
// The child's end: child (what it is, its plan), commands, input, output. The harness's: control (all children of an
// adapter), program (what is started), helper (one child), operations (what a case asks), files, standard (what the
// adapter was started with), tasks (is there room for one more?). Between them: message.
package child
