//go:build linux

package child

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
)

func TestChildExits(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ code, status int }{{0, 0}, {7, 7}, {255, 255}, {300, 44}, {-1, 255}} {
		k := b.kid()
		k.tell("t", "exit", c.code)
		k.await(":zombie", "zombie")
		k.await(":zombie", "ended")
		b.want(fmt.Sprintf(":zombie, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", k.pid())
		if got := k.end(); got.ExitStatus() != c.status {
			t.Errorf("exit %d: status %d, want %d", c.code, got.ExitStatus(), c.status)
		}
		k.await(":absent", "absent")
		k.await(":absent", "ended")
		k.await(":absent", "zombie")  // too late, and says so
		k.await(":absent", "stopped") // likewise
		k.await(":absent", "signal")  // likewise
		b.want(":absent, nil, nil", "pid-state", k.pid())
		b.wantError("child-error", "has ended", "child-tell", k.ref, spec.Keyword("own-group"))
	}
}

func TestChildDies(t *testing.T) {
	b := newBench(t)
	for _, sig := range []syscall.Signal{1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 15, 27, 31, 64} {
		k := b.kid()
		k.tell("t", "die", int(sig))
		k.await(":zombie", "ended")
		if got := k.end(); got.Signal() != sig || got.CoreDump() {
			t.Errorf("die %d: %x", sig, got)
		}
	}
	k := b.kid()
	b.wantError("child-error", "there is no signal 65", "child-tell", k.ref, spec.Keyword("die"), 65)
	// A signal that ends nobody leaves it as it was.
	k.tell("t", "die", int(unix.SIGCHLD))
	k.tell("t", "report-signals")
	k.tell("t", "die", int(unix.SIGTERM))
	if got := k.end(); got.Signal() != unix.SIGTERM {
		t.Errorf("die 15 with signals caught: %x", got)
	}
}

