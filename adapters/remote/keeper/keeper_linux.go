package keeper

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// Exit statuses of a keeper where the adapter has none to hand on, as shells have them.
const (
	exitCannotRun = 126
	exitNotFound  = 127
)

// Main is the command mpcheck keeper [--control SOCKET] -- COMMAND ARGS..., which runs an
// adapter and sees to it that nothing of it outlives the harness.
//
// The harness hands it the read end of a pipe, the lifeline, as the descriptor named in
// MPCHECK_LIFELINE; nothing is ever written to it, and the kernel closes it when the
// harness ends in whatever way. The keeper then kills and reaps all that descends from it.
// It does the same when the adapter exits or the keeper itself is told to end by SIGHUP,
// SIGINT, SIGQUIT or SIGTERM. Children must be free to lead process groups and sessions of
// their own, so a group can't be what is killed; being a child subreaper, the keeper stays
// their ancestor whatever they do. With --control it also removes the socket of the helper
// children and its directory, with their programs and the files of cases, which a harness that was killed could not.
//
// The adapter inherits descriptors 0 to 4 and no other, the environment without
// MPCHECK_LIFELINE, every signal at its default action and none blocked. It leads a
// process group of its own: its children share that group unless told otherwise, so that
// it has children in its own group, and a signal that it sends to its group (kill with pid
// 0) must not hit the keeper.
//
// The status is the adapter's: its exit status, or 128 plus the number of the signal that
// ended it. 127 means that the command wasn't found, 126 that it couldn't be started, 125
// that keeping failed, 2 that the keeper was called wrongly; stderr then says why.
func Main(args []string) int {
	// The signal mask and the parent-death signal of the adapter belong to this thread.
	runtime.LockOSThread()
	flags := flag.NewFlagSet("mpcheck keeper", flag.ContinueOnError)
	socket := flags.String("control", "", "`socket` to be removed at the end, with its directory")
	if err := flags.Parse(args); err != nil {
		return proc.ExitUsage
	}
	if flags.NArg() == 0 {
		return proc.LastWords(proc.ExitUsage, "keeper", errors.New("no command: want mpcheck keeper -- COMMAND and its arguments"))
	}
	lifeline, err := openLifeline()
	if err != nil {
		return proc.LastWords(proc.ExitUsage, "keeper", err)
	}
	if *socket != "" {
		defer removeSocket(*socket)
	}
	k, err := newKeeper(lifeline)
	if err != nil {
		return proc.LastWords(ExitFailed, "keeper", err)
	}
	return k.run(flags.Args())
}

// removeSocket removes the socket and the directory that the harness made for it, with the programs and files that are
// there too. Most often the harness was quicker.
func removeSocket(path string) {
	if dir := filepath.Dir(path); strings.HasPrefix(filepath.Base(dir), "mpcheck-") {
		_ = os.RemoveAll(dir)
	}
	_ = os.Remove(path)
}

// keeper is the state of a running keeper. It is used by one goroutine.
type keeper struct {
	// cut is closed when the lifeline is.
	cut chan struct{}
	// ended tells that some child ended, perhaps several.
	ended chan os.Signal
	// told tells that somebody wants the keeper to end.
	told chan os.Signal
	// adapter is its process id.
	adapter int
}

// openLifeline finds the pipe that ties the keeper to the harness.
func openLifeline() (*os.File, error) {
	text := os.Getenv(EnvLifeline)
	fd, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%s=%q names no descriptor: mpcheck run and its like start the keeper, nobody else need", EnvLifeline, text)
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFIFO {
		return nil, fmt.Errorf("descriptor %d of %s is not a pipe: the harness must hand down the read end of one", fd, EnvLifeline)
	}
	return os.NewFile(uintptr(fd), "lifeline"), nil
}

