package child

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
)

// helper is what the harness knows of one helper child. It is safe for concurrent use.
type helper struct {
	token  string
	system string
	// telling lets one command through at a time.
	telling sync.Mutex

	mu sync.Mutex
	// changed is closed and replaced whenever something below changes.
	changed chan struct{}
	// plan is what it will do of itself; it is sent once conn is there.
	plan []childCommand
	// conn is nil until the child has connected, and welcomed is set when it has its plan too, or won't.
	conn     net.Conn
	welcomed bool
	pid      int
	// start tells the child from a later process of the same id.
	start uint64
	// refused says why a child that connected was turned away.
	refused error
	// hungUp is set when nothing more comes from the child: it ends, or has ended.
	hungUp bool
	// forgotten is set when its system has ended.
	forgotten bool
	// commands sent so far; the last one's answer is awaited.
	commands int
	answer   *childAnswer
	signals  []int
	// argv and environ are what it was started with, and input what it has read.
	argv, environ []string
	input         []byte
}

func newHelper(token, system string) *helper {
	return &helper{token: token, system: system, changed: make(chan struct{})}
}

func (h *helper) ref() spec.Ref { return spec.Ref{ID: h.token, Type: "child"} }

// update changes h and wakes who waits for that.
func (h *helper) update(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
	close(h.changed)
	h.changed = make(chan struct{})
}

// until waits for done, which is called with h.mu held, or for an error: of done, of ctx, or
// the end of the system. It looks again at each change and, since the system tells nobody of
// the states of a process that isn't its child, with poll set also from time to time.
func (h *helper) until(ctx context.Context, poll bool, done func() (bool, error)) error {
	pause := time.Millisecond
	for {
		h.mu.Lock()
		ok, err := done()
		if err == nil && !ok {
			switch {
			case h.forgotten:
				err = fmt.Errorf("the system of %s has ended", h.token)
			case h.refused != nil:
				err = h.refused
			}
		}
		changed := h.changed
		h.mu.Unlock()
		if ok || err != nil {
			return err
		}
		var tick <-chan time.Time
		if poll {
			tick = time.After(pause)
			pause = min(pause*3/2, 20*time.Millisecond)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
			pause = time.Millisecond
		case <-tick:
		}
	}
}

// ready waits until the child has connected and knows what was planned for it. One that got no thread never does.
func (h *helper) ready(ctx context.Context) error {
	few := tasksAreLimited()
	next := time.Now().Add(tasksPatience)
	return h.until(ctx, few, func() (bool, error) {
		if few && h.conn == nil && time.Now().After(next) {
			next = next.Add(tasksPatience)
			if err := roomForChild(); err != nil {
				return false, err
			}
		}
		return h.welcomed, nil
	})
}

// processID is the child's, once it is ready.
func (h *helper) processID() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pid
}

// connect takes in a child that says it is this one. The kernel knows better than the child
// what its process id is here.
func (h *helper) connect(conn *net.UnixConn, hello childHello) bool {
	pid, err := proc.PeerPID(conn)
	if err == nil && pid != hello.PID {
		err = fmt.Errorf("%s has process id %d but calls itself %d: adapter and harness must share a pid namespace", h.token, pid, hello.PID)
	}
	var stat proc.Stat
	if err == nil {
		stat, err = proc.ReadStat(pid)
	}
	accepted := false
	h.update(func() {
		switch {
		case h.forgotten:
		case err != nil:
			h.refused = err
		case h.conn != nil:
			h.refused = fmt.Errorf("%s was started twice, as processes %d and %d: run the command or the program of child-prepare once", h.token, h.pid, pid)
		default:
			h.conn, h.pid, h.start, accepted = conn, pid, stat.Start, true
			h.argv, h.environ = hello.Argv, hello.Environ
		}
	})
	return accepted
}

// welcome sends a child that has connected its plan.
func (h *helper) welcome() {
	h.mu.Lock()
	line, err := json.Marshal(childWelcome{Plan: h.plan})
	conn := h.conn
	h.mu.Unlock()
	if err == nil {
		_, err = conn.Write(append(line, '\n'))
	}
	if err != nil {
		h.update(func() { h.welcomed, h.hungUp = true, true })
	}
}

// add plans a step of a child that doesn't run yet.
func (h *helper) add(command childCommand) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.conn != nil {
		return fmt.Errorf("%s runs already: plan before it is started, or tell it", h.token)
	}
	h.plan = append(h.plan, command)
	return nil
}

// listen takes in what the child sends until it hangs up.
func (h *helper) listen(in *childReader) {
	for {
		m, err := in.next()
		if err != nil {
			h.update(func() { h.welcomed, h.hungUp = true, true })
			return
		}
		h.update(func() {
			if m.Welcomed {
				h.welcomed = true
			}
			h.input = append(h.input, m.Input...)
			if m.Fault != "" {
				h.refused = errors.New(m.Fault)
			}
			// The answer to a command that was given up comes too late.
			if m.Answer != nil && m.Answer.ID == h.commands {
				h.answer = m.Answer
			}
			if m.Signal != 0 {
				h.signals = append(h.signals, m.Signal)
			}
		})
		if m.Input != nil {
			// The child waits for this, so that there is always room for it.
			_, _ = h.conn.Write([]byte(`{"do":"` + tookInput + "\"}\n"))
		}
	}
}

