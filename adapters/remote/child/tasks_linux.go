package child

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Processes and threads count alike against the limit of a user (ulimit -u), and a Go program that gets
// no thread ends at once, with exit code 2 and its stacks. What follows is how that is seen beforehand.

// Tasks says how many processes and threads a user may have, and how many there are of it.
type Tasks struct{ Most, There int }

// Left is how many more there may be.
func (t Tasks) Left() int { return max(0, t.Most-t.There) }

func (t Tasks) String() string {
	return fmt.Sprintf("only %d more processes and threads are allowed: %d of the %d of ulimit -u are there", t.Left(), t.There, t.Most)
}

// plentyOfTasks is a limit that nothing of ours comes near.
const plentyOfTasks = 10_000

// CountTasks counts those of the user that runs this process; false where no limit matters: there is none,
// it is far, or the kernel doesn't heed it for this user.
func CountTasks() (Tasks, bool) {
	if !tasksAreLimited() {
		return Tasks{}, false
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NPROC, &limit); err != nil {
		return Tasks{}, false
	}
	t := Tasks{Most: int(limit.Cur)}
	all, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return Tasks{}, false
	}
	for _, path := range all {
		if status, err := os.ReadFile(path); err == nil && statusField(status, "Uid") == os.Getuid() { // else it has ended
			t.There += statusField(status, "Threads")
		}
	}
	return t, true
}

// tasksAreLimited is what costs nothing of [CountTasks].
func tasksAreLimited() bool {
	var limit unix.Rlimit
	return unix.Getrlimit(unix.RLIMIT_NPROC, &limit) == nil && limit.Cur <= plentyOfTasks && !exemptOfTasks()
}

// tasksOfChild is more than a helper child takes; so many have to be left, since others start meanwhile.
const tasksOfChild = 16

// tasksPatience is how long a child may be on its way before it is asked whether it could begin.
const tasksPatience = 2 * time.Second

// roomForChild says why a helper child can't start, where that is for want of processes.
func roomForChild() error {
	if t, limited := CountTasks(); limited && t.Left() < tasksOfChild {
		return &noRoomError{t}
	}
	return nil
}

// A noRoomError is no fault of who is judged.
type noRoomError struct{ tasks Tasks }

func (e *noRoomError) Error() string {
	return fmt.Sprintf("a helper child takes up to %d processes and threads, and %v", tasksOfChild, e.tasks)
}

// exemptOfTasks tells whether this process is the superuser, or has a capability before which the limit yields.
func exemptOfTasks() bool {
	if os.Getuid() == 0 {
		return true
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var has [2]unix.CapUserData
	if err := unix.Capget(&header, &has[0]); err != nil {
		return false
	}
	return has[0].Effective&(1<<unix.CAP_SYS_ADMIN|1<<unix.CAP_SYS_RESOURCE) != 0
}

// statusField is the first number of a line of /proc/PID/status, -1 where there is none.
func statusField(status []byte, name string) int {
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte(name+":")); ok {
			if fields := bytes.Fields(rest); len(fields) > 0 {
				if n, err := strconv.Atoi(string(fields[0])); err == nil {
					return n
				}
			}
		}
	}
	return -1
}
