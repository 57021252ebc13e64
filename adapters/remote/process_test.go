//go:build linux

package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
)

// serveMain is an adapter for tests of its process, not of its semantics.
func serveMain(args []string) int {
	adapter := &toy{version: "1"}
	if len(args) > 0 {
		// The file tells who was there before: this one is another version.
		before, _ := os.ReadFile(args[0])
		adapter.version = strconv.Itoa(1 + len(before))
		if err := os.WriteFile(args[0], append(before, '.'), 0o600); err != nil {
			return lastWords(1, "serve", err)
		}
	}
	in, _ := strconv.Atoi(os.Getenv(envIn))
	out, _ := strconv.Atoi(os.Getenv(envOut))
	err := wire.Serve(context.Background(), adapter, os.NewFile(uintptr(in), "in"), os.NewFile(uintptr(out), "out"))
	if err != nil {
		return lastWords(1, "serve", err)
	}
	return 0
}

// toy is the served adapter; it is its own system and frame.
type toy struct {
	version string
	aborted chan struct{}
	abort   func()
	left    spec.Leftover
}

func (a *toy) Handshake() spec.Handshake {
	return spec.Handshake{
		Contract: spec.ContractVersion, Name: "toy", Version: a.version, Clock: spec.Real, PID: os.Getpid(),
		Operations: map[string]spec.Claim{
			"process-id": spec.Native, "signal-error": spec.Native, "gate-wait": spec.Native,
			"cell-set": spec.Native, "run-shell-command": spec.Native,
		},
	}
}

func (a *toy) Open(context.Context, spec.SystemConfig) (spec.System, error) {
	s := &toy{version: a.version, aborted: make(chan struct{})}
	s.abort = sync.OnceFunc(func() { close(s.aborted) })
	return toySystem{s}, nil
}

func (a *toy) Close() error { return nil }

type toySystem struct{ *toy }

func (s toySystem) Register(spec.Func) spec.Callback     { return 1 }
func (s toySystem) Run(test func(spec.Frame)) error      { test(s); return nil }
func (s toySystem) Abort()                               { s.abort() }
func (s toySystem) Close() (left spec.Leftover, e error) { return s.left, nil }

func (s toySystem) Do(call spec.Call) spec.Return {
	switch call.Op {
	case "process-id":
		return spec.Values(spec.Int(os.Getpid()))
	case "gate-wait": // waits for ever
		<-s.aborted
		return spec.Return{Status: spec.Aborted}
	case "cell-set": // makes its close unclean
		s.left.Unclean = true
	case "signal-error": // crashes
		fmt.Fprintln(os.Stderr, "about to crash")
		os.Exit(3)
	case "run-shell-command":
		cmd := exec.Command("/bin/sh", "-c", string(call.Arg(0).(spec.String)))
		if err := cmd.Start(); err != nil {
			return spec.Signal("error", "%v", err)
		}
		return spec.Values(spec.Int(cmd.Process.Pid))
	}
	return spec.Values()
}

func start(t *testing.T, opts Options) *Process {
	t.Helper()
	p, err := Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// run runs test in a system of its own.
func run(t *testing.T, a spec.Adapter, cfg spec.SystemConfig, test func(do func(op string, args ...any) spec.Return)) (spec.Leftover, error) {
	t.Helper()
	sys, err := a.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	err = sys.Run(func(f spec.Frame) {
		test(func(op string, args ...any) spec.Return { return f.Do(spec.NewCall(op, nil, args...)) })
	})
	left, closeErr := sys.Close()
	if closeErr != nil {
		t.Error(closeErr)
	}
	return left, err
}

// serverPID runs a system only to see which process serves it.
func serverPID(t *testing.T, a spec.Adapter) int {
	t.Helper()
	var pid spec.Value
	_, err := run(t, a, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) { pid = do("process-id", 0).Primary() })
	n, ok := pid.(spec.Int)
	if err != nil || !ok {
		t.Fatalf("process-id: %v, %v", pid, err)
	}
	return int(n)
}

func TestProcessServesSystems(t *testing.T) {
	for _, stdio := range []bool{false, true} {
		p := start(t, Options{Command: self(t, "serve"), Stdio: stdio})
		if h := p.Handshake(); h.Name != "toy" || !p.Healthy() {
			t.Errorf("stdio %v: %+v, healthy %v", stdio, h, p.Healthy())
		}
		pid := serverPID(t, p)
		if pid != p.Handshake().PID || serverPID(t, p) != pid {
			t.Errorf("stdio %v: systems are served by process %d and others", stdio, pid)
		}
		if err := p.Close(); err != nil || p.Healthy() {
			t.Errorf("stdio %v: close: %v, healthy %v", stdio, err, p.Healthy())
		}
		allAbsent(t, []int{pid})
		if _, err := p.Open(t.Context(), spec.SystemConfig{}); err == nil {
			t.Errorf("stdio %v: opened a system after Close", stdio)
		}
	}
}

func TestProcessServesHelperChildren(t *testing.T) {
	p := start(t, Options{Command: self(t, "serve")})
	var pid, ready, state spec.Return
	left, err := run(t, p, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) {
		prepared := do("child-prepare")
		pid = do("run-shell-command", prepared.Nth(1))
		ready = do("child-await", prepared.Primary(), spec.Keyword("ready"))
		state = do("pid-state", pid.Primary())
	})
	if err != nil || left.Children != 1 || left.Unclean {
		t.Errorf("%v, left over: %+v; want one child", err, left)
	}
	adapter := p.Handshake().PID
	if want := fmt.Sprintf(":alive, %d, %d", adapter, adapter); ready.String() != pid.String() || state.String() != want {
		t.Errorf("the child %v is ready as %v, %v; want %s", pid, ready, state, want)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	allAbsent(t, []int{adapter, int(pid.Primary().(spec.Int))})
}