// command has the child carry out one command, once it has connected.
func (h *helper) command(ctx context.Context, command childCommand) (childAnswer, error) {
	h.telling.Lock()
	defer h.telling.Unlock()
	if err := h.ready(ctx); err != nil {
		return childAnswer{}, err
	}
	h.mu.Lock()
	h.commands++
	command.ID, h.answer = h.commands, nil
	h.mu.Unlock()
	line, err := json.Marshal(command)
	if err != nil {
		return childAnswer{}, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = h.conn.SetWriteDeadline(deadline)
	}
	// Where this fails the child has gone, or the time is up; both show below.
	_, _ = h.conn.Write(append(line, '\n'))
	err = h.until(ctx, false, func() (bool, error) { return h.answer != nil || h.hungUp, nil })
	if err != nil {
		return childAnswer{}, err
	}
	h.mu.Lock()
	answer := h.answer
	h.mu.Unlock()
	switch {
	case answer == nil:
		return childAnswer{}, h.ended(ctx)
	case answer.Error != "":
		return *answer, errors.New(answer.Error)
	}
	return *answer, nil
}

// ended waits for the end of a child that has hung up, and is the error that says so. Its
// connection is closed before its parent can reap it: who is told that it has ended may
// count on that.
func (h *helper) ended(ctx context.Context) error {
	return h.until(ctx, true, func() (bool, error) {
		state, err := h.state()
		if err == nil && state.Ended() {
			if err = h.refused; err == nil {
				err = fmt.Errorf("%s has ended", h.token)
			}
		}
		return false, err
	})
}

// state is the child's state now; h.mu is held. A process that merely has its id is another.
func (h *helper) state() (spec.ChildState, error) {
	stat, err := proc.ReadStat(h.pid)
	if err != nil || stat.Start != h.start {
		return spec.ChildAbsent, err
	}
	return stat.Kind(), nil
}

// kill sends the child a signal from outside.
func (h *helper) kill(sig int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	state, err := h.state()
	if err != nil {
		return err
	}
	if h.conn == nil || state == spec.ChildAbsent {
		return fmt.Errorf("%s is not there to be sent signal %d", h.token, sig)
	}
	if err := unix.Kill(h.pid, unix.Signal(sig)); err != nil {
		return fmt.Errorf("sending %s signal %d: %w", h.token, sig, err)
	}
	return nil
}

// end kills the child if it runs and tells whether it had to. Who waits for it gives up.
func (h *helper) end() bool {
	killed := false
	h.update(func() {
		h.forgotten = true
		if h.conn == nil {
			return
		}
		if state, err := h.state(); err == nil && !state.Ended() {
			killed = unix.Kill(h.pid, unix.SIGKILL) == nil
		}
		_ = h.conn.Close()
	})
	return killed
}

// read is what the child has read so far. Of one that has ended that is all that it had.
func (h *helper) read(ctx context.Context) (read string, err error) {
	err = h.until(ctx, false, func() (bool, error) {
		state, err := h.state()
		read = string(h.input)
		return h.hungUp || !state.Ended(), err
	})
	return read, err
}

// describe says for an error how far the child of a socket has come.
func (h *helper) describe(socket string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.conn == nil {
		program := filepath.Join(filepath.Dir(socket), h.token)
		started := proc.Running(func(args []string) bool {
			return slices.Contains(args, program) || slices.Contains(args, h.token) && slices.Contains(args, socket)
		})
		for _, pid := range started {
			if state, err := proc.ReadStat(pid); err == nil && state.Kind() != spec.ChildAbsent {
				return fmt.Sprintf("%s has not connected, but runs: process %d is %s (is the machine so busy?)", h.token, pid, state.Kind())
			}
		}
		return h.token + " has not connected, and is not there (was its command run by a shell, or its program started?)"
	}
	state, err := h.state()
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s is process %d, %s", h.token, h.pid, state)
}

// childReader reads the lines of a helper child.
type childReader struct{ lines *bufio.Reader }

func newChildReader(conn net.Conn) *childReader {
	return &childReader{bufio.NewReader(conn)}
}

func (r *childReader) next() (childMessage, error) {
	var m childMessage
	line, err := r.lines.ReadBytes('\n')
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(line, &m)
}

// hello reads the greeting.
func (r *childReader) hello() (childHello, error) {
	m, err := r.next()
	if err == nil && m.Hello == nil {
		err = errors.New("want a hello")
	}
	if err != nil {
		return childHello{}, err
	}
	return *m.Hello, nil
}
