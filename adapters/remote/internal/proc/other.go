//go:build !linux

package proc

import (
	"fmt"
	"net"
	"runtime"
)

// LinuxOnly is the error of what needs /proc or a child subreaper.
func LinuxOnly() error {
	return fmt.Errorf("this is Linux only, and runs on %s: run mpcheck on Linux, in a container for example", runtime.GOOS)
}

// Descends doesn't know, and is true: nothing is refused for that.
func Descends(int, int) (bool, error) { return true, nil }

// PeerPID knows of none.
func PeerPID(*net.UnixConn) (int, error) { return 0, nil }
