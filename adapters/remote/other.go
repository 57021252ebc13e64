//go:build !linux

package remote

import (
	"context"
	"errors"
	"os"
	"runtime"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// Keeping a tree of processes on a lead needs a child subreaper, and helper children need
// /proc: both are Linux's. Elsewhere an adapter is started without, over stdin and stdout,
// and the operations that need helper children are absent.

const exitKeeper = 125

// KeeperMain is the command mpcheck keeper; only Linux has what it needs.
func KeeperMain([]string) int { return proc.LastWords(proc.ExitUsage, "keeper", proc.LinuxOnly()) }

// ChildMain is the command mpcheck child; only Linux has what it needs.
func ChildMain([]string) int { return proc.LastWords(proc.ExitUsage, "child", proc.LinuxOnly()) }

// Tasks would say how many processes a user may have.
type Tasks struct{ Most, There int }

// Left is 0.
func (Tasks) Left() int { return 0 }

func (Tasks) String() string { return "" }

// CountTasks counts nothing here: no limit is known.
func CountTasks() (Tasks, bool) { return Tasks{}, false }

// Control executes the operations of helper children, of which there are none here.
type Control struct{}

// NewControl returns a Control for which every operation is absent.
func NewControl() (*Control, error) { return &Control{}, nil }

// SetLimit does nothing.
func (*Control) SetLimit(time.Duration) {}

// Do answers that the operation is absent.
func (*Control) Do(context.Context, string, spec.Call) spec.Return {
	return spec.Return{Status: spec.Absent}
}

// EndSystem does nothing.
func (*Control) EndSystem(string) int { return 0 }

// Close does nothing.
func (*Control) Close() error { return nil }

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