// A signal that the parent left blocked ends the child all the same.
func TestChildDiesOfBlockedSignal(t *testing.T) {
	b := newBench(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var set, old unix.Sigset_t
	set.Val[0] = 1 << (unix.SIGUSR1 - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, &old); err != nil {
		t.Fatal(err)
	}
	k := b.kid(noShell)
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", k.pid()))
	if err != nil || !strings.Contains(string(status), "SigBlk:\t0000000000000200") {
		t.Errorf("SIGUSR1 isn't blocked in the child: %v, %s", err, status)
	}
	k.tell("t", "die", int(unix.SIGUSR1))
	if got := k.end(); got.Signal() != unix.SIGUSR1 {
		t.Errorf("die 10: %x", got)
	}
}

// A signal from outside acts on a helper child as on any program.
func TestChildHasDefaultSignals(t *testing.T) {
	b := newBench(t)
	for _, sig := range []syscall.Signal{unix.SIGQUIT, unix.SIGUSR1, unix.SIGSEGV, unix.SIGPROF, unix.SIGALRM} {
		k := b.kid()
		k.tell("t", "kill", int(sig))
		if got := k.end(); got.Signal() != sig {
			t.Errorf("killed by %d: %x", sig, got)
		}
	}
}

func TestChildStops(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "stop")
	k.await(":stopped", "stopped")
	b.want(fmt.Sprintf(":stopped, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", k.pid())
	// It can't answer now; its late answer isn't taken for that to the next command.
	b.control.SetLimit(1)
	b.wantError("timeout", "is process", "child-tell", k.ref, spec.Keyword("report-signals"))
	b.wantError("timeout", "stopped", "child-await", k.ref, spec.Keyword("ended"))
	b.control.SetLimit(spec.DefaultWatchdog)
	k.tell("t", "kill", int(unix.SIGCONT))
	k.tell(fmt.Sprint(k.pid()), "own-group")
	k.tell("t", "exit", 0)
	k.end()
}

func TestChildJoinsGroups(t *testing.T) {
	b := newBench(t)
	leader, other := b.kid(), b.kid()
	b.want(fmt.Sprintf(":alive, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", leader.pid())
	group := fmt.Sprint(leader.pid())
	leader.tell(group, "own-group")
	other.tell(group, "join-group", leader.pid())
	b.want(":alive, "+group+", "+fmt.Sprint(os.Getpid()), "pid-state", other.pid())
	b.wantError("child-error", "setpgid(0, 1)", "child-tell", other.ref, spec.Keyword("join-group"), 1)
}

func TestChildTellsHowItWasStarted(t *testing.T) {
	b := newBench(t)
	k := b.kid(func(cmd *exec.Cmd) {
		// Twice the same name, which Go would drop, and what the child's own runtime uses.
		cmd.Env = []string{"PATH=/bin:/usr/bin", "PWD=/", "A=one two", "GODEBUG=x=1", "EMPTY="}
	}, noShell)
	k.tell(`("PATH=/bin:/usr/bin" "PWD=/" "A=one two" "GODEBUG=x=1" "EMPTY=")`, "environ")
	k.tell("nil", "argv") // the harness's own are nobody's
}

func TestChildWithoutEnvironment(t *testing.T) {
	b := newBench(t)
	ref, command := b.prepare()
	k := &kid{ref: ref, b: b, cmd: &exec.Cmd{Path: b.control.self, Args: strings.Fields(command)[1:]}}
	pid, err := syscall.ForkExec(k.cmd.Path, k.cmd.Args, &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	b.want(fmt.Sprint(pid), "child-await", ref, spec.Keyword("ready"))
	k.tell("nil", "environ")
	k.tell("t", "exit", 1)
	proctest.Collect(t, pid)
}

func TestChildReportsSignals(t *testing.T) {
	b := newBench(t)
	k, silent := b.kid(), b.kid()
	k.tell("t", "report-signals")
	silent.tell("t", "report-signals")
	for sig := 1; sig <= proc.LastSignal; sig++ {
		switch syscall.Signal(sig) {
		case unix.SIGKILL, unix.SIGSTOP, unix.SIGPROF, 32, 33, 34:
			continue
		}
		if err := unix.Kill(k.pid(), syscall.Signal(sig)); err != nil {
			t.Fatal(err)
		}
		k.await(fmt.Sprint(sig), "signal")
	}
	for _, k := range []*kid{k, silent} {
		k.tell("t", "exit", 0)
		k.await(":zombie", "signal") // no other was reported
		k.end()
	}
}

func TestChildIgnoresSignal(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "ignore", int(unix.SIGTERM))
	k.tell("t", "kill", int(unix.SIGTERM))
	k.tell("t", "echo", "still here")
	b.wantError("child-error", "signal 9", "child-tell", k.ref, spec.Keyword("ignore"), 9)
	k.tell("t", "exit", 0)
	if k.end(); k.stdout.String() != "still here" {
		t.Errorf("output %q", k.stdout.String())
	}
}

func TestChildWrites(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "echo", "one\n")
	k.tell("t", "echo", "two", spec.Keyword("stdout"))
	k.tell("t", "echo", "three", spec.Keyword("stderr"))
	k.tell("t", "flood", 1_000_001)
	k.tell("t", "flood", 70, spec.Keyword("stderr"))
	k.tell("t", "flood", 0)
	k.tell("t", "exit", 0)
	k.end()
	want := "one\ntwo" + strings.Repeat(floodLine, 1_000_001/64) + floodLine[:1_000_001%64]
	if k.stdout.String() != want {
		t.Errorf("%d bytes on stdout, want %d and other ones", k.stdout.Len(), len(want))
	}
	if want := "three" + floodLine + floodLine[:6]; k.stderr.String() != want {
		t.Errorf("stderr %q, want %q", k.stderr.String(), want)
	}
}

// A full pipe keeps a child from nothing but its exit.
func TestChildObeysWhileItFloods(t *testing.T) {
	b := newBench(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	k := b.kid(func(cmd *exec.Cmd) { cmd.Stdout = w })
	w.Close()
	k.tell("t", "flood", 10_000_000)
	k.tell(fmt.Sprint(k.pid()), "own-group")
	k.tell("t", "exit", 0)
	b.want(fmt.Sprintf(":alive, %d, %d", k.pid(), os.Getpid()), "pid-state", k.pid())
	if killed := b.control.EndSystem(b.system); killed != 1 {
		t.Errorf("killed %d children, want 1", killed)
	}
	if got := k.end(); got.Signal() != unix.SIGKILL {
		t.Errorf("ended with %x", got)
	}
}

func TestChildSpawnsGrandchild(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	ret := b.do("child-tell", k.ref, spec.Keyword("spawn-grandchild"))
	grandchild, ok := ret.Primary().(spec.Ref)
	if !ok {
		t.Fatalf("spawn-grandchild: %v", ret)
	}
	pid, ok := b.do("child-await", grandchild, spec.Keyword("ready")).Primary().(spec.Int)
	if !ok {
		t.Fatal("the grandchild isn't ready")
	}
	b.want(fmt.Sprintf(":alive, %d, %d", unix.Getpgrp(), k.pid()), "pid-state", pid)
	b.want("t", "child-tell", grandchild, spec.Keyword("exit"), 5)
	b.want(":zombie", "child-await", grandchild, spec.Keyword("ended")) // its parent reaps nothing
	k.tell("t", "exit", 0)
	k.end()
	if status := proctest.Collect(t, int(pid)); status.ExitStatus() != 5 {
		t.Errorf("the grandchild ended with %x", status)
	}
	b.want(":absent", "child-await", grandchild, spec.Keyword("absent"))
}

func TestChildExitsWhenHarnessHangsUp(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	b.control.mu.Lock()
	h := b.control.helper["child-1"]
	b.control.mu.Unlock()
	if err := h.conn.Close(); err != nil {
		t.Fatal(err)
	}
	if got := k.end(); !got.Exited() || got.ExitStatus() != 0 {
		t.Errorf("ended with %x", got)
	}
}
