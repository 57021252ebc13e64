//go:build linux

package remote

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// treeMain is an adapter that starts a tree of processes in groups and sessions of their
// own, orphans among them. Each writes its process id on the wire. Arguments: "root" or
// "root-exits" and then, below the root, what is left to do.
func treeMain(args []string) int {
	wire := os.NewFile(fdOut, "wire")
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
		_, _ = io.Copy(io.Discard, os.NewFile(fdIn, "wire")) // until it is told
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

func mustLaunch(t *testing.T, opts Options) *running {
	t.Helper()
	control, err := NewControl()
	if err != nil {
		t.Fatal(err)
	}
	r, err := launch(opts, control)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
		r.cut()
		<-r.done
		_ = r.in.Close()
		_ = r.out.Close()
	})
	return r
}

func TestKeeperKillsTreeWhenLifelineCloses(t *testing.T) {
	r := mustLaunch(t, Options{Command: self(t, "tree", "root")})
	pids := readTree(t, r.out)
	r.cut()
	<-r.done
	allAbsent(t, pids)
}

func TestKeeperKillsTreeWhenAdapterExits(t *testing.T) {
	r := mustLaunch(t, Options{Command: self(t, "tree", "root-exits")})
	pids := readTree(t, r.out)
	if err := r.in.Close(); err != nil {
		t.Fatal(err)
	}
	<-r.done
	allAbsent(t, pids)
	if code := r.state.ExitCode(); code != 3 {
		t.Errorf("exit status %d, want the adapter's, 3", code)
	}
}

func TestKeeperKillsTreeWhenTold(t *testing.T) {
	r := mustLaunch(t, Options{Command: self(t, "tree", "root")})
	pids := readTree(t, r.out)
	keeper, err := readStat(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(keeper.parent, unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-r.done
	allAbsent(t, pids)
	if code := r.state.ExitCode(); code != 128+15 {
		t.Errorf("exit status %d, want 143", code)
	}
}

// Nobody clears up after a keeper that is killed, but its adapter goes with it.
func TestAdapterDiesWithItsKeeper(t *testing.T) {
	r := mustLaunch(t, Options{Command: self(t, "probe", "stay")})
	var p probe
	if err := json.NewDecoder(r.out).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(p.Parent, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-r.done
	if status := collect(t, p.PID); !status.Signaled() || status.Signal() != unix.SIGKILL {
		t.Errorf("the adapter ended with %x", status)
	}
	if text := r.exit().Error(); !strings.Contains(text, "keeper was killed by signal 9") {
		t.Error(text)
	}
}

// harnessMain launches a tree and shows the adapter's output. It says how far it is.
func harnessMain(args []string) int {
	fmt.Println("starting")
	self, err := Self()
	if err != nil {
		return lastWords(1, "harness", err)
	}
	// Not by Start, which would wait for a hello.
	opts := Options{Command: append([]string{self}, args...)}
	if args[0] == "cat" {
		opts = Options{Command: args, Stdout: os.Stdout}
	}
	control, err := NewControl()
	if err != nil {
		return lastWords(1, "harness", err)
	}
	r, err := launch(opts, control)
	if err != nil {
		return lastWords(1, "harness", err)
	}
	fmt.Println("started")
	fmt.Println(control.socket)
	_, _ = io.Copy(os.Stdout, r.out)
	<-r.done
	return 0
}

// startHarness starts a harness in a process of its own.
func startHarness(t *testing.T, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	command := self(t, args...)
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
	adapter, err := readStat(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := harness.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = harness.Wait()
	// The keeper is an orphan now, and exits once its tree is empty.
	collect(t, adapter.parent)
	allAbsent(t, pids)
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
		orphans, err := descendants(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		for _, pid := range orphans {
			if stat, err := readStat(pid); err == nil && stat.parent == os.Getpid() {
				collect(t, pid)
			}
		}
		if left, err := descendants(os.Getpid()); err != nil || len(left) > 0 {
			t.Errorf("killed after %q: processes %v are left, %v", wait, left, err)
		}
	}
}

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
	if err := json.NewEncoder(os.NewFile(fdOut, "wire")).Encode(p); err != nil {
		return lastWords(1, "probe", err)
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
	r := mustLaunch(t, Options{Command: self(t, "probe"), Env: []string{"A=1", "MPCHECK_IN=99", "GORACE=atexit_sleep_ms=0"}})
	var p probe
	if err := json.NewDecoder(r.out).Decode(&p); err != nil {
		t.Fatal(err)
	}
	<-r.done
	if p.Group != p.PID {
		t.Errorf("process group %d, want one of its own, %d", p.Group, p.PID)
	}
	for _, want := range []string{"A=1", "MPCHECK_IN=3", "MPCHECK_OUT=4"} {
		if !slices.Contains(p.Env, want) {
			t.Errorf("environment %q lacks %s", p.Env, want)
		}
	}
	if slices.ContainsFunc(p.Env, func(e string) bool { return strings.HasPrefix(e, envLifeline) }) {
		t.Errorf("environment %q tells of the lifeline", p.Env)
	}
	for fd, target := range p.Files {
		if fd > fdOut {
			t.Errorf("inherited descriptor %d, %s", fd, target)
		}
	}
	if p.Files[0] != os.DevNull {
		t.Errorf("stdin is %s", p.Files[0])
	}
	for fd := 1; fd <= fdOut; fd++ {
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
		if err := writeAction(sig, sigaction{handler: sigIgnore}); err != nil {
			return lastWords(1, "odd", err)
		}
	}
	runtime.LockOSThread()
	var set unix.Sigset_t
	set.Val[0] = 1<<(unix.SIGUSR1-1) | 1<<(unix.SIGTERM-1) | 1<<(unix.SIGCHLD-1) | 1<<(40-1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil); err != nil {
		return lastWords(1, "odd", err)
	}
	if len(args) == 1 {
		return lastWords(1, "odd", unix.Exec("/bin/cat", []string{"cat", "/proc/self/status"}, os.Environ()))
	}
	return lastWords(1, "odd", unix.Exec("/proc/self/exe", append([]string{os.Args[0]}, args...), os.Environ()))
}

func TestAdapterHasDefaultSignals(t *testing.T) {
	// That the parent is odd indeed, a child shows that no keeper is in between.
	odd, out := startHarness(t, "odd", "cat")
	status, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_ = odd.Wait()
	for _, want := range []string{"SigBlk:\t0000008000014200", "SigIgn:\t00000081000b1003"} {
		if !strings.Contains(string(status), want) {
			t.Errorf("the parent lacks %s: %s", want, status)
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
		text    string
	}{
		{[]string{"sh", "-c", "exit 0"}, 0, "exit status 0"},
		{[]string{"sh", "-c", "exit 7"}, 7, "exit status 7"},
		{[]string{"sh", "-c", "kill -9 $$"}, 137, "stands for signal 9 (killed)"},
		{[]string{"sh", "-c", "echo two words >&2; exit 200"}, 200, "exit status 200; the last it wrote:\n    two words"},
		{[]string{"no-such-command"}, 127, "no-such-command"},
		{[]string{"/no/such/command"}, 127, "/no/such/command"},
		{[]string{"/"}, 126, "starting the adapter"},
		{[]string{garbage}, 126, "exec format error"},
	} {
		r := mustLaunch(t, Options{Command: c.command})
		<-r.done
		if code := r.state.ExitCode(); code != c.want {
			t.Errorf("%q: exit status %d, want %d", c.command, code, c.want)
		}
		if err := containsAll(r.exit(), c.text); err != nil {
			t.Errorf("%q: %v", c.command, err)
		}
	}
}
