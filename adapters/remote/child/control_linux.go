package child

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// socketName is the name of the socket in its directory.
const socketName = "control"

// socketPathMax is what fits a Unix socket address, with its final zero.
const socketPathMax = 107

// Control is the harness's side of the helper children of one adapter: it executes the
// operations that the operations table flags [spec.ByHarness]. The system under test starts
// a child by a shell command that child-prepare returns; the child then connects to a
// socket of Control's and is told what to do through it.
//
// Control is safe for concurrent use. Its children live until their system ends.
type Control struct {
	self     string // the path of this binary
	dir      string // holds the socket, the programs and the files
	socket   string
	program  string // the script that each child's program is, "" where none can run
	listener net.Listener
	serving  sync.WaitGroup

	mu     sync.Mutex
	limit  time.Duration
	count  int
	helper map[string]*helper // by token, which is also the reference's id
	silent map[net.Conn]bool  // that have yet to say hello
	closed bool

	files    files
	boards   boards
	standard Standard
}

// NewControl opens a socket in a fresh directory that only this user may enter. The caller
// closes it. It is an error before remote.Main was called: the program could not be a helper
// child.
func NewControl() (*Control, error) {
	self, err := proc.Self()
	if err != nil {
		return nil, err
	}
	dir, err := shortTempDir()
	if err != nil {
		return nil, fmt.Errorf("making a place for the socket of the helper children: %w", err)
	}
	program, err := writeProgram(dir, self)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("making the program of the helper children: %w", err)
	}
	socket := filepath.Join(dir, socketName)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("opening the socket of the helper children: %w", err)
	}
	c := &Control{
		self: self, dir: dir, socket: socket, program: program, listener: listener,
		limit: spec.DefaultWatchdog, helper: map[string]*helper{}, silent: map[net.Conn]bool{},
	}
	c.serving.Go(c.accept)
	return c, nil
}

// Socket is the path of the socket, in a directory of Control's own.
func (c *Control) Socket() string { return c.socket }

// shortTempDir makes a directory, mode 0700, whose name leaves room for a socket, if possible where programs may run.
func shortTempDir() (string, error) {
	parents := []string{os.TempDir(), "/tmp", "/var/tmp", "/dev/shm"}
	for _, any := range []bool{false, true} {
		for i, parent := range parents {
			if !any && forbidsPrograms(parent) {
				continue
			}
			dir, err := os.MkdirTemp(parent, "mpcheck-")
			if err != nil && i > 0 && !any {
				continue // nobody has asked for that one
			}
			if err != nil {
				return "", err
			}
			if len(filepath.Join(dir, socketName)) <= socketPathMax {
				return dir, nil
			}
			_ = os.Remove(dir)
		}
	}
	return "", fmt.Errorf("%s and /tmp are too long for a Unix socket: set TMPDIR to a shorter path", os.TempDir())
}

// forbidsPrograms tells whether a folder is on a file system that is mounted noexec.
func forbidsPrograms(folder string) bool {
	var stat unix.Statfs_t
	return unix.Statfs(folder, &stat) == nil && stat.Flags&unix.ST_NOEXEC != 0
}

// SetLimit says how long an operation may wait for a child from now on, instead of
// [spec.DefaultWatchdog]; then it signals an error of type timeout.
func (c *Control) SetLimit(limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = limit
}

// Do executes one operation for a system; wire's client calls it. An operation it doesn't
// know is absent. When ctx is cancelled the answer is aborted.
//
//	(child-prepare) => child, the shell command that starts it, the program that it is, nil where no program runs in a folder for temporary files
//	(child-plan child command arguments...) => t
//	(child-tell child command arguments...) => see [spec.ChildCommands]
//	(child-await child event) => see [spec.ChildEvents]
//	(pid-state pid) => a [spec.ChildState]; its process group; its parent
//	(file-prepare [text]) => file, its path
//	(file-text file) => what it holds, or nil
//	(standard-file stream [text]) => file
//	(make-board) => board
//	(board-post board entry) => nil
//	(board-read board) => its entries
//	(board-await board count timeout) => whether so many entries are there before the timeout
//
// The errors it signals are of type timeout; of type child-error where a child can't do, or
// can't be, what was asked; of type type-error for arguments that make no sense; and
// [spec.OutOfResources] where too few processes are allowed, and where the harness didn't choose a standard stream.
func (c *Control) Do(ctx context.Context, system string, call spec.Call) spec.Return {
	switch call.Op {
	case "child-prepare":
		return c.prepare(system)
	case "child-plan":
		return c.withHelper(ctx, system, call, c.plan)
	case "child-tell":
		return c.withHelper(ctx, system, call, c.tell)
	case "child-await":
		return c.withHelper(ctx, system, call, c.await)
	case "pid-state":
		return pidState(call.Arg(0))
	case "file-prepare":
		return c.filePrepare(system, call)
	case "file-text":
		return c.fileText(system, call)
	case "standard-file":
		return c.standardFile(system, call)
	case "make-board":
		return c.boards.make(system)
	case "board-post":
		return c.boards.post(system, call)
	case "board-read":
		return c.boards.read(system, call)
	case "board-await":
		return c.boards.await(ctx, system, call)
	}
	return spec.Return{Status: spec.Absent}
}

