//go:build unix

package wire

import "syscall"

// closeOnExec keeps a descriptor from children: the harness would wait for them. It says
// what is wrong with the descriptor, "" where nothing is.
func closeOnExec(fd int) string {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return "which is not open"
	}
	syscall.CloseOnExec(fd)
	return ""
}