// newKeeper sets the process up, before there is anything to be kept.
func newKeeper(lifeline *os.File) (*keeper, error) {
	// A Ctrl-C on the terminal is for the harness, which then ends the keeper in order.
	// Whoever started the keeper may have made the group already.
	if err := unix.Setpgid(0, 0); err != nil && unix.Getpgrp() != os.Getpid() {
		return nil, fmt.Errorf("making a process group for the keeper: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("becoming a child subreaper: %w", err)
	}
	if _, err := proc.Descendants(os.Getpid()); err != nil {
		return nil, fmt.Errorf("%w: is /proc mounted?", err)
	}
	if err := closeOnExec(FDOut + 1); err != nil {
		return nil, err
	}
	// SIGPIPE is caught so that a message to a harness that died can't end the keeper early.
	k := &keeper{
		cut:   make(chan struct{}),
		ended: make(chan os.Signal, 1),
		told:  make(chan os.Signal, 1),
	}
	signal.Notify(make(chan os.Signal, 1), unix.SIGPIPE)
	signal.Notify(k.ended, unix.SIGCHLD)
	signal.Notify(k.told, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM)
	if err := resetIgnored(); err != nil {
		return nil, err
	}
	if err := proc.Unblock(); err != nil {
		return nil, err
	}
	go func() {
		_, _ = io.Copy(io.Discard, lifeline)
		close(k.cut)
	}()
	return k, nil
}

// closeOnExec marks every open descriptor from first on, so that the adapter starts with
// those it is meant to have, whatever the harness inherited.
func closeOnExec(first int) error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("listing the keeper's descriptors: %w", err)
	}
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd >= first {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}

// run starts the adapter, waits for an end of either side and clears up.
func (k *keeper) run(command []string) int {
	if status, err := k.start(command); err != nil {
		return proc.LastWords(status, "keeper", err)
	}
	status := k.watch()
	if err := endTree(); err != nil {
		return proc.LastWords(ExitFailed, "keeper", fmt.Errorf("clearing up after the adapter: %w", err))
	}
	return status
}

func (k *keeper) start(command []string) (status int, err error) {
	path, err := exec.LookPath(command[0])
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		return exitNotFound, fmt.Errorf("starting the adapter: %w", err)
	case err != nil:
		return exitCannotRun, fmt.Errorf("starting the adapter: %w", err)
	}
	k.adapter, err = syscall.ForkExec(path, command, &syscall.ProcAttr{
		Env:   adapterEnv(os.Environ()),
		Files: []uintptr{0, 1, 2, FDIn, FDOut},
		Sys: &syscall.SysProcAttr{
			Setpgid: true,
			// Should somebody kill the keeper itself, at least the adapter goes too.
			Pdeathsig: syscall.SIGKILL,
		},
	})
	if err != nil {
		return exitCannotRun, fmt.Errorf("starting the adapter %s: %w", path, err)
	}
	// From here on the adapter alone holds the ends of the wire.
	_ = unix.Close(FDIn)
	_ = unix.Close(FDOut)
	return 0, nil
}

// adapterEnv is the environment without what concerns only the keeper.
func adapterEnv(env []string) []string {
	kept := make([]string, 0, len(env))
	for _, entry := range env {
		if !strings.HasPrefix(entry, EnvLifeline+"=") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// watch returns when the adapter has ended, with its status, or when it is to be ended.
// Meanwhile it collects the orphans of its tree.
func (k *keeper) watch() int {
	for {
		select {
		case <-k.cut:
			return 128 + int(unix.SIGKILL)
		case sig := <-k.told:
			return 128 + int(sig.(syscall.Signal))
		case <-k.ended:
		}
		for {
			var end unix.WaitStatus
			pid, err := unix.Wait4(-1, &end, unix.WNOHANG, nil)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if err != nil || pid == 0 {
				break
			}
			if pid != k.adapter {
				continue
			}
			if end.Signaled() {
				return 128 + int(end.Signal())
			}
			return end.ExitStatus()
		}
	}
}

// resetIgnored gives every ignored signal its default action. Signals that the Go runtime
// handles need no help: a fork of the runtime resets them before it runs the program.
func resetIgnored() error {
	for sig := 1; sig <= proc.LastSignal; sig++ {
		action, err := proc.ReadAction(sig)
		if err != nil {
			return err
		}
		if action.Handler == proc.SigIgnore {
			if err := proc.WriteAction(sig, proc.Sigaction{Handler: proc.SigDefault}); err != nil {
				return err
			}
		}
	}
	return nil
}
