package child

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// quietRuntime is put first into a helper child's environment. It keeps the Go runtime
// from sending itself SIGURG to preempt goroutines: the child reports each signal that
// arrives, and could not tell one of the runtime's from one that somebody sent. The second
// part, which nobody reads, makes the entry recognizable as ours.
const quietRuntime = "GODEBUG=asyncpreemptoff=1,mpcheckchild=1"

// child is a helper child's own state.
type child struct {
	conn net.Conn
	// socket is the path of the control socket.
	socket string
	// environ is the environment as the system under test made it.
	environ []string
	// runtimeActions are the dispositions that the Go runtime had set up, by signal.
	runtimeActions [proc.LastSignal + 1]proc.Sigaction
	stdout, stderr *output
	// sending serializes lines to the harness: signals are reported between answers.
	sending sync.Mutex
}

// Main is the command mpcheck child --control SOCKET --token TOKEN, a process for a
// system under test to start and reap. It connects to the harness, says who it is, and then
// does what it is told (childCommands) until the harness closes the connection.
//
// Seen from outside it is a plain program: every signal is at its default action, whatever
// a Go program would make of it, until report-signals or ignore changes that. The rest of
// what a process inherits stays as the system under test left it; of blocked signals only
// those do that a Go program lets block (SIGUSR1 for example, but not SIGTERM).
func Main(args []string) int {
	env, err := os.ReadFile("/proc/self/environ")
	if err != nil {
		return proc.LastWords(1, "child", err)
	}
	// Read from /proc because os.Environ drops duplicates.
	environ := strings.Split(strings.TrimSuffix(string(env), "\x00"), "\x00")
	if len(env) == 0 {
		environ = nil
	}
	if len(environ) == 0 || environ[0] != quietRuntime {
		// The process stays the same, its id and its parent too.
		self, err := proc.Self()
		if err == nil {
			err = unix.Exec(self, os.Args, append([]string{quietRuntime}, environ...))
		}
		return proc.LastWords(1, "child", fmt.Errorf("starting over with a quiet runtime: %w", err))
	}
	c, token, err := newChild(args, environ[1:])
	if err != nil {
		return proc.LastWords(proc.ExitUsage, "child", err)
	}
	if err := c.send(childMessage{Hello: &childHello{Token: token, PID: os.Getpid()}}); err != nil {
		return proc.LastWords(1, "child", err)
	}
	if err := c.obey(); err != nil {
		return proc.LastWords(1, "child", err)
	}
	return 0
}

func newChild(args, environ []string) (c *child, token string, err error) {
	c = &child{environ: environ, stdout: newOutput(os.Stdout), stderr: newOutput(os.Stderr)}
	flags := flag.NewFlagSet("mpcheck child", flag.ContinueOnError)
	flags.StringVar(&c.socket, "control", "", "Unix `socket` of the harness")
	flags.StringVar(&token, "token", "", "`name` under which the harness expects this child")
	if err := flags.Parse(args); err != nil {
		return nil, "", err
	}
	if c.socket == "" || token == "" || flags.NArg() > 0 {
		return nil, "", errors.New("want mpcheck child --control SOCKET --token TOKEN, as the harness's child-prepare returned it")
	}
	if err := c.plainSignals(); err != nil {
		return nil, "", err
	}
	if c.conn, err = net.Dial("unix", c.socket); err != nil {
		return nil, "", fmt.Errorf("connecting to the harness (has its case ended?): %w", err)
	}
	return c, token, nil
}

// obey carries out commands, one after another, until the harness hangs up.
func (c *child) obey() error {
	commands := make(chan childCommand)
	over := make(chan error, 1)
	go func() { over <- c.listen(commands) }()
	for {
		select {
		case err := <-over:
			return err
		case command := <-commands:
			done := make(chan error, 1)
			go func() { done <- c.carryOut(command) }()
			select {
			// Also where a command hangs, in an echo into a pipe that nobody reads.
			case err := <-over:
				return err
			case err := <-done:
				if err != nil {
					return err
				}
			}
		}
	}
}

// listen reads commands; nil means that the harness has hung up.
func (c *child) listen(commands chan<- childCommand) error {
	lines := bufio.NewReader(c.conn)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) || errors.Is(err, unix.ECONNRESET) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading from the harness: %w", err)
		}
		var command childCommand
		if err := json.Unmarshal(line, &command); err != nil {
			return fmt.Errorf("reading the command %q: %w", line, err)
		}
		commands <- command
	}
}

// carryOut executes one command and answers it.
func (c *child) carryOut(command childCommand) error {
	run, ok := childCommands[command.Do]
	if !ok {
		return fmt.Errorf("unknown command %q: harness and helper child are not of one version", command.Do)
	}
	answer, then, err := run(c, command)
	if err != nil {
		answer, then = childAnswer{Error: err.Error()}, nil
	}
	answer.ID = command.ID
	if err := c.send(childMessage{Answer: &answer}); err != nil {
		return err
	}
	if then == nil {
		return nil
	}
	return then()
}

func (c *child) send(m childMessage) error {
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing to the harness: %w", err)
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	if _, err := c.conn.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("writing to the harness: %w", err)
	}
	return nil
}
