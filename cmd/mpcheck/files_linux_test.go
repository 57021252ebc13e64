package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// stuckRun starts a run that goes on until it is told to end: on always-true the first case
// waits for a process that never begins.
func stuckRun(t *testing.T, mark string, more ...string) *exec.Cmd {
	t.Helper()
	cmd := harness(t, mark, append([]string{"run", "--adapter", "always-true"}, more...)...)
	until(t, "the run starts its adapters", func() bool { return len(marked(mark)) >= 3 })
	return cmd
}

// tells runs a command to its end and returns its exit code and what it wrote to standard error.
func tells(t *testing.T, mark string, args ...string) (string, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "mpcheck"
	cmd.Env = append(os.Environ(), mark)
	var said bytes.Buffer
	cmd.Stderr = &said
	return exitCode(cmd.Run()), said.String()
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Whatever signal ends a run, no temporary file stays; those that ask for an end get the report.
func TestSignalsLeaveNoTemporaryFile(t *testing.T) {
	for _, c := range []struct {
		name    string
		signals []syscall.Signal
		report  bool
	}{
		{"HUP", []syscall.Signal{syscall.SIGHUP}, true},
		{"TERM", []syscall.Signal{syscall.SIGTERM}, true},
		{"QUIT", []syscall.Signal{syscall.SIGQUIT}, false},
		{"INT twice", []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.signals[0] == syscall.SIGHUP && signal.Ignored(syscall.SIGHUP) {
				t.Skip("SIGHUP is ignored here, as by nohup, and stays so")
			}
			dir := t.TempDir()
			mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-%s", os.Getpid(), c.name)
			report := filepath.Join(dir, "out.json")
			cmd := stuckRun(t, mark, "--json", report, "--junit", filepath.Join(dir, "out.xml"))
			for _, sig := range c.signals {
				if err := cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
			}
			err := cmd.Wait()
			until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
			left := names(t, dir)
			if !c.report {
				if err == nil || slices.ContainsFunc(left, func(n string) bool { return strings.HasPrefix(n, ".") }) {
					t.Errorf("it left %v and ended with %v", left, err)
				}
				return
			}
			if code := exitCode(err); code != "130" {
				t.Errorf("it exits with %s, want 130", code)
			}
			if !slices.Equal(left, []string{"out.json", "out.xml"}) {
				t.Errorf("it left %v", left)
			}
			if data, err := os.ReadFile(report); err != nil || !bytes.Contains(data, []byte(`"partial": true`)) {
				t.Errorf("the report is not marked partial: %v %.200s", err, data)
			}
		})
	}
}

// Two runs that would write the same files: the second says so, and harms nothing.
func TestTwoRunsOneFile(t *testing.T) {
	dir := t.TempDir()
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-two", os.Getpid())
	report, traces := filepath.Join(dir, "out.json"), filepath.Join(dir, "traces")
	link := filepath.Join(dir, "link.json")
	if err := os.Symlink("out.json", link); err != nil {
		t.Fatal(err)
	}
	first := stuckRun(t, mark, "--json", report, "--traces", traces, "--log", traces)
	for _, args := range [][]string{{"--json", link}, {"--junit", report}, {"--traces", traces}, {"--log", traces}} {
		code, said := tells(t, "OTHER=1", append([]string{"run", "--select", "CLEAN-DUP-7"}, args...)...)
		if code != "3" || !strings.Contains(said, "another run is writing there") {
			t.Errorf("a second run with %v exits with %s and says %q", args, code, said)
		}
	}
	if err := first.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(first.Wait()); code != "130" {
		t.Errorf("the first run exits with %s, want 130", code)
	}
	if left := names(t, dir); !slices.Equal(left, []string{"link.json", "out.json", "traces"}) {
		t.Errorf("left: %v", left)
	}
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
	// What a run that was killed leaves behind hinders nobody.
	killed := stuckRun(t, mark, "--json", report, "--traces", traces)
	killed.Process.Kill()
	killed.Wait()
	code, said := tells(t, "OTHER=1", "run", "--adapter", "refimpl", "--schedules", "1", "--select", "CLEAN-DUP-7", "--json", report, "--traces", traces)
	if code != "0" {
		t.Errorf("after a killed run: %s %s", code, said)
	}
	if left := names(t, dir); !slices.Equal(left, []string{"link.json", "out.json", "traces"}) {
		t.Errorf("left: %v", left)
	}
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
}

// A lock that is let go of meanwhile is had; one that isn't is refused in the end.
func TestLockIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	open := func() *os.File {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	held := open()
	if err := lockWithin(held, 1, nil); err != nil {
		t.Fatal(err)
	}
	waited := 0
	if err := lockWithin(open(), 3, func() { waited++ }); err != errLocked || waited != 2 {
		t.Errorf("%v after waiting %d times", err, waited)
	}
	if err := lockWithin(open(), 3, func() { held.Close() }); err != nil {
		t.Error(err)
	}
}

func TestFolderGoneMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-gone", os.Getpid())
	cmd := stuckRun(t, mark, "--json", filepath.Join(dir, "out.json"))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if code := exitCode(cmd.Wait()); code != "3" {
		t.Errorf("a report that could not be written: exit code %s, want 3", code)
	}
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
}

// A named pipe is written to and read from; where nobody is at the other side the first signal ends
// the waiting.
func TestPipes(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for n, args := range [][]string{
		{"run", "--adapter", "refimpl", "--json", pipe},
		{"replay", pipe},
		{"explore", "--program", pipe},
		{"run", "--known", pipe},
		{"run", "--rerun", pipe},
		{"diff", pipe, pipe},
	} {
		mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-pipe-%d", os.Getpid(), n)
		cmd := harness(t, mark, args...)
		until(t, "it waits for the other side of the pipe", func() bool { return opensPipe(cmd.Process.Pid) })
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if code := exitCode(err); code != "130" {
				t.Errorf("%v exits with %s after SIGINT, want 130", args, code)
			}
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
			t.Errorf("%v: SIGINT doesn't end the waiting for a pipe", args)
		}
	}
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-piped", os.Getpid())
	cmd := harness(t, mark, "run", "--adapter", "refimpl", "--schedules", "1", "--select", "CLEAN-DUP-7", "--json", pipe)
	data, err := os.ReadFile(pipe)
	if code := exitCode(cmd.Wait()); code != "0" || err != nil || !bytes.Contains(data, []byte(`"format": 1`)) {
		t.Errorf("through a pipe: exit code %s, %v, %.100s", code, err, data)
	}
}

// opensPipe tells whether a thread of a process is in the kernel, opening a named pipe.
func opensPipe(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/wchan", pid))
	for _, path := range threads {
		if at, err := os.ReadFile(path); err == nil && (string(at) == "wait_for_partner" || string(at) == "fifo_open") {
			return true
		}
	}
	return false
}
