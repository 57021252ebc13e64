//go:build !linux

package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Keeping a tree of processes on a lead needs a child subreaper, and helper children need
// /proc: both are Linux's. Elsewhere an adapter is started without, over stdin and stdout,
// and the operations that need helper children are absent.

const (
	exitUsage  = 2
	exitKeeper = 125
)

// KeeperMain is the command mpcheck keeper; only Linux has what it needs.
func KeeperMain([]string) int { return lastWords(exitUsage, "keeper", linuxOnly()) }

// ChildMain is the command mpcheck child; only Linux has what it needs.
func ChildMain([]string) int { return lastWords(exitUsage, "child", linuxOnly()) }

func linuxOnly() error {
	return fmt.Errorf("this is Linux only, and runs on %s: run mpcheck on Linux, in a container for example", runtime.GOOS)
}

// Control executes the operations of helper children, of which there are none here.
type Control struct{}

// NewControl returns a Control for which every operation is absent.
func NewControl() (*Control, error) { return &Control{}, nil }

// SetLimit does nothing.
func (*Control) SetLimit(time.Duration) {}

// Do answers that the operation is absent.
func (*Control) Do(context.Context, string, spec.Call) spec.Return {
	return spec.Return{Status: spec.Absent}
}

// EndSystem does nothing.
func (*Control) EndSystem(string) int { return 0 }

// Close does nothing.
func (*Control) Close() error { return nil }

// AdoptOrphans does nothing: only Linux has what it needs.
func AdoptOrphans() error { return nil }

// EndOrphans does nothing.
func EndOrphans() (int, error) { return 0, nil }

// launch starts the command itself. What the command starts is on its own.
func launch(opts Options, _ *Control) (*running, error) {
	if !opts.Stdio {
		return nil, errors.New("the wire needs stdin and stdout on " + runtime.GOOS + ": use --wire stdio")
	}
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making pipes: %w", err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making pipes: %w", err), inR.Close(), inW.Close())
	}
	r := &running{in: inW, out: outR, tail: &tail{}, done: make(chan struct{})}
	cmd := exec.Command(opts.Command[0], opts.Command[1:]...)
	setOutput(cmd, opts, r.tail)
	cmd.Stdin, cmd.Stdout = inR, outW
	cmd.Env = opts.Env
	err = cmd.Start()
	_, _ = inR.Close(), outW.Close()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", opts.Command[0], err), inW.Close(), outR.Close())
	}
	r.cut = func() { _ = cmd.Process.Kill() }
	r.abandon = r.cut
	go r.wait(cmd)
	return r, nil
}

func descends(int, int) (bool, error) { return true, nil }

func endText(state *os.ProcessState) string { return state.String() }
