//go:build linux

package keeper_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
)

// probe is what an adapter sees of how it was started.
type probe struct {
	PID, Parent, Group int
	Env                []string
	// Files are the open pipes, sockets and files by descriptor; Flags those of the wire.
	Files map[int]string
	Flags map[int]string
}

// probeMain is an adapter that writes a probe on the wire; with "stay" it then stays.
func probeMain(args []string) int {
	p := probe{
		PID: os.Getpid(), Parent: os.Getppid(), Group: unix.Getpgrp(), Env: os.Environ(),
		Files: map[int]string{}, Flags: map[int]string{},
	}
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		fd, _ := strconv.Atoi(e.Name())
		target, err := os.Readlink("/proc/self/fd/" + e.Name())
		// The Go runtime opens some of its own; the directory just read is closed.
		own := strings.HasPrefix(target, "anon_inode") || strings.HasPrefix(target, "/sys/fs/cgroup/")
		if err == nil && !own {
			p.Files[fd] = target
			info, _ := os.ReadFile("/proc/self/fdinfo/" + e.Name())
			p.Flags[fd] = string(info)
		}
	}
	if err := json.NewEncoder(os.NewFile(keeper.FDOut, "wire")).Encode(p); err != nil {
		return proc.LastWords(1, "probe", err)
	}
	for len(args) > 0 {
		time.Sleep(time.Hour)
	}
	return 0
}

func TestAdapterStartsClean(t *testing.T) {
	// A descriptor that a careless program leaks to all it starts.
	var leak [2]int
	if err := unix.Pipe(leak[:]); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(leak[0])
	defer unix.Close(leak[1])
	r := keep(t, remote.Options{Command: proctest.Self(t, "probe"), Env: []string{"A=1", "MPCHECK_IN=99", "GORACE=atexit_sleep_ms=0"}})
	var p probe
	if err := json.NewDecoder(r.Out()).Decode(&p); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	if p.Group != p.PID {
		t.Errorf("process group %d, want one of its own, %d", p.Group, p.PID)
	}
	for _, want := range []string{"A=1", "MPCHECK_IN=3", "MPCHECK_OUT=4"} {
		if !slices.Contains(p.Env, want) {
			t.Errorf("environment %q lacks %s", p.Env, want)
		}
	}
	if slices.ContainsFunc(p.Env, func(e string) bool { return strings.HasPrefix(e, keeper.EnvLifeline) }) {
		t.Errorf("environment %q tells of the lifeline", p.Env)
	}
	for fd, target := range p.Files {
		if fd > keeper.FDOut {
			t.Errorf("inherited descriptor %d, %s", fd, target)
		}
	}
	if !strings.HasPrefix(filepath.Base(filepath.Dir(p.Files[0])), "mpcheck-") || filepath.Base(p.Files[0]) != "input" {
		t.Errorf("stdin is %s, want the file of the harness", p.Files[0])
	}
	for fd := 1; fd <= keeper.FDOut; fd++ {
		_, flags, _ := strings.Cut(p.Flags[fd], "flags:")
		bits, err := strconv.ParseInt(strings.Fields(flags + " ?")[0], 8, 64)
		if err != nil || bits&unix.O_NONBLOCK != 0 {
			t.Errorf("descriptor %d, %s: flags %o, %v; want it blocking", fd, p.Files[fd], bits, err)
		}
	}
}

// oddMain becomes a harness with signals ignored and blocked, as a careless parent leaves
// them; with the only argument "cat" it becomes a program that shows them.
func oddMain(args []string) int {
	signal.Ignore(unix.SIGCHLD, unix.SIGPIPE, unix.SIGHUP, unix.SIGINT, unix.SIGTSTP, unix.SIGCONT)
	for _, sig := range []int{33, 40} { // beyond what signal.Ignore takes, or Go handles
		if err := proc.WriteAction(sig, proc.Sigaction{Handler: proc.SigIgnore}); err != nil {
			return proc.LastWords(1, "odd", err)
		}
	}
	runtime.LockOSThread()
	var set unix.Sigset_t
	set.Val[0] = 1<<(unix.SIGUSR1-1) | 1<<(unix.SIGTERM-1) | 1<<(unix.SIGCHLD-1) | 1<<(40-1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil); err != nil {
		return proc.LastWords(1, "odd", err)
	}
	if len(args) == 1 {
		return proc.LastWords(1, "odd", unix.Exec("/bin/cat", []string{"cat", "/proc/self/status"}, os.Environ()))
	}
	return proc.LastWords(1, "odd", unix.Exec("/proc/self/exe", append([]string{os.Args[0]}, args...), os.Environ()))
}

func TestAdapterHasDefaultSignals(t *testing.T) {
	// That the parent is odd indeed, a child shows that no keeper is in between.
	odd, out := startHarness(t, "odd", "cat")
	status, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_ = odd.Wait()
	for name, want := range map[string]uint64{"SigBlk": 0x8000014200, "SigIgn": 0x81000b1003} {
		// Whoever started the test may ignore and block further signals.
		_, rest, _ := strings.Cut(string(status), name+":\t")
		text, _, _ := strings.Cut(rest, "\n")
		if mask, err := strconv.ParseUint(text, 16, 64); err != nil || mask&want != want {
			t.Errorf("the parent's %s is %q, want %x in it", name, text, want)
		}
	}
	harness, out := startHarness(t, "odd", "harness", "cat", "/proc/self/status")
	status, err = io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := harness.Wait(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range strings.Split(string(status), "\n") {
		name, value, _ := strings.Cut(line, ":")
		if slices.Contains([]string{"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"}, name) {
			seen++
			if strings.Trim(value, "\t 0") != "" {
				t.Errorf("the adapter has %s", line)
			}
		}
	}
	if seen != 5 {
		t.Errorf("no signals in %s", status)
	}
}

func TestKeeperExitStatus(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(garbage, []byte("\x00\x01garbage"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		command []string
		want    int
		wrote   string
	}{
		{[]string{"sh", "-c", "exit 0"}, 0, ""},
		{[]string{"sh", "-c", "exit 7"}, 7, ""},
		{[]string{"sh", "-c", "kill -9 $$"}, 137, ""},
		{[]string{"sh", "-c", "echo two words >&2; exit 200"}, 200, "two words"},
		{[]string{"no-such-command"}, 127, "no-such-command"},
		{[]string{"/no/such/command"}, 127, "/no/such/command"},
		{[]string{"/"}, 126, "starting the adapter"},
		{[]string{garbage}, 126, "exec format error"},
	} {
		code, wrote := runKeeper(t, c.command...)
		if code != c.want || !strings.Contains(wrote, c.wrote) {
			t.Errorf("%q: exit status %d, want %d; it wrote %q, want %q", c.command, code, c.want, wrote, c.wrote)
		}
	}
}

// runKeeper calls the keeper itself, without what the harness checks before, until it ends.
func runKeeper(t *testing.T, command ...string) (code int, wrote string) {
	t.Helper()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	lifeline, held, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer lifeline.Close()
	defer held.Close()
	words := proctest.Self(t, append([]string{"keeper", "--"}, command...)...)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.ExtraFiles = []*os.File{null, null, lifeline} // keeper.FDIn, FDOut, FDLifeline
	cmd.Env = append(os.Environ(), fmt.Sprint(keeper.EnvLifeline, "=", keeper.FDLifeline))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}
