package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Raw is an adapter's process whose conversation is the caller's: nothing greets it. Close it.
type Raw struct {
	running *running
	control *Control
	images  *images
}

// StartRaw starts an adapter as [Start] does, and says nothing to it.
func StartRaw(opts Options) (*Raw, error) {
	doing := "starting the adapter " + strings.Join(opts.Command, " ")
	if len(opts.Command) == 0 {
		return nil, errors.New("starting an adapter: no command was given")
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
	return &Raw{running, control, images}, nil
}

// In and Out are the harness's ends of the wire, as seen from the adapter: what is written to In it
// reads. Closing In ends its input.
func (r *Raw) In() io.WriteCloser { return r.running.in }

// Out is what the adapter writes.
func (r *Raw) Out() io.ReadCloser { return r.running.out }

// Images is where the Lisps connect that the adapter launches, for the caller to accept; nil where there is no such place.
func (r *Raw) Images() net.Listener {
	if r.images == nil {
		return nil
	}
	return r.images.listener
}

// Done is closed when the process has ended.
func (r *Raw) Done() <-chan struct{} { return r.running.done }

// Exit says how it ended and what it last wrote, once Done is closed.
func (r *Raw) Exit() error { return r.running.exit() }

// Wrote is what it last wrote to its standard output and error, "" for nothing.
func (r *Raw) Wrote() string { return r.running.tail.quote() }

// End gives the process so long to end by itself, and has it and all that descends from it killed
// then. The error is about what could not be ended.
func (r *Raw) End(grace time.Duration) error {
	err := r.running.end(grace)
	_, _ = r.running.in.Close(), r.running.out.Close()
	return errors.Join(err, r.images.close(), r.control.Close())
}
