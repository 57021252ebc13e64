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
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/child/internal/quiet"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// child is a helper child's own state.
type child struct {
	conn net.Conn
	// socket is the path of the control socket.
	socket string
	// argv are the arguments that the system under test gave, and environ the environment as it made it.
	argv, environ []string
	// runtimeActions are the dispositions that the Go runtime had set up, by signal.
	runtimeActions [proc.LastSignal + 1]proc.Sigaction
	stdin          *input
	stdout, stderr *output
	// closed are the standard descriptors that are.
	closed [3]bool
	// acknowledged counts what the harness has taken in of what was read.
	acknowledged chan struct{}
	// sending serializes lines to the harness: signals are reported between answers.
	sending sync.Mutex
}

// Main is the command mpcheck child --control SOCKET --token TOKEN, a process for a
// system under test to start and reap. It connects to the harness, says who it is, does what was planned
// for it, and then what it is told (childCommands) until the harness closes the connection.
//
// Seen from outside it is a plain program: every signal is at its default action, whatever
// a Go program would make of it, until report-signals or ignore changes that. The rest of
// what a process inherits stays as the system under test left it; of blocked signals only
// those do that a Go program lets block (SIGUSR1 for example, but not SIGTERM).
func Main(args []string) int {
	return live(func() (*child, string, error) {
		c := &child{}
		var token string
		flags := flag.NewFlagSet("mpcheck child", flag.ContinueOnError)
		flags.StringVar(&c.socket, "control", "", "Unix `socket` of the harness")
		flags.StringVar(&token, "token", "", "`name` under which the harness expects this child")
		if err := flags.Parse(args); err != nil {
			return nil, "", err
		}
		if c.socket == "" || token == "" || flags.NArg() > 0 {
			return nil, "", errors.New("want mpcheck child --control SOCKET --token TOKEN, as the harness's child-prepare returned it")
		}
		return c, token, nil
	})
}

// ProgramMain is the command mpcheck child-program PATH ARGUMENTS..., as the kernel calls the interpreter of
// the script that a helper child's program is: its path says which child this is, and the arguments are the
// system's own.
func ProgramMain(args []string) int {
	return live(func() (*child, string, error) {
		if len(args) == 0 {
			return nil, "", errors.New("want mpcheck child-program PATH, as the kernel calls it for a program of child-prepare")
		}
		return &child{socket: filepath.Join(filepath.Dir(args[0]), socketName), argv: args[1:]}, filepath.Base(args[0]), nil
	})
}

// live is the life of the helper child that read makes of the arguments.
func live(read func() (c *child, token string, err error)) int {
	environ, err := quiet.Environ()
	if err != nil {
		return proc.LastWords(1, "child", err)
	}
	c, token, err := read()
	if err == nil {
		c.environ = environ
		err = c.connect()
	}
	if err != nil {
		return proc.LastWords(proc.ExitUsage, "child", err)
	}
	if err := c.send(childMessage{Hello: &childHello{Token: token, PID: os.Getpid(), Argv: c.argv, Environ: c.environ}}); err != nil {
		return proc.LastWords(1, "child", err)
	}
	if err := c.obey(); err != nil {
		return proc.LastWords(1, "child", err)
	}
	return 0
}

// connect makes it a plain program, which talks to the harness.
func (c *child) connect() (err error) {
	if err := c.plainSignals(); err != nil {
		return err
	}
	c.stdout, c.stderr = newOutput(os.Stdout), newOutput(os.Stderr)
	c.acknowledged = make(chan struct{})
	if c.stdin, err = newInput(c.take); err != nil {
		return err
	}
	if c.conn, err = net.Dial("unix", c.socket); err != nil {
		return fmt.Errorf("connecting to the harness (has its case ended?): %w", err)
	}
	return nil
}

// obey does what was planned and carries out commands, one after another, until the harness hangs up.
func (c *child) obey() error {
	lines := bufio.NewReader(c.conn)
	var welcome childWelcome
	if over, err := nextLine(lines, &welcome); over || err != nil {
		return err
	}
	if err := c.send(childMessage{Welcomed: true}); err != nil {
		return err
	}
	// With room, since what comes behind a command that waits for its turn may be about the one that runs.
	commands := make(chan childCommand, 1024)
	over := make(chan error, 1)
	go func() { over <- c.listen(lines, commands) }()
	if ended, err := whichever(over, func() error { return c.follow(welcome.Plan) }); ended || err != nil {
		return err
	}
	for {
		select {
		case err := <-over:
			return err
		case command := <-commands:
			if ended, err := whichever(over, func() error { return c.carryOut(command) }); ended || err != nil {
				return err
			}
		}
	}
}

// whichever does something until the harness hangs up, also where it hangs: in an echo into a pipe that nobody
// reads, for example.
func whichever(over <-chan error, do func() error) (ended bool, err error) {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-over:
		return true, err
	case err := <-done:
		return false, err
	}
}

// follow does what was planned, in order: each step is over when it is done. One that fails ends the child.
func (c *child) follow(plan []childCommand) error {
	for _, command := range plan {
		step := plannedSteps[command.Do]
		if step == nil {
			step = childCommands[command.Do]
		}
		if step == nil {
			return unknownCommand(command)
		}
		_, then, err := step(c, command)
		if err == nil && then != nil {
			err = then()
		}
		if err != nil {
			err = fmt.Errorf("the planned step :%s: %w", command.Do, err)
			_ = c.send(childMessage{Fault: err.Error()})
			return err
		}
	}
	return nil
}

func unknownCommand(command childCommand) error {
	return fmt.Errorf("unknown command %q: harness and helper child are not of one version", command.Do)
}

// listen reads commands; nil means that the harness has hung up.
func (c *child) listen(lines *bufio.Reader, commands chan<- childCommand) error {
	for {
		var command childCommand
		if over, err := nextLine(lines, &command); over || err != nil {
			return err
		}
		if command.Do == tookInput {
			c.acknowledged <- struct{}{}
			continue
		}
		commands <- command
	}
}

// nextLine reads a message; over means that the harness has hung up.
func nextLine(lines *bufio.Reader, to any) (over bool, err error) {
	line, err := lines.ReadBytes('\n')
	if errors.Is(err, io.EOF) || errors.Is(err, unix.ECONNRESET) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading from the harness: %w", err)
	}
	if err := json.Unmarshal(line, to); err != nil {
		return false, fmt.Errorf("reading the message %q: %w", line, err)
	}
	return false, nil
}

// take has the harness record what was read, and returns when it has.
func (c *child) take(read []byte) error {
	if err := c.send(childMessage{Input: read}); err != nil {
		return err
	}
	<-c.acknowledged
	return nil
}

// carryOut executes one command and answers it.
func (c *child) carryOut(command childCommand) error {
	run, ok := childCommands[command.Do]
	if !ok {
		return unknownCommand(command)
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
