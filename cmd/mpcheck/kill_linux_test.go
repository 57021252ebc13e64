package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// marked lists the processes, zombies apart, whose environment carries the mark.
func marked(mark string) []int {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	entries, _ := proc.Readdirnames(-1)
	var pids []int
	for _, name := range entries {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if env, err := os.ReadFile("/proc/" + name + "/environ"); err == nil && bytes.Contains(env, []byte(mark)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// until polls a condition of the operating system, which tells nobody when it changes: closely at first,
// so that moments are met, then less, because a look at all processes takes some milliseconds itself.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline, wait := time.Now().Add(30*time.Second), time.Millisecond
	for looks := 0; !holds(); looks++ {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
		if looks > 50 {
			wait = min(2*wait, 50*time.Millisecond)
		}
		time.Sleep(wait)
	}
}

func harness(t *testing.T, mark string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "mpcheck" // by which testscript.Main knows the part to play
	cmd.Env = append(os.Environ(), mark)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Killing the harness at whatever moment of a run leaves no process: adapter, keeper,
// helper children and what the adapter hid in other sessions.
func TestKilledHarnessLeavesNothing(t *testing.T) {
	t.Parallel()
	for n := range 12 {
		mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-%d", os.Getpid(), n)
		cmd := harness(t, mark, "run")
		// Kill at a different number of processes, and of further looks at them, each time.
		until(t, "the run starts its processes", func() bool { return len(marked(mark)) >= 2+n%4 })
		for range n {
			marked(mark)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		until(t, fmt.Sprintf("all processes end after the harness was killed; %v are left", marked(mark)), func() bool { return len(marked(mark)) == 0 })
	}
}

func TestKilledHarnessLeavesNothingOfAnAdapterThatHides(t *testing.T) {
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-hiding", os.Getpid())
	cmd := harness(t, mark, "run", "--", "sh", "-c", "setsid sh -c 'trap \"\" TERM HUP; sleep 1000' & sleep 1000 & wait")
	until(t, "the adapter hides its children", func() bool { return len(marked(mark)) >= 6 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
}

func TestInterruptWritesThePartialReport(t *testing.T) {
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-interrupt", os.Getpid())
	dir := t.TempDir()
	report, junit := filepath.Join(dir, "out.json"), filepath.Join(dir, "out.xml")
	// On always-true the first case waits for a process that never begins.
	cmd := harness(t, mark, "run", "--adapter", "always-true", "--json", report, "--junit", junit)
	until(t, "the run starts its adapters", func() bool { return len(marked(mark)) >= 3 })
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(cmd.Wait()); code != "130" {
		t.Errorf("an interrupted run exits with %s, want 130", code)
	}
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
	for file, mark := range map[string]string{report: `"partial": true`, junit: `type="partial"`} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, []byte(mark)) {
			t.Errorf("%s of an interrupted run is not marked partial: %.300s", filepath.Base(file), data)
		}
	}
}
