//go:build linux

package keeper_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
)

// harnessMain launches a tree and shows the adapter's output. It says how far it is.
func harnessMain(args []string) int {
	fmt.Println("starting")
	self, err := proc.Self()
	if err != nil {
		return proc.LastWords(1, "harness", err)
	}
	// Not by Start, which would wait for a hello.
	opts := remote.Options{Command: append([]string{self}, args...)}
	if args[0] == "cat" {
		opts = remote.Options{Command: args, Stdout: os.Stdout}
	}
	r, err := remote.StartRaw(opts)
	if err != nil {
		return proc.LastWords(1, "harness", err)
	}
	fmt.Println("started")
	_, _ = io.Copy(os.Stdout, r.Out())
	<-r.Done()
	return 0
}

// startHarness starts a harness in a process of its own.
func startHarness(t *testing.T, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	command := proctest.Self(t, args...)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out)
}

func TestKeeperKillsTreeAfterHarnessIsKilled(t *testing.T) {
	harness, out := startHarness(t, "harness", "tree", "root")
	for range 2 { // starting, started
		if _, err := out.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	pids := readTree(t, out)
	adapter, err := proc.ReadStat(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	socket := controlOf(t, adapter.Parent)
	if _, err := os.Stat(socket); err != nil {
		t.Fatal(err)
	}
	if err := harness.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = harness.Wait()
	// The keeper is an orphan now, and exits once its tree is empty.
	proctest.Collect(t, adapter.Parent)
	proctest.AllAbsent(t, pids)
	if _, err := os.Stat(filepath.Dir(socket)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory of %s: %v", socket, err)
	}
}

// controlOf is the socket that a keeper was told to remove.
func controlOf(t *testing.T, pid int) string {
	t.Helper()
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(string(line), "\x00")
	i := slices.Index(words, "--control")
	if i < 0 {
		t.Fatalf("process %d is no keeper with a socket: %q", pid, words)
	}
	return words[i+1]
}

// A harness that is killed at any moment leaves nothing, whether or not the keeper was
// ready for that.
func TestNothingIsLeftOfHarnessKilledWhileStarting(t *testing.T) {
	// But for the socket, where there was no keeper yet to remove it.
	t.Setenv("TMPDIR", t.TempDir())
	for _, wait := range []string{"", "starting\n", "started\n"} {
		harness, out := startHarness(t, "harness", "tree", "root")
		for line := ""; line != wait; {
			var err error
			if line, err = out.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		if err := harness.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = harness.Wait()
		// What it had started is an orphan now, so there is something to wait for.
		orphans, err := proc.Descendants(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		for _, pid := range orphans {
			if stat, err := proc.ReadStat(pid); err == nil && stat.Parent == os.Getpid() {
				proctest.Collect(t, pid)
			}
		}
		if left, err := proc.Descendants(os.Getpid()); err != nil || len(left) > 0 {
			t.Errorf("killed after %q: processes %v are left, %v", wait, left, err)
		}
	}
}
