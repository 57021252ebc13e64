package remote

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
)

// launch starts the command under a keeper, which will also remove control's socket.
func launch(opts Options, control *Control) (*running, error) {
	if opts.NoKeeper {
		if !opts.Stdio {
			return nil, errors.New("without a keeper the wire needs stdin and stdout")
		}
		return launchBare(opts)
	}
	self, err := proc.Self()
	if err != nil {
		return nil, err
	}
	var files pipes
	inR, inW := files.pipe(writeEnd)
	outR, outW := files.pipe(readEnd)
	lifeR, lifeW := files.pipe(writeEnd)
	if files.err != nil {
		files.close()
		return nil, fmt.Errorf("making pipes: %w", files.err)
	}
	r := &running{in: inW, out: outR, tail: &tail{}, done: make(chan struct{})}
	cmd := exec.Command(self, append([]string{"keeper", "--control", control.Socket(), "--"}, opts.Command...)...)
	in, out := keeper.FDIn, keeper.FDOut
	if opts.Stdio {
		in, out = 0, 1
		opts.Stdin, opts.Stdout = inR, outW
	}
	streams := standardStreams(opts, r.tail, &files, control)
	if files.err != nil {
		files.close()
		return nil, fmt.Errorf("making the standard streams of the adapter: %w", files.err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = streams.adapters[0], streams.adapters[1], streams.adapters[2]
	cmd.ExtraFiles = []*os.File{inR, outW, lifeR} // keeper.FDIn, keeper.FDOut, keeper.FDLifeline
	cmd.Env = opts.Env
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)],
		fmt.Sprint(keeper.EnvIn, "=", in), fmt.Sprint(keeper.EnvOut, "=", out), fmt.Sprint(keeper.EnvLifeline, "=", keeper.FDLifeline))
	// From its first moment a Ctrl-C on the terminal is not for the keeper.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		files.close()
		return nil, fmt.Errorf("starting the keeper %s: %w", self, err)
	}
	for _, theirs := range append(streams.theirs, inR, outW, lifeR) {
		_ = theirs.Close()
	}
	r.pid = cmd.Process.Pid
	r.cut = sync.OnceFunc(func() { _ = lifeW.Close() })
	r.abandon = func() { _ = cmd.Process.Kill() }
	for _, c := range streams.captured {
		go c.pump()
	}
	go func() {
		_ = cmd.Wait() // the state says more
		r.state = cmd.ProcessState
		streams.end()
		r.cut()
		close(r.done)
	}()
	return r, nil
}

// pipes makes pipes and remembers what to close should something fail.
type pipes struct {
	files []*os.File
	err   error
}

// Indices into what pipe2 returns.
const (
	readEnd  = 0
	writeEnd = 1
)

// pipe makes one of which the harness keeps the end ours. Only that one is in non-blocking
// mode, so that closing it wakes whoever reads or writes: the adapter, which inherits the
// other, knows nothing of Go's ways with descriptors.
func (p *pipes) pipe(ours int) (r, w *os.File) {
	var fds [2]int
	err := unix.Pipe2(fds[:], unix.O_CLOEXEC)
	if err == nil {
		err = unix.SetNonblock(fds[ours], true)
	}
	if err != nil {
		p.err = err
		return nil, nil
	}
	r, w = os.NewFile(uintptr(fds[readEnd]), "pipe"), os.NewFile(uintptr(fds[writeEnd]), "pipe")
	p.files = append(p.files, r, w)
	return r, w
}

func (p *pipes) close() {
	for _, f := range p.files {
		_ = f.Close()
	}
}

// endText says how a keeper ended, and with it the adapter.
func endText(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return "its keeper was killed by " + signalText(status.Signal())
	}
	code := state.ExitCode()
	if code > 128 && code <= 128+proc.LastSignal {
		return fmt.Sprintf("exit status %d, which stands for %s", code, signalText(syscall.Signal(code-128)))
	}
	return fmt.Sprintf("exit status %d", code)
}

// signalText names a signal: "signal 11 (segmentation fault)".
func signalText(sig syscall.Signal) string {
	return fmt.Sprintf("signal %d (%v)", int(sig), sig)
}
