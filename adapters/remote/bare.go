package remote

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// launchBare starts the command itself, without a keeper: the wire is on its stdin and stdout, and
// what it starts is on its own.
func launchBare(opts Options) (*running, error) {
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
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "MPCHECK_IN=0", "MPCHECK_OUT=1")
	err = cmd.Start()
	_, _ = inR.Close(), outW.Close()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", opts.Command[0], err), inW.Close(), outR.Close())
	}
	r.cut = sync.OnceFunc(func() { _ = cmd.Process.Kill() })
	r.abandon = r.cut
	go r.wait(cmd)
	return r, nil
}
