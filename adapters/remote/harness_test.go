//go:build linux

package remote

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
	opts := Options{Command: append([]string{self}, args...)}
	if args[0] == "cat" {
		opts = Options{Command: args, Stdout: os.Stdout}
	}
	control, err := NewControl()
	if err != nil {
		return proc.LastWords(1, "harness", err)
	}
	r, err := launch(opts, control)
	if err != nil {
		return proc.LastWords(1, "harness", err)
	}
	fmt.Println("started")
	fmt.Println(control.Socket())
	_, _ = io.Copy(os.Stdout, r.out)
	<-r.done
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
	var socket string
	for range 3 { // starting, started, the socket
		line, err := out.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		socket = strings.TrimSpace(line)
	}
	pids := readTree(t, out)
	adapter, err := proc.ReadStat(pids[0])
	if err != nil {
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
