// Package osexec is os/exec as a supervisor of programs, to be judged:
//
//	run             (*exec.Cmd).Run; the result is that of (*os.ProcessState)
//	start           (*exec.Cmd).Start, and Wait on a goroutine of its own, as a supervisor has it
//	process-id      (*os.Process).Pid
//	process-status  (*os.ProcessState), once Wait has returned; running until then: os/exec hears of no stops
//	signal-process  (*os.Process).Signal
//
// Redirections are nil, which is Cmd's own, t, which is this program's file, files, which are opened by os.OpenFile, for start
// :stream, a pipe by os.Pipe, and such a stream. Environments are Cmd.Env, arguments Cmd.Args: strings alone.
package osexec

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Implementation is what is judged.
var Implementation = kit.Implementation{
	Name:    "os-exec",
	Version: "1",
	Operations: map[string]kit.Operation{
		"run":       run,
		"start":     start,
		"process-p": isProgram,

		"process-input-stream":  programStream(0),
		"process-output-stream": programStream(1),
		"process-error-stream":  programStream(2),
		"stream-write":          kit.On("stream", streamWrite),
		"stream-read-line":      kit.On("stream", streamReadLine),
		"stream-close":          kit.On("stream", streamClose),

		"process-id":     kit.On("program", processID),
		"process-status": kit.On("program", status),
		"signal-process": kit.On("program", signal),
	},
	Keywords: []string{"run :environment", "run :replace-environment-p", "start :environment", "start :replace-environment-p"},
	Native: []string{"run", "start", "process-id", "process-status", "signal-process",
		"run :environment", "run :replace-environment-p", "start :environment", "start :replace-environment-p"},
}

// A program is one that was started.
type program struct {
	cmd     *exec.Cmd
	streams [3]spec.Value // of :stream, nil for none
	ended   chan struct{} // closed once Wait has returned
	gone    func()        // tells the system so; the monitor is held
}

// begin starts what a call of run or start asks for, and has its end waited for.
func begin(f *kit.Frame, c spec.Call) (*program, error) {
	s := f.System()
	p := &program{ended: make(chan struct{})}
	files, err := p.prepare(f, c)
	defer files.close()
	if err != nil {
		return nil, err
	}
	cmd := p.cmd
	if err := cmd.Start(); err != nil {
		return nil, notStarted(cmd.Path, err)
	}
	p.gone = s.Started(func() error {
		err := cmd.Process.Kill()
		<-p.ended
		return err
	})
	s.Go(func() {
		_ = cmd.Wait() // its error is that the program failed, which its state says
		s.Lock()
		p.gone() // before anybody hears of the end: it isn't left behind
		s.Unlock()
		close(p.ended)
	})
	return p, nil
}

func notStarted(path string, err error) error {
	kind := "file-error"
	for _, refusal := range []error{syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN, syscall.ENOMEM} {
		if errors.Is(err, refusal) {
			kind = spec.OutOfResources
		}
	}
	return &spec.Condition{Type: kind, Message: fmt.Sprintf("starting %s: %v", path, err)}
}

// run starts a program and waits for its end; where the process is killed that waits, it is ended too.
func run(f *kit.Frame, c spec.Call) ([]spec.Value, error) {
	p, err := begin(f, c)
	if err != nil {
		return nil, err
	}
	f.Outside("the end of "+p.cmd.Path, func(ctx context.Context) {
		select {
		case <-p.ended:
		case <-ctx.Done():
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	})
	return p.status(), nil
}

func start(f *kit.Frame, c spec.Call) ([]spec.Value, error) {
	p, err := begin(f, c)
	if err != nil {
		return nil, err
	}
	return kit.One(f.System().Name("external-process", p)), nil
}

// status is a keyword and a code, as the library external-program has it.
func (p *program) status() []spec.Value {
	select {
	case <-p.ended:
	default:
		return []spec.Value{spec.Keyword("running"), spec.Nil{}}
	}
	if how, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && how.Signaled() {
		return []spec.Value{spec.Keyword("signaled"), spec.Int(how.Signal())}
	}
	return []spec.Value{spec.Keyword("exited"), spec.Int(p.cmd.ProcessState.ExitCode())}
}

func status(_ *kit.Frame, p *program, _ spec.Call) ([]spec.Value, error) { return p.status(), nil }

func isProgram(f *kit.Frame, c spec.Call) ([]spec.Value, error) {
	_, is := f.System().Object(c.Args[0]).(*program)
	return kit.One(spec.Bool(is)), nil
}

func processID(_ *kit.Frame, p *program, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Int(p.cmd.Process.Pid)), nil
}

func signal(_ *kit.Frame, p *program, c spec.Call) ([]spec.Value, error) {
	number, ok := c.Args[1].(spec.Int)
	if !ok {
		return nil, kit.TypeError("the signal", c.Args[1], "a number")
	}
	if err := p.cmd.Process.Signal(syscall.Signal(number)); err != nil {
		return nil, kit.SimpleError("signal-process: %v", err)
	}
	return kit.One(spec.True{}), nil
}
