package remote

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Signals are numbered 1 to lastSignal. The C libraries keep 32 to 34 for themselves.
const lastSignal = 64

// sigaction is the kernel's struct sigaction (not the C library's). Only the handler has a
// meaning here; the rest is kept as it was read. MIPS has another layout.
type sigaction struct {
	handler uintptr
	rest    [7]uintptr
}

// Special values of a handler.
const (
	sigDefault = 0
	sigIgnore  = 1
)

// Dispositions are read and written past the Go runtime, which has no call that restores
// a default: signal.Reset goes back to a handler of the runtime's own.

func readAction(sig int) (sigaction, error) {
	var old sigaction
	return old, rtSigaction(sig, nil, &old)
}

func writeAction(sig int, action sigaction) error { return rtSigaction(sig, &action, nil) }

func rtSigaction(sig int, action, old *sigaction) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if errno != 0 {
		return fmt.Errorf("sigaction for signal %d: %w", sig, errno)
	}
	return nil
}

// resetIgnored gives every ignored signal its default action. Signals that the Go runtime
// handles need no help: a fork of the runtime resets them before it runs the program.
func resetIgnored() error {
	for sig := 1; sig <= lastSignal; sig++ {
		action, err := readAction(sig)
		if err != nil {
			return err
		}
		if action.handler == sigIgnore {
			if err := writeAction(sig, sigaction{handler: sigDefault}); err != nil {
				return err
			}
		}
	}
	return nil
}

// unblock lets the signals through that the calling thread has blocked; with none named,
// all. The caller holds the thread (runtime.LockOSThread); a process forked by it inherits
// the mask.
func unblock(signals ...int) error {
	how, set := unix.SIG_SETMASK, unix.Sigset_t{}
	if len(signals) > 0 {
		how = unix.SIG_UNBLOCK
		for _, sig := range signals {
			word := 8 * int(unsafe.Sizeof(set.Val[0]))
			set.Val[(sig-1)/word] |= 1 << ((sig - 1) % word)
		}
	}
	if err := unix.PthreadSigmask(how, &set, nil); err != nil {
		return fmt.Errorf("unblocking signals: %w", err)
	}
	return nil
}

// signalText names a signal: "signal 11 (segmentation fault)".
func signalText(sig syscall.Signal) string {
	return fmt.Sprintf("signal %d (%v)", int(sig), sig)
}