func (c *Control) prepare(system string) spec.Return {
	if err := roomForChild(); err != nil {
		return spec.Signal(spec.OutOfResources, "%v", err)
	}
	h, err := c.newHelper(system)
	if err != nil {
		return spec.Signal("child-error", "%v", err)
	}
	command := strings.Join([]string{
		"exec", shellQuote(c.self), "child", "--control", shellQuote(c.socket), "--token", h.token,
	}, " ")
	if c.program == "" { // a shell runs the command all the same
		return spec.Values(h.ref(), spec.String(command), spec.Nil{})
	}
	program := filepath.Join(c.dir, h.token)
	if err := os.Symlink(c.program, program); err != nil {
		return spec.Signal("child-error", "preparing the program of %s: %v", h.token, err)
	}
	return spec.Values(h.ref(), spec.String(command), spec.String(program))
}

// shellQuote makes one word of text, for a Bourne shell and a C shell.
func shellQuote(text string) string {
	plain := func(r rune) bool {
		return !strings.ContainsRune("/._-+,:@%", r) && (r < '0' || '9' < r) && (r < 'A' || 'Z' < r) && (r < 'a' || 'z' < r)
	}
	if text != "" && strings.IndexFunc(text, plain) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func (c *Control) newHelper(system string) (*helper, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errors.New("preparing a helper child: the adapter is closed")
	}
	c.count++
	h := newHelper("child-"+strconv.Itoa(c.count), system)
	c.helper[h.token] = h
	return h, nil
}

// helperOf finds the child of a system that v refers to.
func (c *Control) helperOf(system string, v spec.Value) (*helper, bool) {
	ref, _ := v.(spec.Ref)
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.helper[ref.ID]
	return h, h != nil && h.system == system
}

// withHelper finds the child that is the first argument, and sets the limit.
func (c *Control) withHelper(ctx context.Context, system string, call spec.Call,
	do func(context.Context, *helper, spec.Call) (spec.Return, error),
) spec.Return {
	h, ok := c.helperOf(system, call.Arg(0))
	if !ok {
		return spec.Signal("type-error", "%v is not a helper child of this system: want what child-prepare returned", call.Arg(0))
	}
	c.mu.Lock()
	limit := c.limit
	c.mu.Unlock()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ret, err := do(limited, h, call)
	var noRoom *noRoomError
	switch {
	case err == nil:
		return ret
	case errors.As(err, &noRoom):
		return spec.Signal(spec.OutOfResources, "%v: %v", call, err)
	case ctx.Err() != nil:
		return spec.Return{Status: spec.Aborted}
	case limited.Err() != nil:
		return spec.Signal("timeout", "%v: gave up after %v: %v", call, limit, h.describe(c.socket))
	}
	return spec.Signal("child-error", "%v: %v", call, err)
}

// EndSystem kills the children of a system that still run, forgets them all, removes its files, has those who wait at its
// boards give up, and returns how many children it had to kill. They are left for their parent to reap. A child that connects
// later is turned away, and exits.
func (c *Control) EndSystem(system string) int {
	c.mu.Lock()
	var mine []*helper
	for token, h := range c.helper {
		if h.system == system {
			mine = append(mine, h)
			delete(c.helper, token)
		}
	}
	c.mu.Unlock()
	killed := 0
	for _, h := range mine {
		if h.end() {
			killed++
		}
		_ = os.Remove(filepath.Join(c.dir, h.token)) // a grandchild has no program
	}
	c.files.end(system)
	c.boards.end(system)
	return killed
}

// Close ends the children of all systems and removes the socket, the programs and the files.
func (c *Control) Close() error {
	c.mu.Lock()
	c.closed = true
	systems := map[string]bool{}
	for _, h := range c.helper {
		systems[h.system] = true
	}
	for conn := range c.silent {
		_ = conn.Close()
	}
	c.mu.Unlock()
	for system := range systems {
		c.EndSystem(system)
	}
	err := c.listener.Close()
	c.serving.Wait()
	return errors.Join(err, os.RemoveAll(c.dir))
}

// accept lets children in until the socket is closed.
func (c *Control) accept() {
	for {
		conn, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Out of descriptors, most likely: give others a moment to close theirs.
			time.Sleep(10 * time.Millisecond)
			continue
		}
		c.serving.Go(func() { c.serve(conn.(*net.UnixConn)) })
	}
}

// greets notes whether a connection is one that has yet to say hello. There is no limit on that, since a machine may
// stop for a while between a child's call and its word; those that never say it are closed with Control. It tells
// whether Control is open still.
func (c *Control) greets(conn net.Conn, yet bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if yet {
		c.silent[conn] = true
	} else {
		delete(c.silent, conn)
	}
	return !c.closed
}

// serve greets one child and then listens to it until it ends.
func (c *Control) serve(conn *net.UnixConn) {
	defer conn.Close()
	if !c.greets(conn, true) {
		return
	}
	in := newChildReader(conn)
	hello, err := in.hello()
	c.greets(conn, false)
	if err != nil {
		return // no child of ours: it says why on its own stderr, if anything
	}
	c.mu.Lock()
	h := c.helper[hello.Token]
	c.mu.Unlock()
	if h == nil || !h.connect(conn, hello) {
		return
	}
	h.welcome()
	h.listen(in)
}
