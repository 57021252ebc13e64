// Package proc is what the harness, the keeper and the helper child know alike of processes: states and
// descent by /proc, dispositions of signals, and how this binary starts itself again in another part.
package proc

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// ExitUsage is the status of a keeper or helper child that was called wrongly.
const ExitUsage = 2

// hasParts is set once Play has looked at the arguments: from then on this binary can be
// started again as a keeper or child. Before, its re-exec would do whatever the binary
// does, which for a test binary means running all tests again.
var hasParts atomic.Bool

// Play has this program play the part that its first argument names: with the arguments after the word,
// and it exits with the part's status. Where that is no word of parts, it returns.
func Play(parts map[string]func(args []string) int) {
	hasParts.Store(true)
	if len(os.Args) < 2 {
		return
	}
	if run, ok := parts[os.Args[1]]; ok {
		os.Exit(run(os.Args[2:]))
	}
}

// Self returns the path of the running binary, by which it starts itself again. It is an
// error before [Play] was called: the new process would not know its part.
func Self() (string, error) {
	if !hasParts.Load() {
		return "", errors.New("this program cannot start itself as a keeper or helper child: " +
			"call remote.Main first thing in main or TestMain")
	}
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the running binary, to start it again: %w", err)
	}
	return path, nil
}

// LastWords reports on stderr why an internal command failed, and returns status.
func LastWords(status int, command string, err error) int {
	fmt.Fprintf(os.Stderr, "mpcheck %s: %v\n", command, err)
	return status
}
