//go:build linux

package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
	"github.com/mpcheck/mpcheck/spec"
)

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
	for _, way := range []Options{{}, {Stdio: true}, {Stdio: true, NoKeeper: true}} {
		stdio := fmt.Sprintf("%v, no keeper %v", way.Stdio, way.NoKeeper)
		way.Command = proctest.Self(t, "serve")
		p := start(t, way)
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
		proctest.AllAbsent(t, []int{pid})
		if _, err := p.Open(t.Context(), spec.SystemConfig{}); err == nil {
			t.Errorf("stdio %v: opened a system after Close", stdio)
		}
	}
}

func TestProcessServesHelperChildren(t *testing.T) {
	p := start(t, Options{Command: proctest.Self(t, "serve")})
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
	proctest.AllAbsent(t, []int{adapter, int(pid.Primary().(spec.Int))})
}

// What an adapter was started with is the harness's to fill, and to look at: exactly what was written by then.
func TestProcessHasStandardFiles(t *testing.T) {
	p := start(t, Options{Command: proctest.Self(t, "serve")})
	_, err := run(t, p, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) {
		is := func(got spec.Return, want string) {
			t.Helper()
			if got.String() != want {
				t.Errorf("got %v, want %s", got, want)
			}
		}
		for _, text := range []string{"one\ntwo\n", "three"} {
			do("standard-file", spec.Keyword("input"), text)
			out, diagnostics := do("standard-file", spec.Keyword("output")).Primary(), do("standard-file", spec.Keyword("error")).Primary()
			do("cell-get", "cat; echo e >&2") // runs it, with the toy's own streams
			is(do("file-text", out), spec.String(text).String())
			is(do("file-text", diagnostics), `"e\n"`)
		}
		much := do("standard-file", spec.Keyword("output")).Primary()
		do("cell-get", "head -c 3000000 /dev/zero")
		if text := do("file-text", much).Primary().(spec.String); len(text) != mostCaptured {
			t.Errorf("%d bytes are kept, want %d", len(text), mostCaptured)
		}
	})
	if err != nil {
		t.Error(err)
	}
	stdio := start(t, Options{Command: proctest.Self(t, "serve"), Stdio: true})
	_, err = run(t, stdio, spec.SystemConfig{}, func(do func(string, ...any) spec.Return) {
		got := do("standard-file", spec.Keyword("output"))
		if got.Status != spec.Signalled || got.Condition.Type != spec.OutOfResources || !strings.Contains(got.Condition.Message, "the wire is there") {
			t.Errorf("the wire as a file: %v", got)
		}
		diagnostics := do("standard-file", spec.Keyword("error")).Primary()
		do("cell-get", "echo e >&2")
		if got := do("file-text", diagnostics); got.String() != `"e\n"` {
			t.Errorf("error output: %v", got)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStartErrors(t *testing.T) {
	never := Options{HelloTimeout: 50 * time.Millisecond, Command: []string{"sleep", "1000"}}
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
		{never, []string{"starting the adapter sleep 1000", "hello within 50ms"}},
	} {
		p, err := Start(t.Context(), c.opts)
		if err == nil {
			_ = p.Close()
		}
		if err := containsAll(err, c.want...); err != nil {
			t.Errorf("%q: %v", c.opts.Command, err)
		}
	}
}

func TestStartGivesUp(t *testing.T) {
	written := filepath.Join(t.TempDir(), "written")
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := Start(ctx, Options{Command: []string{"sh", "-c", `echo not yet; : >"$0"; exec sleep 1000`, written}})
		failed <- err
	}()
	proctest.Eventually(t, "the adapter writes", func() bool { _, err := os.Stat(written); return err == nil })
	cancel()
	err := <-failed
	if !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
	if err := containsAll(err, "it wrote:\n    not yet"); err != nil {
		t.Error(err)
	}
}

func TestCrashSaysHowItEnded(t *testing.T) {
	p := start(t, Options{Command: proctest.Self(t, "serve")})
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

func TestExitSaysHowItEnded(t *testing.T) {
	for _, c := range []struct{ command, want string }{
		{"exit 0", "exit status 0"},
		{"kill -9 $$", "exit status 137, which stands for signal 9 (killed)"},
		{"echo two words >&2; exit 200", "exit status 200; it wrote:\n    two words"},
	} {
		r := startRaw(t, Options{Command: []string{"sh", "-c", c.command}})
		<-r.Done()
		if got := r.Exit().Error(); got != c.want {
			t.Errorf("%s: %s, want %s", c.command, got, c.want)
		}
	}
}

func startRaw(t *testing.T, opts Options) *Raw {
	t.Helper()
	r, err := StartRaw(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.End(0); err != nil {
			t.Error(err)
		}
	})
	return r
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
	r := startRaw(t, Options{Command: []string{"sh", "-c", "cat; echo error >&2"}, Stdin: files[0], Stdout: files[1], Stderr: files[2]})
	<-r.Done()
	for i, want := range []string{"text", "text", "error\n"} {
		if got, err := os.ReadFile(files[i].Name()); err != nil || string(got) != want {
			t.Errorf("file %d holds %q, %v; want %q", i, got, err, want)
		}
	}
}
