// Package native is an implementation of Lisp-style processes in Go: processes are
// goroutines, their cleanups a table run by the ending process itself, mailboxes are
// bounded and growing queues, and children are real processes of the operating system,
// reaped by wait4. It implements [spec.Adapter] in process; package wire serves it to a
// harness from a process of its own.
//
// # Processes and frames
//
// They are the kit's (package kit, which says how an operation runs under the monitor, waits, and is left by a kill): the
// goroutine of a process is its thread. What is native's own is all that is judged.
//
// # What the documents leave open
//
// A process is alive, listed and may be sent to until its cleanups are done; join returns
// after them (PROC-JOIN-5, PROC-ALIVE-2, PROC-LIST-4, SEND-DEAD-5). Unwinding comes before
// cleanups (CLEAN-UNW-1). A form that leaves abnormally doesn't keep the others from
// running (CLEAN-ERR-1); equal priorities run in the order of registration (CLEAN-ORDER-2);
// registering on a process that is in its cleanups, or dead, is an error (CLEAN-PROC-5,
// CLEAN-PROC-6). An unhandled error ends its process (PROC-EXIT-4). Reap-os-subprocess is
// waitpid(2) and takes any child of this program, whoever started it (REAP-SCOPE-1): native
// belongs in a program that has no other children. The other processes run while one waits
// in it (REAP-WAIT-2).
//
// # Programs
//
// Run and start are a library's: their children are its own, which reap-os-subprocess doesn't consider. One mechanism
// starts them (launch_linux.go), on a goroutine of its own, and one function reaps them (program.look), under the
// monitor, so that no signal reaches whoever has an ended program's number. A program's end is collected and its hook
// called without anybody's asking, on a thread that is no process (EXT-HOOK-4, EXT-STAT-11); changes that are seen
// together are one call. What is not given is nil for input, output and error, and :error for the if-options, as is a nil
// among them (EXT-IO-9, EXT-IF-1). Files, also those of streams, are the program's own descriptors; strings and pipes
// are carried, as UTF-8, while it runs, and left open (EXT-IO-5). Other processes run during run (EXT-RUN-3), which returns
// once the program has ended and what it wrote has arrived, whoever else still has its output. What it was started with
// are this program's descriptors 0 to 2.
//
// # Images
//
// A launched image is this program again, whatever program that is, as a child of its own: it plays its part from the initialization of this
// package on (imagemain_linux.go), and talks to the harness itself. Multiprocessing is off in it until initialize-multiprocessing
// is called, and then runs until no process is left but internal servers: the call returns (INIT-STOP-2, -3). An image that began with
// multiprocessing, and a delivery, end then. A saved image is what is known by name: values of symbols, with the data and the functions in
// them, and names of functions (imagefile.go); while multiprocessing runs, saving is an error, and there is no file
// (INIT-SAVE-2, -3). Making a process while multiprocessing is off is an error (PROC-CREATE-8), as is starting it while it
// runs (INIT-START-5); elements of *initial-processes* that can't be applied are skipped (INIT-IP-6). There is no build-library:
// nothing of Go's could be loaded by a host in C as a Lisp's library is.
package native

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Version is the version of the implementation, as its handshake tells it.
const Version = "1"

// New returns the adapter. It is safe for concurrent use, and so are its systems; two
// systems share nothing, their children included.
func New() spec.Adapter { return made(implementation(decisions{}, nil)) }

// NewReplaced returns an adapter that says h of itself and answers an operation as replace
// does, where that reports true; the rest is as [New] has it, so that an operation which
// isn't offered here may be answered too. It is for implementations that are wrong on
// purpose. replace must be quick, not block, and be safe for concurrent use.
func NewReplaced(h spec.Handshake, replace func(spec.Call) (spec.Return, bool)) spec.Adapter {
	i := implementation(decisions{}, nil)
	i.Hooks.Instead = replace
	return kit.NewClaiming(h, i)
}

// made is an adapter whose claims are native's own, of which none can be wrong.
func made(i kit.Implementation) spec.Adapter {
	a, err := kit.New(i)
	if err != nil {
		panic(err)
	}
	return a
}

// implementation is native. It claims what [operations] and [extras] hold. Capability posix is claimed where
// children can be watched without being reaped, which is Linux.
func implementation(d decisions, liberties []string) kit.Implementation {
	i := kit.Implementation{
		Name:       "native",
		Version:    Version,
		Profile:    []string{"lispworks-6:BIND", "lispworks-7", "lispworks-8"},
		Operations: map[string]kit.Operation{},
		Keywords:   slices.Clone(extras),
		Without:    slices.Clone(unclaimed),
		Open: func(k *kit.System) error {
			extend(k, d, liberties)
			return nil
		},
		Poll:      -1, // every change is seen
		Hooks:     hooks,
		Decisions: d.Decisions,
	}
	for name, perform := range operations {
		i.Operations[name] = func(k *kit.Frame, c spec.Call) ([]spec.Value, error) { return perform(frameOf(k), c) }
	}
	i.Native = slices.Concat(slices.Collect(maps.Keys(operations)), kit.Operations(), extras)
	i.Native = slices.DeleteFunc(i.Native, func(name string) bool {
		return slices.Contains(unclaimed, name) || slices.Contains(composed, name)
	})
	if operations["reap-os-subprocess"] != nil {
		i.Profile = append(i.Profile, "allegro-6", "allegro-7+", "external-program-source", "posix-waitpid")
	}
	return i
}
