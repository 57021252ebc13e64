//go:build !linux

package keeper

import "github.com/mpcheck/mpcheck/adapters/remote/internal/proc"

// Keeping a tree of processes on a lead needs a child subreaper, which is Linux's.

// Main is the command mpcheck keeper; only Linux has what it needs.
func Main([]string) int { return proc.LastWords(proc.ExitUsage, "keeper", proc.LinuxOnly()) }

// AdoptOrphans does nothing: only Linux has what it needs.
func AdoptOrphans() error { return nil }

// EndOrphans does nothing.
func EndOrphans() (int, error) { return 0, nil }
