package keeper

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// patience is how long endTree tries again when it may not kill a descendant.
const patience = 5 * time.Second

// endTree kills and reaps every descendant of the calling process, which must be a child
// subreaper and reap nowhere else meanwhile.
//
// It is done exactly when the kernel says that there is no child: an orphan becomes the
// subreaper's child, so any descendant has an ancestor that is one. Each round kills all
// that a scan shows and then waits for one end; that a scan misses a process born
// meanwhile does no harm, as its parent is killed and the next round finds it.
//
// The error is about processes it may not kill (they changed their user) or /proc.
func endTree() error {
	var giveUp time.Time
	for {
		tree, err := proc.Descendants(os.Getpid())
		if err != nil {
			return err
		}
		var denied []int
		for _, pid := range tree {
			if unix.Kill(pid, unix.SIGKILL) == unix.EPERM {
				denied = append(denied, pid)
			}
		}
		options := 0
		if len(denied) > 0 {
			// Never wait without limit for what was not killed.
			if giveUp.IsZero() {
				giveUp = time.Now().Add(patience)
			}
			if time.Now().After(giveUp) {
				return fmt.Errorf("not permitted to kill processes %v: end them by hand", denied)
			}
			time.Sleep(10 * time.Millisecond)
			options = unix.WNOHANG
		}
		for {
			pid, err := unix.Wait4(-1, nil, options, nil)
			if errors.Is(err, unix.ECHILD) {
				return nil
			}
			if err == nil && pid == 0 {
				break
			}
			// Those killed together end together: collect them before the next scan.
			options = unix.WNOHANG
		}
	}
}
