//go:build unix

package main

import (
	"os"
	"syscall"
)

func inherited(fd int, name string) (*os.File, error) {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return nil, usage("%s names descriptor %d, which is not open: a harness starts this command", name, fd)
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), name), nil
}
