package remote

import (
	"os/exec"
	"time"
)

// setOutput hands down the standard descriptors that the harness chose, and captures the
// outputs that it didn't.
func setOutput(cmd *exec.Cmd, opts Options, captured *tail) {
	// A nil *os.File in an interface would not be nil.
	if opts.Stdin != nil {
		cmd.Stdin = opts.Stdin
	}
	cmd.Stdout, cmd.Stderr = captured, captured
	if opts.Stdout != nil {
		cmd.Stdout = opts.Stdout
	}
	if opts.Stderr != nil {
		cmd.Stderr = opts.Stderr
	}
	cmd.WaitDelay = outputDelay
}

// outputDelay is how long output is waited for that someone holds open after the end.
const outputDelay = time.Second

// wait waits for the end of the command and of its captured output.
func (r *running) wait(cmd *exec.Cmd) {
	_ = cmd.Wait() // the state says more
	r.state = cmd.ProcessState
	r.cut()
	close(r.done)
}
