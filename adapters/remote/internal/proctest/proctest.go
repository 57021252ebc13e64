//go:build linux

// Package proctest is what tests of processes share: they start this binary in other parts, wait for ends that can
// only be looked at, and leave nothing behind.
package proctest

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// Run is m.Run that fails also where a process is left behind. [proc.Play] comes before it.
func Run(m *testing.M) int {
	// A program built with the race detector would sleep a second before it exits.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Println(err)
		return 1
	}
	// Orphans of what is tested come here, so that a test can wait for their end, and the
	// end of the run can tell that none was left.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Println("becoming a child subreaper:", err)
		return 1
	}
	status := m.Run()
	if left, _ := proc.Descendants(os.Getpid()); len(left) > 0 {
		for _, pid := range left {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			stat, _ := proc.ReadStat(pid)
			fmt.Printf("left behind: process %d, %s, %q\n", pid, stat.Kind(), line)
		}
		status = 1
	}
	return status
}

// Self is the command that starts this binary in another part.
func Self(t *testing.T, args ...string) []string {
	t.Helper()
	path, err := proc.Self()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{path}, args...)
}

// Eventually waits for what can only be looked at. The limit is for tests that fail.
func Eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("never: %s", what)
		}
	}
}

// Collect waits for a child of this process that os/exec doesn't know, an orphan.
func Collect(t *testing.T, pid int) unix.WaitStatus {
	t.Helper()
	var status unix.WaitStatus
	Eventually(t, fmt.Sprintf("process %d ends", pid), func() bool {
		got, err := unix.Wait4(pid, &status, unix.WNOHANG, nil)
		if err != nil && !errors.Is(err, unix.EINTR) {
			t.Fatalf("waiting for the orphan %d: %v", pid, err)
		}
		return got == pid
	})
	return status
}

// AllAbsent checks that none of the processes is there, not even as a zombie.
func AllAbsent(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		if stat, err := proc.ReadStat(pid); err != nil || stat.Kind() != spec.ChildAbsent {
			t.Errorf("process %d: %s, %v; want it absent", pid, stat.Kind(), err)
		}
	}
}
