//go:build !unix

package main

import (
	"errors"
	"os"
)

var endings = []os.Signal{os.Interrupt}

func quits(os.Signal) bool { return false }

func isBrokenPipe(error) bool { return false }

func dieOf(os.Signal) { os.Exit(exitInterrupted) }

func keepPipeErrors() {}

const noFollow = 0

var errLocked = errors.New("another run is writing there")

// lock does nothing: two runs that write the same file are not found out here.
func lock(*os.File) error { return nil }

func inherited(int, string) (*os.File, error) {
	return nil, errors.New("descriptors can't be named here")
}