func TestStartErrors(t *testing.T) {
	never := Options{HelloTimeout: 50 * time.Millisecond, Command: []string{"sh", "-c", "echo not yet; exec sleep 1000"}}
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		opts Options
		want []string
	}{
		{Options{}, []string{"no command was given"}},
		{Options{Command: []string{"no-such-command", "x"}}, []string{"starting the adapter no-such-command x", "executable file not found"}},
		{Options{Command: []string{"/no/such/command"}}, []string{"starting the adapter /no/such/command", "no such file"}},
		{Options{Command: []string{"true"}, Stdio: true, Stdin: file}, []string{"can't be files"}},
		{Options{Command: []string{"sh", "-c", "echo boom >&2; exit 3"}}, []string{"greeting", "exit status 3", "    boom"}},
		{Options{Command: []string{"sh", "-c", "kill -11 $$"}}, []string{"signal 11 (segmentation fault)"}},
		{Options{Command: []string{"sh", "-c", "echo nonsense >&$MPCHECK_OUT; exec sleep 1000"}}, []string{"nonsense"}},
		{never, []string{"hello within 50ms", "the last it wrote:\n    not yet"}},
	} {
		p, err := Start(t.Context(), c.opts)
		if err == nil {
			_ = p.Close()
		}
		if err := containsAll(err, c.want...); err != nil {
			t.Errorf("%q: %v", c.opts.Command, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{Command: never.Command}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

func TestCrashSaysHowItEnded(t *testing.T) {
	p := start(t, Options{Command: self(t, "serve")})
	var ret spec.Return
	left, err := run(t, p, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) { ret = do("signal-error", "") })
	var broken *spec.Broken
	if !errors.As(err, &broken) || ret.Status != spec.Aborted || !left.Unclean {
		t.Errorf("%v, %v, %+v", err, ret, left)
	}
	if err := containsAll(err, "exit status 3", "    about to crash"); err != nil {
		t.Error(err)
	}
	if p.Healthy() {
		t.Error("healthy after a crash")
	}
}

func TestProcessUsesGivenFiles(t *testing.T) {
	dir := t.TempDir()
	var files [3]*os.File
	for i := range files {
		f, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(i)), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[i] = f
	}
	if _, err := files[0].WriteAt([]byte("text"), 0); err != nil {
		t.Fatal(err)
	}
	r := mustLaunch(t, Options{Command: []string{"sh", "-c", "cat; echo error >&2"}, Stdin: files[0], Stdout: files[1], Stderr: files[2]})
	<-r.done
	for i, want := range []string{"text", "text", "error\n"} {
		if got, err := os.ReadFile(files[i].Name()); err != nil || string(got) != want {
			t.Errorf("file %d holds %q, %v; want %q", i, got, err, want)
		}
	}
}

func newPool(t *testing.T, args ...string) *Pool {
	t.Helper()
	pool, err := NewPool(t.Context(), Options{Command: self(t, append([]string{"serve"}, args...)...), PingTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return pool
}

func TestPoolReplacesWhatBroke(t *testing.T) {
	pool := newPool(t)
	first := serverPID(t, pool)
	if pool.Handshake().PID != first || serverPID(t, pool) != first {
		t.Errorf("a process was replaced without need")
	}
	served := []int{first}
	for _, c := range []struct {
		name, op string
		cfg      spec.SystemConfig
		want     func(err error, left spec.Leftover) bool
	}{
		{"a crash", "signal-error", spec.SystemConfig{}, func(err error, _ spec.Leftover) bool {
			var broken *spec.Broken
			return errors.As(err, &broken)
		}},
		{"an unclean close", "cell-set", spec.SystemConfig{}, func(err error, left spec.Leftover) bool { return err == nil && left.Unclean }},
		{"a stuck operation", "gate-wait", spec.SystemConfig{Watchdog: 20 * time.Millisecond}, func(err error, _ spec.Leftover) bool {
			var stuck *spec.Stuck
			return errors.As(err, &stuck)
		}},
	} {
		left, err := run(t, pool, c.cfg, func(do func(string, ...any) spec.Return) { do(c.op, "") })
		if !c.want(err, left) {
			t.Errorf("%s: %v, %+v", c.name, err, left)
		}
		next := serverPID(t, pool)
		if next == served[len(served)-1] || serverPID(t, pool) != next {
			t.Errorf("after %s process %d serves, before %v", c.name, next, served)
		}
		served = append(served, next)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	allAbsent(t, served)
	if _, err := pool.Open(t.Context(), spec.SystemConfig{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("opening a system of a closed pool: %v", err)
	}
}

// A crash while no case ran is nobody's else to report.
func TestPoolTellsOfIdleCrashOnce(t *testing.T) {
	pool := newPool(t)
	first := serverPID(t, pool)
	if err := unix.Kill(first, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-pool.current.running.done
	_, err := pool.Open(t.Context(), spec.SystemConfig{})
	if err := containsAll(err, "signal 9 (killed)"); err != nil {
		t.Error(err)
	}
	if next := serverPID(t, pool); next == first {
		t.Errorf("process %d still serves", next)
	}
}

func TestPoolRefusesAnotherHandshake(t *testing.T) {
	pool := newPool(t, filepath.Join(t.TempDir(), "count"))
	run(t, pool, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) { do("signal-error", "") })
	_, err := pool.Open(t.Context(), spec.SystemConfig{})
	if err := containsAll(err, "shook hands differently", `"version":"1"`, `"version":"2"`); err != nil {
		t.Error(err)
	}
}
