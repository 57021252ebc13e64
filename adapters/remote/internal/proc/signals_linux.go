package proc

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Signals are numbered 1 to LastSignal. The C libraries keep 32 to 34 for themselves.
const LastSignal = 64

// Sigaction is the kernel's struct sigaction (not the C library's). Only the handler has a
// meaning here; the rest is kept as it was read. MIPS has another layout.
type Sigaction struct {
	Handler uintptr
	rest    [7]uintptr
}

// Special values of a handler.
const (
	SigDefault = 0
	SigIgnore  = 1
)

// Dispositions are read and written past the Go runtime, which has no call that restores
// a default: signal.Reset goes back to a handler of the runtime's own.

// ReadAction is what this process does at a signal.
func ReadAction(sig int) (Sigaction, error) {
	var old Sigaction
	return old, rtSigaction(sig, nil, &old)
}

// WriteAction says what this process does at a signal from now on.
func WriteAction(sig int, action Sigaction) error { return rtSigaction(sig, &action, nil) }

func rtSigaction(sig int, action, old *Sigaction) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if errno != 0 {
		return fmt.Errorf("sigaction for signal %d: %w", sig, errno)
	}
	return nil
}

// Unblock lets the signals through that the calling thread has blocked; with none named,
// all. The caller holds the thread (runtime.LockOSThread); a process forked by it inherits
// the mask.
func Unblock(signals ...int) error {
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
