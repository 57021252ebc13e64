//go:build !linux

package remote

import (
	"context"
	"errors"
	"os"
	"runtime"
)

// Keeping a tree of processes on a lead needs a child subreaper, and helper children need
// /proc: both are Linux's. Elsewhere an adapter is started without, over stdin and stdout,
// and the operations that need helper children are absent.

// launch starts the command itself. What the command starts is on its own.
func launch(opts Options, _ *Control) (*running, error) {
	if !opts.Stdio {
		return nil, errors.New("the wire needs stdin and stdout on " + runtime.GOOS + ": use --wire stdio")
	}
	return launchBare(opts)
}

// endOf doesn't know.
func endOf(int) func(context.Context) bool { return nil }

func endText(state *os.ProcessState) string { return state.String() }
