//go:build !linux

package child

import (
	"context"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// Helper children need /proc, which is Linux's. Elsewhere the operations that need them are absent.

// Main is the command mpcheck child; only Linux has what it needs.
func Main([]string) int { return proc.LastWords(proc.ExitUsage, "child", proc.LinuxOnly()) }

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

// Socket is "": there is none.
func (*Control) Socket() string { return "" }

// EndSystem does nothing.
func (*Control) EndSystem(string) int { return 0 }

// Close does nothing.
func (*Control) Close() error { return nil }

// ProgramWord would be the part that the program of a helper child plays.
const ProgramWord = "child-program"

// ProgramMain is that part; only Linux has what it needs.
func ProgramMain([]string) int { return Main(nil) }

// SetStandard does nothing.
func (*Control) SetStandard(Standard) {}
