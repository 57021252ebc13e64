package remote

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// descendants lists the processes below root, children before grandchildren. It is a
// snapshot of a moving thing: whoever acts on it looks again afterwards.
func descendants(root int) ([]int, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, fmt.Errorf("looking for descendants of process %d: %w", root, err)
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("looking for descendants of process %d: %w", root, err)
	}
	children := map[int][]int{}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		// A process that can't be read has ended meanwhile.
		if stat, err := readStat(pid); err == nil && stat.pid != 0 {
			children[stat.parent] = append(children[stat.parent], pid)
		}
	}
	found := append([]int(nil), children[root]...)
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found, nil
}

// descends tells whether a process is root, or descends from it.
func descends(pid, root int) (bool, error) {
	for seen := 0; pid > 0 && pid != root && seen < 1000; seen++ { // parents may change meanwhile
		stat, err := readStat(pid)
		if err != nil {
			return false, err
		}
		pid = stat.parent
	}
	return pid == root, nil
}

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
		tree, err := descendants(os.Getpid())
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
