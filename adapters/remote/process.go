package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// Options say what to start. Only Command is needed.
type Options struct {
	// Command is the adapter's program and its arguments.
	Command []string
	// Stdin, Stdout and Stderr become the adapter's; they stay the caller's to close. A nil
	// Stdin is a file, empty until a case fills it (standard-file). A nil Stdout or Stderr is captured: nothing shows, but errors
	// quote its last lines. A terminal won't do as Stdin, since the adapter isn't in the
	// terminal's foreground process group.
	Stdin, Stdout, Stderr *os.File
	// Env is the environment, as "NAME=value"; nil means this process's.
	Env []string
	// Stdio puts the wire on stdin and stdout, for adapters that can't use other
	// descriptors. Stdin and Stdout must then be nil.
	Stdio bool
	// NoKeeper starts the command itself also where there is a keeper; it takes Stdio. What the
	// command leaves running is then not ended.
	NoKeeper bool
	// HelloTimeout is how long the adapter has to answer hello, and PingTimeout a ping; 0
	// means the defaults of [wire.Options].
	HelloTimeout, PingTimeout time.Duration
}

// How long a process gets: to exit after bye, and to be cleared away after that.
const (
	exitGrace  = 2 * time.Second
	clearGrace = 10 * time.Second
	// hardGrace is what a keeper gets to clear away where nobody can wait for it.
	hardGrace = 500 * time.Millisecond
)

// Process is an adapter in a process of its own: a [spec.Adapter], safe for concurrent use.
// Close ends it and all that descends from it, the images that it has launched too; so does the end of this process.
type Process struct {
	client  *wire.Client
	running *running
	control *Control
	images  *images
	closing func() error

	mu sync.Mutex
	// system is the name on the wire of the system that last used a helper child.
	system string
}

var _ spec.Adapter = (*Process)(nil)

// Start starts an adapter under a keeper and greets it; on systems other than Linux without
// a keeper, and only with Stdio. ctx bounds the start alone. An error says how the process
// ended and what it last wrote.
func Start(ctx context.Context, opts Options) (*Process, error) { return startTelling(ctx, opts, nil) }

// startTelling is Start that tells of the process once it runs, before it has answered.
func startTelling(ctx context.Context, opts Options, launched func(*running)) (*Process, error) {
	doing := "starting the adapter " + strings.Join(opts.Command, " ")
	if len(opts.Command) == 0 {
		return nil, errors.New("starting an adapter: no command was given")
	}
	if opts.Stdio && (opts.Stdin != nil || opts.Stdout != nil) {
		return nil, errors.New(doing + ": its stdin and stdout can't be files where they are the wire")
	}
	if _, err := exec.LookPath(opts.Command[0]); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	control, err := NewControl()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	images, err := listenForImages(control)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", doing, err), control.Close())
	}
	if opts.Env == nil {
		opts.Env = os.Environ()
	}
	opts.Env = append(opts.Env[:len(opts.Env):len(opts.Env)], images.environment()...)
	running, err := launch(opts, control)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", doing, err), images.close(), control.Close())
	}
	if launched != nil {
		launched(running)
	}
	p := &Process{running: running, control: control, images: images}
	p.closing = sync.OnceValue(p.close)
	p.client, err = wire.NewClient(ctx, running.out, running.in, wire.Options{
		HelloTimeout: opts.HelloTimeout, PingTimeout: opts.PingTimeout,
		Harness: p.harness, Done: running.done, Exit: running.exit,
	})
	if err == nil {
		if err = running.owns(p.client.Handshake()); err == nil {
			images.accept(p.client)
			return p, nil
		}
		_ = p.client.Close() // what it says of its end is no matter any more
	}
	ended := isClosed(running.done)
	err = fmt.Errorf("%s: %w", doing, err)
	if more := running.end(0); more != nil {
		err = errors.Join(err, more)
	}
	// An error about an end quotes the output already.
	if text := running.tail.quote(); text != "" && !ended {
		err = fmt.Errorf("%w; it wrote:\n%s", err, text)
	}
	return nil, errors.Join(err, images.close(), control.Close())
}

// Handshake is what the adapter said of itself.
func (p *Process) Handshake() spec.Handshake { return p.client.Handshake() }

// Healthy tells whether the process can serve another system: false after an error, a stuck
// operation, an unclean close or the end of the process, and after Close.
func (p *Process) Healthy() bool { return p.client.Healthy() && !isClosed(p.running.done) }

