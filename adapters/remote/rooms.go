package remote

import (
	"github.com/mpcheck/mpcheck/adapters/remote/child"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
)

// What this package promises of the rooms behind it.

// KeeperMain is the command mpcheck keeper: see [keeper.Main].
func KeeperMain(args []string) int { return keeper.Main(args) }

// AdoptOrphans makes this process the one that gets the processes whose keeper was killed: see
// [keeper.AdoptOrphans], also for when not to.
func AdoptOrphans() error { return keeper.AdoptOrphans() }

// EndOrphans kills and reaps what descends from this process after [AdoptOrphans], and returns
// how many processes still ran: see [keeper.EndOrphans].
func EndOrphans() (int, error) { return keeper.EndOrphans() }

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
