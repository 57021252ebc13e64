package proc

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// PeerPID is the process that has connected to a Unix socket, as the kernel has it.
func PeerPID(conn *net.UnixConn) (int, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("asking who connected: %w", err)
	}
	var peer *unix.Ucred
	var failed error
	err = raw.Control(func(fd uintptr) {
		peer, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err := errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("asking who connected: %w", err)
	}
	return int(peer.Pid), nil
}
