package child

import "os"

// Standard is what an adapter was started with, as far as the harness chose it.
type Standard struct {
	// Input is a regular file, of which the adapter and what it starts share the open description; nil where it is
	// something else.
	Input *os.File
	// Output and Error are where what is written to them shows; nil where that is elsewhere.
	Output, Error Written
	// Why says why what is nil is not the harness's to see.
	Why string
}

// Written is what an adapter, and all that it starts, writes to one of its standard streams.
type Written interface {
	// Since gives what was written from now on, up to the moment at which it is called, in bytes. Safe for
	// concurrent use.
	Since() (func() ([]byte, error), error)
}
