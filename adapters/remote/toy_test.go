//go:build linux

package remote

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// serveMain is an adapter for tests of its process, not of its semantics.
func serveMain(args []string) int {
	adapter := &toy{version: "1"}
	if len(args) > 0 {
		// The file tells who was there before: this one is another version.
		before, _ := os.ReadFile(args[0])
		adapter.version = strconv.Itoa(1 + len(before))
		if err := os.WriteFile(args[0], append(before, '.'), 0o600); err != nil {
			return proc.LastWords(1, "serve", err)
		}
	}
	in, _ := strconv.Atoi(os.Getenv(keeper.EnvIn))
	out, _ := strconv.Atoi(os.Getenv(keeper.EnvOut))
	err := wire.Serve(context.Background(), adapter, os.NewFile(uintptr(in), "in"), os.NewFile(uintptr(out), "out"))
	if err != nil {
		return proc.LastWords(1, "serve", err)
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
			"cell-set": spec.Native, "cell-get": spec.Native, "run-shell-command": spec.Native,
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
	case "cell-get": // runs a command to its end
		cmd := exec.Command("/bin/sh", "-c", string(call.Arg(0).(spec.String)))
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return spec.Signal("error", "%v", err)
		}
	case "run-shell-command":
		cmd := exec.Command("/bin/sh", "-c", string(call.Arg(0).(spec.String)))
		if err := cmd.Start(); err != nil {
			return spec.Signal("error", "%v", err)
		}
		return spec.Values(spec.Int(cmd.Process.Pid))
	}
	return spec.Values()
}
