package remote

import (
	"github.com/mpcheck/mpcheck/adapters/remote/child"
)

// What this package promises of the rooms behind it.

// ChildMain is the command mpcheck child: see [child.Main].
func ChildMain(args []string) int { return child.Main(args) }

// Control is the harness's side of the helper children of one adapter: see [child.Control].
type Control = child.Control

// NewControl opens a socket for helper children; the caller closes it. It is an error before [Main] was called.
func NewControl() (*Control, error) { return child.NewControl() }

// Tasks says how many processes and threads a user may have: see [child.Tasks].
type Tasks = child.Tasks

// CountTasks counts those of the user that runs this process: see [child.CountTasks].
func CountTasks() (Tasks, bool) { return child.CountTasks() }
