//go:build linux

package remote

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// The test binary plays every part: keeper and helper child as any binary that calls Main,
// and the programs below.
func TestMain(m *testing.M) {
	Main(map[string]func([]string) int{
		"tree":    treeMain,
		"probe":   probeMain,
		"harness": harnessMain,
		"odd":     oddMain,
		"serve":   serveMain,
	})
	// A program built with the race detector would sleep a second before it exits.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	// Orphans of what is tested come here, so that a test can wait for their end, and the
	// end of the run can tell that none was left.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Println("becoming a child subreaper:", err)
		os.Exit(1)
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
	os.Exit(status)
}

// self is the command that starts this binary in another part.
func self(t *testing.T, args ...string) []string {
	t.Helper()
	path, err := proc.Self()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{path}, args...)
}

// eventually waits for what can only be looked at. The limit is for tests that fail.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("never: %s", what)
		}
	}
}

// collect waits for a child of this process that os/exec doesn't know, an orphan.
func collect(t *testing.T, pid int) unix.WaitStatus {
	t.Helper()
	var status unix.WaitStatus
	eventually(t, fmt.Sprintf("process %d ends", pid), func() bool {
		got, err := unix.Wait4(pid, &status, unix.WNOHANG, nil)
		if err != nil && !errors.Is(err, unix.EINTR) {
			t.Fatalf("waiting for the orphan %d: %v", pid, err)
		}
		return got == pid
	})
	return status
}

// allAbsent checks that none of the processes is there, not even as a zombie.
func allAbsent(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		if stat, err := proc.ReadStat(pid); err != nil || stat.Kind() != spec.ChildAbsent {
			t.Errorf("process %d: %s, %v; want it absent", pid, stat.Kind(), err)
		}
	}
}

func TestMainRefusesTakenWord(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), `"child" is taken`) {
			t.Errorf("Main with a second child: %v", p)
		}
	}()
	Main(map[string]func([]string) int{"child": nil})
}

func TestInternalCommandsRefuseMisuse(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"keeper", "no command"},
		{"keeper -- true", "MPCHECK_LIFELINE"},
		{"child", "want mpcheck child --control SOCKET --token TOKEN"},
		{"child --control /nowhere/socket --token 1", "connecting to the harness"},
	} {
		command := self(t, strings.Fields(c.args)...)
		out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != proc.ExitUsage || !strings.Contains(string(out), c.want) {
			t.Errorf("mpcheck %s: %v, %s; want status %d and %q", c.args, err, out, proc.ExitUsage, c.want)
		}
	}
}

// containsAll names the first of the texts that is missing.
func containsAll(err error, texts ...string) error {
	i := slices.IndexFunc(texts, func(text string) bool { return err == nil || !strings.Contains(err.Error(), text) })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%q is missing in: %v", texts[i], err)
}