// Open makes a fresh system; one is open at a time. An operation of its cases that waits for
// a helper child signals a timeout somewhat before cfg.Watchdog would give the run up.
func (p *Process) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	watchdog := cfg.Watchdog
	if watchdog <= 0 {
		watchdog = spec.DefaultWatchdog
	}
	p.control.SetLimit(watchdog - watchdog/8)
	sys, err := p.client.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &system{System: sys, process: p}, nil
}

// Close says bye, gives the adapter a short time to exit, and has its tree killed. The error
// is about processes that could not be ended.
func (p *Process) Close() error { return p.closing() }

func (p *Process) close() error {
	grace := exitGrace
	if !p.Healthy() {
		// It isn't expected to do anything sensible any more, only to be gone.
		grace = 0
		p.running.cut()
	}
	byeErr := p.client.Close()
	endErr := p.running.end(grace)
	return errors.Join(byeErr, endErr, p.images.close(), p.control.Close())
}

// harness executes the operations that no adapter sees.
func (p *Process) harness(ctx context.Context, system string, call spec.Call) spec.Return {
	p.mu.Lock()
	p.system = system
	p.mu.Unlock()
	return p.control.Do(ctx, system, call)
}

// system is a system of a process, with its helper children.
type system struct {
	spec.System
	process *Process
}

// Discard implements [spec.Discarder].
func (s *system) Discard() { discard(s.System) }

func discard(sys spec.System) {
	if d, ok := sys.(spec.Discarder); ok {
		d.Discard()
	}
}

// Close ends the helper children before the rest: what waits for a child goes on then, also
// an implementation whose world stands still until then. Those that still ran count as
// children left over.
func (s *system) Close() (spec.Leftover, error) {
	p := s.process
	p.mu.Lock()
	name := p.system
	p.mu.Unlock()
	killed := p.control.EndSystem(name)
	left, err := s.System.Close()
	left.Children = max(left.Children, killed)
	return left, err
}

// running is a started command, whatever started it.
type running struct {
	// in and out are the harness's ends of the wire, as seen from the adapter.
	in  io.WriteCloser
	out io.ReadCloser
	// tail is what it last wrote, where that was captured.
	tail *tail
	// pid is that of the keeper, 0 where there is none.
	pid int
	// cut has everything killed; it doesn't wait, and may be called again.
	cut func()
	// abandon kills what cut should have made end.
	abandon func()
	// done is closed when it has ended; state is set then, and tail complete.
	done  chan struct{}
	state *os.ProcessState
}

// end waits for the end, after grace has it killed, and waits on.
func (r *running) end(grace time.Duration) error {
	if grace > 0 && waits(r.done, grace) {
		return nil
	}
	r.cut()
	if !waits(r.done, clearGrace) {
		r.abandon()
		return fmt.Errorf("ending the adapter: its keeper did not finish within %v and was killed; look for left-over processes", clearGrace)
	}
	if r.state.ExitCode() == keeper.ExitFailed {
		return fmt.Errorf("ending the adapter: %w", r.exit())
	}
	return nil
}

// cutHard is cut that kills the keeper too where that doesn't end soon: an adapter may have
// stopped it.
func (r *running) cutHard() {
	r.cut()
	go func() {
		if !waits(r.done, hardGrace) {
			r.abandon()
		}
	}()
}

// owns refuses a handshake whose process id is none of the processes that were started: what is
// asked of the adapter's children is asked of that process. In simulated time there is none.
func (r *running) owns(h spec.Handshake) error {
	if h.Clock != spec.Real || r.pid == 0 {
		return nil
	}
	if h.PID == 0 {
		return errors.New("refused handshake: pid is missing: want the process id of the adapter")
	}
	if is, err := proc.Descends(h.PID, r.pid); err != nil || is && h.PID != r.pid {
		return err
	}
	return fmt.Errorf("refused handshake: pid %d is no process of the adapter: want its own, as its children see it (getpid); in a container, that of the namespace in which mpcheck runs", h.PID)
}

// waits tells whether done is closed within limit.
func waits(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return isClosed(done)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// exit says how it ended, and what it last wrote, once done is closed.
func (r *running) exit() error {
	how := endText(r.state)
	if text := r.tail.quote(); text != "" {
		how += "; it wrote:\n" + text
	}
	return errors.New(how)
}
