//go:build linux

package keeper_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
)

// treeMain is an adapter that starts a tree of processes in groups and sessions of their
// own, orphans among them. Each writes its process id on the wire. Arguments: "root" or
// "root-exits" and then, below the root, what is left to do.
func treeMain(args []string) int {
	wire := os.NewFile(keeper.FDOut, "wire")
	fmt.Fprintln(wire, os.Getpid())
	start := func(sys *syscall.SysProcAttr, args ...string) {
		cmd := exec.Command("/proc/self/exe", append([]string{"tree"}, args...)...)
		cmd.ExtraFiles = []*os.File{wire, wire}
		cmd.SysProcAttr = sys
		if err := cmd.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if args[0] == "orphans" {
			_ = cmd.Wait()
		}
	}
	switch args[0] {
	case "root", "root-exits":
		start(&syscall.SysProcAttr{Setsid: true}, "parent")
		start(&syscall.SysProcAttr{Setpgid: true}, "parent")
		start(&syscall.SysProcAttr{}, "orphans")
		fmt.Fprintln(wire, "done")
	case "parent":
		start(&syscall.SysProcAttr{Setsid: true}, "leaf")
		start(&syscall.SysProcAttr{}, "leaf")
	case "orphans":
		start(&syscall.SysProcAttr{Setsid: true}, "leaf")
		start(&syscall.SysProcAttr{Setpgid: true}, "leaf")
		return 0
	}
	if args[0] == "root-exits" {
		_, _ = io.Copy(io.Discard, os.NewFile(keeper.FDIn, "wire")) // until it is told
		return 3
	}
	for {
		time.Sleep(time.Hour)
	}
}

// treeSize is how many processes a tree has, with those that end by themselves.
const treeSize = 10

// readTree reads the ids of a whole tree. The adapter comes first.
func readTree(t *testing.T, from io.Reader) []int {
	t.Helper()
	var pids []int
	done := false
	lines := bufio.NewScanner(from)
	for (len(pids) < treeSize || !done) && lines.Scan() {
		if lines.Text() == "done" {
			done = true
			continue
		}
		pid, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if len(pids) < treeSize {
		t.Fatalf("the tree ended early, with processes %v: %v", pids, lines.Err())
	}
	return pids
}

func TestKeeperKillsTreeWhenLifelineCloses(t *testing.T) {
	r := keep(t, remote.Options{Command: proctest.Self(t, "tree", "root")})
	pids := readTree(t, r.Out())
	if err := r.end(); err != nil {
		t.Error(err)
	}
	proctest.AllAbsent(t, pids)
}

func TestKeeperKillsTreeWhenAdapterExits(t *testing.T) {
	r := keep(t, remote.Options{Command: proctest.Self(t, "tree", "root-exits")})
	pids := readTree(t, r.Out())
	if err := r.In().Close(); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	proctest.AllAbsent(t, pids)
	if got, want := r.Exit().Error(), "exit status 3"; got != want {
		t.Errorf("%s, want the adapter's, %s", got, want)
	}
}

func TestKeeperKillsTreeWhenTold(t *testing.T) {
	r := keep(t, remote.Options{Command: proctest.Self(t, "tree", "root")})
	pids := readTree(t, r.Out())
	its, err := proc.ReadStat(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(its.Parent, unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	proctest.AllAbsent(t, pids)
	if got, want := r.Exit().Error(), "exit status 143, which stands for signal 15 (terminated)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Nobody clears up after a keeper that is killed, but its adapter goes with it.
func TestAdapterDiesWithItsKeeper(t *testing.T) {
	r := keep(t, remote.Options{Command: proctest.Self(t, "probe", "stay")})
	var p probe
	if err := json.NewDecoder(r.Out()).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(p.Parent, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	if status := proctest.Collect(t, p.PID); !status.Signaled() || status.Signal() != unix.SIGKILL {
		t.Errorf("the adapter ended with %x", status)
	}
	if text := r.Exit().Error(); !strings.Contains(text, "keeper was killed by signal 9") {
		t.Error(text)
	}
}
