//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endings are the signals that ask the program to end.
var endings = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// quits tells whether a signal asks for an end without a report.
func quits(sig os.Signal) bool { return sig == syscall.SIGQUIT }

// isBrokenPipe tells whether writing failed because nobody reads any more.
func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// dieOf ends the program as if it had never caught the signal.
func dieOf(sig os.Signal) {
	signal.Reset(sig)
	if number, ok := sig.(syscall.Signal); ok && syscall.Kill(os.Getpid(), number) == nil {
		time.Sleep(time.Second) // it arrives meanwhile
	}
	os.Exit(exitInterrupted)
}

// keepPipeErrors has a write to standard output of which nobody reads fail, instead of ending
// the program on the spot.
func keepPipeErrors() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// noFollow has opening a file fail where there is a link.
const noFollow = unix.O_NOFOLLOW

var errLocked = errors.New("another run is writing there")

// lock takes a file or folder for this process, until it is closed. Where the file system has
// no locks nothing is locked. One that is taken is waited for a while: what a run that was killed was about to start has
// its descriptors, and so its locks, until it is another program.
func lock(f *os.File) error {
	const often, wait = 50, 20 * time.Millisecond
	return lockWithin(f, often, func() { time.Sleep(wait) })
}

// lockWithin tries so many times.
func lockWithin(f *os.File, tries int, wait func()) error {
	for ; ; tries-- {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil
		case tries == 1:
			return errLocked
		}
		wait()
	}
}

// inherited is a descriptor that whoever started the program left open for writing. This
// process's own ones are none: they are closed where another program is started.
func inherited(n int, name string) (*os.File, error) {
	flags, err := unix.FcntlInt(uintptr(n), unix.F_GETFD, 0)
	if err != nil || n > 2 && flags&unix.FD_CLOEXEC != 0 {
		return nil, fmt.Errorf("descriptor %d is not open", n)
	}
	if mode, err := unix.FcntlInt(uintptr(n), unix.F_GETFL, 0); err != nil || mode&unix.O_ACCMODE == unix.O_RDONLY {
		return nil, fmt.Errorf("descriptor %d is not open for writing", n)
	}
	unix.CloseOnExec(n) // no adapter is to hold it open
	return os.NewFile(uintptr(n), name), nil
}
