//go:build !linux

package remote

import (
	"errors"
	"os"
	"runtime"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// Keeping a tree of processes on a lead needs a child subreaper, and helper children need
// /proc: both are Linux's. Elsewhere an adapter is started without, over stdin and stdout,
// and the operations that need helper children are absent.

const exitKeeper = 125

// KeeperMain is the command mpcheck keeper; only Linux has what it needs.
func KeeperMain([]string) int { return proc.LastWords(proc.ExitUsage, "keeper", proc.LinuxOnly()) }

// AdoptOrphans does nothing: only Linux has what it needs.
func AdoptOrphans() error { return nil }

// EndOrphans does nothing.
func EndOrphans() (int, error) { return 0, nil }

// launch starts the command itself. What the command starts is on its own.
func launch(opts Options, _ *Control) (*running, error) {
	if !opts.Stdio {
		return nil, errors.New("the wire needs stdin and stdout on " + runtime.GOOS + ": use --wire stdio")
	}
	return launchBare(opts)
}

func endText(state *os.ProcessState) string { return state.String() }
