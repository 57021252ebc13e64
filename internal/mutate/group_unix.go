//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup has a child lead a process group.
func ownGroup(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
