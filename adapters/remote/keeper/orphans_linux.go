package keeper

import (
	"fmt"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// adopting is set once orphans come to this process.
var adopting atomic.Bool

// AdoptOrphans makes this process the one that gets the processes whose keeper was killed, which
// an adapter can do to its own. It is for a program that starts nothing but adapters, and says
// [EndOrphans] when all of those are closed; never for one in whose process others live. Where
// this process has children already, as after a shell's exec, it does nothing: theirs are not ours
// to end.
func AdoptOrphans() error {
	if adopting.Load() {
		return nil
	}
	if others, err := proc.Descendants(os.Getpid()); err != nil || len(others) > 0 {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("becoming a child subreaper: %w", err)
	}
	adopting.Store(true)
	return nil
}

// EndOrphans kills and reaps what descends from this process after [AdoptOrphans], and returns
// how many processes still ran. No adapter may be open, and nobody else may wait for a child.
func EndOrphans() (int, error) {
	if !adopting.Load() {
		return 0, nil
	}
	left, err := proc.Descendants(os.Getpid())
	if err != nil {
		return 0, err
	}
	running := 0
	for _, pid := range left {
		if stat, err := proc.ReadStat(pid); err == nil && !stat.Kind().Ended() {
			running++
		}
	}
	if err := endTree(); err != nil {
		return running, fmt.Errorf("ending what an adapter left behind: %w", err)
	}
	return running, nil
}
