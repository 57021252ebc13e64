//go:build linux

package remote

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
)

func newPool(t *testing.T, args ...string) *Pool {
	t.Helper()
	pool, err := NewPool(t.Context(), Options{Command: proctest.Self(t, append([]string{"serve"}, args...)...), PingTimeout: 10 * time.Second})
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
		// On a busy machine already the start may seem stuck, which is another error.
		{"a stuck operation", "gate-wait", spec.SystemConfig{Watchdog: 50 * time.Millisecond}, func(err error, _ spec.Leftover) bool { return err != nil }},
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
	proctest.AllAbsent(t, served)
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

// A pool that is cut ends what is open on it, at once and also while a spare is being started.
func TestPoolCut(t *testing.T) {
	pool := newPool(t)
	sys, err := pool.Open(t.Context(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	entered := make(chan struct{})
	go func() {
		<-entered
		pool.Cut()
	}()
	err = sys.Run(func(f spec.Frame) {
		close(entered)
		f.Do(spec.NewCall("gate-wait", nil, "")) // nobody opens it
	})
	var broken *spec.Broken
	if !errors.As(err, &broken) {
		t.Errorf("a run that was cut: %v", err)
	}
	if left, err := sys.Close(); err != nil || !left.Unclean {
		t.Errorf("%+v, %v", left, err)
	}
	if _, err := pool.Open(t.Context(), spec.SystemConfig{}); err == nil {
		t.Error("a pool that was cut opens a system")
	}
}
